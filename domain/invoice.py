"""An invoice as it stands: its lines, what of it was credited, and whether it is paid; value added tax is left out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from domain.errors import DomainError
from domain.funding_events import CreditReason, InvoiceLine
from domain.money import Money
from domain.month import Month


class NoSuchInvoice(DomainError):
    """This agreement has no invoice of this number."""


class NoSuchLine(DomainError):
    """This invoice has no such line, or it was credited already."""


class InvoiceIsPaid(DomainError):
    """This invoice is marked as paid already."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Lines of one invoice that are not to be paid for; `on_invoice` is the one that tells of it, if any does."""

    number: int
    references: tuple[str, ...]
    reason: CreditReason
    amount: Money
    on_invoice: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Invoice:
    """Numbered from 1 without gaps in its agreement."""

    number: int
    month: Month
    price: Money
    lines: tuple[InvoiceLine, ...]
    is_last: bool
    raised_at: datetime
    credits: tuple[Credit, ...] = ()
    paid_at: datetime | None = None

    @property
    def amount(self) -> Money:
        """What its lines come to."""
        return self.price.times(len(self.lines))

    @property
    def standing(self) -> tuple[InvoiceLine, ...]:
        """The lines that were not credited."""
        gone = {reference for credit in self.credits for reference in credit.references}
        return tuple(line for line in self.lines if line.reference not in gone)

    def line(self, reference: str) -> InvoiceLine:
        """The line that somebody asks about; raises NoSuchLine."""
        for line in self.lines:
            if line.reference == reference:
                return line
        raise NoSuchLine

    def require_standing(self, references: Iterable[str]) -> None:
        """Refuse to credit nothing, what is not there, and what was credited before."""
        named = list(references)
        known = {line.reference for line in self.standing}
        if not named or len(set(named)) < len(named) or not known.issuperset(named):
            raise NoSuchLine

    def require_unpaid(self) -> None:
        """Refuse to be paid twice."""
        if self.paid_at is not None:
            raise InvoiceIsPaid

    def with_credit(self, credit: Credit) -> Self:
        """The same after a credit."""
        return replace(self, credits=(*self.credits, credit))

    def paid(self, at: datetime) -> Self:
        """The same once it is paid."""
        return replace(self, paid_at=at)

    def references_of(self, sessions: Iterable[UUID]) -> tuple[str, ...]:
        """Under which references some sessions stand here, in the order of the lines."""
        wanted = set(sessions)
        return tuple(line.reference for line in self.standing if line.session in wanted)
