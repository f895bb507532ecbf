"""The rights desk, for the data protection lead: what is asked and by when it is answered, erasures beside the rest."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.callers import DataProtectionCaller
from api.dependencies import CommandResult
from api.fields import OwnWords
from api.routes import erasures
from api.routes import rights_requests as routes
from api.web.desk import (
    AtDesk,
    AtDeskPart,
    DeskSenderPart,
    HasChanged,
    IsCurrent,
    ShelfPart,
    WordsForm,
    letter_page,
)
from api.web.filled import NOTHING_FILLED, Filled, TypedForm
from api.web.forms import ReadForm
from api.web.rendering import page
from domain.access import Caller
from domain.erasure import DECIDED_AGAINST, ErasureStage
from domain.rights_request import OPEN, ExtensionReason, RequestRefusal, RightsKind, RightsStage

router = APIRouter(prefix="/rights-desk", include_in_schema=False, dependencies=[ReadForm])

MOST_ERASURES = 200
KINDS = {
    RightsKind.ACCESS: "To see everything about oneself",
    RightsKind.RECTIFICATION: "To have something put right",
    RightsKind.OBJECTION: "Against how something is used",
}
STAGES = {
    RightsStage.MADE: "Waits for an answer",
    RightsStage.EXTENDED: "Takes longer, waits for an answer",
    RightsStage.ANSWERED: "Answered",
    RightsStage.REFUSED: "Refused",
    RightsStage.FORGOTTEN: "Destroyed after its time",
}
EXTENSIONS = {
    ExtensionReason.COMPLEX: "there is much to look through",
    ExtensionReason.MANY_REQUESTS: "you asked for several things at once",
}
REFUSALS = {
    RequestRefusal.NOT_SURE_WHO_ASKED: "we could not be sure that it was you who asked",
    RequestRefusal.RIGHTS_OF_OTHERS: "it would take something from somebody else’s rights",
    RequestRefusal.LEGAL_DUTY: "the law says that we must go on",
    RequestRefusal.RECORD_IS_RIGHT: "the record is right as it stands",
    RequestRefusal.STRONGER_GROUNDS: "there are stronger reasons to go on",
    RequestRefusal.EXCESSIVE: "it was asked too often",
}
DECIDED = DECIDED_AGAINST | {ErasureStage.COMPLETED}
ERASURES = {
    ErasureStage.REQUESTED: "Waits for a decision",
    ErasureStage.HELD: "Held",
    ErasureStage.GRANTED: "Granted, being carried out",
    ErasureStage.CARRIED_OUT: "Carried out, old copies still to die",
    ErasureStage.COMPLETED: "Complete",
    ErasureStage.TAKEN_BACK: "Taken back by the person",
    ErasureStage.REFUSED: "Refused",
}


class ExtensionForm(TypedForm):
    """Why it takes longer."""

    faults: ClassVar[Mapping[str, str]] = {"reason": "Choose why it takes longer."}
    blamed: ClassVar[str] = "reason"

    reason: ExtensionReason


class RefusalForm(TypedForm):
    """Why it is refused."""

    faults: ClassVar[Mapping[str, str]] = {
        "reason": "Choose why it is refused.",
        "words": "Write why, in 4,000 characters at most.",
    }
    blamed: ClassVar[str] = "words"

    reason: RequestRefusal
    words: OwnWords


@router.get("")
def show(
    caller: DataProtectionCaller, at: AtDeskPart, asked: ShelfPart, is_current: IsCurrent
) -> Response:
    """What waits for an answer, what is due first at the top, and erasures that are not done."""
    found = routes.list_them(caller, at.handling, asked)
    wished = erasures.desk(caller, at.handling.reader, limit=MOST_ERASURES).erasures
    return page(
        at.request,
        "rights_desk.html",
        caller=caller,
        is_current=is_current,
        rows=sorted(found.requests, key=lambda each: each.due_on),
        erasures=[each for each in wished if (each.stage in DECIDED) == asked.is_over],
        more=found.next,
        is_over=asked.is_over,
        kinds=KINDS,
        stages=STAGES,
        erasure_stages=ERASURES,
    )


@router.get("/{rights_request}")
def show_one(
    rights_request: UUID, caller: DataProtectionCaller, at: AtDeskPart, has_changed: HasChanged
) -> Response:
    """Where one stands; nothing is opened."""
    return _page(at, caller, has_changed=has_changed)


@router.get("/{rights_request}/words")
def show_words(rights_request: UUID, caller: DataProtectionCaller, at: AtDeskPart) -> Response:
    """What it says; the look is recorded."""
    return letter_page(
        at.request,
        caller,
        routes.read_words(rights_request, caller, at.handling),
        back=(f"/rights-desk/{rights_request}", "Back to the at.request"),
        title="What the at.request says",
        standing="That you opened it is recorded, and its person can read that.",
    )


@router.post("/{rights_request}/extension")
def extend(rights_request: UUID, caller: DataProtectionCaller, sender: DeskSenderPart) -> Response:
    """Take two months more."""

    def carry(form: ExtensionForm) -> CommandResult:
        body = routes.ExtendRightsRequest(reason=form.reason)
        return routes.extend(rights_request, body, caller, sender.carrier, sender.handling)

    return sender.send(ExtensionForm, carry, partial(_page, sender, caller))


@router.post("/{rights_request}/answer")
def answer(rights_request: UUID, caller: DataProtectionCaller, sender: DeskSenderPart) -> Response:
    """Answer it."""

    def carry(form: WordsForm) -> CommandResult:
        body = routes.AnswerRightsRequest(words=form.words)
        return routes.answer(rights_request, body, caller, sender.carrier, sender.handling)

    return sender.send(WordsForm, carry, partial(_page, sender, caller))


@router.post("/{rights_request}/refusal")
def refuse(rights_request: UUID, caller: DataProtectionCaller, sender: DeskSenderPart) -> Response:
    """Refuse it."""

    def carry(form: RefusalForm) -> CommandResult:
        body = routes.RefuseRightsRequest(reason=form.reason, words=form.words)
        return routes.refuse(rights_request, body, caller, sender.carrier, sender.handling)

    return sender.send(RefusalForm, carry, partial(_page, sender, caller))


def _page(
    at: AtDesk, caller: Caller, filled: Filled = NOTHING_FILLED, *, has_changed: bool = False
) -> Response:
    one = routes.show(
        UUID(at.request.path_params["rights_request"]), caller, at.handling, Response()
    )
    return page(
        at.request,
        "rights_request.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        has_changed=has_changed,
        one=one,
        is_open=one.stage in OPEN,
        kinds=KINDS,
        stages=STAGES,
        extensions=EXTENSIONS,
        refusals=REFUSALS,
    )
