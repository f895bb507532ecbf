"""The real worker, with what it was really given, opens operational state and nothing about people."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from psycopg_pool import ConnectionPool

from api.records.openings import Openings
from api.simulate.first_scheme import Phase
from crypto.branch_keys import branch_place
from crypto.errors import CompartmentIsClosed, KeysUnavailable, Tampered
from crypto.key_store import KeyStore
from crypto.keyring import Keyring
from crypto.kms.local import LocalKeyService
from domain.notebook import Notebook
from domain.values import Compartment, Sealed
from tests.leaks.run import LeakRun

CLOSED = sorted(set(Compartment) - {Compartment.OPERATIONAL})
PARTITIONS = [f"{kind}_{name}" for kind in ("data_key", "branch_key") for name in CLOSED]
FILLED = (Compartment.CONTACT, Compartment.PERSONAL, Compartment.SPECIAL, Compartment.LOCKS)
APPEND_INPUTS = "SELECT pronargs FROM pg_proc WHERE oid = 'record.append'::regproc"
OWNED_SECRETS = ("VOUCHSAFE_DATABASE_URL", "VOUCHSAFE_KEY_FILES")


@pytest.fixture
def environment(run: LeakRun) -> dict[str, str]:
    """What the kernel says the running worker was started with."""
    content = Path(f"/proc/{run.machine.pids['work']}/environ").read_bytes()
    pairs = (line.partition(b"=") for line in content.split(b"\0") if line)
    return {name.decode(): value.decode() for name, _, value in pairs}


@pytest.fixture
def connection(environment: dict[str, str]) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    url = environment["VOUCHSAFE_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as opened:
        yield opened


@pytest.fixture
def keyring(environment: dict[str, str]) -> Iterator[Keyring]:
    files = json.loads(environment["VOUCHSAFE_KEY_FILES"])
    service = LocalKeyService({name: Path(path) for name, path in files.items()})
    with ConnectionPool(environment["VOUCHSAFE_DATABASE_URL"], min_size=1, open=True) as pool:
        yield Keyring(KeyStore(pool), service)


@pytest.fixture
def sealed(run: LeakRun) -> dict[Compartment, Sealed]:
    """One sealed field of each compartment that the story filled, out of the events themselves."""
    with run.machine.parts(Phase.NOW) as parts:
        relationship = run.story.relationships["amara"]
        ids = [run.cast.id("amara"), relationship, Notebook.id_of(relationship)]
        events = [event for id in ids for event in parts.mentoring.events.get(id)]
    values = (value for event in events for value in vars(event).values())
    return {value.compartment: value for value in values if isinstance(value, Sealed)}


def test_the_worker_was_given_one_key_file_and_its_own_role(environment: dict[str, str]) -> None:
    ours = {name for name in environment if name.startswith("VOUCHSAFE_")}
    assert set(OWNED_SECRETS) <= ours
    assert set(json.loads(environment["VOUCHSAFE_KEY_FILES"])) == {"operational"}
    assert "vouchsafe_worker:" in environment["VOUCHSAFE_DATABASE_URL"]
    others = [value for name, value in environment.items() if name not in OWNED_SECRETS]
    assert not any("postgresql://" in value for value in others)


@pytest.mark.parametrize("partition", [*PARTITIONS, "data_key", "branch_key"])
def test_the_worker_cannot_read_the_keys_of_people(
    connection: psycopg.Connection[tuple[object, ...]], partition: str
) -> None:
    table = sql.Identifier("keys", partition)
    for column in ("wrapped_key", "compartment", "*"):
        what = sql.SQL("*") if column == "*" else sql.Identifier(column)
        with pytest.raises(InsufficientPrivilege):
            connection.execute(sql.SQL("SELECT {} FROM {}").format(what, table))


def test_no_table_that_the_worker_can_read_is_missing_from_these_tests(
    connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    readable = """
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'keys' AND c.relkind IN ('r', 'p', 'v', 'm')
           AND has_any_column_privilege(c.oid, 'SELECT')
    """
    tables = {row[0] for row in connection.execute(readable)}
    assert tables == {"keys.branch_key_operational", "keys.data_key_operational"}


def test_the_worker_cannot_become_somebody_else(
    connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    for role in (
        "vouchsafe_api",
        "vouchsafe_clerk",
        "vouchsafe_reader",
        "vouchsafe_owner",
        "postgres",
    ):
        with pytest.raises(InsufficientPrivilege):
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


def test_the_worker_cannot_append_nor_read_tokens(
    connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    row = connection.execute(APPEND_INPUTS).fetchone()
    assert row is not None
    nothing = sql.SQL(", ").join([sql.NULL] * int(str(row[0])))
    with pytest.raises(InsufficientPrivilege):
        connection.execute(sql.SQL("SELECT record.append({})").format(nothing))
    for table in ("token", "session"):
        with pytest.raises(InsufficientPrivilege):
            connection.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier("access", table)))


def test_sealed_fields_of_people_were_found(sealed: dict[Compartment, Sealed]) -> None:
    assert sealed.keys() >= set(FILLED)


@pytest.mark.parametrize("name", FILLED)
def test_the_keys_of_the_worker_open_no_field_of_a_person_and_take_no_lock_off(
    run: LeakRun, keyring: Keyring, sealed: dict[Compartment, Sealed], name: Compartment
) -> None:
    value = sealed[name]
    with pytest.raises(CompartmentIsClosed):
        keyring.field_key(value.compartment, value.key_id)
    with pytest.raises(CompartmentIsClosed):
        keyring.field_key_or_new(value.compartment, value.owner, value.purpose)
    with run.machine.parts(Phase.NOW) as parts, pytest.raises(CompartmentIsClosed):
        Openings(parts.mentoring, keyring)._unsealed(value)


def test_the_keys_of_the_worker_open_the_stream_it_reads(run: LeakRun, keyring: Keyring) -> None:
    stream: UUID = run.story.relationships["amara"]
    assert keyring.stream_key(stream).compartment == Compartment.OPERATIONAL


@pytest.mark.parametrize("name", [Compartment.CONTACT, Compartment.PERSONAL, Compartment.SPECIAL])
def test_another_compartments_wrapped_keys_do_not_unwrap_under_the_workers(
    run: LeakRun, environment: dict[str, str], name: Compartment
) -> None:
    """Even handed the row that it may not read, the worker's key service opens nothing."""
    path = Path(json.loads(environment["VOUCHSAFE_KEY_FILES"])["operational"])
    service = LocalKeyService({"operational": path})
    wrapped = run.wrapped_keys[f"wrapped branch key of {name}"]
    with pytest.raises(Tampered):
        service.unwrap("operational", 1, wrapped, branch_place(name, 1))
    with pytest.raises(CompartmentIsClosed):
        service.unwrap(name, 1, wrapped, branch_place(name, 1))


def test_a_stolen_key_file_does_not_help_without_the_rights_to_its_table(
    run: LeakRun, environment: dict[str, str]
) -> None:
    stolen = LocalKeyService({"contact": run.machine.machine.key_files["contact"]})
    with (
        ConnectionPool(environment["VOUCHSAFE_DATABASE_URL"], min_size=1, open=True) as pool,
        pytest.raises(KeysUnavailable),
    ):
        Keyring(KeyStore(pool), stolen)
