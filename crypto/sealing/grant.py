"""Epochs of a strand: the notebook key sealed to each reader, and the granter's word for who they are.

An epoch is verified before it is used: its place, granter, readers and signature are what the caller expects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.constant_time import bytes_eq

from crypto.sealing.encoding import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    ZERO,
    Random,
    Secret,
    counted,
    derive,
    draw,
    system_random,
)
from crypto.sealing.errors import (
    CommitmentDoesNotMatch,
    GrantBelongsElsewhere,
    GrantWasAltered,
    NotForThisReader,
    SignatureIsNotTheGranters,
    WrongGranter,
    WrongReaders,
)
from crypto.sealing.identity import Identity, PublicIdentity
from crypto.sealing.sealed_key import READ, KeyPlace, sealed_key_hash
from crypto.sealing.statement import Audience, Statement, Strand, statement_hash


@dataclass(frozen=True)
class Epoch:
    """A verified epoch: nothing secret, enough to verify entries.

    `later` are the keys to which it was passed on since, as far as that was verified too.
    """

    strand: Strand
    number: int
    readers: Mapping[bytes, PublicIdentity]
    statement_hash: bytes
    key_commitment: bytes
    later: frozenset[bytes] = frozenset()


@dataclass(frozen=True, eq=False)
class NotebookKey:
    """A verified epoch that this participant can read and write."""

    epoch: Epoch
    secret: Secret

    def wrapping_key(self) -> Secret:
        """The key that wraps entry keys (section 3)."""
        place = self.epoch.strand.at_epoch(self.epoch.number)
        return Secret(derive(self.secret, "entry-key-wrapping", place))


@dataclass(frozen=True)
class ExpectedEpoch:
    """What a participant knows, from elsewhere than the grant, about the epoch they are about to open.

    `previous` is the verified epoch before, or None for the first; the epoch's number follows from it. Whoever joins
    at a later epoch could not read the one before: they say `joined_at`, and the granter's word stands for the rest.
    """

    strand: Strand
    granter: PublicIdentity
    readers: Sequence[PublicIdentity]
    previous: Epoch | None = None
    joined_at: int = 1

    def __post_init__(self) -> None:
        """Refuse an epoch of another strand as the one before."""
        if self.previous and self.previous.strand != self.strand:
            raise GrantBelongsElsewhere

    @property
    def number(self) -> int:
        """Epochs count from 1 without gaps."""
        return self.previous.number + 1 if self.previous else self.joined_at

    @property
    def previous_hash(self) -> bytes | None:
        """The statement hash of the epoch before, or None when only the granter knows it."""
        if self.previous:
            return self.previous.statement_hash
        return ZERO if self.joined_at == 1 else None

    @property
    def key_place(self) -> KeyPlace:
        """Where the epoch's sealed keys belong."""
        return KeyPlace(self.strand, self.number, self.granter.key_id, READ)


@dataclass(frozen=True, eq=False)
class Granted:
    """A new epoch: the statement and sealed keys to hand in, and the notebook key to write with.

    `sealed_keys` holds one sealed notebook key per reader, by key id; each belongs in a record of its own.
    """

    statement: bytes
    sealed_keys: Mapping[bytes, bytes] = field(repr=False)
    notebook_key: NotebookKey


def grant_epoch(
    granter: Identity,
    readers: Sequence[PublicIdentity],
    *,
    strand: Strand,
    previous: Epoch | None = None,
    random: Random = system_random,
) -> Granted:
    """Open a new epoch with these readers; the granter must be one of them (section 3).

    Raises WrongReaders when the rules of section 3.2 do not allow them.
    """
    place = ExpectedEpoch(strand, granter.public, readers, previous)
    by_key_id = _allowed_readers(place)
    secret, where = Secret(draw(random, KEY_BYTES)), place.key_place
    sealed_keys = {key_id: where.seal(secret, each) for key_id, each in by_key_id.items()}
    commitment = where.commitment(secret)
    statement = Statement(
        strand=strand,
        epoch=counted(place.number),
        previous_hash=previous.statement_hash if previous else ZERO,
        granter=granter.public.key_id,
        key_commitment=commitment,
        sealed_key_hashes={key_id: sealed_key_hash(key) for key_id, key in sealed_keys.items()},
    ).signed_bytes()
    statement += granter.sign("epoch-signature", statement)
    epoch = Epoch(strand, place.number, by_key_id, statement_hash(statement), commitment)
    return Granted(statement, sealed_keys, NotebookKey(epoch, secret))


def verify_epoch(statement: bytes, expected: ExpectedEpoch) -> Epoch:
    """The epoch that a statement opens, once checks 1 to 5 of section 3.3 hold; no private key is needed.

    Raises UnknownFormat, GrantBelongsElsewhere, WrongGranter, WrongReaders or SignatureIsNotTheGranters.
    """
    said = Statement.from_bytes(statement)
    if (said.strand, said.epoch) != (expected.strand, expected.number):
        raise GrantBelongsElsewhere
    if expected.previous_hash not in {None, said.previous_hash}:
        raise GrantBelongsElsewhere
    if said.granter != expected.granter.key_id:
        raise WrongGranter
    readers = _allowed_readers(expected)
    if said.readers != readers.keys():
        raise WrongReaders
    signed, signature = statement[:-SIGNATURE_BYTES], statement[-SIGNATURE_BYTES:]
    if not expected.granter.has_signed(signature, "epoch-signature", signed):
        raise SignatureIsNotTheGranters
    hashed, commitment = statement_hash(statement), said.key_commitment
    return Epoch(expected.strand, expected.number, readers, hashed, commitment)


def signed_statement(statement: bytes, granter: PublicIdentity) -> Statement:
    """What this granter signed about an epoch, of whatever place and readers; the epoch is verified elsewhere.

    Raises UnknownFormat, WrongGranter or SignatureIsNotTheGranters.
    """
    said = Statement.from_bytes(statement)
    if said.granter != granter.key_id:
        raise WrongGranter
    signed, signature = statement[:-SIGNATURE_BYTES], statement[-SIGNATURE_BYTES:]
    if not granter.has_signed(signature, "epoch-signature", signed):
        raise SignatureIsNotTheGranters
    return said


def open_grant(
    statement: bytes, sealed_key: bytes, *, reader: Identity, expected: ExpectedEpoch
) -> NotebookKey:
    """The notebook key that was sealed to this reader, after every check of section 3.3, in its order.

    Raises what `verify_epoch` raises, and NotForThisReader, GrantWasAltered or CommitmentDoesNotMatch.
    """
    epoch = verify_epoch(statement, expected)
    said = Statement.from_bytes(statement)
    if reader.public.key_id not in said.readers:
        raise NotForThisReader
    if sealed_key_hash(sealed_key) != said.sealed_key_hashes[reader.public.key_id]:
        raise GrantWasAltered
    secret = expected.key_place.open(sealed_key, reader)
    if not bytes_eq(expected.key_place.commitment(secret), said.key_commitment):
        raise CommitmentDoesNotMatch
    return NotebookKey(epoch, secret)


def _allowed_readers(place: ExpectedEpoch) -> dict[bytes, PublicIdentity]:
    # The rules of section 3.2.
    readers = {reader.key_id: reader for reader in place.readers}
    granter = place.granter.key_id
    if len(readers) != len(place.readers) or granter not in readers:
        raise WrongReaders
    if place.strand.audience is Audience.OWN:
        # An author goes on with new keys, also when the old ones are lost; the caller expects the author's.
        if len(readers) != 1:
            raise WrongReaders
    elif place.previous and granter not in place.previous.readers.keys() | place.previous.later:
        raise WrongReaders
    return readers
