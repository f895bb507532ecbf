"""A mentee's own pages: where things stand, a proposal to answer, an agreement to accept."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import MenteeCaller, Now
from api.dependencies import Body, MentoringPart, OpeningsPart, OrderPart, ReaderPart, WaitingPart
from api.records.relations import as_participant
from api.routes import mentor_profiles, proposals, relationships
from api.web.answers import show_effect
from api.web.forms import ReadForm, posted
from api.web.looking import AtLeast, is_there, live, looked_up
from api.web.my_mentoring_view import CADENCES, STEPS, shown
from api.web.rendering import page
from domain.commands.loading import find_ledger
from domain.mentoring import NotFound
from domain.place import Place
from domain.proposal import DeclineReason
from domain.values import Purpose
from projections.my_mentoring import MY_MENTORING
from projections.reader import Changes

router = APIRouter(prefix="/my-mentoring", include_in_schema=False, dependencies=[ReadForm])

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


class DeclineForm(AcceptForm):
    """The same with a reason, which is never needed."""

    reason: DeclineReason = DeclineReason.NO_REASON_GIVEN


@router.get("")
def show(
    request: Request,
    caller: MenteeCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    mentoring: MentoringPart,
    now: Now,
    at_least: AtLeast = None,
) -> Response:
    """Where things stand."""
    is_current = is_there(waiting, MY_MENTORING.name, at_least)
    updates = live(reader, Changes.MY_MENTORING, caller.person)
    views = looked_up(lambda: reader.my_mentoring(caller.person))
    aside = looked_up(lambda: reader.my_set_aside(caller.person))
    ledger = find_ledger(mentoring, caller.person)
    return page(
        request,
        "my_mentoring.html",
        caller=caller,
        updates=updates,
        is_current=is_current,
        relationships=[shown(view, now) for view in reversed(views)],
        set_aside=aside,
        is_one_missing=not set(aside) <= {view.relationship for view in views},
        takes_part=ledger is not None and ledger.is_live(Purpose.TAKE_PART, now),
        has_withdrawn=ledger is not None and not ledger.stands(Purpose.TAKE_PART),
        steps=STEPS,
    )


@router.get("/{relationship}/proposal")
def show_proposal(
    relationship: UUID,
    request: Request,
    caller: MenteeCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
) -> Response:
    """Who is suggested and why; both are opened for this page and the looks are recorded."""
    as_participant(mentoring, caller, relationship)
    proposal = proposals.show(relationship, caller, mentoring, openings, now)
    profile = mentor_profiles.show(
        proposal.mentor, caller, now, mentoring, openings, Response(), relationship
    )
    return page(
        request,
        "proposal.html",
        caller=caller,
        relationship=relationship,
        proposal=proposal,
        profile=profile,
        reasons=DECLINE_REASONS,
    )


@router.post("/{relationship}/acceptance")
def accept(
    relationship: UUID,
    request: Request,
    form: Annotated[AcceptForm, Depends(posted(AcceptForm))],
    caller: MenteeCaller,
    order: OrderPart,
    mentoring: MentoringPart,
) -> Response:
    """Say yes."""
    body = proposals.AcceptProposal(version=form.version)
    done = proposals.accept(relationship, form.proposal, body, caller, order, mentoring, Response())
    return show_effect(request, done.position)


@router.post("/{relationship}/refusal")
def decline(
    relationship: UUID,
    request: Request,
    form: Annotated[DeclineForm, Depends(posted(DeclineForm))],
    caller: MenteeCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
) -> Response:
    """Say no, without fault."""
    body = proposals.RefuseProposal(version=form.version, reason=form.reason)
    done = proposals.refuse(
        relationship, form.proposal, body, caller, order, mentoring, openings, Response()
    )
    return show_effect(request, done.position)


@router.get("/{relationship}/partner")
def show_partner(
    relationship: UUID,
    request: Request,
    caller: MenteeCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
) -> Response:
    """Who the mentoring partner is, in their own words; the look is recorded and they can see it."""
    mentor = as_participant(mentoring, caller, relationship).mentor
    if mentor is None:
        raise NotFound
    profile = mentor_profiles.show(
        mentor, caller, now, mentoring, openings, Response(), relationship
    )
    return page(request, "partner.html", caller=caller, profile=profile)


@router.get("/{relationship}/agreement")
def show_agreement(
    relationship: UUID, request: Request, caller: MenteeCaller, mentoring: MentoringPart
) -> Response:
    """What the two agree on, with the limits of confidentiality."""
    subject = as_participant(mentoring, caller, relationship)
    if subject.mentor is None:
        raise NotFound
    return page(
        request,
        "agreement.html",
        caller=caller,
        relationship=relationship,
        version=AGREEMENT_VERSION,
        has_accepted=subject.agreements.get(caller.person) == AGREEMENT_VERSION,
        is_open=subject.closed_for is None,
        cadence=CADENCES[subject.cadence],
        sessions=mentoring.load(Place, subject.place).granted,
    )


@router.post("/{relationship}/agreement")
def accept_agreement(
    relationship: UUID,
    request: Request,
    form: Annotated[relationships.AcceptAgreement, Depends(posted(relationships.AcceptAgreement))],
    caller: MenteeCaller,
    order: OrderPart,
    mentoring: MentoringPart,
) -> Response:
    """Accept the version that was read."""
    done = relationships.accept_agreement(relationship, form, caller, order, mentoring, Response())
    return show_effect(request, done.position)
