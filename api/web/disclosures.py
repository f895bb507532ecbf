"""The disclosure register, for safeguarding leads alone: what waits, one opened with the look recorded, and what becomes of it."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.callers import SafeguardingCaller
from api.dependencies import CommandResult
from api.routes import disclosures as routes
from api.web.desk import (
    AtDesk,
    AtDeskPart,
    DeskSenderPart,
    HasChanged,
    IsCurrent,
    ShelfPart,
)
from api.web.disclosing import GROUNDS, NOT_TOLD
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm
from api.web.forms import ReadForm
from api.web.my_rights_view import look_in_words
from api.web.rendering import page
from domain.access import Caller
from domain.disclosure import DisclosureStage, NotToldReason

router = APIRouter(prefix="/disclosures", include_in_schema=False, dependencies=[ReadForm])

STAGES = {
    DisclosureStage.WRITTEN: "Waits for the second decision",
    DisclosureStage.DECLINED: "Decided against",
    DisclosureStage.AGREED: "Decided for, not made yet",
    DisclosureStage.MADE: "Made",
    DisclosureStage.CLOSED: "Closed",
    DisclosureStage.FORGOTTEN: "Destroyed after its time",
}


class DelayForm(TypedForm):
    """Why the mentee is not told yet."""

    faults: ClassVar[Mapping[str, str]] = {
        "reason": "Choose why not yet.",
        "look_again_on": "Choose a later day, within a month.",
    }
    blamed: ClassVar[str] = "look_again_on"

    reason: NotToldReason
    look_again_on: date


class MakingForm(TypedForm):
    """When it is reviewed."""

    faults: ClassVar[Mapping[str, str]] = {"review_on": "Choose a later day, within three months."}
    blamed: ClassVar[str] = "review_on"

    review_on: date


class ReviewForm(TypedForm):
    """When it is reviewed again, if it is."""

    faults: ClassVar[Mapping[str, str]] = MakingForm.faults
    blamed: ClassVar[str] = "review_on"

    review_on: date | None = None


@router.get("")
def show(
    caller: SafeguardingCaller, at: AtDeskPart, asked: ShelfPart, is_current: IsCurrent
) -> Response:
    """Those that wait for something, or those that are over; nothing is opened."""
    found = routes.register(caller, at.handling, asked)
    return page(
        at.request,
        "disclosures.html",
        caller=caller,
        is_current=is_current,
        rows=found.disclosures,
        more=found.next,
        is_over=asked.is_over,
        stages=STAGES,
        grounds=GROUNDS,
    )


@router.get("/{disclosure}")
def show_one(
    disclosure: UUID, caller: SafeguardingCaller, at: AtDeskPart, has_changed: HasChanged
) -> Response:
    """Where one stands; nothing is opened."""
    return _page(at, caller, has_changed=has_changed)


@router.get("/{disclosure}/words")
def show_words(disclosure: UUID, caller: SafeguardingCaller, at: AtDeskPart) -> Response:
    """What it says; the look is recorded."""
    words = routes.read_words(disclosure, caller, at.handling)
    return page(
        at.request, "disclosure_words.html", caller=caller, disclosure=disclosure, words=words
    )


@router.post("/{disclosure}/agreement")
def agree(disclosure: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Decide for it."""
    return sender.send(
        ButtonForm,
        lambda _: routes.agree(disclosure, caller, sender.carrier),
        partial(_page, sender, caller),
    )


@router.post("/{disclosure}/refusal")
def decline(disclosure: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Decide against it."""
    return sender.send(
        ButtonForm,
        lambda _: routes.decline(disclosure, caller, sender.carrier),
        partial(_page, sender, caller),
    )


@router.post("/{disclosure}/telling")
def tell(disclosure: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Note that the mentee was told."""
    return sender.send(
        ButtonForm,
        lambda _: routes.tell(disclosure, caller, sender.carrier),
        partial(_page, sender, caller),
    )


@router.post("/{disclosure}/delay")
def put_off(disclosure: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Note why the mentee is not told yet."""

    def carry(form: DelayForm) -> CommandResult:
        body = routes.PutOffTelling(reason=form.reason, look_again_on=form.look_again_on)
        return routes.put_off(disclosure, body, caller, sender.carrier)

    return sender.send(DelayForm, carry, partial(_page, sender, caller))


@router.post("/{disclosure}/making")
def make(disclosure: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Note that it was passed on."""

    def carry(form: MakingForm) -> CommandResult:
        body = routes.MakeDisclosure(review_on=form.review_on)
        return routes.make(disclosure, body, caller, sender.carrier)

    return sender.send(MakingForm, carry, partial(_page, sender, caller))


@router.post("/{disclosure}/review")
def review(disclosure: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Look at it again on another day, or close it."""

    def carry(form: ReviewForm) -> CommandResult:
        body = routes.ReviewDisclosure(review_on=form.review_on)
        return routes.review(disclosure, body, caller, sender.carrier)

    return sender.send(ReviewForm, carry, partial(_page, sender, caller))


def _page(
    at: AtDesk, caller: Caller, filled: Filled = NOTHING_FILLED, *, has_changed: bool = False
) -> Response:
    disclosure, mentoring = UUID(at.request.path_params["disclosure"]), at.handling.mentoring
    looks = routes.looks(disclosure, caller, mentoring)
    return page(
        at.request,
        "disclosure.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        has_changed=has_changed,
        one=routes.show(disclosure, caller, mentoring, Response()),
        looks=[(look.at, look_in_words(look, caller.person)) for look in looks],
        stages=STAGES,
        grounds=GROUNDS,
        not_told=NOT_TOLD,
    )
