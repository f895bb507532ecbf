"""The application: one store and one log of all aggregates, given its mapper and its recorder."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import ApplicationRecorder, Mapper
from eventsourcing.utils import Environment, EnvType

from domain.aggregate import Aggregate, project
from domain.errors import DomainError
from domain.policies.messages import Message
from domain.policies.told import messages_of
from domain.values import Act

AnAggregate = TypeVar("AnAggregate", bound=Aggregate)

ReadsAhead = Callable[[Collection[UUID], Collection[UUID]], ApplicationRecorder]
"""Asks at once for whole streams and for the last events of others; opened and proved is each as if it were alone."""


class NotFound(DomainError):
    """There is no such record, or it is not yours to see."""


class VersionIsStale(DomainError):
    """Somebody changed this record since you read it; read it again and decide anew."""


@dataclass(frozen=True)
class Order:
    """One command as it was given: whose act it is and how a repetition of it is recognised.

    A second order with the same `command_id` finds the outcome of the first. `request_mac` tells
    whether it asked for the same. `expected_version` is what the actor last read, if they said.
    """

    act: Act
    command_id: UUID
    request_mac: bytes = b""
    expected_version: int | None = None

    def require_version(self, aggregate: Aggregate) -> None:
        """Refuse to act on a record that changed since the actor read it."""
        if self.expected_version not in (None, aggregate.version):
            raise VersionIsStale


@dataclass(frozen=True)
class Recorded:
    """Where a command was recorded, and the aggregate it was about with its version after it."""

    position: int
    subject: UUID
    version: int


@dataclass(frozen=True)
class CommandRecord:
    """What the recorder stores of a command beside its events: never what was asked.

    `messages` are what people are to be told of it; they go into the outbox with the events.
    """

    command_id: UUID
    request_mac: bytes
    subject: UUID
    version: int
    expected_heads: dict[UUID, int] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()


class Mentoring(Application[UUID]):
    """Loads aggregates and commits what was decided about them."""

    name = "mentoring"

    def __init__(
        self,
        mapper: Mapper[UUID],
        recorder: ApplicationRecorder,
        reads_ahead: ReadsAhead | None = None,
    ) -> None:
        self._given_mapper = mapper
        self._given_recorder = recorder
        self._reads_ahead = reads_ahead
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Leave the process environment alone: settings are its only reader."""
        return Environment(name, env or {})

    def construct_mapper(self) -> Mapper[UUID]:
        """Use the mapper that was given."""
        return self._given_mapper

    def construct_recorder(self) -> ApplicationRecorder:
        """Use the recorder that was given."""
        return self._given_recorder

    def load(self, kind: type[AnAggregate], id: UUID) -> AnAggregate:
        """Replay one aggregate; raises NotFound when it is absent or of another kind."""
        try:
            aggregate = self.repository.get(id, projector_func=project)
        except AggregateNotFoundError:
            raise NotFound from None
        if not isinstance(aggregate, kind):
            raise NotFound
        return aggregate

    def ahead(self, streams: Collection[UUID], *, newest: Collection[UUID] = ()) -> "Mentoring":
        """The same with many streams asked for in one question, to load from as they stood then.

        Each loads, or is refused, as it would by itself. Of `newest` the last event alone is there. A
        store that cannot ask so is asked for one after the other.
        """
        if self._reads_ahead is None:
            return self
        recorder = self._reads_ahead(streams, newest)
        return Mentoring(self._given_mapper, recorder, self._reads_ahead)

    def commit(self, order: Order, *changed: Aggregate, read: Sequence[Aggregate] = ()) -> Recorded:
        """Record all pending events of what changed, and the messages that follow, together or not at all.

        `read` names the aggregates that the decision rested on without changing them: if any of
        them has moved on, nothing is recorded. The first changed aggregate is the subject.
        """
        subject = changed[0]
        # Not the library's `save`: what it asks of every event and answers took longer than sealing.
        made = [(aggregate, event) for aggregate in changed for event in aggregate.collect_events()]
        command = CommandRecord(
            command_id=order.command_id,
            request_mac=order.request_mac,
            subject=subject.id,
            version=subject.version,
            expected_heads={aggregate.id: aggregate.version for aggregate in read},
            messages=messages_of(made),
        )
        sealed = [self._given_mapper.to_stored_event(event) for _, event in made]
        positions = self._given_recorder.insert_events(sealed, command=command) or ()
        return Recorded(positions[-1], subject.id, subject.version)
