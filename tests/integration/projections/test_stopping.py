"""What a read model cannot pass stops it alone, visibly, and it can be resumed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from api.event_log import EventLog
from domain.place import Place
from projections.applying import Stopped
from projections.catalogue import READ_MODELS
from projections.deadlines import DEADLINES
from projections.log import Entry
from projections.participation import PARTICIPATION
from projections.pipeline import PIPELINE
from projections.positions import resume
from projections.read_model import ReadModel, Tables
from projections.reader import NotYet, Reader
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

SHORT_SECONDS = 0.2
RELATED = ("pipeline", "my_mentoring", "participation")
"""The read models that a request changes."""


class Unfit(Exception):
    """What a fault in a read model raises; its text must not get out."""


class Poison:
    """Makes a read model fail on the entry at one position, until it is cured."""

    def __init__(self, model: ReadModel, position: int) -> None:
        self._healthy = model
        self.position = position
        self.cured = False
        self.model = replace(model, apply=self._apply)

    def _apply(self, tables: Tables, entries: Sequence[Entry]) -> None:
        self._healthy.apply(tables, entries)
        if not self.cured and any(entry.position == self.position for entry in entries):
            raise Unfit("Quillfeather")


def test_a_poisoned_event_stops_one_read_model_and_the_others_go_on(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    history.tell(10)
    told = history.request()
    poison = Poison(PIPELINE, history.position)
    others = [model for model in READ_MODELS if model is not PIPELINE]
    after = history.request()
    with stage.running(log, [poison.model, *others]) as alarms:
        for model in others:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    assert alarms == [Stopped("pipeline", poison.position, "Unfit")]
    standing = reader.standings()["pipeline"]
    assert standing.stopped_at is not None
    assert standing.stopped_reason == "Unfit"
    assert standing.stopped_position == poison.position
    assert standing.position == poison.position - 1
    assert reader.pipeline_row(told.id) is None
    assert reader.my_mentoring(after.mentee)


def test_a_stopped_read_model_goes_on_once_it_is_resumed(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told = history.request()
    poison = Poison(PIPELINE, history.position)
    with stage.running(log, [poison.model, PARTICIPATION]) as alarms:
        reader.wait_for("participation", history.position, PATIENCE_SECONDS)
        history.mentor()
        reader.wait_for("participation", history.position, PATIENCE_SECONDS)
        poison.cured = True
        with stage.worker_session() as connection:
            assert resume(connection, "pipeline")
            assert not resume(connection, "participation")
        reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)
    assert [alarm.reason for alarm in alarms] == ["Unfit"]
    assert reader.standings()["pipeline"].stopped_at is None
    assert reader.pipeline_row(told.id) is not None


def test_a_poison_that_is_not_cured_stops_the_read_model_again(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    history.request()
    poison = Poison(PIPELINE, history.position)
    for _ in range(2):
        with (
            stage.running(log, [poison.model, PARTICIPATION]) as alarms,
            stage.worker_session() as connection,
        ):
            history.mentor()
            reader.wait_for("participation", history.position, PATIENCE_SECONDS)
            resume(connection, "pipeline")
            history.mentor()
            reader.wait_for("participation", history.position, PATIENCE_SECONDS)
        assert set(alarms) == {Stopped("pipeline", poison.position, "Unfit")}
    assert reader.standings()["pipeline"].stopped_at is not None


def test_a_tampered_event_stops_only_the_read_models_that_need_it_and_names_its_record(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told = history.request()
    history.mentor()
    granted_at = position_of(stage, told.place, Place.Created.TOPIC)
    stage.flip_a_byte(granted_at)
    with stage.running(log) as alarms:
        for model in (PARTICIPATION, DEADLINES):
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
        with pytest.raises(NotYet):
            reader.wait_for("pipeline", granted_at, SHORT_SECONDS)
    record = f"event {told.place} version 1"
    assert set(alarms) == {
        Stopped("pipeline", granted_at, "tampered", record),
        Stopped("my_mentoring", granted_at, "tampered", record),
    }
    standings = reader.standings()
    assert standings["pipeline"].position == granted_at - 1
    assert standings["participation"].stopped_at is None


def test_an_event_that_was_given_another_topic_is_not_taken_for_it(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told = history.request()
    requested_at = position_of(stage, told.id, "relationship.requested")
    rename = "UPDATE record.event SET topic = 'relationship.closed' WHERE position = %s"
    stage.as_superuser(rename, [requested_at])
    with stage.running(log) as alarms:
        history.mentor()
        with pytest.raises(NotYet):
            reader.wait_for("participation", history.position, SHORT_SECONDS)
    assert {alarm.position for alarm in alarms} == {requested_at}
    assert {alarm.reason for alarm in alarms} == {"tampered"}


def test_erased_events_are_skipped_and_the_position_still_moves(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, erased, kept = history.mentor(), history.request(), history.request()
    for told in (erased, kept):
        history.match(told, mentor)
    stage.destroy_stream_key(erased.id)
    with stage.running(log) as alarms:
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    assert alarms == []
    assert reader.pipeline_row(erased.id) is None
    assert reader.my_mentoring(erased.mentee) == ()
    assert reader.pipeline_row(kept.id) is not None
    assert [each.relationship for each in reader.participation_of(mentor)] == [kept.id]


def test_a_relationship_outlives_the_erasure_of_its_place(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, told = history.mentor(), history.request()
    history.activate(told, mentor)
    history.schedule(told)
    stage.destroy_stream_key(told.place)
    with stage.running(log) as alarms:
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    assert alarms == []
    [own] = reader.my_mentoring(told.mentee)
    assert '"place":null' in own.document


def position_of(stage: Stage, stream: object, topic: str) -> int:
    find = "SELECT position FROM record.event WHERE originator_id = %s AND topic = %s"
    [(position,)] = stage.as_superuser(find, [stream, topic])
    return int(position)
