"""Proposals: a coordinator offers one mentor, both parties answer, the second yes matches."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from api.auth.callers import CoordinatorCaller, Now, PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MadeResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
)
from api.records.openings import About, Openings, Whose, Why
from api.records.parted import require_apart_from_none, require_never_parted
from api.records.relations import as_coordinator, as_party, part_of
from api.records.words import LONGEST_WORDS, WordsAnswer, open_words, seal_words
from api.records.workplaces import Workplaces
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.preferences import has_stated_detail
from domain.commands.proposals import Answer, accept_proposal, decline_proposal, propose_mentor
from domain.commands.seats import members_of_offered
from domain.consent import ConsentLedger
from domain.mentoring import Mentoring, NotFound
from domain.policies.withdrawal import preference_ended_since
from domain.proposal import DeclineReason, Offer
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.sealed_words import words_proposed, words_requested
from domain.values import Compartment, Purpose, Sealed

router = APIRouter(prefix="/relationships/{id}", tags=["proposals"])

LOWEST_RANK = 100


class ProposeMentor(Body):
    """One mentor for one request, with reasons that each party will read."""

    mentor: UUID = Field(examples=["3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"])
    rank: int = Field(default=1, ge=1, le=LOWEST_RANK, examples=[1])
    reasons_for_mentee: str = Field(
        min_length=1, max_length=LONGEST_WORDS, examples=["Has led a team like yours"]
    )
    reasons_for_mentor: str = Field(
        min_length=1, max_length=LONGEST_WORDS, examples=["Would like to think about leading"]
    )
    group: UUID | None = Field(
        default=None,
        description="The group in which a seat is offered; without one, a request for a group forms a new one.",
    )
    expires_at: AwareDatetime | None = Field(
        default=None, description="At the latest seven working days from now, which is the default."
    )


class AcceptProposal(Body):
    """The version of the proposal that was read."""

    version: int = Field(ge=1, le=10_000, examples=[1])


class RefuseProposal(Body):
    """A no, without fault; no reason is needed."""

    version: int = Field(ge=1, le=10_000, examples=[1])
    reason: DeclineReason = Field(default=DeclineReason.NO_REASON_GIVEN, examples=["not_now"])
    words: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["In my own words."]
    )


class ProposalAnswer(BaseModel):
    """The open proposal as one party sees it."""

    id: UUID
    version: int
    part: Part
    mentor: UUID
    expires_at: datetime
    accepted_by_me: bool
    members: int | None = Field(
        description="How many are in the group by now in which this is a seat; null where it is for two."
    )
    reasons: WordsAnswer


class RequestedWordsAnswer(BaseModel):
    """What the mentee said for the matching, as far as their consents are live."""

    themes: WordsAnswer
    preferences: WordsAnswer
    identity_preference: WordsAnswer


@router.get("/requested-words")
def show_requested_words(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, openings: OpeningsPart, at: Now
) -> RequestedWordsAnswer:
    """Open what an unmatched mentee asked for; every look is recorded and they can read of it."""
    as_coordinator(mentoring, caller, id).require_unmatched()
    asked = words_requested(mentoring, id)

    def shown(value: Sealed | None, kind: RecordKind) -> WordsAnswer:
        why = Why(kind, AccessPurpose.MATCHING, Authority.CONSENT, id)
        return open_words(openings, caller, value, why, now=at)

    return RequestedWordsAnswer(
        themes=shown(asked.themes, RecordKind.PREFERENCES),
        preferences=shown(asked.preferences, RecordKind.PREFERENCES),
        identity_preference=shown(asked.identity_preference, RecordKind.IDENTITY),
    )


@router.post("/proposals", status_code=201)
def propose(
    id: UUID,
    body: ProposeMentor,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
    reader: ReaderPart,
) -> MadeResult:
    """Offer one mentor; a new offer takes back the open one."""
    mentoring, at = carrier.mentoring, carrier.order.act.at
    subject = as_coordinator(mentoring, caller, id)
    require_never_parted(mentoring, reader, subject.mentee, body.mentor)
    if body.group is not None:
        require_apart_from_none(mentoring, reader, subject.mentee, body.group)
    Workplaces(mentoring, openings).require_apart(subject, body.mentor, at)
    return carrier.make(
        lambda mentoring, order: propose_mentor(
            mentoring,
            order,
            relationship=id,
            offer=_offer(body, subject.mentee, order.command_id, openings),
        )
    )


@router.get("/proposal")
def show(
    id: UUID, caller: PartyCaller, mentoring: MentoringPart, openings: OpeningsPart, at: Now
) -> ProposalAnswer:
    """Show a party the open proposal and the reasons that were written for them."""
    subject = as_party(mentoring, caller, id, at)
    proposal, part = subject.open_proposal, part_of(subject, caller)
    written = words_proposed(mentoring, id, proposal.id)
    mine = written.reasons_for_mentee if part is Part.MENTEE else written.reasons_for_mentor
    about = None if part is Part.MENTEE else _about_mentee(mentoring, subject)
    why = Why(RecordKind.PREFERENCES, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD, id, about)
    return ProposalAnswer(
        id=proposal.id,
        version=proposal.version,
        part=part,
        mentor=proposal.mentor,
        expires_at=proposal.expires_at,
        accepted_by_me=caller.person in proposal.accepted_by,
        members=members_of_offered(mentoring, subject),
        reasons=open_words(openings, caller, mine, why, now=at),
    )


@router.post("/proposals/{proposal}/acceptance")
def accept(
    id: UUID,
    proposal: UUID,
    body: AcceptProposal,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Say yes; the second yes matches, if nothing stands in the way by then."""
    as_party(carrier.mentoring, caller, id, carrier.order.act.at)
    answer = Answer(id, proposal, body.version)
    return carrier.carry_out(accept_proposal, answer=answer)


@router.post("/proposals/{proposal}/refusal")
def refuse(
    id: UUID,
    proposal: UUID,
    body: RefuseProposal,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Say no, without fault."""
    as_party(carrier.mentoring, caller, id, carrier.order.act.at)
    answer = Answer(id, proposal, body.version)
    return carrier.carry_out(
        lambda mentoring, order: decline_proposal(
            mentoring,
            order,
            answer=answer,
            reason=body.reason,
            words=seal_words(openings, caller.person, "refusal", body.words),
        )
    )


def _about_mentee(mentoring: Mentoring, subject: Relationship) -> About:
    """The mentor reads about the mentee; once a consent is gone, the proposal is absent to them.

    That is how it will be when the clerk has taken it back, so it tells them nothing.
    """

    def require(ledger: ConsentLedger, now: datetime) -> None:
        if not ledger.is_live(Purpose.TAKE_PART, now) or _is_outdated(mentoring, subject):
            raise NotFound

    return About(subject.mentee, AccessPurpose.MATCHING, Authority.CONSENT, require)


def _is_outdated(mentoring: Mentoring, subject: Relationship) -> bool:
    """Whether the reasons may rest on an identity preference that was withdrawn since."""
    if not (subject.has_identity_preference or has_stated_detail(mentoring, subject.mentee)):
        return False
    facts = mentoring.events.get(ConsentLedger.id_of(subject.mentee))
    return preference_ended_since(facts, subject.open_proposal.proposed_at)


def _offer(body: ProposeMentor, mentee: UUID, id: UUID, openings: Openings) -> Offer:
    return Offer(
        id=id,
        mentor=body.mentor,
        rank=body.rank,
        reasons_for_mentee=openings.seal(
            _reasons_of(mentee, "reasons_for_mentee"), body.reasons_for_mentee
        ),
        reasons_for_mentor=openings.seal(
            _reasons_of(body.mentor, "reasons_for_mentor"), body.reasons_for_mentor
        ),
        expires_at=body.expires_at,
        group=body.group,
    )


def _reasons_of(person: UUID, field: str) -> Whose:
    """Reasons are about the person who reads them, and closed to them by their own withdrawal."""
    return Whose(Compartment.PERSONAL, person, Purpose.TAKE_PART.value, field)
