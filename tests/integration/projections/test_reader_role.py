"""Whatever a worker puts in place of its tables runs as a role that can do nothing else."""

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from psycopg.types.json import Jsonb

from api.event_log import EventLog
from crypto.event_store.append import values_of
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from projections.rebuild import prepare
from tests.integration.projections.stage import Stage

ATTEMPTS = {
    "issue a token": """INSERT INTO access.token (token_hash, person, role, scopes, expires_at)
        VALUES (sha256('Zq'), gen_random_uuid(), 'coordinator', '{read,write}', 'infinity')""",
    "sign in": "SELECT FROM access.session",
    "read keys": "SELECT FROM keys.branch_key_operational",
    "read the log": "SELECT FROM record.event",
    "append": f"SELECT record.append({', '.join(['NULL'] * len(values_of([])))})",
    "move a policy": "DELETE FROM record.policy_position",
    "look outside": "SELECT FROM public.migration",
    "become the api": "SET ROLE vouchsafe_api",
    "keep a table": "CREATE TABLE read.kept ()",
    "keep a table for now": "CREATE TEMPORARY TABLE kept ()",
    "write": "DELETE FROM read.position_of_before",
}
"""What planted code would like to do, under names that it reports by."""

PLANT = """
    CREATE TABLE read.attempt AS
        SELECT key AS name, value AS statement FROM jsonb_each_text({attempts});
    GRANT SELECT ON read.attempt TO PUBLIC;
    CREATE FUNCTION read.planted() RETURNS text[] LANGUAGE plpgsql AS $$
    DECLARE
        each   record;
        report text[] := ARRAY[current_user];
    BEGIN
        FOR each IN SELECT name, statement FROM read.attempt LOOP
            BEGIN
                EXECUTE each.statement;
                report := report || each.name;
            EXCEPTION WHEN insufficient_privilege THEN NULL;
            END;
        END LOOP;
        RETURN report;
    END $$;
    ALTER TABLE read.position RENAME TO position_of_before;
    CREATE VIEW read.position AS
        SELECT name, version, read.planted() AS tables, position, stopped_at, stopped_position,
               stopped_reason
          FROM read.position_of_before;
    GRANT SELECT ON read.position TO PUBLIC;
"""


@pytest.fixture
def planted(stage: Stage, log: EventLog) -> Stage:
    """A database whose worker was taken over."""
    with stage.worker_session() as worker:
        prepare(worker, log, READ_MODELS)
        plant = sql.SQL(PLANT).format(attempts=sql.Literal(Jsonb(ATTEMPTS)))
        worker.execute(plant)
    return stage


@pytest.mark.usefixtures("planted")
def test_what_a_worker_plants_runs_as_the_reader_and_is_refused_everything(reader: Reader) -> None:
    standings = reader.standings()
    assert {each.name for each in READ_MODELS} == set(standings)
    assert {tuple(each.tables) for each in standings.values()} == {("vouchsafe_reader",)}


@pytest.mark.parametrize("role", ["vouchsafe_api", "vouchsafe_clerk"])
def test_a_role_with_rights_cannot_be_brought_to_select_what_a_worker_made(
    planted: Stage, role: str
) -> None:
    with psycopg.connect(planted.database.url(role), autocommit=True) as connection:
        for table in ("position", "set_aside", "pipeline", "participation", "deadlines"):
            statement = sql.SQL("SELECT FROM {}").format(sql.Identifier("read", table))
            with pytest.raises(InsufficientPrivilege):
                connection.execute(statement)


def test_the_reader_may_use_one_schema_of_ours_and_make_nothing(stage: Stage) -> None:
    usable = """SELECT nspname FROM pg_namespace
                 WHERE has_schema_privilege('vouchsafe_reader', oid, 'USAGE')
                   AND nspname NOT IN ('pg_catalog', 'information_schema', 'public')"""
    assert stage.as_superuser(usable) == [("read",)]
    makes = """SELECT has_schema_privilege('vouchsafe_reader', 'read', 'CREATE'),
                      has_database_privilege('vouchsafe_reader', current_database(), 'CREATE'),
                      has_database_privilege('vouchsafe_reader', current_database(), 'TEMPORARY')"""
    assert stage.as_superuser(makes) == [(False, False, False)]
