"""One response about how mentoring went: about whom or what, and sealed answers that lead to nobody.

Whoever answered is not in it. A response bears an id of its own, which is its actor and the owner of its key, and
it is recorded together with others, in an order that chance decides.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.kept_for import require_kept_for
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

SCHEME = UUID("f10c4e00-0000-4000-8000-000000000001")
"""What feedback about the scheme as a whole is about; no person has this id."""

RESPONSE_PURPOSE = "response"
"""What answers are sealed for, under a key of their response alone."""


class FeedbackIsForgotten(DomainError):
    """This feedback has been kept long enough and was destroyed; nobody can read it any more."""


class Statement(StrEnum):
    """What can be agreed with; nothing here is a mark for anybody."""

    HEARD = "heard"
    WHAT_MATTERED = "what_mattered"
    THOUGHT_ALOUD = "thought_aloud"
    HELPED = "helped"
    EASY = "easy"
    SUITED = "suited"
    CONFIDENTIAL = "confidential"
    RECOMMEND = "recommend"


OF_THE_MENTORING = (
    Statement.HEARD,
    Statement.WHAT_MATTERED,
    Statement.THOUGHT_ALOUD,
    Statement.HELPED,
)
OF_THE_SCHEME = (Statement.EASY, Statement.SUITED, Statement.CONFIDENTIAL, Statement.RECOMMEND)


def statements_about(about: UUID) -> tuple[Statement, ...]:
    """What is asked about the scheme, or about mentoring with somebody."""
    return OF_THE_SCHEME if about == SCHEME else OF_THE_MENTORING


class Agreement(StrEnum):
    """How far somebody agrees."""

    AGREE = "agree"
    RATHER_AGREE = "rather_agree"
    NEITHER = "neither"
    RATHER_DISAGREE = "rather_disagree"
    DISAGREE = "disagree"


class Feedback(Aggregate):
    """Given with others, and forgotten when it has served."""

    TOPIC = "feedback"

    class Created(Aggregate.Created):
        """`lot` counts those that were recorded together about the same."""

        TOPIC = "feedback.given"
        about: UUID
        lot: int
        answers: Sealed

    class Forgotten(Aggregate.Event):
        TOPIC = "feedback.forgotten"

    @classmethod
    def give(cls, id: UUID, *, about: UUID, lot: int, answers: Sealed, at: datetime) -> Self:
        """Record one response; it is its own actor."""
        require_sealed_for(id, Compartment.PERSONAL, answers)
        if answers.purpose != RESPONSE_PURPOSE:
            raise SealedForAnotherPurpose
        return cls.begin(id, Act(id, at), about=about, lot=lot, answers=answers)

    @event(Created)
    def __init__(self, about: UUID, lot: int, answers: Sealed, timestamp: datetime) -> None:
        self.about = about
        self.lot = lot
        self.answers = answers
        self.given_at = timestamp
        self.is_forgotten = False

    def forget_when_due(self, period: timedelta, act: Act) -> None:
        """Destroy it once it has been kept for so long; the clerk's order."""
        self._require_kept()
        require_kept_for(period, self.given_at, act)
        self.record(self.Forgotten, act)

    def forget_with_its_mentor(self, act: Act) -> None:
        """Destroy it because whom it is about was erased; the clerk's order."""
        self._require_kept()
        self.record(self.Forgotten, act)

    @event(Forgotten)
    def _forgotten(self) -> None:
        self.is_forgotten = True

    def _require_kept(self) -> None:
        if self.is_forgotten:
            raise FeedbackIsForgotten
