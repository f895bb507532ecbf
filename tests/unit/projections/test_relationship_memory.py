"""What is remembered of a relationship follows its events as the aggregate itself does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.relationship_state import Stage
from domain.session import CancellationReason
from projections.my_mentoring import OwnMemory, own_view
from projections.pipeline import row_of
from projections.read_model import topics_of
from projections.relationship_memory import (
    RememberedLedger,
    remember,
    remember_request,
)
from projections.shelf import as_json
from tests.unit.domain.builders import MONDAY, Pair, act

IN_A_WEEK = MONDAY + timedelta(days=7)


def remembered(pair: Pair) -> OwnMemory:
    first, *later = pair.relationship.collect_events()
    assert isinstance(first, Relationship.Created)
    known = remember_request(OwnMemory, first, 1)
    for position, event in enumerate(later, start=2):
        remember(event, known)
        known.settle(event, position)
    return known


def closed(pair: Pair) -> Pair:
    pair.relationship.close(ClosingReason.NO_FAULT, None, act(pair.mentee))
    return pair


def paused(pair: Pair) -> Pair:
    pair.relationship.pause(act(pair.mentee))
    return pair


@pytest.mark.parametrize(
    ("pair", "stage"),
    [
        (Pair(), Stage.REQUESTED),
        (Pair().proposed(), Stage.PROPOSED),
        (Pair().matched(), Stage.MATCHED),
        (Pair().active(), Stage.ACTIVE),
        (paused(Pair().active()), Stage.PAUSED),
        (closed(Pair().active()), Stage.CLOSED),
        (closed(Pair().proposed()), Stage.CLOSED),
    ],
    ids=["requested", "proposed", "matched", "active", "paused", "closed", "closed early"],
)
def test_the_stage_is_the_aggregates_stage(pair: Pair, stage: Stage) -> None:
    assert pair.relationship.stage is stage
    known = remembered(pair)
    assert known.stage is stage
    assert known.version == pair.relationship.version
    assert row_of(known).closed_for == pair.relationship.closed_for


def test_the_stage_has_its_own_beginning() -> None:
    pair = Pair().proposed()
    pair.at += timedelta(hours=5)
    known = remembered(pair.accepted_by(pair.mentee))
    assert known.since == MONDAY
    assert known.last_activity_at == pair.at


def test_waiting_lasts_until_a_match() -> None:
    assert row_of(remembered(Pair().proposed())).waiting_since == MONDAY
    assert row_of(remembered(Pair().matched())).waiting_since is None


def test_a_proposal_shows_who_accepted_it() -> None:
    pair = Pair().proposed()
    pair.accepted_by(pair.mentor)
    known = remembered(pair)
    row, own = row_of(known).proposal, own_view(known).proposal
    assert row is not None
    assert own is not None
    assert (row.accepted_by_mentee, row.accepted_by_mentor) == (False, True)
    assert (own.accepted_by_you, own.accepted_by_mentor) == (False, True)


def test_a_new_version_of_the_agreement_does_not_undo_what_both_agreed() -> None:
    pair = Pair().active()
    pair.relationship.accept_agreement(2, act(pair.mentee))
    agreement = own_view(remembered(pair)).agreement
    assert (agreement.accepted_by_you, agreement.accepted_by_partner) == (2, 1)
    assert agreement.is_agreed


def test_the_next_session_is_the_earliest_without_an_outcome() -> None:
    pair = Pair().active()
    first, reason = pair.with_session(IN_A_WEEK), CancellationReason.CANNOT_ATTEND
    pair.relationship.cancel_session(first, reason, act(pair.mentee))
    second = pair.with_session(IN_A_WEEK + timedelta(days=1))
    known = remembered(pair)
    assert row_of(known).sessions.next_at == known.sessions[second].span.starts_at
    statuses = [session.status for session in own_view(known).sessions]
    assert statuses == ["cancelled", "scheduled"]


def test_two_sessions_at_one_moment_stand_in_one_order() -> None:
    pair = Pair().active()
    reason = CancellationReason.CANNOT_ATTEND
    pair.relationship.cancel_session(pair.with_session(IN_A_WEEK), reason, act(pair.mentee))
    pair.with_session(IN_A_WEEK)
    ids = [session.id for session in own_view(remembered(pair)).sessions]
    assert ids == sorted(ids)


def test_an_unknown_place_is_null_and_not_zero() -> None:
    known = remembered(Pair())
    assert row_of(known).sessions.granted is None
    assert own_view(known).place is None
    known.ledger = RememberedLedger(3, 0, 0)
    assert row_of(known).sessions.granted == 3


def test_a_document_says_nothing_sealed_of_the_request() -> None:
    pair = Pair().active()
    known = remembered(pair)
    for document in (as_json(row_of(known)), as_json(own_view(known)), as_json(known)):
        assert "ciphertext" not in document
        assert "sealed" not in document


def test_every_event_of_a_relationship_is_known_to_it() -> None:
    events = {
        kind.TOPIC
        for kind in vars(Relationship).values()
        if isinstance(kind, type) and hasattr(kind, "TOPIC")
    }
    assert events
    assert events - topics_of(remember) == {Relationship.Created.TOPIC}


def test_an_event_that_is_nobodys_changes_nothing() -> None:
    known = remembered(Pair())
    before = as_json(known)
    remember(uuid4(), known)
    assert as_json(known) == before


def test_a_request_whose_proposal_was_taken_back_waits_to_be_proposed_again() -> None:
    pair = Pair().proposed()
    pair.relationship.take_back_for_preference(MONDAY, act(pair.mentee))
    assert row_of(remembered(pair)).propose_again
    for other in (Pair(), Pair().proposed(), Pair().matched(), closed(Pair().proposed())):
        assert not row_of(remembered(other)).propose_again
