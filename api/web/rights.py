"""The rights desk, for the data protection lead: what is asked and by when it is answered, erasures beside the rest."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.auth.callers import DataProtectionCaller, Now
from api.dependencies import (
    ApartPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    ReaderPart,
    WaitingPart,
)
from api.fields import OwnWords
from api.records.relations import Apart
from api.routes import erasures
from api.routes import rights_requests as routes
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there
from api.web.rendering import page
from domain.access import Caller
from domain.erasure import DECIDED_AGAINST, ErasureStage
from domain.mentoring import Mentoring
from domain.rights_request import OPEN, ExtensionReason, RequestRefusal, RightsKind, RightsStage
from projections.desks import DESKS

router = APIRouter(prefix="/rights-desk", include_in_schema=False, dependencies=[ReadForm])

MOST_ERASURES = 200
KINDS = {
    RightsKind.ACCESS: "To see everything about oneself",
    RightsKind.RECTIFICATION: "To have something put right",
    RightsKind.OBJECTION: "Against how something is used",
}
STAGES = {
    RightsStage.MADE: "Waits for an answer",
    RightsStage.EXTENDED: "Takes longer, waits for an answer",
    RightsStage.ANSWERED: "Answered",
    RightsStage.REFUSED: "Refused",
    RightsStage.FORGOTTEN: "Destroyed after its time",
}
EXTENSIONS = {
    ExtensionReason.COMPLEX: "there is much to look through",
    ExtensionReason.MANY_REQUESTS: "you asked for several things at once",
}
REFUSALS = {
    RequestRefusal.NOT_SURE_WHO_ASKED: "we could not be sure that it was you who asked",
    RequestRefusal.RIGHTS_OF_OTHERS: "it would take something from somebody else’s rights",
    RequestRefusal.LEGAL_DUTY: "the law says that we must go on",
    RequestRefusal.RECORD_IS_RIGHT: "the record is right as it stands",
    RequestRefusal.STRONGER_GROUNDS: "there are stronger reasons to go on",
    RequestRefusal.EXCESSIVE: "it was asked too often",
}
DECIDED = DECIDED_AGAINST | {ErasureStage.COMPLETED}
ERASURES = {
    ErasureStage.REQUESTED: "Waits for a decision",
    ErasureStage.HELD: "Held",
    ErasureStage.GRANTED: "Granted, being carried out",
    ErasureStage.CARRIED_OUT: "Carried out, old copies still to die",
}


class ExtensionForm(TypedForm):
    """Why it takes longer."""

    faults: ClassVar[Mapping[str, str]] = {"reason": "Choose why it takes longer."}
    blamed: ClassVar[str] = "reason"

    reason: ExtensionReason


class AnswerForm(TypedForm):
    """The answer."""

    faults: ClassVar[Mapping[str, str]] = {
        "words": "Write your answer, in 4,000 characters at most."
    }
    blamed: ClassVar[str] = "words"

    words: OwnWords


class RefusalForm(AnswerForm):
    """Why it is refused."""

    faults: ClassVar[Mapping[str, str]] = {
        "reason": "Choose why it is refused.",
        "words": "Write why, in 4,000 characters at most.",
    }

    reason: RequestRefusal


@router.get("")
def show(
    request: Request,
    caller: DataProtectionCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    waiting: WaitingPart,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    is_over: bool = False,
    at_least: AtLeast = None,
) -> Response:
    """What waits for an answer, what is due first at the top, and erasures that are not done."""
    is_current = is_there(waiting, DESKS.name, at_least)
    found = routes.list_them(caller, mentoring, reader, is_over=is_over, cursor=cursor)
    asked = erasures.desk(caller, reader, limit=MOST_ERASURES).erasures
    return page(
        request,
        "rights_desk.html",
        caller=caller,
        is_current=is_current,
        rows=sorted(found.requests, key=lambda each: each.due_on),
        erasures=[] if is_over else [each for each in asked if each.stage not in DECIDED],
        more=found.next,
        is_over=is_over,
        kinds=KINDS,
        stages=STAGES,
        erasure_stages=ERASURES,
    )


@router.get("/{rights_request}")
def show_one(
    rights_request: UUID,
    request: Request,
    caller: DataProtectionCaller,
    mentoring: MentoringPart,
    apart: ApartPart,
    at_least: AtLeast = None,
) -> Response:
    """Where one stands; nothing is opened."""
    has_changed = at_least is not None
    return _page(request, caller, mentoring, apart, rights_request, has_changed=has_changed)


@router.get("/{rights_request}/words")
def show_words(
    rights_request: UUID,
    request: Request,
    caller: DataProtectionCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    at: Now,
) -> Response:
    """What it says; the look is recorded."""
    letter = routes.read_words(rights_request, caller, mentoring, openings, apart, at)
    return page(
        request,
        "letter.html",
        caller=caller,
        back=(f"/rights-desk/{rights_request}", "Back to the request"),
        title="What the request says",
        standing="That you opened it is recorded, and its person can read that.",
        letter=letter,
    )


@router.post("/{rights_request}/extension")
def extend(
    rights_request: UUID,
    request: Request,
    caller: DataProtectionCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    apart: ApartPart,
) -> Response:
    """Take two months more."""

    def carry(form: ExtensionForm) -> CommandResult:
        body = routes.ExtendRightsRequest(reason=form.reason)
        return routes.extend(rights_request, body, caller, order, mentoring, apart, Response())

    def again(filled: Filled) -> Response:
        return _page(request, caller, mentoring, apart, rights_request, filled)

    return carried_out(request, ExtensionForm, carry, again)


@router.post("/{rights_request}/answer")
def answer(
    rights_request: UUID,
    request: Request,
    caller: DataProtectionCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
) -> Response:
    """Answer it."""

    def carry(form: AnswerForm) -> CommandResult:
        body = routes.AnswerRightsRequest(words=form.words)
        return routes.answer(
            rights_request, body, caller, order, mentoring, openings, apart, Response()
        )

    def again(filled: Filled) -> Response:
        return _page(request, caller, mentoring, apart, rights_request, filled)

    return carried_out(request, AnswerForm, carry, again)


@router.post("/{rights_request}/refusal")
def refuse(
    rights_request: UUID,
    request: Request,
    caller: DataProtectionCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
) -> Response:
    """Refuse it."""

    def carry(form: RefusalForm) -> CommandResult:
        body = routes.RefuseRightsRequest(reason=form.reason, words=form.words)
        return routes.refuse(
            rights_request, body, caller, order, mentoring, openings, apart, Response()
        )

    def again(filled: Filled) -> Response:
        return _page(request, caller, mentoring, apart, rights_request, filled)

    return carried_out(request, RefusalForm, carry, again)


def _page(
    request: Request,
    caller: Caller,
    mentoring: Mentoring,
    apart: Apart,
    rights_request: UUID,
    filled: Filled = NOTHING_FILLED,
    *,
    has_changed: bool = False,
) -> Response:
    one = routes.show(rights_request, caller, mentoring, apart, Response())
    return page(
        request,
        "rights_request.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        has_changed=has_changed,
        one=one,
        is_open=one.stage in OPEN,
        kinds=KINDS,
        stages=STAGES,
        extensions=EXTENSIONS,
        refusals=REFUSALS,
    )
