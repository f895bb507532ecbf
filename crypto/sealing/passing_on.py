"""Epochs that one of their readers lets another key read later: after keys were lost, or for a successor.

Follows docs/specs/sealed-note.md, section 3.4. What is passed on is verified against the epoch that it is about.
"""

import struct
from dataclasses import dataclass, field, replace
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from crypto.sealing.encoding import SIGNATURE_BYTES, Form, content_of, prefix
from crypto.sealing.errors import (
    CommitmentDoesNotMatch,
    GrantBelongsElsewhere,
    GrantWasAltered,
    NotForThisReader,
    SignatureIsNotTheGranters,
    UnknownFormat,
    WrongGranter,
)
from crypto.sealing.grant import Epoch, NotebookKey
from crypto.sealing.identity import Identity, PublicIdentity
from crypto.sealing.sealed_key import READ_PASSED_ON, KeyPlace, sealed_key_hash

PASSED_ON_BYTES: Final = 216
_CONTENT: Final = struct.Struct(">B16sI32s32s32s32s")
_PURPOSE: Final = "passing-on-signature"


@dataclass(frozen=True)
class PassedOn:
    """What to hand in: the granter's signed statement, and the notebook key sealed to the later reader."""

    statement: bytes
    sealed_key: bytes = field(repr=False)


def pass_on(key: NotebookKey, reader: PublicIdentity, *, granter: Identity) -> PassedOn:
    """Let a key read an epoch later (section 3.4); the granter reads it, else WrongGranter."""
    _require_reads(key.epoch, granter.public)
    sealed_key = _place(key.epoch, granter.public).seal(key.secret, reader)
    signed = _signed_bytes(key.epoch, granter.public.key_id, reader.key_id, sealed_key)
    return PassedOn(signed + granter.sign(_PURPOSE, signed), sealed_key)


def verify_passed_on(
    statement: bytes, *, epoch: Epoch, granter: PublicIdentity, reader: PublicIdentity
) -> Epoch:
    """The epoch with its later reader, once checks 1 to 5 of section 3.4 hold; no private key is needed.

    Raises UnknownFormat, GrantBelongsElsewhere, WrongGranter, SignatureIsNotTheGranters or NotForThisReader.
    """
    content = content_of(statement, Form.PASSED_ON, PASSED_ON_BYTES)
    audience, notebook, number, hashed, said_granter, said_reader, _ = _CONTENT.unpack_from(content)
    if audience not in {1, 2}:
        raise UnknownFormat
    if (notebook + bytes((audience,)) + number.to_bytes(4), hashed) != _about(epoch):
        raise GrantBelongsElsewhere
    if said_granter != granter.key_id:
        raise WrongGranter
    _require_reads(epoch, granter)
    signed, signature = statement[:-SIGNATURE_BYTES], statement[-SIGNATURE_BYTES:]
    if not granter.has_signed(signature, _PURPOSE, signed):
        raise SignatureIsNotTheGranters
    if said_reader != reader.key_id:
        raise NotForThisReader
    return replace(epoch, later=epoch.later | {reader.key_id})


def passed_on_hash(statement: bytes, granter: PublicIdentity) -> bytes:
    """The statement hash of the epoch that this granter let somebody read; the epoch itself is verified elsewhere.

    Raises UnknownFormat, WrongGranter or SignatureIsNotTheGranters.
    """
    content = content_of(statement, Form.PASSED_ON, PASSED_ON_BYTES)
    _, _, _, hashed, said_granter, _, _ = _CONTENT.unpack_from(content)
    if said_granter != granter.key_id:
        raise WrongGranter
    signed, signature = statement[:-SIGNATURE_BYTES], statement[-SIGNATURE_BYTES:]
    if not granter.has_signed(signature, _PURPOSE, signed):
        raise SignatureIsNotTheGranters
    return bytes(hashed)


def open_passed_on(
    passed: PassedOn, *, epoch: Epoch, granter: PublicIdentity, reader: Identity
) -> NotebookKey:
    """The notebook key that was passed on to this reader, after every check of section 3.4, in its order.

    Raises what `verify_passed_on` raises, and GrantWasAltered or CommitmentDoesNotMatch.
    """
    opened = verify_passed_on(passed.statement, epoch=epoch, granter=granter, reader=reader.public)
    said_hash = passed.statement[-SIGNATURE_BYTES - 32 : -SIGNATURE_BYTES]
    if sealed_key_hash(passed.sealed_key) != said_hash:
        raise GrantWasAltered
    place = _place(epoch, granter)
    secret = place.open(passed.sealed_key, reader)
    if not bytes_eq(place.commitment(secret), epoch.key_commitment):
        raise CommitmentDoesNotMatch
    return NotebookKey(opened, secret)


def _signed_bytes(epoch: Epoch, granter: bytes, reader: bytes, sealed_key: bytes) -> bytes:
    audience, notebook = epoch.strand.audience, epoch.strand.notebook_id.bytes
    content = _CONTENT.pack(
        audience,
        notebook,
        epoch.number,
        epoch.statement_hash,
        granter,
        reader,
        sealed_key_hash(sealed_key),
    )
    return prefix(Form.PASSED_ON) + content


def _about(epoch: Epoch) -> tuple[bytes, bytes]:
    return epoch.strand.at_epoch(epoch.number), epoch.statement_hash


def _place(epoch: Epoch, granter: PublicIdentity) -> KeyPlace:
    return KeyPlace(epoch.strand, epoch.number, granter.key_id, READ_PASSED_ON)


def _require_reads(epoch: Epoch, granter: PublicIdentity) -> None:
    if granter.key_id not in epoch.readers.keys() | epoch.later:
        raise WrongGranter
