"""A browser's session: a cookie that no script can read and no other site can send."""

from datetime import datetime

from fastapi import Response

from api.auth.callers import SESSION_COOKIE
from api.auth.tokens import SESSION_LASTS, Tokens, csrf_token
from api.errors import TokenNotKnown
from api.settings import Settings


def begin_session(
    tokens: Tokens, token: str, *, now: datetime, settings: Settings, response: Response
) -> str:
    """Exchange a token for a cookie on this response; answer what forms must carry beside it."""
    session = tokens.begin_session(token, now)
    if session is None:
        raise TokenNotKnown
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="strict",
    )
    return csrf_token(session)


def end_session(
    tokens: Tokens, session: str, *, now: datetime, settings: Settings, response: Response
) -> None:
    """Sign a browser out, and have it forget its cookie."""
    tokens.end_session(session, now)
    response.delete_cookie(
        SESSION_COOKIE, path="/", secure=is_secure(settings), httponly=True, samesite="strict"
    )


def is_secure(settings: Settings) -> bool:
    """Whether cookies travel over TLS only; everywhere but on a trial's own machine."""
    return settings.public_url.startswith("https://")
