"""Health over HTTP: alive is not yet ready."""

import psycopg

from domain.values import Role
from projections.pipeline import PIPELINE
from tests.databases import Database
from tests.match import done
from tests.scheme import Scheme

PATIENCE_SECONDS = 30.0
STOP = "UPDATE read.position SET stopped_at = now(), stopped_position = 1, stopped_reason = 'Zq'"


def test_a_service_without_read_models_lives_and_is_not_ready(scheme: Scheme) -> None:
    assert scheme.anybody.get("/health/live").status_code == 200

    ready = scheme.anybody.get("/health/ready")

    assert ready.status_code == 503
    assert ready.headers["retry-after"]


def test_a_service_whose_read_models_move_is_ready_until_one_stops(
    reading_scheme: Scheme, database: Database
) -> None:
    reading_scheme.person(Role.MENTEE)
    reading_scheme.app.state.reader.wait_for(PIPELINE.name, 1, PATIENCE_SECONDS)
    assert done(reading_scheme.anybody.get("/health/ready")) == {"status": "ready"}

    with psycopg.connect(database.worker_url) as connection:
        connection.execute(STOP)

    stopped = reading_scheme.anybody.get("/health/ready")
    assert stopped.status_code == 503
    assert "Zq" not in stopped.text
