"""A record that was tampered with sets its own stream aside, by name, and holds up no other."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any
from uuid import UUID

import pytest

from api.bootstrap import Parts
from api.event_log import EventLog
from domain.notebook import Notebook
from domain.person import Person
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections import runner as running
from projections import set_aside
from projections.alarms import SetAside
from projections.applying import Applier
from projections.catalogue import READ_MODELS
from projections.pipeline import PIPELINE
from projections.positions import TakenOver
from projections.reader import Cursor, Reader
from projections.rebuild import prepare, retry
from tests.integration.projections.history import History, Told
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage


def wait_for_all(reader: Reader, position: int) -> None:
    for model in READ_MODELS:
        reader.wait_for(model.name, position, PATIENCE_SECONDS)


def catch_up(stage: Stage, history: History, log: EventLog, reader: Reader) -> None:
    with stage.running(log) as alarms:
        wait_for_all(reader, history.position)
    assert alarms == []


def rebuild_all(stage: Stage, log: EventLog) -> None:
    for model in READ_MODELS:
        stage.rebuild(log, model)


def stages(reader: Reader) -> dict[str, str]:
    rows = map(json.loads, reader.pipeline(most=100).documents)
    return {row["id"]: row["stage"] for row in rows}


def rows_of_others(
    contents: dict[str, list[Any]], damaged: Iterable[UUID], people: Iterable[UUID]
) -> dict[str, list[Any]]:
    """The rows that name no damaged stream, and begin with nobody who was heard of in one."""
    streams, heard = set(damaged), set(people)
    return {
        table: [
            row
            for row in rows
            if row[0] not in heard
            and not any(isinstance(each, UUID) and each in streams for each in row)
        ]
        for table, rows in contents.items()
    }


def retry_all(stage: Stage, log: EventLog, streams: Iterable[UUID]) -> set[bool]:
    with stage.worker_session() as session:
        return {retry(session, log, model, stream) for stream in streams for model in READ_MODELS}


class Damage:
    """One byte each of several relationships' events, at both ends and at random in between."""

    def __init__(self, stage: Stage, damaged: list[Told], topic: str) -> None:
        self._stage = stage
        chance = Random(str(damaged[0].id))  # noqa: S311 - chooses a byte, keeps no secret
        places = [stage.position_of(told.id, topic) for told in damaged]
        sizes = [stage.size_of(position) for position in places]
        self._flips = [(places[0], 0), (places[1], sizes[1] - 1)]
        self._flips += [(places[n], chance.randrange(sizes[n])) for n in range(2, len(places))]
        self.streams = [told.id for told in damaged]
        self.flip()

    def flip(self) -> None:
        """Damage; and once more, restore."""
        for position, offset in self._flips:
            self._stage.flip_a_byte(position, offset)

    def alarms(self, version: int) -> set[SetAside]:
        return {
            SetAside(stream, position, f"event {stream} version {version}")
            for stream, (position, _) in zip(self.streams, self._flips, strict=True)
        }


def test_bytes_flipped_before_they_are_projected_set_aside_their_streams_alone(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, told = history.mentor(), [history.request() for _ in range(7)]
    for each in told:
        history.match(each, mentor)
    damage = Damage(stage, told[:5], Happened.Matched.TOPIC)
    history.mentor()
    with stage.running(log) as alarms:
        wait_for_all(reader, history.position)
        later = history.request()
        wait_for_all(reader, history.position)
    assert len(alarms) == len(damage.streams)
    assert set(alarms) == damage.alarms(version=5)
    assert [each.stopped_at for each in reader.standings().values()] == [None] * len(READ_MODELS)
    assert stages(reader) == {
        **{str(each.id): "proposed" for each in told[:5]},
        **{str(each.id): "matched" for each in told[5:]},
        str(later.id): "requested",
    }
    assert set(reader.pipeline().set_aside) == set(damage.streams)
    assert reader.my_set_aside(told[0].mentee) == [told[0].id]
    assert reader.my_set_aside(told[5].mentee) == []

    live = stage.contents()
    rebuild_all(stage, log)
    assert stage.contents() == live

    assert retry_all(stage, log, damage.streams) == {False}
    damage.flip()
    assert retry_all(stage, log, damage.streams) == {True}
    assert set(stages(reader).values()) == {"matched", "requested"}
    assert reader.pipeline().set_aside == ()
    with stage.running(log) as alarms:
        history.mentor()
        wait_for_all(reader, history.position)
    assert alarms == []


def test_bytes_flipped_after_they_were_projected_leave_what_is_shown_and_are_found_by_a_rebuild(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, told = history.mentor(), [history.request() for _ in range(5)]
    for each in told:
        history.activate(each, mentor)
    catch_up(stage, history, log, reader)
    damage = Damage(stage, told[:3], Happened.MentorProposed.TOPIC)
    for each in told[3:]:
        history.schedule(each)
    catch_up(stage, history, log, reader)
    live = stage.contents()
    assert set(stages(reader).values()) == {"active"}
    rebuild_all(stage, log)
    left_out = damage.streams, [mentor, *(each.mentee for each in told[:3])]
    assert rows_of_others(stage.contents(), *left_out) == rows_of_others(live, *left_out)
    assert set(reader.pipeline().set_aside) == set(damage.streams)
    assert stages(reader)[str(told[0].id)] == "requested"
    damage.flip()
    assert retry_all(stage, log, damage.streams) == {True}
    assert stage.contents() == live


def test_a_stream_that_is_set_aside_is_told_once_at_every_start(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told = history.request()
    stage.flip_a_byte(history.position)
    expected = [SetAside(told.id, history.position, f"event {told.id} version 1")]
    for _ in range(2):
        with stage.running(log) as alarms:
            history.mentor()
            wait_for_all(reader, history.position)
            stage.end_sessions_of("vouchsafe worker")
            history.mentor()
            wait_for_all(reader, history.position)
        assert alarms == expected


def test_a_relationship_whose_request_was_tampered_with_keeps_its_place_in_the_pages(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told = [history.request() for _ in range(3)]
    stage.flip_a_byte(stage.position_of(told[1].id, Relationship.Created.TOPIC))
    with stage.running(log):
        wait_for_all(reader, history.position)
    pages, cursor = [], Cursor()
    while cursor is not None:
        page = reader.pipeline(after=cursor, most=1)
        pages.append(([json.loads(each)["id"] for each in page.documents], page.set_aside))
        cursor = page.next
    assert pages == [([str(told[0].id)], ()), ([], (told[1].id,)), ([str(told[2].id)], ())]


def test_a_mentee_whose_request_was_lost_in_one_read_model_alone_is_told(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told = history.request()
    catch_up(stage, history, log, reader)
    stage.flip_a_byte(stage.position_of(told.id, Relationship.Created.TOPIC))
    stage.rebuild(log, next(model for model in READ_MODELS if model.name == "my_mentoring"))
    assert reader.my_mentoring(told.mentee) == ()
    assert reader.my_set_aside(told.mentee) == [told.id]


def test_what_rests_on_a_damaged_place_or_the_beginning_of_a_notebook_is_marked(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, told = history.mentor(), [history.request() for _ in range(4)]
    for each in told:
        history.activate(each, mentor)
    for each in told[1:3]:
        history.begin_notebook(each)
    history.schedule(told[0])
    books = [Notebook.id_of(each.id) for each in told]
    stage.flip_a_byte(stage.position_of(told[0].place, Place.SessionReserved.TOPIC))
    stage.flip_a_byte(stage.position_of(books[1], Notebook.Created.TOPIC))
    stage.flip_a_byte(stage.position_of(books[2], Notebook.EpochOpened.TOPIC))
    with stage.running(log) as alarms:
        wait_for_all(reader, history.position)
    assert len(alarms) == 3
    assert reader.pipeline().set_aside == (told[0].id, told[1].id)
    shown = [reader.my_set_aside(each.mentee) for each in told]
    assert shown == [[told[0].id], [told[1].id], [], []]


def test_damage_that_no_read_model_shows_is_told_as_well(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, told = history.mentor(), history.request()
    registered_at = stage.position_of(mentor, Person.Created.TOPIC)
    stage.flip_a_byte(registered_at)
    with stage.running(log) as alarms:
        wait_for_all(reader, history.position)
    assert alarms == [SetAside(mentor, registered_at, f"event {mentor} version 1")]
    assert stages(reader) == {str(told.id): "requested"}
    assert reader.pipeline().set_aside == ()


def test_a_key_record_that_was_tampered_with_sets_its_stream_aside(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    damaged, whole = history.request(), history.request()
    flip = """UPDATE keys.data_key SET wrapped_key = set_byte(wrapped_key, 50,
                                                               get_byte(wrapped_key, 50) # 1)
               WHERE owner = %s AND purpose = 'stream' RETURNING key_id"""
    [(key,)] = stage.as_superuser(flip, [damaged.id])
    requested_at = stage.position_of(damaged.id, Relationship.Created.TOPIC)
    with stage.running(log) as alarms:
        wait_for_all(reader, history.position)
    assert alarms == [SetAside(damaged.id, requested_at, f"key {key}")]
    assert stages(reader) == {str(whole.id): "requested"}


@pytest.mark.parametrize("topic", ["relationship.closed", "person.unheard_of"])
def test_an_event_that_was_given_another_topic_is_not_taken_for_it(
    stage: Stage, history: History, log: EventLog, reader: Reader, topic: str
) -> None:
    mentor, told = history.mentor(), history.request()
    history.match(told, mentor)
    proposed_at = stage.position_of(told.id, Happened.MentorProposed.TOPIC)
    rename = "UPDATE record.event SET topic = %s WHERE position = %s"
    stage.as_superuser(rename, [topic, proposed_at])
    with stage.running(log) as alarms:
        wait_for_all(reader, history.position)
    assert alarms == [SetAside(told.id, proposed_at, f"event {told.id} version 2")]
    assert stages(reader) == {str(told.id): "requested"}


def test_random_damage_to_a_whole_story_holds_up_nothing_and_a_rebuild_agrees(
    stage: Stage,
    parts: Parts,
    log: EventLog,
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Damage and what follows it come in batches of their own.
    monkeypatch.setattr(running, "BATCH", 7)
    history, chance = History(parts, seed=5), Random(5)  # noqa: S311 - chooses bytes, keeps no secret
    history.tell(60)
    for position in chance.sample(range(1, history.position + 1), 12):
        stage.flip_a_byte(position, chance.randrange(stage.size_of(position)))
    with stage.running(log) as alarms:
        wait_for_all(reader, history.position)
    assert alarms
    assert all(isinstance(alarm, SetAside) for alarm in alarms)
    live = stage.contents()
    rebuild_all(stage, log)
    assert stage.contents() == live


def test_a_zombie_sets_nothing_aside(stage: Stage, history: History, log: EventLog) -> None:
    history.request()
    stage.flip_a_byte(history.position)
    entries = log.read(0, 100)
    with stage.worker_session() as leader, stage.worker_session() as zombie:
        prepare(leader, log, [PIPELINE])
        Applier(leader, PIPELINE).apply(entries[:-1], old=0)
        with pytest.raises(TakenOver):
            Applier(zombie, PIPELINE).apply(entries, old=0)
        assert set_aside.found(leader, [PIPELINE.name]) == []
        applied = Applier(leader, PIPELINE).apply(entries[-1:], old=len(entries) - 1)
        assert [each.position for each in applied.set_aside] == [history.position]
        assert set_aside.found(leader, [PIPELINE.name]) == applied.set_aside


def test_a_rebuild_that_was_killed_begins_afresh_if_it_left_anything_out(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told = history.request()
    catch_up(stage, history, log, reader)
    live = stage.contents([PIPELINE])
    stage.flip_a_byte(history.position)

    def die_at_the_end(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.rebuild(log, PIPELINE, progress=die_at_the_end)
    assert reader.pipeline().set_aside == ()
    stage.flip_a_byte(history.position)
    stage.rebuild(log, PIPELINE)
    assert stage.contents([PIPELINE]) == live
    assert reader.pipeline().set_aside == ()
    assert str(told.id) in stages(reader)
