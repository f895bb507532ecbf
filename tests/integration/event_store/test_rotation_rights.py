"""Who may rotate keys and who may ask for it: the keeper rewraps and reads no record, the clerk only asks."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import CheckViolation, InsufficientPrivilege

from tests.databases import Database
from tests.event_store import COMPARTMENTS, Store
from tests.rotating import rotate

Owner = psycopg.Connection[tuple[object, ...]]
KEEPERS_OWN = (
    "SELECT keys.ask_for_rotation()",
    "SELECT keys.begin_epoch('operational', 2, 'x')",
    "SELECT keys.rewrap('operational', 1, 2, int8range(0, 1), '')",
    "SELECT keys.empty_epoch('operational', 1)",
    "SELECT keys.note_destroyed('operational', 1)",
    "SELECT keys.finish_rotation()",
)
CLOSED_TO_THE_KEEPER = (
    "SELECT FROM record.event",
    "SELECT FROM record.command_outcome",
    "SELECT FROM access.token",
    "SELECT FROM read.position",
    "SELECT keys.ask_for_due_rotation('1 day')",
    "UPDATE keys.data_key_operational SET state = 'live'",
    "UPDATE keys.branch_key_operational SET closing_at = NULL",
    "DELETE FROM keys.data_key_operational",
    "INSERT INTO keys.rotation (asked_by) VALUES ('me')",
    "SELECT record.append('[]', '[]', '[]', '[]', '[]', '[]')",
    "CREATE TEMPORARY TABLE shadow ()",
)
ASK = "SELECT keys.ask_for_due_rotation(%s)"


def session(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("role", ["api", "worker", "clerk", "reader"])
def test_nobody_but_the_keeper_rotates_keys(database: Database, role: str) -> None:
    with session(database.url(f"vouchsafe_{role}")) as connection:
        for statement in KEEPERS_OWN:
            with pytest.raises(InsufficientPrivilege):
                connection.execute(statement.encode())


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("statement", CLOSED_TO_THE_KEEPER)
def test_the_keeper_reads_no_record_and_changes_keys_by_rewrapping_alone(
    database: Database, statement: str
) -> None:
    with session(database.keeper_url) as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(statement.encode())
    assert refused.value.sqlstate in {"42501", "42883", "3F000"}


@pytest.mark.parametrize("compartment", COMPARTMENTS)
def test_no_key_is_put_under_a_closed_epoch_by_naming_its_partition(
    database: Database, owner: Owner, files: dict[str, Path], compartment: str
) -> None:
    rotate(database, files)
    values = [compartment, uuid4(), uuid4()]
    statement = sql.SQL(
        "INSERT INTO {} (compartment, key_id, owner, purpose, epoch, wrapped_key)"
        " VALUES (%s, %s, %s, 'take_part', 1, 'x')"
    )
    for table in ("data_key", f"data_key_{compartment}"):
        with pytest.raises(psycopg.Error) as refused:
            owner.execute(statement.format(sql.Identifier("keys", table)), values)
        assert refused.value.sqlstate == "VS002"


def test_the_keeper_puts_no_key_under_an_epoch_that_is_not_open(
    store: Store, database: Database, owner: Owner, files: dict[str, Path]
) -> None:
    store.begin()
    for old, new in ((1, 2), (1, 1), (2, 1)):
        with session(database.keeper_url) as connection, pytest.raises(psycopg.Error) as refused:
            connection.execute(
                f"SELECT keys.rewrap('operational', {old}, {new}, '[0,9)', '')".encode()
            )
        assert refused.value.sqlstate == "VS007"
    rotate(database, files)
    assert owner.execute("SELECT DISTINCT epoch FROM keys.data_key").fetchall() == [(2,)]


def test_an_epoch_that_something_lies_under_is_not_emptied(
    store: Store, database: Database
) -> None:
    store.begin()
    with session(database.keeper_url) as keeper:
        keeper.execute("SELECT keys.begin_epoch('operational', 2, 'x')")
        assert keeper.execute("SELECT keys.empty_epoch('operational', 1)").fetchall() == [(False,)]
        assert keeper.execute("SELECT keys.empty_epoch('operational', 2)").fetchall() == [(False,)]


def test_the_clerk_asks_once_and_only_when_an_epoch_is_old_enough(
    database: Database, owner: Owner, files: dict[str, Path]
) -> None:
    with session(database.clerk_url) as clerk:
        assert clerk.execute(ASK, [timedelta(days=30)]).fetchall() == [(False,)]
        age(owner, days=29)
        assert clerk.execute(ASK, [timedelta(days=30)]).fetchall() == [(False,)]
        age(owner, days=31)
        assert clerk.execute(ASK, [timedelta(days=30)]).fetchall() == [(True,)]
        assert clerk.execute(ASK, [timedelta(days=30)]).fetchall() == [(False,)]
        rotate(database, files)
        assert clerk.execute(ASK, [timedelta(0)]).fetchall() == [(False,)]
    asked = "SELECT asked_by, finished_at IS NOT NULL FROM keys.rotation"
    assert owner.execute(asked).fetchall() == [("vouchsafe_clerk", True)]


@pytest.mark.usefixtures("store")
def test_an_epoch_ends_in_order(owner: Owner) -> None:
    with pytest.raises(CheckViolation):
        owner.execute("UPDATE keys.branch_key SET emptied_at = now()")
    with pytest.raises(CheckViolation):
        owner.execute("UPDATE keys.branch_key SET emptied_at = now(), wrapped_key = NULL")
    with pytest.raises(CheckViolation):
        owner.execute("UPDATE keys.branch_key SET closing_at = now(), destroyed_at = now()")


def age(owner: Owner, *, days: int) -> None:
    """Let one compartment's epoch have begun so long ago."""
    owner.execute(
        "UPDATE keys.branch_key SET made_at = now() - %s WHERE compartment = 'contact'",
        [timedelta(days=days)],
    )
