from datetime import timedelta
from uuid import uuid4

import pytest

from domain.aggregate import project
from domain.relationship import Relationship
from domain.relationship_events import (
    TOLD_TO_EVERY_PARTY,
    Cadence,
    ClosingReason,
    EndingTold,
    RematchReason,
    ending_told,
)
from domain.relationship_state import (
    AgreementAlreadyAccepted,
    AlreadyClosed,
    AlreadyPaused,
    NotActive,
    NotAParticipant,
    NothingChanges,
    NothingToEnd,
    NotMatched,
    NotPaused,
    RematchAlreadyRequested,
    Stage,
)
from domain.sealed import SealedForAnother
from domain.session import CancellationNotice, Outcome
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, Pair, act, plan, sealed_for

NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def active() -> Pair:
    return Pair().active()


def test_rule_2_a_withdrawal_cancels_what_lies_ahead_without_penalty(active: Pair) -> None:
    session = active.with_session(NEXT_MONDAY)
    an_hour_before = act(CLERK, NEXT_MONDAY - timedelta(hours=1))
    active.relationship.end_for_withdrawal(active.mentee, an_hour_before)
    cancelled, closed = active.relationship.pending_events[-2:]
    assert isinstance(cancelled, Relationship.SessionCancelled)
    assert (cancelled.session, cancelled.by) == (session, None)
    assert cancelled.notice is CancellationNotice.WAIVED
    assert cancelled.outcome is Outcome.CANCELLED
    assert isinstance(closed, Relationship.Closed)
    assert closed.reason is ClosingReason.CONSENT_WITHDRAWN


def test_rule_2_a_withdrawal_leaves_what_was_promised_and_has_begun(active: Pair) -> None:
    session = active.with_session(NEXT_MONDAY)
    active.relationship.end_for_withdrawal(active.mentor, act(CLERK, NEXT_MONDAY))
    ended = act(active.mentor, NEXT_MONDAY + timedelta(hours=1))
    both = (active.mentee, active.mentor)
    active.relationship.hold_session(session, minutes=60, attended_by=both, act=ended)
    assert active.relationship.session(session).outcome is Outcome.HELD


def test_rule_2_a_withdrawal_ends_a_request_with_its_proposal(pair: Pair) -> None:
    pair.proposed()
    pair.relationship.end_for_withdrawal(pair.mentee, act(CLERK))
    assert pair.relationship.stage is Stage.CLOSED
    assert pair.relationship.proposal is None


def test_rule_2_a_proposed_mentors_withdrawal_leaves_the_request_open(pair: Pair) -> None:
    pair.proposed()
    pair.relationship.end_for_withdrawal(pair.mentor, act(CLERK))
    assert pair.relationship.stage is Stage.REQUESTED


def test_rule_2_a_withdrawal_is_carried_out_once(active: Pair) -> None:
    active.relationship.end_for_withdrawal(active.mentee, act(CLERK))
    with pytest.raises(AlreadyClosed):
        active.relationship.end_for_withdrawal(active.mentee, act(CLERK))


def test_rule_2_a_strangers_withdrawal_ends_nothing(active: Pair) -> None:
    with pytest.raises(NothingToEnd):
        active.relationship.end_for_withdrawal(uuid4(), act(CLERK))


@pytest.mark.parametrize("reason", ClosingReason)
def test_rule_19_every_ending_has_a_reason(active: Pair, reason: ClosingReason) -> None:
    active.relationship.close(reason, None, act(COORDINATOR))
    assert active.relationship.closed_for is reason
    assert active.relationship.stage is Stage.CLOSED


def test_rule_19_nothing_goes_on_after_an_ending(active: Pair) -> None:
    active.relationship.close(ClosingReason.NO_FAULT, None, act(active.mentee))
    for go_on in (
        lambda: active.with_session(NEXT_MONDAY),
        lambda: active.relationship.pause(act(active.mentee)),
        lambda: active.relationship.resume(act(active.mentee)),
        lambda: active.relationship.accept_agreement(2, act(active.mentee)),
        lambda: active.relationship.close(ClosingReason.COMPLETED, None, act(active.mentee)),
        lambda: active.relationship.declare_conflict(uuid4(), None, act(active.mentee)),
        active.proposed,
    ):
        with pytest.raises(AlreadyClosed):
            go_on()


def test_rule_19_a_rematch_can_be_asked_for_after_the_ending(active: Pair) -> None:
    reason = RematchReason.RELATIONSHIP_ENDED
    active.relationship.close(ClosingReason.NO_FAULT, None, act(active.mentor))
    active.relationship.request_rematch(reason, None, act(active.mentee))
    with pytest.raises(RematchAlreadyRequested):
        active.relationship.request_rematch(reason, None, act(active.mentee))
    assert active.relationship.rematch_wanted_by == {active.mentee}


def test_words_at_an_ending_are_sealed_for_a_participant(active: Pair) -> None:
    with pytest.raises(SealedForAnother):
        active.relationship.close(ClosingReason.NO_FAULT, sealed_for(uuid4()), act(active.mentee))


def test_nothing_is_planned_during_a_pause(active: Pair) -> None:
    session = active.with_session(NEXT_MONDAY)
    active.relationship.pause(act(active.mentor))
    assert active.relationship.stage is Stage.PAUSED
    with pytest.raises(NotActive):
        active.with_session(NEXT_MONDAY + timedelta(days=1))
    later = plan(NEXT_MONDAY + timedelta(days=1))
    with pytest.raises(NotActive):
        active.relationship.reschedule_session(session, later, act(active.mentee))


def test_a_pause_ends_where_it_began(active: Pair) -> None:
    active.relationship.pause(act(active.mentor))
    with pytest.raises(AlreadyPaused):
        active.relationship.pause(act(active.mentee))
    active.relationship.resume(act(active.mentee))
    assert active.relationship.stage is Stage.ACTIVE
    with pytest.raises(NotPaused):
        active.relationship.resume(act(active.mentee))


def test_only_participants_pause(active: Pair) -> None:
    with pytest.raises(NotAParticipant):
        active.relationship.pause(act(COORDINATOR))


def test_a_request_cannot_pause(pair: Pair) -> None:
    with pytest.raises(NotMatched):
        pair.relationship.pause(act(pair.mentee))


def test_a_change_of_cadence_changes_it(active: Pair) -> None:
    active.relationship.change_cadence(Cadence.WEEKLY, act(active.mentee))
    assert active.relationship.cadence is Cadence.WEEKLY
    with pytest.raises(NothingChanges):
        active.relationship.change_cadence(Cadence.WEEKLY, act(active.mentor))


def test_the_agreement_is_accepted_once_a_version(active: Pair) -> None:
    with pytest.raises(AgreementAlreadyAccepted):
        active.relationship.accept_agreement(1, act(active.mentee))


def test_who_accepts_a_newer_agreement_first_stops_nothing(active: Pair) -> None:
    active.relationship.accept_agreement(2, act(active.mentee))
    assert active.relationship.stage is Stage.ACTIVE


def test_a_replay_of_the_events_of_an_ending_equals_the_relationship(active: Pair) -> None:
    active.with_session(NEXT_MONDAY)
    active.relationship.pause(act(active.mentor))
    active.relationship.end_for_withdrawal(active.mentee, act(CLERK))
    events = active.relationship.collect_events()
    assert project(None, events) == active.relationship


@pytest.mark.parametrize("reason", ClosingReason)
def test_who_ended_it_reads_their_own_reason(reason: ClosingReason) -> None:
    assert ending_told(reason, is_own=True).value == reason.value


@pytest.mark.parametrize("reason", sorted(set(ClosingReason) - TOLD_TO_EVERY_PARTY))
def test_what_one_party_did_or_feared_is_not_told_to_the_other(reason: ClosingReason) -> None:
    assert ending_told(reason, is_own=False) is EndingTold.ENDED


def test_a_withdrawal_and_a_fear_look_to_the_other_like_somebody_leaving() -> None:
    alike = {ClosingReason.SAFEGUARDING, ClosingReason.CONSENT_WITHDRAWN, ClosingReason.MENTEE_LEFT}
    assert alike.isdisjoint(TOLD_TO_EVERY_PARTY)
