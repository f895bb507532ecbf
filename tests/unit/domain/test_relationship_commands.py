from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands import proposals, relationships, sessions
from domain.commands.loading import WordsNeedConsent
from domain.consent import ConsentIsNotLive
from domain.mentor_profile import NoCapacity
from domain.mentoring import VersionIsStale
from domain.place import NoSessionsLeft, Place, PlaceTaken
from domain.proposal import NotAcceptedByBoth, SupersededReason
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.relationship_state import AlreadyClosed, RequestedAlready, Stage
from domain.session import CancellationReason, CorrectionReason, Outcome
from tests.unit.domain.builders import (
    CLERK,
    COORDINATOR,
    act,
    sealed_for,
)
from tests.unit.domain.commanded import NEXT_MONDAY, Scheme, order
from tests.unit.domain.memory import HeadHasMoved

NO_REASON = CancellationReason.NO_REASON_GIVEN


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def mentee(scheme: Scheme) -> UUID:
    return scheme.somebody_who_takes_part()


def test_the_second_acceptance_matches(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    scheme.accept(scheme.propose(asked), mentee, scheme.mentor)
    assert scheme.relationship(asked).stage is Stage.MATCHED
    assert scheme.profile().engaged == {asked}
    assert scheme.place_of(asked).relationship == asked


def test_rule_1_the_last_unit_of_capacity_goes_to_the_first_acceptance(
    scheme: Scheme, mentee: UUID
) -> None:
    other = scheme.somebody_who_takes_part()
    first, second = scheme.request(mentee), scheme.request(other)
    answers = scheme.propose(first), scheme.propose(second)
    scheme.accept(answers[0], mentee, scheme.mentor)
    scheme.accept(answers[1], other, scheme.mentor)
    assert scheme.relationship(first).stage is Stage.MATCHED
    assert scheme.relationship(second).stage is Stage.REQUESTED
    fact = scheme.last_event_of(second)
    assert isinstance(fact, Relationship.ProposalSuperseded)
    assert fact.reason is SupersededReason.MENTOR_UNAVAILABLE


def test_rule_1_a_place_that_is_gone_supersedes_kindly(scheme: Scheme, mentee: UUID) -> None:
    place = scheme.place()
    asked = scheme.request(mentee, place)
    answer = scheme.propose(asked)
    taken = scheme.mentoring.load(Place, place)
    taken.take(uuid4(), act(COORDINATOR))
    scheme.mentoring.commit(order(COORDINATOR), taken)
    scheme.accept(answer, mentee, scheme.mentor)
    fact = scheme.last_event_of(asked)
    assert isinstance(fact, Relationship.ProposalSuperseded)
    assert fact.reason is SupersededReason.NO_FREE_PLACE
    assert scheme.profile().free == 1


def test_rule_1_the_others_withdrawal_supersedes_kindly(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    answer = scheme.propose(asked)
    scheme.accept(answer, mentee)
    scheme.withdraw(mentee)
    scheme.accept(answer, scheme.mentor)
    fact = scheme.last_event_of(asked)
    assert isinstance(fact, Relationship.ProposalSuperseded)
    assert fact.reason is SupersededReason.MENTEE_UNAVAILABLE


def test_rule_1_who_withdrew_cannot_accept(scheme: Scheme, mentee: UUID) -> None:
    answer = scheme.propose(scheme.request(mentee))
    scheme.withdraw(mentee)
    with pytest.raises(ConsentIsNotLive):
        scheme.accept(answer, mentee)


def test_rule_1_a_match_does_not_outrun_a_withdrawal(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    answer = scheme.propose(asked)
    scheme.accept(answer, mentee)
    commit = scheme.mentoring.commit

    def commit_after_a_withdrawal(*args: object, **read: object) -> object:
        scheme.mentoring.commit = commit
        scheme.withdraw(mentee)
        return commit(*args, **read)

    scheme.mentoring.commit = commit_after_a_withdrawal
    with pytest.raises(HeadHasMoved):
        scheme.accept(answer, scheme.mentor)
    assert scheme.relationship(asked).stage is Stage.PROPOSED
    assert scheme.profile().free == 1


def test_match_alone_refuses_what_is_not_accepted_by_both(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    scheme.accept(scheme.propose(asked), mentee)
    with pytest.raises(NotAcceptedByBoth):
        proposals.match(scheme.mentoring, order(COORDINATOR), relationship=asked)


def test_a_mentor_without_capacity_is_not_proposed(scheme: Scheme, mentee: UUID) -> None:
    scheme.active(mentee)
    another = scheme.request(scheme.somebody_who_takes_part())
    with pytest.raises(NoCapacity):
        scheme.propose(another)


def test_a_request_needs_consent_to_take_part(scheme: Scheme) -> None:
    with pytest.raises(ConsentIsNotLive):
        scheme.request(uuid4())


def test_a_request_needs_a_place_that_is_free(scheme: Scheme, mentee: UUID) -> None:
    place = scheme.relationship(scheme.active(mentee)).place
    with pytest.raises(PlaceTaken):
        scheme.request(scheme.somebody_who_takes_part(), place)


def test_who_read_an_older_version_decides_anew(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    scheme.propose(asked)
    with pytest.raises(VersionIsStale):
        relationships.close_relationship(
            scheme.mentoring,
            order(mentee, expected_version=1),
            relationship=asked,
            reason=ClosingReason.MENTEE_LEFT,
        )


def test_rule_2_nothing_is_scheduled_after_a_withdrawal(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.active(mentee)
    scheme.withdraw(mentee)
    with pytest.raises(ConsentIsNotLive):
        scheme.schedule(asked)


def test_rule_2_a_withdrawal_costs_nothing_and_is_carried_out_once(
    scheme: Scheme, mentee: UUID
) -> None:
    asked = scheme.active(mentee)
    scheme.schedule(asked)
    late = order(CLERK, NEXT_MONDAY - timedelta(hours=1))
    relationships.end_for_withdrawal(scheme.mentoring, late, relationship=asked, person=mentee)
    assert scheme.relationship(asked).closed_for is ClosingReason.CONSENT_WITHDRAWN
    assert (scheme.place_of(asked).free, scheme.profile().free) == (2, 1)
    with pytest.raises(AlreadyClosed):
        relationships.end_for_withdrawal(scheme.mentoring, late, relationship=asked, person=mentee)


def test_rule_2_a_proposed_mentors_withdrawal_takes_the_proposal_back(
    scheme: Scheme, mentee: UUID
) -> None:
    asked = scheme.request(mentee)
    scheme.propose(asked)
    relationships.end_for_withdrawal(
        scheme.mentoring, order(CLERK), relationship=asked, person=scheme.mentor
    )
    assert scheme.relationship(asked).stage is Stage.REQUESTED


def test_rule_5_scheduling_reserves_until_none_is_left(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.active(mentee)
    scheme.schedule(asked)
    scheme.schedule(asked, NEXT_MONDAY + timedelta(weeks=4))
    assert scheme.place_of(asked).free == 0
    with pytest.raises(NoSessionsLeft):
        scheme.schedule(asked, NEXT_MONDAY + timedelta(weeks=9))


def test_rule_5_holding_uses(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.active(mentee)
    which = scheme.schedule(asked)
    after = order(mentee, NEXT_MONDAY + timedelta(hours=1))
    sessions.hold_session(
        scheme.mentoring, after, which=which, minutes=55, attended_by=(mentee, scheme.mentor)
    )
    assert scheme.place_of(asked).used == {which.session}


@pytest.mark.parametrize(("hours_before", "used"), [(24, 0), (23, 1)])
def test_rule_5_the_mentees_cancellation_uses_only_when_late(
    scheme: Scheme, mentee: UUID, hours_before: int, used: int
) -> None:
    asked = scheme.active(mentee)
    which = scheme.schedule(asked)
    at = NEXT_MONDAY - timedelta(hours=hours_before)
    sessions.cancel_session(scheme.mentoring, order(mentee, at), which=which, reason=NO_REASON)
    assert len(scheme.place_of(asked).used) == used
    assert not scheme.place_of(asked).reserved


def test_rule_5_a_correction_moves_the_place_with_it(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.active(mentee)
    which = scheme.schedule(asked)
    after = NEXT_MONDAY + timedelta(hours=1)
    sessions.record_absence(scheme.mentoring, order(scheme.mentor, after), which=which, who=mentee)
    sessions.dispute_attendance(scheme.mentoring, order(mentee, after), which=which)
    assert scheme.place_of(asked).used == {which.session}
    for outcome, used in ((Outcome.MENTOR_ABSENT, set()), (Outcome.HELD, {which.session})):
        sessions.correct_attendance(
            scheme.mentoring,
            order(COORDINATOR, after),
            which=which,
            outcome=outcome,
            reason=CorrectionReason.DISPUTE_UPHELD,
        )
        assert scheme.place_of(asked).used == used


def test_rule_8_an_expired_proposal_leaves_the_request_open(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    answer = scheme.propose(asked)
    expires_at = scheme.relationship(asked).open_proposal.expires_at
    proposals.expire_proposal(scheme.mentoring, order(CLERK, expires_at), answer=answer)
    assert scheme.relationship(asked).stage is Stage.REQUESTED


def test_rule_19_an_ending_frees_the_mentor(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.active(mentee)
    relationships.close_relationship(
        scheme.mentoring, order(mentee), relationship=asked, reason=ClosingReason.NO_FAULT
    )
    assert scheme.profile().free == 1


def test_words_are_kept_only_under_a_live_consent(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    scheme.withdraw(mentee)
    with pytest.raises(WordsNeedConsent):
        declare_conflict(scheme, mentee, asked)
    assert isinstance(scheme.last_event_of(asked), Relationship.Created)


def test_words_do_not_outrun_a_withdrawal(scheme: Scheme, mentee: UUID) -> None:
    asked = scheme.request(mentee)
    commit = scheme.mentoring.commit

    def commit_after_a_withdrawal(*args: object, **read: object) -> object:
        scheme.mentoring.commit = commit
        scheme.withdraw(mentee)
        return commit(*args, **read)

    scheme.mentoring.commit = commit_after_a_withdrawal
    with pytest.raises(HeadHasMoved):
        declare_conflict(scheme, mentee, asked)


def declare_conflict(scheme: Scheme, mentee: UUID, relationship: UUID) -> None:
    relationships.declare_conflict(
        scheme.mentoring,
        order(mentee),
        relationship=relationship,
        with_person=scheme.mentor,
        words=sealed_for(mentee),
    )


def test_a_mentee_asks_once_for_a_place_until_that_request_is_closed(
    scheme: Scheme, mentee: UUID
) -> None:
    place = scheme.place()
    first = scheme.request(mentee, place)
    with pytest.raises(RequestedAlready):
        scheme.request(mentee, place)
    relationships.close_relationship(
        scheme.mentoring, order(mentee), relationship=first, reason=ClosingReason.MENTEE_LEFT
    )
    other = scheme.somebody_who_takes_part()
    assert len({first, scheme.request(mentee, place), scheme.request(other, place)}) == 3
