"""What can be recorded of a funding agreement; these shapes and topics are for ever."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.aggregate import Aggregate
from domain.funding_terms import Terms
from domain.money import Money


class EndingReason(StrEnum):
    """Why an agreement ended."""

    PERIOD_OVER = "period_over"
    TERMINATED = "terminated"


class CreditReason(StrEnum):
    """Why a session that was invoiced is not paid for."""

    SESSION_RELEASED = "session_released"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One session used; whoever pays is shown the reference alone, which is random and of this invoice."""

    reference: str
    session: UUID
    place: UUID


class FundingEvents:
    """The events of the aggregate FundingAgreement, apart from the first."""

    class Amended(Aggregate.Event):
        TOPIC = "funding_agreement.amended"
        terms: Terms

    class SessionsAllotted(Aggregate.Event):
        TOPIC = "funding_agreement.sessions_allotted"
        place: UUID
        sessions: int

    class SessionsReturned(Aggregate.Event):
        TOPIC = "funding_agreement.sessions_returned"
        place: UUID
        sessions: int

    class Exhausted(Aggregate.Event):
        TOPIC = "funding_agreement.exhausted"

    class InvitationIssued(Aggregate.Event):
        TOPIC = "funding_agreement.invitation_issued"
        invitation: UUID

    class InvitationRetired(Aggregate.Event):
        TOPIC = "funding_agreement.invitation_retired"
        invitation: UUID

    class Ended(Aggregate.Event):
        TOPIC = "funding_agreement.ended"
        reason: EndingReason

    class InvoiceRaised(Aggregate.Event):
        TOPIC = "funding_agreement.invoice_raised"
        number: int
        month: date
        price: Money
        amount: Money
        lines: tuple[InvoiceLine, ...]
        is_last: bool

    class InvoicePaid(Aggregate.Event):
        TOPIC = "funding_agreement.invoice_paid"
        number: int
        amount: Money

    class InvoiceCredited(Aggregate.Event):
        TOPIC = "funding_agreement.invoice_credited"
        number: int
        references: tuple[str, ...]
        reason: CreditReason
        amount: Money
        on_invoice: int | None
