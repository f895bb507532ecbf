"""How one signs in and where one is signed in: passkeys and browsers, to look at and to end."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.at_the_door import PasskeyDeskPart
from api.auth.callers import AnyCaller, Now
from api.auth.sessions import BrowserPart
from api.dependencies import (
    OrderPart,
    TokensPart,
)
from api.routes import sign_ins
from api.web.answers import go_to, show_effect
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.rendering import page, passkeys_origin

router = APIRouter(prefix="/my-sign-in", include_in_schema=False, dependencies=[ReadForm])

HERE = "/my-sign-in"


@router.get("")
def show(
    request: Request,
    caller: AnyCaller,
    desk: PasskeyDeskPart,
    tokens: TokensPart,
    browser: BrowserPart,
    now: Now,
    at_least: AtLeast = None,
) -> Response:
    """One's own passkeys, and each browser in which one is signed in."""
    held = desk.own(caller, now)
    return page(
        request,
        "my_sign_in.html",
        caller=caller,
        has_changed=at_least is not None,
        passkeys=held,
        can_remove=len(held) > 1 or tokens.has_token(caller, now),
        browsers=sign_ins.own(caller, tokens, browser, now).sign_ins,
        passkeys_origin=passkeys_origin(request),
    )


@router.post("/passkeys/{passkey}/removal")
def remove(
    request: Request,
    passkey: UUID,
    caller: AnyCaller,
    order: OrderPart,
    desk: PasskeyDeskPart,
    browser: BrowserPart,
) -> Response:
    """Remove a passkey; whoever is signed in by it is signed in no more."""
    answer = show_effect(request, desk.remove(caller, order, passkey).position)
    browser.renew(answer)
    return answer


@router.post("/browsers/{browser_id}/ending")
def end(browser_id: UUID, caller: AnyCaller, tokens: TokensPart, now: Now) -> Response:
    """Sign one browser out; one that is signed out already stays so."""
    tokens.end_sign_in(caller.person, browser_id, now)
    return go_to(HERE)


@router.post("/others/ending")
def end_others(caller: AnyCaller, tokens: TokensPart, browser: BrowserPart, now: Now) -> Response:
    """Sign every browser out but this one."""
    for each in tokens.sign_ins(caller.person, now):
        if not each.is_of(browser.session):
            tokens.end_sign_in(caller.person, each.id, now)
    return go_to(HERE)
