"""Health over HTTP: alive is not yet ready."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg

from crypto.errors import KeyServiceUnavailable
from crypto.kms.guarded import GuardedKeyService
from domain.values import Role
from projections.pipeline import PIPELINE
from tests.databases import Database
from tests.key_services.bao import BaoServer, bao_server, write_token
from tests.match import done
from tests.scheme import Scheme

PATIENCE_SECONDS = 30.0
STOP = """UPDATE read.position SET stopped_at = now(), stopped_position = 1, stopped_reason = 'Zq'
           WHERE name = 'pipeline'"""
SET_ASIDE = """INSERT INTO read.set_aside (name, stream, position, topic, record)
               SELECT name, stream, 1, 'Zq', 'Zq' FROM read.position,
                      unnest(ARRAY[gen_random_uuid(), gen_random_uuid()]) AS damaged(stream)"""

MESSAGES = """
INSERT INTO record.outbox (message, person, kind, about, edition, not_before, made_at, next_try_at,
                           ended_at, outcome)
SELECT gen_random_uuid(), gen_random_uuid(), 'matched', gen_random_uuid(), 0, now() - waits,
       now() - waits, now(), ended_at, outcome
  FROM (VALUES (interval '11 minutes', NULL, NULL), (interval '1 minute', NULL, NULL),
               (interval '1 day', now() - interval '6 days', 'refused'),
               (interval '1 day', now() - interval '6 days', 'given_up'),
               (interval '1 day', now() - interval '8 days', 'refused'),
               (interval '1 day', now(), 'sent')) AS told(waits, ended_at, outcome)"""


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
        "late_messages": 0,
        "failed_messages": 0,
        "key_service": None,
    }

    with psycopg.connect(database.worker_url) as connection:
        connection.execute(STOP)
        connection.execute(SET_ASIDE)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(MESSAGES)

    assert done(reading_scheme.anybody.get("/health/ready")) == {
        "status": "ready",
        "stopped_read_models": 1,
        "set_aside_streams": 2,
        "late_messages": 1,
        "failed_messages": 2,
        "key_service": None,
    }


def test_a_service_whose_key_service_is_away_is_ready_and_counts_the_calls(
    reading_scheme: Scheme, tmp_path: Path
) -> None:
    reading_scheme.person(Role.MENTEE)
    reading_scheme.app.state.reader.wait_for(PIPELINE.name, 1, PATIENCE_SECONDS)
    with bao_server() as bao:
        keys = guarded(bao, tmp_path)
    reading_scheme.app.state.parts = replace(reading_scheme.parts, key_service=keys)
    for _ in range(5):
        with suppress(KeyServiceUnavailable):
            keys.epoch("operational")

    for _ in range(2):
        ready = done(reading_scheme.anybody.get("/health/ready"))
        assert ready["status"] == "ready"
        assert ready["key_service"] == {
            "calls": 4,
            "failures": 3,
            "spared": 2,
            "is_left_alone": True,
        }


def guarded(bao: BaoServer, folder: Path) -> GuardedKeyService:
    """A key service that was asked once; by its clock no time passes, so that it stays left alone."""
    service = bao.service(write_token(folder), "vouchsafe", "operational")
    made = GuardedKeyService(service, clock=lambda: 0.0)
    made.new_epoch("operational")
    return made
