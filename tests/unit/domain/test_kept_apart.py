"""Whom nothing brings together with a mentee again, as the events of a relationship tell it."""

from uuid import uuid4

import pytest

from domain.policies.apart import kept_apart
from domain.proposal import DeclineReason
from domain.relationship_events import ClosingReason, RematchReason
from domain.relationship_state import ConflictDeclaredBefore, PartedForCause
from tests.unit.domain.builders import COORDINATOR, Pair, act, offer_of


def apart(pair: Pair) -> set[object]:
    return set(kept_apart(pair.relationship.pending_events)) - {pair.mentee}


def decline(pair: Pair, reason: DeclineReason) -> None:
    proposal = pair.proposed().relationship.open_proposal
    pair.relationship.decline_proposal(proposal.id, reason=reason, words=None, act=act(pair.mentor))


def test_nobody_is_kept_apart_by_a_proposal_that_is_open_or_was_taken_back(pair: Pair) -> None:
    pair.proposed()
    pair.relationship.propose_mentor(offer_of(pair.mentee, uuid4()), act(COORDINATOR))
    assert apart(pair) == set()


def test_a_conflict_keeps_apart_whoever_declared_it(pair: Pair) -> None:
    other = uuid4()
    pair.relationship.declare_conflict(pair.mentee, None, act(pair.mentor))
    pair.relationship.declare_conflict(other, None, act(pair.mentee))
    assert apart(pair) == {pair.mentor, other}


@pytest.mark.parametrize("reason", DeclineReason)
def test_who_was_declined_is_not_proposed_to_the_same_request_again(
    pair: Pair, reason: DeclineReason
) -> None:
    decline(pair, reason)
    assert apart(pair) == {pair.mentor}


@pytest.mark.parametrize(
    ("reason", "is_for_good"),
    [
        (DeclineReason.NOT_NOW, False),
        (DeclineReason.NO_REASON_GIVEN, False),
        (DeclineReason.CONFLICT, True),
        (DeclineReason.NOT_THE_RIGHT_MATCH, True),
    ],
)
def test_a_later_request_remembers_only_what_holds_for_good(
    pair: Pair, reason: DeclineReason, *, is_for_good: bool
) -> None:
    decline(pair, reason)
    pair.relationship.close(ClosingReason.NO_FAULT, None, act(pair.mentee))
    assert (pair.mentor in apart(pair)) is is_for_good


@pytest.mark.parametrize("reason", [ClosingReason.NO_FAULT, ClosingReason.SAFEGUARDING])
def test_a_pair_that_ended_for_cause_is_not_brought_together_again(
    pair: Pair, reason: ClosingReason
) -> None:
    pair.matched().relationship.close(reason, None, act(COORDINATOR))
    assert (pair.mentor in apart(pair)) is (reason is ClosingReason.SAFEGUARDING)


def test_nor_is_one_of_whom_somebody_said_that_they_are_not_the_right_match(pair: Pair) -> None:
    pair.matched().relationship.request_rematch(
        RematchReason.NOT_THE_RIGHT_MATCH, None, act(pair.mentee)
    )
    assert apart(pair) == {pair.mentor}


@pytest.mark.parametrize("by", ["mentee", "mentor"])
def test_by_hand_too_a_pair_that_ended_for_safeguarding_is_refused_whoever_asks(
    pair: Pair, by: str
) -> None:
    ended = pair.matched().relationship
    ended.require_not_parted(pair.mentee, pair.mentor)
    ended.close(ClosingReason.SAFEGUARDING, None, act(COORDINATOR))
    two = [pair.mentee, pair.mentor] if by == "mentee" else [pair.mentor, pair.mentee]
    with pytest.raises(PartedForCause):
        ended.require_not_parted(*two)


def test_by_hand_too_so_is_one_that_was_not_the_right_match(pair: Pair) -> None:
    ended = pair.matched().relationship
    ended.close(ClosingReason.NO_FAULT, None, act(pair.mentee))
    ended.require_not_parted(pair.mentee, pair.mentor)
    ended.request_rematch(RematchReason.NOT_THE_RIGHT_MATCH, None, act(pair.mentor))
    with pytest.raises(PartedForCause):
        ended.require_not_parted(pair.mentee, pair.mentor)


def test_by_hand_too_so_is_whoever_declined_because_of_a_conflict(pair: Pair) -> None:
    decline(pair, DeclineReason.CONFLICT)
    with pytest.raises(ConflictDeclaredBefore):
        pair.proposed()
    with pytest.raises(ConflictDeclaredBefore):
        pair.relationship.require_not_parted(pair.mentor, pair.mentee)


def test_what_parts_two_people_parts_neither_from_anybody_else(pair: Pair) -> None:
    other = uuid4()
    ended = pair.matched().relationship
    ended.declare_conflict(other, None, act(pair.mentee))
    ended.close(ClosingReason.SAFEGUARDING, None, act(COORDINATOR))
    ended.require_not_parted(pair.mentor, other)
    ended.require_not_parted(pair.mentee, uuid4())
