"""A second worker waits beside the one that leads, and goes on in its place as soon as that is killed."""

from pathlib import Path

import psycopg

from api.embedded_postgres.processes import wait_until
from projections.catalogue import READ_MODELS
from projections.leadership import LOCK
from projections.reader import Reader
from tests.integration.projections.history import History
from tests.integration.projections.stage import Stage
from tests.integration.projections.test_worker_process import START_SECONDS, worker

HERE = (
    " FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()"
    " WHERE locktype = 'advisory' AND objid = %s AND "
)
LEADERS = f"SELECT l.pid{HERE}granted"
WAITING = f"SELECT count(*){HERE}NOT granted"
KEPT = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = 'vouchsafe_worker' AND pid = %s"
)
PATIENCE_SECONDS = 60.0


def test_a_killed_leader_is_followed_by_the_worker_that_waits(
    stage: Stage, history: History, reader: Reader, tmp_path: Path
) -> None:
    history.tell(3)
    with worker(stage, tmp_path / "first.log") as first:
        wait_for_all(reader, history.position)
        (leader,) = asked(stage, LEADERS)
        with worker(stage, tmp_path / "second.log") as second:
            assert wait_until(lambda: asked(stage, WAITING) == [1], PATIENCE_SECONDS)
            first.kill()
            first.wait(PATIENCE_SECONDS)
            history.tell(3)
            wait_for_all(reader, history.position)
            assert asked(stage, KEPT, leader) == [0]
            (follower,) = asked(stage, LEADERS)
            assert follower != leader
            assert second.poll() is None
    live = stage.contents()
    with stage.worker_log() as log:
        for model in READ_MODELS:
            stage.rebuild(log, model)
    assert stage.contents() == live


def wait_for_all(reader: Reader, position: int) -> None:
    for model in READ_MODELS:
        reader.wait_for(model.name, position, START_SECONDS)


def asked(stage: Stage, question: str, about: int = LOCK) -> list[int]:
    with psycopg.connect(stage.database.superuser_url) as connection:
        return [row[0] for row in connection.execute(question.encode(), [about])]
