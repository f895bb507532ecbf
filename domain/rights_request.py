"""What somebody asks about their own record: to see it, to put it right, or to object to a use of it.

It is answered within a calendar month, or within two more that the person is told of, with the reason.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed, SealedForAnotherPurpose
from domain.kept_for import require_kept_for
from domain.month import months_after
from domain.objection import Use
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

MONTHS_TO_ANSWER = 1
MONTHS_AT_MOST = 3
"""With an extension: two months more, counted from the day it was made."""


class NotYoursToAnswer(NotAllowed):
    """Nobody answers what they asked themselves."""


class RequestIsAnswered(DomainError):
    """This request is answered already."""


class ExtensionComesTooLate(DomainError):
    """More time is taken once only, and told before the first month is over."""


class RequestIsForgotten(DomainError):
    """This request has been kept long enough and was destroyed; nobody can read it any more."""


class RightsKind(StrEnum):
    """What is asked; to be erased has a way of its own."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    OBJECTION = "objection"


class ExtensionReason(StrEnum):
    """Why it takes longer."""

    COMPLEX = "complex"
    MANY_REQUESTS = "many_requests"


class RequestRefusal(StrEnum):
    """Why it was refused; the words say more."""

    NOT_SURE_WHO_ASKED = "not_sure_who_asked"
    RIGHTS_OF_OTHERS = "rights_of_others"
    LEGAL_DUTY = "legal_duty"
    RECORD_IS_RIGHT = "record_is_right"
    STRONGER_GROUNDS = "stronger_grounds"
    EXCESSIVE = "excessive"


class RightsStage(StrEnum):
    """Where it stands."""

    MADE = "made"
    EXTENDED = "extended"
    ANSWERED = "answered"
    REFUSED = "refused"
    FORGOTTEN = "forgotten"


OPEN = frozenset({RightsStage.MADE, RightsStage.EXTENDED})


class RightsRequest(Aggregate):
    """One request, with its day, until it is answered or refused in words."""

    TOPIC = "rights_request"

    class Created(Aggregate.Created):
        TOPIC = "rights_request.made"
        kind: RightsKind
        due_on: date
        words: Sealed | None

    class Extended(Aggregate.Event):
        TOPIC = "rights_request.extended"
        reason: ExtensionReason
        due_on: date

    class Answered(Aggregate.Event):
        TOPIC = "rights_request.answered"
        words: Sealed

    class Refused(Aggregate.Event):
        TOPIC = "rights_request.refused"
        reason: RequestRefusal
        words: Sealed

    class UseNamed(Aggregate.Event):
        """What exactly an objection is to."""

        TOPIC = "rights_request.use_named"
        use: Use

    class Forgotten(Aggregate.Event):
        """`person` is whose key goes."""

        TOPIC = "rights_request.forgotten"
        person: UUID

    @staticmethod
    def purpose_of(id: UUID) -> str:
        """For what the words of one request are sealed: a key each, so that each can go by itself."""
        return f"rights_request:{id}"

    @classmethod
    def make(cls, id: UUID, kind: RightsKind, *, words: Sealed | None, act: Act) -> Self:
        """Ask about one's own record; due on the same day of the next month, or on its last."""
        _require_sealed(id, act.actor, words)
        due_on = months_after(act.at.date(), MONTHS_TO_ANSWER)
        return cls.begin(id, act, kind=kind, due_on=due_on, words=words)

    @event(Created)
    def __init__(
        self,
        kind: RightsKind,
        due_on: date,
        words: Sealed | None,
        actor: UUID,
        timestamp: datetime,
    ) -> None:
        self.kind = kind
        self.due_on = due_on
        self.words = words
        self.person = actor
        self.made_at = timestamp
        self.stage = RightsStage.MADE
        self.objects_to: Use | None = None
        self.extension: ExtensionReason | None = None
        self.refusal: RequestRefusal | None = None
        self.answer: Sealed | None = None
        self.closed_at: datetime | None = None

    def name_use(self, use: Use, act: Act) -> None:
        """Say what exactly one objects to; the person's own, as they ask."""
        self.record(self.UseNamed, act, use=use)

    @event(UseNamed)
    def _use_named(self, use: Use) -> None:
        self.objects_to = use

    def extend(self, reason: ExtensionReason, act: Act) -> None:
        """Take two months more, once, with a reason that the person reads before the first is over."""
        self._require_open(act)
        if self.stage is RightsStage.EXTENDED or act.at.date() > self.due_on:
            raise ExtensionComesTooLate
        due_on = months_after(self.made_at.date(), MONTHS_AT_MOST)
        self.record(self.Extended, act, reason=reason, due_on=due_on)

    @event(Extended)
    def _extended(self, reason: ExtensionReason, due_on: date) -> None:
        self.stage = RightsStage.EXTENDED
        self.extension, self.due_on = reason, due_on

    def answer_with(self, words: Sealed, act: Act) -> None:
        """Answer in words that the person reads; late is better than never."""
        self._require_open(act)
        _require_sealed(self.id, self.person, words)
        self.record(self.Answered, act, words=words)

    @event(Answered)
    def _answered(self, words: Sealed, timestamp: datetime) -> None:
        self.stage = RightsStage.ANSWERED
        self.answer, self.closed_at = words, timestamp

    def refuse(self, reason: RequestRefusal, words: Sealed, act: Act) -> None:
        """Refuse it, with a reason and in words that the person reads."""
        self._require_open(act)
        _require_sealed(self.id, self.person, words)
        self.record(self.Refused, act, reason=reason, words=words)

    @event(Refused)
    def _refused(self, reason: RequestRefusal, words: Sealed, timestamp: datetime) -> None:
        self.stage, self.refusal = RightsStage.REFUSED, reason
        self.answer, self.closed_at = words, timestamp

    def forget_when_due(self, period: timedelta, act: Act) -> None:
        """Destroy its words once it has been answered for so long; the clerk's order."""
        self.require_kept()
        require_kept_for(period, self.closed_at, act)
        self.record(self.Forgotten, act, person=self.person)

    @event(Forgotten)
    def _forgotten(self) -> None:
        self.stage = RightsStage.FORGOTTEN

    def require_kept(self) -> None:
        """Refuse whatever needs its words."""
        if self.stage is RightsStage.FORGOTTEN:
            raise RequestIsForgotten

    def _require_open(self, act: Act) -> None:
        if act.actor == self.person:
            raise NotYoursToAnswer
        self.require_kept()
        if self.stage not in OPEN:
            raise RequestIsAnswered


def _require_sealed(request: UUID, person: UUID, words: Sealed | None) -> None:
    require_sealed_for(person, Compartment.PERSONAL, words)
    if words is not None and words.purpose != RightsRequest.purpose_of(request):
        raise SealedForAnotherPurpose
