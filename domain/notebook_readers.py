"""What is decided about who reads a notebook: epochs, what is passed on later, and the end of somebody's reading."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed
from domain.locks import GRANT_FIELD, lock_purpose, require_locked
from domain.notebook_events import NotebookEvents
from domain.sealed_note import require_grant
from domain.strand import (
    Audience,
    Epoch,
    Grant,
    NotAReader,
    PassedOn,
    Strand,
    WrongReaders,
)
from domain.values import Act, Sealed


class NotYoursToPassOn(NotAllowed):
    """Only the mentee lets somebody read what was written before they came."""


class NotYoursToEnd(NotAllowed):
    """Only the mentee ends somebody else's reading, and nobody the mentee's."""


class StillTakesPart(DomainError):
    """They still take part; close the relationship first."""


@dataclass(frozen=True, slots=True)
class Readership:
    """Who is concerned with the shared notes of a relationship, as the relationship says.

    `participants` take part, also after its end. `welcome` are those to whom whoever acts may open what they did
    not read before.
    """

    participants: frozenset[UUID]
    welcome: frozenset[UUID] = frozenset()


class NotebookReaders(NotebookEvents):
    """Decisions about readers; what each holds of it is a grant under a lock of their own."""

    shared: Strand
    own: dict[UUID, Strand]

    @property
    def id(self) -> UUID:
        """Which notebook; the aggregate's own stands before this one."""
        raise NotImplementedError

    def record(self, event_class: type[Aggregate.Event], act: Act, **facts: Any) -> None:
        """Make and apply one event; the aggregate's own method stands before this one."""
        raise NotImplementedError

    def open_epoch(
        self, epoch: Epoch, grants: tuple[Grant, ...], act: Act, *, participants: frozenset[UUID]
    ) -> None:
        """Open an epoch for exactly its readers, with a grant for each in a record of its own.

        Whoever read the epoch before and is no participant any more, reads none from now on.
        """
        self.require_own_hand(epoch.granter, act, participants)
        epoch.require_readers(participants)
        _require_a_grant_each(epoch, grants)
        strand = self.strand(epoch.audience, epoch.granter)
        strand.require_next_epoch(epoch)
        epoch.require_statement(self.id)
        gone = strand.epochs[-1].people - epoch.people if strand.epochs else ()
        place = {"audience": epoch.audience, "epoch": epoch.number, "granter": epoch.granter}
        locked = [self._locked(epoch.audience, epoch.number, grant) for grant in grants]
        self.record(
            self.EpochOpened, act, **place, readers=epoch.readers, statement=epoch.statement
        )
        for value in locked:
            self.record(self.KeyEntrusted, act, **place, reader=value.owner, locked_key=value)
        for reader in sorted(gone):
            self._end_reading(reader, act)

    def pass_on(self, passed: PassedOn, grant: Grant, act: Act, *, readership: Readership) -> None:
        """Let another key read an epoch: a participant's new one, or that of somebody welcome."""
        if act.actor != passed.granter or grant.person != passed.reader.person:
            raise NotAReader
        self._require_may_read(passed, readership)
        strand = self.strand(passed.audience, passed.granter)
        strand.require_can_pass_on(passed, self.id)
        require_grant(grant.sealed_key)
        self.record(
            self.KeyPassedOn,
            act,
            audience=passed.audience,
            epoch=passed.epoch,
            granter=passed.granter,
            reader=passed.reader.person,
            key_id=passed.reader.key_id,
            statement=passed.statement,
            locked_key=self._locked(passed.audience, passed.epoch, grant),
        )

    def require_no_gap(self, audience: Audience, reader: UUID) -> None:
        """Raise GapInEpochs unless the epochs that somebody reads follow each other."""
        self.strand(audience, reader).require_no_gap(reader)

    def end_reading(
        self, reader: UUID, act: Act, *, mentee: UUID | None, taking_part: frozenset[UUID]
    ) -> None:
        """End somebody's reading of the shared notes: one's own, or by the mentee; never the mentee's.

        Those of a group are nobody's alone: there everybody ends their own.
        """
        if reader == mentee or act.actor not in {reader, mentee}:
            raise NotYoursToEnd
        if reader in taking_part:
            raise StillTakesPart
        if not self.shared.epochs_read_by(reader):
            raise NotAReader
        self._end_reading(reader, act)

    def replace_reader(self, reader: UUID, act: Act) -> None:
        """Another has taken somebody's part, so they read the shared notes no more; nothing, if they did not."""
        self._end_reading(reader, act)

    def strand(self, audience: Audience, author: UUID) -> Strand:
        """The shared strand, or an author's own one; a new one, which nothing keeps, where there is none."""
        if audience is Audience.SHARED:
            return self.shared
        return self.own.get(author) or Strand()

    def require_own_hand(self, writer: UUID, act: Act, participants: frozenset[UUID]) -> None:
        """Only a participant writes, and only as themselves."""
        if act.actor != writer or writer not in participants:
            raise NotAReader

    def _require_may_read(self, passed: PassedOn, readership: Readership) -> None:
        reader = passed.reader.person
        if passed.audience is Audience.OWN:
            if reader != passed.granter:
                raise WrongReaders
            return
        if reader in readership.welcome:
            return
        if reader not in readership.participants:
            raise WrongReaders
        if (passed.epoch, reader) not in self.shared.grants:
            raise NotYoursToPassOn

    def _locked(self, audience: Audience, epoch: int, grant: Grant) -> Sealed:
        purpose = lock_purpose(self.id, audience, epoch)
        return require_locked(grant.locked_key, grant.person, purpose, GRANT_FIELD)

    def _end_reading(self, reader: UUID, act: Act) -> None:
        epochs = tuple(self.shared.epochs_read_by(reader))
        if epochs:
            place = {"audience": Audience.SHARED, "reader": reader, "epochs": epochs}
            self.record(self.ReaderLeft, act, **place)


def _require_a_grant_each(epoch: Epoch, grants: tuple[Grant, ...]) -> None:
    if len(grants) != len(epoch.readers) or {g.person for g in grants} != epoch.people:
        raise WrongReaders
    for grant in grants:
        require_grant(grant.sealed_key)
