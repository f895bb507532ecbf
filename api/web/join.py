"""Joining by an invitation: for somebody new, and for somebody who is known; no page tells of a link whether it is good."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, ValidationError

from api.at_the_door import FromOutside, GuardedPart, JoiningPart
from api.auth.callers import PartyCaller, Public
from api.auth.sessions import BrowserPart
from api.errors import sentence_of
from api.fields import Email, PersonName
from api.joining import InvitationCannotBeUsed, Joining, Newcomer, role_of
from api.records.contact import Contact
from api.routes.joining import Using
from api.web.answers import go_to
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, faults_in
from api.web.forms import ReadForm, require_from_here_for_certain
from api.web.rendering import page
from api.web.sign_in import SAYS_WHERE_FROM
from domain.access import Caller
from domain.values import Role

router = APIRouter(prefix="/join", include_in_schema=False, dependencies=[ReadForm, FromOutside])

HOMES = {Role.MENTEE: "/my-mentoring", Role.MENTOR: "/my-caseload"}
LANGUAGES = {"en": "English", "cy": "Cymraeg"}


class UseForm(TypedForm):
    """The code of an invitation, or the whole link that ends in it."""

    faults: ClassVar[Mapping[str, str]] = {"invitation": "Enter the code of your invitation."}
    blamed: ClassVar[str] = "invitation"

    invitation: str = Field(min_length=1, max_length=400)

    @property
    def token(self) -> str:
        """What stands after the # of a link."""
        return self.invitation.rpartition("#")[2]


class JoinForm(UseForm):
    """The same from somebody new, with how they are reached."""

    faults: ClassVar[Mapping[str, str]] = {
        **UseForm.faults,
        "name": "Enter your name.",
        "email": "Enter a mail address, such as name@example.org.",
        "language": "Choose a language.",
    }

    name: PersonName
    email: Email
    language: Literal["en", "cy"] = "en"

    def as_newcomer(self, key: str | None) -> Newcomer:
        """Who wants to get in."""
        return Newcomer(self.token, Contact(self.name, self.email, language=self.language), key)


@router.get("", dependencies=[Public])
def show(request: Request) -> Response:
    """Ask somebody new for their invitation; the page is the same whatever link led here."""
    return _ask(request, "join.html", NOTHING_FILLED)


@router.post("", dependencies=[Public])
async def join(
    request: Request, joining: JoiningPart, guarded: GuardedPart, browser: BrowserPart
) -> Response:
    """Let them in, and show them their first sign-in."""
    require_from_here_for_certain(request)
    try:
        form = JoinForm.model_validate(request.state.form)
    except ValidationError as wrong:
        return _again(request, "join.html", faults_in(JoinForm, wrong))
    newcomer = form.as_newcomer(request.state.form_key)
    try:
        token = await guarded.run(request, lambda: _let_in(joining, newcomer))
    except InvitationCannotBeUsed as refused:
        return _again(request, "join.html", {UseForm.blamed: sentence_of(refused)})
    role = role_of(newcomer.token)
    answer = page(request, "joined.html", token=token, is_new=True, role=role)
    await run_in_threadpool(browser.sign_in, token, answer)
    return answer


@router.get("/with-account")
def show_known(request: Request, caller: PartyCaller) -> Response:
    """Ask somebody who is signed in for their invitation."""
    return _ask(request, "join_known.html", NOTHING_FILLED, caller)


@router.post("/with-account")
async def use(
    request: Request,
    caller: PartyCaller,
    using: Annotated[Using, Depends()],
    joining: JoiningPart,
    guarded: GuardedPart,
) -> Response:
    """Let it count for them; who becomes something else by it is shown the sign-in for that."""
    try:
        form = UseForm.model_validate(request.state.form)
    except ValidationError as wrong:
        return _again(request, "join_known.html", faults_in(UseForm, wrong), caller)
    try:
        recorded = await guarded.run(request, lambda: using.use(form.token))
    except InvitationCannotBeUsed as refused:
        faults = {UseForm.blamed: sentence_of(refused)}
        return _again(request, "join_known.html", faults, caller)
    role = role_of(form.token)
    if caller.role is role:
        return go_to(f"{HOMES[role]}?at_least={recorded.position}")
    return await run_in_threadpool(_second_sign_in, request, caller, joining, role)


def _let_in(joining: Joining, newcomer: Newcomer) -> str:
    return joining.sign_in(joining.join(newcomer), role_of(newcomer.token))


def _second_sign_in(request: Request, caller: Caller, joining: Joining, role: Role) -> Response:
    token = joining.sign_in(caller.person, role)
    return page(request, "joined.html", caller=caller, token=token, is_new=False, role=role)


def _again(
    request: Request, template: str, faults: Mapping[str, str], caller: Caller | None = None
) -> Response:
    return _ask(request, template, Filled(request.state.form, faults, "join"), caller)


def _ask(request: Request, template: str, filled: Filled, caller: Caller | None = None) -> Response:
    answer = page(
        request,
        template,
        caller=caller,
        status=filled.status,
        filled=filled,
        languages=LANGUAGES,
    )
    answer.headers.update(SAYS_WHERE_FROM)
    return answer
