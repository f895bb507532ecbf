"""Passkeys: added by whoever is signed in, and the way in for everybody (docs/sign-in.md).

Bodies name what the service needs of a device's answer, and nothing else is taken: the secret that opens notes is in that answer too.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.at_the_door import FromOutside, GuardedPasskeysPart, PasskeyDeskPart, RoomForCeremony
from api.auth.callers import AnyCaller, Now, Public
from api.auth.ceremonies import Assertion, NewKey
from api.auth.sessions import Browser, BrowserPart
from api.dependencies import (
    Body,
    CommandResult,
    OrderPart,
    result_of,
)
from api.fields import Base64Url
from api.passkeys import New
from api.routes.session import SessionAnswer
from domain.mentoring import Recorded

router = APIRouter(tags=["passkeys"])

CredentialId = Annotated[Base64Url, Field(min_length=16, max_length=1400, examples=["A" * 22])]
DevicePart = Annotated[Base64Url, Field(min_length=1, max_length=8192, examples=["A" * 64])]
UserHandle = Annotated[Base64Url, Field(min_length=1, max_length=64, examples=["A" * 43])]
PasskeyName = Annotated[str, Field(min_length=1, max_length=60, examples=["My telephone"])]


class AskForPasskey(Body):
    """What the person will call it; their device shows it too."""

    name: PasskeyName


class OptionsAnswer(BaseModel):
    """What the browser hands to the device, in the form of Web Authentication Level 3."""

    options: dict[str, Any]


class AddPasskey(Body):
    """What the device made; `can_unlock` says whether it can keep notes open too."""

    name: PasskeyName
    credential: CredentialId
    client_data: DevicePart
    attestation: DevicePart
    can_unlock: bool = Field(default=False, examples=[True])


class SignInByPasskey(Body):
    """What the device answered."""

    credential: CredentialId
    client_data: DevicePart
    authenticator_data: DevicePart
    signature: DevicePart
    user_handle: UserHandle


class PasskeysChanged(CommandResult):
    """Where it was recorded, and what a browser's requests must carry from now on, as X-CSRF-Token."""

    csrf: str = ""


class PasskeyAnswer(BaseModel):
    """One passkey of one's own; `credential` is by what a browser asks the device for this one."""

    id: UUID
    credential: Base64Url
    name: str
    can_unlock: bool
    added_at: datetime
    used_on: date | None


class PasskeysAnswer(BaseModel):
    """One's own passkeys for the role in which one calls."""

    passkeys: list[PasskeyAnswer]


@router.post("/passkeys/sign-in/options", dependencies=[Public, RoomForCeremony])
def ask_who(
    desk: PasskeyDeskPart, browser: BrowserPart, now: Now, response: Response
) -> OptionsAnswer:
    """Begin to sign in; the browser that asks is the one that must answer, within five minutes."""
    secret, options = desk.ask_who(now)
    browser.is_asked(secret, response)
    return OptionsAnswer(options=options)


@router.post("/passkeys/sign-in", status_code=201, dependencies=[Public, FromOutside])
async def sign_in(
    body: SignInByPasskey,
    request: Request,
    desk: PasskeyDeskPart,
    browser: BrowserPart,
    guarded: GuardedPasskeysPart,
    now: Now,
    response: Response,
) -> SessionAnswer:
    """Sign in; whatever is wrong is answered alike, and held back until all of it takes equally long."""
    answer = Assertion(
        body.credential,
        body.client_data,
        body.authenticator_data,
        body.signature,
        body.user_handle,
    )

    def work() -> str:
        session = desk.sign_in(browser.ceremony, answer, now, browser.device)
        return browser.goes_on_with(session, response)

    csrf = await guarded.run(request, work)
    browser.has_answered(response)
    return SessionAnswer(csrf=csrf)


@router.post("/passkeys/options")
def ask_for_passkey(
    body: AskForPasskey,
    caller: AnyCaller,
    desk: PasskeyDeskPart,
    browser: BrowserPart,
    now: Now,
    response: Response,
) -> OptionsAnswer:
    """Begin to add a passkey."""
    secret, options = desk.ask_for_new(caller, body.name, now)
    browser.is_asked(secret, response)
    return OptionsAnswer(options=options)


@router.post("/passkeys", status_code=201)
def add(
    body: AddPasskey,
    caller: AnyCaller,
    order: OrderPart,
    desk: PasskeyDeskPart,
    browser: BrowserPart,
    response: Response,
) -> PasskeysChanged:
    """Add a passkey that speaks for the caller in the role in which they call."""
    key = NewKey(body.credential, body.client_data, body.attestation)
    recorded = desk.add(caller, order, browser.ceremony, New(key, body.name, body.can_unlock))
    browser.has_answered(response)
    return _changed(recorded, browser, response)


@router.get("/passkeys")
def own(caller: AnyCaller, desk: PasskeyDeskPart, now: Now) -> PasskeysAnswer:
    """Show one's own passkeys; the look at their names is recorded, as any other."""
    found = [
        PasskeyAnswer(
            id=each.id,
            credential=each.credential,
            name=each.name,
            can_unlock=each.can_unlock,
            added_at=each.added_at,
            used_on=each.used_on,
        )
        for each in desk.own(caller, now)
    ]
    return PasskeysAnswer(passkeys=found)


@router.delete("/passkeys/{id}")
def remove(
    id: UUID,
    caller: AnyCaller,
    order: OrderPart,
    desk: PasskeyDeskPart,
    browser: BrowserPart,
    response: Response,
) -> PasskeysChanged:
    """Remove one of one's own, with whatever is signed in by it; the last way in stays."""
    return _changed(desk.remove(caller, order, id), browser, response)


def _changed(recorded: Recorded, browser: Browser, response: Response) -> PasskeysChanged:
    """A session that may do other things than before has another secret."""
    result = result_of(recorded, response)
    return PasskeysChanged(**result.model_dump(), csrf=browser.renew(response))
