"""Signing in and out: a token is exchanged for a cookie by a form and never stands in an address."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Request, Response
from pydantic import Field

from api.auth.callers import SESSION_COOKIE, AnyCaller, LeavingCaller, Now, Public, tokens_of
from api.auth.sessions import begin_session, end_session
from api.dependencies import Body, SettingsPart, TokensPart
from api.errors import TokenNotKnown
from api.web.answers import go_to, is_safe
from api.web.forms import ReadForm, posted, require_from_here
from api.web.rendering import HOMES, page

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

FORGET = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
"""A shared phone keeps nothing of what was shown."""

SessionCookie = Annotated[str | None, Cookie(alias=SESSION_COOKIE, include_in_schema=False)]


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
def show(request: Request, now: Now, then: str = "/", session: SessionCookie = None) -> Response:
    """Ask for a token; somebody who is signed in already is sent on."""
    then = then if is_safe(then) else "/"
    if session and tokens_of(request).session_caller(session, now):
        return go_to(then)
    return page(request, "sign_in.html", then=then, fault=None)


@router.post("/sign-in", dependencies=[Public])
def sign_in(
    request: Request,
    form: Annotated[SignInForm, Depends(posted(SignInForm))],
    tokens: TokensPart,
    settings: SettingsPart,
    now: Now,
) -> Response:
    """Exchange the token for a cookie and show the page that was wanted."""
    require_from_here(request)
    then = form.then if is_safe(form.then) else "/"
    answer = go_to(then)
    try:
        begin_session(tokens, form.token, now=now, settings=settings, response=answer)
    except TokenNotKnown:
        fault = "We do not know this token. It may have ended, or a part of it is missing."
        return page(request, "sign_in.html", status=401, then=then, fault=fault)
    return answer


@router.post("/sign-out")
def sign_out(
    caller: LeavingCaller,
    tokens: TokensPart,
    settings: SettingsPart,
    now: Now,
    session: SessionCookie = None,
) -> Response:
    """End the session and have the browser forget what it was shown."""
    answer = go_to("/sign-in")
    answer.headers.update(FORGET)
    if session is not None:
        end_session(tokens, session, now=now, settings=settings, response=answer)
    return answer
