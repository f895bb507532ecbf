"""What agreements came to: for whoever pays the closed months and invoices, for the provider the live ledgers."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.auth.callers import CoordinatorCaller, FundingReader, Now
from api.dependencies import MentoringPart, ReaderPart, WaitingPart
from api.records.funding_seen import (
    billable_months,
    closed_months,
    funding_for,
    fundings_of,
    invoice_shown,
)
from api.records.relations import as_coordinator
from api.routes import invoices
from api.web.looking import AtLeast, is_there, looked_up
from api.web.money_view import agreement_shown, invoices_shown
from api.web.pipeline_view import left_open
from api.web.rendering import page
from crypto.errors import SealedRecordError
from domain.access import Caller
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Mentoring, NotFound
from domain.relationship import Relationship
from domain.relationship_state import NotAnOutsider
from domain.values import Role
from projections.money_questions import (
    agreement_figures,
    all_agreements,
    with_reserved_sessions,
)
from projections.places_and_money import PLACES_AND_MONEY
from projections.reader import Reader

router = APIRouter(prefix="/places-and-money", include_in_schema=False)

ROWS_A_PAGE = 25
After = Annotated[int, Query(ge=0, le=10**15)]


@router.get("")
def show(
    request: Request,
    caller: FundingReader,
    mentoring: MentoringPart,
    reader: ReaderPart,
    now: Now,
    after: After = 0,
) -> Response:
    """The agreements of whoever looks: their own, or for a coordinator all, in the order of their signing."""
    if caller.role is Role.COORDINATOR:
        return _provider(request, caller, mentoring, reader, after)
    fundings = looked_up(lambda: fundings_of(mentoring, reader, caller))
    shown = [
        (
            each,
            looked_up(partial(closed_months, reader, each.agreement, now)),
            invoices_shown(each.agreement),
        )
        for each in fundings
    ]
    return page(request, "places_and_money.html", caller=caller, shown=shown)


@router.get("/{agreement}")
def show_one(
    agreement: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    waiting: WaitingPart,
    now: Now,
    at_least: AtLeast = None,
) -> Response:
    """One agreement as the provider sees it, and what can be done with it."""
    is_current = is_there(waiting, PLACES_AND_MONEY.name, at_least)
    funding = funding_for(mentoring, caller, agreement)
    figures = looked_up(lambda: agreement_figures(waiting.reader, agreement))
    if figures is None:
        raise NotFound
    return page(
        request,
        "agreement_ledger.html",
        caller=caller,
        is_current=is_current,
        one=agreement_shown(funding, figures, now),
        months=billable_months(funding.agreement, now),
        left_open=_left_open(
            partial(_as_outsider, mentoring, caller), waiting.reader, funding.agreement, now
        ),
    )


@router.get("/{agreement}/invoices/{number}")
def show_invoice(
    agreement: UUID, number: int, request: Request, caller: FundingReader, mentoring: MentoringPart
) -> Response:
    """One invoice, to be read and printed."""
    funding = funding_for(mentoring, caller, agreement)
    shown = invoice_shown(funding.agreement, number)
    return page(request, "invoice.html", caller=caller, funding=funding, shown=shown)


@router.get("/{agreement}/invoices/{number}/csv")
def show_csv(
    agreement: UUID, number: int, caller: FundingReader, mentoring: MentoringPart
) -> Response:
    """The same as CSV."""
    return invoices.show_csv(agreement, number, caller, mentoring)


def _left_open(
    found: Callable[[UUID], Relationship | None],
    reader: Reader,
    agreement: FundingAgreement,
    now: datetime,
) -> list[UUID]:
    """The relationships with sessions for which the last invoice waits."""
    if agreement.ended_for is None:
        return []
    ids = looked_up(lambda: with_reserved_sessions(reader, agreement.id))
    subjects = [subject for subject in map(found, ids) if subject is not None]
    return [each.id for each in subjects if left_open(each, now)]


def _as_outsider(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship | None:
    """A relationship for its coordinator; none where they are in it, or its record is damaged."""
    try:
        return as_coordinator(mentoring, caller, id)
    except (NotAnOutsider, SealedRecordError):
        return None


def _provider(
    request: Request, caller: Caller, mentoring: Mentoring, reader: Reader, after: int
) -> Response:
    now = request.app.state.parts.clock()
    found = looked_up(lambda: all_agreements(reader, after=after, most=ROWS_A_PAGE + 1))
    rows = [
        agreement_shown(funding_for(mentoring, caller, each.id), each, now)
        for each in found[:ROWS_A_PAGE]
    ]
    more = rows[-1].figures.position if len(found) > ROWS_A_PAGE else None
    return page(request, "agreements.html", caller=caller, rows=rows, is_first=not after, more=more)
