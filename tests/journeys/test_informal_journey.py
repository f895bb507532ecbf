"""Two who found each other: from one's request, by a link that works once, to an hour that both confirm."""

import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.relationship_events import RelationshipEvents as Happened
from domain.values import Role
from tests.databases import fresh_database
from tests.integration.pages.visitor import Visitor
from tests.kinds import OwnProgramme, an_hour, by_link
from tests.live_service import LiveService, live_service
from tests.match import done, give_consent, publish_notices
from tests.matching import Waiting
from tests.scheme import Somebody

WORDS = "It is Octavia-Perelle. Shall we do it?"
LINK = re.compile(r"<code>(http[^<]*)</code>")
UNUSABLE = "This invitation cannot be used"


@pytest.fixture(scope="module")
def service(postgres: EmbeddedPostgres, template: str) -> Iterator[LiveService]:
    """One service for all; each test brings its own people."""
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        live_service(database, Path(folder)) as running,
    ):
        publish_notices(running.scheme)
        running.scheme.app.state.guarded_invitations.refused_after = 0.0
        yield running


@pytest.fixture
def own(service: LiveService) -> OwnProgramme:
    return OwnProgramme(service.scheme, kinds=["informal"], settings=DECLARED_ONLY)


DECLARED_ONLY = {"conflict_rule": "declared_only"}


def link_of(asking: Waiting, words: str | None = WORDS) -> str:
    path = f"/relationships/{asking.relationship}/partner-link"
    return str(done(asking.mentee.post(path, {"words": words}))["link"])


def stage(asking: Waiting) -> str:
    return str(done(asking.mentee.get(f"/relationships/{asking.relationship}"))["stage"])


def looks(somebody: Somebody) -> list[str]:
    return [each["purpose"] for each in done(somebody.get("/me/access-records"))["looks"]]


def test_one_asks_the_other_comes_by_a_link_and_they_meet(
    own: OwnProgramme, service: LiveService
) -> None:
    asking = own.waiting()
    path = f"/relationships/{asking.relationship}"
    partner = by_link(service.scheme, link_of(asking))
    assert partner.role is Role.MENTOR

    asked = done(partner.get(f"{path}/partnership"))
    assert asked["words"] == {"state": "open", "text": WORDS}
    assert done(partner.get(path))["stage"] == "requested"
    assert "matching" in looks(asking.mentee)

    refused = partner.post(f"{path}/partnership/acceptance")
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "urn:vouchsafe:problem:consent-is-not-live",
    )
    give_consent(partner, "take_part")
    done(partner.post(f"{path}/partnership/acceptance"))
    assert stage(asking) == "matched"
    assert service.told(asking.mentee.id) == ["matched", "relationship_changed"]
    assert "matched" in service.told(partner.id)
    for party in (asking.mentee, partner):
        done(party.post(f"{path}/agreement", {"version": 1}))
    assert stage(asking) == "active"

    mondays = {"windows": [{"weekday": 0, "opens": "09:00", "closes": "12:00"}]}
    done(partner.put("/me/availability", {"time_zone": "Europe/London", "away": [], **mondays}))
    assert done(partner.get("/me/availability"))["state"] == "open"
    plan = an_hour(service.clock(), weeks=2) | {"video_link": "https://meet.example/found"}
    session = done(partner.post(f"{path}/sessions", plan))["made"]
    link = done(asking.mentee.get(f"{path}/sessions/{session}/video-link"))
    assert link["video_link"]["text"] == "https://meet.example/found"
    done(partner.post(f"{path}/closing", {"reason": "goals_met"}))
    assert stage(asking) == "closed"


def test_nobody_is_proposed_to_who_found_somebody_and_no_round_is_about_them(
    own: OwnProgramme, service: LiveService
) -> None:
    asking = own.waiting()
    mentor = own.mentor()
    words = {"reasons_for_mentee": "Because.", "reasons_for_mentor": "Because."}
    path = f"/relationships/{asking.relationship}"

    by_hand = own.coordinator.post(f"{path}/proposals", {"mentor": str(mentor.id), **words})
    own.shown()
    by_round = own.coordinator.post(f"/programmes/{own.programme}/matching-rounds")
    by_list = own.coordinator.post(f"{path}/shortlist")

    assert [each.status_code for each in (by_hand, by_round, by_list)] == [409, 409, 409]
    assert "Nobody waits" in by_round.json()["detail"]
    with Visitor(service.url) as coordinates:
        coordinates.sign_in(own.coordinator.token)
        shown = coordinates.get(f"/pipeline/{asking.relationship}").text
    assert "They have found somebody" in shown
    assert "Propose a mentor" not in shown
    own.leave()


def test_a_link_that_is_used_old_wrong_or_taken_back_tells_nothing(
    own: OwnProgramme, service: LiveService
) -> None:
    used, replaced, withdrawn, one_s_own = (own.waiting() for _ in range(4))
    links = [link_of(used), link_of(replaced), link_of(withdrawn)]
    by_link(service.scheme, links[0])
    link_of(replaced)
    taken_back = f"/relationships/{withdrawn.relationship}/partner-link/withdrawal"
    done(withdrawn.mentee.post(taken_back))
    links += ["http://x/join#partner_" + "A" * 43, "http://x/join#partner_short"]

    told = set()
    for link in links:
        body = {"invitation": link.partition("#")[2], "name": "Z", "email": "z@example.org"}
        answer = service.scheme.client().post("/joining", json=body)
        told.add((answer.status_code, answer.text))
    assert len(told) == 1
    assert UNUSABLE in next(iter(told))[1]

    mine = link_of(one_s_own).partition("#")[2]
    answer = one_s_own.mentee.post("/me/places", {"invitation": mine})
    assert (answer.status_code, answer.text) in told


def test_of_many_who_come_by_one_link_at_once_one_is_let_in(
    own: OwnProgramme, service: LiveService
) -> None:
    asking = own.waiting()
    token = link_of(asking).partition("#")[2]
    start = Barrier(4)

    def come(number: int) -> int:
        body = {"invitation": token, "name": "Z", "email": f"z{number}@example.org"}
        with httpx.Client(base_url=service.url, timeout=60) as nobody:
            start.wait()
            return nobody.post("/api/v1/joining", json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(come, range(4)))
    assert told == [201, 409, 409, 409]
    came = service.parts.mentoring.events.get(asking.relationship)
    assert sum(isinstance(each, Happened.PartnerCame) for each in came) == 1


def test_a_stranger_to_the_request_finds_nothing_of_it(
    own: OwnProgramme, service: LiveService
) -> None:
    asking, other = own.waiting(), own.waiting()
    partner = by_link(service.scheme, link_of(asking))
    path = f"/relationships/{asking.relationship}"
    stranger = by_link(service.scheme, link_of(other))

    for who in (stranger, service.scheme.person(Role.MENTOR)):
        for answer in (
            who.get(path),
            who.get(f"{path}/partnership"),
            who.post(f"{path}/partnership/acceptance"),
        ):
            assert answer.status_code == 404
    done(partner.post(f"{path}/partnership/refusal"))
    assert partner.get(f"{path}/partnership").status_code == 404
    assert partner.get(path).status_code == 404
    assert stage(asking) == "requested"


def test_where_workplaces_are_kept_apart_who_works_there_too_cannot_join(
    service: LiveService,
) -> None:
    strict = OwnProgramme(service.scheme, kinds=["informal"])
    asking = strict.waiting(employer="Borough of Fernley", team="North")
    path = f"/relationships/{asking.relationship}"
    partner = by_link(service.scheme, link_of(asking))
    give_consent(partner, "take_part")
    done(partner.put("/me/preferences", {"employer": "borough of  fernley"}))

    refused = partner.post(f"{path}/partnership/acceptance")
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "urn:vouchsafe:problem:work-too-close",
    )
    done(asking.mentee.put("/me/preferences", {"same_employer_welcome": True}))
    done(partner.post(f"{path}/partnership/acceptance"))


def test_the_same_on_pages(own: OwnProgramme, service: LiveService) -> None:
    mentee = own.scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    place = own.place(mentee)
    service.caught_up()
    with Visitor(service.url) as asks, Visitor(service.url) as comes:
        asks.sign_in(mentee.token)
        hidden = asks.form(f"/my-mentoring/request/{place}", "/my-mentoring/request")
        assert asks.post("/my-mentoring/request", hidden | {"place": place}).status_code == 303
        service.caught_up()
        shown = asks.get("/my-mentoring").text
        assert "somebody whom you found" in shown
        assert "Your partner answers" in shown
        (address,) = set(re.findall(r'href="(/my-mentoring/[^"]*/partner-link)"', shown))
        made = asks.post(address, asks.form(address, "/partner-link") | {"words": WORDS})
        (link,) = LINK.findall(made.text)

        hidden = comes.form("/join", "/join")
        newcomer = {"invitation": link, "name": "Zenobia Found", "email": "z@example.org"}
        assert "Read who asks you" in comes.post("/join", hidden | newcomer).text
        service.caught_up()
        caseload = comes.get("/my-caseload").text
        (asked,) = set(re.findall(r'href="(/my-caseload/[^"]*/asked)"', caseload))
        page = comes.get(asked).text
        assert WORDS in page
        assert "First: would you take part at all?" in page
        consent = "/my-consents/take_part"
        given = comes.post(f"{consent}/yes", comes.form(consent, f"{consent}/yes"))
        assert given.status_code == 303
        yes = comes.post(f"{asked}/acceptance", comes.form(asked, "/acceptance"))
        assert yes.status_code == 303
        service.caught_up()
        assert "You have somebody to work with." in comes.get("/my-caseload").text
        assert "You have a mentoring partner." in asks.get("/my-mentoring").text
