"""What can be recorded of two who found each other: a link, who came by it, and what they said; for ever."""

from datetime import datetime
from uuid import UUID

from domain.aggregate import Aggregate
from domain.values import Sealed


class PartnerEvents:
    """The events of an informal relationship until its two are a pair."""

    class PartnerInvited(Aggregate.Event):
        """The mentee has a link to hand over; a newer one takes the place of an older one.

        `link` is known by a digest of its token alone. `words` are what whoever comes by it will read.
        """

        TOPIC = "relationship.partner_invited"
        link: UUID
        expires_at: datetime
        words: Sealed | None

    class LinkWithdrawn(Aggregate.Event):
        """Nobody comes by the link any more, and who came by it is not awaited."""

        TOPIC = "relationship.link_withdrawn"
        link: UUID

    class PartnerCame(Aggregate.Event):
        """The link is used up; nothing is agreed."""

        TOPIC = "relationship.partner_came"
        link: UUID
        partner: UUID

    class PartnerDeclined(Aggregate.Event):
        """Who came by the link would rather not, without fault."""

        TOPIC = "relationship.partner_declined"
        partner: UUID

    class PartnerJoined(Aggregate.Event):
        """The two are a pair, without a proposal."""

        TOPIC = "relationship.partner_joined"
        partner: UUID
