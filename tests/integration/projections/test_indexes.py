"""With a million events, every question finds its rows by an index, and an append costs what it did."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from api.embedded_postgres import EmbeddedPostgres
from crypto.event_store.recorder import QUERIES as RECORDER
from projections.catalogue import READ_MODELS
from tests.databases import Database, fresh_database
from tests.integration.projections.large import (
    FEW,
    KEY,
    MANY,
    STREAM,
    id_of,
    load_log,
    load_views,
    loading,
)
from tests.integration.projections.plans import CUSTOM, GENERIC, Answered, answered
from tests.integration.projections.questions import (
    APPENDS,
    ELSEWHERE,
    FILES,
    LOG,
    MAKES_OR_LOCKS,
    NOTICES,
    QUESTIONS,
    SMALL,
)

HOUSE = Path(__file__).parents[3]
TABLES = {table: Identifier("read", table) for model in READ_MODELS for table in model.tables}
KEY_TABLES = {
    "key_table": Identifier("keys", "data_key_operational"),
    "branch_table": Identifier("keys", "branch_key_operational"),
}


class Large:
    """The database, and how many blocks an append took when it was small and when it is large."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.blocks: dict[int, int] = {}

    def append(self, events: int) -> None:
        """Note what one append to a stream in the middle costs, once the session is warm."""
        with psycopg.connect(self.database.api_url, autocommit=True) as connection:
            blocks = [_appended(connection, events // 20 + n).blocks for n in range(3)]
        self.blocks[events] = blocks[-1]


def _appended(connection: Connection[Any], stream: int) -> Answered:
    empty = ("field_keys", "heads", "new_keys", "ends", "messages")
    values = {
        "command_ids": [uuid4()],
        "request_macs": [b"mac"],
        "subjects": [id_of(STREAM, stream)],
        "subject_versions": [11],
        "whose": [1],
        "streams": [id_of(STREAM, stream)],
        "versions": [11],
        "topics": ["relationship.session_held"],
        "states": [bytes(300)],
        "salts": [bytes(32)],
        "stream_keys": [id_of(KEY, stream)],
        **dict.fromkeys(empty, "[]"),
    }
    return answered(connection, RECORDER.append.sql, values, GENERIC)


@pytest.fixture(scope="module")
def large(postgres: EmbeddedPostgres, template: str) -> Iterator[Large]:
    """A thousand events, an append, a million events, an append, and everything that is shown of them."""
    with fresh_database(postgres, template) as database, loading(database) as connection:
        made = Large(database)
        load_log(connection, after=0, upto=FEW)
        made.append(FEW)
        load_log(connection, after=FEW, upto=MANY)
        made.append(MANY)
        load_views(connection)
        yield made


@pytest.fixture(scope="module")
def asking(large: Large) -> Iterator[Connection[Any]]:
    with psycopg.connect(large.database.superuser_url, autocommit=True) as connection:
        yield connection


def statement_of(question: str) -> str:
    file, _, name = question.partition(".")
    text = SQL(getattr(FILES[file], name).sql).format(**TABLES, **KEY_TABLES)
    return text.as_string(None)


def test_every_question_of_the_service_is_asked_here() -> None:
    named = {
        f"{file}.{name}"
        for file, queries in FILES.items()
        for name in queries.available_queries
        if not name.endswith("_cursor")
    }
    assert named == QUESTIONS.keys() | MAKES_OR_LOCKS | APPENDS
    written = {path.stem for room in ("api", "crypto", "projections") for path in _in(room)}
    assert written == FILES.keys() | ELSEWHERE.keys()


def _in(room: str) -> Iterator[Path]:
    return (HOUSE / room).rglob("*.sql")


@pytest.mark.parametrize("mode", [CUSTOM, GENERIC])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_finds_its_rows_by_an_index(
    asking: Connection[Any], question: str, mode: str
) -> None:
    found = answered(asking, statement_of(question), QUESTIONS[question].values, mode)
    assert found.read_whole <= SMALL
    assert found.rows <= QUESTIONS[question].rows


def test_the_notices_are_found_among_all_events(asking: Connection[Any]) -> None:
    values = {**LOG, "after": 0, "stop": MANY, "topics": NOTICES}
    found = answered(asking, statement_of("recorder.log"), values, CUSTOM)
    assert found.read_whole == frozenset()
    assert found.rows <= 100


def test_a_question_that_reads_everything_would_be_seen(asking: Connection[Any]) -> None:
    """The measure itself: without it, everything above would hold of any plan."""
    whole = answered(asking, "SELECT count(*) FROM record.event WHERE salt = ''", {}, CUSTOM)
    assert whole.read_whole == {"event"}
    assert whole.rows > MANY // 2


def test_an_append_costs_what_it_did_when_the_log_was_small(large: Large) -> None:
    assert large.blocks[FEW] > 0
    assert large.blocks[MANY] <= 3 * large.blocks[FEW]
