from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.policies.messages import NEEDED, Message, MessageKind, Which
from domain.policies.still_wanted import STILL_WANTED, is_still_wanted
from domain.policies.told import RULES, messages_of
from domain.proposal import DeclineReason, SupersededReason
from domain.relationship_events import Cadence, ClosingReason
from domain.session import CancellationReason, CorrectionReason, Outcome
from domain.values import Purpose
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, Pair, act, plan
from tests.unit.domain.watched import order, watched_mentoring

NEXT_MONDAY = MONDAY + timedelta(weeks=1)
AFTERWARDS = NEXT_MONDAY + timedelta(hours=2)


def told(pair: Pair, change: Callable[[], object]) -> list[Message]:
    """The messages that follow from one change."""
    relationship = pair.relationship
    relationship.collect_events()
    change()
    return list(messages_of((relationship, fact) for fact in relationship.pending_events))


def whom(messages: list[Message], kind: MessageKind) -> set[UUID]:
    found = [each.to for each in messages if each.kind is kind]
    assert len(set(found)) == len(found)
    return set(found)


def both(pair: Pair) -> set[UUID]:
    return {pair.mentee, pair.mentor}


def test_both_are_asked_to_answer_a_proposal(pair: Pair) -> None:
    made = told(pair, pair.proposed)
    proposal = pair.relationship.open_proposal
    assert whom(made, MessageKind.PROPOSAL_TO_ANSWER) == both(pair)
    assert {each.which for each in made} == {Which(proposal.id, 1)}


def test_both_are_told_kindly_that_a_proposal_ended_but_for_whoever_ended_it(pair: Pair) -> None:
    relationship = pair.proposed().relationship
    offered = relationship.open_proposal

    made = told(
        pair,
        lambda: relationship.decline_proposal(
            offered.id,
            reason=DeclineReason.NO_REASON_GIVEN,
            words=None,
            act=act(pair.mentor, MONDAY),
        ),
    )
    assert whom(made, MessageKind.PROPOSAL_ENDED) == {pair.mentee}

    pair.proposed()
    taken_back = told(
        pair,
        lambda: relationship.supersede_proposal(
            SupersededReason.MENTOR_UNAVAILABLE, act(CLERK, MONDAY)
        ),
    )
    assert whom(taken_back, MessageKind.PROPOSAL_ENDED) == both(pair)


def test_who_is_told_of_what_comes_instead_is_not_told_of_the_end(pair: Pair) -> None:
    pair.proposed()

    anew = told(pair, pair.proposed)

    assert {each.kind for each in anew} == {MessageKind.PROPOSAL_TO_ANSWER}


def test_both_are_told_of_a_match(pair: Pair) -> None:
    assert whom(told(pair, pair.matched), MessageKind.MATCHED) == both(pair)


def test_both_are_told_of_a_session_and_reminded_a_day_before(pair: Pair) -> None:
    pair.active()
    made = told(pair, lambda: pair.with_session(NEXT_MONDAY))
    assert whom(made, MessageKind.SESSION_SCHEDULED) == both(pair)
    assert whom(made, MessageKind.SESSION_REMINDER) == both(pair)
    moments = {each.kind: each.not_before for each in made}
    assert moments[MessageKind.SESSION_SCHEDULED] == MONDAY
    assert moments[MessageKind.SESSION_REMINDER] == NEXT_MONDAY - timedelta(days=1)


def test_nobody_is_reminded_of_what_is_less_than_a_day_away(pair: Pair) -> None:
    pair.active()
    made = told(pair, lambda: pair.with_session(MONDAY + timedelta(hours=23)))
    assert {each.kind for each in made} == {MessageKind.SESSION_SCHEDULED}


def test_a_moved_session_is_the_next_edition_and_a_cancellation_the_one_after(pair: Pair) -> None:
    session = pair.active().with_session(NEXT_MONDAY)
    later = plan(NEXT_MONDAY + timedelta(days=1))
    moved = told(
        pair, lambda: pair.relationship.reschedule_session(session, later, act(pair.mentor))
    )
    assert whom(moved, MessageKind.SESSION_MOVED) == both(pair)
    assert {each.which for each in moved} == {Which(session, 1)}
    reason = CancellationReason.NO_REASON_GIVEN
    cancelled = told(
        pair, lambda: pair.relationship.cancel_session(session, reason, act(pair.mentee))
    )
    assert whom(cancelled, MessageKind.SESSION_CANCELLED) == both(pair)
    assert {each.which for each in cancelled} == {Which(session, 2)}


def test_an_ending_tells_the_other_and_cancels_what_lay_ahead_for_both(pair: Pair) -> None:
    session = pair.active().with_session(NEXT_MONDAY)
    made = told(
        pair, lambda: pair.relationship.close(ClosingReason.NO_FAULT, None, act(pair.mentee))
    )
    assert whom(made, MessageKind.RELATIONSHIP_ENDED) == {pair.mentor}
    assert whom(made, MessageKind.NEXT_OFFERED) == {pair.mentee}
    assert whom(made, MessageKind.SESSION_CANCELLED) == both(pair)
    assert Which(session, 1) in {each.which for each in made}


def test_rule_2_an_ending_that_follows_by_rule_is_told_to_both(pair: Pair) -> None:
    pair.active()
    made = told(pair, lambda: pair.relationship.end_for_withdrawal(pair.mentee, act(CLERK)))
    assert whom(made, MessageKind.RELATIONSHIP_ENDED) == both(pair)
    assert whom(made, MessageKind.NEXT_OFFERED) == set()


def test_rule_19_nothing_next_is_offered_where_nobody_was_matched(pair: Pair) -> None:
    made = told(
        pair, lambda: pair.relationship.close(ClosingReason.NO_FAULT, None, act(pair.mentee))
    )
    assert made == []


def test_rule_5_whoever_may_dispute_is_told_what_was_recorded(pair: Pair) -> None:
    session, relationship = pair.active().with_session(NEXT_MONDAY), pair.relationship
    by_mentor = act(pair.mentor, AFTERWARDS)
    missed = told(
        pair, lambda: relationship.record_absence(session, who=pair.mentee, act=by_mentor)
    )
    assert whom(missed, MessageKind.ATTENDANCE_RECORDED) == {pair.mentee}
    by_mentee = act(pair.mentee, AFTERWARDS)
    disputed = told(
        pair, lambda: relationship.dispute_attendance(session, words=None, act=by_mentee)
    )
    assert whom(disputed, MessageKind.ATTENDANCE_DISPUTED) == {pair.mentor}
    corrected = told(
        pair,
        lambda: relationship.correct_attendance(
            session,
            outcome=Outcome.HELD,
            reason=CorrectionReason.DISPUTE_UPHELD,
            act=act(COORDINATOR, AFTERWARDS),
        ),
    )
    assert whom(corrected, MessageKind.ATTENDANCE_CORRECTED) == both(pair)


def test_the_other_is_told_of_a_change(pair: Pair) -> None:
    pair.active()
    changes = [
        lambda: pair.relationship.change_cadence(Cadence.WEEKLY, act(pair.mentee)),
        lambda: pair.relationship.pause(act(pair.mentee)),
        lambda: pair.relationship.resume(act(pair.mentee)),
    ]
    for change in changes:
        assert whom(told(pair, change), MessageKind.RELATIONSHIP_CHANGED) == {pair.mentor}


def test_a_message_has_one_id_for_good_and_shares_it_with_no_other(pair: Pair) -> None:
    pair.active()
    made = told(pair, lambda: pair.with_session(NEXT_MONDAY))
    relationship = pair.relationship
    again = messages_of((relationship, fact) for fact in relationship.pending_events)
    assert list(again) == made
    assert len({each.id for each in made}) == len(made) == 4


def test_a_message_holds_ids_a_kind_and_a_moment_alone(pair: Pair) -> None:
    for message in told(pair, pair.matched):
        values: list[Any] = [message.id, message.to, message.about]
        assert all(isinstance(value, UUID) for value in values)


def test_a_proposal_is_not_asked_about_once_it_is_answered_or_over(pair: Pair) -> None:
    made = {each.to: each for each in told(pair, pair.proposed)}
    relationship = pair.relationship
    expires_at = relationship.open_proposal.expires_at
    assert is_still_wanted(made[pair.mentee], relationship, MONDAY)
    assert not is_still_wanted(made[pair.mentee], relationship, expires_at)
    pair.accepted_by(pair.mentee)
    assert not is_still_wanted(made[pair.mentee], relationship, MONDAY)
    assert is_still_wanted(made[pair.mentor], relationship, MONDAY)
    pair.proposed()
    assert not is_still_wanted(made[pair.mentor], relationship, MONDAY)


def test_only_the_last_edition_of_a_session_is_sent_and_only_before_it_begins(pair: Pair) -> None:
    session, relationship = pair.active().with_session(NEXT_MONDAY), pair.relationship
    facts = [(relationship, relationship.pending_events[-1])]
    first = messages_of(facts)
    assert all(is_still_wanted(each, relationship, MONDAY) for each in first)
    assert not any(is_still_wanted(each, relationship, NEXT_MONDAY) for each in first)
    later = plan(NEXT_MONDAY + timedelta(days=1))
    moved = told(pair, lambda: relationship.reschedule_session(session, later, act(pair.mentor)))
    assert not any(is_still_wanted(each, relationship, MONDAY) for each in first)
    assert all(is_still_wanted(each, relationship, MONDAY) for each in moved)


def test_a_cancellation_is_sent_until_the_session_would_have_ended(pair: Pair) -> None:
    session, relationship = pair.active().with_session(NEXT_MONDAY), pair.relationship
    reason = CancellationReason.TECHNICAL
    made = told(pair, lambda: relationship.cancel_session(session, reason, act(pair.mentor)))
    assert all(is_still_wanted(each, relationship, NEXT_MONDAY) for each in made)
    assert not any(is_still_wanted(each, relationship, AFTERWARDS) for each in made)


def test_what_has_no_check_stays_wanted(pair: Pair) -> None:
    for message in told(pair, pair.matched):
        assert message.kind not in STILL_WANTED or message.kind is MessageKind.PROPOSAL_TO_ANSWER
        if message.kind is MessageKind.MATCHED:
            assert is_still_wanted(message, pair.relationship, AFTERWARDS)


def test_reminders_alone_need_a_consent() -> None:
    reminders = {kind for kind in MessageKind if kind.endswith("_reminder")}
    assert dict(NEEDED) == dict.fromkeys(reminders, Purpose.REMINDERS)


def test_every_kind_follows_from_some_event() -> None:
    assert {rule.kind for rules in RULES.values() for rule in rules} == set(MessageKind)


def test_every_command_hands_its_messages_to_the_recorder(pair: Pair) -> None:
    mentoring, recorder = watched_mentoring()
    mentoring.commit(order(act(pair.mentee)), pair.matched().relationship)
    (command,) = recorder.commands
    kinds = [each.kind for each in command.messages]
    assert kinds == [MessageKind.PROPOSAL_TO_ANSWER] * 2 + [MessageKind.MATCHED] * 2


@pytest.mark.parametrize("topic", ["relationship.requested", "access_register.opened", ""])
def test_nothing_follows_from_what_is_nobody_elses_business(topic: str) -> None:
    assert topic not in RULES
