"""What one append hands to the database: commands with their events, keys, heads they read, and messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from crypto.event_store.mapper import EndedKey, SealedEvent
from crypto.keyring import NewKey

MOST_IN_COMPANY = 500
"""So many events and streams that were read may share a transaction with the commands of others."""


class Message(Protocol):
    """What somebody is to be told, as it goes into the outbox: ids, a kind and a moment."""

    @property
    def id(self) -> UUID:
        """The same however often it is made."""

    @property
    def to(self) -> UUID:
        """Who is told."""

    @property
    def kind(self) -> str:
        """What they are told."""

    @property
    def about(self) -> UUID:
        """The stream it is about."""

    @property
    def which(self) -> tuple[UUID | None, int]:
        """What of that stream, and in which edition."""

    @property
    def not_before(self) -> datetime:
        """When it may go."""


class Command(Protocol):
    """What the caller says of the command whose events are appended."""

    @property
    def command_id(self) -> UUID:
        """Under this id a repetition finds the outcome."""

    @property
    def request_mac(self) -> bytes:
        """Tells whether a repetition asks for the same."""

    @property
    def subject(self) -> UUID:
        """The aggregate that the command is about."""

    @property
    def version(self) -> int:
        """The subject's version once the command is recorded."""

    @property
    def expected_heads(self) -> Mapping[UUID, int]:
        """The streams that the decision read without changing them, with the versions it saw."""

    @property
    def messages(self) -> Sequence[Message]:
        """What follows for people to be told."""


@dataclass(frozen=True, slots=True)
class Append:
    """One command, the events it makes, and the keys that are stored with them."""

    command: Command
    events: Sequence[SealedEvent]
    new_keys: Sequence[NewKey]

    @property
    def ends(self) -> list[EndedKey]:
        """The keys that its events bring to their end."""
        return list(dict.fromkeys(end for event in self.events for end in event.ends))

    @property
    def goes_alone(self) -> bool:
        """Whether it joins no group: it ends keys, or others would wait for so much to be held against theirs."""
        size = len(self.events) + len(self.command.expected_heads)
        return size > MOST_IN_COMPANY or bool(self.ends)


def values_of(group: Sequence[Append]) -> dict[str, str]:
    """The parameters of record.append for a group.

    They are arrays and JSON as text, which costs the driver far less than lists of values.
    """
    commands = [each.command for each in group]
    whose = [number for number, each in enumerate(group, 1) for _ in each.events]
    events = [event for each in group for event in each.events]
    return {
        "command_ids": _ids([command.command_id for command in commands]),
        "request_macs": _bytes([command.request_mac for command in commands]),
        "subjects": _ids([command.subject for command in commands]),
        "subject_versions": _words([command.version for command in commands]),
        "whose": _words(whose),
        "streams": _ids([event.originator_id for event in events]),
        "versions": _words([event.originator_version for event in events]),
        "topics": _words([event.topic for event in events]),
        "states": _bytes([event.state for event in events]),
        "salts": _bytes([event.salt for event in events]),
        "stream_keys": _ids([event.stream_key for event in events]),
        "field_keys": _json(_named(USE, (use for event in events for use in event.field_keys))),
        "heads": _json(_heads(commands)),
        "new_keys": _json(_new_keys(group)),
        "ends": _json(_named(END, (end for event in events for end in event.ends))),
        "messages": _json(_message(each) for command in commands for each in command.messages),
    }


USE = ("compartment", "key_id")
END = ("compartment", "owner", "purpose")
ENCODER = msgspec.json.Encoder()
"""Writes bytes as base64 and ids as text."""


def _ids(ids: Iterable[UUID | str]) -> str:
    return "{" + ",".join([id.hex for id in ids if isinstance(id, UUID)]) + "}"


def _bytes(values: Iterable[bytes]) -> str:
    # An array's text takes one backslash of two for itself.
    return "{" + ",".join(["\\\\x" + value.hex() for value in values]) + "}"


def _words(values: Iterable[str | int]) -> str:
    """Numbers, and topics: they need no quotes."""
    return "{" + ",".join(map(str, values)) + "}"


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    found = list(rows)
    return ENCODER.encode(found).decode() if found else "[]"


def _named(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Iterable[dict[str, Any]]:
    return (dict(zip(names, row, strict=True)) for row in dict.fromkeys(rows))


def _heads(commands: Sequence[Command]) -> Iterable[dict[str, Any]]:
    for number, command in enumerate(commands, 1):
        for stream, version in command.expected_heads.items():
            yield {"command": number, "originator_id": stream, "version": version}


def _message(message: Message) -> dict[str, Any]:
    item, edition = message.which
    return {
        "message": message.id,
        "person": message.to,
        "kind": message.kind,
        "about": message.about,
        "item": item,
        "edition": edition,
        "not_before": message.not_before,
    }


def _new_keys(group: Sequence[Append]) -> Iterable[dict[str, Any]]:
    """Two commands may bring the same new key."""
    keys = {key.record.key_id: key for each in group for key in each.new_keys}
    return map(_new_key, keys.values())


def _new_key(key: NewKey) -> dict[str, Any]:
    record = key.record
    return {
        "compartment": key.named.compartment,
        "key_id": record.key_id,
        "owner": record.owner,
        "purpose": record.purpose,
        "epoch": record.epoch,
        "wrapped_key": record.wrapped_key,
    }
