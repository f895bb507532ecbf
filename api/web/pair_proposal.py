"""How two become a pair on pages: a proposal that each reads and answers, an agreement that both accept."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.dependencies import Body, CommandResult
from api.records.relations import as_party
from api.records.words import LONGEST_WORDS
from api.routes import mentor_profiles, proposals, relationships
from api.web.answers import show_effect
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import posted
from api.web.pair_arrangements import TOO_LONG
from api.web.pair_view import CADENCES
from api.web.party import Party, PartyPart, SenderPart
from domain.mentoring import NotFound
from domain.place import Place
from domain.proposal import DeclineReason

router = APIRouter(prefix="/{relationship}", include_in_schema=False)

AGREEMENT_VERSION = 1
"""The version of the words in `agreement.html`: other words are another version."""

DECLINE_REASONS = {
    DeclineReason.NO_REASON_GIVEN: "I would rather not say",
    DeclineReason.NOT_THE_RIGHT_MATCH: "I do not think we are the right match",
    DeclineReason.NOT_NOW: "This is not the right time for me",
    DeclineReason.CONFLICT: "We know each other in a way that would get in the way",
}


class AcceptForm(Body):
    """Which version of which proposal was read."""

    proposal: UUID
    version: int = Field(ge=1, le=10_000)


class DeclineForm(TypedForm):
    """The same with a reason and words, which are never needed."""

    faults: ClassVar[Mapping[str, str]] = TOO_LONG
    blamed: ClassVar[str] = "reason"

    proposal: UUID
    version: int = Field(ge=1, le=10_000)
    reason: DeclineReason = DeclineReason.NO_REASON_GIVEN
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


@router.get("/proposal")
def show_proposal(relationship: UUID, party: PartyPart) -> Response:
    """Who is suggested and why; whatever is opened for this page is recorded."""
    return _page(party, relationship)


@router.post("/acceptance")
def accept(
    relationship: UUID,
    form: Annotated[AcceptForm, Depends(posted(AcceptForm))],
    sender: SenderPart,
) -> Response:
    """Say yes."""
    body = proposals.AcceptProposal(version=form.version)
    done = proposals.accept(relationship, form.proposal, body, *sender.carried)
    return show_effect(sender.party.request, done.position)


@router.post("/refusal")
def decline(relationship: UUID, sender: SenderPart) -> Response:
    """Say no, without fault."""

    def carry(form: DeclineForm) -> CommandResult:
        body = proposals.RefuseProposal(version=form.version, reason=form.reason, words=form.words)
        return proposals.refuse(relationship, form.proposal, body, *sender.carried_with_words)

    party = sender.party
    return carried_out(
        party.request, DeclineForm, carry, lambda filled: _page(party, relationship, filled=filled)
    )


@router.get("/agreement")
def show_agreement(relationship: UUID, party: PartyPart) -> Response:
    """What the two agree on, with the limits of confidentiality."""
    subject = party.relationship(relationship)
    if subject.mentor is None:
        raise NotFound
    return party.page(
        "agreement.html",
        relationship=relationship,
        back=party.side.home(relationship),
        version=AGREEMENT_VERSION,
        has_accepted=subject.agreements.get(party.caller.person) == AGREEMENT_VERSION,
        is_open=subject.closed_for is None,
        cadence=CADENCES[subject.cadence],
        sessions=party.mentoring.load(Place, subject.place).granted,
    )


@router.post("/agreement")
def accept_agreement(
    relationship: UUID,
    form: Annotated[relationships.AcceptAgreement, Depends(posted(relationships.AcceptAgreement))],
    sender: SenderPart,
) -> Response:
    """Accept the version that was read."""
    done = relationships.accept_agreement(relationship, form, *sender.carried)
    return show_effect(sender.party.request, done.position)


def _page(party: Party, relationship: UUID, *, filled: Filled = NOTHING_FILLED) -> Response:
    as_party(party.mentoring, party.caller, relationship, party.now)
    proposal = proposals.show(
        relationship, party.caller, party.mentoring, party.openings, party.now
    )
    return party.page(
        "proposal.html",
        filled=filled,
        relationship=relationship,
        proposal=proposal,
        profile=profile_of(party, proposal.mentor, relationship) if party.side.is_mentee else None,
        reasons=DECLINE_REASONS,
    )


def profile_of(
    party: Party, mentor: UUID, relationship: UUID | None = None
) -> mentor_profiles.ProfileAnswer:
    """What a mentor shows, opened for somebody to whom it is shown; the look is recorded."""
    return mentor_profiles.show(
        mentor, party.caller, party.now, party.mentoring, party.openings, Response(), relationship
    )
