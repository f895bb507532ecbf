"""A rebuilt read model equals the running one row by row, and goes on where it was killed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from api.bootstrap import Parts
from api.event_log import EventLog
from projections import rebuild as rebuilding
from projections import runner as running
from projections.catalogue import READ_MODELS
from projections.log import Entry
from projections.pipeline import PIPELINE
from projections.positions import standings
from projections.read_model import Tables
from projections.reader import Reader
from projections.rebuild import RebuildRuns, RebuildStopped
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage, WholeLog


class Unfit(Exception):
    """What a fault in a read model raises."""


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs."""


def caught_up(stage: Stage, history: History, log: EventLog, reader: Reader) -> None:
    with stage.running(log):
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)


@pytest.mark.parametrize("seed", range(2))
def test_a_rebuilt_read_model_equals_the_running_one(
    stage: Stage,
    parts: Parts,
    log: EventLog,
    reader: Reader,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = History(parts, seed)
    # Other batches than the rebuild's: where a batch ends must not show.
    monkeypatch.setattr(running, "BATCH", 7 + seed)
    monkeypatch.setattr(rebuilding, "BATCH", 61)
    with stage.running(log):
        history.tell(70)
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    live = stage.contents()
    assert len(live["pipeline"]) == len(history.told)
    for model in READ_MODELS:
        assert stage.rebuild(log, model) == history.position
    assert stage.contents() == live


def test_a_rebuild_goes_on_where_it_was_killed(
    stage: Stage, history: History, log: EventLog, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.tell(60)
    caught_up(stage, history, log, reader)
    live = stage.contents([PIPELINE])
    monkeypatch.setattr(rebuilding, "BATCH", 20)

    def die_at_60(done: int, _total: int) -> None:
        if done >= 60:
            raise Killed

    with pytest.raises(Killed):
        stage.rebuild(log, PIPELINE, progress=die_at_60)
    assert stage.contents([PIPELINE]) == live
    counted = WholeLog(log)
    seen: list[tuple[int, int]] = []
    stage.rebuild(counted, PIPELINE, progress=lambda *at: seen.append(at))
    assert min(counted.reads) == 60
    assert seen[0] == (60, history.position)
    assert seen[-1] == (history.position, history.position)
    assert stage.contents([PIPELINE]) == live


def test_a_rebuild_swaps_beside_a_worker_that_goes_on(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log) as alarms:
        for _ in range(3):
            history.tell(10)
            for model in READ_MODELS:
                reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
                shown = reader.pipeline(most=10)
                stage.rebuild(log, model)
                assert reader.pipeline(most=10) == shown
        history.tell(10)
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    assert alarms == []
    live = stage.contents()
    for model in READ_MODELS:
        stage.rebuild(log, model)
    assert stage.contents() == live


def test_a_new_version_is_rebuilt_when_a_worker_starts(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    history.tell(20)
    caught_up(stage, history, log, reader)
    live = stage.contents([PIPELINE])
    stage.as_superuser("TRUNCATE read.pipeline")
    newer = replace(PIPELINE, version=PIPELINE.version + 1)
    with stage.running(log, [newer]):
        history.mentor()
        reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)
    assert stage.contents([PIPELINE]) == live
    assert reader.standings()["pipeline"].version == newer.version


def test_a_rebuild_that_cannot_pass_an_event_leaves_the_live_tables(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    history.request()
    caught_up(stage, history, log, reader)
    live = stage.contents([PIPELINE])

    def fail(_tables: Tables, _entries: Sequence[Entry]) -> None:
        raise Unfit

    with pytest.raises(RebuildStopped) as stopped:
        stage.rebuild(log, replace(PIPELINE, apply=fail))
    assert stopped.value.stopped.reason == "Unfit"
    assert stage.contents([PIPELINE]) == live


def test_a_read_model_is_rebuilt_by_one_process_at_a_time(
    stage: Stage, history: History, log: EventLog
) -> None:
    history.tell(5)

    def rebuild_again(_done: int, _total: int) -> None:
        with pytest.raises(RebuildRuns):
            stage.rebuild(log, PIPELINE)
        raise Killed

    with pytest.raises(Killed):
        stage.rebuild(log, PIPELINE, progress=rebuild_again)


def test_a_rebuild_leaves_nothing_beside_the_live_tables(
    stage: Stage, history: History, log: EventLog
) -> None:
    history.tell(5)
    for _ in range(2):
        stage.rebuild(log, PIPELINE)
    tables = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'read'::regnamespace AND relkind = 'r'"
    )
    assert {name for (name,) in stage.as_superuser(tables)} == {
        "position",
        "set_aside",
        *PIPELINE.tables,
    }
    with stage.worker_session() as connection:
        assert set(standings(connection)) == {PIPELINE.name}
