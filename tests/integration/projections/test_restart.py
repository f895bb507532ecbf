"""Read models go on by themselves after the database was killed and started again."""

import os
import signal
from pathlib import Path

from api.bootstrap import joined, local_key_files, local_key_service, prepare_database
from api.embedded_postgres import EmbeddedPostgres
from api.embedded_postgres.processes import wait_until
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from tests.databases import Database
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage


def test_a_kill_of_the_database_is_survived(enterable_folder: Path, tmp_path: Path) -> None:
    files = local_key_files(tmp_path / "keys")
    server = EmbeddedPostgres(
        enterable_folder / "data", durable=False, server_parent=enterable_folder / "servers"
    )
    with server:
        server.provision("restarted")
        stage = Stage(Database(server, "restarted"), files)
        prepare_database(stage.database.owner_url, local_key_service(files))
        with (
            stage.worker_log() as log,
            Reader(stage.database.reader_url) as reader,
            stage.running(log) as alarms,
        ):
            show_more(stage, reader, seed=1)
            os.kill(server.pid, signal.SIGKILL)
            assert wait_until(lambda: not server.is_running, PATIENCE_SECONDS)
            server.start()
            show_more(stage, reader, seed=2)
        assert alarms == []


def show_more(stage: Stage, reader: Reader, *, seed: int) -> None:
    with joined(stage.settings("vouchsafe_api")) as parts:
        history = History(parts, seed)
        told = history.request()
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    assert reader.pipeline_row(told.id) is not None
