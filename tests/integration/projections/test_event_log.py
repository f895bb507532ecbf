"""The log shows erased, tampered and unreadable events as three different things."""

import domain
from api.bootstrap import Parts
from api.event_log import EventLog
from crypto.event_store.mapper import SealingMapper
from domain.relationship import Relationship
from projections.log import Damage, Damaged
from tests.integration.projections.history import History
from tests.integration.projections.stage import Stage


def test_entries_come_in_order_with_their_events(history: History, log: EventLog) -> None:
    told = history.request()
    entries = log.read(0, 1000)
    assert [entry.position for entry in entries] == list(range(1, history.position + 1))
    assert isinstance(entries[-1].event, Relationship.Created)
    assert entries[-1].event.originator_id == told.id
    assert log.read(history.position - 1, 10) == entries[-1:]
    assert log.read(0, 2) == entries[:2]
    assert log.newest() == history.position


def test_an_empty_log_ends_before_its_first_position(log: EventLog) -> None:
    assert log.newest() == 0
    assert list(log.read(0, 10)) == []


def test_an_erased_event_has_neither_content_nor_damage(
    stage: Stage, history: History, log: EventLog
) -> None:
    told = history.request()
    stage.destroy_stream_key(told.id)
    entry = log.read(history.position - 1, 1)[0]
    assert (entry.event, entry.damaged) == (None, None)


def test_a_tampered_event_is_named_and_stops_no_other(
    stage: Stage, history: History, log: EventLog
) -> None:
    told, tampered_at = history.request(), history.position
    stage.flip_a_byte(tampered_at)
    history.request()
    entries = log.read(0, 1000)
    assert {entry.position: entry.damaged for entry in entries if entry.damaged} == {
        tampered_at: Damaged(Damage.TAMPERED, f"event {told.id} version 1")
    }
    assert all(entry.event for entry in entries if entry.position != tampered_at)


def test_an_event_under_a_branch_key_that_is_not_here_yet_is_neither_tampered_nor_erased(
    stage: Stage, history: History, log: EventLog
) -> None:
    told = history.request()
    newer = "UPDATE keys.data_key SET epoch = epoch + 1 WHERE owner = %s AND purpose = 'stream'"
    stage.as_superuser(newer, [told.id])
    entry = log.read(history.position - 1, 1)[0]
    assert entry.damaged is not None
    assert entry.damaged.damage is Damage.KEY_ABSENT


def test_an_event_of_a_later_release_is_unreadable_and_stops_no_other(
    parts: Parts, history: History
) -> None:
    told = history.request()
    history.mentor()
    known = {
        topic: kind
        for topic, kind in domain.EVENT_CLASSES.items()
        if topic != Relationship.Created.TOPIC
    }
    earlier = EventLog(parts.recorder, SealingMapper(parts.keyring, known))
    entries = earlier.read(0, 1000)
    assert [entry.damaged for entry in entries if entry.damaged] == [
        Damaged(Damage.UNREADABLE, f"event {told.id} version 1")
    ]
    assert sum(entry.event is not None for entry in entries) == history.position - 1
