"""Rules 2 and 3: a withdrawal takes effect in the commit that records it, and nothing keeps anybody in."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.consent import ConsentLedger
from domain.mentor_profile import MentorProfile
from domain.place import Place
from domain.policies.withdrawal import FOLLOWS, Follows
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.values import Purpose, Role
from tests.databases import Database, fresh_database
from tests.match import Match, done, give_consent, match, propose, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on

LONDON = ZoneInfo("Europe/London")
WITHDRAWN = ConsentLedger.Withdrawn.TOPIC
FLIP = """UPDATE record.event SET state = set_byte(state, 50, get_byte(state, 50) # 1)
           WHERE originator_id = %s AND originator_version = 1"""
STOP = """UPDATE read.position SET stopped_at = now(), stopped_position = position + 1,
                 stopped_reason = 'unreadable' WHERE name = 'participation'"""


@pytest.fixture(scope="module")
def here(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Scheme, Database]]:
    folder = tmp_path_factory.mktemp("withdrawals")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as running,
    ):
        publish_notices(running)
        yield running, database


@pytest.fixture
def scheme(here: tuple[Scheme, Database]) -> Scheme:
    return here[0]


def meeting(scheme: Scheme) -> Match:
    """A match with one session ahead."""
    made = match(scheme)
    for party in (made.mentee, made.mentor):
        done(party.post(f"/relationships/{made.relationship}/agreement", {"version": 1}))
    done(made.mentee.post(f"/relationships/{made.relationship}/sessions", hour_ahead(scheme)))
    return made


def hour_ahead(scheme: Scheme, weeks: int = 2) -> dict[str, str]:
    today = scheme.now().astimezone(LONDON).date()
    monday = today + timedelta(days=7 * weeks - today.weekday())
    starts_at = datetime.combine(monday, time(10), tzinfo=LONDON)
    ends_at = starts_at + timedelta(hours=1)
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "time_zone": "Europe/London",
    }


def withdraw(person: Somebody, purpose: str = "take_part") -> dict[str, Any]:
    told: dict[str, Any] = done(person.post(f"/me/consents/{purpose}/withdrawal"))
    return told


def recorded_with(scheme: Scheme, told: dict[str, Any]) -> list[str]:
    """The topics of everything that the command recorded, in order."""
    with scheme.parts.pool.connection() as connection:
        rows = connection.execute(
            "SELECT topic FROM record.event WHERE position <= %s AND position >= ("
            " SELECT position FROM record.event WHERE originator_id = %s"
            " AND originator_version = %s) ORDER BY position",
            [told["position"], told["id"], told["version"]],
        ).fetchall()
    return [topic for (topic,) in rows]


def relationship(scheme: Scheme, made: Match) -> Relationship:
    return scheme.parts.mentoring.load(Relationship, made.relationship)


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_rule_2_withdrawing_ends_everything_in_one_commit_and_costs_nothing(
    scheme: Scheme, who: str
) -> None:
    made = meeting(scheme)

    told = withdraw(getattr(made, who))

    assert recorded_with(scheme, told)[:3] == [
        WITHDRAWN,
        Relationship.SessionCancelled.TOPIC,
        Relationship.Closed.TOPIC,
    ]
    subject, place = relationship(scheme, made), scheme.parts.mentoring.load(Place, made.place)
    assert subject.closed_for is ClosingReason.CONSENT_WITHDRAWN
    assert not subject.sessions_to_come(scheme.now())
    assert (place.reserved, place.used) == (set(), set())
    profile = scheme.parts.mentoring.load(MentorProfile, MentorProfile.id_of(made.mentor.id))
    profile.require_available()


def test_rule_2_the_other_is_told_that_it_ended_and_not_why(scheme: Scheme) -> None:
    made = meeting(scheme)
    withdraw(made.mentee)
    path = f"/relationships/{made.relationship}"
    assert done(made.mentor.get(path))["closed_for"] == "ended"
    assert done(made.mentee.get(path))["closed_for"] == "consent_withdrawn"


def test_rule_2_a_mentor_leaves_all_their_mentees_and_proposals_at_once(scheme: Scheme) -> None:
    first = meeting(scheme)
    second = propose_again(scheme, first)

    told = withdraw(first.mentor)

    topics = recorded_with(scheme, told)
    assert topics.count(Relationship.Closed.TOPIC) == 1
    assert topics.count(Relationship.ProposalSuperseded.TOPIC) == 1
    assert relationship(scheme, first).closed_for is not None
    assert relationship(scheme, second).proposal is None
    assert relationship(scheme, second).closed_for is None


def propose_again(scheme: Scheme, first: Match) -> Match:
    """Another request, for which the same mentor is proposed."""
    other = propose(scheme)
    offer = {"mentor": str(first.mentor.id), "reasons_for_mentee": "Q", "reasons_for_mentor": "Q"}
    done(first.coordinator.post(f"/relationships/{other.relationship}/proposals", offer))
    return other


def test_rule_3_a_proposal_on_a_withdrawn_preference_is_taken_back_in_the_same_commit(
    scheme: Scheme,
) -> None:
    made = propose(scheme)

    told = withdraw(made.mentee, "identity_preference")

    assert recorded_with(scheme, told) == [WITHDRAWN, Relationship.ProposalSuperseded.TOPIC]
    subject = relationship(scheme, made)
    assert (subject.proposal, subject.closed_for) == (None, None)


def test_rule_3_a_withdrawn_preference_stops_nothing_else(scheme: Scheme) -> None:
    made = meeting(scheme)
    told = withdraw(made.mentee, "identity_preference")
    assert recorded_with(scheme, told) == [WITHDRAWN]
    assert relationship(scheme, made).closed_for is None


@pytest.mark.parametrize(
    "purpose", [each for each, what in FOLLOWS.items() if what is Follows.ENDS_KEYS_ALONE]
)
def test_every_other_withdrawal_ends_keys_alone(scheme: Scheme, purpose: Purpose) -> None:
    publish_once(scheme, purpose)
    made = match(scheme)
    for person in (made.mentee, made.mentor):
        if purpose is not Purpose.SHARE_PROFILE or person is made.mentee:
            give_consent(person, purpose.value)
        told = withdraw(person, purpose.value)
        assert recorded_with(scheme, told) == [WITHDRAWN]
        assert live_keys(scheme, person.id, purpose) == 0
    assert relationship(scheme, made).closed_for is None


def publish_once(scheme: Scheme, purpose: Purpose) -> None:
    if not scheme.app.state.notice_board.newest(purpose):
        lead = scheme.person(Role.DATA_PROTECTION_LEAD)
        words = {"purpose": purpose.value, "version": 1, "language": "en", "text": "Words."}
        done(lead.post("/notices", words))


def live_keys(scheme: Scheme, person: UUID, purpose: Purpose) -> int:
    with scheme.parts.pool.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM (SELECT owner, purpose, state FROM keys.data_key_personal"
            " UNION ALL SELECT owner, purpose, state FROM keys.data_key_special) AS known"
            " WHERE owner = %s AND purpose = %s AND state = 'live'",
            [person, purpose.value],
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_repeated_withdrawal_finds_the_outcome_and_the_receipt_of_the_first(
    scheme: Scheme,
) -> None:
    made, key = meeting(scheme), {"Idempotency-Key": "withdraws-once"}
    path = "/me/consents/take_part/withdrawal"
    first = made.mentee.post(path, headers=key)
    again = made.mentee.post(path, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert first.json()["receipt"]["change"] == "withdrawn"


def test_rule_2_a_damaged_record_keeps_nobody_in(here: tuple[Scheme, Database]) -> None:
    scheme, database = here
    made, whole = meeting(scheme), meeting(scheme)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(FLIP, [made.relationship])
    assert recorded_with(scheme, withdraw(made.mentee)) == [WITHDRAWN]
    assert recorded_with(scheme, withdraw(whole.mentee))[-1] != WITHDRAWN


def test_rule_2_a_read_model_that_stands_still_keeps_nobody_in(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with reading_scheme_on(database, tmp_path_factory.mktemp("still")) as scheme:
        publish_notices(scheme)
        made = meeting(scheme)
        with psycopg.connect(database.superuser_url) as connection:
            connection.execute(STOP)
        later = meeting(scheme)
        for each in (made, later):
            withdraw(each.mentee)
            assert relationship(scheme, each).closed_for is ClosingReason.CONSENT_WITHDRAWN


def test_rule_2_without_a_worker_the_withdrawal_alone_is_recorded(scheme: Scheme) -> None:
    made = meeting(scheme)
    reader = scheme.app.state.reader
    scheme.app.state.reader = type(reader)("postgresql://nobody@localhost:1/none")
    try:
        told = withdraw(made.mentee)
    finally:
        scheme.app.state.reader = reader
    assert recorded_with(scheme, told) == [WITHDRAWN]
    assert relationship(scheme, made).closed_for is None
