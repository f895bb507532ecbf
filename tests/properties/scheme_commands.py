"""Everything that anybody can do in a scheme, at any time: right or wrong, as chance will have it."""

from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from domain.commands import consents, mentor_profiles, places, proposals, relationships, sessions
from domain.commands.sessions import Which
from domain.meeting import (
    Plan,
)
from domain.proposal import DeclineReason, Offer
from domain.relationship import RequestFacts
from domain.relationship_events import Cadence, ClosingReason, RematchReason
from domain.session import (
    CancellationReason,
    CorrectionReason,
    Outcome,
)
from domain.values import Compartment, Purpose, TimeSpan
from tests.properties.scheme_facts import Pair
from tests.properties.scheme_world import PURPOSES, SchemeInMemory, next_hour
from tests.unit.domain.builders import CLERK, sealed_for

Element = TypeVar("Element")

BOTH, ONE, ANYBODY = "both", "one of them", "anybody"
LONGER_THAN_A_PROPOSAL = timedelta(days=12)

number = st.integers(0, 11)
"""Who or which it is about, counted round and round."""

usually = st.sampled_from([True, True, True, True, False])
"""Whether the one who may do it does it, or just anybody."""

seldom = st.sampled_from([False, False, False, True])
"""Whether something that ends a lot happens at all: else nothing would last long enough to be spoilt."""

hours = st.sampled_from([7, 8, 10, 14, 18, 19, 20])
outcomes = st.sampled_from(Outcome)


class AnybodyDoesAnything(RuleBasedStateMachine):
    """One step after another; every refusal must be a rule's, and change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.world = SchemeInMemory()

    @initialize(pairs=st.integers(1, 2), same_place=st.booleans())
    def some_have_met(self, pairs: int, *, same_place: bool) -> None:
        """A scheme that runs already, so that there is something to spoil; the last who asks still waits."""
        for who in range(pairs):
            self.somebody_asks(who, who, as_mentee=True, identity=who == 0, weekly=who == 0)
        where = 0 if same_place else pairs
        self.somebody_asks(pairs, where, as_mentee=True, identity=True, weekly=False)
        for who in range(pairs):
            self.a_request_goes_well(who, who)
            self.a_session_is_planned(who, who, 8, 10, right=True)

    @rule(hours=st.sampled_from([1, 5, 26, 24 * 4, 24 * 9]))
    def time_passes(self, hours: int) -> None:
        self.world.pass_time(timedelta(hours=hours))

    @rule(who=number, where=number, as_mentee=usually, identity=st.booleans(), weekly=st.booleans())
    def somebody_asks(
        self, who: int, where: int, *, as_mentee: bool, identity: bool, weekly: bool
    ) -> None:
        mentee = pick(self.world.mentees if as_mentee else self.world.anybody, who)
        place = pick(list(self.world.facts.places), where)
        purpose = Purpose.IDENTITY_PREFERENCE
        preference = sealed_for(mentee, Compartment.SPECIAL, purpose) if identity else None
        cadence = Cadence.WEEKLY if weekly else Cadence.MONTHLY
        facts = RequestFacts(mentee, place, cadence=cadence, identity_preference=preference)
        by = mentee if as_mentee else pick(self.world.anybody, where)
        self.world.give(relationships.request_relationship, by, facts=facts)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, whom=number, by=number, right=usually)
    def a_mentor_is_proposed(self, which: int, whom: int, by: int, *, right: bool) -> None:
        id, pair = self._pair(which)
        mentor = pick(self.world.mentors, whom) if by else pick(self.world.anybody, whom)
        coordinator = self.world.coordinator if right else pick(sorted(pair.insiders()), by)
        offer = Offer(uuid4(), mentor, 1, sealed_for(pair.mentee), sealed_for(mentor))
        self.world.give(proposals.propose_mentor, coordinator, relationship=id, offer=offer)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, whom=number)
    def a_request_goes_well(self, which: int, whom: int) -> None:
        """Every step that leads to a pair that meets; one that is refused leads no further."""
        which = self._one_who_waits(which)
        self.a_mentor_is_proposed(which, whom, 1, right=True)
        self.a_proposal_is_accepted(which, 0, who=BOTH)
        id, pair = self._pair(which)
        for who in (pair.mentee, pair.mentor):
            self._by(who, relationships.accept_agreement, relationship=id, version=1)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, whom=number)
    def both_say_yes_too_late(self, which: int, whom: int) -> None:
        which = self._one_who_waits(which)
        self.a_mentor_is_proposed(which, whom, 1, right=True)
        self.world.pass_time(LONGER_THAN_A_PROPOSAL)
        self.a_proposal_is_accepted(which, 0, who=BOTH)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, by=number, who=st.sampled_from([BOTH, ONE, ONE, ANYBODY]))
    def a_proposal_is_accepted(self, which: int, by: int, *, who: str) -> None:
        id, pair = self._pair(which)
        offered, answer = pair.open_proposal, self._answer(pair, id)
        parties = [pair.mentee, offered.mentor] if offered else self.world.anybody
        if who != BOTH:
            parties = [pick(parties if who == ONE else self.world.anybody, by)]
        for each in parties:
            self.world.give(proposals.accept_proposal, each, answer=answer)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, by=number)
    def a_proposal_is_declined_or_runs_out(self, which: int, by: int) -> None:
        id, pair = self._pair(which)
        answer = self._answer(pair, id)
        self.world.give(proposals.expire_proposal, CLERK, answer=answer)
        who = pick(self.world.anybody, by)
        self.world.give(
            proposals.decline_proposal, who, answer=answer, reason=DeclineReason.NOT_NOW
        )

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, by=number)
    def a_match_is_tried(self, which: int, by: int) -> None:
        who = pick(self.world.anybody, by)
        self.world.give(proposals.match, who, relationship=self._pair(which)[0])

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, by=number, whom=number, so=st.booleans())
    def a_conflict_is_declared_and_forgotten(
        self, which: int, by: int, whom: int, *, so: bool
    ) -> None:
        """Somebody proposes them to each other all the same."""
        if not so:
            return
        who, other = pick(self.world.anybody, by), pick(self.world.mentors, whom)
        id, pair = self._pair(which)
        self.world.give(relationships.declare_conflict, who, relationship=id, with_person=other)
        self.world.give(
            relationships.declare_conflict, pair.mentee, relationship=id, with_person=other
        )
        self.a_mentor_is_proposed(which, whom, 1, right=True)
        self.a_proposal_is_accepted(which, 0, who=BOTH)

    @precondition(lambda self: self._matched())
    @rule(which=number, version=st.sampled_from([1, 1, 1, 2]))
    def both_read_the_agreement(self, which: int, version: int) -> None:
        id, pair = self._match(which)
        for who in (pair.mentee, pair.mentor):
            self._by(who, relationships.accept_agreement, relationship=id, version=version)

    @precondition(lambda self: self._matched())
    @rule(which=number, by=number, right=usually, days=st.integers(0, 40), hour=hours)
    def a_session_is_planned(
        self, which: int, by: int, days: int, hour: int, *, right: bool
    ) -> None:
        id, pair = self._match(which)
        who = self._one_of(pair, by, right=right)
        plan = Plan(self._span(days, hour))
        self.world.give(sessions.schedule_session, who, which=Which(id, uuid4()), plan=plan)

    @precondition(lambda self: self._matched())
    @rule(
        which=number, session=number, by=number, right=usually, days=st.integers(0, 40), hour=hours
    )
    def a_session_is_moved(
        self, which: int, session: int, by: int, days: int, hour: int, *, right: bool
    ) -> None:
        id, pair = self._match(which)
        about, plan = self._session(id, pair, session), Plan(self._span(days, hour))
        who = self._one_of(pair, by, right=right)
        self.world.give(sessions.reschedule_session, who, which=about, plan=plan)

    @precondition(lambda self: self._matched())
    @rule(which=number, session=number, by=number, right=usually)
    def a_session_is_cancelled(self, which: int, session: int, by: int, *, right: bool) -> None:
        id, pair = self._match(which)
        who, about = self._one_of(pair, by, right=right), self._session(id, pair, session)
        reason = CancellationReason.CANNOT_ATTEND
        self.world.give(sessions.cancel_session, who, which=about, reason=reason)

    @precondition(lambda self: self._matched())
    @rule(which=number, session=number, by=number, right=usually, came=st.sampled_from("bbme"))
    def attendance_is_recorded(
        self, which: int, session: int, by: int, came: str, *, right: bool
    ) -> None:
        id, pair = self._match(which)
        who, about = self._one_of(pair, by, right=right), self._session(id, pair, session)
        self._let_it_pass(pair, about)
        if came == "b":
            both = tuple(sorted(each for each in (pair.mentee, pair.mentor) if each))
            self.world.give(sessions.hold_session, who, which=about, minutes=55, attended_by=both)
        else:
            absent = pair.mentee if came == "e" else pair.mentor
            self.world.give(sessions.record_absence, who, which=about, who=absent)

    @precondition(lambda self: self._matched())
    @rule(which=number, session=number, by=number, outcome=outcomes, right=usually)
    def attendance_is_disputed_and_corrected(
        self, which: int, session: int, by: int, outcome: Outcome, *, right: bool
    ) -> None:
        id, pair = self._match(which)
        who, about = self._one_of(pair, by, right=right), self._session(id, pair, session)
        self.world.give(sessions.confirm_attendance, who, which=about)
        self.world.give(sessions.dispute_attendance, who, which=about)
        decides = self.world.coordinator if right else pick(sorted(pair.insiders()), by)
        reason = CorrectionReason.DISPUTE_UPHELD
        what = {"which": about, "outcome": outcome, "reason": reason}
        self.world.give(sessions.correct_attendance, decides, **what)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, by=number, right=usually, what=st.integers(0, 3))
    def a_pair_pauses_or_changes(self, which: int, by: int, what: int, *, right: bool) -> None:
        id, pair = self._pair(which)
        who = self._one_of(pair, by, right=right)
        commands: list[tuple[Any, dict[str, Any]]] = [
            (relationships.pause_relationship, {}),
            (relationships.resume_relationship, {}),
            (relationships.change_cadence, {"cadence": Cadence.WEEKLY}),
            (relationships.request_rematch, {"reason": RematchReason.NO_REASON_GIVEN}),
        ]
        command, more = commands[what]
        self.world.give(command, who, relationship=id, **more)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, by=number, right=usually, reason=st.sampled_from(ClosingReason), so=seldom)
    def a_relationship_is_closed(
        self, which: int, by: int, reason: ClosingReason, *, right: bool, so: bool
    ) -> None:
        if not so:
            return
        id, pair = self._pair(which)
        who = self._one_of(pair, by, right=right)
        self.world.give(relationships.close_relationship, who, relationship=id, reason=reason)

    @precondition(lambda self: self._matched())
    @rule(which=number, harm=st.booleans(), so=seldom)
    def a_pair_parts_for_cause_and_asks_again(self, which: int, *, harm: bool, so: bool) -> None:
        """Somebody proposes the same mentor all the same."""
        if not so:
            return
        id, pair = self._match(which)
        reason = ClosingReason.SAFEGUARDING if harm else ClosingReason.NO_FAULT
        self._by(pair.mentee, relationships.close_relationship, relationship=id, reason=reason)
        if not harm:
            wrong = RematchReason.NOT_THE_RIGHT_MATCH
            self._by(pair.mentee, relationships.request_rematch, relationship=id, reason=wrong)
        asked = RequestFacts(pair.mentee, pair.place)
        made = self.world.give(relationships.request_relationship, pair.mentee, facts=asked)
        if made is None or pair.mentor is None:
            return
        offer = Offer(uuid4(), pair.mentor, 1, sealed_for(pair.mentee), sealed_for(pair.mentor))
        what = {"relationship": made.subject, "offer": offer}
        self.world.give(proposals.propose_mentor, self.world.coordinator, **what)

    @rule(who=number, purpose=st.sampled_from(PURPOSES), at_once=st.booleans(), so=seldom)
    def somebody_withdraws(self, who: int, purpose: Purpose, *, at_once: bool, so: bool) -> None:
        """What rests on it ends in the same commit, or when the clerk comes to it; others go on meanwhile."""
        if not so:
            return
        person = pick(self.world.parties, who)
        before = self.world.position()
        found = self.world.open_to(person) if at_once else []
        what = {"person": person, "purpose": purpose, "open_relationships": found}
        self.world.give(consents.withdraw_consent, person, **what)
        for which in range(len(self.world.facts.pairs)):
            self.a_proposal_is_accepted(which, 0, who=BOTH)
            self._try_to_plan(which)
        self.world.follow(before)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, whom=number, mentee_first=st.booleans())
    def somebody_withdraws_between_two_yeses(
        self, which: int, whom: int, *, mentee_first: bool
    ) -> None:
        """The second yes comes before the clerk does."""
        self.a_mentor_is_proposed(which, whom, 1, right=True)
        id, pair = self._pair(which)
        if pair.open_proposal is None:
            return
        parties = [pair.mentee, pair.open_proposal.mentor]
        first, second = parties if mentee_first else reversed(parties)
        before, answer = self.world.position(), self._answer(pair, id)
        self.world.give(proposals.accept_proposal, first, answer=answer)
        what = {"person": first, "purpose": Purpose.TAKE_PART}
        self.world.give(consents.withdraw_consent, first, **what)
        self.world.give(proposals.accept_proposal, second, answer=answer)
        self.world.follow(before)

    @rule(who=number, by=number, purpose=st.sampled_from(PURPOSES), right=usually)
    def somebody_consents(self, who: int, by: int, purpose: Purpose, *, right: bool) -> None:
        person = pick(self.world.anybody, who)
        gives, shown = (
            person if right else pick(self.world.anybody, by),
            self.world.words_for(purpose),
        )
        self.world.give(consents.give_consent, gives, person=person, shown=shown)

    @rule(who=number, by=number, right=usually, capacity=st.integers(0, 3), what=st.integers(0, 4))
    def a_mentor_changes(self, who: int, by: int, capacity: int, what: int, *, right: bool) -> None:
        mentor = pick(self.world.mentors, who)
        gives = mentor if right else pick(self.world.anybody, by)
        if what == 0:
            self.world.give(mentor_profiles.pause_mentor, gives, person=mentor)
        elif capacity == 0:
            self.world.give(mentor_profiles.resume_mentor, gives, person=mentor)
        else:
            self.world.give(mentor_profiles.set_capacity, gives, person=mentor, capacity=capacity)

    @rule(by=number, right=usually, sessions_wanted=st.integers(0, 4))
    def a_place_is_granted(self, by: int, sessions_wanted: int, *, right: bool) -> None:
        who = self.world.coordinator if right else pick(self.world.anybody, by)
        what = {"id": uuid4(), "agreement": self.world.agreement, "sessions": sessions_wanted}
        self.world.give(places.grant_place, who, **what)

    @rule(by=number, which=number, more=st.integers(0, 3))
    def a_place_is_extended_or_given_back(self, by: int, which: int, more: int) -> None:
        place, who = pick(list(self.world.facts.places), which), pick(self.world.anybody, by)
        if more:
            self.world.give(places.extend_place, who, place=place, sessions=more)
        else:
            self.world.give(places.return_unused, who, place=place)

    def _one_who_waits(self, which: int) -> int:
        """The place of a request that is still open among all of them, if there is one."""
        pairs = enumerate(self.world.facts.pairs.values())
        waits = [place for place, pair in pairs if pair.is_open and not pair.mentor]
        return pick(waits or [which], which)

    def _matched(self) -> list[UUID]:
        return [id for id, pair in self.world.facts.pairs.items() if pair.mentor]

    def _match(self, which: int) -> tuple[UUID, Pair]:
        id = pick(self._matched(), which)
        return id, self.world.facts.pairs[id]

    def _pair(self, which: int) -> tuple[UUID, Pair]:
        id = pick(list(self.world.facts.pairs), which)
        return id, self.world.facts.pairs[id]

    def _answer(self, pair: Pair, id: UUID) -> proposals.Answer:
        offered = pair.open_proposal
        return proposals.Answer(id, offered.proposal, offered.version) if offered else _NOTHING

    def _one_of(self, pair: Pair, by: int, *, right: bool) -> UUID:
        pair_of = [each for each in (pair.mentee, pair.mentor) if each]
        return pick(pair_of if right else self.world.anybody, by)

    def _by(self, who: UUID | None, command: Any, **what: Any) -> None:
        if who is not None:
            self.world.give(command, who, **what)

    def _session(self, id: UUID, pair: Pair, which: int) -> Which:
        known = list(pair.meetings) or [uuid4()]
        return Which(id, pick(known, which))

    def _let_it_pass(self, pair: Pair, about: Which) -> None:
        meeting = pair.meetings.get(about.session)
        if meeting is not None and meeting.outcome is None:
            self.world.now = max(self.world.now, meeting.span.ends_at)

    def _try_to_plan(self, which: int) -> None:
        if self._matched():
            self.a_session_is_planned(which, which, 15, 14, right=True)

    def _span(self, days: int, hour: int) -> TimeSpan:
        starts_at = next_hour(self.world.now, days, hour)
        return TimeSpan(starts_at, starts_at + timedelta(hours=1), "Europe/London")


_NOTHING = proposals.Answer(uuid4(), uuid4(), 1)


def pick(among: list[Element], which: int) -> Element:
    """Counted round and round."""
    return among[which % len(among)]
