"""Where a form or an ended session leads: to the page that shows the effect, or to signing in.

What is refused stays a problem document here; `in_words` shows it to people as a page.
"""

import re
from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from api.auth.callers import SAFE_METHODS
from api.errors import STATUS, FormIsNotOurs, NotSignedIn, recorded_meanwhile
from api.web.kept import ask_to_send_again, ask_to_sign_in, kept_of
from crypto.errors import AlreadyRecorded
from domain.errors import DomainError

Answer = Callable[[Request, Exception], Response]

GOOD = range(200, 300)

BEGINNINGS = (
    "/mentors",
    "/programmes",
    "/my-erasure",
    "/my-contact",
    "/my-cpd",
    "/my-consents",
    "/my-caseload/profile",
    "/my-caseload/availability",
    "/my-caseload/preferences",
    "/my-caseload",
    "/my-mentoring/preferences",
    "/my-mentoring/availability",
    "/my-mentoring/profile",
    "/enquiries",
    "/my-sign-in",
    "/my-concerns",
    "/my-rights",
    "/my-story",
    "/my-suggestions",
)
"""Pages that show what any form whose address begins so has done."""

OF_ONE = {
    "/pipeline/": "relationship",
    "/my-groups/": "group",
    "/groups/": "group",
    "/programmes/": "programme",
    "/places-and-money/": "agreement",
    "/matching/": "programme",
    "/disclosures/": "disclosure",
    "/concerns/": "concern",
    "/rights-desk/erasures/": "erasure",
    "/rights-desk/": "rights_request",
    "/story-desk/": "story",
    "/suggestion-desk/": "suggestion",
    "/agreements/": "agreement",
}
"""Pages of one thing, and what names it in the addresses of their forms."""

FURTHER = {"/agreements/": "/invitations"}
"""What stands behind the name, where a thing has no other page."""

SAFE_QUERY = r"(at_least=[0-9]{1,18}|cursor=[0-9a-f.-]{1,60}|stage=[a-z_]{1,40})"
SAFE_ADDRESS = re.compile(rf"/(?!/)[A-Za-z0-9/_-]{{0,200}}(\?{SAFE_QUERY}(&{SAFE_QUERY}){{0,2}})?")
"""Where a person may be sent after signing in: somewhere on this site, nowhere else, and with
nothing in the query that our pages do not put there, such as a token."""


def add_page_answers(app: FastAPI) -> None:
    """Send people on where programs are only told."""
    answers = cast("dict[type[Exception], Answer]", dict(app.exception_handlers))
    for kind in (*STATUS, AlreadyRecorded):
        in_kind = _for_people_or(answers[kind], answers[AlreadyRecorded])
        app.add_exception_handler(kind, in_kind)


def is_for_programs(path: str) -> bool:
    """Whether an address belongs to the API; all others are pages."""
    return path.startswith("/api/")


def shown_after(request: Request) -> str:
    """The page that shows what a form did, or where it was sent from."""
    path = request.url.path
    if request.method in SAFE_METHODS:
        return f"{path}?{request.url.query}" if request.url.query else path
    for beginning, name in OF_ONE.items():
        if path.startswith(beginning):
            return f"{beginning}{request.path_params.get(name, '')}{FURTHER.get(beginning, '')}"
    if path.startswith("/mentors/") and path.endswith("/programmes"):
        return path.removesuffix("/programmes")
    if path.endswith("/disclosure"):
        return f"{path}/handed-over"
    if path.startswith("/my-caseload/") and "relationship" in request.path_params:
        return f"/my-caseload/{request.path_params['relationship']}"
    beginnings = (each for each in BEGINNINGS if path.startswith(each))
    return next(beginnings, "/my-mentoring")


def go_to(address: str) -> Response:
    """Send the browser on by GET, so that reloading a page repeats no form."""
    return RedirectResponse(address, status_code=303)


def show_effect(request: Request, position: int) -> Response:
    """Send the browser to the page that shows what a form did, once it is there to see."""
    return go_to(f"{shown_after(request)}?at_least={position}")


def require_not_recorded(request: Request) -> None:
    """Raise the outcome of a form's twin, if it was recorded while this one was being decided."""
    earlier = recorded_meanwhile(request)
    if earlier is not None:
        raise earlier


def is_safe(address: str) -> bool:
    """Whether somebody can be sent there."""
    return SAFE_ADDRESS.fullmatch(address) is not None


def _for_people_or(answer: Answer, answer_again: Answer) -> Answer:
    def answer_in_kind(request: Request, error: Exception) -> Response:
        if is_for_programs(request.url.path):
            return answer(request, error)
        if isinstance(error, NotSignedIn):
            return _sign_in_first(request)
        kept = kept_of(request) if isinstance(error, FormIsNotOurs) else None
        if kept is not None:
            return ask_to_send_again(request, kept, None, status=403)
        earlier = recorded_meanwhile(request) if isinstance(error, DomainError) else error
        if isinstance(earlier, AlreadyRecorded):
            return _again(request, earlier, answer_again(request, earlier))
        return answer(request, error)

    return answer_in_kind


def _again(request: Request, earlier: AlreadyRecorded, answered: Response) -> Response:
    """A form sent twice shows what the first did; other words under its key are refused."""
    if answered.status_code in GOOD:
        return show_effect(request, earlier.position)
    return answered


def _sign_in_first(request: Request) -> Response:
    """Keep the address, so that signing in leads back to it, and what was written."""
    wanted = (shown_after(request), request.url.path)
    then = next(filter(is_safe, wanted), None)
    kept = kept_of(request)
    if kept is not None:
        return ask_to_sign_in(request, then or "/", kept=kept)
    return go_to("/sign-in?" + urlencode({"then": then}) if then else "/sign-in")
