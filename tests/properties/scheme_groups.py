"""What anybody can do about groups, at any time: ask for a seat, be offered one, and give it up."""

from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.commands import consents, programmes, proposals, relationships
from domain.proposal import Offer
from domain.relationship_events import ClosingReason, Kind
from domain.values import Purpose
from tests.properties.scheme_commands import number, pick, seldom
from tests.properties.scheme_kinds import KindsAreMixed
from tests.unit.domain.builders import sealed_for

FEWEST_SEATS = 2


class GroupsAreFormed(KindsAreMixed):
    """Small ones, so that they are full soon."""

    def __init__(self) -> None:
        super().__init__()
        what = {"programme": self.programme, "most": FEWEST_SEATS}
        self.world.give(programmes.set_group_size, self.world.coordinator, **what)

    @rule(who=number, whom=number, which=number, new=seldom, apart=st.booleans())
    def a_seat_is_offered(self, who: int, whom: int, which: int, *, new: bool, apart: bool) -> None:
        """In a new group or in one that is there, whoever is in it; both say yes and read the agreement."""
        mentee = pick(self.world.mentees, who)
        shown = self.world.words_for(Purpose.TAKE_PART)
        self.world.give(consents.give_consent, mentee, person=mentee, shown=shown)
        asked = self._asks(mentee, Kind.GROUP)
        if asked is None:
            return
        groups = self.world.facts.groups
        open_ones = [id for id, each in groups.items() if each.members]
        group = None if new or not open_ones else pick(open_ones, which)
        mentor = groups[group].facilitator if group else pick(self.world.mentors, whom)
        if apart:
            sitting = groups[group].members.values() if group else self.world.mentees
            other = pick(list(sitting), who + 1)
            what = {"relationship": asked, "with_person": other}
            self.world.give(relationships.declare_conflict, mentee, **what)
        self._offer_seat(asked, mentor, group)
        self.both_read_the_agreement(len(self._matched()) - 1, 1)

    @precondition(lambda self: self.world.facts.groups)
    @rule(which=number, by=number, reason=st.sampled_from(ClosingReason), so=seldom)
    def a_seat_is_given_up(self, which: int, by: int, reason: ClosingReason, *, so: bool) -> None:
        if not so:
            return
        members = [id for each in self.world.facts.groups.values() for id in each.members]
        id = pick(members or self._matched(), which)
        who = self._one_of(self.world.facts.pairs[id], by, right=True)
        self.world.give(relationships.close_relationship, who, relationship=id, reason=reason)

    def _offer_seat(self, asked: UUID, mentor: UUID, group: UUID | None) -> None:
        pair = self.world.facts.pairs[asked]
        reasons = (sealed_for(pair.mentee), sealed_for(mentor))
        offer = Offer(uuid4(), mentor, 1, *reasons, group=group)
        what = {"relationship": asked, "offer": offer}
        self.world.give(proposals.propose_mentor, self.world.coordinator, **what)
        for each in (pair.mentee, mentor):
            answer = self._answer(pair, asked)
            self.world.give(proposals.accept_proposal, each, answer=answer)
