"""Sealing an event's state in its place, padding and all, against bare AES-GCM of as many bytes."""

import os
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.envelope import (
    NONCE_BYTES,
    SMALLEST_STATE,
    DataKey,
    event_place,
    new_secret,
    pad,
)
from tests.benchmarks.measuring import Ratio, interleaved, microseconds

STATE_BYTES = 400
TOPIC = "place.session_reserved"
TIMES = 20_000
ROUNDS = 15


def seal_event_us_vs_aesgcm() -> Ratio:
    """Microseconds an event."""
    state, stream, key = os.urandom(STATE_BYTES), uuid4(), DataKey(new_secret())
    bare = AESGCM(new_secret())

    def ours() -> None:
        key.seal(pad(state, SMALLEST_STATE), event_place(stream, 7, TOPIC))

    def theirs() -> None:
        bare.encrypt(os.urandom(NONCE_BYTES), state, None)

    return interleaved(
        lambda: microseconds(ours, TIMES),
        lambda: microseconds(theirs, TIMES),
        rounds=ROUNDS,
        unit="microseconds",
    )
