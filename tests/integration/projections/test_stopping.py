"""What a read model cannot pass stops it alone, visibly, and it can be resumed."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

import domain
from api.bootstrap import Parts
from api.event_log import EventLog
from crypto.event_store.mapper import SealingMapper
from domain.commands.organisations import register_organisation
from domain.organisation import Organisation
from domain.place import Place
from projections.alarms import PassedOver, Stopped
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
    assert alarms == [Stopped("pipeline", poison.position, "Unfit")]
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


def test_an_event_of_a_later_release_stops_only_the_read_models_that_need_it(
    stage: Stage, parts: Parts, history: History, reader: Reader
) -> None:
    told = history.request()
    history.mentor()
    granted_at = stage.position_of(told.place, Place.Created.TOPIC)
    with stage.running(log_without(parts, Place.Created.TOPIC)) as alarms:
        for model in (PARTICIPATION, DEADLINES):
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
        with pytest.raises(NotYet):
            reader.wait_for("pipeline", granted_at, SHORT_SECONDS)
    record = f"event {told.place} version 1"
    needing = {model.name for model in READ_MODELS if Place.Created.TOPIC in model.topics}
    assert {"pipeline", "my_mentoring"} <= needing
    assert set(alarms) == {Stopped(name, granted_at, "unreadable", record) for name in needing}
    standings = reader.standings()
    assert standings["pipeline"].position == granted_at - 1
    assert standings["participation"].stopped_at is None


def test_an_event_of_a_later_release_that_nobody_needs_is_told_once_and_passed(
    stage: Stage, parts: Parts, history: History, reader: Reader
) -> None:
    buyer = uuid4()
    history.do(register_organisation, uuid4(), id=buyer, name="Plimsoll Council")
    with stage.running(log_without(parts, Organisation.Created.TOPIC)) as alarms:
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
    registered_at = stage.position_of(buyer, Organisation.Created.TOPIC)
    assert alarms == [PassedOver(registered_at, "unreadable", f"event {buyer} version 1")]


def log_without(parts: Parts, topic: str) -> EventLog:
    """The log as a release reads it that does not know a kind of event yet."""
    known = {name: kind for name, kind in domain.EVENT_CLASSES.items() if name != topic}
    return EventLog(parts.recorder, SealingMapper(parts.keyring, known))


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
