"""A browser's session: a cookie that no script can read and no other site can send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from api.auth.callers import HOST_PREFIX, Now, is_secure, session_cookie, session_of, tokens_of
from api.auth.devices import device_of
from api.auth.tokens import SESSION_LASTS, Tokens, csrf_token
from api.errors import TokenNotKnown
from api.settings import Settings

CEREMONY_COOKIE = "vouchsafe_ceremony"
CEREMONY_LASTS_SECONDS = 300

FORGET = {"Clear-Site-Data": '"cache", "cookies"'}
"""A shared phone keeps nothing of what was shown. What pages keep for notes is sealed, and waits for whoever can open it."""


@dataclass(frozen=True)
class Browser:
    """The browser that sent a request, with the session that it brought, if any."""

    tokens: Tokens
    settings: Settings
    now: datetime
    session: str | None
    device: str = ""
    ceremony: str | None = None
    """The secret of what it was asked last, and has not answered yet."""

    def sign_in(self, token: str, answer: Response) -> str:
        """Exchange a token for a cookie on this answer; say what forms must carry beside it."""
        return self.goes_on_with(self.begin(token), answer)

    def begin(self, token: str) -> str:
        """Exchange a token for a session; raises TokenNotKnown."""
        session = self.tokens.begin_session(token, self.now, self.device)
        if session is None:
            raise TokenNotKnown
        return session

    def goes_on_with(self, session: str, answer: Response) -> str:
        """Keep a session that has just begun; say what forms must carry beside it.

        The session that the browser had before ends: nobody would sign out of it any more.
        """
        self._end_session()
        self._set(session_cookie(self.settings), session, answer)
        return csrf_token(session)

    def renew(self, answer: Response) -> str:
        """Change the session's secret, because what it may do has changed; say what forms must carry now.

        Whoever copied the old secret has nothing any more.
        """
        if self.session is None:
            return ""
        session = self.tokens.renamed(self.session)
        self._set(session_cookie(self.settings), session, answer)
        return csrf_token(session)

    def sign_out(self, answer: Response) -> None:
        """End the session, and have the browser forget its cookie."""
        self._end_session()
        self._forget(session_cookie(self.settings), answer)

    def is_asked(self, secret: str, answer: Response) -> None:
        """Have the browser keep the secret of a ceremony until it answers."""
        lasts = CEREMONY_LASTS_SECONDS
        self._set(ceremony_cookie(self.settings), secret, answer, lasts_seconds=lasts)

    def has_answered(self, answer: Response) -> None:
        """Have the browser forget it again."""
        self._forget(ceremony_cookie(self.settings), answer)

    def _set(
        self,
        name: str,
        value: str,
        answer: Response,
        *,
        lasts_seconds: float = SESSION_LASTS.total_seconds(),
    ) -> None:
        answer.set_cookie(
            name,
            value,
            max_age=int(lasts_seconds),
            path="/",
            secure=is_secure(self.settings),
            httponly=True,
            samesite="strict",
        )

    def _forget(self, name: str, answer: Response) -> None:
        answer.delete_cookie(
            name,
            path="/",
            secure=is_secure(self.settings),
            httponly=True,
            samesite="strict",
        )

    def _end_session(self) -> None:
        if self.session is not None:
            self.tokens.end_session(self.session, self.now)


def ceremony_cookie(settings: Settings) -> str:
    """What the cookie of a ceremony is called here."""
    return f"{HOST_PREFIX}{CEREMONY_COOKIE}" if is_secure(settings) else CEREMONY_COOKIE


async def browser_of(request: Request, now: Now) -> Browser:
    """The browser that sent this."""
    settings: Settings = request.app.state.parts.settings
    return Browser(
        tokens_of(request),
        settings,
        now,
        session_of(request),
        device_of(request.headers.get("user-agent", "")),
        request.cookies.get(ceremony_cookie(settings)),
    )


BrowserPart = Annotated[Browser, Depends(browser_of)]
