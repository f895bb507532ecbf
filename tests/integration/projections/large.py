"""A database with a million events and what is shown of them, loaded in some seconds.

Nothing in it opens: it is there for the plans of questions, and for what an append costs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import aiosql
import psycopg
from psycopg import Connection

from projections import positions
from projections.catalogue import READ_MODELS
from projections.read_model import Tables
from tests.databases import Database

FEW, MANY = 1_000, 1_000_000
RELATIONSHIPS = MANY // 10
STAGES = ["requested", "proposed", "matched", "active", "paused", "closed"]

STREAM, PERSON, PLACE, NOTEBOOK, COMMAND, KEY = "abcdef"
LOADING = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
LOG = ("make_stream_keys", "record_events", "record_outcomes")
SHOWN = (
    "show_pipeline",
    "show_places",
    "show_my_mentoring",
    "show_my_places",
    "show_my_caseload",
    "show_places_of_caseloads",
    "show_mentors",
    "show_participation",
    "show_deadlines",
    "show_rights_desk",
    "show_own_places",
    "show_programmes",
    "show_groups",
    "show_people_of_groups",
    "show_held_sessions",
    "show_own_words",
    "show_enquiries",
    "show_desks",
    "show_evaluation",
    "show_voices",
    "show_rematch_requests",
    "show_rematch_wishes",
    "show_duties",
    "show_keeping",
    "show_kept_pairs",
    "show_consent_history",
    "show_consent_standing",
    "show_agreements",
    "show_months",
    "show_paid_places",
    "show_resting",
    "show_contacts",
    "set_aside",
    "stand",
    "issue_tokens",
    "add_passkeys",
    "begin_sessions",
    "tell",
)


def id_of(kind: str, number: int) -> UUID:
    """The id under which something was loaded."""
    return UUID(f"{kind}{number:031x}")


@contextmanager
def loading(database: Database) -> Iterator[Connection[Any]]:
    """A session that may load, on a database with one branch key and the tables of every read model."""
    with psycopg.connect(database.worker_url) as worker, worker.cursor() as cursor:
        positions.create(cursor)
        for model in READ_MODELS:
            Tables(cursor, model).create()
            positions.begin(cursor, model, model.name)
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        _run(connection, "make_ids")
        _run(connection, "make_branch_key")
        yield connection


def load_log(connection: Connection[Any], *, after: int, upto: int) -> None:
    """Record the events after a position."""
    for statement in LOG:
        _run(connection, statement, after=after, upto=upto)
    connection.execute("ANALYZE")


def load_views(connection: Connection[Any]) -> None:
    """Show every relationship, and let everybody be signed in."""
    for statement in SHOWN:
        _run(connection, statement, relationships=RELATIONSHIPS, stages=STAGES, upto=MANY)
    connection.execute("VACUUM ANALYZE")


def _run(connection: Connection[Any], statement: str, **values: object) -> None:
    connection.execute(getattr(LOADING, statement).sql, values or None)
