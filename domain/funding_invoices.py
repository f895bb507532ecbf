"""What is decided about an agreement's invoices: each session used is billed once, and small groups are not singled out.

Whoever pays knows whom they handed an invitation. So what fewer than five places used waits for a later
invoice, whose lines say neither when nor whose; docs/decisions/0023 weighs what is left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.funding_events import CreditReason, EndingReason, FundingEvents, InvoiceLine
from domain.funding_terms import Terms
from domain.invoice import Credit, Invoice, NoSuchInvoice
from domain.money import Money
from domain.month import Month
from domain.values import Act

FEWEST_PLACES = 5
"""Fewer places than these never stand on an invoice by themselves, but for the last."""


class MonthIsNotClosed(DomainError):
    """This month is not over, or lies before the agreement."""


class MonthIsSettled(DomainError):
    """This month, or a later one, is on an invoice already."""


class TooFewToInvoice(DomainError):
    """Fewer than five places used sessions since the last invoice; they are carried to the next one."""


class NothingToInvoice(DomainError):
    """No session waits to be invoiced or credited."""


class AgreementRunsOn(DomainError):
    """The last invoice is raised once the agreement has ended."""


class InvoicingIsOver(DomainError):
    """The last invoice of this agreement was raised; what is wrong with it can be credited."""


@dataclass(frozen=True)
class Bill:
    """What an invoice is made of: the sessions used when its month ended, each with its place.

    `new_reference` answers a random text at each call.
    """

    month: Month
    used: Mapping[UUID, UUID]
    new_reference: Callable[[], str]
    is_last: bool = False


class FundingInvoices(FundingEvents):
    """Set by the agreement's events; nothing else changes it."""

    terms: Terms
    invoices: list[Invoice]
    prices: list[tuple[datetime, Money]]
    waived: set[UUID]
    ended_for: EndingReason | None

    def record(self, event_class: type[Aggregate.Event], act: Act, **facts: Any) -> None:
        """Make and apply one event; the aggregate's own method stands before this one."""
        raise NotImplementedError

    @property
    def billed(self) -> dict[UUID, int]:
        """On which invoice each session stands that is billed and not credited."""
        return {line.session: each.number for each in self.invoices for line in each.standing}

    def invoice(self, number: int) -> Invoice:
        """One invoice; raises NoSuchInvoice."""
        if not 1 <= number <= len(self.invoices):
            raise NoSuchInvoice
        return self.invoices[number - 1]

    def credits_on(self, number: int) -> list[Credit]:
        """What one invoice takes off: credits that it tells of, and those given on its own lines since."""
        credits_given = (credit for each in self.invoices for credit in each.credits)
        return [each for each in credits_given if (each.on_invoice or each.number) == number]

    def due_on(self, number: int) -> Money:
        """What one invoice asks for; below nothing where it takes off more than it bills."""
        less = sum(each.amount.minor_units for each in self.credits_on(number))
        amount = self.invoice(number).amount
        return Money(amount.minor_units - less, amount.currency)

    def raise_invoice(self, bill: Bill, act: Act) -> None:
        """Bill what was used and not billed, and credit what was billed and released since."""
        self.require_billable(bill.month, act.at, is_last=bill.is_last)
        billed = self.billed
        new = {id: place for id, place in bill.used.items() if self._is_new(id, billed)}
        gone = billed.keys() - bill.used.keys()
        if not bill.is_last and len(set(new.values())) < FEWEST_PLACES:
            raise TooFewToInvoice
        if not (new or gone):
            raise NothingToInvoice
        number, price = len(self.invoices) + 1, self._price(bill.month)
        self.record(
            self.InvoiceRaised,
            act,
            number=number,
            month=bill.month.first_day,
            price=price,
            amount=price.times(len(new)),
            lines=_lines(new, bill.new_reference),
            is_last=bill.is_last,
        )
        for invoice in [each for each in self.invoices if each.references_of(gone)]:
            references = invoice.references_of(gone)
            self._credit(invoice, references, CreditReason.SESSION_RELEASED, act, on_invoice=number)

    def require_billable(self, month: Month, at: datetime, *, is_last: bool) -> None:
        """Refuse a month that is not closed or settled, and a last invoice before the end."""
        first = Month(self.terms.starts_on.replace(day=1))
        if not (first <= month and month.is_closed(at, self.terms.time_zone)):
            raise MonthIsNotClosed
        if self.invoices and self.invoices[-1].is_last:
            raise InvoicingIsOver
        if self.invoices and month <= self.invoices[-1].month:
            raise MonthIsSettled
        if is_last and self.ended_for is None:
            raise AgreementRunsOn

    def pay_invoice(self, number: int, act: Act) -> None:
        """Note that an invoice was paid, as it stands after its credits."""
        invoice = self.invoice(number)
        invoice.require_unpaid()
        self.record(self.InvoicePaid, act, number=number, amount=self.due_on(number))

    def credit_invoice(self, number: int, references: tuple[str, ...], act: Act) -> None:
        """Ask nothing for some lines, for good, whatever is corrected later."""
        invoice = self.invoice(number)
        invoice.require_standing(references)
        self._credit(invoice, references, CreditReason.WAIVED, act, on_invoice=None)

    def _credit(
        self,
        invoice: Invoice,
        references: tuple[str, ...],
        reason: CreditReason,
        act: Act,
        *,
        on_invoice: int | None,
    ) -> None:
        self.record(
            self.InvoiceCredited,
            act,
            number=invoice.number,
            references=references,
            reason=reason,
            amount=invoice.price.times(len(references)),
            on_invoice=on_invoice,
        )

    def _is_new(self, session: UUID, billed: Mapping[UUID, int]) -> bool:
        return session not in billed and session not in self.waived

    def _price(self, month: Month) -> Money:
        """The lowest since the last invoice: two prices on one would part a small group from the rest."""
        zone = self.terms.time_zone
        since = self.invoices[-1].month.ends_at(zone) if self.invoices else self.prices[0][0]
        until = month.ends_at(zone)
        before = [price for at, price in self.prices if at <= since]
        meanwhile = [price for at, price in self.prices if since < at < until]
        # An agreement can be signed for months that are over already.
        in_force = [*before[-1:], *meanwhile] or [self.prices[0][1]]
        return min(in_force, key=lambda price: price.minor_units)


def _lines(new: Mapping[UUID, UUID], new_reference: Callable[[], str]) -> tuple[InvoiceLine, ...]:
    """One line a session, sorted by a reference that has nothing to do with it."""
    lines: dict[str, InvoiceLine] = {}
    for session, place in new.items():
        reference = new_reference()
        while reference in lines:
            reference = new_reference()
        lines[reference] = InvoiceLine(reference, session, place)
    return tuple(lines[reference] for reference in sorted(lines))
