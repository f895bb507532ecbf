"""What falls due and what follows, by the clerk with its real role, on a real database: rules 8 and 19."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.clerk import Clerk
from domain.enquiry import Enquiry
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.relationship_events import RelationshipEvents as Happened
from domain.session import Outcome
from domain.values import Role
from tests.databases import Database
from tests.faults.clerking import World, read_models_of, world
from tests.groups import Groups
from tests.match import Match, done, match
from tests.scheme import Somebody

PATIENCE_SECONDS = 30.0
KINDS = "SELECT kind, count(*) FROM record.outbox WHERE about = %s GROUP BY kind"


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


def later(clerk: Clerk, by: timedelta) -> Clerk:
    """The same clerk so much later."""
    clock = clerk.parts.clock
    return replace(clerk, parts=replace(clerk.parts, clock=lambda: clock() + by))


def see_to(of: World, clerk: Clerk, days: float) -> None:
    """Let the clerk do what is due that many days from now, as often as it looks."""
    clerk.reader.wait_for("deadlines", of.newest(), PATIENCE_SECONDS)
    for _ in range(2):
        later(clerk, timedelta(days=days)).see_to_duties()


def told(of: World, match: Match) -> dict[str, int]:
    return dict(of.rows(KINDS, [match.relationship]))


def relationship(of: World, match: Match) -> Relationship:
    return of.parts.mentoring.load(Relationship, match.relationship)


def place(of: World, match: Match) -> Place:
    return of.parts.mentoring.load(Place, match.place)


def leave(match: Match) -> Any:
    return match.mentor.post("/me/mentor-profile/leaving")


def test_rule_8_a_proposal_is_nudged_once_and_then_expires(of: World) -> None:
    match = of.proposed()
    with read_models_of(of), of.clerk() as (clerk, _):
        see_to(of, clerk, 2)
        assert of.times(Happened.ProposalNudged.TOPIC) == {}
        see_to(of, clerk, 6)
        assert of.times(Happened.ProposalNudged.TOPIC) == {match.relationship: 1}
        assert told(of, match)["proposal_reminder"] == 2
        see_to(of, clerk, 20)
    assert of.times(Happened.ProposalExpired.TOPIC) == {match.relationship: 1}
    assert of.times(Happened.ProposalNudged.TOPIC) == {match.relationship: 1}


def test_rule_8_a_proposal_whose_time_is_over_expires_though_nobody_was_reminded(
    of: World,
) -> None:
    match = of.overdue()
    with read_models_of(of), of.clerk() as (clerk, _):
        see_to(of, clerk, 0)
    assert of.times(Happened.ProposalExpired.TOPIC) == {match.relationship: 1}
    assert of.times(Happened.ProposalNudged.TOPIC) == {}


def test_rule_8_silence_is_nudged_twice_and_then_an_ending_is_offered_once(of: World) -> None:
    match = of.meeting()
    last = max(each.span.ends_at for each in relationship(of, match).sessions.values())
    ahead = (last - of.now.now()) / timedelta(days=1)
    with read_models_of(of), of.clerk() as (clerk, _):
        for days, nudges in ((13.9, 0), (14.1, 1), (28.1, 2)):
            see_to(of, clerk, ahead + days)
            assert of.times(Happened.SilenceNudged.TOPIC).get(match.relationship, 0) == nudges
        see_to(of, clerk, ahead + 42.1)
        see_to(of, clerk, ahead + 400)
    assert of.times(Happened.EndingOffered.TOPIC) == {match.relationship: 1}
    assert of.times(Happened.SilenceNudged.TOPIC) == {match.relationship: 2}
    assert {"silence_reminder": 4, "ending_offered": 2}.items() <= told(of, match).items()
    assert relationship(of, match).closed_for is None


def asked(of: World) -> UUID:
    body = {"kind": "practitioner", "name": "Zoe", "email": "zoe@example.org", "words": "How?"}
    return UUID(done(of.now.client().post("/enquiries", json=body))["reference"])


def test_rule_20_enquiries_are_forgotten_by_themselves_once_they_were_kept_long_enough(
    of: World,
) -> None:
    answered, unanswered = asked(of), asked(of)
    coordinator = of.now.person(Role.COORDINATOR)
    done(coordinator.post(f"/enquiries/{answered}/reply", {"words": "So."}))
    forgotten = Enquiry.Forgotten.TOPIC
    with read_models_of(of), of.clerk() as (clerk, _):
        clerk.reader.wait_for("enquiries", of.newest(), PATIENCE_SECONDS)
        for days, gone in ((179.9, set()), (180.1, {answered}), (364.9, {answered})):
            see_to(of, clerk, days)
            assert set(of.times(forgotten)) == gone
        see_to(of, clerk, 365.1)
        assert of.times(forgotten) == {answered: 1, unanswered: 1}
    keys = "SELECT state FROM keys.data_key WHERE purpose = 'enquiry'"
    assert of.rows(keys) == [("destroyed",), ("destroyed",)]


def test_rule_20_words_of_a_suggestion_go_after_its_answer_and_the_answer_stays(
    of: World,
) -> None:
    mentee, coordinator = of.now.person(Role.MENTEE), of.now.person(Role.COORDINATOR)
    made = [done(mentee.post("/me/suggestions", {"words": "Zaun."}))["id"] for _ in range(2)]
    told = {"outcome": "not_now", "gist": "Something.", "answer": "Later."}
    with read_models_of(of), of.clerk() as (clerk, _):
        done(coordinator.post(f"/suggestion-desk/{made[0]}/answer", told))
        clerk.reader.wait_for("voices", of.newest(), PATIENCE_SECONDS)
        for days, gone in (
            (1094.9, {}),
            (1095.1, {UUID(made[0]): 1}),
            (1096.1, {UUID(made[0]): 1}),
        ):
            see_to(of, clerk, days)
            assert of.times("suggestion.forgotten") == gone
            clerk.reader.wait_for("voices", of.newest(), PATIENCE_SECONDS)
    words = [done(mentee.get(f"/me/suggestions/{each}/words"))["state"] for each in made]
    assert words == ["erased", "open"]
    (answered,) = of.rows("SELECT record FROM read.voice WHERE stage = 'shown'")
    assert answered == (UUID(made[0]),)


def test_a_conflict_inside_a_group_is_told_to_coordinators_and_ends_nothing(of: World) -> None:
    groups = Groups(of.now)
    group, (first, second) = groups.of(2)
    other = of.now.person(Role.COORDINATOR)
    assert groups.seen(other, group)["conflict_within"] is False
    between = {"with_person": str(second.person.id)}
    done(first.person.post(f"{first.path}/conflicts", between))
    with read_models_of(of), of.clerk() as (clerk, session):
        clerk.reader.wait_for("duties", of.newest(), PATIENCE_SECONDS)
        for _ in range(2):
            clerk.catch_up(session)
    told = "SELECT person FROM record.outbox WHERE kind = 'work_waits'"
    assert {groups.coordinator.id, other.id} <= {person for (person,) in of.rows(told)}
    assert len(of.rows(told)) == len(set(of.rows(told)))
    insiders = {groups.facilitator.id, first.person.id, second.person.id}
    assert insiders.isdisjoint(person for (person,) in of.rows(told))
    assert [each.stands()["stage"] for each in (first, second)] == ["active", "active"]
    assert groups.seen(other, group)["conflict_within"] is True
    for who in (groups.facilitator, second.person):
        assert groups.seen(who, group)["conflict_within"] is None


def over_with_words(of: World, made: Match) -> tuple[UUID, UUID, UUID]:
    """A concern, a request and a disclosure about a mentee, all of them over."""
    person = made.mentee
    coordinator, lead = of.now.person(Role.COORDINATOR), of.now.person(Role.DATA_PROTECTION_LEAD)
    raised = {"category": "other", "desk": "coordinator", "words": "Zaun."}
    concern = done(person.post("/me/concerns", raised))["id"]
    done(coordinator.post(f"/concerns/{concern}/closing", {"words": "So."}))
    request = done(person.post("/me/rights-requests", {"kind": "access", "words": "Zaun."}))["id"]
    done(lead.post(f"/rights-requests/{request}/answer", {"words": "So."}))
    return UUID(concern), UUID(request), declined_disclosure(of, made)


def declined_disclosure(of: World, made: Match) -> UUID:
    leads = [of.now.person(Role.SAFEGUARDING_LEAD) for _ in range(2)]
    body = {"ground": "legal_duty", "facts": "Zaun.", "recipient": "Zaun.", "mentee_is_told": True}
    path = f"/relationships/{made.relationship}/disclosures"
    disclosure = done(leads[0].post(path, body))["id"]
    done(leads[1].post(f"/disclosures/{disclosure}/refusal"))
    return UUID(disclosure)


OVER = ("remark.forgotten", "rights_request.forgotten", "matter.forgotten")
LETTER_KEYS = """SELECT count(*) FILTER (WHERE state = 'live'), count(*) FROM keys.data_key
                 WHERE purpose ~ '^(remark|rights_request):' OR purpose = 'matter'"""


def test_rule_20_what_is_over_is_destroyed_after_its_period_and_a_hold_keeps_it(of: World) -> None:
    free, kept = (match(of.now) for _ in range(2))
    with read_models_of(of), of.clerk() as (clerk, _):
        concern, request, disclosure = over_with_words(of, free)
        held = over_with_words(of, kept)
        erasure = hold_back(of, kept.mentee)
        clerk.reader.wait_for("desks", of.newest(), PATIENCE_SECONDS)
        for days, gone in (
            (1094.9, [set(), set(), set()]),
            (1095.1, [{concern}, {request}, set()]),
            (2189.9, [{concern}, {request}, set()]),
            (2190.1, [{concern}, {request}, {disclosure}]),
        ):
            see_to(of, clerk, days)
            assert [set(of.times(topic)) for topic in OVER] == gone
        assert of.rows(LETTER_KEYS) == [(3, 6)]

        done(of.now.person(Role.DATA_PROTECTION_LEAD).post(f"/erasures/{erasure}/hold-lifting"))
        clerk.reader.wait_for("desks", of.newest(), PATIENCE_SECONDS)
        see_to(of, clerk, 2192)
        assert [set(of.times(topic)) for topic in OVER] == [
            {mine, theirs}
            for mine, theirs in zip((concern, request, disclosure), held, strict=True)
        ]
    assert of.rows(LETTER_KEYS) == [(0, 6)]


def hold_back(of: World, person: Somebody) -> UUID:
    erasure = UUID(done(person.post("/me/erasure"))["id"])
    review_on = str((of.now.now() + timedelta(days=30)).date())
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    body = {"reason": "legal_claim", "review_on": review_on}
    done(lead.post(f"/erasures/{erasure}/hold", body))
    return erasure


def test_rule_19_what_a_mentor_who_leaves_is_in_is_closed_and_costs_nobody_anything(
    of: World,
) -> None:
    met, proposed = of.meeting(), of.proposed()
    for each in (met, proposed):
        done(leave(each))
    with read_models_of(of), of.clerk() as (clerk, session):
        clerk.catch_up(session)
        clerk.catch_up(session)

    ended = relationship(of, met)
    assert ended.closed_for is ClosingReason.MENTOR_UNAVAILABLE
    assert {each.outcome for each in ended.sessions.values()} == {Outcome.CANCELLED}
    assert (place(of, met).free, place(of, met).relationship) == (place(of, met).granted, None)
    assert relationship(of, proposed).proposal is None
    assert relationship(of, proposed).closed_for is None


def test_of_a_mentor_who_leaves_and_a_mentee_who_accepts_at_once_nothing_stays_open(
    of: World,
) -> None:
    match = of.proposed()
    accept = f"/relationships/{match.relationship}/proposals/{match.proposal}/acceptance"
    done(match.mentor.post(accept, {"version": 1}))
    with ThreadPoolExecutor(2) as pool:
        accepted = pool.submit(match.mentee.post, accept, {"version": 1})
        left = pool.submit(leave, match)
    with read_models_of(of), of.clerk() as (clerk, session):
        clerk.catch_up(session)

    assert left.result().status_code == 200
    assert accepted.result().status_code in {200, 409}
    now = relationship(of, match)
    assert now.proposal is None
    assert (now.mentor is None) or now.closed_for is ClosingReason.MENTOR_UNAVAILABLE
    assert place(of, match).relationship is None
