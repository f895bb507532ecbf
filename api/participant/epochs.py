"""Verifies and opens the epochs of one strand, those that were passed on later too. Pure: no file, no network.

The rules, after those of `pair`:
3. Each epoch follows the one before, from the first on, and its readers are exactly we two, or we alone.
4. An epoch that names keys of ours which we no longer hold stays closed, unless it was passed on to keys that we hold, by a
   key that we trust; the service alone says which keys were ours. Nothing is ever written in such an epoch.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from api.participant.errors import ParticipantError, RolledBack, UnexpectedReaders
from api.participant.memory import StrandMemory
from api.participant.pair import Pair
from api.participant.wire import ShownEpoch, ShownPassedOn
from crypto.sealing import (
    Epoch,
    ExpectedEpoch,
    Identity,
    NotebookKey,
    PassedOn,
    PublicIdentity,
    SealingError,
    Strand,
    open_grant,
    open_passed_on,
    verify_epoch,
    verify_passed_on,
)

Cause: TypeAlias = ParticipantError | SealingError


@dataclass(frozen=True)
class ReadEpoch:
    """A verified epoch, with its key unless it is closed to us."""

    epoch: Epoch
    key: NotebookKey | None

    def is_read_by(self, identity: Identity) -> bool:
        """Whether these very keys read it, from its beginning or later."""
        return identity.public.key_id in self.epoch.readers.keys() | self.epoch.later


@dataclass(frozen=True)
class Epochs:
    """The epochs of a strand as far as they were verified; `cause` says why no further, None that all were."""

    read: list[ReadEpoch] = field(default_factory=list)
    cause: Cause | None = None

    @property
    def verified(self) -> list[Epoch]:
        """The epochs, open or closed."""
        return [each.epoch for each in self.read]


def read_epochs(
    shown: Iterable[ShownEpoch], strand: Strand, pair: Pair, memory: StrandMemory
) -> Epochs:
    """Verify and open the epochs in order, as far as the rules hold."""
    read: list[ReadEpoch] = []
    try:
        for each in shown:
            opened = _read(each, strand, pair, read[-1].epoch if read else None)
            _require_remembered(opened.epoch, memory)
            read.append(opened)
        if len(read) < memory.epoch:
            raise RolledBack
    except (ParticipantError, SealingError) as cause:
        return Epochs(read, cause)
    return Epochs(read)


def _read(shown: ShownEpoch, strand: Strand, pair: Pair, previous: Epoch | None) -> ReadEpoch:
    expected = _expected(shown, strand, pair, previous)
    epoch = verify_epoch(shown.statement, expected)
    mine = [row for row in shown.passed_on if row.reader == pair.my_person]
    if mine or not pair.holds_one_of(epoch.readers):
        return _read_later(shown, epoch, pair, mine[-1] if mine else None)
    reader = pair.held_of(epoch.readers)
    key = open_grant(shown.statement, shown.sealed_key, reader=reader, expected=expected)
    return _with_later(ReadEpoch(epoch, key), shown.passed_on, pair)


def _read_later(
    shown: ShownEpoch, epoch: Epoch, pair: Pair, mine: ShownPassedOn | None
) -> ReadEpoch:
    """Rule 4: open it by the last word that passed it on to us, if a key that we trust gave it."""
    before = shown.passed_on[: shown.passed_on.index(mine)] if mine else shown.passed_on
    verified = _with_later(ReadEpoch(epoch, None), before, pair).epoch
    if mine is None:
        return ReadEpoch(verified, None)
    granter, reader = _granter(mine, pair), pair.held.get(mine.reader_key_id)
    if granter is None or reader is None:
        return ReadEpoch(verified, None)
    passed = PassedOn(mine.statement, shown.sealed_key)
    key = open_passed_on(passed, epoch=verified, granter=granter, reader=reader)
    rest = shown.passed_on[len(before) + 1 :]
    return _with_later(ReadEpoch(key.epoch, key), rest, pair)


def _with_later(read: ReadEpoch, rows: Iterable[ShownPassedOn], pair: Pair) -> ReadEpoch:
    """The epoch with everybody to whom a key that we trust passed it on."""
    epoch, trusted = read.epoch, pair.trusted_keys()
    for row in rows:
        granter, reader = _granter(row, pair), trusted.get((row.reader, row.reader_key_id))
        if granter and reader:
            epoch = verify_passed_on(row.statement, epoch=epoch, granter=granter, reader=reader)
    return ReadEpoch(epoch, _key_of(read.key, epoch))


def _key_of(key: NotebookKey | None, epoch: Epoch) -> NotebookKey | None:
    """The same key, of the epoch with its later readers."""
    return NotebookKey(epoch, key.secret) if key else None


def _granter(row: ShownPassedOn, pair: Pair) -> PublicIdentity | None:
    return pair.trusted_keys().get((row.granter, row.granter_key_id))


def _require_remembered(epoch: Epoch, memory: StrandMemory) -> None:
    if epoch.number == memory.epoch and epoch.statement_hash != memory.statement_hash:
        raise RolledBack


def _expected(
    shown: ShownEpoch, strand: Strand, pair: Pair, previous: Epoch | None
) -> ExpectedEpoch:
    """Rule 3: readers and granter as we know them; the statement must agree with every one."""
    trusted = pair.trusted_keys() | pair.lost_keys()
    readers = {each.person: trusted.get((each.person, each.key_id)) for each in shown.readers}
    known = [each for each in readers.values() if each]
    granter = readers.get(shown.granter)
    expected = pair.readers_of(strand.audience)
    if granter is None or readers.keys() != expected.keys() or len(known) != len(shown.readers):
        raise UnexpectedReaders
    return ExpectedEpoch(strand, granter, known, previous)
