"""Rule 20 by the clerk with its real role: records that nobody uses end, announced a month before, and nobody else's does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from api.clerk import Clerk
from domain.commands import people
from domain.mentoring import Order
from domain.person import Person
from domain.relationship import Relationship
from domain.values import Act, Role
from tests.databases import Database
from tests.faults.clerking import World, read_models_of, world
from tests.match import Match, done, match
from tests.scheme import Somebody

PATIENCE_SECONDS = 30.0
ANNOUNCED, PUT_OFF, ERASED = "person.end_announced", "person.end_put_off", "person.erased"
READ_MODELS = ("keeping", "desks", "duties", "participation", "own_places", "rights_desk")
KEYS = "SELECT count(*) FROM keys.data_key WHERE owner = %s AND state <> 'destroyed'"
TOLD = "SELECT count(*) FROM record.outbox WHERE person = %s AND kind = %s"
A_MONTH_AGO = """UPDATE record.event SET recorded_at = recorded_at - interval '30 days'
                  WHERE topic = 'person.end_announced'"""


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


def see_to(of: World, clerk: Clerk, days: float) -> None:
    """Let the clerk do what is due that many days from now, as often as it looks."""
    clock = clerk.parts.clock
    later = replace(clerk.parts, clock=lambda: clock() + timedelta(days=days))
    for _ in range(2):
        for model in READ_MODELS:
            clerk.reader.wait_for(model, of.newest(), PATIENCE_SECONDS)
        replace(clerk, parts=later).see_to_duties()


def ended(of: World) -> Match:
    """A pair that is over, both of whom said something."""
    made = match(of.now)
    done(made.mentee.post(f"/relationships/{made.relationship}/closing", {"reason": "no_fault"}))
    return made


def of_topic(of: World, topic: str) -> set[UUID]:
    return set(of.times(topic))


def test_a_record_that_nobody_uses_is_announced_and_a_month_later_erased(of: World) -> None:
    made, running = ended(of), match(of.now)
    asking, left = of.now.person(Role.MENTEE), of.now.person(Role.MENTEE)
    done(asking.post("/me/rights-requests", {"kind": "access"}))
    parties = {made.mentee.id, made.mentor.id, left.id}
    with read_models_of(of), of.clerk() as (clerk, _):
        # One period runs from when they were heard of, the other from when their mentoring ended.
        see_to(of, clerk, 1063.9)
        assert of_topic(of, ANNOUNCED) == set()
        see_to(of, clerk, 1066.1)
        assert of_topic(of, ANNOUNCED) == {left.id}
        see_to(of, clerk, 2161.1)
        assert of_topic(of, ANNOUNCED) == parties
        assert of.rows(TOLD, [made.mentee.id, "record_ends"]) == [(1,)]

        # The database trusts no clock but its own: nobody was told a month ago.
        see_to(of, clerk, 2192.1)
        assert of_topic(of, ERASED) == set()
        of.rows(A_MONTH_AGO)
        see_to(of, clerk, 2193.1)
        assert of_topic(of, ERASED) == parties

    assert [of.rows(KEYS, [person]) for person in parties] == [[(0,)]] * len(parties)
    assert all(str(person) in of.journal.read_text() for person in parties)
    kept = of.parts.mentoring.load(Relationship, made.relationship)
    assert (kept.mentee, kept.mentor) == (made.mentee.id, made.mentor.id)
    for alive in (running.mentee, running.mentor, asking):
        assert not of.parts.mentoring.load(Person, alive.id).is_erased


def test_whoever_is_heard_of_or_asks_for_it_keeps_their_record(of: World) -> None:
    heard, asking = of.now.person(Role.MENTEE), of.now.person(Role.MENTOR)
    with read_models_of(of), of.clerk() as (clerk, _):
        see_to(of, clerk, 1066.1)
        assert of_topic(of, ANNOUNCED) == {heard.id, asking.id}
        ends_on = done(asking.get("/me/keeping"))["ends_on"]
        assert ends_on is not None
        done(asking.post("/me/keeping"))
        assert done(asking.get("/me/keeping"))["ends_on"] is None
        assert asking.post("/me/keeping").status_code == 409
        raised = {"category": "other", "desk": "coordinator", "words": "Zaun."}
        concern = done(heard.post("/me/concerns", raised))["id"]
        of.rows(A_MONTH_AGO)
        see_to(of, clerk, 1090.0)
        assert of_topic(of, PUT_OFF) == {heard.id, asking.id}
        assert of.parts.mentoring.load(Person, heard.id).ends_on is None
        assert of_topic(of, ERASED) == set()
    assert done(heard.get(f"/me/concerns/{concern}/words"))["words"]["text"] == "Zaun."


def test_a_hold_and_an_open_disclosure_that_nobody_was_told_of_keep_everything(of: World) -> None:
    held, told_nothing = of.now.person(Role.MENTEE), ended(of)
    disclosed(of, told_nothing)
    with read_models_of(of), of.clerk() as (clerk, _):
        see_to(of, clerk, 2161.1)
        assert of_topic(of, ANNOUNCED) >= {held.id, told_nothing.mentee.id}
        hold_back(of, held)
        of.rows(A_MONTH_AGO)
        see_to(of, clerk, 2200.0)
        assert of_topic(of, ERASED) == set()


def disclosed(of: World, made: Match, by: Somebody | None = None) -> None:
    body = {
        "ground": "legal_duty",
        "facts": "Zaun.",
        "recipient": "Zaun.",
        "mentee_is_told": False,
        "not_told_reason": "would_raise_risk",
        "look_again_on": str((of.now.now() + timedelta(days=20)).date()),
    }
    lead = by or of.now.person(Role.SAFEGUARDING_LEAD)
    done(lead.post(f"/relationships/{made.relationship}/disclosures", body))


def hold_back(of: World, person: Somebody) -> None:
    erasure = done(person.post("/me/erasure"))["id"]
    review_on = str((of.now.now() + timedelta(days=30)).date())
    body = {"reason": "legal_claim", "review_on": review_on}
    done(of.now.person(Role.DATA_PROTECTION_LEAD).post(f"/erasures/{erasure}/hold", body))


WAITING = "SELECT kind, person FROM record.outbox WHERE kind LIKE 'work%%' ORDER BY kind, person"


def test_whoever_handles_something_is_told_once_that_it_waits_and_once_that_it_is_due(
    of: World,
) -> None:
    made = match(of.now)
    first, second = (of.now.person(Role.SAFEGUARDING_LEAD) for _ in range(2))
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    raised = {"category": "other", "desk": "safeguarding_lead", "words": "Zaun."}
    concern = done(made.mentee.post("/me/concerns", raised))["id"]
    done(made.mentee.post("/me/rights-requests", {"kind": "access"}))
    with read_models_of(of), of.clerk() as (clerk, _):
        for days in (0, 1):
            see_to(of, clerk, days)
            assert sorted(told(of)) == ["work_waits"]
            times = [told(of)["work_waits"].count(each.id) for each in (first, second, lead)]
            assert times == [1, 1, 1]
        done(first.post(f"/concerns/{concern}/taking"))
        see_to(of, clerk, 0)
        assert told(of)["work_waits"].count(first.id) == 1
        done(first.post(f"/concerns/{concern}/handing-over", {"to": str(second.id)}))
        see_to(of, clerk, 0)
        assert told(of)["work_waits"].count(second.id) == 2
        for days in (26, 27):
            see_to(of, clerk, days)
        assert told(of)["work_is_due"].count(lead.id) == 1
        assert not {first.id, second.id} & set(told(of)["work_is_due"])


def test_of_a_disclosure_only_leads_are_told_who_may_decide_it(of: World) -> None:
    made = match(of.now)
    writer, free = (of.now.person(Role.SAFEGUARDING_LEAD) for _ in range(2))
    for party in (made.mentor.id, made.mentee.id):
        role = Role.SAFEGUARDING_LEAD
        people.grant_role(of.parts.mentoring, order_of(of), person=party, role=role)
    disclosed(of, made, by=writer)
    with read_models_of(of), of.clerk() as (clerk, _):
        see_to(of, clerk, 0)
        assert told(of) == {"work_waits": [free.id]}
        see_to(of, clerk, 14)
        assert told(of) == {"work_is_due": [free.id], "work_waits": [free.id]}


def told(of: World) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for kind, person in of.rows(WAITING):
        found.setdefault(kind, []).append(person)
    return found


def order_of(of: World) -> Order:
    return Order(Act(uuid4(), of.now.now()), uuid4())
