"""Asking to be erased: what it means, a second step to be sure, and how far it has come."""

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import MenteeCaller, Public
from api.dependencies import (
    Body,
    CarrierPart,
    MentoringPart,
    SettingsPart,
)
from api.erasing.horizon import unreadable_from
from api.routes import erasures
from api.routes.erasures import ErasureOrdersPart
from api.web.answers import show_effect
from api.web.forms import ReadForm, posted
from api.web.looking import AtLeast
from api.web.my_erasure_view import told
from api.web.rendering import page
from domain.commands.erasures import find_erasure
from domain.erasure import DECIDED_AGAINST, UNDECIDED, Erasure
from domain.mentoring import NotFound

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

WORD = "erase"
"""What somebody types to show that they mean it."""


class AskForm(Body):
    """The word that was typed."""

    word: str = Field(default="", max_length=40)


@router.get("/my-erasure")
def show(
    request: Request,
    caller: MenteeCaller,
    mentoring: MentoringPart,
    orders: ErasureOrdersPart,
    settings: SettingsPart,
    at_least: AtLeast = None,
) -> Response:
    """What an erasure means, or how far one's own has come."""
    subject = find_erasure(mentoring, caller.person)
    return page(
        request,
        "my_erasure.html",
        caller=caller,
        has_changed=at_least is not None,
        told=None if subject is None else _told(subject, orders, settings),
        receipt=None if subject is None else f"/erasure/{subject.id}/{subject.receipt}",
        can_ask=subject is None or subject.stage in DECIDED_AGAINST,
        can_take_back=subject is not None and subject.stage in UNDECIDED,
    )


@router.get("/my-erasure/confirmation")
def confirm(request: Request, caller: MenteeCaller) -> Response:
    """The second step: what goes, what stays, and a word to type."""
    return page(request, "my_erasure_confirmation.html", caller=caller, word=WORD, is_wrong=False)


@router.post("/my-erasure")
def ask(
    request: Request,
    form: Annotated[AskForm, Depends(posted(AskForm))],
    caller: MenteeCaller,
    carrier: CarrierPart,
) -> Response:
    """Ask, once the word is right."""
    if form.word.casefold().strip("“”\"'. ") != WORD:
        return page(
            request,
            "my_erasure_confirmation.html",
            caller=caller,
            status=422,
            word=WORD,
            is_wrong=True,
        )
    done = erasures.ask(caller, carrier)
    return show_effect(request, done.position)


@router.post("/my-erasure/taking-back")
def take_back(request: Request, caller: MenteeCaller, carrier: CarrierPart) -> Response:
    """Rather stay."""
    done = erasures.take_back(caller, carrier)
    return show_effect(request, done.position)


@router.get("/erasure/{erasure}/{receipt}", dependencies=[Public])
def show_stage(
    erasure: UUID,
    receipt: UUID,
    request: Request,
    mentoring: MentoringPart,
    orders: ErasureOrdersPart,
    settings: SettingsPart,
) -> Response:
    """How far it has come, for whoever has the receipt: who was erased cannot sign in any more."""
    subject = mentoring.load(Erasure, erasure)
    if not hmac.compare_digest(subject.receipt.bytes, receipt.bytes):
        raise NotFound
    return page(request, "erasure_stage.html", told=_told(subject, orders, settings))


def _told(
    subject: Erasure, orders: ErasureOrdersPart, settings: SettingsPart
) -> tuple[str, list[str]]:
    day = unreadable_from(orders.carried_out_at(subject.id), rotation_days=settings.rotation_days)
    return told(subject, day)
