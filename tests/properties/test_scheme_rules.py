"""Whatever anybody does in whatever order, the rules of the scheme hold; VOUCHSAFE_RULE_ROUNDS asks for more tries."""

import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RULE_MARKER,
    invariant,
    run_state_machine_as_test,
)

from domain.session import Outcome
from domain.values import Purpose
from tests.properties.scheme_commands import AnybodyDoesAnything
from tests.properties.scheme_desks import DesksAreFull
from tests.properties.scheme_feedback import FeedbackIsGiven
from tests.properties.scheme_groups import GroupsAreFormed
from tests.properties.scheme_matching import MatchingIsRun
from tests.properties.scheme_mistakes import MISTAKES, Mistake
from tests.properties.scheme_money import MoneyGoesRound
from tests.properties.scheme_own import TheirsIsTheirs
from tests.properties.scheme_partners import PartnersAreFound
from tests.properties.scheme_voices import VoicesAreHeard
from tests.properties.scheme_world import SchemeInMemory

ROUNDS = int(os.environ.get("VOUCHSAFE_RULE_ROUNDS", "1"))
MOST_SESSIONS_GRANTED = 6


class Rules:
    """Asked after each step."""

    world: SchemeInMemory

    @invariant()
    def everybody_speaks_for_themselves_and_coordinates_others_alone(self) -> None:
        assert self._broken("") == []

    @invariant()
    def rule_1_who_asks_and_who_is_proposed_takes_part(self) -> None:
        assert self._broken("1") == []

    @invariant()
    def rule_1_both_take_part_and_said_yes_in_time(self) -> None:
        for match in self._matches():
            assert match.mentee_takes_part
            assert match.mentor_takes_part
            assert match.parties <= match.accepted_by
            assert match.at < match.expires_at

    @invariant()
    def rule_1_no_mentor_has_more_than_they_can_take(self) -> None:
        for match in self._matches():
            assert match.is_here
            assert match.engaged_before < match.capacity

    @invariant()
    def rule_1_a_place_has_one_relationship_at_a_time(self) -> None:
        assert all(match.place_was_free for match in self._matches())
        taken = [p.place for p in self.world.facts.pairs.values() if p.mentor and p.is_open]
        assert len(taken) == len(set(taken))

    @invariant()
    def rule_2_who_has_withdrawn_is_not_planned_for(self) -> None:
        assert self._broken("2") == []

    @invariant()
    def rule_2_who_has_withdrawn_has_nothing_open(self) -> None:
        for pair in self.world.facts.pairs.values():
            for person in (pair.mentee, pair.mentor):
                if person is not None and self._has_withdrawn(person):
                    assert not pair.is_open

    @invariant()
    def rule_2_who_has_withdrawn_is_proposed_to_nobody(self) -> None:
        for pair in self.world.facts.pairs.values():
            if pair.open_proposal is not None:
                assert not self._has_withdrawn(pair.open_proposal.mentor)

    @invariant()
    def rule_2_an_ending_costs_nothing_that_lay_ahead(self) -> None:
        for pair in self.world.facts.pairs.values():
            for meeting in pair.meetings.values():
                if meeting.waived and not meeting.corrected:
                    assert meeting.outcome is Outcome.CANCELLED

    @invariant()
    def rule_3_no_proposal_rests_on_a_preference_taken_back(self) -> None:
        for pair in self.world.facts.pairs.values():
            ended_at = self.world.facts.ended_at.get((pair.mentee, Purpose.IDENTITY_PREFERENCE))
            if pair.open_proposal and pair.asked_with_identity and ended_at:
                assert pair.open_proposal.timestamp > ended_at

    @invariant()
    def rule_5_a_session_ends_once_and_only_the_mentees_late_notice_costs(self) -> None:
        assert self._broken("5") == []

    @invariant()
    def rule_6_hours_turns_and_moments_are_as_agreed(self) -> None:
        assert self._broken("6") == []

    @invariant()
    def rule_7_whoever_is_in_it_does_not_extend_it(self) -> None:
        assert self._broken("7") == []

    @invariant()
    def rule_8_one_proposal_at_a_time_and_seven_working_days_at_most(self) -> None:
        assert self._broken("8") == []

    @invariant()
    def rule_9_forbidden_pairs_are_never_proposed(self) -> None:
        assert self._broken("9") == []

    @invariant()
    def rule_5_every_ledger_balances(self) -> None:
        for place in self.world.facts.places.values():
            assert len(place.reserved) + len(place.used) <= place.granted <= MOST_SESSIONS_GRANTED
            assert not place.reserved & place.used

    @invariant()
    def rule_5_each_session_counts_as_it_ended(self) -> None:
        for pair in self.world.facts.pairs.values():
            place = self.world.facts.places[pair.place]
            for id, meeting in pair.meetings.items():
                assert (id in place.reserved) == (meeting.outcome is None)
                uses = meeting.outcome is not None and meeting.outcome.uses_the_place
                assert (id in place.used) == uses

    @invariant()
    def rule_5_no_more_is_allotted_than_was_bought(self) -> None:
        facts = self.world.facts
        for agreement, sessions_bought in facts.bought.items():
            granted = sum(p.granted for p in facts.places.values() if p.agreement == agreement)
            assert granted == facts.allotted[agreement] <= sessions_bought

    @invariant()
    def rule_10_the_matching_proposes_what_it_found_and_while_it_stands(self) -> None:
        assert self._broken("10") == []

    @invariant()
    def rule_3_wishes_and_findings_rest_on_live_consents(self) -> None:
        assert self._broken("3") == []

    @invariant()
    def rule_14_whoever_pays_is_told_of_no_few(self) -> None:
        assert self._broken("14") == []

    @invariant()
    def rule_15_feedback_leaves_in_whole_lots_and_leads_to_nobody(self) -> None:
        facts = self.world.facts
        assert self._broken("15") == []
        assert not any(box.is_full for box in facts.boxes.values())
        assert facts.left == facts.taken_out

    @invariant()
    def rule_16_two_decide_and_the_mentee_comes_first(self) -> None:
        assert self._broken("16") == []

    @invariant()
    def rule_17_requests_are_decided_by_others_in_time_and_wait_for_holds(self) -> None:
        assert self._broken("17") == []

    @invariant()
    def rule_17_who_is_erased_takes_part_in_nothing(self) -> None:
        facts = self.world.facts
        assert not any(person in facts.erased for person, _ in facts.live)
        for pair in facts.pairs.values():
            assert pair.closed or not facts.erased & {pair.mentee, pair.mentor}

    @invariant()
    def rule_17_what_was_objected_to_begins_again_with_a_refusal(self) -> None:
        assert not self.world.facts.overruled & self.world.facts.stopped

    @invariant()
    def a_group_is_there_for_its_members(self) -> None:
        facts = self.world.facts
        for group in facts.groups.values():
            assert bool(group.members) != group.is_closed
            assert all(facts.pairs[member].is_open for member in group.members)

    @invariant()
    def rule_20_everything_is_kept_for_its_time(self) -> None:
        assert self._broken("20") == []

    @invariant()
    def rule_19_every_ending_has_a_reason(self) -> None:
        assert self._broken("19") == []

    @invariant()
    def rule_19_a_relationship_ends_once_and_plans_nothing_more(self) -> None:
        for pair in self.world.facts.pairs.values():
            assert len(pair.closed) <= 1
            if pair.closed:
                assert pair.open_proposal is None
                left = [each for each in pair.meetings.values() if each.outcome is None]
                assert all(each.span.starts_at <= pair.closed[0].timestamp for each in left)

    def _broken(self, rule: str) -> list[str]:
        """What single facts have broken, by the number of the rule; those of no number under none."""
        return [said for number, said in self.world.facts.broken if number == rule]

    def _has_withdrawn(self, person: UUID) -> bool:
        key = (person, Purpose.TAKE_PART)
        return key in self.world.facts.ended_at and key not in self.world.facts.live

    def _matches(self) -> list[Any]:
        return [pair.match for pair in self.world.facts.pairs.values() if pair.match]


class Scheme(
    Rules,
    DesksAreFull,
    FeedbackIsGiven,
    GroupsAreFormed,
    MatchingIsRun,
    MoneyGoesRound,
    PartnersAreFound,
    TheirsIsTheirs,
    VoicesAreHeard,
):
    """Anybody does anything."""


def _part_of(mistake: Mistake) -> type[AnybodyDoesAnything]:
    """Those of its commands among which a mistake is looked for."""
    others = vars(AnybodyDoesAnything).items() if mistake.alone else ()
    left_out = {name: _by_others_alone(each) for name, each in others if hasattr(each, RULE_MARKER)}
    return type("Part", (Rules, mistake.among), left_out)


def _by_others_alone(command: Callable[..., None]) -> Callable[..., None]:
    """The same command, which is no step by itself."""

    def called(machine: AnybodyDoesAnything, *args: Any, **named: Any) -> None:
        command(machine, *args, **named)

    return called


STEPS = 40
PHASES = [Phase.generate] if ROUNDS == 1 else [Phase.generate, Phase.shrink]
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def tries(most: int, **more: Any) -> settings:
    """The same tries each time; with more rounds others each time, and what is found is made small, which takes long."""
    return settings(
        max_examples=most * ROUNDS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=ROUNDS == 1,
        suppress_health_check=QUIET,
        **{"phases": PHASES, **more},
    )


def test_the_rules_hold_whatever_anybody_does() -> None:
    run_state_machine_as_test(Scheme, settings=tries(100))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.name)
def test_a_planted_mistake_is_found(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without making it small: it is enough that it is found. Most take ten tries, some now and then two hundred."""
    mistake.plant(monkeypatch)
    found = tries(2000, phases=[Phase.generate], report_multiple_bugs=False)
    with pytest.raises(mistake.found_by):
        run_state_machine_as_test(_part_of(mistake), settings=found)
