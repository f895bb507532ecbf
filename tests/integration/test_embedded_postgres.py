"""The embedded PostgreSQL keeps data, lets in only whom it should, and works from any folder."""

from pathlib import Path

import psycopg
import pytest

from api.embedded_postgres import (
    DATABASE_OWNER,
    DATABASE_ROLES,
    AlreadyRunning,
    DatabaseDidNotStart,
    DatabaseNotRunning,
    DataMissing,
    EmbeddedPostgres,
    PasswordsMissing,
    role_passwords,
    running_address,
)
from api.embedded_postgres.processes import server_pids
from tests.databases import Database
from tests.embedded import embedded, mode, remember, remembered


@pytest.fixture
def folder(enterable_folder: Path) -> Path:
    return enterable_folder / "postgres"


def test_data_is_kept_when_the_server_is_stopped_and_started(folder: Path) -> None:
    postgres = embedded(folder)
    with postgres:
        remember(postgres)
        cluster = postgres.cluster
    assert not postgres.is_running
    assert server_pids(cluster) == []
    with postgres:
        assert remembered(postgres.superuser_url()) == [("plimsoll",)]


def test_stopping_twice_and_starting_twice_do_no_harm(folder: Path) -> None:
    postgres = embedded(folder)
    postgres.stop()
    with postgres:
        pid = postgres.pid
        postgres.start()
        assert postgres.pid == pid
    postgres.stop()
    assert not postgres.is_running


def test_a_clean_stop_needs_no_recovery(folder: Path) -> None:
    postgres = embedded(folder)
    with postgres:
        remember(postgres)
        log = postgres.log
    with postgres:
        assert "automatic recovery" not in log.read_text()


def test_a_second_holder_is_refused_with_a_sentence(folder: Path) -> None:
    with embedded(folder) as postgres:
        with pytest.raises(AlreadyRunning, match="Another Vouchsafe is already running"):
            embedded(folder).start()
        assert postgres.is_running
        remember(postgres)


def test_no_one_gets_in_without_the_right_password(database: Database) -> None:
    address = database.postgres.address(database.name)
    for role in ("postgres", *DATABASE_ROLES):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(address.url(role, "wrong"))
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(host=address.host, user=role, dbname=database.name)


def test_every_way_in_is_scram_on_the_socket(database: Database) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        rules = connection.execute(
            "SELECT type, database, user_name, auth_method FROM pg_hba_file_rules"
        ).fetchall()
        verifiers = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolcanlogin")
        assert rules == [
            ("local", ["all"], ["all"], "scram-sha-256"),
            ("local", ["replication"], ["postgres"], "scram-sha-256"),
        ]
        assert all(verifier.startswith("SCRAM-SHA-256$") for (verifier,) in verifiers)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_roles_have_no_privilege_of_the_server(database: Database) -> None:
    database.postgres.provision(database.name)
    with psycopg.connect(database.superuser_url) as connection:
        powerful = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreatedb OR rolcreaterole"
            " OR rolreplication OR rolbypassrls"
        )
        assert powerful.fetchall() == [("postgres",)]
    for role in DATABASE_ROLES:
        with psycopg.connect(database.url(role)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_the_database_belongs_to_its_owner(database: Database) -> None:
    with psycopg.connect(database.api_url) as connection:
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        )
        assert owner.fetchone() == (DATABASE_OWNER,)


def test_a_role_that_is_not_named_may_not_enter_the_database(database: Database) -> None:
    postgres = database.postgres
    postgres.provision("elsewhere", roles=[DATABASE_OWNER, "outsider"])
    psycopg.connect(postgres.url("outsider", "elsewhere")).close()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(database.url("outsider"))


@pytest.mark.parametrize("own", ["postgres", "template1"])
def test_no_role_may_enter_the_databases_of_the_server_itself(database: Database, own: str) -> None:
    for role in DATABASE_ROLES:
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(database.postgres.url(role, own))


def test_folders_and_secrets_are_closed_to_others(folder: Path) -> None:
    with embedded(folder) as postgres:
        assert mode(postgres.cluster) == 0o700
        assert mode(Path(postgres.address("postgres").host)) == 0o700
        assert mode(folder / "database-passwords.json") == 0o600
        assert mode(postgres.log) == 0o600
        assert mode(folder) & 0o066 == 0


def test_a_private_folder_above_keeps_its_mode_and_is_no_hindrance(enterable_folder: Path) -> None:
    private = enterable_folder / "private"
    private.mkdir(mode=0o700)
    owner = private.stat().st_uid
    postgres = EmbeddedPostgres(
        private / "postgres", durable=False, server_parent=enterable_folder / "servers"
    )
    with postgres:
        remember(postgres)
    with postgres:
        assert remembered(postgres.superuser_url()) == [("plimsoll",)]
        assert mode(postgres.cluster) == 0o700
    assert (mode(private), private.stat().st_uid) == (0o700, owner)


@pytest.mark.parametrize(
    "name",
    ["with spaces", "O'Neil's", 'a "quoted", listed; $HOME', "ünïcode", "long" * 40],
)
def test_any_path_will_do(enterable_folder: Path, name: str) -> None:
    postgres = embedded(enterable_folder / name)
    with postgres:
        address = postgres.address("postgres")
        assert len(f"{address.host}/.s.PGSQL.{address.port}") <= 100
        assert mode(Path(address.host)) == 0o700
        remember(postgres)
    with postgres:
        assert postgres.address("postgres") == address
        assert remembered(postgres.superuser_url()) == [("plimsoll",)]


def test_the_log_repeats_nothing_of_what_was_stored_or_asked(database: Database) -> None:
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text UNIQUE)")
        connection.execute("INSERT INTO kept VALUES ('quillwort')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO kept VALUES (%s)", ["quillwort"])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'quillwort'::int")
        with pytest.raises(psycopg.errors.SyntaxError):
            connection.execute("quillwort")
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("DO $$ BEGIN RAISE 'quillwort'; END $$")
    log = database.postgres.log.read_text()
    assert "ready to accept connections" in log
    assert "quillwort" not in log


def test_a_server_that_cannot_start_names_its_log_and_lets_go_of_the_folder(folder: Path) -> None:
    with pytest.raises(DatabaseDidNotStart, match=r"server\.log"):
        embedded(folder, shared_buffers="no number").start()
    with embedded(folder) as postgres:
        remember(postgres)


def test_data_that_has_gone_missing_is_not_replaced_by_an_empty_database(folder: Path) -> None:
    with embedded(folder) as postgres:
        cluster = postgres.cluster
    cluster.rename(cluster.with_name("moved"))
    with pytest.raises(DataMissing):
        embedded(folder).start()


def test_passwords_that_have_gone_missing_are_not_made_anew(folder: Path) -> None:
    with embedded(folder):
        pass
    (folder / "database-passwords.json").unlink()
    with pytest.raises(PasswordsMissing):
        embedded(folder).start()


def test_an_existing_folder_keeps_its_mode(folder: Path) -> None:
    folder.mkdir(mode=0o711)
    folder.chmod(0o711)
    with embedded(folder) as postgres:
        remember(postgres)
    assert mode(folder) == 0o711


def test_another_program_finds_the_running_server(folder: Path) -> None:
    with pytest.raises(DatabaseNotRunning):
        running_address(folder, "postgres")
    with embedded(folder) as postgres:
        remember(postgres)
        address = running_address(folder, "postgres")
        assert remembered(address.url("postgres", role_passwords(folder).of("postgres")))
    with pytest.raises(DatabaseNotRunning):
        running_address(folder, "postgres")


def test_passwords_differ_stay_and_are_not_shown(tmp_path: Path) -> None:
    passwords = role_passwords(tmp_path)
    assert passwords.of("one") != passwords.of("two")
    assert role_passwords(tmp_path).of("one") == passwords.of("one")
    assert repr(passwords) == "<sealed>"


@pytest.mark.parametrize("_", ["first", "second"])
def test_each_test_gets_a_database_of_its_own(database: Database, _: str) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("CREATE TABLE only_mine (word text)")
