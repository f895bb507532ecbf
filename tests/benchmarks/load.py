"""Loading a sealed relationship against reading, decrypting and parsing the same rows."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg.rows import DictRow, tuple_row

from api.bootstrap import Parts
from crypto.envelope import HEADER_BYTES, KEY_BYTES, event_place, unpad
from domain.mentoring import Order
from domain.relationship import Relationship
from domain.session import CancellationReason, Plan
from domain.values import Act, TimeSpan
from tests.benchmarks.history import BEGAN, matched
from tests.benchmarks.measuring import Ratio, interleaved, microseconds
from tests.benchmarks.world import World

EVENTS = 20
LOADS = 200
ROUNDS = 15
HOUR = timedelta(hours=1)
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
    """One whose sessions are planned and called off until it has 20 events."""

    def key_of(owner: UUID) -> UUID:
        return parts.keyring.field_key_or_new("personal", owner, "take_part").key_id

    _, subject = matched(0, key_of)
    act = Act(subject.mentee, BEGAN)
    day = BEGAN.replace(hour=10)
    while subject.version < EVENTS:
        day += timedelta(weeks=1)
        session = uuid4()
        plan = Plan(TimeSpan(day, day + HOUR, "Europe/London"))
        subject.schedule_session(session, plan, act)
        if subject.version < EVENTS:
            subject.cancel_session(session, CancellationReason.CANNOT_ATTEND, act)
    parts.mentoring.commit(Order(act, uuid4()), subject)
    return subject.id


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
