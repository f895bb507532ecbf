"""Loading a sealed relationship against reading, decrypting and parsing the same rows."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg.rows import DictRow, tuple_row

from api.bootstrap import Parts
from crypto.envelope import HEADER_BYTES, KEY_BYTES, event_place, unpad
from domain.mentoring import CommandRecord
from domain.relationship import Relationship
from domain.values import Sealed
from tests.benchmarks.measuring import Ratio, interleaved, microseconds
from tests.benchmarks.world import World
from tests.recorded_life import Event, Life, recorded_life

EVENTS = 20
LOADS = 200
ROUNDS = 15
QUERY = (
    "SELECT originator_version, topic, state FROM record.event "
    "WHERE originator_id = %s ORDER BY originator_version"
)


def load_vs_select_decrypt_parse(world: World) -> Ratio:
    """Microseconds a load of a relationship of 20 events whose key is known, in one thread."""
    with world.parts() as parts:
        stream = _a_long_relationship(parts)
        # The very line that loads use: where its other end runs would matter more than the work.
        with parts.recorder.datastore.pool.connection() as connection:
            pass
        bare = _select_decrypt_parse(parts, connection, stream)
        return interleaved(
            lambda: microseconds(lambda: parts.mentoring.load(Relationship, stream), LOADS),
            lambda: microseconds(bare, LOADS),
            rounds=ROUNDS,
            unit="microseconds",
        )


def _a_long_relationship(parts: Parts) -> UUID:
    """The longest of a recorded life, as far as its twentieth event; whatever it seals is sealed anew."""

    def sealed(field: Sealed) -> Sealed:
        key = parts.keyring.field_key_or_new(field.compartment, field.owner, field.purpose)
        return replace(field, key_id=key.key_id)

    [events] = Life((_longest(),)).again(mask=uuid4().int, seal=sealed).commands
    stored = [parts.mapper.to_stored_event(event) for event in events]
    command = CommandRecord(uuid4(), b"", events[0].originator_id, EVENTS)
    parts.recorder.insert_events(stored, command=command)
    return events[0].originator_id


def _longest() -> tuple[Event, ...]:
    streams = defaultdict(list)
    for event in recorded_life().events():
        streams[event.originator_id].append(event)
    asked_for = [each for each in streams.values() if isinstance(each[0], Relationship.Created)]
    longest = max(asked_for, key=len)
    assert len(longest) >= EVENTS
    return tuple(longest[:EVENTS])


def _select_decrypt_parse(
    parts: Parts, connection: psycopg.Connection[DictRow], stream: UUID
) -> Callable[[], None]:
    secret = parts.keyring.stream_key(stream).key.secret
    derive = HKDF(SHA256(), 2 * KEY_BYTES, salt=None, info=b"vouchsafe/envelope/1")
    aead = AESGCM(derive.derive(secret)[:KEY_BYTES])

    def work() -> None:
        rows = connection.cursor(row_factory=tuple_row).execute(QUERY, [stream], prepare=True)
        for version, topic, state in rows.fetchall():
            place = event_place(stream, version, topic)
            nonce, sealed = state[1 + KEY_BYTES : HEADER_BYTES], state[HEADER_BYTES:]
            msgspec.msgpack.decode(unpad(aead.decrypt(nonce, sealed, place), record=""))

    return work
