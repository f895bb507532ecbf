"""Seals bytes under a data key so that they open under that key alone and in their own place.

Follows docs/specs/envelope.md, version 1.
"""

import hmac
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.errors import Tampered

VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 1 + KEY_BYTES + NONCE_BYTES
SMALLEST_FIELD = 64
SMALLEST_STATE = 256

Place = bytes
"""The canonical encoding of where an envelope lives; see `place`."""


class DataKey:
    """32 secret bytes, and what is derived from them once (spec: Keys)."""

    __slots__ = ("_aead", "_commitment", "_secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise Tampered("data key")
        derived = HKDF(SHA256(), 2 * KEY_BYTES, salt=None, info=b"vouchsafe/envelope/1").derive(
            secret
        )
        self._secret = secret
        self._aead = AESGCM(derived[:KEY_BYTES])
        self._commitment = derived[KEY_BYTES:]

    def __repr__(self) -> str:
        return "<sealed>"

    @property
    def secret(self) -> bytes:
        """The bytes that another key wraps."""
        return self._secret

    def seal(
        self, plaintext: bytes, place: Place, *, random: Callable[[int], bytes] = os.urandom
    ) -> bytes:
        """Seal for one place."""
        nonce = random(NONCE_BYTES)
        return VERSION + self._commitment + nonce + self._aead.encrypt(nonce, plaintext, place)

    def open(self, envelope: bytes, place: Place, *, record: str) -> bytes:
        """Open what was sealed under this key for this place; else Tampered, naming `record`."""
        if len(envelope) < HEADER_BYTES + TAG_BYTES or envelope[:1] != VERSION:
            raise Tampered(record)
        if not hmac.compare_digest(envelope[1 : 1 + KEY_BYTES], self._commitment):
            raise Tampered(record)
        with suppress(InvalidTag):
            return self._aead.decrypt(
                envelope[1 + KEY_BYTES : HEADER_BYTES], envelope[HEADER_BYTES:], place
            )
        raise Tampered(record)


def new_secret() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def event_place(originator_id: UUID, version: int, topic: str) -> Place:
    """Where an event's state lives."""
    parts = (_ID_FOLLOWS, originator_id.bytes, _VERSION_FOLLOWS, version.to_bytes(8))
    return b"".join((_beginning("event"), *parts, _counted(topic)))


def field_place(compartment: str, owner: UUID, purpose: str, field: str) -> Place:
    """Where a sealed field lives: with its owner, whatever event carries it."""
    return place("field", compartment.encode(), owner.bytes, purpose.encode(), field.encode())


def place(kind: str, *parts: bytes) -> Place:
    """Encode a place so that no two lists of parts give the same bytes (spec: Place)."""
    return _beginning(kind) + b"".join([len(part).to_bytes(4) + part for part in parts])


_ID_FOLLOWS = (16).to_bytes(4)
_VERSION_FOLLOWS = (8).to_bytes(4)
"""What `place` writes before an id and before a version; an event's place is made for every event."""


@lru_cache(maxsize=512)
def _counted(topic: str) -> bytes:
    """A topic as a part of a place."""
    encoded = topic.encode()
    return len(encoded).to_bytes(4) + encoded


@cache
def _beginning(kind: str) -> bytes:
    """What all places of one kind begin with; made once, since every event has a place."""
    return b"".join(len(x).to_bytes(4) + x for x in (b"vouchsafe/place/1", kind.encode()))


def pad(plaintext: bytes, smallest: int) -> bytes:
    """Pad to the next bucket, so that length does not tell content (spec: Padding)."""
    bucket = smallest
    while bucket <= len(plaintext):
        bucket = max(2 * bucket, SMALLEST_STATE)
    return (plaintext + b"\x80").ljust(bucket, b"\x00")


def unpad(padded: bytes, *, record: str) -> bytes:
    """Take the padding off again; anything but 0x80 and zeros is Tampered."""
    stripped = padded.rstrip(b"\x00")
    if stripped[-1:] != b"\x80":
        raise Tampered(record)
    return stripped[:-1]
