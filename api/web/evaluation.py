"""How mentoring goes, as many said it together: for a mentor of mentoring with them, for coordinators of the scheme too."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.callers import CoordinatorCaller, MentorCaller, Now
from api.dependencies import MentoringPart, ReaderPart
from api.routes import feedback as routes
from api.routes import rematches
from api.web.forms import ReadForm
from api.web.giving_feedback import AGREEMENTS, STATEMENTS
from api.web.pair_arrangements import REMATCH_REASONS
from api.web.rendering import page, short_reference
from domain.access import Caller
from domain.feedback_box import FEWEST_ABOUT_A_MENTOR, FEWEST_ABOUT_THE_SCHEME
from domain.relationship_events import Part

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

PARTS = {Part.MENTEE: "Mentee", Part.MENTOR: "Mentor"}


@router.get("/my-feedback")
def show_own(
    request: Request, caller: MentorCaller, evaluating: routes.EvaluatingPart, at: Now
) -> Response:
    """What was said of mentoring with oneself."""
    found = routes.own(caller, evaluating, at)
    title = "What was said of mentoring with you"
    return _shown(request, caller, found, title, ("/my-caseload", "Back to my caseload"))


@router.get("/mentors/{person}/feedback")
def show_of_mentor(
    person: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    evaluating: routes.EvaluatingPart,
    at: Now,
) -> Response:
    """The same for a coordinator; the mentor reads that they looked."""
    found = routes.of_mentor(person, caller, mentoring, evaluating, at)
    title = f"What was said of mentoring with {short_reference(person)}"
    return _shown(request, caller, found, title, (f"/mentors/{person}", "Back to the mentor"))


@router.get("/evaluation")
def show_of_scheme(
    request: Request, caller: CoordinatorCaller, evaluating: routes.EvaluatingPart, at: Now
) -> Response:
    """What was said of the scheme, with the ways to what else people told it."""
    found = routes.of_scheme(caller, evaluating, at)
    title = "What was said of the scheme"
    return _shown(request, caller, found, title, ("/pipeline", "Back to the pipeline"))


@router.get("/rematches")
def show_rematches(
    request: Request, caller: CoordinatorCaller, reader: ReaderPart, cursor: int = 0
) -> Response:
    """Who waits for somebody else, the longest first."""
    found = rematches.list_them(caller, reader, cursor)
    return page(
        request,
        "rematches.html",
        caller=caller,
        found=found,
        parts=PARTS,
        reasons=REMATCH_REASONS,
    )


def _shown(
    request: Request,
    caller: Caller,
    found: routes.EvaluationAnswer,
    title: str,
    back: tuple[str, str],
) -> Response:
    is_of_scheme = request.url.path == "/evaluation"
    return page(
        request,
        "evaluation.html",
        caller=caller,
        back=back,
        title=title,
        found=found,
        is_of_scheme=is_of_scheme,
        fewest=FEWEST_ABOUT_THE_SCHEME if is_of_scheme else FEWEST_ABOUT_A_MENTOR,
        statements=STATEMENTS,
        agreements=AGREEMENTS,
    )
