"""Who may call, visible in a route's parameter types: each type lets in only whom it names.

What waits for nothing is a coroutine, here and in `api/dependencies.py`: any other function is handed to
a thread, and so would a request be several times over.
"""

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.auth.tokens import Grant, Tokens, csrf_token
from api.errors import FormIsNotOurs, NotSignedIn, TokenMayNot
from api.settings import Settings
from domain.access import CONSENT_READERS, Caller, require_role
from domain.values import Role

SESSION_COOKIE = "vouchsafe_session"
HOST_PREFIX = "__Host-"
"""A browser takes a cookie of such a name over TLS only, and from this very host, not from its neighbours."""
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD"})


def tokens_of(request: Request) -> Tokens:
    """The tokens of this process."""
    tokens: Tokens = request.app.state.tokens
    return tokens


def is_secure(settings: Settings) -> bool:
    """Whether cookies travel over TLS only; everywhere but on a trial's own machine."""
    return settings.public_url.startswith("https://")


def session_cookie(settings: Settings) -> str:
    """What the cookie of a session is called here."""
    return f"{HOST_PREFIX}{SESSION_COOKIE}" if is_secure(settings) else SESSION_COOKIE


def session_of(request: Request) -> str | None:
    """The session that a browser sent, whether or not it is one."""
    return request.cookies.get(session_cookie(request.app.state.parts.settings))


def signed_in(request: Request) -> Grant:
    """Whom the request speaks for, whatever their token may do: by bearer token, else by cookie."""
    grant = _by_token(request) or _by_session(request)
    if grant is None:
        raise NotSignedIn
    return grant


def require_scope(request: Request, grant: Grant) -> None:
    """Raise TokenMayNot unless the token may do such a thing."""
    needed = "read" if request.method in SAFE_METHODS else "write"
    if needed not in grant.scopes:
        raise TokenMayNot


async def grant_of(request: Request, grant: Annotated[Grant, Depends(signed_in)]) -> Grant:
    """Whom the request speaks for, with a token that may do such a thing."""
    require_scope(request, grant)
    return grant


def may_call(*roles: Role) -> Callable[[Grant], Awaitable[Caller]]:
    """A dependency that lets in these roles alone."""

    async def caller(grant: Annotated[Grant, Depends(grant_of)]) -> Caller:
        require_role(grant.caller, *roles)
        return grant.caller

    caller.roles = frozenset(roles)  # type: ignore[attr-defined]  # - read by the test that lists who may call what
    return caller


AnyCaller = Annotated[Caller, Depends(may_call(*Role))]
MenteeCaller = Annotated[Caller, Depends(may_call(Role.MENTEE))]
MentorCaller = Annotated[Caller, Depends(may_call(Role.MENTOR))]
PartyCaller = Annotated[Caller, Depends(may_call(Role.MENTEE, Role.MENTOR))]
CoordinatorCaller = Annotated[Caller, Depends(may_call(Role.COORDINATOR))]
SchemeCaller = Annotated[Caller, Depends(may_call(Role.MENTEE, Role.MENTOR, Role.COORDINATOR))]
FundingReader = Annotated[Caller, Depends(may_call(Role.COORDINATOR, Role.SPONSOR_CONTACT))]
InvitingCaller = Annotated[Caller, Depends(may_call(Role.COORDINATOR, Role.SPONSOR_CONTACT))]
ConsentReader = Annotated[Caller, Depends(may_call(*CONSENT_READERS))]
NoticeCaller = Annotated[Caller, Depends(may_call(Role.DATA_PROTECTION_LEAD, Role.COORDINATOR))]
ErasureDecider = Annotated[Caller, Depends(may_call(Role.DATA_PROTECTION_LEAD, Role.COORDINATOR))]
SafeguardingCaller = Annotated[Caller, Depends(may_call(Role.SAFEGUARDING_LEAD))]
DisclosureWriter = Annotated[Caller, Depends(may_call(Role.MENTOR, Role.SAFEGUARDING_LEAD))]
ConcernHandler = Annotated[Caller, Depends(may_call(Role.COORDINATOR, Role.SAFEGUARDING_LEAD))]
DataProtectionCaller = Annotated[Caller, Depends(may_call(Role.DATA_PROTECTION_LEAD))]
NoticeReader = Annotated[
    Caller,
    Depends(may_call(Role.MENTEE, Role.MENTOR, Role.COORDINATOR, Role.DATA_PROTECTION_LEAD)),
]


async def _leaving(grant: Annotated[Grant, Depends(signed_in)]) -> Caller:
    """Signing out is open to every token, also to one that may only read."""
    return grant.caller


_leaving.roles = frozenset(Role)  # type: ignore[attr-defined]  # read by the test that lists who may call what
LeavingCaller = Annotated[Caller, Depends(_leaving)]


async def public() -> None:
    """The rule of a route that anyone may call, signed in or not; it is named so that tests see it."""


Public = Depends(public)


async def now(request: Request) -> datetime:
    """This moment, by the clock of this process."""
    return _moment(request)


Now = Annotated[datetime, Depends(now)]


def _moment(request: Request) -> datetime:
    moment: datetime = request.app.state.parts.clock()
    return moment


def _by_token(request: Request) -> Grant | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return tokens_of(request).caller(token, _moment(request))


def _by_session(request: Request) -> Grant | None:
    session = session_of(request)
    if session is None or "authorization" in request.headers:
        return None
    grant = tokens_of(request).session_caller(
        session, _moment(request), is_used=_is_somebodys(request)
    )
    if grant is not None and request.method not in SAFE_METHODS:
        _require_our_form(request, session)
    return grant


def _is_somebodys(request: Request) -> bool:
    """Whether a person did something; a page that keeps itself up to date does not keep them signed in."""
    by_itself = request.headers.get("sec-fetch-dest") == "empty"
    return request.method not in SAFE_METHODS or not by_itself


def _require_our_form(request: Request, session: str) -> None:
    """A cookie is sent by any page; the token beside it only by ours.

    Pages put it in the header or, in a plain form, where `form_token` has left it.
    """
    given = request.headers.get(CSRF_HEADER) or str(getattr(request.state, "form_token", ""))
    if not hmac.compare_digest(given.encode(), csrf_token(session).encode()):
        raise FormIsNotOurs
