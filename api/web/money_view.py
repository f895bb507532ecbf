"""Places and money in words: agreements, their ledgers, months and invoices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.records.funding_seen import Funding, InvoiceShown, invoice_shown
from domain.funding_agreement import FundingAgreement, Standing
from domain.money import Money
from domain.month import Month
from projections.money_memory import KnownAgreement

STANDING_WORDS = {
    Standing.NOT_BEGUN: "Not begun",
    Standing.IN_FORCE: "In force",
    Standing.EXHAUSTED: "Exhausted",
    Standing.OVER: "Over",
    Standing.ENDED: "Ended",
}
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
HIDDEN = "fewer than 10"


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """One agreement as the provider sees it, with its live ledger: bought = free + granted."""

    funding: Funding
    figures: KnownAgreement
    standing: str
    is_exhausted: bool
    invoices: Sequence[InvoiceShown]

    @property
    def left(self) -> int:
        """Sessions of its places that can still be planned."""
        return self.figures.granted - self.figures.reserved - self.figures.used


def agreement_shown(funding: Funding, figures: KnownAgreement, now: datetime) -> AgreementShown:
    """Put one agreement into words."""
    agreement = funding.agreement
    standing = agreement.standing(now)
    return AgreementShown(
        funding=funding,
        figures=figures,
        standing=STANDING_WORDS[standing],
        is_exhausted=standing is Standing.EXHAUSTED,
        invoices=invoices_shown(agreement),
    )


def invoices_shown(agreement: FundingAgreement) -> list[InvoiceShown]:
    """Every invoice, the newest first."""
    return [invoice_shown(agreement, each.number) for each in reversed(agreement.invoices)]


def money(amount: Money) -> str:
    """£1,234.50, or 1,234.50 SEK."""
    sign = "−" if amount.minor_units < 0 else ""
    number = f"{abs(amount.decimal):,}"
    symbol = SYMBOLS.get(amount.currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {amount.currency}"


def month(value: Month | date) -> str:
    """March 2027."""
    first = value.first_day if isinstance(value, Month) else value
    return f"{first:%B} {first.year}"


def full_date(value: date) -> str:
    """1 March 2027."""
    return f"{value.day} {value:%B} {value.year}"


def count(number: int | None) -> str:
    """A count under disclosure control, or that it is hidden."""
    return HIDDEN if number is None else f"about {number}"
