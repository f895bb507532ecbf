"""Sign-in by token: exchanged by POST for a cookie, never carried in an address."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import LeavingCaller, Public
from api.auth.sessions import FORGET, BrowserPart
from api.dependencies import Body

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
def begin(body: SignIn, browser: BrowserPart, response: Response) -> SessionAnswer:
    """Sign a browser in; the session that it had before ends."""
    return SessionAnswer(csrf=browser.sign_in(body.token, response))


@router.delete("/session", status_code=204)
def end(caller: LeavingCaller, browser: BrowserPart, response: Response) -> None:
    """Sign out."""
    response.headers.update(FORGET)
    if browser.session is not None:
        browser.sign_out(response)
