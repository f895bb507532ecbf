"""While the key service is away: what is in memory goes on, the rest is refused whole, and nothing is lost."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest

from api.bootstrap import joined, key_service, prepare_database
from api.event_log import EventLog
from crypto.branch_keys import new_branch_key
from crypto.errors import KeyServiceUnavailable
from crypto.key_store import add_branch_key
from crypto.kms.guarded import GuardedKeyService
from domain.values import Role
from projections.log import Entry, LogUnavailable
from projections.reader import Reader
from tests.integration.key_services.conftest import Chosen
from tests.key_services.bao import BaoServer
from tests.scheme import Scheme, Somebody, running_scheme

PATIENCE_SECONDS = 30.0
ROTATED = ("operational", "contact")


@pytest.fixture
def scheme(in_bao: Chosen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scheme]:
    """An API that was started while its key service was there."""
    monkeypatch.setattr("crypto.kms.guarded.REST_SECONDS", 0.05)
    # However slow the machine, it meets a new epoch when it needs it and not by chance before.
    monkeypatch.setattr("crypto.branch_keys.LOOK_SECONDS", 3600.0)
    prepare_database(in_bao.database.owner_url, key_service(in_bao.of_the_owner()))
    with running(in_bao) as started:
        yield started


@pytest.fixture
def guard(scheme: Scheme) -> GuardedKeyService:
    assert isinstance(scheme.parts.key_service, GuardedKeyService)
    return scheme.parts.key_service


@pytest.fixture
def outage(bao: BaoServer) -> Iterator[Callable[[], None]]:
    """Stops the key service; it is back at the end of the test at the latest."""
    port = bao.port
    yield bao.stop
    if bao.released.is_set():
        bao.start()
    assert bao.port == port


@contextmanager
def running(chosen: Chosen) -> Iterator[Scheme]:
    with (
        joined(chosen.settings("serve")) as parts,
        running_scheme(parts, Reader(chosen.database.reader_url)) as scheme,
    ):
        yield scheme


def begin_epochs(chosen: Chosen) -> None:
    """As a rotation in another process does."""
    service = key_service(chosen.of_the_owner())
    with psycopg.connect(chosen.database.owner_url) as connection:
        for compartment in ROTATED:
            service.new_epoch(compartment)
            add_branch_key(connection, compartment, *new_branch_key(service, compartment))


def person_under_new_epochs(chosen: Chosen) -> Somebody:
    """Somebody whose keys another process made under epochs that the first does not know yet."""
    begin_epochs(chosen)
    with running(chosen) as later:
        return later.person(Role.MENTEE)


def assert_not_now(answer: Any) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    problem = answer.json()
    assert problem["type"] == "urn:vouchsafe:problem:key-service-unavailable"
    assert "127.0.0.1" not in answer.text


def until(answer: Callable[[], Any]) -> Any:
    """The first answer that is not "not now"."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := answer()).status_code == 503 and time.monotonic() < deadline:
        pass
    return found


def test_what_is_in_memory_opens_and_seals_old_and_new_keys(
    scheme: Scheme, outage: Callable[[], None], guard: GuardedKeyService
) -> None:
    coordinator, before = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTEE)
    calls = guard.figures.calls
    outage()
    during = scheme.person(Role.MENTOR)
    for person in (before, during):
        contact = coordinator.get(f"/people/{person.id}/contact").json()
        assert contact["name"] == person.name
    registered = coordinator.post(
        "/people", {"name": "Quill Outage", "email": "q@example.org", "roles": ["mentee"]}
    )
    assert registered.status_code == 201
    assert guard.figures.calls == calls


def test_what_needs_the_service_is_refused_whole_and_goes_on_afterwards(
    scheme: Scheme, in_bao: Chosen, bao: BaoServer, outage: Callable[[], None]
) -> None:
    coordinator = scheme.person(Role.COORDINATOR)
    person = person_under_new_epochs(in_bao)
    outage()
    before, keys = scheme.event_count(), key_count(in_bao)
    give = {"role": "mentor"}
    for _ in range(4):
        assert_not_now(coordinator.post(f"/people/{person.id}/roles", give))
        assert_not_now(coordinator.get(f"/people/{person.id}/contact"))
    assert (scheme.event_count(), key_count(in_bao)) == (before, keys)
    scheme.person(Role.MENTEE)
    bao.start()
    contact = until(lambda: coordinator.get(f"/people/{person.id}/contact"))
    assert contact.json()["name"] == person.name


def test_the_breaker_spares_callers_and_shuts_again(
    scheme: Scheme,
    in_bao: Chosen,
    bao: BaoServer,
    outage: Callable[[], None],
    guard: GuardedKeyService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coordinator = scheme.person(Role.COORDINATOR)
    person = person_under_new_epochs(in_bao)
    outage()
    monkeypatch.setattr("crypto.kms.guarded.REST_SECONDS", 3600.0)
    for _ in range(6):
        assert_not_now(coordinator.get(f"/people/{person.id}/contact"))
    assert guard.figures.is_open
    assert guard.figures.failures == 3
    assert guard.figures.spared >= 3
    bao.start()
    guard._resting_until = 0.0
    assert coordinator.get(f"/people/{person.id}/contact").status_code == 200
    assert not guard.figures.is_open


def test_a_reader_of_the_log_waits_and_takes_nothing_for_damaged(
    scheme: Scheme, in_bao: Chosen, bao: BaoServer, outage: Callable[[], None]
) -> None:
    scheme.person(Role.COORDINATOR)
    person = person_under_new_epochs(in_bao)
    log = EventLog(scheme.parts.recorder, scheme.parts.mapper)
    outage()
    with pytest.raises(LogUnavailable):
        log.read(0, 100)
    bao.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (entries := read_or_none(log)) is None and time.monotonic() < deadline:
        pass
    assert entries is not None
    assert person.id in {entry.stream for entry in entries}
    assert all(entry.damaged is None for entry in entries)


def test_a_rotation_that_begins_meanwhile_changes_nothing(
    scheme: Scheme, in_bao: Chosen, bao: BaoServer, outage: Callable[[], None]
) -> None:
    keys = key_count(in_bao)
    outage()
    with pytest.raises(KeyServiceUnavailable):
        begin_epochs(in_bao)
    assert key_count(in_bao) == keys
    bao.start()
    service = key_service(in_bao.of_the_owner())
    assert [service.epoch(compartment) for compartment in ROTATED] == [1, 1]
    assert scheme.person(Role.MENTEE).id


def read_or_none(log: EventLog) -> Sequence[Entry] | None:
    with suppress(LogUnavailable):
        return log.read(0, 100)
    return None


def key_count(chosen: Chosen) -> tuple[int, int]:
    with psycopg.connect(chosen.database.owner_url) as connection:
        counted = (
            "SELECT (SELECT count(*) FROM keys.data_key), (SELECT count(*) FROM keys.branch_key)"
        )
        row = connection.execute(counted).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
