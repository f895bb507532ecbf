"""The disclosure register, for safeguarding leads alone: what waits, one opened with the look recorded, and what becomes of it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.callers import SafeguardingCaller
from api.dependencies import CarrierPart, CommandResult, MentoringPart
from api.records.handling import HandlingPart
from api.routes import disclosures as routes
from api.web.desk import ButtonForm, HasChanged, IsCurrent, ShelfPart
from api.web.disclosing import GROUNDS, NOT_TOLD
from api.web.filled import NOTHING_FILLED, AnyForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.my_rights_view import look_in_words
from api.web.rendering import page
from domain.access import Caller
from domain.disclosure import DisclosureStage, NotToldReason
from domain.mentoring import Mentoring

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
    request: Request,
    caller: SafeguardingCaller,
    handling: HandlingPart,
    asked: ShelfPart,
    is_current: IsCurrent,
) -> Response:
    """Those that wait for something, or those that are over; nothing is opened."""
    found = routes.register(caller, handling, asked)
    return page(
        request,
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
    disclosure: UUID,
    request: Request,
    caller: SafeguardingCaller,
    mentoring: MentoringPart,
    has_changed: HasChanged,
) -> Response:
    """Where one stands; nothing is opened."""
    return _page(request, caller, mentoring, disclosure, has_changed=has_changed)


@router.get("/{disclosure}/words")
def show_words(
    disclosure: UUID, request: Request, caller: SafeguardingCaller, handling: HandlingPart
) -> Response:
    """What it says; the look is recorded."""
    words = routes.read_words(disclosure, caller, handling)
    return page(request, "disclosure_words.html", caller=caller, disclosure=disclosure, words=words)


@router.post("/{disclosure}/agreement")
def agree(
    disclosure: UUID,
    request: Request,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    mentoring: MentoringPart,
) -> Response:
    """Decide for it."""
    return _sent(
        request,
        caller,
        mentoring,
        ButtonForm,
        lambda _: routes.agree(disclosure, caller, carrier),
    )


@router.post("/{disclosure}/refusal")
def decline(
    disclosure: UUID,
    request: Request,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    mentoring: MentoringPart,
) -> Response:
    """Decide against it."""
    return _sent(
        request,
        caller,
        mentoring,
        ButtonForm,
        lambda _: routes.decline(disclosure, caller, carrier),
    )


@router.post("/{disclosure}/telling")
def tell(
    disclosure: UUID,
    request: Request,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    mentoring: MentoringPart,
) -> Response:
    """Note that the mentee was told."""
    return _sent(
        request,
        caller,
        mentoring,
        ButtonForm,
        lambda _: routes.tell(disclosure, caller, carrier),
    )


@router.post("/{disclosure}/delay")
def put_off(
    disclosure: UUID,
    request: Request,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    mentoring: MentoringPart,
) -> Response:
    """Note why the mentee is not told yet."""

    def carry(form: DelayForm) -> CommandResult:
        body = routes.PutOffTelling(reason=form.reason, look_again_on=form.look_again_on)
        return routes.put_off(disclosure, body, caller, carrier)

    return _sent(request, caller, mentoring, DelayForm, carry)


@router.post("/{disclosure}/making")
def make(
    disclosure: UUID,
    request: Request,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    mentoring: MentoringPart,
) -> Response:
    """Note that it was passed on."""

    def carry(form: MakingForm) -> CommandResult:
        body = routes.MakeDisclosure(review_on=form.review_on)
        return routes.make(disclosure, body, caller, carrier)

    return _sent(request, caller, mentoring, MakingForm, carry)


@router.post("/{disclosure}/review")
def review(
    disclosure: UUID,
    request: Request,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    mentoring: MentoringPart,
) -> Response:
    """Look at it again on another day, or close it."""

    def carry(form: ReviewForm) -> CommandResult:
        body = routes.ReviewDisclosure(review_on=form.review_on)
        return routes.review(disclosure, body, caller, carrier)

    return _sent(request, caller, mentoring, ReviewForm, carry)


def _sent(
    request: Request,
    caller: Caller,
    mentoring: Mentoring,
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
) -> Response:
    disclosure = UUID(request.path_params["disclosure"])

    def again(filled: Filled) -> Response:
        return _page(request, caller, mentoring, disclosure, filled)

    return carried_out(request, kind, carry, again)


def _page(
    request: Request,
    caller: Caller,
    mentoring: Mentoring,
    disclosure: UUID,
    filled: Filled = NOTHING_FILLED,
    *,
    has_changed: bool = False,
) -> Response:
    looks = routes.looks(disclosure, caller, mentoring)
    return page(
        request,
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
