"""Notices, consents and mentors' profiles over HTTP."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import structlog

from api.records.notice_board import NoticeBoard
from domain.notice import Notice
from domain.values import Purpose, Role
from tests.databases import Database
from tests.match import done
from tests.scheme import Scheme, Somebody

TEXT = "We keep how to reach you so that you can take part."
FLIP = """UPDATE record.event SET state = set_byte(state, 50, get_byte(state, 50) # 1)
           WHERE originator_id = %s"""
WORDS = "Zanzibar-quill: I led three teams through a merger."


def publish(
    lead: Somebody, purpose: str, version: int, text: str = TEXT, language: str = "en"
) -> Any:
    body = {"purpose": purpose, "version": version, "language": language, "text": text}
    return lead.post("/notices", body)


def published(
    lead: Somebody, purpose: str, version: int = 1, text: str = TEXT, language: str = "en"
) -> None:
    assert publish(lead, purpose, version, text, language).status_code == 201


def say_yes(person: Somebody, purpose: str) -> Any:
    notice = person.get(f"/notices/{purpose}").json()["notices"][0]
    body = {
        "purpose": purpose,
        "notice_version": notice["version"],
        "language": notice["language"],
        "digest": notice["digest"],
    }
    return person.post("/me/consents", body)


@pytest.fixture
def lead(scheme: Scheme) -> Somebody:
    return scheme.person(Role.DATA_PROTECTION_LEAD)


def test_the_newest_notice_of_each_language_is_shown(scheme: Scheme, lead: Somebody) -> None:
    mentee = scheme.person(Role.MENTEE)
    assert mentee.get("/notices/take_part").json() == {"notices": []}
    published(lead, "take_part")
    published(lead, "take_part", 2, text=f"{TEXT} And more.")
    published(lead, "reminders")

    notices = mentee.get("/notices/take_part").json()["notices"]

    assert [(notice["version"], notice["language"]) for notice in notices] == [(2, "en")]


def test_words_are_published_once(lead: Somebody) -> None:
    published(lead, "take_part")

    body = {"purpose": "take_part", "version": 1, "language": "en", "text": "Other words."}
    refused = lead.post("/notices", body)

    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:vouchsafe:problem:notice-is-published"


@pytest.mark.parametrize("version", [3, 10_000])
def test_no_version_is_left_out(lead: Somebody, version: int) -> None:
    published(lead, "take_part")

    refused = publish(lead, "take_part", version)

    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:vouchsafe:problem:not-the-next-version"
    published(lead, "take_part", 2)


def test_each_purpose_and_language_counts_by_itself(lead: Somebody) -> None:
    published(lead, "take_part")
    assert publish(lead, "reminders", 2).status_code == 409
    assert publish(lead, "take_part", 2, language="cy").status_code == 409
    published(lead, "take_part", language="cy")


def test_a_damaged_notice_is_left_out_with_one_alarm_and_others_are_shown(
    scheme: Scheme, lead: Somebody, database: Database
) -> None:
    mentee = scheme.person(Role.MENTEE)
    published(lead, "take_part")
    published(lead, "take_part", 2)
    published(lead, "reminders")
    damage(database, Notice.id_of(Purpose.TAKE_PART, 2, "en"))
    started_anew = NoticeBoard(scheme.parts.mentoring, scheme.parts.recorder)
    scheme.app.state.notice_board = started_anew

    with structlog.testing.capture_logs() as lines:
        shown = done(mentee.get("/notices/take_part"))["notices"]
        (other,) = done(mentee.get("/notices/reminders"))["notices"]

    # Version 1 was replaced, so there is nothing to ask with before the next is published.
    assert (shown, other["version"]) == ([], 1)
    alarms = [line for line in lines if line["event"] == "notice left out"]
    assert [line["error"] for line in alarms] == ["Tampered"]
    assert str(Notice.id_of(Purpose.TAKE_PART, 2, "en")) in alarms[0]["record"]
    assert publish(lead, "take_part", 2).status_code >= 400
    published(lead, "take_part", 3)
    (newest,) = done(mentee.get("/notices/take_part"))["notices"]
    assert newest["version"] == 3


def damage(database: Database, stream: UUID) -> None:
    """What somebody with every right over the database could do."""
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(FLIP, [stream])


def test_a_consent_is_given_read_and_withdrawn(scheme: Scheme, lead: Somebody) -> None:
    mentee = scheme.person(Role.MENTEE)
    published(lead, "take_part")

    assert say_yes(mentee, "take_part").status_code == 201
    assert mentee.get("/me/consents").json()["consents"][0]["is_live"]
    assert mentee.post("/me/consents/take_part/withdrawal").status_code == 201

    consent = mentee.get("/me/consents").json()["consents"][0]
    assert not consent["is_live"]
    assert [change["state"] for change in consent["changes"]] == ["given", "withdrawn"]


def test_a_consent_to_other_words_is_refused(scheme: Scheme, lead: Somebody) -> None:
    mentee = scheme.person(Role.MENTEE)
    published(lead, "take_part")
    body = {"purpose": "take_part", "notice_version": 1, "language": "en", "digest": "ab" * 32}

    refused = mentee.post("/me/consents", body)

    assert refused.status_code == 409
    assert mentee.get("/me/consents").json()["consents"] == []


def test_a_consent_to_an_unpublished_notice_is_refused(scheme: Scheme) -> None:
    body = {"purpose": "take_part", "notice_version": 9, "language": "en", "digest": "ab" * 32}

    assert scheme.person(Role.MENTEE).post("/me/consents", body).status_code == 404


def profiled(scheme: Scheme, lead: Somebody) -> tuple[Somebody, Somebody]:
    """A coordinator, and a mentor who applied, was approved and published a profile."""
    coordinator, mentor = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTOR)
    for purpose in ("take_part", "share_profile"):
        published(lead, purpose)
        assert say_yes(mentor, purpose).status_code == 201
    assert mentor.post("/me/mentor-profile", {"words": WORDS}).status_code == 201
    approval = coordinator.post(f"/mentor-profiles/{mentor.id}/approval")
    assert approval.status_code == 201
    profile = {"display_name": "Zelda", "words": WORDS}
    assert mentor.put("/me/mentor-profile/published", profile).status_code == 200
    assert mentor.put("/me/mentor-profile/capacity", {"capacity": 2}).status_code == 200
    return coordinator, mentor


def test_a_mentor_applies_once(scheme: Scheme, lead: Somebody) -> None:
    _, mentor = profiled(scheme, lead)

    refused = mentor.post("/me/mentor-profile", {})

    assert refused.json()["type"] == "urn:vouchsafe:problem:applied-already"


def test_a_coordinator_opens_a_profile_and_the_mentor_sees_it(
    scheme: Scheme, lead: Somebody
) -> None:
    coordinator, mentor = profiled(scheme, lead)

    shown = coordinator.get(f"/mentor-profiles/{mentor.id}").json()

    assert (shown["display_name"], shown["words"]) == ("Zelda", WORDS)
    assert shown["standing"] == {
        "stage": "approved",
        "capacity": 2,
        "free": 2,
        "application": {"state": "open", "text": WORDS},
        "kinds": ["for_diversity", "formal", "group"],
        "programmes": [],
    }
    looks = mentor.get("/me/access-records").json()["looks"]
    assert {look["kind"] for look in looks} == {"profile"}


def test_a_withdrawal_closes_a_profile(scheme: Scheme, lead: Somebody) -> None:
    coordinator, mentor = profiled(scheme, lead)

    mentor.post("/me/consents/share_profile/withdrawal")

    shown = coordinator.get(f"/mentor-profiles/{mentor.id}").json()
    assert (shown["state"], shown["words"]) == ("consent_not_live", None)
    assert shown["standing"]["application"]["state"] == "open"


def test_a_profile_is_absent_to_who_is_not_proposed_to_its_mentor(
    scheme: Scheme, lead: Somebody
) -> None:
    _, mentor = profiled(scheme, lead)

    strangers = scheme.person(Role.MENTEE), scheme.person(Role.MENTOR)
    answers = [each.get(f"/mentor-profiles/{mentor.id}") for each in strangers]
    query = {"relationship": str(uuid4())}
    answers.append(strangers[0].get(f"/mentor-profiles/{mentor.id}", params=query))

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert mentor.get("/me/access-records").json()["looks"] == []


def test_a_profile_is_not_published_without_consent(scheme: Scheme) -> None:
    mentor = scheme.person(Role.MENTOR)
    assert mentor.post("/me/mentor-profile", {}).status_code == 201

    profile = {"display_name": "Zelda", "words": WORDS}
    refused = mentor.put("/me/mentor-profile/published", profile)

    assert refused.status_code == 409
    assert WORDS not in refused.text
