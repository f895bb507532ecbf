"""A change to the scheme that somebody taking part proposes, and what became of it.

Their words are for coordinators alone. What everybody reads is the coordinator's own account of it, under a key that
is no person's.
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

TOLD_PURPOSE = "suggestion_told"
"""What a coordinator's account is sealed for, under a key of the suggestion's own."""


class SuggestionIsAnswered(DomainError):
    """This suggestion was answered already."""


class SuggestionIsForgotten(DomainError):
    """What was suggested in somebody's own words was kept long enough and was destroyed; the answer stays."""


class SuggestionOutcome(StrEnum):
    """What became of it."""

    TAKEN_UP = "taken_up"
    DONE_ALREADY = "done_already"
    NOT_NOW = "not_now"
    NOT_TAKEN_UP = "not_taken_up"


class Suggestion(Aggregate):
    """Made by one, answered for all."""

    TOPIC = "suggestion"

    class Created(Aggregate.Created):
        TOPIC = "suggestion.made"
        words: Sealed

    class Answered(Aggregate.Event):
        """`gist` is what was proposed, in the coordinator's words; `answer` what becomes of it."""

        TOPIC = "suggestion.answered"
        outcome: SuggestionOutcome
        gist: Sealed
        answer: Sealed

    class Forgotten(Aggregate.Event):
        """`person` is whose words they were."""

        TOPIC = "suggestion.forgotten"
        person: UUID

    @staticmethod
    def purpose_of(id: UUID) -> str:
        """For what the words of one are sealed: a key each."""
        return f"suggestion:{id}"

    @classmethod
    def make(cls, id: UUID, words: Sealed, act: Act) -> Self:
        """Propose a change; the order of whoever takes part."""
        require_sealed_for(act.actor, Compartment.PERSONAL, words)
        if words.purpose != cls.purpose_of(id):
            raise SealedForAnotherPurpose
        return cls.begin(id, act, words=words)

    @event(Created)
    def __init__(self, words: Sealed, actor: UUID, timestamp: datetime) -> None:
        self.words = words
        self.made_by = actor
        self.made_at = timestamp
        self.answered_at: datetime | None = None
        self.is_forgotten = False
        self.outcome: SuggestionOutcome | None = None
        self.gist: Sealed | None = None
        self.answer_told: Sealed | None = None

    @property
    def is_answered(self) -> bool:
        """Whether it is known what becomes of it."""
        return self.outcome is not None

    def answer(self, outcome: SuggestionOutcome, gist: Sealed, answer: Sealed, act: Act) -> None:
        """Say what becomes of it, in words that name nobody; a coordinator's order."""
        if self.is_answered:
            raise SuggestionIsAnswered
        require_sealed_for(self.id, Compartment.PERSONAL, gist, answer)
        if {gist.purpose, answer.purpose} != {TOLD_PURPOSE}:
            raise SealedForAnotherPurpose
        self.record(self.Answered, act, outcome=outcome, gist=gist, answer=answer)

    @event(Answered)
    def _answered(
        self, outcome: SuggestionOutcome, gist: Sealed, answer: Sealed, timestamp: datetime
    ) -> None:
        self.outcome, self.gist, self.answer_told = outcome, gist, answer
        self.answered_at = timestamp

    def forget_when_due(self, period: timedelta, act: Act) -> None:
        """Destroy the words of who made it once it was answered for so long; the clerk's order."""
        if self.is_forgotten:
            raise SuggestionIsForgotten
        require_kept_for(period, self.answered_at, act)
        self.record(self.Forgotten, act, person=self.made_by)

    @event(Forgotten)
    def _forgotten(self) -> None:
        self.is_forgotten = True
