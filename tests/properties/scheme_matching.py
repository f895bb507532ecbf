"""What anybody can do about the matching, at any time: right or wrong, as chance will have it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.commands import consents, matching, preferences
from domain.commands.loading import find_ledger
from domain.commands.matching import RoundFound, ShortlistFound
from domain.consent import ConsentLedger
from domain.funding_agreement import FundingAgreement
from domain.matching.measures import Measures
from domain.matching_round import RoundFacts
from domain.relationship_events import Part
from domain.shortlist import Origin, Shortlist, Shortlisted
from domain.values import Compartment, Purpose
from tests.properties.scheme_commands import AnybodyDoesAnything, number, pick, usually
from tests.unit.domain.builders import sealed_for

MEASURES = Measures(1000, 500, 500, 1000, 0)
MEANWHILE = st.sampled_from(["nothing", "nothing", "consent ends", "conflict", "closed", "twice"])


class MatchingIsRun(AnybodyDoesAnything):
    """What the engine would find is left to chance; what may come of it is not."""

    @rule(who=number, by=number, right=usually, what=st.integers(0, 3))
    def somebody_says_what_they_wish(self, who: int, by: int, what: int, *, right: bool) -> None:
        person = pick(self.world.parties, who)
        gives = person if right else pick(self.world.anybody, by)
        part = Part.MENTEE if person in self.world.mentees else Part.MENTOR
        if what == 0:
            self.world.give(preferences.take_detail_back, gives, part=part)
        if what > 1:
            stated = sealed_for(person)
            self.world.give(preferences.state_preferences, gives, part=part, stated=stated)
        purpose = Purpose.IDENTITY_PREFERENCE
        if what == 3:
            self.world.give(consents.withdraw_consent, person, person=person, purpose=purpose)
        detail = sealed_for(person, Compartment.SPECIAL, purpose)
        self.world.give(preferences.state_detail, gives, part=part, detail=detail)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(whom=number, by=number, right=usually, meanwhile=MEANWHILE)
    def a_round_is_run(self, whom: int, by: int, meanwhile: str, *, right: bool) -> None:
        """Whoever waits is found somebody; a second one is tried before the first is closed."""
        waits = self._waiting()
        pairs = {
            id: self._found(self.world.facts.pairs[id].mentee, whom + place)
            for place, id in enumerate(waits)
        }
        facts = RoundFacts(len(waits), len(self.world.mentors), (), MEASURES)
        found = RoundFound(self._origin(waits), self._ledgers(), facts, pairs, {})
        who = self.world.coordinator if right else pick(self.world.anybody, by)
        programme = self._programme()
        ran = self.world.give(matching.record_round, who, programme=programme, found=found)
        if ran is None:
            self._close_the_open_one()
        elif pairs:
            self._happens(meanwhile, pick(waits, whom))
            for _ in range(2 if meanwhile == "twice" else 1):
                self._propose_found(ran.subject, pick(waits, whom), by)

    @precondition(lambda self: self.world.facts.rounds)
    @rule(which=number, request=number, by=number)
    def what_a_round_found_is_proposed(self, which: int, request: int, by: int) -> None:
        id = pick(list(self.world.facts.rounds), which)
        self._propose_found(id, self._pair(request)[0], by)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, whom=number, by=number, right=usually, meanwhile=MEANWHILE)
    def somebody_chooses(
        self, which: int, whom: int, by: int, meanwhile: str, *, right: bool
    ) -> None:
        """A shortlist is drawn, ranked by somebody, and the first on it proposed."""
        id, pair = self._pair(which)
        offered = [self._found(pair.mentee, whom), self._found(pair.mentee, whom + 1)]
        found = ShortlistFound(self._origin([id]), self._ledgers(), offered, None)
        self.world.give(
            matching.offer_shortlist, self.world.coordinator, relationship=id, found=found
        )
        self._happens(meanwhile, id)
        ranks = pair.mentee if right else pick(self.world.anybody, by)
        mentors = tuple(each.mentor for each in reversed(offered))
        self.world.give(matching.rank_shortlist, ranks, relationship=id, mentors=mentors)
        self._propose_shortlisted(id, mentors[by % 2])

    def _propose_shortlisted(self, id: UUID, mentor: UUID) -> None:
        what = {"relationship": id, "mentor": mentor}
        proposed = self.world.give(matching.propose_shortlisted, self.world.coordinator, **what)
        if proposed is None:
            return
        facts = self.world.facts
        choice = facts.shortlists[Shortlist.id_of(id)]
        facts.require("10: who is proposed was chosen among", holds=mentor in choice.mentors)
        ended = facts.rests_on_ended_consent(id, mentor, choice.at)
        facts.require("3: nothing rests on what was taken back", holds=not ended)

    def _propose_found(self, matching_round: UUID, request: UUID, by: int) -> None:
        who = self.world.coordinator if by else pick(self.world.parties, by)
        what = {"matching_round": matching_round, "relationship": request}
        self.world.give(matching.propose_pair, who, **what)

    def _happens(self, meanwhile: str, request: UUID) -> None:
        """Between the finding and the proposing."""
        pair = self.world.facts.pairs[request]
        happens: dict[str, Callable[[], Any]] = {
            "consent ends": lambda: self._take_back(pair.mentee),
            "conflict": lambda: self.a_conflict_is_declared_and_forgotten(0, 0, 0, so=True),
            "closed": self._close_the_open_one,
        }
        happens.get(meanwhile, lambda: None)()

    def _take_back(self, person: UUID) -> None:
        what = {"person": person, "purpose": Purpose.IDENTITY_PREFERENCE}
        before = self.world.position()
        self.world.give(consents.withdraw_consent, person, **what)
        self.world.follow(before)

    def _close_the_open_one(self) -> None:
        for id, each in self.world.facts.rounds.items():
            if not each.is_closed:
                self.world.give(matching.close_round, self.world.coordinator, matching_round=id)

    def _waiting(self) -> list[UUID]:
        pairs = self.world.facts.pairs.items()
        return [id for id, pair in pairs if pair.is_open and not pair.mentor]

    def _found(self, mentee: UUID, whom: int) -> Shortlisted:
        mentor = pick(self.world.mentors, whom)
        return Shortlisted(mentor, sealed_for(mentee), sealed_for(mentor))

    def _origin(self, of: Sequence[UUID]) -> Origin:
        seed = sealed_for(self.world.coordinator, Compartment.CONTACT, "matching")
        return Origin("test-1", 0, seed, bytes(len(of)))

    def _ledgers(self) -> list[ConsentLedger]:
        found = [find_ledger(self.world.mentoring, each) for each in self.world.parties]
        return [each for each in found if each is not None]

    def _programme(self) -> UUID:
        return self.world.mentoring.load(FundingAgreement, self.world.agreement).terms.programme
