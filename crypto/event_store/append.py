"""What one append hands to the database: commands with their events, keys and the heads they read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol
from uuid import UUID

import msgspec

from crypto.event_store.mapper import EndedKey, KeyName, SealedEvent
from crypto.keyring import NewKey


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


@dataclass(frozen=True, slots=True)
class Append:
    """One command, the events it makes, and the keys that are stored with them."""

    command: Command
    events: Sequence[SealedEvent]
    new_keys: Sequence[NewKey]

    @property
    def uses(self) -> list[KeyName]:
        """The data keys that its events name."""
        return list(dict.fromkeys(use for event in self.events for use in event.uses))

    @property
    def ends(self) -> list[EndedKey]:
        """The keys that its events bring to their end."""
        return list(dict.fromkeys(end for event in self.events for end in event.ends))


def values_of(group: Sequence[Append]) -> dict[str, str]:
    """The parameters of record.append for a group.

    They are JSON arrays, because a text costs the driver far less than an array of every column.
    """
    numbered = list(enumerate(group, 1))
    new_keys = {key.record.key_id: key for each in group for key in each.new_keys}.values()
    return {
        "commands": _json([_command(each.command) for each in group]),
        "heads": _json([head for number, each in numbered for head in _heads(number, each)]),
        "new_keys": _json([_new_key(key) for key in new_keys]),
        "uses": _json([_named(use, USE) for use in _unique(each.uses for each in group)]),
        "events": _json([_event(n, event) for n, each in numbered for event in each.events]),
        "ends": _json([_named(end, END) for end in _unique(each.ends for each in group)]),
    }


USE = ("compartment", "key_id")
END = ("compartment", "owner", "purpose")
ENCODER = msgspec.json.Encoder()
"""Writes bytes as base64 and ids as text."""


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return ENCODER.encode(rows).decode()


def _unique(lists: Iterable[Iterable[tuple[Any, ...]]]) -> Iterable[tuple[Any, ...]]:
    return dict.fromkeys(chain.from_iterable(lists))


def _named(row: tuple[Any, ...], names: tuple[str, ...]) -> dict[str, Any]:
    return dict(zip(names, row, strict=True))


def _command(command: Command) -> dict[str, Any]:
    return {
        "command_id": command.command_id,
        "request_mac": command.request_mac,
        "subject": command.subject,
        "version": command.version,
    }


def _heads(number: int, append: Append) -> Iterable[dict[str, Any]]:
    for stream, version in append.command.expected_heads.items():
        yield {"command": number, "originator_id": stream, "version": version}


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


def _event(number: int, event: SealedEvent) -> dict[str, Any]:
    return {
        "command": number,
        "originator_id": event.originator_id,
        "version": event.originator_version,
        "topic": event.topic,
        "state": event.state,
        "salt": event.salt,
    }
