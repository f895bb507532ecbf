"""The byte conventions every sealed form shares: prefixes, labels, hashes and derived keys."""

import hashlib
import os
from collections.abc import Callable
from enum import IntEnum
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.sealing.errors import OutOfRange, RandomnessFailed, UnknownFormat

Random: TypeAlias = Callable[[int], bytes]

VERSION: Final = 1
SUITE: Final = 1
SUITE_LABEL: Final = b"MLKEM768-X25519,HKDF-SHA256,AES-256-GCM,Ed25519"
ZERO: Final = bytes(32)
HASH_BYTES: Final = 32
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
SIGNATURE_BYTES: Final = 64
PREFIX_BYTES: Final = 3
U32_MAX: Final = 2**32 - 1

system_random: Final[Random] = os.urandom


class Form(IntEnum):
    """What the bytes are; the second byte of each (section 1)."""

    PRIVATE_IDENTITY = 1
    PUBLIC_IDENTITY = 2
    EPOCH_STATEMENT = 3
    SEALED_NOTEBOOK_KEY = 4
    ENTRY = 5
    WRAPPED_ENTRY_KEY = 6
    PASSED_ON = 7
    WRAPPED_VAULT_KEY = 0x11
    SEALED_IDENTITY = 0x12


class Secret:
    """Bytes that print as `<sealed>`; only `reveal` shows them."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "<sealed>"

    def reveal(self) -> bytes:
        """Hand out the bytes, to a primitive or to the participant's own folder."""
        return self._value


def prefix(form: Form) -> bytes:
    """The three bytes that open every form (section 1)."""
    return bytes((VERSION, form, SUITE))


def content_of(data: bytes, form: Form, length: int | None = None) -> bytes:
    """What follows the prefix, once version, form, suite and, if given, the whole length are right (section 1)."""
    if data[:PREFIX_BYTES] != prefix(form):
        raise UnknownFormat
    if length is not None and len(data) != length:
        raise UnknownFormat
    return data[PREFIX_BYTES:]


def lp(*parts: bytes) -> bytes:
    """Each part after its length, so that no two lists of parts read the same (section 1)."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def label(purpose: str) -> bytes:
    """The text that keeps one use of a hash, key or signature from passing for another (section 1)."""
    return b"vouchsafe/sealed-note/1/" + purpose.encode("ascii")


def labelled_hash(purpose: str, content: bytes) -> bytes:
    """HASH of section 1."""
    return hashlib.sha256(lp(label(purpose), content)).digest()


def derive(key: Secret, purpose: str, context: bytes, length: int = KEY_BYTES) -> bytes:
    """DERIVE of section 1."""
    return expand(key, lp(label(purpose), context), length)


def expand(key: Secret, info: bytes, length: int, *, salt: bytes | None = None) -> bytes:
    """HKDF-SHA-256, without a salt unless one is given (section 1)."""
    return HKDF(SHA256(), length, salt=salt, info=info).derive(key.reveal())


def draw(random: Random, count: int) -> bytes:
    """Random bytes, exactly as many as asked for (section 5)."""
    value = random(count)
    if len(value) != count:
        raise RandomnessFailed
    return value


def counted(number: int) -> int:
    """The number, if it counts from 1 and fits an u32."""
    if not 1 <= number <= U32_MAX:
        raise OutOfRange
    return number
