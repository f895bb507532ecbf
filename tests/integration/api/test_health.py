"""Health over HTTP: alive is not yet ready."""

import psycopg

from domain.values import Role
from projections.pipeline import PIPELINE
from tests.databases import Database
from tests.match import done
from tests.scheme import Scheme

PATIENCE_SECONDS = 30.0
STOP = """UPDATE read.position SET stopped_at = now(), stopped_position = 1, stopped_reason = 'Zq'
           WHERE name = 'pipeline'"""
SET_ASIDE = """INSERT INTO read.set_aside (name, stream, position, topic, record)
               SELECT name, stream, 1, 'Zq', 'Zq' FROM read.position,
                      unnest(ARRAY[gen_random_uuid(), gen_random_uuid()]) AS damaged(stream)"""


def test_a_service_without_read_models_lives_and_is_not_ready(scheme: Scheme) -> None:
    assert scheme.anybody.get("/health/live").status_code == 200

    ready = scheme.anybody.get("/health/ready")

    assert ready.status_code == 503
    assert ready.headers["retry-after"]


def test_a_ready_service_counts_what_stands_still_and_says_no_more(
    reading_scheme: Scheme, database: Database
) -> None:
    reading_scheme.person(Role.MENTEE)
    reading_scheme.app.state.reader.wait_for(PIPELINE.name, 1, PATIENCE_SECONDS)
    assert done(reading_scheme.anybody.get("/health/ready")) == {
        "status": "ready",
        "stopped_read_models": 0,
        "set_aside_streams": 0,
    }

    with psycopg.connect(database.worker_url) as connection:
        connection.execute(STOP)
        connection.execute(SET_ASIDE)

    assert done(reading_scheme.anybody.get("/health/ready")) == {
        "status": "ready",
        "stopped_read_models": 1,
        "set_aside_streams": 2,
    }
