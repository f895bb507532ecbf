"""Where whoever takes part says what worries them, and reads what they were answered."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.callers import PartyCaller
from api.dependencies import CommandResult
from api.fields import OwnWords
from api.records.letters import as_writer
from api.routes import concerns as routes
from api.web.concerns import CATEGORIES, standing
from api.web.desk import AtDesk, AtDeskPart, DeskSenderPart, IsCurrent, letter_page
from api.web.filled import NOTHING_FILLED, Filled, TypedForm
from api.web.forms import ReadForm
from api.web.my_erasure_view import plain_day
from api.web.rendering import page
from domain.access import Caller
from domain.concern import Concern, ConcernCategory, ConcernStage, Desk

router = APIRouter(prefix="/my-concerns", include_in_schema=False, dependencies=[ReadForm])

READERS = {
    Desk.COORDINATOR: "A coordinator, who arranges mentoring",
    Desk.SAFEGUARDING_LEAD: "The safeguarding lead, and no coordinator",
}


class ConcernForm(TypedForm):
    """What worries somebody, and who is to read it."""

    faults: ClassVar[Mapping[str, str]] = {
        "category": "Choose what it is about.",
        "desk": "Choose who is to read it.",
        "words": "Write what worries you, in 4,000 characters at most.",
    }
    blamed: ClassVar[str] = "words"

    category: ConcernCategory
    desk: Desk
    words: OwnWords


@router.get("")
def show(caller: PartyCaller, at: AtDeskPart, is_current: IsCurrent) -> Response:
    """What one raised, and the form."""
    return _page(at, caller, is_current=is_current)


@router.post("")
def raise_it(caller: PartyCaller, sender: DeskSenderPart) -> Response:
    """Say it."""

    def carry(form: ConcernForm) -> CommandResult:
        body = routes.RaiseConcern(category=form.category, desk=form.desk, words=form.words)
        return routes.raise_it(body, caller, sender.carrier, sender.handling)

    return sender.send(ConcernForm, carry, partial(_page, sender, caller))


@router.get("/{concern}")
def show_one(concern: UUID, caller: PartyCaller, at: AtDeskPart) -> Response:
    """What one wrote, and the answer."""
    subject = as_writer(at.handling.mentoring, caller, Concern, concern)
    is_kept = subject.stage is not ConcernStage.FORGOTTEN
    return letter_page(
        at.request,
        caller,
        routes.own_words(concern, caller, at.handling) if is_kept else None,
        back=("/my-concerns", "Back to your concerns"),
        title=f"Your concern of {plain_day(subject.raised_at.date())}",
        standing=f"{CATEGORIES[subject.category]}. {standing(subject.stage, subject.handler)}.",
    )


def _page(
    at: AtDesk, caller: Caller, filled: Filled = NOTHING_FILLED, *, is_current: bool = True
) -> Response:
    return page(
        at.request,
        "my_concerns.html",
        status=filled.status,
        caller=caller,
        is_current=is_current,
        filled=filled,
        rows=routes.own(caller, at.handling).concerns,
        categories=CATEGORIES,
        standing=standing,
        readers=READERS,
    )
