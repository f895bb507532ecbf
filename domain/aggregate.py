"""What all aggregates have in common: every event says who acted and when it was recorded."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import Aggregate as LibraryAggregate
from eventsourcing.domain import AggregateCreated, AggregateEvent

from domain.values import Act


class Aggregate(LibraryAggregate):
    """The base of every aggregate here.

    A public method decides: it checks the rules and calls `record`. The method decorated with the
    event applies it and always succeeds, whatever rules come later.
    """

    class Event(AggregateEvent):
        """A fact; `timestamp` is when it was recorded, `happened_at` when it differs from that."""

        actor: UUID
        happened_at: datetime | None

    class Created(Event, AggregateCreated):
        """The first fact of an aggregate."""

    @classmethod
    def begin(cls, id: UUID, act: Act, **facts: Any) -> Self:
        """Make a new aggregate from its first event."""
        return cls._create(
            cls.Created,
            id=id,
            actor=act.actor,
            timestamp=act.at,
            happened_at=act.happened_at,
            **facts,
        )

    def record(self, event_class: type[Event], act: Act, **facts: Any) -> None:
        """Make one event and apply it; it waits among the pending events until it is saved."""
        self.trigger_event(
            event_class,
            actor=act.actor,
            timestamp=act.at,
            happened_at=act.happened_at,
            **facts,
        )


def project(aggregate: Any, events: Iterable[Any]) -> Any:
    """Replay events onto an aggregate.

    The library's own function asks of every event whether it fits a runtime protocol; that one
    question took most of the time of a load.
    """
    for event in events:
        aggregate = event.mutate(aggregate)
    return aggregate
