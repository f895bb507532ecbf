"""An agreement that ends while people plan: nothing is left open, the ledger balances, and both are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.funding_agreement import FundingAgreement
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.values import Act, Role
from projections.places_and_money import PLACES_AND_MONEY
from tests.databases import Database
from tests.faults.clerking import World, read_models_of, session_in, world
from tests.funding_months import commit
from tests.integration.races.conftest import crossroads_of
from tests.match import Match, done, give_consent, propose
from tests.meeting import MeetingScheme, SetClock
from tests.scheme import Scheme, Somebody

PATIENCE_SECONDS = 30.0
STOP = """UPDATE read.position SET stopped_at = now(), stopped_position = position + 1,
                 stopped_reason = 'unreadable' WHERE name = 'places_and_money'"""
TOLD = "SELECT person FROM record.outbox WHERE kind = 'relationship_ended' AND about = %s"


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


@dataclass(frozen=True)
class Funded:
    """A pair with two sessions ahead, a request that nobody answered, and a place that nobody took."""

    of: World
    pair: Match
    request: UUID
    places: tuple[UUID, ...]

    @property
    def agreement(self) -> FundingAgreement:
        mentoring = self.of.parts.mentoring
        place = mentoring.load(Place, self.pair.place)
        return mentoring.load(FundingAgreement, place.agreement)

    def end(self) -> Any:
        return self.pair.coordinator.post(f"/agreements/{self.agreement.id}/ending")

    def plan(self) -> Any:
        body = session_in(self.of.now.now(), 12)
        path = f"/relationships/{self.pair.relationship}/sessions"
        return self.of.now.as_before(self.pair.mentee).post(path, body)

    def cancel(self) -> Any:
        """Give one session back, in time."""
        relationship = self.of.parts.mentoring.load(Relationship, self.pair.relationship)
        path = f"/relationships/{relationship.id}/sessions/{next(iter(relationship.sessions))}"
        caller = self.of.now.as_before(self.pair.mentor)
        return done(caller.post(f"{path}/cancellation", {"reason": "cannot_attend"}))

    def require_nothing_left(self) -> None:
        """Everything is closed for this reason, nothing is reserved, and what was not used went back."""
        mentoring = self.of.parts.mentoring
        for id in (self.pair.relationship, self.request):
            closed = mentoring.load(Relationship, id)
            assert closed.closed_for is ClosingReason.AGREEMENT_ENDED
            assert all(each.outcome is not None for each in closed.sessions.values())
            assert not any(
                each.outcome and each.outcome.uses_the_place for each in closed.sessions.values()
            )
        for id in self.places:
            place = mentoring.load(Place, id)
            assert (place.relationship, place.reserved, place.free) == (None, set(), 0)
        assert self.agreement.free == self.agreement.terms.sessions


def funded(of: World) -> Funded:
    pair = of.meeting()
    agreement = of.parts.mentoring.load(Place, pair.place).agreement
    waiting, idle = (grant(pair.coordinator, agreement) for _ in range(2))
    return Funded(of, pair, asked_for(of.now, waiting), (pair.place, waiting, idle))


def grant(coordinator: Somebody, agreement: UUID) -> UUID:
    return UUID(done(coordinator.post("/places", {"agreement": str(agreement)}))["id"])


def asked_for(scheme: Scheme, place: UUID) -> UUID:
    mentee = scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    return UUID(done(mentee.post("/relationships", {"place": str(place)}))["id"])


def test_an_agreement_that_ends_while_sessions_are_planned_leaves_nothing_open(
    of: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = funded(of)
    at_the_api = crossroads_of(MeetingScheme(of.now, SetClock()), monkeypatch)
    with read_models_of(of), of.clerk() as (clerk, session):
        ended, _planned_or_not = at_the_api.let_meet(made.end, made.plan)
        assert ended.is_success
        clerk.reader.wait_for(PLACES_AND_MONEY.name, of.newest(), PATIENCE_SECONDS)
        insert = clerk.parts.recorder.insert_events
        come_between = iter([made.cancel])

        def insert_after(events: Any, **more: Any) -> Any:
            next(come_between, lambda: None)()
            return insert(events, **more)

        monkeypatch.setattr(clerk.parts.recorder, "insert_events", insert_after)
        clerk.catch_up(session)
        made.require_nothing_left()
        newest = of.newest()
        clerk.catch_up(session)
        assert of.newest() == newest
    told = {person for (person,) in of.rows(TOLD, [made.pair.relationship])}
    assert told == {made.pair.mentee.id, made.pair.mentor.id}


def test_two_clerks_end_what_rests_on_an_agreement_once(of: World) -> None:
    made = funded(of)
    with read_models_of(of), of.clerk() as (one, its), of.clerk() as (other, others):
        done(made.end())
        for clerk, session in ((one, its), (other, others)):
            clerk.catch_up(session)
    made.require_nothing_left()
    assert of.times("relationship.closed") == {made.pair.relationship: 1, made.request: 1}


def test_a_session_that_comes_back_after_the_end_goes_back_to_the_agreement_by_itself(
    of: World,
) -> None:
    made = funded(of)
    mentoring, idle, session = of.parts.mentoring, made.places[2], uuid4()
    by = Act(made.pair.coordinator.id, of.now.now())
    place = mentoring.load(Place, idle)
    place.reserve(session, by)
    commit(mentoring, by, place)
    with read_models_of(of), of.clerk() as (clerk, its):
        done(made.end())
        clerk.catch_up(its)
        place = mentoring.load(Place, idle)
        assert (place.reserved, place.free) == ({session}, 0)
        place.release(session, by)
        commit(mentoring, by, place)
        for _ in range(2):
            clerk.catch_up(its)
    made.require_nothing_left()


def test_a_read_model_that_stands_still_keeps_nothing_open(of: World) -> None:
    with read_models_of(of), of.clerk() as (clerk, session):
        made = funded(of)
        clerk.reader.wait_for(PLACES_AND_MONEY.name, of.newest(), PATIENCE_SECONDS)
        of.rows(STOP)
        done(made.end())
        clerk.catch_up(session)
    made.require_nothing_left()


def test_an_agreement_whose_last_day_is_over_is_ended_and_a_renewed_one_goes_on(of: World) -> None:
    over, renewed = propose(of.then), propose(of.then)
    last_day = of.then.now().date() + timedelta(days=7)
    for made in (over, renewed):
        amend(of, made, ends_on=str(last_day))
    with read_models_of(of), of.clerk() as (clerk, session):
        amend(of, renewed, ends_on=str(last_day + timedelta(days=60)))
        clerk.reader.wait_for(PLACES_AND_MONEY.name, of.newest(), PATIENCE_SECONDS)
        clerk.see_to_duties()
        clerk.catch_up(session)
    closed = partial(of.parts.mentoring.load, Relationship)
    assert closed(over.relationship).closed_for is ClosingReason.AGREEMENT_ENDED
    assert closed(renewed.relationship).closed_for is None
    assert of.times("funding_agreement.ended") == {agreement_of(of, over): 1}


def agreement_of(of: World, made: Match) -> UUID:
    return of.parts.mentoring.load(Place, made.place).agreement


def amend(of: World, made: Match, **changes: Any) -> None:
    path = f"/agreements/{agreement_of(of, made)}"
    terms = done(made.coordinator.get(path))["terms"]
    done(made.coordinator.put(f"{path}/terms", terms | changes))
