"""Whatever comes late or remembers too much meets an erased person: no key, no event, nothing that opens."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from api.bootstrap import Parts, joined, keeper
from api.records.openings import Openings, Whose, Why
from api.settings import Settings
from crypto.errors import Erased, KeyNotLive, Tampered
from crypto.event_store.mapper import ErasedEvent
from domain import EVENT_CLASSES
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.consents import Shown, give_consent
from domain.commands.mentor_profiles import apply_to_mentor
from domain.commands.people import change_contact
from domain.consent_terms import LedgerIsClosed
from domain.mentor_profile import MentorProfile
from domain.mentoring import Order
from domain.notice import Notice
from domain.person import Person
from domain.policies.erasure import FATES, Fate
from domain.relationship import Relationship
from domain.values import Act, Compartment, Purpose, Role
from tests.erasing import ask, erase, grant, see_to_it, states_of, world_with_read_models
from tests.faults.clerking import World
from tests.match import give_consent as agree_to
from tests.match import match
from tests.scheme import Somebody

NOTHING = "SELECT record.carry_out_erasure(%s)"


@pytest.fixture(scope="module")
def of(
    postgres: object, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for all tests here: each erases people of its own."""
    from tests.databases import fresh_database  # noqa: PLC0415 - the fixture above is for one test each

    folder = tmp_path_factory.mktemp("late")
    with (
        fresh_database(postgres, template) as database,  # type: ignore[arg-type]  # - the fixture is the server
        world_with_read_models(database, folder) as made,
    ):
        yield made


@pytest.fixture
def stale(of: World) -> Iterator[Parts]:
    """Another process of the api, with caches of its own."""
    with joined(of.settings) as parts:
        yield parts


def order_of(person: Somebody, of: World) -> Order:
    return Order(Act(person.id, of.now.now()), uuid4())


def test_a_process_with_the_key_in_memory_finds_the_stream_erased_not_tampered(
    of: World, stale: Parts
) -> None:
    made = match(of.now)
    profile = MentorProfile.id_of(made.mentor.id)
    stale.mentoring.load(Person, made.mentor.id)
    stale.mentoring.load(MentorProfile, profile)
    erase(of, made.mentor)
    for kind, stream in ((Person, made.mentor.id), (MentorProfile, profile)):
        with pytest.raises(Erased):
            stale.mentoring.load(kind, stream)


def test_a_reader_of_the_log_with_the_key_in_memory_passes_over_what_was_erased(
    of: World, stale: Parts
) -> None:
    mentee = of.now.person(Role.MENTEE)
    stored = stale.recorder.select_events(mentee.id)
    assert not any(isinstance(each, ErasedEvent) for each in stale.mapper.open_many(stored))
    erase(of, mentee)
    stored = stale.recorder.select_events(mentee.id)
    opened = stale.mapper.open_many(stored)
    assert len(opened) == len(stored) > 1
    assert all(isinstance(each, ErasedEvent) for each in opened)


def test_an_empty_state_under_a_live_key_is_tampered(of: World, stale: Parts) -> None:
    mentee = of.now.person(Role.MENTEE)
    of.rows("UPDATE record.event SET state = '' WHERE originator_id = %s", [mentee.id])
    with pytest.raises(Tampered):
        stale.mentoring.load(Person, mentee.id)
    found = stale.mapper.open_many(stale.recorder.select_events(mentee.id))
    assert all(isinstance(each, Tampered) for each in found)


def test_what_the_person_said_in_a_shared_record_is_erased_and_not_only_closed(
    of: World, stale: Parts
) -> None:
    made = match(of.now)
    requested = next(iter(stale.mentoring.events.get(made.relationship)))
    assert isinstance(requested, Relationship.Created)
    values = [requested.themes, requested.preferences, requested.identity_preference]
    erase(of, made.mentee)
    openings, now = Openings(stale.mentoring, stale.keyring), of.now.now()
    coordinator = Caller(made.coordinator.id, Role.COORDINATOR)
    why = Why(RecordKind.PREFERENCES, AccessPurpose.MATCHING, Authority.ASSIGNED_DUTY)
    for value in values:
        assert value is not None
        with pytest.raises(Erased):
            openings.open(coordinator, value, why, now=now)
        with pytest.raises(Erased):
            openings._unsealed(value)


def test_a_late_append_is_refused(of: World, stale: Parts) -> None:
    mentee = of.now.person(Role.MENTEE)
    person = stale.mentoring.load(Person, mentee.id)
    person.change_contact(person.contact, Act(mentee.id, of.now.now()))
    erase(of, mentee)
    with pytest.raises(KeyNotLive):
        stale.mentoring.commit(order_of(mentee, of), person)
    with pytest.raises(Erased):
        change_contact(
            stale.mentoring, order_of(mentee, of), person=mentee.id, contact=person.contact
        )
    assert set(states_of(of, mentee.id)) == {b""}


@pytest.mark.parametrize("compartment", list(Compartment))
def test_no_key_is_made_for_an_erased_person_in_any_compartment(
    of: World, stale: Parts, compartment: Compartment
) -> None:
    mentee, other = of.now.person(Role.MENTEE), of.now.person(Role.MENTEE)
    erase(of, mentee)
    named = stale.keyring.field_key_or_new(compartment, mentee.id, "late")
    new = stale.keyring.new_keys([named.key_id])
    assert len(new) == 1
    openings = Openings(stale.mentoring, stale.keyring)
    sealed = openings.seal(Whose(compartment, mentee.id, "late", "words"), "late words")
    person = stale.mentoring.load(Person, other.id)
    person.record(Person.ContactChanged, Act(other.id, of.now.now()), contact=sealed)
    with pytest.raises(KeyNotLive):
        stale.mentoring.commit(order_of(other, of), person)


def test_a_stream_that_had_not_begun_never_begins(of: World, stale: Parts) -> None:
    mentor = of.now.person(Role.MENTOR)
    erase(of, mentor)
    with pytest.raises(Erased):
        apply_to_mentor(stale.mentoring, order_of(mentor, of), person=mentor.id)


def test_nothing_can_be_consented_to_after_the_decision(of: World, stale: Parts) -> None:
    mentee = of.now.person(Role.MENTEE)
    agree_to(mentee, "take_part")
    grant(of, ask(mentee))
    notice = Notice.id_of(Purpose.TAKE_PART, 1, "en")
    shown = Shown(notice, stale.mentoring.load(Notice, notice).words.digest)
    with pytest.raises(LedgerIsClosed):
        give_consent(stale.mentoring, order_of(mentee, of), person=mentee.id, shown=shown)
    see_to_it(of)
    with pytest.raises(LedgerIsClosed):
        give_consent(stale.mentoring, order_of(mentee, of), person=mentee.id, shown=shown)


def refused(url: str, statement: str, *values: object) -> str | None:
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error) as error:
        connection.execute(statement.encode(), values)
    return error.value.sqlstate


NOT_YOURS = "42501"


def test_only_the_clerk_carries_out_and_only_what_was_ordered_and_granted(of: World) -> None:
    mentee = of.now.person(Role.MENTEE)
    erasure = ask(mentee)
    for url in (of.database.api_url, of.database.worker_url, of.database.reader_url):
        assert refused(url, NOTHING, erasure) == NOT_YOURS
    assert refused(of.database.clerk_url, NOTHING, erasure) == "VS008"
    order = "SELECT record.order_erasure(%s, %s, %s)"
    assert refused(of.database.clerk_url, order, erasure, mentee.id, []) == NOT_YOURS
    with psycopg.connect(of.database.api_url) as connection:
        connection.execute(order.encode(), [erasure, mentee.id, [mentee.id]])
    assert refused(of.database.clerk_url, NOTHING, erasure) == "VS008"
    assert b"" not in states_of(of, mentee.id)


def test_nobody_who_serves_erases_without_an_order(of: World) -> None:
    erase_at_once = "SELECT record.erase(%s, %s, %s)"
    for url in (of.database.api_url, of.database.clerk_url, of.database.worker_url):
        assert refused(url, erase_at_once, uuid4(), uuid4(), []) == NOT_YOURS


def test_a_record_of_others_too_is_never_deleted_whatever_was_ordered(of: World) -> None:
    made = match(of.now)
    erasure = ask(made.mentee)
    order = b"SELECT record.order_erasure(%s, %s, %s)"
    with psycopg.connect(of.database.api_url) as connection:
        connection.execute(order, [erasure, made.mentee.id, [made.mentee.id, made.relationship]])
    grant(of, erasure)
    assert refused(of.database.clerk_url, NOTHING, erasure) == "VS009"
    assert b"" not in states_of(of, made.mentee.id)


def test_the_database_deletes_the_kinds_that_the_policy_says(of: World) -> None:
    rows = of.rows("SELECT topics FROM record.deleted_with_person")
    kinds = {f"{name}." for name, fate in FATES.items() if fate is Fate.DELETED}
    assert {topics for (topics,) in rows} == kinds
    assert all(any(topic.startswith(kind) for topic in EVENT_CLASSES) for kind in kinds)


def test_it_is_completed_once_the_key_service_confirms_the_end_of_every_epoch(of: World) -> None:
    mentee, lead = of.now.person(Role.MENTEE), of.now.person(Role.DATA_PROTECTION_LEAD)
    agree_to(mentee, "take_part")
    erasure = erase(of, mentee)
    see_to_it(of)
    assert lead.get(f"/erasures/{erasure}").json()["stage"] == "carried_out"
    keeping = Settings(**{**of.settings.model_dump(), "database_url": of.database.keeper_url})
    with keeper(keeping, progress=lambda *_: None, go_on=lambda: True) as rotation:
        rotation.carry_out(ask=True)
    see_to_it(of)
    shown = lead.get(f"/erasures/{erasure}").json()
    assert shown["stage"] == "completed"
