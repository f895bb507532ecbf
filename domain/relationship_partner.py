"""What is decided between two who found each other: a link that works once, and a yes or a no."""

from datetime import timedelta
from uuid import UUID, uuid5

from domain.errors import DomainError, NotAllowed
from domain.relationship_events import Kind
from domain.relationship_proposals import RelationshipProposals
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

LINK_LASTS = timedelta(days=14)
LINKS = UUID("7c1d0f3a-2b64-5d0e-9a55-1f6f3c0f8e27")
"""The namespace of link ids: final, because stored ids are derived from it."""


class NotInformal(DomainError):
    """Only who asks for informal mentoring brings their own mentoring partner."""


class PartnerCameAlready(DomainError):
    """Somebody came by your link already; take it back first if it was not for them."""


class NoLink(DomainError):
    """There is no link that could be taken back."""


class LinkIsOver(DomainError):
    """This link is used, taken back or over."""


class NotThePartner(NotAllowed):
    """Only who came by the link answers."""


def link_of(token: str) -> UUID:
    """The id of the link that a token opens; from the id nobody gets to the token."""
    return uuid5(LINKS, token)


class FoundEachOther(DomainError):
    """They found each other: nobody is looked for, and nobody is suggested."""


class RelationshipPartner(RelationshipProposals):
    """Decisions in place of a proposal; nobody is measured against anybody."""

    def invite_partner(self, link: UUID, words: Sealed | None, act: Act) -> None:
        """Make a link; the mentee's order. An earlier one that nobody used works no more."""
        self.require_mentee(act.actor)
        self._require_informal()
        if self.partner is not None:
            raise PartnerCameAlready
        require_sealed_for(self.mentee, Compartment.PERSONAL, words)
        expires_at = act.at + LINK_LASTS
        self.record(self.PartnerInvited, act, link=link, expires_at=expires_at, words=words)

    def withdraw_link(self, act: Act) -> None:
        """Let nobody come by it, nor join who came; the mentee's order."""
        self.require_mentee(act.actor)
        self.require_unmatched()
        self.take_link_back(act)

    def take_link_back(self, act: Act) -> None:
        """The same for whoever decides it by rule."""
        if self.link is None:
            raise NoLink
        self.record(self.LinkWithdrawn, act, link=self.link.id)

    def require_somebody_wanted(self) -> None:
        """Refuse to look for somebody where nobody is to be found, or not any more."""
        self.require_unmatched()
        if self.kind is Kind.INFORMAL:
            raise FoundEachOther

    def let_partner_come(self, link: UUID, act: Act) -> None:
        """Use the link up; the order of who holds it, which binds them to nothing."""
        self.require_unmatched()
        is_open = self.link is not None and self.partner is None and act.at < self.link.expires_at
        if not is_open or self.link is None or self.link.id != link or act.actor == self.mentee:
            raise LinkIsOver
        self.record(self.PartnerCame, act, link=link, partner=act.actor)

    def decline_as_partner(self, act: Act) -> None:
        """Say no, without fault; nothing is kept against anybody."""
        self._require_partner(act.actor)
        self.record(self.PartnerDeclined, act, partner=act.actor)

    def join(self, act: Act) -> None:
        """Say yes: rule 1, as far as the relationship knows; consents and place are the command's."""
        self._require_partner(act.actor)
        self.require_no_conflict(act.actor)
        self.record(self.PartnerJoined, act, partner=act.actor)

    def _require_partner(self, person: UUID) -> None:
        self.require_unmatched()
        if person != self.partner:
            raise NotThePartner

    def _require_informal(self) -> None:
        self.require_unmatched()
        if self.kind is not Kind.INFORMAL:
            raise NotInformal
