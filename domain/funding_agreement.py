"""What an organisation bought, and how its sessions are allotted to places: never more than it paid for."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.funding_events import CreditReason, EndingReason, FundingEvents, InvoiceLine
from domain.funding_invoices import FundingInvoices
from domain.funding_terms import Terms
from domain.invoice import Credit, Invoice
from domain.money import Money
from domain.month import Month
from domain.values import Act


class NoFreeFunding(DomainError):
    """This agreement has no sessions left that are not allotted to a place; renew it or return unused ones."""


class AgreementNotInForce(DomainError):
    """This agreement has not begun, is over, or was ended."""


class AgreementHasEnded(DomainError):
    """This agreement was ended already."""


class AgreementHasNotEnded(DomainError):
    """This agreement has not ended."""


class AgreementIsNotOver(DomainError):
    """The period of this agreement is not over."""


class TermsAreTheSame(DomainError):
    """The agreement has these terms already."""


class TermsBelowAllotted(DomainError):
    """More sessions are allotted to places than these terms would pay for."""


class ProgrammeStays(DomainError):
    """An agreement stays with its programme; sign another one for another programme."""


class CurrencyStays(DomainError):
    """An agreement stays with its currency; sign another one for another."""


class TooManyInvitations(DomainError):
    """There are as many invitations as places already."""


class Standing(StrEnum):
    """Where an agreement stands on a day."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    EXHAUSTED = "exhausted"
    OVER = "over"
    ENDED = "ended"


class FundingAgreement(Aggregate, FundingInvoices):
    """The ledger of an agreement balances: bought = free + allotted to places.

    What becomes of an allotted session, the ledger of its place says.
    """

    TOPIC = "funding_agreement"

    class Created(Aggregate.Created):
        TOPIC = "funding_agreement.signed"
        organisation: UUID
        terms: Terms

    @classmethod
    def sign(cls, id: UUID, *, organisation: UUID, terms: Terms, act: Act) -> Self:
        """Record what an organisation bought."""
        return cls.begin(id, act, organisation=organisation, terms=terms)

    @event(Created)
    def __init__(self, organisation: UUID, terms: Terms, timestamp: datetime) -> None:
        self.organisation = organisation
        self.terms = terms
        self.prices: list[tuple[datetime, Money]] = [(timestamp, terms.price)]
        self.invoices: list[Invoice] = []
        self.waived: set[UUID] = set()
        self.allotted: dict[UUID, int] = {}
        self.invitations: set[UUID] = set()
        self.issued = 0
        self.ended_for: EndingReason | None = None
        self.ended_at: datetime | None = None

    @property
    def free(self) -> int:
        """Sessions that are bought and allotted to no place."""
        return self.terms.sessions - sum(self.allotted.values())

    def standing(self, at: datetime) -> Standing:
        """Where the agreement stands at a moment, by the calendar of its zone."""
        if self.ended_for is not None:
            return Standing.ENDED
        day = self.day(at)
        if day < self.terms.starts_on:
            return Standing.NOT_BEGUN
        if day > self.terms.ends_on:
            return Standing.OVER
        return Standing.EXHAUSTED if self.free == 0 else Standing.IN_FORCE

    def require_in_force(self, at: datetime) -> None:
        """Refuse what begins before the agreement, after it, or once it was ended."""
        if self.standing(at) not in {Standing.IN_FORCE, Standing.EXHAUSTED}:
            raise AgreementNotInForce

    def amend(self, terms: Terms, act: Act) -> None:
        """Change the terms: renew for longer, buy more, or give up what is not allotted."""
        self._require_not_ended()
        if terms == self.terms:
            raise TermsAreTheSame
        if terms.programme != self.terms.programme:
            raise ProgrammeStays
        if terms.price.currency != self.terms.price.currency:
            raise CurrencyStays
        if terms.sessions < self.terms.sessions - self.free:
            raise TermsBelowAllotted
        self.record(self.Amended, act, terms=terms)

    @event(FundingEvents.Amended)
    def _amended(self, terms: Terms, timestamp: datetime) -> None:
        self.terms = terms
        self.prices.append((timestamp, terms.price))

    def allot(self, place: UUID, sessions: int, act: Act) -> None:
        """Set sessions aside for a place, as it is granted or extended."""
        self.require_in_force(act.at)
        if sessions > self.free:
            raise NoFreeFunding
        self.record(self.SessionsAllotted, act, place=place, sessions=sessions)
        if self.free == 0:
            self.record(self.Exhausted, act)

    @event(FundingEvents.SessionsAllotted)
    def _sessions_allotted(self, place: UUID, sessions: int) -> None:
        self.allotted[place] = self.allotted.get(place, 0) + sessions

    def take_back(self, place: UUID, sessions: int, act: Act) -> None:
        """Free what a place gave back unused."""
        self.record(self.SessionsReturned, act, place=place, sessions=sessions)

    @event(FundingEvents.SessionsReturned)
    def _sessions_returned(self, place: UUID, sessions: int) -> None:
        self.allotted[place] -= sessions

    @event(FundingEvents.Exhausted)
    def _exhausted(self) -> None:
        """What it tells follows from the ledger; it is recorded so that people are told once."""

    def invite(self, invitation: UUID, act: Act) -> None:
        """Add one invitation to the pool; which place it will be used for is never known here."""
        self.require_in_force(act.at)
        if len(self.invitations) >= self.terms.places:
            raise TooManyInvitations
        self.record(self.InvitationIssued, act, invitation=invitation)

    @event(FundingEvents.InvitationIssued)
    def _invitation_issued(self, invitation: UUID) -> None:
        self.invitations.add(invitation)
        self.issued += 1

    def retire_invitation(self, invitation: UUID, act: Act) -> None:
        """Take an invitation that nobody used out of the pool."""
        self.record(self.InvitationRetired, act, invitation=invitation)

    @event(FundingEvents.InvitationRetired)
    def _invitation_retired(self, invitation: UUID) -> None:
        self.invitations.discard(invitation)

    def end(self, act: Act) -> None:
        """End it before its time; what runs under it is closed by the clerk, without penalty."""
        self._require_not_ended()
        self.record(self.Ended, act, reason=EndingReason.TERMINATED)

    def end_when_over(self, act: Act) -> None:
        """Record that its period is over; the clerk's order."""
        self._require_not_ended()
        if self.standing(act.at) is not Standing.OVER:
            raise AgreementIsNotOver
        self.record(self.Ended, act, reason=EndingReason.PERIOD_OVER)

    def require_ended(self) -> None:
        """Refuse what follows from the end alone."""
        if self.ended_for is None:
            raise AgreementHasNotEnded

    @event(FundingEvents.Ended)
    def _ended(self, reason: EndingReason, timestamp: datetime) -> None:
        self.ended_for = reason
        self.ended_at = timestamp

    @event(FundingEvents.InvoiceRaised)
    def _invoice_raised(
        self,
        number: int,
        month: date,
        price: Money,
        lines: tuple[InvoiceLine, ...],
        is_last: bool,
        timestamp: datetime,
    ) -> None:
        self.invoices.append(Invoice(number, Month(month), price, lines, is_last, timestamp))

    @event(FundingEvents.InvoicePaid)
    def _invoice_paid(self, number: int, timestamp: datetime) -> None:
        self.invoices[number - 1] = self.invoices[number - 1].paid(timestamp)

    @event(FundingEvents.InvoiceCredited)
    def _invoice_credited(
        self,
        number: int,
        references: tuple[str, ...],
        reason: CreditReason,
        amount: Money,
        on_invoice: int | None,
        timestamp: datetime,
    ) -> None:
        credit = Credit(number, references, reason, amount, on_invoice, timestamp)
        invoice = self.invoices[number - 1]
        if reason is CreditReason.WAIVED:
            self.waived |= {invoice.line(each).session for each in references}
        self.invoices[number - 1] = invoice.with_credit(credit)

    def _require_not_ended(self) -> None:
        if self.ended_for is not None:
            raise AgreementHasEnded

    def day(self, at: datetime) -> date:
        """The day of a moment by the calendar of its zone."""
        return at.astimezone(ZoneInfo(self.terms.time_zone)).date()


FundingAgreementSigned = FundingAgreement.Created
