"""The application over memory, for tests of commands; what it keeps are the events' fields as they are."""

import copy
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder
from eventsourcing.utils import get_topic, resolve_topic

from domain.mentoring import CommandRecord, Mentoring, Order
from domain.values import Act


class FieldsMapper(Mapper[UUID]):
    """Keeps each event's fields in a list and stores their index."""

    def __init__(self) -> None:
        self.fields: list[dict[str, Any]] = []

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        self.fields.append(copy.deepcopy(vars(domain_event)))
        index = len(self.fields) - 1
        topic = get_topic(type(domain_event))
        return StoredEvent(
            domain_event.originator_id, domain_event.originator_version, topic, b"%d" % index
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        kind = resolve_topic(stored_event.topic)
        event = object.__new__(kind)
        event.__dict__.update(copy.deepcopy(self.fields[int(stored_event.state)]))
        return event


class CommandKeepingRecorder(POPOApplicationRecorder):
    """Keeps what each command said of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[CommandRecord] = []
        self.reads = 0

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        self.commands.append(kwargs["command"])
        return super().insert_events(stored_events, **kwargs)

    def select_events(self, *args: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        selected = super().select_events(*args, **kwargs)
        self.reads += len(selected)
        return selected


def mentoring_in_memory() -> tuple[Mentoring, CommandKeepingRecorder]:
    recorder = CommandKeepingRecorder()
    return Mentoring(FieldsMapper(), recorder), recorder


def order(act: Act, expected_version: int | None = None) -> Order:
    return Order(act, uuid4(), expected_version=expected_version)
