"""Who is kept apart is not brought together by hand either, whichever place and whichever way round it was on."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from projections.participation import PARTICIPATION
from tests.databases import fresh_database
from tests.groups import Groups
from tests.match import done, give_consent, granted_place, match, publish_notices, welcome_mentor
from tests.scheme import Scheme, Somebody, reading_scheme_on

PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    folder = tmp_path_factory.mktemp("parted")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as running,
    ):
        publish_notices(running)
        yield running


def proposed(scheme: Scheme, mentee: Somebody, mentor: Somebody) -> Any:
    """What a coordinator is answered who proposes one to the other, on a place of its own."""
    coordinator = scheme.person(Role.COORDINATOR)
    asked = done(mentee.post("/relationships", {"place": granted_place(coordinator)}))["id"]
    newest = scheme.parts.recorder.max_notification_id() or 0
    scheme.app.state.reader.wait_for(PARTICIPATION.name, newest, PATIENCE_SECONDS)
    offer = {"mentor": str(mentor.id), "reasons_for_mentee": "a", "reasons_for_mentor": "b"}
    return coordinator.post(f"/relationships/{asked}/proposals", offer)


def why(refused: Any) -> str:
    assert refused.status_code == 409, refused.text
    return str(refused.json()["type"]).rpartition(":")[2]


def test_whoever_parted_without_fault_may_be_proposed_again(scheme: Scheme) -> None:
    made = match(scheme)
    done(made.mentee.post(f"/relationships/{made.relationship}/closing", {"reason": "no_fault"}))
    done(proposed(scheme, made.mentee, made.mentor))


def test_a_pair_that_ended_for_safeguarding_is_refused_on_every_other_place(scheme: Scheme) -> None:
    made = match(scheme)
    ending = {"reason": "safeguarding"}
    done(made.coordinator.post(f"/relationships/{made.relationship}/closing", ending))
    assert why(proposed(scheme, made.mentee, made.mentor)) == "parted-for-cause"


def test_and_so_it_is_the_other_way_round(scheme: Scheme) -> None:
    made = match(scheme)
    wrong = {"reason": "not_the_right_match"}
    done(made.mentor.post(f"/relationships/{made.relationship}/rematch", wrong))
    done(made.coordinator.post(f"/people/{made.mentee.id}/roles", {"role": "mentor"}))
    done(made.coordinator.post(f"/people/{made.mentor.id}/roles", {"role": "mentee"}))
    mentor = scheme.speaking_for(made.mentee.id, Role.MENTOR, name=made.mentee.name)
    mentee = scheme.speaking_for(made.mentor.id, Role.MENTEE, name=made.mentor.name)
    welcome_mentor(made.coordinator, mentor, words="Zanzibar-quill.")
    assert why(proposed(scheme, mentee, mentor)) == "parted-for-cause"


def test_a_conflict_is_one_on_every_other_place(scheme: Scheme) -> None:
    made = match(scheme)
    conflict = {"with_person": str(made.mentor.id)}
    done(made.mentee.post(f"/relationships/{made.relationship}/conflicts", conflict))
    assert why(proposed(scheme, made.mentee, made.mentor)) == "conflict-declared-before"


def test_nobody_is_offered_a_seat_beside_somebody_they_are_kept_apart_from(scheme: Scheme) -> None:
    groups = Groups(scheme)
    group, (member,) = groups.of(1)
    made = match(scheme)
    conflict = {"with_person": str(member.person.id)}
    done(made.mentee.post(f"/relationships/{made.relationship}/conflicts", conflict))
    granted = {"agreement": groups.agreement, "sessions": 1}
    place = done(groups.coordinator.post("/places", granted))["id"]
    give_consent(made.mentee, "take_part")
    request = {"place": place, "kind": "group", "cadence": "weekly"}
    asked = done(made.mentee.post("/relationships", request))["id"]
    newest = scheme.parts.recorder.max_notification_id() or 0
    scheme.app.state.reader.wait_for(PARTICIPATION.name, newest, PATIENCE_SECONDS)
    offer = {"mentor": str(groups.facilitator.id), "group": group}
    reasons = {"reasons_for_mentee": "a", "reasons_for_mentor": "b"}
    refused = groups.coordinator.post(f"/relationships/{asked}/proposals", offer | reasons)
    assert why(refused) == "conflict-in-group"
