"""Relationships: asked for by a mentee, agreed by both, paused, and ended with a reason."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import MenteeCaller, Now, PartyCaller, SchemeCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
)
from api.records.openings import Openings
from api.records.relations import as_coordinator, as_one_concerned, as_participant
from api.records.words import LONGEST_WORDS, seal_words
from domain.access import Caller
from domain.commands import relationships as commands
from domain.commands.footing import footing_of
from domain.mentoring import Mentoring
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import (
    Cadence,
    ClosingReason,
    EndingTold,
    Kind,
    Mode,
    Part,
    ending_told,
)
from domain.relationship_state import Stage
from domain.session import Outcome
from domain.values import Purpose, Sealed

router = APIRouter(prefix="/relationships", tags=["relationships"])

SaidReason = Literal[
    ClosingReason.COMPLETED,
    ClosingReason.GOALS_MET,
    ClosingReason.NO_FAULT,
    ClosingReason.MENTOR_UNAVAILABLE,
    ClosingReason.MENTEE_LEFT,
    ClosingReason.SAFEGUARDING,
    ClosingReason.AGREEMENT_ENDED,
]
"""A withdrawn consent ends a relationship by itself; nobody says so for another."""


class RequestMentoring(Body):
    """What a mentee asks for; their own words for it go into the notebook, sealed."""

    place: UUID = Field(examples=["0f0e8a52-5f0b-4a3c-9d7e-2a6b3f1c9d10"])
    kind: Kind | None = Field(
        default=None, description="One of the programme's; its usual one where none is named."
    )
    mode: Mode = Field(default=Mode.VIRTUAL, examples=["virtual"])
    cadence: Cadence = Field(default=Cadence.MONTHLY, examples=["monthly"])
    themes: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["Working towards promotion"]
    )
    preferences: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["Mornings suit me best"]
    )
    identity_preference: str | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_WORDS,
        description="Needs a live consent to identity_preference.",
        examples=["A partner who shares my background"],
    )


class DeclareConflict(Body):
    """Somebody who must never be matched with the mentee."""

    with_person: UUID = Field(examples=["3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"])
    words: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["In my own words."]
    )


class AcceptAgreement(Body):
    """The version of the mentoring agreement that was read."""

    version: int = Field(ge=1, le=10_000, examples=[1])


class CloseRelationship(Body):
    """Why it ends; "no_fault" is always an answer."""

    reason: SaidReason = Field(examples=["no_fault"])
    words: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["In my own words."]
    )


class ParticipantAnswer(BaseModel):
    """Somebody who takes part."""

    person: UUID
    part: Part


class SessionAnswer(BaseModel):
    """One session; without an outcome it is still to come or waits for attendance."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    sequence: int
    outcome: Outcome | None
    disputed: bool


class RelationshipAnswer(BaseModel):
    """Where a relationship stands; never any words."""

    id: UUID
    place: UUID
    kind: Kind
    group: UUID | None = Field(description="The group in which it is, once it is matched.")
    stage: Stage
    cadence: Cadence
    participants: list[ParticipantAnswer]
    agreed_by: list[UUID]
    sessions: list[SessionAnswer]
    closed_for: EndingTold | None = Field(
        description='A party reads "ended" where the other\'s reason is not for them.'
    )


@router.post("", status_code=201)
def request(
    body: RequestMentoring,
    caller: MenteeCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Ask for a mentoring partner."""
    return carrier.carry_out(
        lambda mentoring, order: commands.request_relationship(
            mentoring, order, facts=_facts(mentoring, body, caller, openings)
        )
    )


@router.get("/{id}")
def show(
    id: UUID, caller: SchemeCaller, mentoring: MentoringPart, now: Now, response: Response
) -> RelationshipAnswer:
    """Show where a relationship stands, to its parties and its coordinator."""
    subject = as_one_concerned(mentoring, caller, id, now)
    response.headers["ETag"] = f'"{subject.version}"'
    return _answer(subject, caller)


@router.post("/{id}/conflicts")
def declare_conflict(
    id: UUID,
    body: DeclareConflict,
    caller: SchemeCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Keep two people apart for good."""
    owner = _owner_of_words(
        as_one_concerned(carrier.mentoring, caller, id, carrier.order.act.at), caller
    )
    return carrier.carry_out(
        lambda mentoring, order: commands.declare_conflict(
            mentoring,
            order,
            relationship=id,
            with_person=body.with_person,
            words=seal_words(openings, owner, "conflict", body.words),
        )
    )


@router.post("/{id}/agreement")
def accept_agreement(
    id: UUID,
    body: AcceptAgreement,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Accept the mentoring agreement, with its limits of confidentiality."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.accept_agreement, relationship=id, version=body.version)


@router.post("/{id}/pause")
def pause(id: UUID, caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Plan nothing for a while."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.pause_relationship, relationship=id)


@router.post("/{id}/resumption")
def resume(id: UUID, caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Go on after a pause."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.resume_relationship, relationship=id)


@router.post("/{id}/closing")
def close(
    id: UUID,
    body: CloseRelationship,
    caller: SchemeCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """End a relationship with a reason; what lies ahead is cancelled at nobody's cost."""
    owner = _owner_of_words(_closable(carrier.mentoring, caller, id), caller)
    return carrier.carry_out(
        lambda mentoring, order: commands.close_relationship(
            mentoring,
            order,
            relationship=id,
            reason=body.reason,
            words=seal_words(openings, owner, "closing", body.words),
        )
    )


def _closable(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """A mentor who is only proposed declines; they have nothing to close."""
    find = as_participant if caller.is_party() else as_coordinator
    return find(mentoring, caller, id)


def _facts(
    mentoring: Mentoring, body: RequestMentoring, caller: Caller, openings: Openings
) -> RequestFacts:
    mentee = caller.person
    return RequestFacts(
        mentee=mentee,
        place=body.place,
        kind=body.kind or footing_of(mentoring, body.place).usual_kind,
        mode=body.mode,
        cadence=body.cadence,
        themes=seal_words(openings, mentee, "themes", body.themes),
        preferences=seal_words(openings, mentee, "preferences", body.preferences),
        identity_preference=_sealed_identity(openings, mentee, body.identity_preference),
    )


def _sealed_identity(openings: Openings, mentee: UUID, text: str | None) -> Sealed | None:
    purpose = Purpose.IDENTITY_PREFERENCE
    return seal_words(openings, mentee, "identity_preference", text, purpose=purpose)


def _owner_of_words(subject: Relationship, caller: Caller) -> UUID:
    """What a party says is theirs; what a coordinator writes down is about the mentee."""
    return caller.person if caller.is_party() else subject.mentee


def _ending(subject: Relationship, caller: Caller) -> EndingTold | None:
    """Coordinators read the exact reason; a party only their own, or one that says nothing of the other."""
    if subject.closed_for is None:
        return None
    is_own = not caller.is_party() or subject.closed_by == caller.person
    return ending_told(subject.closed_for, is_own=is_own)


def _answer(subject: Relationship, caller: Caller) -> RelationshipAnswer:
    sessions = sorted(subject.sessions.values(), key=lambda each: each.span.starts_at)
    return RelationshipAnswer(
        id=subject.id,
        place=subject.place,
        kind=subject.kind,
        group=subject.group,
        stage=subject.stage,
        cadence=subject.cadence,
        participants=[
            ParticipantAnswer(person=each.person, part=each.part) for each in subject.participants
        ],
        agreed_by=sorted(subject.agreements),
        sessions=[
            SessionAnswer(
                id=each.id,
                starts_at=each.span.starts_at,
                ends_at=each.span.ends_at,
                time_zone=each.span.time_zone,
                sequence=each.sequence,
                outcome=each.outcome,
                disputed=each.disputed,
            )
            for each in sessions
        ],
        closed_for=_ending(subject, caller),
    )
