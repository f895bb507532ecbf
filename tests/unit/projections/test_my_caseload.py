"""What a mentor's document shows of a relationship, and what it keeps until the two are matched."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.mentor_profile import MentorProfile
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason, EndingTold, RematchReason
from domain.relationship_state import Stage
from projections.log import Entry
from projections.mentor_memory import RememberedMentor, remember_mentor
from projections.my_caseload import (
    CaseloadMemory,
    CaseloadRelationship,
    Mentors,
    _note_besides,
    _standing,
    caseload_view,
)
from projections.relationship_memory import RememberedLedger, remember, remember_request
from projections.shelf import as_json
from tests.unit.domain.builders import MONDAY, Pair, act

LATER = MONDAY + timedelta(days=20)


class Lost(Mentors):
    """Notes which mentors lost sight of a relationship, and where."""

    def __init__(self) -> None:
        self.seen: list[tuple[UUID, int]] = []

    def lose(self, mentor: UUID, position: int) -> None:
        self.seen.append((mentor, position))


def remembered(pair: Pair, lost: Lost | None = None) -> CaseloadMemory:
    first, *later = pair.relationship.collect_events()
    assert isinstance(first, Relationship.Created)
    known = remember_request(CaseloadMemory, first, 1)
    known.ledger = RememberedLedger(3, 0, 0)
    for position, event in enumerate(later, start=2):
        remember(event, known)
        known.settle(event, position)
        entry = Entry(position, known.id, type(event).TOPIC, event)
        _note_besides(lost or Lost(), known, entry)
    return known


def shown(pair: Pair) -> CaseloadRelationship:
    view = caseload_view(remembered(pair))
    assert view is not None
    return view


def test_what_is_proposed_says_nothing_of_the_mentee_nor_of_their_answer() -> None:
    pair = Pair().proposed()
    pair.accepted_by(pair.mentee)
    view = shown(pair)

    assert view.stage is Stage.PROPOSED
    assert view.proposal is not None
    assert view.proposal.accepted_by_you is False
    assert (view.mentee, view.place, view.notebook) == (None, None, None)
    assert str(pair.mentee) not in as_json(view)
    assert "accepted_by_mentee" not in as_json(view)


def test_a_request_is_in_nobodys_caseload_and_a_match_in_that_of_its_mentor() -> None:
    assert caseload_view(remembered(Pair())) is None
    matched = Pair().matched()
    view = shown(matched)

    assert view.mentee == matched.mentee
    assert view.place == RememberedLedger(3, 0, 0)


def test_a_proposal_that_ends_leaves_the_caseload_where_it_ended() -> None:
    pair, lost = Pair().proposed(), Lost()
    proposal = pair.relationship.open_proposal
    pair.relationship.expire_proposal(proposal.id, proposal.version, act(uuid4(), LATER))
    known = remembered(pair, lost)

    assert caseload_view(known) is None
    assert lost.seen == [(pair.mentor, known.changed_position)]


def test_a_mentor_reads_their_own_reason_and_no_other() -> None:
    theirs, own = Pair().active(), Pair().active()
    theirs.relationship.close(ClosingReason.MENTEE_LEFT, None, act(theirs.mentee))
    own.relationship.close(ClosingReason.MENTOR_UNAVAILABLE, None, act(own.mentor))

    assert shown(theirs).closed_for is EndingTold.ENDED
    assert shown(own).closed_for is EndingTold.MENTOR_UNAVAILABLE


def test_who_wants_another_partner_is_told_to_nobody_else() -> None:
    theirs, own = Pair().active(), Pair().active()
    reason = RematchReason.NO_REASON_GIVEN
    theirs.relationship.request_rematch(reason, None, act(theirs.mentee))
    own.relationship.request_rematch(reason, None, act(own.mentor))

    assert not shown(theirs).rematch_wanted_by_you
    assert shown(own).rematch_wanted_by_you


def test_a_session_says_who_recorded_it_and_until_when_it_can_be_disputed() -> None:
    pair = Pair().active()
    session = pair.with_session(MONDAY + timedelta(days=7))
    ended = MONDAY + timedelta(days=8)
    people = (pair.mentee, pair.mentor)
    pair.relationship.hold_session(
        session, minutes=60, attended_by=people, act=act(pair.mentee, ended)
    )
    [row] = shown(pair).sessions

    assert row.recorded_by_you is False
    assert row.disputable_until == ended + timedelta(days=14)


def test_a_mentors_standing_follows_their_profile() -> None:
    person, coordinator = uuid4(), uuid4()
    profile = MentorProfile.apply_to_mentor(person, None, act(person))
    profile.approve(act(coordinator))
    profile.set_capacity(3, act(person))
    profile.engage(uuid4(), act(coordinator))
    profile.pause(act(person))
    known = RememberedMentor(person, 1, 1)
    events: list[Any] = list(profile.collect_events())
    for event in events:
        remember_mentor(event, known)
    standing = _standing(known)

    assert (standing.stage, standing.capacity, standing.free) == (profile.stage, 3, 2)
