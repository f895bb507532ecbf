"""Whatever happens at the same moment as a withdrawal, nothing of the person stays open once the clerk has looked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.embedded_postgres import EmbeddedPostgres
from api.event_log import EventLog
from api.records.withdrawing import Withdrawing
from api.whereabouts import Whereabouts
from domain.commands.proposals import Answer, accept_proposal, expire_proposal
from domain.commands.relationships import request_relationship
from domain.consent import ConsentLedger
from domain.errors import DomainError
from domain.mentoring import Order
from domain.place import Place
from domain.proposal import EXPIRES_AFTER_WORKING_DAYS
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import ClosingReason
from domain.relationship_events import RelationshipEvents as Happened
from domain.values import Act, Purpose
from projections.participation import PARTICIPATION
from tests.databases import fresh_database
from tests.faults.clerking import World, read_models_of, session_in, world
from tests.integration.api.test_match_and_withdrawal import Interrupted
from tests.match import Match, done, granted_place, match, propose

ROUNDS = 8
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def of(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with (
        fresh_database(postgres, template) as database,
        world(database, tmp_path_factory.mktemp("races")) as made,
        made.now.app.state.reader,
        read_models_of(made),
    ):
        yield made


def at_once(*acts: Callable[[], object]) -> None:
    """All at the same moment; who comes too late is refused, and nothing else goes wrong."""
    barrier = Barrier(len(acts))

    def act(what: Callable[[], object]) -> None:
        barrier.wait()
        with suppress(DomainError):
            what()

    with ThreadPoolExecutor(len(acts)) as threads:
        for each in [threads.submit(act, what) for what in acts]:
            each.result()


def withdrawing(of: World, parts: Parts | None = None) -> Withdrawing:
    events = EventLog(of.parts.recorder, of.parts.mapper)
    return Withdrawing(parts or of.parts, Whereabouts(events, of.now.app.state.reader))


def withdraw(of: World, made: Match, parts: Parts | None = None) -> object:
    order = Order(Act(made.mentee.id, of.now.now()), uuid4())
    return withdrawing(of, parts).withdraw(order, Purpose.TAKE_PART)


def accept(of: World, made: Match) -> object:
    order = Order(Act(made.mentor.id, of.now.now()), uuid4())
    answer = Answer(made.relationship, made.proposal, 1)
    return carry_out(lambda: accept_proposal(of.parts.mentoring, order, answer=answer))


def the_clerk_looks(of: World) -> None:
    with of.clerk() as (clerk, session):
        clerk.reader.wait_for(PARTICIPATION.name, of.newest(), PATIENCE_SECONDS)
        clerk.catch_up(session)


def positions(of: World, topic: str, made: Match) -> list[int]:
    query = "SELECT position FROM record.event WHERE topic = %s AND originator_id = ANY(%s)"
    streams = [made.relationship, ConsentLedger.id_of(made.mentee.id), made.place]
    return [position for (position,) in of.rows(query, [topic, streams])]


def nothing_is_open(of: World, made: Match) -> None:
    subject = of.parts.mentoring.load(Relationship, made.relationship)
    place = of.parts.mentoring.load(Place, made.place)
    assert subject.closed_for is ClosingReason.CONSENT_WITHDRAWN
    assert (subject.proposal, subject.sessions_to_come(of.now.now())) == (None, [])
    assert (place.reserved, place.used) == (set(), set())
    (withdrawn,) = positions(of, ConsentLedger.Withdrawn.TOPIC, made)
    for topic in (Happened.Matched.TOPIC, Happened.SessionScheduled.TOPIC):
        assert all(each < withdrawn for each in positions(of, topic, made))


def answered_once(of: World) -> Match:
    """A proposal to which the mentee has said yes: the mentor's yes would match."""
    made = propose(of.now)
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/acceptance"
    done(made.mentee.post(path, {"version": 1}))
    return made


def test_rule_2_while_the_other_says_yes(of: World) -> None:
    rounds = [answered_once(of) for _ in range(ROUNDS)]
    for made in rounds:
        at_once(lambda made=made: withdraw(of, made), lambda made=made: accept(of, made))
    the_clerk_looks(of)
    for made in rounds:
        nothing_is_open(of, made)


def test_rule_2_while_the_other_plans_a_session(of: World) -> None:
    rounds = [agreed(of) for _ in range(ROUNDS)]
    for made in rounds:
        path = f"/relationships/{made.relationship}/sessions"
        plan = session_in(of.now.now(), 2)
        at_once(
            lambda made=made: withdraw(of, made),
            lambda made=made, path=path, plan=plan: made.mentor.post(path, plan),
        )
    the_clerk_looks(of)
    for made in rounds:
        nothing_is_open(of, made)


def agreed(of: World) -> Match:
    made = match(of.now)
    for party in (made.mentee, made.mentor):
        done(party.post(f"/relationships/{made.relationship}/agreement", {"version": 1}))
    return made


def test_rule_2_while_the_other_writes(of: World) -> None:
    made = agreed(of)
    path = f"/relationships/{made.relationship}/closing"
    words = {"reason": "no_fault", "words": "Zither-lantern"}
    at_once(lambda: withdraw(of, made), lambda: made.mentor.post(path, words))
    the_clerk_looks(of)
    subject = of.parts.mentoring.load(Relationship, made.relationship)
    assert subject.closed_for in {ClosingReason.CONSENT_WITHDRAWN, ClosingReason.NO_FAULT}
    assert len(positions(of, Happened.Closed.TOPIC, made)) == 1


def test_rule_2_what_begins_between_reading_and_committing_ends_with_the_clerk(of: World) -> None:
    made = propose(of.now)
    place = granted_place(made.coordinator)
    begun: list[Relationship] = []

    def ask_again() -> None:
        order = Order(Act(made.mentee.id, of.now.now()), uuid4())
        facts = RequestFacts(made.mentee.id, UUID(place))
        recorded = request_relationship(of.parts.mentoring, order, facts=facts)
        begun.append(of.parts.mentoring.load(Relationship, recorded.subject))

    parts = replace(of.parts, mentoring=Interrupted(of.parts, ask_again))
    withdraw(of, made, parts)

    first = of.parts.mentoring.load(Relationship, made.relationship)
    later = of.parts.mentoring.load(Relationship, begun[0].id)
    assert (first.closed_for, later.closed_for) == (ClosingReason.CONSENT_WITHDRAWN, None)
    the_clerk_looks(of)
    later = of.parts.mentoring.load(Relationship, begun[0].id)
    assert later.closed_for is ClosingReason.CONSENT_WITHDRAWN


def test_rule_8_a_proposal_that_expires_while_it_is_accepted_does_one_of_the_two(
    of: World,
) -> None:
    late = timedelta(days=2 * EXPIRES_AFTER_WORKING_DAYS)
    rounds = [answered_once(of) for _ in range(ROUNDS)]
    for made in rounds:
        answer = Answer(made.relationship, made.proposal, 1)
        order = Order(Act(made.coordinator.id, of.now.now() + late), uuid4())
        at_once(
            lambda made=made: accept(of, made),
            lambda order=order, answer=answer: carry_out(
                lambda: expire_proposal(of.parts.mentoring, order, answer=answer)
            ),
        )
    for made in rounds:
        matched = positions(of, Happened.Matched.TOPIC, made)
        expired = positions(of, Happened.ProposalExpired.TOPIC, made)
        assert len(matched + expired) == 1
