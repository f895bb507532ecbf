"""A coordinator's enquiries: which wait, one opened with the look recorded, and what becomes of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    EnquiryDeskPart,
    MentoringPart,
    OrderPart,
    ReaderPart,
    WaitingPart,
)
from api.routes import enquiries as routes
from api.web.answers import show_effect
from api.web.forms import ReadForm, posted
from api.web.looking import AtLeast, is_there, looked_up
from api.web.rendering import page
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
    AnswerMeans.MAIL: "By mail",
    AnswerMeans.TELEPHONE: "By telephone",
    AnswerMeans.IN_PERSON: "In person",
}
REASONS = {
    ForgettingReason.ASKED: "They asked for it",
    ForgettingReason.RETENTION: "It has been kept long enough",
}


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
    subject = mentoring.load(Enquiry, enquiry)
    return page(
        request,
        "enquiry.html",
        caller=caller,
        enquiry=enquiry,
        is_answered=subject.is_answered,
        asked=None if subject.is_forgotten else desk.open(caller, subject),
        kinds=KINDS,
        means=MEANS,
        reasons=REASONS,
    )


@router.post("/{enquiry}/answer")
def answer(
    enquiry: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[routes.AnswerEnquiry, Depends(posted(routes.AnswerEnquiry))],
    order: OrderPart,
    mentoring: MentoringPart,
) -> Response:
    """Note that it was answered."""
    done = routes.answer(enquiry, form, caller, order, mentoring, Response())
    return show_effect(request, done.position)


@router.post("/{enquiry}/forgetting")
def forget(
    enquiry: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[routes.ForgetEnquiry, Depends(posted(routes.ForgetEnquiry))],
    order: OrderPart,
    mentoring: MentoringPart,
) -> Response:
    """Destroy what was asked."""
    done = routes.forget(enquiry, form, caller, order, mentoring, Response())
    return show_effect(request, done.position)
