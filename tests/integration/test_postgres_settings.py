"""The settings that lie in files are those that the embedded server and its roles run with."""

import re

import psycopg
import pytest
from psycopg.sql import SQL

from api.embedded_postgres import DATABASE_ROLES
from api.embedded_postgres.provisioning import ROLE_SETTINGS
from api.embedded_postgres.server_settings import FILE, UNSAFE_BUT_QUICK, server_settings
from crypto.event_store.group_commit import LONGEST_WAIT_SECONDS
from tests.databases import Database

OF_ROLES = re.findall(
    r"^ALTER ROLE (\w+) SET (\w+) = '?([\w ]+?)'?;$", ROLE_SETTINGS.read_text("utf-8"), re.MULTILINE
)
IN_MILLISECONDS = "SELECT setting::integer FROM pg_settings WHERE name = %s"


def test_every_setting_of_the_file_is_in_force(database: Database) -> None:
    written = server_settings(durable=False)
    with psycopg.connect(database.superuser_url) as connection:
        asked = SQL("SELECT ") + SQL(", ").join(
            SQL("current_setting({})").format(name) for name in written
        )
        assert connection.execute(asked).fetchone() == tuple(written.values())


def test_a_durable_server_waits_for_the_disk(database: Database) -> None:
    durable = server_settings(durable=True)
    assert {durable[name] for name in (*UNSAFE_BUT_QUICK, "synchronous_commit")} == {"on"}
    assert "fsync = 'on'" in FILE.read_text("utf-8")
    assert database.postgres.is_running


def test_every_setting_of_every_role_is_in_force(database: Database) -> None:
    assert {role for role, _, _ in OF_ROLES} == set(DATABASE_ROLES)
    in_force = []
    for role, name, _ in OF_ROLES:
        with psycopg.connect(database.url(role)) as connection:
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        assert row is not None
        in_force.append((role, name, row[0]))
    assert in_force == OF_ROLES


def test_no_statement_that_somebody_waits_for_may_outlast_the_wait_for_a_group(
    database: Database,
) -> None:
    for role in ("vouchsafe_api", "vouchsafe_clerk", "vouchsafe_reader"):
        with psycopg.connect(database.url(role)) as connection:
            row = connection.execute(IN_MILLISECONDS, ["statement_timeout"]).fetchone()
        assert row is not None
        assert 0 < row[0] <= LONGEST_WAIT_SECONDS * 1000 / 2


def test_a_transaction_left_open_lets_go_of_what_all_appends_wait_for(database: Database) -> None:
    with psycopg.connect(database.api_url, autocommit=True) as forgetful:
        forgetful.execute("SET idle_in_transaction_session_timeout = '100ms'")
        forgetful.execute("BEGIN; SELECT pg_advisory_xact_lock(7012023)")
        with psycopg.connect(database.superuser_url) as next_one:
            next_one.execute("SET statement_timeout = '60s'")
            next_one.execute("SELECT pg_advisory_xact_lock(7012023)")
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            forgetful.execute("SELECT 1")


def test_what_somebody_changed_is_put_right_at_the_next_start(database: Database) -> None:
    change = "ALTER ROLE vouchsafe_keeper SET statement_timeout = 0"
    with psycopg.connect(database.superuser_url, autocommit=True) as superuser:
        superuser.execute(change)
    database.postgres.provision(database.name)
    with psycopg.connect(database.keeper_url) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("5min",)
