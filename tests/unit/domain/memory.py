"""An in-memory store that keeps the store's promises: versions, read heads, and encodable events."""

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypedDict, get_type_hints
from uuid import UUID

import msgspec
from eventsourcing.persistence import IntegrityError, JSONTranscoder, Mapper, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder
from eventsourcing.utils import get_topic, resolve_topic

from domain.mentoring import CommandRecord, Mentoring

BY_THE_ENVELOPE = ("originator_id", "originator_version")


class HeadHasMoved(IntegrityError):
    """A decision rested on a version that is no longer the last."""


@cache
def shape_of(event_class: type) -> Any:
    hints = get_type_hints(event_class)
    names = {field.name for field in fields(event_class)} - set(BY_THE_ENVELOPE)
    return TypedDict(event_class.__name__, {name: hints[name] for name in names})


class MemoryMapper(Mapper[UUID]):
    """Encodes as the real one does, and seals nothing."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        state = {k: v for k, v in vars(domain_event).items() if k not in BY_THE_ENVELOPE}
        return StoredEvent(
            domain_event.originator_id,
            domain_event.originator_version,
            get_topic(type(domain_event)),
            msgspec.msgpack.encode(state),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        event_class = resolve_topic(stored_event.topic)
        state = msgspec.msgpack.decode(stored_event.state, type=shape_of(event_class))
        event = object.__new__(event_class)
        event.__dict__.update(state)
        event.__dict__["originator_id"] = stored_event.originator_id
        event.__dict__["originator_version"] = stored_event.originator_version
        return event


class MemoryRecorder(POPOApplicationRecorder):
    """Refuses a commit when an aggregate that it rests on has moved on."""

    def _assert_uniqueness(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        command: CommandRecord | None = None,
        **more: Any,
    ) -> None:
        for aggregate, version in (command.expected_heads if command else {}).items():
            if max(self._stored_events_index[str(aggregate)], default=0) != version:
                raise HeadHasMoved
        super()._assert_uniqueness(stored_events, **more)


def mentoring_in_memory() -> Mentoring:
    return Mentoring(MemoryMapper(), MemoryRecorder())
