"""Where somebody is signed in: their browsers, in whichever role, and the end of any of them."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from api.auth.callers import AnyCaller, Now
from api.auth.sessions import BrowserPart
from api.auth.tokens import SignIn
from api.dependencies import TokensPart
from domain.mentoring import NotFound
from domain.values import Role

router = APIRouter(tags=["session"])


class SignInAnswer(BaseModel):
    """One browser; `device` is what it said of itself, in a word or two."""

    id: UUID
    role: Role
    device: str
    began_at: datetime
    seen_at: datetime
    by_passkey: bool
    is_this: bool

    @classmethod
    def of(cls, found: SignIn, session: str | None) -> "SignInAnswer":
        """As its person sees it, who came with a session."""
        return cls(
            id=found.id,
            role=Role(found.role),
            device=found.device,
            began_at=found.made_at,
            seen_at=found.seen_at,
            by_passkey=found.by_passkey,
            is_this=found.is_of(session),
        )


class SignInsAnswer(BaseModel):
    """All of them, the last used first."""

    sign_ins: list[SignInAnswer]


@router.get("/me/sign-ins")
def own(caller: AnyCaller, tokens: TokensPart, browser: BrowserPart, now: Now) -> SignInsAnswer:
    """Show where one is signed in."""
    found = tokens.sign_ins(caller.person, now)
    return SignInsAnswer(sign_ins=[SignInAnswer.of(each, browser.session) for each in found])


@router.delete("/me/sign-ins/{id}", status_code=204)
def end(id: UUID, caller: AnyCaller, tokens: TokensPart, now: Now) -> None:
    """End one of them."""
    if not tokens.end_sign_in(caller.person, id, now):
        raise NotFound
