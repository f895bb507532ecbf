"""Enquiries through the API: anybody asks, a coordinator opens and answers, and what is forgotten is gone."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.tries import Tries
from domain.access_register import AccessPurpose, AccessRegister, RecordKind
from domain.values import Role
from tests.databases import Database, fresh_database
from tests.match import done
from tests.scheme import Scheme, Somebody, reading_scheme_on

ASKED = {
    "kind": "organisation",
    "name": "Zuleika Enquiring-Quill",
    "email": "zuleika@example.org",
    "words": "How many sessions does a place have? Zwetschge.",
}
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    with fresh_database(postgres, template) as made:
        yield made


@pytest.fixture(scope="module")
def scheme(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheme]:
    with reading_scheme_on(database, tmp_path_factory.mktemp("enquiries")) as running:
        running.app.state.enquiry_tries = Tries(of_one=1000, of_all=1000)
        yield running


@pytest.fixture(scope="module")
def coordinator(scheme: Scheme) -> Somebody:
    return scheme.person(Role.COORDINATOR)


def ask(scheme: Scheme, key: str | None = None, **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return scheme.client().post("/enquiries", json=ASKED | more, headers=headers)


def asked(scheme: Scheme) -> str:
    return str(done(ask(scheme))["reference"])


def listed(scheme: Scheme, coordinator: Somebody, stage: str) -> list[str]:
    newest = scheme.parts.recorder.max_notification_id() or 0
    scheme.app.state.reader.wait_for("enquiries", newest, PATIENCE_SECONDS)
    found = done(coordinator.get(f"/enquiries?stage={stage}&limit=200"))["enquiries"]
    return [each["id"] for each in found]


def test_whoever_asks_is_answered_a_reference_and_a_coordinator_reads_it(
    scheme: Scheme, coordinator: Somebody
) -> None:
    id = asked(scheme)

    assert id in listed(scheme, coordinator, "open")
    shown = done(coordinator.get(f"/enquiries/{id}"))
    assert {name: shown[name] for name in ASKED} == ASKED
    done(coordinator.post(f"/enquiries/{id}/answer", {"means": "mail"}))
    assert id in listed(scheme, coordinator, "answered")
    assert id not in listed(scheme, coordinator, "open")


def test_the_list_opens_nothing_and_each_opening_is_recorded(
    scheme: Scheme, coordinator: Somebody
) -> None:
    id = asked(scheme)
    before = scheme.event_count()
    assert ASKED["name"] not in coordinator.get("/enquiries").text
    assert scheme.event_count() == before

    done(coordinator.get(f"/enquiries/{id}"))
    _, *looks = scheme.parts.mentoring.events.get(AccessRegister.id_of(UUID(id)))
    told = {(type(each), each.actor, each.kind, each.purpose) for each in looks}
    answering = (RecordKind.ENQUIRY, AccessPurpose.ANSWERING)
    assert told == {(AccessRegister.Opened, coordinator.id, *answering)}


def test_what_was_forgotten_is_gone_for_everybody(
    scheme: Scheme, coordinator: Somebody, database: Database
) -> None:
    id = asked(scheme)
    lead = scheme.person(Role.DATA_PROTECTION_LEAD)
    done(lead.post(f"/enquiries/{id}/forgetting", {"reason": "asked"}))

    for again in (
        coordinator.get(f"/enquiries/{id}"),
        coordinator.post(f"/enquiries/{id}/answer", {"means": "mail"}),
        coordinator.post(f"/enquiries/{id}/forgetting", {"reason": "asked"}),
    ):
        assert again.json()["type"].endswith("enquiry-is-forgotten")
    assert keys_of(database, id) == [("contact", "destroyed", None)]
    assert id in listed(scheme, coordinator, "forgotten")


def keys_of(database: Database, enquiry: str) -> list[tuple[Any, ...]]:
    query = """SELECT compartment, state, wrapped_key FROM keys.data_key
                WHERE owner = %s AND purpose = 'enquiry'"""
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute(query, [UUID(enquiry)]).fetchall()


def test_an_enquiry_sent_twice_is_kept_once(scheme: Scheme) -> None:
    key = uuid4().hex
    first = done(ask(scheme, key))
    before = scheme.event_count()
    assert done(ask(scheme, key)) == first
    other = ask(scheme, key, words="Something else.")
    assert other.json()["type"].endswith("key-used-for-another")
    assert scheme.event_count() == before


WRONG = {
    "no words": {"words": ""},
    "too many words": {"words": "x" * 4001},
    "no address": {"email": "nobody"},
    "another kind": {"kind": "sponsor"},
    "more than is asked": {"organisation": "Fernley"},
    "U+0000": {"words": "a\0b"},
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_not_understood_is_refused_and_not_repeated(scheme: Scheme, kind: str) -> None:
    before = scheme.event_count()
    answer = ask(scheme, **WRONG[kind])

    assert answer.status_code == 422
    assert ASKED["name"] not in answer.text
    assert scheme.event_count() == before


def test_more_than_anybody_needs_to_say_is_not_read(scheme: Scheme) -> None:
    answer = ask(scheme, words="x" * 70_000)
    joining = scheme.client().post("/joining", json={"invitation": "x" * 70_000})

    assert {answer.status_code, joining.status_code} == {413}


def test_who_asks_too_often_is_told_to_wait(scheme: Scheme) -> None:
    kept = scheme.app.state.enquiry_tries
    scheme.app.state.enquiry_tries = Tries(of_one=2, of_all=100)
    before = scheme.event_count()
    try:
        answers = [ask(scheme).status_code for _ in range(4)]
    finally:
        scheme.app.state.enquiry_tries = kept

    assert answers == [201, 201, 429, 429]
    assert scheme.event_count() == before + 2
