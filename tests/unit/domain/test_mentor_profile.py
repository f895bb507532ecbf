from uuid import UUID, uuid4

import pytest

from domain.aggregate import project
from domain.errors import SealedForAnotherPurpose
from domain.mentor_profile import (
    AlreadyDecided,
    AlreadyEngaged,
    CapacityIsEngaged,
    MentorHasLeft,
    MentorIsNotPaused,
    MentorIsPaused,
    MentorNotAvailable,
    MentorProfile,
    NoCapacity,
    NotApproved,
    NotEngaged,
    NotYourProfile,
    OwnApplication,
    WrongCapacity,
)
from domain.mentor_profile_events import DecisionReason
from domain.sealed import SealedForAnother
from domain.values import Compartment, Purpose
from tests.unit.domain.builders import COORDINATOR, act, sealed_for

MENTOR = uuid4()


@pytest.fixture
def applied() -> MentorProfile:
    return MentorProfile.apply_to_mentor(MENTOR, sealed_for(MENTOR), act(MENTOR))


@pytest.fixture
def mentor(applied: MentorProfile) -> MentorProfile:
    applied.approve(act(COORDINATOR))
    applied.set_capacity(1, act(MENTOR))
    return applied


def engage(mentor: MentorProfile) -> UUID:
    relationship = uuid4()
    mentor.engage(relationship, act(COORDINATOR))
    return relationship


def test_a_mentor_has_one_profile(applied: MentorProfile) -> None:
    assert applied.id == MentorProfile.id_of(MENTOR)


def test_nobody_applies_for_another() -> None:
    with pytest.raises(NotYourProfile):
        MentorProfile.apply_to_mentor(MENTOR, None, act(COORDINATOR))


def test_nobody_approves_their_own_application(applied: MentorProfile) -> None:
    with pytest.raises(OwnApplication):
        applied.approve(act(MENTOR))


def test_an_application_is_decided_once(mentor: MentorProfile) -> None:
    with pytest.raises(AlreadyDecided):
        mentor.turn_down(DecisionReason.NO_REASON_GIVEN, act(COORDINATOR))


def test_who_is_not_approved_is_not_available(applied: MentorProfile) -> None:
    applied.set_capacity(1, act(MENTOR))
    with pytest.raises(NotApproved):
        applied.require_available()
    applied.turn_down(DecisionReason.NOT_THE_RIGHT_TIME, act(COORDINATOR))
    with pytest.raises(NotApproved):
        engage(applied)


def test_rule_1_the_last_unit_of_capacity_is_taken_once(mentor: MentorProfile) -> None:
    engage(mentor)
    with pytest.raises(NoCapacity):
        engage(mentor)


def test_a_relationship_takes_one_unit_only(mentor: MentorProfile) -> None:
    mentor.set_capacity(2, act(MENTOR))
    relationship = engage(mentor)
    with pytest.raises(AlreadyEngaged):
        mentor.engage(relationship, act(COORDINATOR))


def test_what_ends_frees_its_unit(mentor: MentorProfile) -> None:
    mentor.disengage(engage(mentor), act(COORDINATOR))
    assert mentor.free == 1
    engage(mentor)


def test_only_what_was_taken_is_freed(mentor: MentorProfile) -> None:
    with pytest.raises(NotEngaged):
        mentor.disengage(uuid4(), act(COORDINATOR))


def test_capacity_is_not_set_below_what_is_engaged(mentor: MentorProfile) -> None:
    engage(mentor)
    with pytest.raises(CapacityIsEngaged):
        mentor.set_capacity(0, act(MENTOR))


@pytest.mark.parametrize("capacity", [-1, 13])
def test_capacity_is_a_believable_number(mentor: MentorProfile, capacity: int) -> None:
    with pytest.raises(WrongCapacity):
        mentor.set_capacity(capacity, act(MENTOR))


def test_a_pause_takes_no_new_relationships_and_ends(mentor: MentorProfile) -> None:
    mentor.pause(act(MENTOR))
    with pytest.raises(MentorNotAvailable):
        engage(mentor)
    with pytest.raises(MentorIsPaused):
        mentor.pause(act(MENTOR))
    mentor.resume(act(MENTOR))
    with pytest.raises(MentorIsNotPaused):
        mentor.resume(act(MENTOR))
    engage(mentor)


def test_who_left_can_still_end_relationships_and_start_none(mentor: MentorProfile) -> None:
    relationship = engage(mentor)
    mentor.leave(act(MENTOR))
    mentor.disengage(relationship, act(COORDINATOR))
    with pytest.raises(MentorNotAvailable):
        engage(mentor)
    with pytest.raises(MentorHasLeft):
        mentor.set_capacity(3, act(MENTOR))


def test_only_the_mentor_publishes_their_profile(mentor: MentorProfile) -> None:
    profile = sealed_for(MENTOR, purpose=Purpose.SHARE_PROFILE)
    with pytest.raises(NotYourProfile):
        mentor.publish_profile(profile, act(COORDINATOR))


def test_a_profile_is_sealed_for_the_consent_that_shares_it(mentor: MentorProfile) -> None:
    with pytest.raises(SealedForAnotherPurpose):
        mentor.publish_profile(sealed_for(MENTOR), act(MENTOR))


def test_identity_is_sealed_under_the_mentors_own_key(mentor: MentorProfile) -> None:
    detail = sealed_for(uuid4(), Compartment.SPECIAL, Purpose.IDENTITY_PREFERENCE)
    with pytest.raises(SealedForAnother):
        mentor.share_identity(detail, act(MENTOR))


def test_when_a_mentor_can_meet_is_sealed_for_taking_part(mentor: MentorProfile) -> None:
    with pytest.raises(SealedForAnotherPurpose):
        mentor.set_availability(sealed_for(MENTOR, purpose=Purpose.SHARE_PROFILE), act(MENTOR))
    said = sealed_for(MENTOR)
    mentor.set_availability(said, act(MENTOR))
    assert mentor.availability == said


def test_a_stored_topic_does_not_say_that_identity_was_shared() -> None:
    assert MentorProfile.IdentityShared.TOPIC == "mentor_profile.detail_shared"


def test_a_replay_of_the_events_equals_the_profile(mentor: MentorProfile) -> None:
    engage(mentor)
    mentor.publish_profile(sealed_for(MENTOR, purpose=Purpose.SHARE_PROFILE), act(MENTOR))
    mentor.share_identity(
        sealed_for(MENTOR, Compartment.SPECIAL, Purpose.IDENTITY_PREFERENCE), act(MENTOR)
    )
    mentor.set_availability(sealed_for(MENTOR), act(MENTOR))
    mentor.pause(act(MENTOR))
    events = mentor.collect_events()
    assert project(None, events) == mentor
