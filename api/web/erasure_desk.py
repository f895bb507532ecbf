"""Wishes to be erased on the rights desk: each with where it stands, held, refused or granted by the data protection lead."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.callers import DataProtectionCaller
from api.dependencies import CarrierPart, CommandResult, SettingsPart, TokensPart
from api.erasing.orders import ErasureOrders
from api.records.handling import Handling, HandlingPart
from api.routes import erasures as routes
from api.routes.erasures import ErasureOrdersPart
from api.settings import Settings
from api.web.desk import ButtonForm, HasChanged
from api.web.filled import NOTHING_FILLED, AnyForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.my_erasure_view import HOLDS, REFUSALS
from api.web.rendering import page
from api.web.rights import ERASURES
from domain.access import Caller
from domain.erasure import UNDECIDED, HoldReason, RefusalReason

router = APIRouter(prefix="/rights-desk/erasures", include_in_schema=False, dependencies=[ReadForm])


class HoldForm(TypedForm):
    """Why it must wait, and until when."""

    faults: ClassVar[Mapping[str, str]] = {
        "reason": "Choose why it has to wait.",
        "review_on": "Choose a later day, within three months.",
    }
    blamed: ClassVar[str] = "review_on"

    reason: HoldReason
    review_on: date


class RefusalForm(TypedForm):
    """Why it is refused."""

    faults: ClassVar[Mapping[str, str]] = {"reason": "Choose why it is refused."}
    blamed: ClassVar[str] = "reason"

    reason: RefusalReason


@router.get("/{erasure}")
def show(
    erasure: UUID,
    request: Request,
    caller: DataProtectionCaller,
    handling: HandlingPart,
    settings: SettingsPart,
    has_changed: HasChanged,
) -> Response:
    """Where one stands, and what can be decided."""
    return _page(request, caller, handling, settings, has_changed=has_changed)


@router.post("/{erasure}/hold")
def hold(
    erasure: UUID,
    request: Request,
    caller: DataProtectionCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> Response:
    """Let it wait."""

    def carry(form: HoldForm) -> CommandResult:
        body = routes.HoldErasure(reason=form.reason, review_on=form.review_on)
        return routes.hold(erasure, body, caller, carrier, handling.apart)

    return _sent(request, caller, handling, HoldForm, carry)


@router.post("/{erasure}/hold-lifting")
def lift(
    erasure: UUID,
    request: Request,
    caller: DataProtectionCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> Response:
    """End the wait."""

    def carry(_form: ButtonForm) -> CommandResult:
        return routes.lift(erasure, caller, carrier, handling.apart)

    return _sent(request, caller, handling, ButtonForm, carry)


@router.post("/{erasure}/refusal")
def refuse(
    erasure: UUID,
    request: Request,
    caller: DataProtectionCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> Response:
    """Decide against it."""

    def carry(form: RefusalForm) -> CommandResult:
        body = routes.RefuseErasure(reason=form.reason)
        return routes.refuse(erasure, body, caller, carrier, handling.apart)

    return _sent(request, caller, handling, RefusalForm, carry)


@router.post("/{erasure}/grant")
def grant(
    erasure: UUID,
    request: Request,
    caller: DataProtectionCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
    orders: ErasureOrdersPart,
    tokens: TokensPart,
) -> Response:
    """Decide for it."""

    def carry(_form: ButtonForm) -> CommandResult:
        apart, at = handling.apart, handling.at
        return routes.grant(erasure, caller, carrier, orders, tokens, apart, at)

    return _sent(request, caller, handling, ButtonForm, carry)


def _sent(
    request: Request,
    caller: Caller,
    handling: Handling,
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
) -> Response:
    settings = request.app.state.parts.settings

    def again(filled: Filled) -> Response:
        return _page(request, caller, handling, settings, filled)

    return carried_out(request, kind, carry, again)


def _page(
    request: Request,
    caller: Caller,
    handling: Handling,
    settings: Settings,
    filled: Filled = NOTHING_FILLED,
    *,
    has_changed: bool = False,
) -> Response:
    erasure, orders = (
        UUID(request.path_params["erasure"]),
        ErasureOrders(request.app.state.parts.pool),
    )
    mentoring, apart = handling.mentoring, handling.apart
    one = routes.show(erasure, caller, mentoring, orders, settings, apart, Response())
    return page(
        request,
        "erasure_on_desk.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        has_changed=has_changed,
        one=one,
        is_open=one.stage in UNDECIDED,
        stages=ERASURES,
        holds=HOLDS,
        refusals=REFUSALS,
    )
