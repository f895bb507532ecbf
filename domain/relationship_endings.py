"""What is decided about endings: rules 2 and 19; each has a reason, and what lies ahead costs nobody anything."""

from uuid import UUID

from domain.proposal import SupersededReason
from domain.relationship_events import ClosingReason
from domain.relationship_partner import RelationshipPartner
from domain.relationship_state import NothingToEnd
from domain.session import CancellationNotice, CancellationReason, Outcome, Session
from domain.values import Act, Compartment, Sealed


class RelationshipEndings(RelationshipPartner):
    """Decisions that end a relationship, or take back the proposal from which it would have come."""

    def close(self, reason: ClosingReason, words: Sealed | None, act: Act) -> None:
        """Rule 19: end with a reason; what lies ahead is cancelled and costs nobody anything."""
        self.require_open()
        self.require_sealed_by_one_of(self.people, Compartment.PERSONAL, words)
        if self.proposal is not None:
            self.supersede_proposal(SupersededReason.RELATIONSHIP_CLOSED, act)
        if self.link is not None:
            self.take_link_back(act)
        for session in self.sessions_to_come(act.at):
            self._cancel_for_closing(session, act)
        self.record(self.Closed, act, reason=reason, words=words)

    def _cancel_for_closing(self, session: Session, act: Act) -> None:
        self.record(
            self.SessionCancelled,
            act,
            session=session.id,
            by=None,
            notice=CancellationNotice.WAIVED,
            reason=CancellationReason.RELATIONSHIP_CLOSED,
            outcome=Outcome.CANCELLED,
        )

    def end_for_withdrawal(self, person: UUID, act: Act) -> None:
        """Rule 2: close for a participant; for a mentor who was only proposed, take that back."""
        self.require_open()
        if person in self.people:
            self.close(ClosingReason.CONSENT_WITHDRAWN, None, act)
        else:
            self._take_back_from(person, act)

    def end_for_leaving(self, mentor: UUID, act: Act) -> None:
        """Close because the mentor left the scheme; for one who was only proposed, take that back."""
        self.require_open()
        if self.mentor == mentor:
            self.close(ClosingReason.MENTOR_UNAVAILABLE, None, act)
        else:
            self._take_back_from(mentor, act)

    def _take_back_from(self, mentor: UUID, act: Act) -> None:
        """Take back what somebody was asked who does not take part yet."""
        if self.proposal is not None and self.proposal.mentor == mentor:
            self.supersede_proposal(SupersededReason.MENTOR_UNAVAILABLE, act)
        elif self.partner == mentor:
            self.take_link_back(act)
        else:
            raise NothingToEnd
