"""Two who would have the last of something at once: one has it, and the other is told what a person can act on."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from domain.mentor_profile import MentorProfile
from domain.place import Place
from domain.proposal import SupersededReason
from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from domain.relationship_state import Stage
from domain.values import Role
from tests.integration.races.conftest import Crossroads
from tests.match import done, give_consent, granted_place, welcome_mentor
from tests.meeting import MeetingScheme
from tests.scheme import Somebody

WORDS = "Zanzibar-quill."


@pytest.fixture(autouse=True)
def today(here: MeetingScheme) -> None:
    here.clock.ahead = timedelta()


@pytest.fixture
def coordinator(here: MeetingScheme) -> Somebody:
    return here.scheme.person(Role.COORDINATOR)


def mentor_with_one_unit(here: MeetingScheme, coordinator: Somebody) -> Somebody:
    mentor = here.scheme.person(Role.MENTOR)
    welcome_mentor(coordinator, mentor, words=WORDS)
    done(mentor.put("/me/mentor-profile/capacity", {"capacity": 1}))
    return mentor


def mentee_of(here: MeetingScheme) -> Somebody:
    mentee = here.scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    return mentee


def proposed(coordinator: Somebody, mentee: Somebody, mentor: Somebody, place: str) -> str:
    """The path at which both say yes to a proposal."""
    asked = done(mentee.post("/relationships", {"place": place, "themes": WORDS}))["id"]
    offer = {"mentor": str(mentor.id), "reasons_for_mentee": WORDS, "reasons_for_mentor": WORDS}
    made = done(coordinator.post(f"/relationships/{asked}/proposals", offer))["made"]
    return f"/relationships/{asked}/proposals/{made}/acceptance"


def yes(here: MeetingScheme, who: Somebody, path: str) -> Any:
    return partial(here.scheme.as_before(who).post, path, {"version": 1})


def relationship_at(here: MeetingScheme, path: str) -> Relationship:
    return here.scheme.parts.mentoring.load(Relationship, UUID(path.split("/")[2]))


def taken_back_for(here: MeetingScheme, path: str) -> list[SupersededReason]:
    """Why the proposal was taken back, if it was."""
    events = here.scheme.parts.mentoring.events.get(UUID(path.split("/")[2]))
    return [each.reason for each in events if isinstance(each, Happened.ProposalSuperseded)]


def test_rule_1_of_two_acceptances_at_once_the_last_capacity_goes_to_one(
    here: MeetingScheme, coordinator: Somebody, crossroads: Crossroads
) -> None:
    mentor = mentor_with_one_unit(here, coordinator)
    mentees = [mentee_of(here) for _ in range(2)]
    paths = [proposed(coordinator, each, mentor, granted_place(coordinator)) for each in mentees]
    for path in paths:
        done(mentor.post(path, {"version": 1}))

    calls = [yes(here, mentee, path) for mentee, path in zip(mentees, paths, strict=True)]
    answers = crossroads.let_meet(*calls)

    assert [answer.status_code for answer in answers] == [200, 200]
    matched = [path for path in paths if relationship_at(here, path).mentor == mentor.id]
    [other] = [path for path in paths if path not in matched]
    assert len(matched) == 1
    assert taken_back_for(here, other) == [SupersededReason.MENTOR_UNAVAILABLE]
    assert relationship_at(here, other).stage is Stage.REQUESTED
    profile = here.scheme.parts.mentoring.load(MentorProfile, MentorProfile.id_of(mentor.id))
    assert profile.free == 0


def test_rule_1_of_two_requests_for_one_place_at_once_one_is_matched(
    here: MeetingScheme, coordinator: Somebody, crossroads: Crossroads
) -> None:
    place = granted_place(coordinator)
    mentors = [mentor_with_one_unit(here, coordinator) for _ in range(2)]
    mentees = [mentee_of(here) for _ in range(2)]
    pairs = list(zip(mentees, mentors, strict=True))
    paths = [proposed(coordinator, mentee, mentor, place) for mentee, mentor in pairs]
    for mentor, path in zip(mentors, paths, strict=True):
        done(mentor.post(path, {"version": 1}))

    calls = [yes(here, mentee, path) for mentee, path in zip(mentees, paths, strict=True)]
    answers = crossroads.let_meet(*calls)

    assert [answer.status_code for answer in answers] == [200, 200]
    matched = [path for path in paths if relationship_at(here, path).mentor is not None]
    [other] = [path for path in paths if path not in matched]
    assert taken_back_for(here, other) == [SupersededReason.NO_FREE_PLACE]
    taken = here.scheme.parts.mentoring.load(Place, UUID(place))
    assert taken.relationship == relationship_at(here, matched[0]).id
