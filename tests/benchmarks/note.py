"""Sealing and opening a shared note of two readers in Python, its epoch with it, against the bare primitives of the same suite."""

import os
from collections.abc import Callable
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    ExpectedEpoch,
    Granted,
    Kind,
    Strand,
    grant_epoch,
    new_identity,
    open_entry,
    open_grant,
    seal_entry,
)
from tests.benchmarks.measuring import Ratio, interleaved, per_second

TEXT = "A made-up sentence of a note, as long as one usually is. " * 12
BUCKET_BYTES = 1024
SECONDS, ROUNDS = 0.4, 7


class BarePrimitives:
    """What the suite does underneath, without forms, checks and padding."""

    def __init__(self) -> None:
        self.suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        self.private = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = MLKEM768X25519PublicKey(mlkem.public_key(), x25519.public_key())
        self.signing = Ed25519PrivateKey.generate()
        self.aes, self.nonce = AESGCM(os.urandom(32)), os.urandom(12)
        self.body, self.signed = os.urandom(BUCKET_BYTES), os.urandom(BUCKET_BYTES)
        self.sealed_key = self.suite.encrypt(bytes(32), self.public, info=b"x")
        self.sealed_body = self.aes.encrypt(self.nonce, self.body, None)
        self.signature = self.signing.sign(self.signed)

    def seal(self) -> None:
        """Two sealed keys, two signatures, a wrapped key and a body."""
        for _ in range(2):
            self.suite.encrypt(bytes(32), self.public, info=b"x")
            self.signing.sign(self.signed)
        self.aes.encrypt(os.urandom(12), bytes(32), None)
        self.aes.encrypt(os.urandom(12), self.body, None)

    def open(self) -> None:
        """One sealed key, two signatures, a wrapped key and a body."""
        self.suite.decrypt(self.sealed_key, self.private, info=b"x")
        for _ in range(2):
            self.signing.public_key().verify(self.signature, self.signed)
        for _ in range(2):
            self.aes.decrypt(self.nonce, self.sealed_body, None)


class OneNote:
    """A note between two, and all that its reader needs."""

    def __init__(self) -> None:
        self.author, self.reader = new_identity(), new_identity()
        self.readers = [self.author.public, self.reader.public]
        self.strand, self.slot = Strand(uuid4(), Audience.SHARED), EMPTY.next(uuid4())
        self.body = Body(Kind.NOTE, TEXT)
        self.expected = ExpectedEpoch(self.strand, self.author.public, self.readers)
        self.granted = self.grant()
        key = self.granted.notebook_key
        self.sealed = seal_entry(self.body, self.slot, author=self.author, notebook_key=key)

    def grant(self) -> Granted:
        return grant_epoch(self.author, self.readers, strand=self.strand)

    def seal(self) -> None:
        key = self.grant().notebook_key
        seal_entry(self.body, self.slot, author=self.author, notebook_key=key)

    def open(self) -> None:
        sealed_key = self.granted.sealed_keys[self.reader.public.key_id]
        statement = self.granted.statement
        key = open_grant(statement, sealed_key, reader=self.reader, expected=self.expected)
        open_entry(self.sealed, self.slot, notebook_key=key)


def note_seal_per_second() -> Ratio:
    """Notes a second, each in an epoch of its own."""
    return _side_by_side(OneNote().seal, BarePrimitives().seal)


def note_open_per_second() -> Ratio:
    """Notes a second, each in an epoch of its own."""
    return _side_by_side(OneNote().open, BarePrimitives().open)


def _side_by_side(ours: Callable[[], None], theirs: Callable[[], None]) -> Ratio:
    return interleaved(
        lambda: per_second(lambda _: ours(), threads=1, seconds=SECONDS),
        lambda: per_second(lambda _: theirs(), threads=1, seconds=SECONDS),
        rounds=ROUNDS,
        unit="a second",
    )
