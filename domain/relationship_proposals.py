"""What is decided about conflicts, proposals and the match: rules 1 and 8."""

from datetime import datetime
from uuid import UUID

from domain.group import Group
from domain.proposal import (
    AlreadyAccepted,
    DeclineReason,
    NoSuchProposal,
    NotAcceptedByBoth,
    Offer,
    SupersededReason,
    chosen_expiry,
)
from domain.relationship_events import Kind
from domain.relationship_state import (
    ConflictOfOthers,
    ConflictWithOneself,
    NotAnOutsider,
    NotForAGroup,
    RelationshipState,
)
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed


class RelationshipProposals(RelationshipState):
    """Decisions about who may be offered to whom; the scheme proposes, people decide."""

    def declare_conflict(self, with_person: UUID, words: Sealed | None, act: Act) -> None:
        """Keep two people apart for good; a proposal between them is taken back."""
        self.require_open()
        other = self.other_in_conflict(act.actor, with_person)
        if other == self.mentee:
            raise ConflictWithOneself
        # Else a proposed mentor would keep every other one away from the mentee.
        if act.actor in self.insiders and self.mentee not in {act.actor, with_person}:
            raise ConflictOfOthers
        self.require_sealed_by_one_of(
            frozenset({act.actor, with_person, self.mentee}), Compartment.PERSONAL, words
        )
        self.record(self.ConflictDeclared, act, by=act.actor, with_person=with_person, words=words)
        if self.proposal is not None and self.proposal.mentor == other:
            self.supersede_proposal(SupersededReason.CONFLICT, act)

    def propose_mentor(self, offer: Offer, act: Act) -> None:
        """Offer one mentor; a new version takes back the open one with its acceptances."""
        self.require_unmatched()
        self.require_outsider(act.actor)
        if offer.group is not None and self.kind is not Kind.GROUP:
            raise NotForAGroup
        if act.actor == offer.mentor:
            raise NotAnOutsider
        self.require_no_conflict(offer.mentor)
        require_sealed_for(self.mentee, Compartment.PERSONAL, offer.reasons_for_mentee)
        require_sealed_for(offer.mentor, Compartment.PERSONAL, offer.reasons_for_mentor)
        expires_at = chosen_expiry(offer, act.at)
        if self.proposal is not None:
            self.supersede_proposal(SupersededReason.NEW_VERSION, act)
        self.record(
            self.MentorProposed,
            act,
            proposal=offer.id,
            mentor=offer.mentor,
            version=self.proposals_made + 1,
            rank=offer.rank,
            expires_at=expires_at,
            reasons_for_mentee=offer.reasons_for_mentee,
            reasons_for_mentor=offer.reasons_for_mentor,
        )
        if self.kind is Kind.GROUP:
            group = offer.group or Group.id_of(self.id)
            self.record(self.SeatOffered, act, proposal=offer.id, group=group)

    def accept_proposal(self, proposal: UUID, version: int, act: Act) -> None:
        """Say yes to one version of a proposal; a party's order."""
        self.require_unmatched()
        self.require_party_of_proposal(act.actor)
        offered = self.require_proposal(proposal, version)
        offered.require_unexpired(act.at)
        if act.actor in offered.accepted_by:
            raise AlreadyAccepted
        self.record(self.ProposalAccepted, act, proposal=proposal, version=version, by=act.actor)

    def decline_proposal(
        self, proposal: UUID, *, reason: DeclineReason, words: Sealed | None, act: Act
    ) -> None:
        """Say no to the open proposal, without fault; a party's order."""
        self.require_unmatched()
        self.require_party_of_proposal(act.actor)
        offered = self.require_proposal(proposal, self.open_proposal.version)
        require_sealed_for(act.actor, Compartment.PERSONAL, words)
        self.record(
            self.ProposalDeclined,
            act,
            proposal=proposal,
            version=offered.version,
            by=act.actor,
            reason=reason,
            words=words,
        )

    def expire_proposal(self, proposal: UUID, version: int, act: Act) -> None:
        """Rule 8: end a proposal whose time is over."""
        offered = self.require_proposal(proposal, version)
        offered.require_expired(act.at)
        self.record(self.ProposalExpired, act, proposal=proposal, version=version)

    def supersede_proposal(self, reason: SupersededReason, act: Act) -> None:
        """Take the open proposal back; its acceptances count no more."""
        offered = self.open_proposal
        self.record(
            self.ProposalSuperseded,
            act,
            proposal=offered.id,
            version=offered.version,
            reason=reason,
        )

    def take_back_for_preference(
        self, ended_at: datetime, act: Act, *, has_stated: bool = False
    ) -> None:
        """Rule 3: take back a proposal whose reasons may rest on a preference withdrawn since.

        `has_stated` tells whether something of backgrounds was stated beside the request. Raises
        NoSuchProposal when none is open that is older than the withdrawal.
        """
        may_rest_on_it = self.has_identity_preference or has_stated
        if not (may_rest_on_it and self.open_proposal.proposed_at <= ended_at):
            raise NoSuchProposal
        self.supersede_proposal(SupersededReason.REASONS_OUTDATED, act)

    def match(self, act: Act) -> None:
        """Rule 1, as far as the relationship knows; consent, capacity and place are the command's."""
        self.require_unmatched()
        offered = self.open_proposal
        offered.require_unexpired(act.at)
        self.require_no_conflict(offered.mentor)
        if not self.is_accepted_by_both:
            raise NotAcceptedByBoth
        self.record(
            self.Matched,
            act,
            proposal=offered.id,
            version=offered.version,
            mentor=offered.mentor,
        )
