"""Concerns for whoever looks into them: coordinators see each by its kind, and words only where they are theirs."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.auth.callers import ConcernHandler, CoordinatorCaller, Now
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
from api.routes import concerns as routes
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there
from api.web.rendering import page
from domain.access import Caller
from domain.concern import ConcernCategory, ConcernStage, Desk
from domain.mentoring import Mentoring
from projections.desks import DESKS

router = APIRouter(prefix="/concerns", include_in_schema=False, dependencies=[ReadForm])

CATEGORIES = {
    ConcernCategory.ARRANGEMENTS: "Times, places and how things are arranged",
    ConcernCategory.CONDUCT: "How somebody behaved",
    ConcernCategory.CONFIDENTIALITY: "Something that should have stayed confidential",
    ConcernCategory.SAFETY: "Somebody’s safety",
    ConcernCategory.OTHER: "Something else",
}
STAGES = {
    ConcernStage.RAISED: "Raised, nobody has sorted it yet",
    ConcernStage.TRIAGED: "Somebody is looking into it",
    ConcernStage.CLOSED: "Answered",
    ConcernStage.FORGOTTEN: "Destroyed after its time",
}
DESKS_IN_WORDS = {
    Desk.COORDINATOR: "With the coordinators",
    Desk.SAFEGUARDING_LEAD: "With the safeguarding lead",
}


class TriageForm(TypedForm):
    """Of what kind it is, and who looks into it."""

    faults: ClassVar[Mapping[str, str]] = {
        "category": "Choose what it is about.",
        "desk": "Choose who looks into it.",
    }
    blamed: ClassVar[str] = "desk"

    category: ConcernCategory
    desk: Desk


class ClosingForm(TypedForm):
    """The answer."""

    faults: ClassVar[Mapping[str, str]] = {
        "words": "Write your answer, in 4,000 characters at most."
    }
    blamed: ClassVar[str] = "words"

    words: OwnWords


@router.get("")
def show(
    request: Request,
    caller: ConcernHandler,
    mentoring: MentoringPart,
    reader: ReaderPart,
    waiting: WaitingPart,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    is_over: bool = False,
    at_least: AtLeast = None,
) -> Response:
    """Those that are open, or answered; nothing is opened."""
    is_current = is_there(waiting, DESKS.name, at_least)
    found = routes.list_them(caller, mentoring, reader, is_over=is_over, cursor=cursor)
    return page(
        request,
        "concerns.html",
        caller=caller,
        is_current=is_current,
        rows=found.concerns,
        more=found.next,
        is_over=is_over,
        categories=CATEGORIES,
        stages=STAGES,
        desks=DESKS_IN_WORDS,
    )


@router.get("/{concern}")
def show_one(
    concern: UUID,
    request: Request,
    caller: ConcernHandler,
    mentoring: MentoringPart,
    apart: ApartPart,
    at_least: AtLeast = None,
) -> Response:
    """Of what kind one is and where it stands; nothing is opened."""
    has_changed = at_least is not None
    return _page(request, caller, mentoring, apart, concern, has_changed=has_changed)


@router.get("/{concern}/words")
def show_words(
    concern: UUID,
    request: Request,
    caller: ConcernHandler,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    at: Now,
) -> Response:
    """What it says; the look is recorded."""
    letter = routes.read_words(concern, caller, mentoring, openings, apart, at)
    return page(
        request,
        "letter.html",
        caller=caller,
        back=(f"/concerns/{concern}", "Back to the concern"),
        title="What the concern says",
        standing="That you opened it is recorded, and whoever raised it can read that.",
        letter=letter,
    )


@router.post("/{concern}/triage")
def triage(
    concern: UUID,
    request: Request,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    apart: ApartPart,
) -> Response:
    """Say of what kind it is, or pass it on."""

    def carry(form: TriageForm) -> CommandResult:
        body = routes.TriageConcern(category=form.category, desk=form.desk)
        return routes.triage(concern, body, caller, order, mentoring, apart, Response())

    def again(filled: Filled) -> Response:
        return _page(request, caller, mentoring, apart, concern, filled)

    return carried_out(request, TriageForm, carry, again)


@router.post("/{concern}/closing")
def close(
    concern: UUID,
    request: Request,
    caller: ConcernHandler,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
) -> Response:
    """Answer it."""

    def carry(form: ClosingForm) -> CommandResult:
        body = routes.CloseConcern(words=form.words)
        return routes.close(concern, body, caller, order, mentoring, openings, apart, Response())

    def again(filled: Filled) -> Response:
        return _page(request, caller, mentoring, apart, concern, filled)

    return carried_out(request, ClosingForm, carry, again)


def _page(
    request: Request,
    caller: Caller,
    mentoring: Mentoring,
    apart: Apart,
    concern: UUID,
    filled: Filled = NOTHING_FILLED,
    *,
    has_changed: bool = False,
) -> Response:
    one = routes.show(concern, caller, mentoring, apart, Response())
    return page(
        request,
        "concern.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        has_changed=has_changed,
        one=one,
        is_ones_own=one.desk.value == caller.role.value,
        is_open=one.stage in {ConcernStage.RAISED, ConcernStage.TRIAGED},
        categories=CATEGORIES,
        stages=STAGES,
        desks=DESKS_IN_WORDS,
    )
