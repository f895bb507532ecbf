"""Invoices: what an agreement's closed months came to, for the provider and for whoever pays."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, FundingReader, Now
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    ReaderPart,
)
from api.records.funding_seen import (
    InvoiceShown,
    closed_months,
    funding_for,
    invoice_shown,
)
from api.records.invoice_csv import invoice_csv
from api.records.line_references import new_line_reference
from domain.commands import invoices as commands
from domain.funding_agreement import FundingAgreement
from domain.money import Money
from domain.month import Month

router = APIRouter(prefix="/agreements/{id}", tags=["funding agreements"])

MOST_LINES = 10_000


class RaiseInvoice(Body):
    """Which closed month is settled, with all that waits from before; the last invoice of an agreement settles all."""

    month: date = Field(examples=["2031-03-01"], description="The first day of the month.")
    is_last: bool = False


class CreditLines(Body):
    """Lines of the invoice for which nothing is asked."""

    references: list[str] = Field(min_length=1, max_length=MOST_LINES, examples=[["K7QF3M2P"]])


class Amount(BaseModel):
    """Minor units, such as pence, of a currency."""

    minor_units: int
    currency: str

    @classmethod
    def of(cls, money: Money) -> "Amount":
        """How money is shown."""
        return cls(minor_units=money.minor_units, currency=money.currency)


class InvoiceAnswer(BaseModel):
    """One invoice; `due` is its amount less what it takes off. Value added tax is not included."""

    number: int
    settled_until: date = Field(description="The first day of the last month that it settles.")
    sessions: int
    price: Amount
    amount: Amount
    due: Amount
    is_last: bool
    is_paid: bool

    @classmethod
    def of(cls, shown: InvoiceShown) -> "InvoiceAnswer":
        """How an invoice is shown."""
        invoice = shown.invoice
        return cls(
            number=invoice.number,
            settled_until=invoice.month.first_day,
            sessions=len(invoice.lines),
            price=Amount.of(invoice.price),
            amount=Amount.of(invoice.amount),
            due=Amount.of(shown.due),
            is_last=invoice.is_last,
            is_paid=invoice.paid_at is not None,
        )


class MonthAnswer(BaseModel):
    """One closed month; `sessions` were invoiced in it, null below ten, rounded to the nearest five above."""

    month: date
    sessions: int | None
    invoiced: Amount
    paid: Amount
    credited: Amount


class LineAnswer(BaseModel):
    """What a line of an invoice stands for; for the provider alone."""

    reference: str
    session: UUID
    place: UUID


@router.post("/invoices", status_code=201)
def raise_invoice(
    id: UUID,
    body: RaiseInvoice,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Bill a closed month; what fewer than five places used waits for a later one."""
    month = Month(body.month)
    command = commands.raise_last_invoice if body.is_last else commands.raise_invoice
    return carrier.carry_out(command, agreement=id, month=month, new_reference=new_line_reference)


@router.get("/invoices")
def show_all(id: UUID, caller: FundingReader, mentoring: MentoringPart) -> list[InvoiceAnswer]:
    """Show every invoice of an agreement."""
    agreement = funding_for(mentoring, caller, id).agreement
    return [InvoiceAnswer.of(invoice_shown(agreement, each.number)) for each in agreement.invoices]


@router.get("/invoices/{number}/csv", response_class=Response)
def show_csv(id: UUID, number: int, caller: FundingReader, mentoring: MentoringPart) -> Response:
    """One invoice with its lines, for accounts."""
    funding = funding_for(mentoring, caller, id)
    text = invoice_csv(funding, invoice_shown(funding.agreement, number))
    named = {"Content-Disposition": f'attachment; filename="invoice-{number}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


@router.post("/invoices/{number}/payment")
def pay(
    id: UUID,
    number: int,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Note that an invoice was paid."""
    return carrier.carry_out(commands.pay_invoice, agreement=id, number=number)


@router.post("/invoices/{number}/credit")
def credit(
    id: UUID,
    number: int,
    body: CreditLines,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Ask nothing for some lines of an invoice."""
    references = tuple(body.references)
    return carrier.carry_out(
        commands.credit_invoice, agreement=id, number=number, references=references
    )


@router.get("/invoices/{number}/lines/{reference}")
def show_line(
    id: UUID, number: int, reference: str, caller: CoordinatorCaller, mentoring: MentoringPart
) -> LineAnswer:
    """What somebody who pays asks about when they name a line."""
    line = mentoring.load(FundingAgreement, id).invoice(number).line(reference)
    return LineAnswer(reference=line.reference, session=line.session, place=line.place)


@router.get("/figures")
def show_figures(
    id: UUID, caller: FundingReader, mentoring: MentoringPart, reader: ReaderPart, at: Now
) -> list[MonthAnswer]:
    """What each closed month came to; never the current one, and never a place."""
    agreement = funding_for(mentoring, caller, id).agreement
    return [
        MonthAnswer(
            month=each.month.first_day,
            sessions=each.sessions,
            invoiced=Amount.of(each.invoiced),
            paid=Amount.of(each.paid),
            credited=Amount.of(each.credited),
        )
        for each in closed_months(reader, agreement, at)
    ]
