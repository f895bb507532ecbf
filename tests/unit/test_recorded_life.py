"""The recorded life is whole: every record of it can be replayed, and a copy under fresh ids shares none with it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from domain.relationship import Relationship
from domain.values import Sealed
from tests.recorded_life import Life, recorded_life


def streams(life: Life) -> Iterator[Any]:
    """The record of each stream, replayed."""
    in_order = sorted(life.events(), key=lambda each: (each.originator_id, each.originator_version))
    for _, events in groupby(in_order, key=lambda each: each.originator_id):
        record: Any = None
        for event in events:
            record = event.mutate(record)
        yield record


def test_every_record_of_it_can_be_replayed_to_its_last_event() -> None:
    life = recorded_life()
    newest = {each.originator_id: each.originator_version for each in life.events()}
    assert {each.id: each.version for each in streams(life)} == newest


def test_people_are_matched_in_it_and_meet() -> None:
    pairs = [each for each in streams(recorded_life()) if isinstance(each, Relationship)]
    assert sum(each.mentor is not None for each in pairs) > 1
    assert sum(len(each.sessions) for each in pairs) > 1


def test_a_copy_has_other_ids_and_is_as_whole() -> None:
    life = recorded_life()
    copy = life.again(mask=uuid4().int)
    assert ids(copy).isdisjoint(ids(life))
    assert len(list(streams(copy))) == len(list(streams(life)))


def test_its_fields_are_sealed_by_whoever_tells_it() -> None:
    seen: list[UUID] = []

    def seal(field: Sealed) -> Sealed:
        seen.append(field.owner)
        return field

    recorded_life().again(seal=seal)
    assert len(seen) > 1


def ids(life: Life) -> set[UUID]:
    return {
        value
        for event in life.events()
        for value in vars(event).values()
        if isinstance(value, UUID)
    }
