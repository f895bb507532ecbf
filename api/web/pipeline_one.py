"""One relationship of the pipeline: what was asked for, and what a coordinator can do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.dependencies import Carrier, CarrierPart, CommandResult
from api.records.openings import Openings
from api.records.relations import as_coordinator
from api.routes import attendance, places, proposals, relationships, said_words
from api.web.filled import AnyForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.pipeline_forms import (
    ConflictForm,
    CorrectionForm,
    EndingForm,
    ExtensionForm,
    GroupProposalForm,
    NoSuchMentor,
    ProposalForm,
    SettlementForm,
)
from api.web.pipeline_page import Seen, SeenPart, one_page
from api.web.pipeline_view import SAID_OF
from api.web.rendering import page
from domain.access import Caller
from domain.mentoring import NotFound
from domain.relationship_events import Kind

router = APIRouter(
    prefix="/pipeline/{relationship}", include_in_schema=False, dependencies=[ReadForm]
)


@dataclass(frozen=True)
class Acting:
    """A coordinator who sends a form."""

    seen: Seen
    carrier: Carrier

    @property
    def carried(self) -> tuple[Caller, Carrier]:
        """What every order of theirs takes."""
        return self.seen.caller, self.carrier

    @property
    def carried_with_words(self) -> tuple[Caller, Carrier, Openings]:
        """The same for orders that carry words to be sealed."""
        return *self.carried, self.seen.openings


def acting(seen: SeenPart, carrier: CarrierPart) -> Acting:
    """Gather it."""
    return Acting(seen, carrier)


ActingPart = Annotated[Acting, Depends(acting)]


@router.get("")
def show(relationship: UUID, seen: SeenPart, at_least: AtLeast = None) -> Response:
    """Where one relationship stands, and what a coordinator can do for it."""
    return one_page(seen, relationship, at_least=at_least)


@router.get("/requested-words")
def show_requested_words(relationship: UUID, seen: SeenPart) -> Response:
    """What the mentee asked for; the look is recorded before anything is shown."""
    words = proposals.show_requested_words(
        relationship, seen.caller, seen.mentoring, seen.openings, seen.now
    )
    return page(
        seen.request,
        "requested_words.html",
        caller=seen.caller,
        relationship=relationship,
        words=words,
    )


@router.get("/said-words")
def show_said_words(relationship: UUID, seen: SeenPart) -> Response:
    """What was said of suggestions, conflicts, disputes and endings; each look is recorded before anything is shown."""
    shown = said_words.show_said_words(
        relationship, seen.caller, seen.mentoring, seen.openings, seen.now
    )
    return page(
        seen.request,
        "said_words.html",
        caller=seen.caller,
        relationship=relationship,
        said=[(SAID_OF[each.of], each) for each in shown.said],
    )


@router.post("/proposals")
def propose(relationship: UUID, acting: ActingPart) -> Response:
    """Offer one mentor."""
    seen = acting.seen
    request = as_coordinator(seen.mentoring, seen.caller, relationship)
    kind = GroupProposalForm if request.kind is Kind.GROUP else ProposalForm

    def carry(form: ProposalForm) -> CommandResult:
        try:
            body = form.proposal(seen.mentoring)
            reader = seen.waiting.reader
            return proposals.propose(relationship, body, *acting.carried_with_words, reader)
        except NotFound:
            raise NoSuchMentor from None

    return _sent(acting, relationship, kind, carry)


@router.post("/conflicts")
def declare_conflict(relationship: UUID, acting: ActingPart) -> Response:
    """Keep two people apart for good."""

    def carry(form: ConflictForm) -> CommandResult:
        body = relationships.DeclareConflict(**form.model_dump())
        return relationships.declare_conflict(relationship, body, *acting.carried_with_words)

    return _sent(acting, relationship, ConflictForm, carry)


@router.post("/correction")
def correct(relationship: UUID, acting: ActingPart) -> Response:
    """Correct the record of a session, openly."""

    def carry(form: CorrectionForm) -> CommandResult:
        body = attendance.CorrectAttendance(outcome=form.outcome, reason=form.reason)
        return attendance.correct(relationship, form.session, body, *acting.carried)

    return _sent(acting, relationship, CorrectionForm, carry)


@router.post("/settlement")
def settle(relationship: UUID, acting: ActingPart) -> Response:
    """Decide openly what nobody recorded of a session."""

    def carry(form: SettlementForm) -> CommandResult:
        body = attendance.SettleAttendance(outcome=form.outcome)
        return attendance.settle(relationship, form.session, body, *acting.carried)

    return _sent(acting, relationship, SettlementForm, carry)


@router.post("/extension")
def extend(relationship: UUID, acting: ActingPart) -> Response:
    """Grant more sessions, where funding is free."""
    place = as_coordinator(acting.seen.mentoring, acting.seen.caller, relationship).place

    def carry(form: ExtensionForm) -> CommandResult:
        body = places.ExtendPlace(sessions=form.sessions)
        return places.extend(place, body, *acting.carried)

    return _sent(acting, relationship, ExtensionForm, carry)


@router.post("/closing")
def close(relationship: UUID, acting: ActingPart) -> Response:
    """End it with a reason."""

    def carry(form: EndingForm) -> CommandResult:
        body = relationships.CloseRelationship(reason=form.reason, words=form.words)
        return relationships.close(relationship, body, *acting.carried_with_words)

    return _sent(acting, relationship, EndingForm, carry)


def _sent(
    acting: Acting,
    relationship: UUID,
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
) -> Response:
    seen = acting.seen
    as_coordinator(seen.mentoring, seen.caller, relationship)
    return carried_out(
        seen.request, kind, carry, lambda filled: one_page(seen, relationship, filled=filled)
    )
