"""Seals each event's state under its stream's key, bound to the event's place in the log.

Follows docs/specs/envelope.md. The library's own mapper hands a cipher nothing but bytes, so two
records' ciphertexts could be swapped and both would open; this one binds each to its record.
"""

import dataclasses
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from typing_extensions import override

from crypto.envelope import SMALLEST_STATE, event_place, pad, unpad
from crypto.errors import Absent, Erased, EventTooLarge, Tampered, Unreadable
from crypto.keyring import STREAM_COMPARTMENT, KeyName, KeyOrWhy, Keyring, NamedKey

SALT_BYTES = 32
MOST_STATE_BYTES = 1024**2
"""Refused before it joins others: a group that the database could not take would fail them all."""

KeysOf = Callable[[object], Iterable[KeyName]]
"""Tells which data keys the sealed fields of an event name."""

EndedKey = tuple[str, UUID, str]
"""A compartment, an owner and a purpose whose keys an event ends."""

EndedBy = Callable[[object], Iterable[EndedKey]]
"""Tells which keys an event ends, such as a withdrawal the keys of its purpose."""


@dataclass(frozen=True)
class SealedEvent(StoredEvent):
    """A stored event with what its append must check and store beside it."""

    salt: bytes
    uses: tuple[KeyName, ...]
    ends: tuple[EndedKey, ...]

    @property
    def stream_key(self) -> UUID:
        """The key under which its state is sealed, the first that it uses."""
        return self.uses[0][1]

    @property
    def field_keys(self) -> tuple[KeyName, ...]:
        """The keys that its sealed fields name."""
        return self.uses[1:]


@dataclass(frozen=True)
class ErasedEvent:
    """Stands for an event whose key was destroyed, where readers must still move past it."""

    originator_id: UUID
    originator_version: int
    topic: str


class SealingMapper(Mapper[UUID]):
    """Strict: Erased, Tampered and Absent are raised. `open_many` is the tolerant way in."""

    def __init__(
        self,
        keyring: Keyring,
        event_classes: Mapping[str, type],
        *,
        keys_of: KeysOf = lambda _: (),
        ended_by: EndedBy = lambda _: (),
    ) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._keyring = keyring
        self._shapes = {topic: _Shape(event) for topic, event in event_classes.items()}
        self._topics = {event: topic for topic, event in event_classes.items()}
        self._keys_of = keys_of
        self._ended_by = ended_by

    @override
    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> SealedEvent:
        """Seal one event; a new stream gets a key of its own."""
        topic = self._topics.get(type(domain_event))
        if topic is None:
            raise Unreadable("event")
        stream, version = domain_event.originator_id, domain_event.originator_version
        named = self._keyring.stream_key_or_new(stream)
        state = pad(self._shapes[topic].encode(domain_event), SMALLEST_STATE)
        if len(state) > MOST_STATE_BYTES:
            raise EventTooLarge
        return SealedEvent(
            originator_id=stream,
            originator_version=version,
            topic=topic,
            state=named.key.seal(state, event_place(stream, version, topic)),
            salt=os.urandom(SALT_BYTES),
            uses=((STREAM_COMPARTMENT, named.key_id), *self._keys_of(domain_event)),
            ends=tuple(self._ended_by(domain_event)),
        )

    @override
    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Open one event."""
        self._doubt_keys_of_emptied([stored_event])
        named = self._keyring.stream_key(_stream(stored_event))
        return self._open(stored_event, named)

    def open_many(
        self, stored_events: Sequence[StoredEvent]
    ) -> list[DomainEventProtocol[UUID] | ErasedEvent | Tampered]:
        """Open a batch with one query for its keys.

        An erased event answers ErasedEvent and a tampered one the Tampered that names it, so that
        neither stops the others.
        """
        self._doubt_keys_of_emptied(stored_events)
        keys = self._keyring.stream_keys({_stream(event) for event in stored_events})
        return [self._open_or_say(event, keys.get(_stream(event))) for event in stored_events]

    def _doubt_keys_of_emptied(self, stored_events: Iterable[StoredEvent]) -> None:
        """Ask for the key anew where an erasure may have emptied a state.

        So a process that still has the key in memory says Erased, and Tampered only if it is live
        (docs/specs/erasure.md: Late and stale).
        """
        emptied = {_stream(event) for event in stored_events if not event.state}
        if emptied:
            self._keyring.forget(emptied)

    def _open_or_say(
        self, stored: StoredEvent, key: KeyOrWhy | None
    ) -> DomainEventProtocol[UUID] | ErasedEvent | Tampered:
        if isinstance(key, Erased):
            return ErasedEvent(_stream(stored), stored.originator_version, stored.topic)
        if isinstance(key, Tampered):
            return key
        if key is None:
            return Tampered(_name(stored))
        try:
            return self._open(stored, key)
        except Tampered as tampered:
            return tampered

    def _open(self, stored: StoredEvent, named: NamedKey) -> DomainEventProtocol[UUID]:
        try:
            return self._opened(stored, named)
        except (Tampered, Unreadable) as error:
            why = type(error)
        # Named only here: making the name costs as much as opening.
        raise why(_name(stored))

    def _opened(self, stored: StoredEvent, named: NamedKey) -> DomainEventProtocol[UUID]:
        stream, version = _stream(stored), stored.originator_version
        where = event_place(stream, version, stored.topic)
        state = unpad(named.key.open(stored.state, where, record=""), record="")
        shape = self._shapes.get(stored.topic)
        if shape is None:
            raise Unreadable
        event: DomainEventProtocol[UUID] = shape.decode(state, stream, version)
        return event


class _Shape:
    """How one class of event is written as MessagePack and read back with its types.

    A state without a `class_version` has the first one.
    """

    def __init__(self, event_class: type) -> None:
        self._class = event_class
        self._version: int = getattr(event_class, "class_version", 1)
        fields = {f.name: _type_of(f) for f in dataclasses.fields(event_class)}
        del fields["originator_id"], fields["originator_version"]
        self._names = tuple(fields)
        fields["class_version"] = NotRequired[int]
        self._state = MAKE_TYPED_DICT(f"{event_class.__name__}State", fields)
        self._decoder = msgspec.msgpack.Decoder(self._state)
        self._encoder = msgspec.msgpack.Encoder(uuid_format="bytes")

    def encode(self, event: object) -> bytes:
        attributes = vars(event)
        state = {name: attributes[name] for name in self._names}
        if self._version > 1:
            state["class_version"] = self._version
        return self._encoder.encode(state)

    def decode(self, state: bytes, stream: UUID, version: int) -> Any:
        fields = self._fields(state)
        if fields is None or fields.pop("class_version", 1) > self._version:
            raise Unreadable
        event: Any = object.__new__(self._class)
        event.__dict__.update(fields, originator_id=stream, originator_version=version)
        return event

    def _fields(self, state: bytes) -> dict[str, Any] | None:
        """None where there is no making sense of it, whoever finds that: the decoder or a value's class.

        Their errors may quote what they read, so none of them must become the context of another.
        """
        with suppress(Exception):
            fields: dict[str, Any] = self._decoded(state)
            return fields
        return None

    def _decoded(self, state: bytes) -> Any:
        if self._version == 1:
            return self._decoder.decode(state)
        older = msgspec.msgpack.decode(state, type=dict[str, Any])
        for version in range(older.get("class_version", 1), self._version):
            getattr(self._class, f"upcast_v{version}_v{version + 1}")(older)
        return msgspec.convert(older, self._state)


MAKE_TYPED_DICT: Any = TypedDict
"""A dict keeps decoding fast; its fields are known at run time only, so no checker can see them."""

LIBRARY_TYPES = {"timestamp": datetime, "originator_topic": str}
"""The library writes the types of its own fields as text."""


def _type_of(field: "dataclasses.Field[Any]") -> Any:
    return LIBRARY_TYPES.get(field.name, field.type)


def _stream(stored: StoredEvent) -> UUID:
    if not isinstance(stored.originator_id, UUID):
        raise Absent(_name(stored))
    return stored.originator_id


def _name(stored: StoredEvent) -> str:
    return f"event {stored.originator_id} version {stored.originator_version}"
