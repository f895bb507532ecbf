"""What a person sees instead of a problem document: a page in plain words, or the way to sign in.

Programs under /api/ keep their problem documents; a page is the same answer in other words, so that
`api/errors.py` stays the one table.
"""

import json
import re
from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.auth.callers import SAFE_METHODS
from api.errors import STATUS, NotSignedIn
from api.web.rendering import page
from crypto.errors import AlreadyRecorded
from crypto.event_store.recorder import LogRecorder
from domain.errors import DomainError

Answer = Callable[[Request, Exception], Response]

HEADINGS = {
    403: "This page is not for you",
    404: "We could not find that page",
    409: "That is not possible just now",
    410: "This has been erased",
    413: "That was too much at once",
    422: "Something in the form was not right",
    503: "We need a moment",
}
SENTENCES = {
    403: "You are signed in, but this belongs to somebody else or to another role.",
    404: "The address may be mistyped, or the page is not yours to see.",
    405: "The address may be mistyped, or the page is not yours to see.",
    412: "Somebody changed this in the meantime. Go back, look again and decide anew.",
    422: "Nothing was saved. Please go back, open the page again and try once more.",
    500: "Something went wrong on our side. It is not your fault. Please try again in a little while.",
    503: "The service is busy or starting up. Nothing was lost. Please try again in a moment.",
}
"""In place of the words for programs; what is not here is said in the error's own sentence."""
OWN_SENTENCES = {
    "no-such-proposal": "This proposal is no longer open. It may have been answered or taken back "
    "in the meantime.",
    "consent-is-not-live": "This needs a consent that has been withdrawn or has ended.",
    "form-is-not-ours": "This form is out of date. Open the page again and send it from there. "
    "Nothing was saved.",
    "key-used-for-another": "This form was sent before. Open the page again to see where things "
    "stand.",
}
BY_FRAMEWORK = (RequestValidationError, HTTPException, AlreadyRecorded)
GOOD = range(200, 300)

SAFE_ADDRESS = re.compile(
    r"/(?!/)[A-Za-z0-9/_-]{0,200}(\?((at_least|cursor|stage)=[A-Za-z0-9._-]{0,80}(&(?!$)|$)){1,3})?"
)
"""Where a person may be sent after signing in: somewhere on this site, nowhere else, and with
nothing in the query that our pages do not put there, such as a token."""


def add_page_answers(app: FastAPI) -> None:
    """Put a page in front of each answer for programs."""
    answers = cast("dict[type[Exception], Answer]", dict(app.exception_handlers))
    for kind in (*STATUS, *BY_FRAMEWORK):
        in_kind = _page_or(answers[kind], answers[AlreadyRecorded])
        app.add_exception_handler(kind, in_kind)


def shown_after(request: Request) -> str:
    """The page that shows what a form did, or where it was sent from."""
    path = request.url.path
    if request.method in SAFE_METHODS:
        return f"{path}?{request.url.query}" if request.url.query else path
    if path.startswith("/pipeline/"):
        return f"/pipeline/{request.path_params.get('relationship', '')}"
    return "/my-consents" if path.startswith("/my-consents/") else "/my-mentoring"


def go_to(address: str) -> Response:
    """Send the browser on by GET, so that reloading a page repeats no form."""
    return RedirectResponse(address, status_code=303)


def show_effect(request: Request, position: int) -> Response:
    """Send the browser to the page that shows what a form did, once it is there to see."""
    return go_to(f"{shown_after(request)}?at_least={position}")


def require_not_recorded(request: Request) -> None:
    """Raise the outcome of a form's twin, if it was recorded while this one was being decided."""
    earlier = _earlier(request)
    if earlier is not None:
        raise earlier


def is_safe(address: str) -> bool:
    """Whether somebody can be sent there."""
    return SAFE_ADDRESS.fullmatch(address) is not None


def _page_or(answer: Answer, answer_again: Answer) -> Answer:
    def answer_in_kind(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/api/"):
            return answer(request, error)
        if isinstance(error, NotSignedIn):
            return _sign_in_first(request)
        earlier = _earlier(request) if isinstance(error, DomainError) else error
        if isinstance(earlier, AlreadyRecorded):
            return _again(request, earlier, answer_again(request, earlier))
        return _in_words(request, answer(request, error))

    return answer_in_kind


def _earlier(request: Request) -> AlreadyRecorded | None:
    """The outcome of a form's twin that was recorded while this one was being decided."""
    recorder: LogRecorder = request.app.state.parts.recorder
    command = getattr(request.state, "command_id", None)
    return recorder.outcome(command) if command else None


def _again(request: Request, earlier: AlreadyRecorded, answered: Response) -> Response:
    """A form sent twice shows what the first did; other words under its key are refused."""
    if answered.status_code in GOOD:
        return show_effect(request, earlier.position)
    return _in_words(request, answered)


def _sign_in_first(request: Request) -> Response:
    """Keep the address, so that signing in leads back to it."""
    then = shown_after(request)
    return go_to("/sign-in?" + urlencode({"then": then}) if is_safe(then) else "/sign-in")


def _in_words(request: Request, answered: Response) -> Response:
    document = json.loads(bytes(answered.body))
    status, kind = answered.status_code, document["type"].rpartition(":")[2]
    sentence = OWN_SENTENCES.get(kind) or SENTENCES.get(status) or document["detail"]
    heading = HEADINGS.get(status, "That did not work")
    return page(request, "problem.html", status=status, heading=heading, sentence=sentence)
