"""Verifies and opens the epochs of one strand, those that were passed on later too. Pure: no file, no network.

The rules, after those of `circle`:
3. Each epoch follows the one before, from the first on that we read, and it is granted by a key that we trust; or such a key
   granted a later one that follows it, or passed it on to anybody. Its readers are two or more, or in our own strand we alone. A
   reader whom we do not know is believed on that signed word, and is nobody to write to.
4. An epoch that names no key that we hold stays closed, unless it was passed on to one that we hold, by a key that we
   trust; the service alone says which keys were ours. Nothing is ever written in such an epoch.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from api.participant.circle import Circle
from api.participant.errors import (
    ParticipantError,
    ReadingHasEnded,
    RolledBack,
    UnexpectedReaders,
)
from api.participant.memory import StrandMemory
from api.participant.wire import Named, ShownEpoch, ShownPassedOn
from crypto.sealing import (
    Audience,
    Epoch,
    ExpectedEpoch,
    Identity,
    NotebookKey,
    PassedOn,
    PublicIdentity,
    SealingError,
    Statement,
    Strand,
    open_grant,
    open_passed_on,
    passed_on_hash,
    signed_statement,
    statement_hash,
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

    @property
    def since(self) -> int:
        """The first epoch that we read; 1 unless we joined later."""
        return self.read[0].epoch.number if self.read else 1


def read_epochs(
    shown: Sequence[ShownEpoch], strand: Strand, circle: Circle, memory: StrandMemory
) -> Epochs:
    """Verify and open the epochs in order, as far as the rules hold."""
    read: list[ReadEpoch] = []
    look = _Look(shown, strand, circle, memory)
    try:
        for at in range(len(shown)):
            read.append(look.read(at, read[-1].epoch if read else None))
        look.require_not_older(read)
    except (ParticipantError, SealingError) as cause:
        return Epochs(read, cause)
    return Epochs(read)


@dataclass(frozen=True)
class _Look:
    """One look at the epochs of a strand."""

    shown: Sequence[ShownEpoch]
    strand: Strand
    circle: Circle
    memory: StrandMemory

    def read(self, at: int, previous: Epoch | None) -> ReadEpoch:
        shown, circle = self.shown[at], self.circle
        expected = self._expected(at, previous)
        epoch = verify_epoch(shown.statement, expected)
        self._require_remembered(epoch)
        mine = [row for row in shown.passed_on if row.reader == circle.my_person]
        if mine or not circle.holds_one_of(epoch.readers):
            return self._read_later(shown, epoch, mine[-1] if mine else None)
        reader = circle.held_of(epoch.readers)
        key = open_grant(shown.statement, shown.sealed_key, reader=reader, expected=expected)
        return self._with_later(ReadEpoch(epoch, key), shown.passed_on)

    def require_not_older(self, read: Sequence[ReadEpoch]) -> None:
        """Raise ReadingHasEnded or RolledBack where less is shown than was seen before."""
        if not self.memory.epoch or (read and read[-1].epoch.number >= self.memory.epoch):
            return
        raise ReadingHasEnded if self.circle.is_visitor and not self.shown else RolledBack

    def _read_later(self, shown: ShownEpoch, epoch: Epoch, mine: ShownPassedOn | None) -> ReadEpoch:
        """Rule 4: open it by the last word that passed it on to us, if a key that we trust gave it."""
        before = shown.passed_on[: shown.passed_on.index(mine)] if mine else shown.passed_on
        verified = self._with_later(ReadEpoch(epoch, None), before).epoch
        if mine is None:
            return ReadEpoch(verified, None)
        granter, reader = self._giver(mine), self.circle.held.get(mine.reader_key_id)
        if granter is None or reader is None:
            return ReadEpoch(verified, None)
        passed = PassedOn(mine.statement, shown.sealed_key)
        key = open_passed_on(passed, epoch=verified, granter=granter, reader=reader)
        rest = shown.passed_on[len(before) + 1 :]
        return self._with_later(ReadEpoch(key.epoch, key), rest)

    def _with_later(self, read: ReadEpoch, rows: Iterable[ShownPassedOn]) -> ReadEpoch:
        """The epoch with everybody to whom it was passed on; each word is signed by one who read it before."""
        epoch = read.epoch
        for row in rows:
            granter = self._key((row.granter, row.granter_key_id))
            reader = self._key((row.reader, row.reader_key_id))
            if granter and reader:
                epoch = verify_passed_on(row.statement, epoch=epoch, granter=granter, reader=reader)
        return ReadEpoch(epoch, NotebookKey(epoch, read.key.secret) if read.key else None)

    def _expected(self, at: int, previous: Epoch | None) -> ExpectedEpoch:
        """Rule 3: readers and granter as we know or believe them; the statement must agree with every one."""
        shown, said = self.shown[at], Statement.from_bytes(self.shown[at].statement)
        readers = {each.person: self._key((each.person, each.key_id)) for each in shown.readers}
        known = [each for each in readers.values() if each]
        granter = readers.get(shown.granter)
        is_as_said = said.readers == {each.key_id for each in shown.readers}
        if granter is None or len(known) != len(shown.readers) or not is_as_said:
            raise UnexpectedReaders
        if self.strand.audience is Audience.OWN:
            if readers.keys() != {self.circle.my_person}:
                raise UnexpectedReaders
        elif len(known) < 2 or not self._is_vouched_for(at):  # noqa: PLR2004 - alone nobody shares
            raise UnexpectedReaders
        return ExpectedEpoch(self.strand, granter, known, previous, self._joined_at(said, previous))

    def _joined_at(self, said: Statement, previous: Epoch | None) -> int:
        """Where the strand begins for us; whoever granted an epoch read the one before, so we cannot have joined there."""
        if self.strand.audience is Audience.OWN or previous or said.epoch == 1:
            return 1
        if said.granter in self.circle.held or (
            self.memory.epoch and said.epoch > self.memory.since
        ):
            raise RolledBack
        return said.epoch

    def _is_vouched_for(self, at: int) -> bool:
        """Rule 3; a signature is looked at again where the epoch is verified."""
        shown = self.shown[at]
        mine = [row for row in shown.passed_on if row.reader == self.circle.my_person]
        # Who lost keys holds none that they granted it to; else whoever makes up a key of ours could speak as us.
        names_held = self.circle.holds_one_of(each.key_id for each in shown.readers)
        is_of_lost_keys = shown.granter == self.circle.my_person and not names_held
        is_given_to_us = bool(mine and self._giver(mine[-1]))
        return (
            bool(self._granter(shown))
            or is_given_to_us
            or is_of_lost_keys
            or self._is_followed(at)
            or self._is_passed_on(shown)
        )

    def _is_passed_on(self, shown: ShownEpoch) -> bool:
        """Whether a key that we trust, our own too, let anybody read it: a client does so with what it believed."""
        hashed = statement_hash(shown.statement)
        for row in shown.passed_on:
            giver = self._giver(row)
            with suppress(SealingError):
                if giver and passed_on_hash(row.statement, giver) == hashed:
                    return True
        return False

    def _is_followed(self, at: int) -> bool:
        hashed = statement_hash(self.shown[at].statement)
        for later in self.shown[at + 1 :]:
            if Statement.from_bytes(later.statement).previous_hash != hashed:
                return False
            granter = self._granter(later)
            if granter:
                return bool(signed_statement(later.statement, granter))
            hashed = statement_hash(later.statement)
        return False

    def _granter(self, shown: ShownEpoch) -> PublicIdentity | None:
        said = Statement.from_bytes(shown.statement)
        return self.circle.trusted.get((shown.granter, said.granter))

    def _giver(self, row: ShownPassedOn) -> PublicIdentity | None:
        return self.circle.trusted.get((row.granter, row.granter_key_id))

    def _key(self, named: Named) -> PublicIdentity | None:
        """A key that we trust, or one that is published; its id binds it either way."""
        trusted, published = self.circle.trusted.get(named), self.circle.published.get(named)
        return trusted or (published.identity if published else None)

    def _require_remembered(self, epoch: Epoch) -> None:
        memory = self.memory
        if epoch.number == memory.epoch and epoch.statement_hash != memory.statement_hash:
            raise RolledBack
