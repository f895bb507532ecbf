"""A coordinator's enquiries: which wait, one opened with the look recorded, and what becomes of it."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.at_the_door import EnquiryDeskPart
from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    CarrierPart,
    CommandResult,
    MentoringPart,
    ReaderPart,
    WaitingPart,
)
from api.fields import OwnWords
from api.records.enquiries import EnquiryDesk
from api.routes import enquiries as routes
from api.web.answers import show_effect
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm, posted
from api.web.looking import AtLeast, is_there, looked_up
from api.web.rendering import page
from domain.access import Caller
from domain.enquiry import AnswerMeans, Enquiry, EnquiryKind, ForgettingReason
from projections.enquiries import ENQUIRIES, EnquiryStage
from projections.joining_questions import MOST_AT_ONCE, enquiries

router = APIRouter(prefix="/enquiries", include_in_schema=False, dependencies=[ReadForm])

STAGES = {
    EnquiryStage.OPEN: "Waiting for an answer",
    EnquiryStage.ANSWERED: "Answered",
    EnquiryStage.FORGOTTEN: "Forgotten",
}
KINDS = {
    EnquiryKind.ORGANISATION: "An organisation",
    EnquiryKind.PRACTITIONER: "A practitioner",
}
MEANS = {
    AnswerMeans.MAIL: "By mail of your own",
    AnswerMeans.TELEPHONE: "By telephone",
    AnswerMeans.IN_PERSON: "In person",
}
REASONS = {
    ForgettingReason.ASKED: "They asked for it",
    ForgettingReason.RETENTION: "It has been kept long enough",
}


class ReplyForm(TypedForm):
    """The answer."""

    faults: ClassVar[Mapping[str, str]] = {
        "words": "Write your answer, in 4,000 characters at most."
    }
    blamed: ClassVar[str] = "words"

    words: OwnWords


@router.get("")
def show(
    request: Request,
    caller: CoordinatorCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    stage: EnquiryStage = EnquiryStage.OPEN,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    at_least: AtLeast = None,
) -> Response:
    """Those of one stage, the oldest first; nothing is opened."""
    is_current = is_there(waiting, ENQUIRIES.name, at_least)
    rows = looked_up(lambda: enquiries(reader, stage=stage, after=cursor))
    return page(
        request,
        "enquiries.html",
        caller=caller,
        is_current=is_current,
        rows=rows,
        more=rows[-1].position if len(rows) == MOST_AT_ONCE else None,
        stage=stage,
        stages=STAGES,
        kinds=KINDS,
    )


@router.get("/{enquiry}")
def show_one(
    enquiry: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    desk: EnquiryDeskPart,
) -> Response:
    """What was asked, by whom; the look is recorded."""
    return _page(request, caller, mentoring.load(Enquiry, enquiry), desk)


@router.post("/{enquiry}/reply")
def reply(
    enquiry: UUID,
    request: Request,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
    desk: EnquiryDeskPart,
) -> Response:
    """Answer by mail."""

    def carry(form: ReplyForm) -> CommandResult:
        body = routes.ReplyToEnquiry(words=form.words)
        return routes.reply(enquiry, body, caller, carrier.order, desk, Response())

    def again(filled: Filled) -> Response:
        return _page(request, caller, carrier.mentoring.load(Enquiry, enquiry), desk, filled)

    return carried_out(request, ReplyForm, carry, again)


@router.post("/{enquiry}/answer")
def answer(
    enquiry: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[routes.AnswerEnquiry, Depends(posted(routes.AnswerEnquiry))],
    carrier: CarrierPart,
) -> Response:
    """Note that it was answered elsewhere."""
    done = routes.answer(enquiry, form, caller, carrier)
    return show_effect(request, done.position)


@router.post("/{enquiry}/forgetting")
def forget(
    enquiry: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[routes.ForgetEnquiry, Depends(posted(routes.ForgetEnquiry))],
    carrier: CarrierPart,
) -> Response:
    """Destroy what was asked."""
    done = routes.forget(enquiry, form, caller, carrier)
    return show_effect(request, done.position)


def _page(
    request: Request,
    caller: Caller,
    subject: Enquiry,
    desk: EnquiryDesk,
    filled: Filled = NOTHING_FILLED,
) -> Response:
    return page(
        request,
        "enquiry.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        enquiry=subject.id,
        is_answered=subject.is_answered,
        asked=None if subject.is_forgotten else desk.open(caller, subject),
        kinds=KINDS,
        means=MEANS,
        reasons=REASONS,
    )
