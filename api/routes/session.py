"""Sign-in by token: exchanged by POST for a cookie, never carried in an address."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Response
from pydantic import BaseModel, Field

from api.auth.callers import SESSION_COOKIE, LeavingCaller, Now, Public
from api.auth.sessions import begin_session, end_session
from api.dependencies import Body, SettingsPart, TokensPart

router = APIRouter(tags=["session"])


class SignIn(Body):
    """A token as the command line issued it."""

    token: str = Field(
        min_length=1,
        max_length=200,
        examples=["vouchsafe_0000000000000000000000000000000000000000000"],
    )


class SessionAnswer(BaseModel):
    """What requests that change anything must carry beside the cookie, as X-CSRF-Token."""

    csrf: str


@router.post("/session", status_code=201, dependencies=[Public])
def begin(
    body: SignIn, tokens: TokensPart, settings: SettingsPart, now: Now, response: Response
) -> SessionAnswer:
    """Sign a browser in."""
    csrf = begin_session(tokens, body.token, now=now, settings=settings, response=response)
    return SessionAnswer(csrf=csrf)


@router.delete("/session", status_code=204)
def end(
    caller: LeavingCaller,
    tokens: TokensPart,
    settings: SettingsPart,
    now: Now,
    response: Response,
    session: Annotated[str | None, Cookie(alias=SESSION_COOKIE, include_in_schema=False)] = None,
) -> None:
    """Sign out."""
    if session is not None:
        end_session(tokens, session, now=now, settings=settings, response=response)
