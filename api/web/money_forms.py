"""What a coordinator does with an agreement on its page: invoice, note payments, credit, renew, extend a place.

The caller stands before the form among the parameters: who may not send it learns that first.
"""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    Body,
    CarrierPart,
    MentoringPart,
)
from api.routes import invoices, places
from api.web.answers import show_effect
from api.web.forms import ReadForm, posted
from api.web.rendering import page
from domain.commands.funding import amend_agreement
from domain.funding_agreement import FundingAgreement
from domain.funding_terms import MOST_PLACES
from domain.place import MOST_SESSIONS

router = APIRouter(
    prefix="/places-and-money/{agreement}", include_in_schema=False, dependencies=[ReadForm]
)


class RaiseForm(Body):
    """Which month is settled, and whether that is the end of it."""

    month: date
    is_last: bool = False


class LineForm(Body):
    """One line of an invoice."""

    reference: str = Field(min_length=1, max_length=20)


class RenewForm(Body):
    """More places, or a later end."""

    places: int = Field(ge=1, le=MOST_PLACES)
    ends_on: date


class ExtendForm(Body):
    """Which place gets how many sessions more."""

    place: UUID
    sessions: int = Field(ge=1, le=MOST_SESSIONS)


@router.post("/invoices")
def raise_invoice(
    agreement: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[RaiseForm, Depends(posted(RaiseForm))],
    carrier: CarrierPart,
) -> Response:
    """Bill a closed month."""
    body = invoices.RaiseInvoice(month=form.month, is_last=form.is_last)
    done = invoices.raise_invoice(agreement, body, caller, carrier)
    return show_effect(request, done.position)


@router.post("/invoices/{number}/payment")
def pay(
    agreement: UUID,
    number: int,
    request: Request,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> Response:
    """Note that an invoice was paid."""
    done = invoices.pay(agreement, number, caller, carrier)
    return show_effect(request, done.position)


@router.post("/invoices/{number}/credit")
def credit(
    agreement: UUID,
    number: int,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[LineForm, Depends(posted(LineForm))],
    carrier: CarrierPart,
) -> Response:
    """Ask nothing for one line."""
    body = invoices.CreditLines(references=[form.reference.upper()])
    done = invoices.credit(agreement, number, body, caller, carrier)
    return show_effect(request, done.position)


@router.post("/invoices/{number}/line")
def show_line(
    agreement: UUID,
    number: int,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[LineForm, Depends(posted(LineForm))],
    mentoring: MentoringPart,
) -> Response:
    """What a line stands for, when whoever pays asks about it."""
    line = invoices.show_line(agreement, number, form.reference.upper(), caller, mentoring)
    return page(
        request,
        "invoice_line.html",
        caller=caller,
        agreement=agreement,
        number=number,
        line=line,
    )


@router.post("/terms")
def renew(
    agreement: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[RenewForm, Depends(posted(RenewForm))],
    carrier: CarrierPart,
) -> Response:
    """Buy more places, or go on for longer."""
    terms = carrier.mentoring.load(FundingAgreement, agreement).terms
    renewed = replace(terms, places=form.places, ends_on=form.ends_on)
    done = carrier.carry_out(amend_agreement, agreement=agreement, terms=renewed)
    return show_effect(request, done.position)


@router.post("/extension")
def extend(
    agreement: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[ExtendForm, Depends(posted(ExtendForm))],
    carrier: CarrierPart,
) -> Response:
    """Rule 7: grant a place more, where funding is free."""
    body = places.ExtendPlace(sessions=form.sessions)
    done = places.extend(form.place, body, caller, carrier)
    return show_effect(request, done.position)
