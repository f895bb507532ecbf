"""What can be recorded of a funding agreement; these shapes and topics are for ever."""

from enum import StrEnum
from uuid import UUID

from domain.aggregate import Aggregate
from domain.funding_terms import Terms


class EndingReason(StrEnum):
    """Why an agreement ended."""

    PERIOD_OVER = "period_over"
    TERMINATED = "terminated"


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
