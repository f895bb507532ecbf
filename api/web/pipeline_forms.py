"""The forms of one relationship that a coordinator fills in, and what to do about each field."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from api.records.words import LONGEST_WORDS
from api.routes import relationships
from api.routes.proposals import ProposeMentor
from api.web.filled import TypedForm
from domain.errors import DomainError
from domain.group import Group
from domain.mentoring import Mentoring
from domain.place import MOST_SESSIONS
from domain.session import CorrectionReason, Outcome

TOO_LONG = "Write at most 4,000 characters."
REFERENCE = "32 letters and digits, with or without hyphens."


class NoSuchMentor(DomainError):
    """There is no mentor with this reference."""


class ProposalForm(TypedForm):
    """One mentor, and why, for each of the two."""

    faults: ClassVar[Mapping[str, str]] = {
        "mentor": f"Enter the mentor’s reference: {REFERENCE}",
        "group": "Choose a group, or a new one.",
        "reasons_for_mentee": "Write why, for the mentee, in at most 4,000 characters.",
        "reasons_for_mentor": "Write why, for the mentor, in at most 4,000 characters.",
    }
    blamed: ClassVar[str] = "mentor"

    mentor: UUID
    reasons_for_mentee: str = Field(min_length=1, max_length=LONGEST_WORDS)
    reasons_for_mentor: str = Field(min_length=1, max_length=LONGEST_WORDS)

    def proposal(self, _mentoring: Mentoring) -> ProposeMentor:
        """The same as the API has it."""
        return ProposeMentor(**self.model_dump())


class GroupProposalForm(ProposalForm):
    """A seat in a group that there is, which comes with its facilitator, or a mentor for a new one."""

    mentor: UUID | None = None  # type: ignore[assignment]  # - a group names its own
    group: UUID | None = None

    def proposal(self, mentoring: Mentoring) -> ProposeMentor:
        """The same as the API has it; raises NoSuchMentor where nobody is named."""
        facilitator = mentoring.load(Group, self.group).facilitator if self.group else self.mentor
        if facilitator is None:
            raise NoSuchMentor
        return ProposeMentor(**self.model_dump() | {"mentor": facilitator})


class ConflictForm(TypedForm):
    """Somebody who must never be matched with the mentee."""

    faults: ClassVar[Mapping[str, str]] = {
        "with_person": f"Enter the reference of the person: {REFERENCE}",
        "words": TOO_LONG,
    }
    blamed: ClassVar[str] = "with_person"

    with_person: UUID
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


class CorrectionForm(TypedForm):
    """What the record of a session should say."""

    faults: ClassVar[Mapping[str, str]] = {
        "session": "Choose a session.",
        "outcome": "Choose what the record should say.",
        "reason": "Choose why.",
    }
    blamed: ClassVar[str] = "outcome"

    session: UUID
    outcome: Outcome
    reason: CorrectionReason


class SettlementForm(TypedForm):
    """What became of a session of which nobody said anything."""

    faults: ClassVar[Mapping[str, str]] = {
        "session": "Choose a session.",
        "outcome": "Choose what became of it.",
    }
    blamed: ClassVar[str] = "outcome"

    session: UUID
    outcome: Outcome


class ExtensionForm(TypedForm):
    """How many sessions more."""

    faults: ClassVar[Mapping[str, str]] = {"sessions": f"Enter a number from 1 to {MOST_SESSIONS}."}
    blamed: ClassVar[str] = "sessions"

    sessions: int = Field(ge=1, le=MOST_SESSIONS)


class EndingForm(TypedForm):
    """Why it ends."""

    faults: ClassVar[Mapping[str, str]] = {"reason": "Choose why it ends.", "words": TOO_LONG}
    blamed: ClassVar[str] = "reason"

    reason: relationships.SaidReason
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)
