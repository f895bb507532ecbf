"""Entries: one text sealed under a key of its own, signed by its author, opened only where it belongs.

The checks run in the order of section 4.5, and nothing is decrypted before its author's signature holds.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from crypto.sealing.encoding import (
    HASH_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    PREFIX_BYTES,
    SIGNATURE_BYTES,
    TAG_BYTES,
    Form,
    Random,
    Secret,
    content_of,
    derive,
    draw,
    label,
    labelled_hash,
    lp,
    prefix,
    system_random,
)
from crypto.sealing.errors import (
    CommitmentDoesNotMatch,
    EntryBelongsElsewhere,
    SignatureIsNotTheAuthors,
    UnknownFormat,
    WrongAuthor,
)
from crypto.sealing.gcm import gcm_open, gcm_seal
from crypto.sealing.grant import Epoch, NotebookKey
from crypto.sealing.header import HEADER_BYTES, Header, Slot, Tip
from crypto.sealing.identity import Identity, PublicIdentity
from crypto.sealing.padding import BUCKETS, Body, pad, unpad

_NONCE_AT: Final = HEADER_BYTES + HASH_BYTES
_AROUND_BODY: Final = _NONCE_AT + NONCE_BYTES + TAG_BYTES + SIGNATURE_BYTES
_LENGTHS: Final = frozenset(_AROUND_BODY + size for size in BUCKETS)
_WRAPPED_KEY_BYTES: Final = PREFIX_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES


@dataclass(frozen=True)
class SealedEntry:
    """The two values to hand in: the entry, kept for ever, and its wrapped key, whose deletion destroys it."""

    entry: bytes = field(repr=False)
    wrapped_key: bytes = field(repr=False)

    @property
    def tip(self) -> Tip:
        """Where the strand ends after this entry."""
        return tip_after(self.entry)


@dataclass(frozen=True)
class OpenedEntry:
    """An entry that passed every check; its body prints as `<sealed>`."""

    header: Header
    body: Body


def seal_entry(
    body: Body,
    slot: Slot,
    *,
    author: Identity,
    notebook_key: NotebookKey,
    random: Random = system_random,
) -> SealedEntry:
    """Seal what the author wrote into a slot of the strand (section 4).

    Raises EntryTooLarge, NotText, or WrongAuthor when the author is not a reader of the epoch.
    """
    padded = pad(body)
    header = _header_for(slot, author.public, notebook_key.epoch)
    entry_key = Secret(draw(random, KEY_BYTES))
    wrapped_key = _wrap(entry_key, header, notebook_key, random)
    encryption_key, commitment = _keys_of(entry_key, header)
    sealed = gcm_seal(encryption_key, draw(random, NONCE_BYTES), padded, header)
    signed = header + commitment + sealed
    return SealedEntry(signed + author.sign("entry-signature", signed), wrapped_key)


def read_header(entry: bytes) -> Header:
    """What an entry says about itself, strictly read and not yet believed; raises UnknownFormat."""
    header = Header.from_bytes(entry)
    if len(entry) not in _LENGTHS:
        raise UnknownFormat
    return header


def tip_after(entry: bytes) -> Tip:
    """Where a strand ends that ends with this entry (section 4.2)."""
    return Tip(read_header(entry).slot.position, labelled_hash("entry-hash", entry))


def tip_before(entry: bytes) -> Tip:
    """Where the strand ended before this entry, on its author's word; for a reader who joined here."""
    slot = read_header(entry).slot
    return Tip(slot.position - 1, slot.previous_hash)


def verify_entry(
    entry: bytes, slot: Slot, *, epoch: Epoch, author: PublicIdentity | None = None
) -> Header:
    """The header of an entry that belongs in this slot and that its author signed; no secret is needed.

    `author` is whom the caller expects, if it knows; otherwise any reader of the epoch may be.
    Raises UnknownFormat, EntryBelongsElsewhere, WrongAuthor or SignatureIsNotTheAuthors.
    """
    header = read_header(entry)
    said = (header.strand, header.epoch, header.statement_hash, header.slot)
    if said != (epoch.strand, epoch.number, epoch.statement_hash, slot):
        raise EntryBelongsElsewhere
    if header.author not in epoch.readers or (author and header.author != author.key_id):
        raise WrongAuthor
    signed, signature = entry[:-SIGNATURE_BYTES], entry[-SIGNATURE_BYTES:]
    if not epoch.readers[header.author].has_signed(signature, "entry-signature", signed):
        raise SignatureIsNotTheAuthors
    return header


def open_entry(
    sealed: SealedEntry,
    slot: Slot,
    *,
    notebook_key: NotebookKey,
    author: PublicIdentity | None = None,
) -> OpenedEntry:
    """What the author wrote, after every check of section 4.5, in its order.

    Raises what `verify_entry` raises, and EntryWasAltered, CommitmentDoesNotMatch or BodyIsMalformed.
    """
    entry = sealed.entry
    read_header(entry)
    wrapped = content_of(sealed.wrapped_key, Form.WRAPPED_ENTRY_KEY, _WRAPPED_KEY_BYTES)
    header = verify_entry(entry, slot, epoch=notebook_key.epoch, author=author)
    entry_key = _unwrap(wrapped, entry[:HEADER_BYTES], notebook_key)
    encryption_key, commitment = _keys_of(entry_key, entry[:HEADER_BYTES])
    if not bytes_eq(commitment, entry[HEADER_BYTES:_NONCE_AT]):
        raise CommitmentDoesNotMatch
    sealed_body = entry[_NONCE_AT:-SIGNATURE_BYTES]
    return OpenedEntry(header, unpad(gcm_open(encryption_key, sealed_body, entry[:HEADER_BYTES])))


def _header_for(slot: Slot, author: PublicIdentity, epoch: Epoch) -> bytes:
    if author.key_id not in epoch.readers:
        raise WrongAuthor
    header = Header(epoch.strand, epoch.number, epoch.statement_hash, slot, author.key_id)
    return header.to_bytes()


def _keys_of(entry_key: Secret, header: bytes) -> tuple[Secret, bytes]:
    # Section 4.2: GCM alone lets one ciphertext open under two keys; the second half names the key.
    both = derive(entry_key, "entry", header, KEY_BYTES + HASH_BYTES)
    return Secret(both[:KEY_BYTES]), both[KEY_BYTES:]


def _wrap(entry_key: Secret, header: bytes, notebook_key: NotebookKey, random: Random) -> bytes:
    nonce, bound = draw(random, NONCE_BYTES), _wrapping_context(header)
    wrapped = gcm_seal(notebook_key.wrapping_key(), nonce, entry_key.reveal(), bound)
    return prefix(Form.WRAPPED_ENTRY_KEY) + wrapped


def _unwrap(wrapped: bytes, header: bytes, notebook_key: NotebookKey) -> Secret:
    return Secret(gcm_open(notebook_key.wrapping_key(), wrapped, _wrapping_context(header)))


def _wrapping_context(header: bytes) -> bytes:
    return lp(label("wrapped-entry-key"), header)
