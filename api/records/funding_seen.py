"""What each side may see of an agreement: the provider all of it, whoever pays the closed months and the invoices.

Nothing here tells a sponsor contact how many places are granted, reserved or free, or anything of the
current month: they know whom they handed an invitation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.access import Caller
from domain.funding_agreement import FundingAgreement
from domain.invoice import Credit, Invoice
from domain.mentoring import Mentoring, NotFound
from domain.money import Money
from domain.month import Month
from domain.organisation import NotASponsorContact, Organisation
from domain.values import Role
from projections.money_questions import agreements_of_contact, months_before
from projections.reader import Reader
from projections.small_numbers import shown_count

MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Funding:
    """An agreement with the organisation that pays for it."""

    agreement: FundingAgreement
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class MonthShown:
    """What was settled in one closed month; `sessions` are those invoiced in it, None where they are hidden."""

    month: Month
    sessions: int | None
    invoiced: Money
    paid: Money
    credited: Money


@dataclass(frozen=True, slots=True)
class InvoiceShown:
    """One invoice, what it takes off, and what it asks for."""

    invoice: Invoice
    credits: Sequence[Credit]
    due: Money


def funding_for(mentoring: Mentoring, caller: Caller, agreement: UUID) -> Funding:
    """An agreement for a coordinator, or for a sponsor contact of whoever pays; raises NotFound for others."""
    found = mentoring.load(FundingAgreement, agreement)
    organisation = mentoring.load(Organisation, found.organisation)
    if caller.role is not Role.COORDINATOR:
        _require_contact(organisation, caller)
    return Funding(found, organisation)


def fundings_of(mentoring: Mentoring, reader: Reader, caller: Caller) -> list[Funding]:
    """Every agreement that a sponsor contact looks after now, in the order of their signing."""
    found: list[Funding] = []
    for agreement in agreements_of_contact(reader, caller.person):
        try:
            found.append(funding_for(mentoring, caller, agreement))
        except NotFound:
            # The read model may be a moment behind the end of somebody's task.
            continue
    return found


def closed_months(reader: Reader, agreement: FundingAgreement, at: datetime) -> list[MonthShown]:
    """The figures for whoever pays: closed months alone, so that they change on the first of a month."""
    current = Month.at(at, agreement.terms.time_zone).first_day
    currency = agreement.terms.price.currency
    return [
        MonthShown(
            month=Month(each.month),
            sessions=shown_count(each.lines),
            invoiced=Money(each.invoiced, currency),
            paid=Money(each.paid, currency),
            credited=Money(each.credited, currency),
        )
        for each in months_before(reader, agreement.id, current)
        if each.invoiced or each.paid or each.credited
    ]


def invoice_shown(agreement: FundingAgreement, number: int) -> InvoiceShown:
    """One invoice; raises NoSuchInvoice."""
    invoice = agreement.invoice(number)
    return InvoiceShown(invoice, agreement.credits_on(number), agreement.due_on(number))


def billable_months(agreement: FundingAgreement, at: datetime) -> list[date]:
    """The closed months that can be settled next, the latest first, and no more than people can choose from."""
    terms = agreement.terms
    month = Month(terms.starts_on.replace(day=1))
    if agreement.invoices:
        month = agreement.invoices[-1].month.next()
    months: list[date] = []
    while month.is_closed(at, terms.time_zone):
        months.append(month.first_day)
        month = month.next()
    return months[: -MOST_MONTHS - 1 : -1]


def _require_contact(organisation: Organisation, caller: Caller) -> None:
    try:
        organisation.require_sponsor_contact(caller.person)
    except NotASponsorContact:
        raise NotFound from None
