"""A browser's session: a cookie that no script can read and no other site can send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from api.auth.callers import Now, is_secure, session_cookie, session_of, tokens_of
from api.auth.tokens import SESSION_LASTS, Tokens, csrf_token
from api.errors import TokenNotKnown
from api.settings import Settings


@dataclass(frozen=True)
class Browser:
    """The browser that sent a request, with the session that it brought, if any."""

    tokens: Tokens
    settings: Settings
    now: datetime
    session: str | None

    def sign_in(self, token: str, answer: Response) -> str:
        """Exchange a token for a cookie on this answer; say what forms must carry beside it.

        The session that the browser had before ends: nobody would sign out of it any more.
        """
        session = self.tokens.begin_session(token, self.now)
        if session is None:
            raise TokenNotKnown
        self._end_session()
        answer.set_cookie(
            session_cookie(self.settings),
            session,
            max_age=int(SESSION_LASTS.total_seconds()),
            path="/",
            secure=is_secure(self.settings),
            httponly=True,
            samesite="strict",
        )
        return csrf_token(session)

    def sign_out(self, answer: Response) -> None:
        """End the session, and have the browser forget its cookie."""
        self._end_session()
        answer.delete_cookie(
            session_cookie(self.settings),
            path="/",
            secure=is_secure(self.settings),
            httponly=True,
            samesite="strict",
        )

    def _end_session(self) -> None:
        if self.session is not None:
            self.tokens.end_session(self.session, self.now)


async def browser_of(request: Request, now: Now) -> Browser:
    """The browser that sent this."""
    settings: Settings = request.app.state.parts.settings
    return Browser(tokens_of(request), settings, now, session_of(request))


BrowserPart = Annotated[Browser, Depends(browser_of)]
