"""An erasure removes from the running read models exactly what a rebuild omits, and nothing of anybody else."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.bootstrap import Parts
from api.erasing.orders import ErasureOrders
from api.event_log import EventLog
from domain.commands.erasures import grant_erasure, note_carried_out, request_erasure
from domain.commands.relationships import end_for_withdrawal
from domain.erasure import Erasure
from domain.policies.erasure import FATES, Fate, streams_of
from projections import runner as running
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage


def caught_up(history: History, reader: Reader) -> None:
    for model in READ_MODELS:
        reader.wait_for(model.name, history.position, PATIENCE_SECONDS)


def erase(stage: Stage, parts: Parts, history: History, reader: Reader, person: UUID) -> None:
    """Every step in its order; what is open to the person ends first, as the clerk ends it."""
    asked = history.do(request_erasure, person, person=person, receipt=uuid4()).subject
    ErasureOrders(parts.pool).order(asked, person)
    history.do(grant_erasure, history.coordinator, erasure=asked)
    caught_up(history, reader)
    for relationship in reader.open_relationships(person):
        history.do(
            end_for_withdrawal, history.coordinator, relationship=relationship, person=person
        )
    with psycopg.connect(stage.database.clerk_url) as connection:
        row = connection.execute("SELECT record.carry_out_erasure(%s)", [asked]).fetchone()
    assert row is not None
    done = {"streams": streams_of(person), "positions": tuple(row[0])}
    history.do(note_carried_out, history.coordinator, erasure=asked, **done)


def of_others(stage: Stage, history: History, gone: set[UUID]) -> dict[str, list[Any]]:
    """The rows that these people, and their relationships and places, have nothing to do with."""
    theirs = [told for told in history.told if history.load(told).insiders & gone]
    names = {str(id) for told in theirs for id in (told.id, told.place)} | set(map(str, gone))
    return {
        table: [row for row in rows if not any(name in str(row) for name in names)]
        for table, rows in stage.contents().items()
    }


@pytest.mark.parametrize("seed", range(2))
def test_the_running_read_models_are_those_that_a_rebuild_makes(
    stage: Stage,
    parts: Parts,
    log: EventLog,
    reader: Reader,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "BATCH", 5 + seed)
    history = History(parts, seed)
    with stage.running(log) as alarms:
        history.tell(50)
        gone = {history.told[0].mentee, history.mentors[0]}
        for person in sorted(gone):
            caught_up(history, reader)
            before = of_others(stage, history, gone)
            erase(stage, parts, history, reader, person)
            caught_up(history, reader)
            after = of_others(stage, history, gone)
            assert any(after.values())
            assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
        # Whoever is gone says nothing more; others go on.
        history.activate(history.request(), history.mentor())
        caught_up(history, reader)
    assert alarms == []
    live = stage.contents()
    for model in READ_MODELS:
        stage.rebuild(log, model)
    assert stage.contents() == live


def test_a_read_model_of_what_is_deleted_is_told_of_erasures() -> None:
    """Else its rows would stay after the erasure, and a rebuild would not make them."""
    deleted = {name for name, fate in FATES.items() if fate is Fate.DELETED}
    reading = [
        model
        for model in READ_MODELS
        if any(topic.partition(".")[0] in deleted for topic in model.topics)
    ]
    assert all(Erasure.CarriedOut.TOPIC in model.topics for model in reading)
