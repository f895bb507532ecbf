"""A form whose session ended before it was sent: what was written stays with whoever wrote it, and can be sent again.

Nothing of it is stored. It goes back to the browser that sent it, if that says that a page of ours did.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response

from api.auth.callers import SAFE_METHODS
from api.web.rendering import page, passkeys_origin
from domain.access import Caller

LONGEST = 100_000
SHORTEST_WORDS = 20
"""Shorter than this it is a choice or a number, and nobody mourns having to read it once more."""
NEVER_KEPT = ("/sign-in", "/sign-out")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a form was to go, and what stood in it."""

    action: str
    fields: tuple[tuple[str, str], ...]

    @property
    def encoded(self) -> str:
        """All of it in one hidden field."""
        return urlencode(self.fields)

    @property
    def words(self) -> list[str]:
        """What somebody may want to read or copy."""
        return [text for _, text in self.fields if len(text) >= SHORTEST_WORDS]

    def __repr__(self) -> str:
        return "<sealed>"


def kept_of(request: Request) -> Kept | None:
    """What a page of ours sent, if there is anything in it."""
    fields = dict(getattr(request.state, "form", {}))
    is_ours = request.headers.get("sec-fetch-site") == "same-origin"
    if request.method in SAFE_METHODS or not (fields and is_ours):
        return None
    if request.url.path in NEVER_KEPT:
        return None
    key = request.state.form_key
    return Kept(request.url.path, (*fields.items(), *([("key", key)] if key else [])))


def kept_from(action: str, encoded: str) -> Kept | None:
    """What came back with a sign-in."""
    return Kept(action, tuple(parse_qsl(encoded))) if action and encoded else None


def ask_to_sign_in(
    request: Request, then: str, *, kept: Kept | None = None, fault: str | None = None
) -> Response:
    """Ask who it is, by passkey or token; what was written waits on the page."""
    return page(
        request,
        "sign_in.html",
        status=401 if fault or kept else 200,
        then=then,
        kept=kept,
        fault=fault,
        passkeys_origin=passkeys_origin(request),
    )


def ask_to_send_again(
    request: Request, kept: Kept, caller: Caller | None, *, status: int = 200
) -> Response:
    """Show what was written, once its writer is signed in again."""
    return page(request, "send_again.html", caller=caller, status=status, kept=kept)
