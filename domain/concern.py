"""A concern: something that somebody taking part worries about, who looks into it, and what came of it.

The words are sealed under a key of their own. Where it is the safeguarding leads', one of them has it and reads them,
no other; a coordinator sees of what kind it is.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed, SealedForAnotherPurpose
from domain.kept_for import require_kept_for
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Role, Sealed


class ConcernIsElsewhere(NotAllowed):
    """The safeguarding lead looks into this concern; its words are not yours to read."""


class ConcernIsNotTaken(NotAllowed):
    """Nobody has taken this concern yet; take it, and its words are yours to read."""


class ConcernIsAnothers(NotAllowed):
    """Another safeguarding lead has this concern; its words are theirs to read."""


class ConcernIsTaken(DomainError):
    """Somebody has taken this concern already; whoever has it can hand it over."""


class ConcernIsClosed(DomainError):
    """This concern is closed already."""


class ConcernIsPassedOn(DomainError):
    """The safeguarding lead has this concern already."""


class ConcernIsForgotten(DomainError):
    """This concern has been kept long enough and was destroyed; nobody can read it any more."""


class ConcernCategory(StrEnum):
    """Of what kind it is."""

    ARRANGEMENTS = "arrangements"
    CONDUCT = "conduct"
    CONFIDENTIALITY = "confidentiality"
    SAFETY = "safety"
    OTHER = "other"


class Desk(StrEnum):
    """Who looks into it."""

    COORDINATOR = Role.COORDINATOR.value
    SAFEGUARDING_LEAD = Role.SAFEGUARDING_LEAD.value


class ConcernStage(StrEnum):
    """Where it stands."""

    RAISED = "raised"
    TRIAGED = "triaged"
    CLOSED = "closed"
    FORGOTTEN = "forgotten"


class Concern(Aggregate):
    """Raised, sorted by kind or passed to the safeguarding lead, and closed with an answer."""

    TOPIC = "remark"

    class Created(Aggregate.Created):
        TOPIC = "remark.made"
        category: ConcernCategory
        desk: Desk
        words: Sealed

    class Triaged(Aggregate.Event):
        TOPIC = "remark.sorted"
        category: ConcernCategory
        desk: Desk

    class Assigned(Aggregate.Event):
        """One safeguarding lead has it from now on: they took it, or another handed it over."""

        TOPIC = "remark.assigned"
        to: UUID

    class Closed(Aggregate.Event):
        TOPIC = "remark.answered"
        words: Sealed

    class Forgotten(Aggregate.Event):
        """`person` is whose key goes."""

        TOPIC = "remark.forgotten"
        person: UUID

    @staticmethod
    def purpose_of(id: UUID) -> str:
        """For what the words of one concern are sealed: a key each, so that each can go by itself."""
        return f"remark:{id}"

    @classmethod
    def raise_it(
        cls, id: UUID, category: ConcernCategory, desk: Desk, *, words: Sealed, act: Act
    ) -> Self:
        """Say what one worries about; what is about safety goes to the safeguarding lead at once."""
        _require_sealed(id, act.actor, words)
        desk = Desk.SAFEGUARDING_LEAD if category is ConcernCategory.SAFETY else desk
        return cls.begin(id, act, category=category, desk=desk, words=words)

    @event(Created)
    def __init__(
        self,
        category: ConcernCategory,
        desk: Desk,
        words: Sealed,
        actor: UUID,
        timestamp: datetime,
    ) -> None:
        self.category = category
        self.desk = desk
        self.words = words
        self.raised_by = actor
        self.raised_at = timestamp
        self.stage = ConcernStage.RAISED
        self.handler: UUID | None = None
        self.answer: Sealed | None = None
        self.closed_at: datetime | None = None

    def triage(self, category: ConcernCategory, desk: Desk, act: Act) -> None:
        """Say of what kind it is, and pass it on where it belongs; it never comes back from there."""
        self._require_open()
        if self.desk is Desk.SAFEGUARDING_LEAD:
            raise ConcernIsPassedOn
        self.record(self.Triaged, act, category=category, desk=desk)

    @event(Triaged)
    def _triaged(self, category: ConcernCategory, desk: Desk) -> None:
        self.category, self.desk = category, desk
        self.stage = ConcernStage.TRIAGED

    def take(self, act: Act, *, instead_of: UUID | None = None) -> None:
        """Look into it oneself, as the one lead who does.

        `instead_of` names who had it and is no lead any more: nobody is left to hand it over.
        """
        self.require_kept()
        if self.desk is not Desk.SAFEGUARDING_LEAD:
            raise ConcernIsElsewhere
        if self.handler != instead_of:
            raise ConcernIsTaken
        self.record(self.Assigned, act, to=act.actor)

    def hand_over(self, to: UUID, act: Act) -> None:
        """Let another lead look into it, and read it no more; the order of who has it."""
        self.require_kept()
        self.require_handler(act.actor)
        if to == self.handler:
            raise ConcernIsTaken
        self.record(self.Assigned, act, to=to)

    @event(Assigned)
    def _assigned(self, to: UUID) -> None:
        self.handler = to

    def close(self, words: Sealed, act: Act) -> None:
        """Answer it; whoever raised it reads the answer."""
        self._require_open()
        if self.desk is Desk.SAFEGUARDING_LEAD:
            self.require_handler(act.actor)
        _require_sealed(self.id, self.raised_by, words)
        self.record(self.Closed, act, words=words)

    @event(Closed)
    def _closed(self, words: Sealed, timestamp: datetime) -> None:
        self.stage = ConcernStage.CLOSED
        self.answer, self.closed_at = words, timestamp

    def forget_when_due(self, period: timedelta, act: Act) -> None:
        """Destroy its words once it has been closed for so long; the clerk's order."""
        self.require_kept()
        require_kept_for(period, self.closed_at, act)
        self.record(self.Forgotten, act, person=self.raised_by)

    @event(Forgotten)
    def _forgotten(self) -> None:
        self.stage = ConcernStage.FORGOTTEN

    def require_looked_into_by(self, person: UUID, role: Role) -> None:
        """Refuse whoever does not look into it: it is at another desk, or another lead has it."""
        if role.value != self.desk.value:
            raise ConcernIsElsewhere
        if self.desk is Desk.SAFEGUARDING_LEAD:
            self.require_handler(person)

    def require_handler(self, person: UUID) -> None:
        """Refuse everybody but the one lead who has it."""
        if self.handler is None:
            raise ConcernIsNotTaken
        if self.handler != person:
            raise ConcernIsAnothers

    def require_kept(self) -> None:
        """Refuse whatever needs its words."""
        if self.stage is ConcernStage.FORGOTTEN:
            raise ConcernIsForgotten

    def _require_open(self) -> None:
        self.require_kept()
        if self.stage is ConcernStage.CLOSED:
            raise ConcernIsClosed


def _require_sealed(concern: UUID, person: UUID, words: Sealed) -> None:
    require_sealed_for(person, Compartment.PERSONAL, words)
    if words.purpose != Concern.purpose_of(concern):
        raise SealedForAnotherPurpose
