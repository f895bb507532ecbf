"""Whoever took everything from the server: the database, every key file, the logs; and opens whatever that opens."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from crypto.envelope import DataKey, event_place, field_place, place, unpad
from crypto.errors import Tampered
from crypto.kms.local import LocalKeyService

BRANCH_KEYS = "SELECT compartment, epoch, wrapped_key FROM keys.branch_key"
DATA_KEYS = """
SELECT compartment, key_id, owner, purpose, epoch, wrapped_key
  FROM keys.data_key WHERE wrapped_key IS NOT NULL
"""
EVENTS = "SELECT originator_id, originator_version, topic, state FROM record.event"
STREAM = "stream"
LOCK = "lock/"
SEALED = {"compartment", "owner", "purpose", "field", "key_id", "ciphertext"}


@dataclass
class Loot:
    """All keys that the server's own keys lead to, and all that these open; fields by their ciphertext."""

    secrets: dict[str, bytes] = field(default_factory=dict)
    states: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    opened: list[bytes] = field(default_factory=list)
    fields: dict[bytes, bytes] = field(default_factory=dict)

    def opened_field(self, value: Mapping[str, Any]) -> bytes:
        """What a sealed field of an event opened to."""
        return self.fields[value["ciphertext"]]

    def opens(self, value: Mapping[str, Any]) -> bool:
        """Whether the key of a sealed field was there."""
        return value["ciphertext"] in self.fields

    def keep_event(self, topic: str, padded: bytes) -> None:
        """Keep the state of an event that was opened."""
        self.opened.append(unpad(padded, record=""))
        self.states.append((topic, msgspec.msgpack.decode(self.opened[-1])))

    def of_topic(self, topic: str) -> list[dict[str, Any]]:
        """The states of one kind of event."""
        return [state for each, state in self.states if each == topic]


def plundered(superuser_url: str, key_files: Mapping[str, Path]) -> Loot:
    """Go down from the key files to every key, every event and every field."""
    loot = Loot()
    with psycopg.connect(superuser_url) as connection:
        streams, fields = _keys(connection, LocalKeyService(key_files), loot)
        for stream, version, topic, sealed in connection.execute(EVENTS).fetchall():
            with suppress(KeyError, Tampered):
                # One event was altered in the story, and some streams' keys are destroyed.
                where = event_place(stream, version, topic)
                loot.keep_event(topic, streams[stream].open(sealed, where, record=""))
    for _, state in loot.states:
        for value in _sealed_in(state):
            _open_field(loot, fields, value)
    return loot


def _keys(
    connection: psycopg.Connection[Any], service: LocalKeyService, loot: Loot
) -> tuple[dict[UUID, DataKey], dict[UUID, DataKey]]:
    branches: dict[tuple[str, int], DataKey] = {}
    for compartment, epoch, wrapped in connection.execute(BRANCH_KEYS).fetchall():
        where = place("branch-key", compartment.encode(), epoch.to_bytes(4))
        secret = service.unwrap(compartment, epoch, wrapped, where)
        loot.secrets[f"branch key of {compartment}, epoch {epoch}"] = secret
        branches[compartment, epoch] = DataKey(secret)
    streams, fields = {}, {}
    for compartment, key_id, owner, purpose, epoch, wrapped in connection.execute(DATA_KEYS):
        parts = (compartment.encode(), key_id.bytes, owner.bytes, purpose.encode())
        where = place("data-key", *parts, epoch.to_bytes(4))
        if purpose.startswith(LOCK):
            secret = service.unwrap(compartment, epoch, wrapped, where)
        else:
            secret = branches[compartment, epoch].open(wrapped, where, record="")
        loot.secrets[f"data key {key_id}"] = secret
        fields[key_id] = DataKey(secret)
        if purpose == STREAM:
            streams[owner] = fields[key_id]
    return streams, fields


def _open_field(loot: Loot, keys: Mapping[UUID, DataKey], value: Mapping[str, Any]) -> None:
    owner, key_id = UUID(bytes=value["owner"]), UUID(bytes=value["key_id"])
    where = field_place(value["compartment"], owner, value["purpose"], value["field"])
    with suppress(KeyError):
        padded = keys[key_id].open(value["ciphertext"], where, record="")
        loot.opened.append(unpad(padded, record=""))
        loot.fields[value["ciphertext"]] = loot.opened[-1]


def _sealed_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every sealed field in a state, however deep."""
    if isinstance(value, dict) and value.keys() >= SEALED:
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _sealed_in(each)
