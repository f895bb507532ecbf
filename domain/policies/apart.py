"""Whom nothing brings together with a mentee again: conflicts, pairs that ended for cause, and who was declined."""

from collections.abc import Iterable
from uuid import UUID

from domain.proposal import DeclineReason
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason, RematchReason
from domain.relationship_events import RelationshipEvents as Happened

FOR_GOOD = frozenset({DeclineReason.CONFLICT, DeclineReason.NOT_THE_RIGHT_MATCH})
"""Any other no counts for the request it was said to, and for no later one."""


def kept_apart(facts: Iterable[object]) -> set[UUID]:
    """Everybody whom the events of one relationship keep away from its mentee, the mentee among them."""
    story = _Story()
    for fact in facts:
        story.note(fact)
    return story.apart()


class _Story:
    """What matters here of one relationship."""

    def __init__(self) -> None:
        self.people: set[UUID] = set()
        self.conflicts: set[UUID] = set()
        self.proposed: dict[UUID, UUID] = {}
        self.declined: set[tuple[UUID, DeclineReason]] = set()
        self.is_closed = self.is_for_cause = False

    def note(self, fact: object) -> None:
        match fact:
            case Relationship.Created(mentee=mentee):
                self.people.add(mentee)
            case Happened.Matched(mentor=mentor):
                self.people.add(mentor)
            case Happened.PartnerJoined(partner=partner):
                self.people.add(partner)
            case Happened.ConflictDeclared(by=by, with_person=person):
                self.conflicts |= {by, person}
            case Happened.MentorProposed(proposal=proposal, mentor=mentor):
                self.proposed[proposal] = mentor
            case Happened.ProposalDeclined(proposal=proposal, reason=reason):
                self.declined.add((self.proposed[proposal], reason))
            case Happened.RematchRequested(reason=RematchReason.NOT_THE_RIGHT_MATCH):
                self.is_for_cause = True
            case Happened.Closed(reason=reason):
                self.is_closed = True
                self.is_for_cause |= reason is ClosingReason.SAFEGUARDING

    def apart(self) -> set[UUID]:
        for_cause = self.people if self.is_for_cause else set()
        counted = {who for who, why in self.declined if not self.is_closed or why in FOR_GOOD}
        return self.conflicts | for_cause | counted
