"""Signing in and out: a token is exchanged for a cookie by a form and never stands in an address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import AnyCaller, LeavingCaller, Public
from api.auth.sessions import FORGET, Browser, BrowserPart
from api.dependencies import Body
from api.errors import TokenNotKnown
from api.web.answers import go_to, is_safe
from api.web.forms import ReadForm, posted, require_from_here_for_certain
from api.web.kept import LONGEST, Kept, ask_to_send_again, ask_to_sign_in, kept_from
from api.web.rendering import HOMES, page

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

WRONG_TOKEN = "We do not know this token. It may have ended, or a part of it is missing."  # noqa: S105 - a sentence
SAYS_WHERE_FROM = {"Referrer-Policy": "same-origin"}
"""With no referrer at all even our own form would name no origin, and nothing else tells it from another's."""


class SignInForm(Body):
    """A token, the page that somebody wanted to see, and what they had written; a missing token is a wrong one."""

    token: str = Field(default="", max_length=200)
    then: str = Field(default="/", max_length=300)
    kept_action: str = Field(default="", max_length=300)
    kept: str = Field(default="", max_length=LONGEST)

    @property
    def as_kept(self) -> Kept | None:
        """What waits to be sent, if it is for a page of ours."""
        return kept_from(self.kept_action, self.kept) if is_safe(self.kept_action) else None


@router.get("/")
def begin(request: Request, caller: AnyCaller) -> Response:
    """Send everybody to where they begin."""
    home = HOMES.get(caller.role)
    return go_to(home) if home else page(request, "no_page_yet.html", caller=caller)


@router.get("/sign-in", dependencies=[Public])
def show(request: Request, browser: BrowserPart, then: str = "/") -> Response:
    """Ask for a token; somebody who is signed in already is sent on."""
    then = then if is_safe(then) else "/"
    if browser.session and browser.tokens.session_caller(browser.session, browser.now):
        return go_to(then)
    return _ask(request, then)


@router.post("/sign-in", dependencies=[Public])
def sign_in(
    request: Request,
    form: Annotated[SignInForm, Depends(posted(SignInForm))],
    browser: BrowserPart,
) -> Response:
    """Exchange the token for a cookie and show the page that was wanted."""
    require_from_here_for_certain(request)
    then = form.then if is_safe(form.then) else "/"
    kept = form.as_kept
    try:
        session = browser.begin(form.token)
    except TokenNotKnown:
        return _ask(request, then, kept, WRONG_TOKEN)
    answer = _go_on(request, browser, session, kept) if kept else go_to(then)
    browser.goes_on_with(session, answer)
    return answer


@router.post("/sign-out")
def sign_out(caller: LeavingCaller, browser: BrowserPart) -> Response:
    """End the session and have the browser forget what it was shown."""
    answer = go_to("/sign-in")
    answer.headers.update(FORGET)
    if browser.session is not None:
        browser.sign_out(answer)
    return answer


def _go_on(request: Request, browser: Browser, session: str, kept: Kept) -> Response:
    grant = browser.tokens.session_caller(session, browser.now)
    request.state.new_session = session
    return ask_to_send_again(request, kept, grant.caller if grant else None)


def _ask(
    request: Request, then: str, kept: Kept | None = None, fault: str | None = None
) -> Response:
    answer = ask_to_sign_in(request, then, kept=kept, fault=fault)
    answer.headers.update(SAYS_WHERE_FROM)
    return answer
