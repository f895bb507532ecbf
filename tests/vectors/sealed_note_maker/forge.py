"""What a dishonest reader can make with the right keys: well-signed statements and entries that must still be refused."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.sealing import ExpectedEpoch, Granted, Identity, NotebookKey, SealedEntry, Secret
from crypto.sealing.encoding import Form, derive, label, labelled_hash, lp, prefix
from crypto.sealing.statement import Statement
from tests.vectors.sealed_note_maker.gcm_collision import two_key_ciphertext


class SeededRandom:
    """Bytes that are the same in every run; remembers what it gave."""

    def __init__(self, seed: str) -> None:
        self._seed, self.drawn = seed.encode(), b""

    def __call__(self, count: int) -> bytes:
        at = len(self.drawn).to_bytes(8, "big")
        value = hashlib.shake_256(self._seed + at).digest(count)
        self.drawn += value
        return value


@dataclass(frozen=True)
class EntryForger:
    """Makes entries byte by byte, signed by one reader and wrapped under the true notebook key."""

    author: Identity
    notebook_key: NotebookKey
    header: bytes

    def keys_of(self, entry_key: bytes) -> tuple[bytes, bytes]:
        both = derive(Secret(entry_key), "entry", self.header, 64)
        return both[:32], both[32:]

    def wrap(self, entry_key: bytes) -> bytes:
        nonce, context = bytes(12), lp(label("wrapped-entry-key"), self.header)
        wrapping = AESGCM(self.notebook_key.wrapping_key().reveal())
        return prefix(Form.WRAPPED_ENTRY_KEY) + nonce + wrapping.encrypt(nonce, entry_key, context)

    def sign(self, unsigned: bytes) -> bytes:
        return unsigned + self.author.sign("entry-signature", unsigned)

    def seal_padded(self, padded: bytes) -> SealedEntry:
        """An entry around any padded body, malformed ones too."""
        encryption_key, commitment = self.keys_of(b"\x07" * 32)
        nonce = b"\x08" * 12
        sealed = AESGCM(encryption_key).encrypt(nonce, padded, self.header)
        entry = self.sign(self.header + commitment + nonce + sealed)
        return SealedEntry(entry, self.wrap(b"\x07" * 32))

    def with_header(self, header: bytes) -> "EntryForger":
        return replace(self, header=header)

    def two_keys(self) -> tuple[SealedEntry, SealedEntry]:
        """One signed entry whose ciphertext opens under two keys; the commitment names the first."""
        first, second = b"\x01" * 32, b"\x02" * 32
        (first_key, commitment), (second_key, _) = self.keys_of(first), self.keys_of(second)
        nonce = bytes(12)
        sealed = two_key_ciphertext((first_key, second_key), nonce, self.header, 1024)
        entry = self.sign(self.header + commitment + nonce + sealed)
        return SealedEntry(entry, self.wrap(first)), SealedEntry(entry, self.wrap(second))


def resigned(statement: bytes, granter: Identity) -> bytes:
    """The statement's bytes under a fresh signature of this granter."""
    return statement[:-64] + granter.sign("epoch-signature", statement[:-64])


def said_otherwise(granted: Granted, granter: Identity, /, **changes: Any) -> bytes:
    """The statement with some of what it says changed, signed by this granter."""
    said = replace(Statement.from_bytes(granted.statement), **changes)
    return resigned(said.signed_bytes() + bytes(64), granter)


def with_sealed_key(
    granted: Granted, granter: Identity, reader: Identity, sealed_key: bytes
) -> bytes:
    """The statement with another sealed key for this reader, signed by the granter."""
    hashes = dict(Statement.from_bytes(granted.statement).sealed_key_hashes)
    hashes[reader.public.key_id] = labelled_hash("sealed-key-hash", sealed_key)
    return said_otherwise(granted, granter, sealed_key_hashes=hashes)


def info_of(expected: ExpectedEpoch, reader: Identity) -> bytes:
    """The `info` of section 3.1, written out a second time."""
    strand = expected.strand
    return lp(
        b"vouchsafe/sealed-note/1/notebook-key",
        b"MLKEM768-X25519,HKDF-SHA256,AES-256-GCM,Ed25519",
        strand.notebook_id.bytes,
        bytes((strand.audience,)),
        expected.number.to_bytes(4, "big"),
        expected.granter.key_id,
        reader.public.key_id,
        b"read",
    )
