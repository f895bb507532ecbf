"""Signing in and out: a token is exchanged for a cookie by a form and never stands in an address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import AnyCaller, LeavingCaller, Public
from api.auth.sessions import BrowserPart
from api.dependencies import Body
from api.errors import TokenNotKnown
from api.web.answers import go_to, is_safe
from api.web.forms import ReadForm, posted, require_from_here_for_certain
from api.web.rendering import HOMES, page

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

FORGET = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
"""A shared phone keeps nothing of what was shown."""

SAYS_WHERE_FROM = {"Referrer-Policy": "same-origin"}
"""With no referrer at all even our own form would name no origin, and nothing else tells it from another's."""


class SignInForm(Body):
    """A token, and the page that somebody wanted to see; a missing token is a wrong one."""

    token: str = Field(default="", max_length=200)
    then: str = Field(default="/", max_length=300)


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
    answer = go_to(then)
    try:
        browser.sign_in(form.token, answer)
    except TokenNotKnown:
        fault = "We do not know this token. It may have ended, or a part of it is missing."
        return _ask(request, then, fault)
    return answer


@router.post("/sign-out")
def sign_out(caller: LeavingCaller, browser: BrowserPart) -> Response:
    """End the session and have the browser forget what it was shown."""
    answer = go_to("/sign-in")
    answer.headers.update(FORGET)
    if browser.session is not None:
        browser.sign_out(answer)
    return answer


def _ask(request: Request, then: str, fault: str | None = None) -> Response:
    status = 401 if fault else 200
    answer = page(request, "sign_in.html", status=status, then=then, fault=fault)
    answer.headers.update(SAYS_WHERE_FROM)
    return answer
