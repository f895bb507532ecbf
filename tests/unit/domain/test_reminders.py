"""Rule 8: who does not answer is reminded, silence is broken twice, and then an ending is offered."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.aggregate import Aggregate
from domain.policies.messages import MessageKind
from domain.policies.told import messages_of
from domain.proposal import NoSuchProposal, ProposalHasExpired, nudge_due_at
from domain.relationship_events import RelationshipEvents as Happened
from domain.relationship_reminders import NotQuietEnough
from domain.relationship_state import AlreadyClosed, NotMatched
from tests.unit.domain.builders import CLERK, MONDAY, Pair, act

A_MOMENT = timedelta(microseconds=1)
A_DAY = timedelta(days=1)


def nudged(pair: Pair, days: float) -> Aggregate.Event:
    """The reminder that is due so many days after the pair was heard of last."""
    pair.relationship.break_silence(act(CLERK, MONDAY + days * A_DAY))
    return pair.relationship.pending_events[-1]


def told(pair: Pair) -> dict[MessageKind, int]:
    """How many people the last event tells what."""
    last = pair.relationship.pending_events[-1]
    kinds = [message.kind for message in messages_of([(pair.relationship, last)])]
    return {kind: kinds.count(kind) for kind in kinds}


def test_rule_8_a_proposal_is_nudged_at_three_working_days_and_once() -> None:
    pair = Pair().proposed()
    proposal, due_at = pair.relationship.open_proposal, nudge_due_at(MONDAY)

    with pytest.raises(NotQuietEnough):
        pair.relationship.nudge_proposal(proposal.id, 1, act(CLERK, due_at - A_MOMENT))
    pair.relationship.nudge_proposal(proposal.id, 1, act(CLERK, due_at))

    assert told(pair) == {MessageKind.PROPOSAL_REMINDER: 2}
    with pytest.raises(NotQuietEnough):
        pair.relationship.nudge_proposal(proposal.id, 1, act(CLERK, due_at + A_DAY))


def test_rule_8_who_has_said_yes_is_not_reminded() -> None:
    pair = Pair().proposed()
    pair.accepted_by(pair.mentee)

    proposal = pair.relationship.open_proposal
    pair.relationship.nudge_proposal(proposal.id, 1, act(CLERK, nudge_due_at(MONDAY)))

    last = pair.relationship.pending_events[-1]
    [message] = messages_of([(pair.relationship, last)])
    assert message.to == pair.mentor


def test_rule_8_an_expired_proposal_and_another_version_are_not_nudged() -> None:
    pair = Pair().proposed()
    proposal = pair.relationship.open_proposal

    with pytest.raises(ProposalHasExpired):
        pair.relationship.nudge_proposal(proposal.id, 1, act(CLERK, proposal.expires_at))
    with pytest.raises(NoSuchProposal):
        pair.relationship.nudge_proposal(uuid4(), 1, act(CLERK, nudge_due_at(MONDAY)))


def test_rule_8_silence_is_nudged_at_14_and_28_days_and_then_an_ending_is_offered() -> None:
    pair = Pair().active()

    with pytest.raises(NotQuietEnough):
        nudged(pair, 13.9)
    assert isinstance(nudged(pair, 14), Happened.SilenceNudged)
    assert told(pair) == {MessageKind.SILENCE_REMINDER: 2}
    with pytest.raises(NotQuietEnough):
        nudged(pair, 27.9)
    assert isinstance(nudged(pair, 28), Happened.SilenceNudged)
    assert isinstance(nudged(pair, 42), Happened.EndingOffered)
    assert told(pair) == {MessageKind.ENDING_OFFERED: 2}
    with pytest.raises(NotQuietEnough):
        nudged(pair, 400)


def test_rule_8_whatever_somebody_does_breaks_the_silence() -> None:
    pair = Pair().active()
    nudged(pair, 14)

    pair.relationship.pause(act(pair.mentee, MONDAY + 15 * A_DAY))
    pair.relationship.resume(act(pair.mentee, MONDAY + 20 * A_DAY))

    with pytest.raises(NotQuietEnough):
        nudged(pair, 28)
    event = nudged(pair, 34)
    assert isinstance(event, Happened.SilenceNudged)
    assert event.number == 1


def test_rule_8_a_session_that_is_planned_is_no_silence() -> None:
    pair = Pair().active()
    pair.with_session(MONDAY + 21 * A_DAY)

    with pytest.raises(NotQuietEnough):
        nudged(pair, 34)
    assert isinstance(nudged(pair, 36), Happened.SilenceNudged)


def test_rule_8_nobody_is_reminded_before_the_match_while_paused_or_after_the_end() -> None:
    waiting, paused, closed = Pair(), Pair().active(), Pair().active()
    paused.relationship.pause(act(paused.mentee))
    closed.relationship.end_for_withdrawal(closed.mentee, act(closed.mentee))

    for pair, refusal in ((waiting, NotMatched), (paused, NotQuietEnough), (closed, AlreadyClosed)):
        with pytest.raises(refusal):
            nudged(pair, 100)
