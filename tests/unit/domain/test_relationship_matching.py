from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from eventsourcing.utils import resolve_topic

from domain.aggregate import project
from domain.errors import SealedForAnotherPurpose
from domain.proposal import (
    AlreadyAccepted,
    DeclineReason,
    NoSuchProposal,
    NotAcceptedByBoth,
    ProposalExpiresWrongly,
    ProposalHasExpired,
    ProposalHasNotExpired,
    SupersededReason,
    latest_expiry,
)
from domain.relationship import Relationship
from domain.relationship_events import Part, Participant, RelationshipEvents
from domain.relationship_state import (
    AlreadyMatched,
    ConflictDeclaredBefore,
    ConflictOfOthers,
    ConflictWithOneself,
    NotAnOutsider,
    NotAParticipant,
    NotTheMentee,
    Stage,
)
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Compartment, Purpose
from tests.unit.domain.builders import (
    CLERK,
    COORDINATOR,
    MONDAY,
    Pair,
    act,
    facts_of,
    offer_of,
    sealed_for,
)

EVENTS = [kind for kind in vars(RelationshipEvents).values() if isinstance(kind, type)]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.TOPIC)
def test_every_event_of_a_relationship_is_applied_by_it(kind: type) -> None:
    applied = resolve_topic(kind.TOPIC)
    assert applied is getattr(Relationship, kind.__name__)
    assert applied is not kind


def test_a_request_begins_with_the_mentee_alone(pair: Pair) -> None:
    assert pair.relationship.participants == [Participant(pair.mentee, Part.MENTEE)]
    assert pair.relationship.stage is Stage.REQUESTED


def test_only_the_mentee_makes_the_request() -> None:
    with pytest.raises(NotTheMentee):
        Relationship.request(uuid4(), facts_of(uuid4()), act(COORDINATOR))


def test_an_identity_preference_is_sealed_for_its_own_purpose() -> None:
    facts = facts_of(uuid4())
    identity = sealed_for(facts.mentee, Compartment.SPECIAL, Purpose.TAKE_PART)
    with pytest.raises(SealedForAnotherPurpose):
        Relationship.request(
            uuid4(), replace(facts, identity_preference=identity), act(facts.mentee)
        )


def test_an_identity_preference_is_never_merely_personal() -> None:
    facts = facts_of(uuid4())
    identity = sealed_for(facts.mentee, Compartment.PERSONAL, Purpose.IDENTITY_PREFERENCE)
    with pytest.raises(WrongCompartment):
        Relationship.request(
            uuid4(), replace(facts, identity_preference=identity), act(facts.mentee)
        )


def test_themes_are_sealed_under_the_mentees_own_key() -> None:
    facts = replace(facts_of(uuid4()), themes=sealed_for(uuid4()))
    with pytest.raises(SealedForAnother):
        Relationship.request(uuid4(), facts, act(facts.mentee))


def test_an_open_proposal_shows_as_a_stage_of_the_request(pair: Pair) -> None:
    assert pair.proposed().relationship.stage is Stage.PROPOSED


def test_reasons_are_sealed_for_the_party_that_reads_them(pair: Pair) -> None:
    swapped = replace(
        offer_of(pair.mentee, pair.mentor), reasons_for_mentor=sealed_for(pair.mentee)
    )
    with pytest.raises(SealedForAnother):
        pair.relationship.propose_mentor(swapped, act(COORDINATOR))


def test_nobody_proposes_in_a_relationship_they_are_in(pair: Pair) -> None:
    with pytest.raises(NotAnOutsider):
        pair.relationship.propose_mentor(offer_of(pair.mentee, pair.mentor), act(pair.mentee))


def test_nobody_proposes_themselves(pair: Pair) -> None:
    with pytest.raises(NotAnOutsider):
        pair.relationship.propose_mentor(offer_of(pair.mentee, pair.mentor), act(pair.mentor))


def test_rule_1_a_match_needs_both_acceptances(pair: Pair) -> None:
    pair.proposed().accepted_by(pair.mentee)
    with pytest.raises(NotAcceptedByBoth):
        pair.relationship.match(act(COORDINATOR))


def test_rule_1_both_acceptances_of_one_version_match(pair: Pair) -> None:
    pair.matched()
    assert pair.relationship.stage is Stage.MATCHED
    assert pair.relationship.people == {pair.mentee, pair.mentor}


def test_rule_1_a_new_version_voids_earlier_acceptances(pair: Pair) -> None:
    pair.proposed().accepted_by(pair.mentee)
    pair.proposed().accepted_by(pair.mentor)
    with pytest.raises(NotAcceptedByBoth):
        pair.relationship.match(act(COORDINATOR))


def test_rule_1_an_old_version_can_no_longer_be_accepted(pair: Pair) -> None:
    first = pair.proposed().relationship.open_proposal
    pair.proposed()
    with pytest.raises(NoSuchProposal):
        pair.relationship.accept_proposal(first.id, first.version, act(pair.mentee))


def test_rule_1_the_same_proposal_under_a_newer_version_is_not_the_same(pair: Pair) -> None:
    proposal = pair.proposed().relationship.open_proposal
    with pytest.raises(NoSuchProposal):
        pair.relationship.accept_proposal(proposal.id, proposal.version + 1, act(pair.mentee))


def test_rule_1_superseding_voids_acceptances(pair: Pair) -> None:
    pair.proposed().accepted_by(pair.mentee, pair.mentor)
    pair.relationship.supersede_proposal(SupersededReason.MENTOR_UNAVAILABLE, act(COORDINATOR))
    with pytest.raises(NoSuchProposal):
        pair.relationship.match(act(COORDINATOR))
    assert pair.relationship.stage is Stage.REQUESTED


def test_rule_1_an_expired_proposal_cannot_be_accepted(pair: Pair) -> None:
    proposal = pair.proposed().relationship.open_proposal
    late = act(pair.mentee, proposal.expires_at)
    with pytest.raises(ProposalHasExpired):
        pair.relationship.accept_proposal(proposal.id, proposal.version, late)


def test_rule_1_an_expired_proposal_cannot_be_matched(pair: Pair) -> None:
    pair.proposed().accepted_by(pair.mentee, pair.mentor)
    expires_at = pair.relationship.open_proposal.expires_at
    with pytest.raises(ProposalHasExpired):
        pair.relationship.match(act(COORDINATOR, expires_at))


def test_rule_1_nobody_accepts_twice(pair: Pair) -> None:
    pair.proposed().accepted_by(pair.mentee)
    with pytest.raises(AlreadyAccepted):
        pair.accepted_by(pair.mentee)


def test_rule_1_nobody_accepts_for_another(pair: Pair) -> None:
    with pytest.raises(NotAParticipant):
        pair.proposed().accepted_by(COORDINATOR)


def test_rule_1_a_request_is_matched_once(pair: Pair) -> None:
    pair.matched()
    with pytest.raises(AlreadyMatched):
        pair.proposed()


def test_a_declined_proposal_leaves_an_open_request(pair: Pair) -> None:
    proposal = pair.proposed().relationship.open_proposal
    pair.relationship.decline_proposal(
        proposal.id,
        reason=DeclineReason.NO_REASON_GIVEN,
        words=sealed_for(pair.mentor),
        act=act(pair.mentor),
    )
    assert pair.relationship.stage is Stage.REQUESTED


def test_rule_8_a_proposal_expires_after_seven_working_days(pair: Pair) -> None:
    proposal = pair.proposed().relationship.open_proposal
    assert proposal.expires_at == latest_expiry(MONDAY)
    with pytest.raises(ProposalHasNotExpired):
        pair.relationship.expire_proposal(
            proposal.id,
            proposal.version,
            act(COORDINATOR, proposal.expires_at - timedelta(seconds=1)),
        )
    pair.relationship.expire_proposal(
        proposal.id, proposal.version, act(COORDINATOR, proposal.expires_at)
    )
    assert pair.relationship.stage is Stage.REQUESTED


def test_rule_8_a_proposal_expires_once(pair: Pair) -> None:
    proposal = pair.proposed().relationship.open_proposal
    order = act(COORDINATOR, proposal.expires_at)
    pair.relationship.expire_proposal(proposal.id, proposal.version, order)
    with pytest.raises(NoSuchProposal):
        pair.relationship.expire_proposal(proposal.id, proposal.version, order)


@pytest.mark.parametrize("expires_at", [MONDAY, MONDAY + timedelta(days=30)])
def test_rule_8_a_proposal_expires_neither_at_once_nor_later_than_that(
    pair: Pair, expires_at: object
) -> None:
    offer = replace(offer_of(pair.mentee, pair.mentor), expires_at=expires_at)
    with pytest.raises(ProposalExpiresWrongly):
        pair.relationship.propose_mentor(offer, act(COORDINATOR))


def test_rule_9_a_mentor_with_a_declared_conflict_is_never_proposed(pair: Pair) -> None:
    pair.relationship.declare_conflict(pair.mentor, None, act(pair.mentee))
    with pytest.raises(ConflictDeclaredBefore):
        pair.proposed()


def test_rule_9_a_mentor_can_declare_the_conflict_too(pair: Pair) -> None:
    pair.relationship.declare_conflict(pair.mentee, None, act(pair.mentor))
    with pytest.raises(ConflictDeclaredBefore):
        pair.proposed()


def test_rule_9_a_conflict_takes_an_accepted_proposal_back(pair: Pair) -> None:
    pair.proposed().accepted_by(pair.mentee, pair.mentor)
    pair.relationship.declare_conflict(pair.mentor, None, act(COORDINATOR))
    last = pair.relationship.pending_events[-1]
    assert isinstance(last, Relationship.ProposalSuperseded)
    assert last.reason is SupersededReason.CONFLICT
    with pytest.raises(NoSuchProposal):
        pair.relationship.match(act(COORDINATOR))


def test_a_conflict_stands_between_two_people(pair: Pair) -> None:
    with pytest.raises(ConflictWithOneself):
        pair.relationship.declare_conflict(pair.mentee, None, act(pair.mentee))


def test_a_proposed_mentor_keeps_nobody_else_from_the_mentee(pair: Pair) -> None:
    pair.proposed()
    with pytest.raises(ConflictOfOthers):
        pair.relationship.declare_conflict(uuid4(), None, act(pair.mentor))


def test_a_mentor_who_declined_keeps_nobody_else_from_the_mentee_either(pair: Pair) -> None:
    declined(pair)
    with pytest.raises(ConflictOfOthers):
        pair.relationship.declare_conflict(uuid4(), None, act(pair.mentor))


def test_whoever_was_proposed_once_never_coordinates_the_request(pair: Pair) -> None:
    declined(pair)
    with pytest.raises(NotAnOutsider):
        pair.relationship.propose_mentor(offer_of(pair.mentee, uuid4()), act(pair.mentor))


def test_rule_3_a_proposal_older_than_the_withdrawal_is_taken_back(pair: Pair) -> None:
    pair.proposed().relationship.take_back_for_preference(MONDAY, act(CLERK))
    last = pair.relationship.pending_events[-1]
    assert isinstance(last, Relationship.ProposalSuperseded)
    assert last.reason is SupersededReason.REASONS_OUTDATED
    assert pair.relationship.stage is Stage.REQUESTED


def test_rule_3_a_proposal_made_after_the_withdrawal_stays(pair: Pair) -> None:
    pair.proposed()
    with pytest.raises(NoSuchProposal):
        pair.relationship.take_back_for_preference(MONDAY - timedelta(seconds=1), act(CLERK))
    assert pair.relationship.stage is Stage.PROPOSED


def test_rule_3_what_was_asked_without_a_preference_stays() -> None:
    facts = replace(facts_of(uuid4()), identity_preference=None)
    relationship = Relationship.request(uuid4(), facts, act(facts.mentee))
    relationship.propose_mentor(offer_of(facts.mentee, uuid4()), act(COORDINATOR))
    with pytest.raises(NoSuchProposal):
        relationship.take_back_for_preference(MONDAY, act(CLERK))


def declined(pair: Pair) -> None:
    proposal = pair.proposed().relationship.open_proposal
    pair.relationship.decline_proposal(
        proposal.id, reason=DeclineReason.NO_REASON_GIVEN, words=None, act=act(pair.mentor)
    )


def test_nobody_is_their_own_mentor(pair: Pair) -> None:
    with pytest.raises(ConflictDeclaredBefore):
        pair.relationship.propose_mentor(offer_of(pair.mentee, pair.mentee), act(COORDINATOR))


def test_a_replay_of_the_events_of_a_match_equals_the_relationship(pair: Pair) -> None:
    pair.active()
    events = pair.relationship.collect_events()
    assert project(None, events) == pair.relationship
