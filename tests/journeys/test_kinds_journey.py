"""Kinds of mentoring followed over HTTP: reverse, for diversity and by video, in programmes that nobody has to pay for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from tests.databases import fresh_database
from tests.integration.pages.visitor import Visitor
from tests.kinds import BOTH_SHARED, WOMAN_AND_SIKH, OwnProgramme, an_hour, pairs
from tests.live_service import LiveService, live_service
from tests.match import done, give_consent, publish_notices
from tests.matching import Waiting
from tests.scheme import Somebody

DECLARED_ONLY = {"conflict_rule": "declared_only"}
FERNLEY = {"employer": "Borough of Fernley", "team": "North"}


@pytest.fixture(scope="module")
def service(postgres: EmbeddedPostgres, template: str) -> Iterator[LiveService]:
    """One service for all; each test brings its own programme and people."""
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        live_service(database, Path(folder)) as running,
    ):
        publish_notices(running.scheme)
        yield running


@pytest.fixture
def programmes() -> Iterator[list[OwnProgramme]]:
    """Programmes whose mentors take nobody more once the test is over."""
    made: list[OwnProgramme] = []
    yield made
    for each in made:
        each.leave()


def programme(
    made: list[OwnProgramme], service: LiveService, *kinds: str, **settings: Any
) -> OwnProgramme:
    made.append(OwnProgramme(service.scheme, kinds=list(kinds), settings=settings))
    return made[-1]


def offer(mentor: Somebody, *kinds: str) -> Somebody:
    done(mentor.put("/me/mentor-profile/kinds", {"kinds": list(kinds)}))
    return mentor


def propose(own: OwnProgramme, asking: Waiting, mentor: Somebody) -> Any:
    words = {"reasons_for_mentee": "You could suit.", "reasons_for_mentor": "You could suit."}
    path = f"/relationships/{asking.relationship}/proposals"
    return own.coordinator.post(path, {"mentor": str(mentor.id), **words})


def kind_of(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_a_senior_learns_from_somebody_newer_and_both_are_partners_on_their_pages(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "formal", "reverse", **DECLARED_ONLY)
    asking = own.waiting(kind="reverse", **FERNLEY)
    own.mentor()
    newer = offer(own.mentor(**FERNLEY), "reverse")
    path = own.matched(asking, newer)
    service.caught_up()

    with Visitor(service.url) as guides, Visitor(service.url) as learns:
        guides.sign_in(newer.token)
        learns.sign_in(asking.mentee.token)
        one = guides.get(f"/my-caseload/{asking.relationship}").text
        assert "your mentoring partner" in one
        assert "your mentee" not in one
        shown = guides.get(f"/my-caseload/{asking.relationship}/mentee").text
        assert "<h1>Your mentoring partner</h1>" in shown
        assert "your mentoring partner" in learns.get("/my-mentoring").text
        for visitor, prefix in ((guides, "/my-caseload"), (learns, "/my-mentoring")):
            notes = visitor.get(f"{prefix}/{asking.relationship}/notebook").text
            assert "for you and your mentoring partner" in notes
    plan = an_hour(service.clock(), weeks=2)
    for party in (newer, asking.mentee):
        assert done(party.get(path))["kind"] == "reverse"
    session = done(newer.post(f"{path}/sessions", plan))["made"]
    done(
        asking.mentee.post(f"{path}/sessions/{session}/cancellation", {"reason": "no_reason_given"})
    )


def test_a_mentor_is_found_and_proposed_for_what_they_offer_and_where_alone(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "reverse")
    asking = own.waiting()
    usual = own.mentor()
    elsewhere = offer(own.mentor(), "reverse")
    other = programme(programmes, service, "reverse")
    limited = {"programmes": [other.programme]}
    done(own.coordinator.put(f"/mentor-profiles/{elsewhere.id}/programmes", limited))

    found = own.run()
    own.close(found)
    refused = [kind_of(propose(own, asking, each)) for each in (usual, elsewhere)]
    done(own.coordinator.put(f"/mentor-profiles/{elsewhere.id}/programmes", {"programmes": []}))
    done(own.coordinator.post(f"/relationships/{asking.relationship}/shortlist"))
    listed = done(asking.mentee.get(f"/relationships/{asking.relationship}/shortlist"))

    assert found["mentors"] == 0
    assert found["left_over"] == [str(asking.relationship)]
    assert refused == ["kind-is-not-theirs", "programme-is-not-theirs"]
    assert [each["mentor"] for each in listed["mentors"]] == [str(elsewhere.id)]


def test_one_who_wishes_for_a_shared_background_is_matched_by_it_and_withdraws(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "for_diversity")
    wishing = own.waiting("identity_preference")
    wish = WOMAN_AND_SIKH | BOTH_SHARED | {"importance": 3}
    done(wishing.mentee.put("/me/preferences/background", wish))
    plain = own.waiting()
    half = own.mentor("identity_preference")
    done(half.put("/me/preferences/background", {"own": {"gender": ["woman"]}}))
    shares = own.mentor("identity_preference")
    done(shares.put("/me/preferences/background", WOMAN_AND_SIKH))

    found = own.run()
    own.propose(found, wishing.relationship)
    own.close(found)
    path = f"/relationships/{wishing.relationship}"
    version = done(wishing.mentee.get(f"{path}/proposal"))["version"]
    done(wishing.mentee.post("/me/consents/identity_preference/withdrawal"))
    still = done(wishing.mentee.get(path))

    assert pairs(found) == {wishing.relationship: shares.id, plain.relationship: half.id}
    assert version == 1
    assert still["stage"] in {"proposed", "requested"}
    assert wishing.mentee.get("/me/preferences/background").json()["background"] is None
    assert done(wishing.mentee.get("/me/consents"))["consents"]
    assert propose(own, wishing, half).status_code == 201
    anew = done(wishing.mentee.get(f"{path}/proposal"))
    assert (anew["version"], anew["mentor"]) == (2, str(half.id))


def test_by_video_each_hour_has_a_link_and_no_distance_keeps_anybody_apart(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "formal")
    asking = own.waiting(**FERNLEY)
    far = own.mentor(employer="Comhairle nan Eilean Siar")
    path = own.matched(asking, far)
    link = {"video_link": "https://meet.example/across-the-sea"}

    plan = an_hour(service.clock(), weeks=2)
    session = done(asking.mentee.post(f"{path}/sessions", plan | link))["made"]
    for party in (asking.mentee, far):
        shown = done(party.get(f"{path}/sessions/{session}/video-link"))
        assert shown["video_link"]["text"] == link["video_link"]
    place = done(own.coordinator.get(f"/places/{done(asking.mentee.get(path))['place']}"))
    assert (place["agreement"], place["programme"]) == (None, own.programme)
    assert (place["granted"], place["reserved"]) == (3, 1)
    done(own.coordinator.post(f"/places/{place['id']}/extension", {"sessions": 1}))


def test_newly_qualified_is_a_wish_like_others(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "formal", asks_newly_qualified=True)
    wish = {"wishes": [{"aspect": "career", "any_of": ["newly_qualified"], "importance": 3}]}
    remembers = own.mentor(**wish)
    seasoned = own.waiting(about={"career": ["leader"]})
    new = own.waiting(about={"career": ["newly_qualified"]})
    another = own.scheme.person(Role.MENTEE)
    place = own.place(another)

    assert pairs(own.run()) == {new.relationship: remembers.id}
    assert seasoned.relationship != new.relationship
    with Visitor(service.url) as visitor:
        visitor.sign_in(another.token)
        assert "Are you newly qualified?" in visitor.get(f"/my-mentoring/request/{place}").text


def test_rule_9_of_one_employer_only_if_the_mentee_asks_by_round_and_by_hand(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "formal")
    asking = own.waiting(**FERNLEY)
    colleague = own.mentor(employer="borough of fernley", team="South")
    nearby = own.mentor(**FERNLEY)

    found = own.run()
    own.close(found)
    refused = [kind_of(propose(own, asking, each)) for each in (colleague, nearby)]
    done(asking.mentee.put("/me/preferences", FERNLEY | {"same_employer_welcome": True}))
    anew = own.run()
    still = kind_of(propose(own, asking, nearby))

    assert found["left_over"] == [str(asking.relationship)]
    assert refused == ["work-too-close", "work-too-close"]
    assert pairs(anew) == {asking.relationship: colleague.id}
    assert still == "work-too-close"
    assert propose(own, asking, colleague).status_code == 201


def test_inside_one_workplace_a_programme_can_set_its_own_rule(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "reverse", **DECLARED_ONLY)
    asking = own.waiting(**FERNLEY)
    colleague = offer(own.mentor(**FERNLEY), "reverse")

    assert pairs(own.run()) == {asking.relationship: colleague.id}
    assert propose(own, asking, colleague).status_code == 201


def test_a_form_asks_what_kind_where_there_is_a_choice_and_refuses_another_kindly(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    several = programme(programmes, service, "formal", "reverse")
    single = programme(programmes, service, "for_diversity")
    mentee = own_mentee(several)
    with Visitor(service.url) as visitor:
        visitor.sign_in(mentee.token)
        place = several.place(mentee)
        address = f"/my-mentoring/request/{place}"
        asked = visitor.get(address).text
        assert "What would you like?" in asked
        assert "found myself" not in asked
        hidden = visitor.form(address, "/my-mentoring/request") | {"place": place}
        unnamed = visitor.post("/my-mentoring/request", hidden)
        assert (unnamed.status_code, "more than one kind" in unnamed.text) == (422, True)
        wrong = visitor.post("/my-mentoring/request", hidden | {"kind": "informal"})
        assert (wrong.status_code, "is not offered here" in wrong.text) == (422, True)
        right = visitor.post("/my-mentoring/request", hidden | {"kind": "reverse"})
        assert right.status_code == 303
        only = visitor.get(f"/my-mentoring/request/{single.place(mentee)}").text
        assert "What would you like?" not in only


def own_mentee(own: OwnProgramme) -> Somebody:
    mentee = own.scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    return mentee


def test_a_mentor_says_on_a_page_what_they_offer(
    service: LiveService, programmes: list[OwnProgramme]
) -> None:
    own = programme(programmes, service, "reverse")
    asking, mentor = own.waiting(), own.mentor()
    profile = "/my-caseload/profile"
    with Visitor(service.url) as visitor:
        visitor.sign_in(mentor.token)
        hidden = visitor.form(profile, f"{profile}/kinds")
        none = visitor.post(f"{profile}/kinds", hidden)
        assert (none.status_code, "at least one kind" in none.text) == (422, True)
        ticked = hidden | {"reverse": "on", "formal": "on"}
        assert visitor.post(f"{profile}/kinds", ticked).status_code == 303

    assert pairs(own.run()) == {asking.relationship: mentor.id}
    shown = done(own.coordinator.get(f"/mentor-profiles/{mentor.id}"))["standing"]
    assert (shown["kinds"], shown["programmes"]) == (["formal", "reverse"], [])
