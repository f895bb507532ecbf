"""Wishes to be erased on the rights desk: each with where it stands, held, refused or granted by the data protection lead."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.callers import DataProtectionCaller
from api.dependencies import CommandResult, TokensPart
from api.erasing.orders import ErasureOrders
from api.routes import erasures as routes
from api.routes.erasures import ErasureOrdersPart
from api.web.desk import AtDesk, AtDeskPart, DeskSenderPart, HasChanged
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm
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
    erasure: UUID, caller: DataProtectionCaller, at: AtDeskPart, has_changed: HasChanged
) -> Response:
    """Where one stands, and what can be decided."""
    return _page(at, caller, has_changed=has_changed)


@router.post("/{erasure}/hold")
def hold(erasure: UUID, caller: DataProtectionCaller, sender: DeskSenderPart) -> Response:
    """Let it wait."""

    def carry(form: HoldForm) -> CommandResult:
        body = routes.HoldErasure(reason=form.reason, review_on=form.review_on)
        return routes.hold(erasure, body, caller, sender.carrier, sender.handling.apart)

    return sender.send(HoldForm, carry, partial(_page, sender, caller))


@router.post("/{erasure}/hold-lifting")
def lift(erasure: UUID, caller: DataProtectionCaller, sender: DeskSenderPart) -> Response:
    """End the wait."""

    def carry(_form: ButtonForm) -> CommandResult:
        return routes.lift(erasure, caller, sender.carrier, sender.handling.apart)

    return sender.send(ButtonForm, carry, partial(_page, sender, caller))


@router.post("/{erasure}/refusal")
def refuse(erasure: UUID, caller: DataProtectionCaller, sender: DeskSenderPart) -> Response:
    """Decide against it."""

    def carry(form: RefusalForm) -> CommandResult:
        body = routes.RefuseErasure(reason=form.reason)
        return routes.refuse(erasure, body, caller, sender.carrier, sender.handling.apart)

    return sender.send(RefusalForm, carry, partial(_page, sender, caller))


@router.post("/{erasure}/grant")
def grant(
    erasure: UUID,
    caller: DataProtectionCaller,
    sender: DeskSenderPart,
    orders: ErasureOrdersPart,
    tokens: TokensPart,
) -> Response:
    """Decide for it."""

    def carry(_form: ButtonForm) -> CommandResult:
        apart, at = sender.handling.apart, sender.handling.at
        return routes.grant(erasure, caller, sender.carrier, orders, tokens, apart, at)

    return sender.send(ButtonForm, carry, partial(_page, sender, caller))


def _page(
    at: AtDesk, caller: Caller, filled: Filled = NOTHING_FILLED, *, has_changed: bool = False
) -> Response:
    parts = at.request.app.state.parts
    one = routes.show(
        UUID(at.request.path_params["erasure"]),
        caller,
        at.handling.mentoring,
        ErasureOrders(parts.pool),
        parts.settings,
        at.handling.apart,
        Response(),
    )
    return page(
        at.request,
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
