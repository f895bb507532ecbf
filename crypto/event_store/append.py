"""What one append hands to the database: commands with their events, keys and the heads they read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

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


def values_of(group: Sequence[Append]) -> dict[str, Any]:
    """The parameters of record.append for a group, whose commands are numbered from 1."""
    return {
        "command_ids": [each.command.command_id for each in group],
        "request_macs": [each.command.request_mac for each in group],
        "subjects": [each.command.subject for each in group],
        "subject_versions": [each.command.version for each in group],
        **_head_values(group),
        **_new_key_values(group),
        **_key_values(group),
        **_event_values(group),
    }


def _head_values(group: Sequence[Append]) -> dict[str, Any]:
    heads = [
        (number, *head)
        for number, each in enumerate(group, 1)
        for head in each.command.expected_heads.items()
    ]
    return _columns(("head_commands", "head_ids", "head_versions"), heads)


def _new_key_values(group: Sequence[Append]) -> dict[str, Any]:
    new_keys = {key.record.key_id: key for each in group for key in each.new_keys}.values()
    return {
        "new_compartments": [key.named.compartment for key in new_keys],
        "new_key_ids": [key.record.key_id for key in new_keys],
        "new_owners": [key.record.owner for key in new_keys],
        "new_purposes": [key.record.purpose for key in new_keys],
        "new_epochs": [key.record.epoch for key in new_keys],
        "new_wrapped_keys": [key.record.wrapped_key for key in new_keys],
    }


def _key_values(group: Sequence[Append]) -> dict[str, Any]:
    uses = dict.fromkeys(use for each in group for use in each.uses)
    ends = [end for each in group for end in each.ends]
    return {
        **_columns(("used_compartments", "used_key_ids"), uses),
        **_columns(("ended_compartments", "ended_owners", "ended_purposes"), ends),
    }


def _event_values(group: Sequence[Append]) -> dict[str, Any]:
    events = [(number, event) for number, each in enumerate(group, 1) for event in each.events]
    return {
        "event_commands": [number for number, _ in events],
        "originator_ids": [event.originator_id for _, event in events],
        "versions": [event.originator_version for _, event in events],
        "topics": [event.topic for _, event in events],
        "states": [event.state for _, event in events],
        "salts": [event.salt for _, event in events],
    }


def _columns(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    return dict(zip(names, columns or [[] for _ in names], strict=True))
