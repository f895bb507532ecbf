"""Consents on pages, with plain forms and no scripts: read in one's language, decide, change one's mind, look back."""

import re
from hashlib import sha256
from typing import Any

import pytest

from api.records.written_notices import publish_written, written_notices
from domain.consent import ConsentLedger
from domain.values import Purpose, Role
from projections.consent_history import CONSENT_HISTORY
from tests.integration.pages.conftest import signed_in
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import done
from tests.scheme import Somebody

PATIENCE_SECONDS = 30.0
WRITTEN = {(each.purpose, each.language): each.text for each in written_notices()}
FEEDBACK = "/my-consents/feedback"


@pytest.fixture(scope="module", autouse=True)
def _published(service: LiveService) -> None:
    publish_written(service.parts, written_notices())


@pytest.fixture
def person(service: LiveService) -> Somebody:
    return service.scheme.person(Role.MENTEE)


@pytest.fixture
def page(visitor: Visitor, person: Somebody) -> Visitor:
    return signed_in(visitor, person)


def say(page: Visitor, what: str, *, language: str = "en") -> Any:
    address = f"{FEEDBACK}?language={language}"
    return page.post(f"{FEEDBACK}/{what}", page.form(address, f"{FEEDBACK}/{what}"))


def changes_of(service: LiveService, person: Somebody) -> list[ConsentLedger.Given]:
    events = service.parts.mentoring.events.get(ConsentLedger.id_of(person.id))
    return [event for event in events if isinstance(event, ConsentLedger.Given)]


def receipts_of(person: Somebody) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(person.get("/me/consents/receipts"))["receipts"]
    return found


@pytest.mark.parametrize("role", [Role.MENTEE, Role.MENTOR])
def test_every_purpose_is_there_to_be_read_about(
    service: LiveService, visitor: Visitor, role: Role
) -> None:
    text = signed_in(visitor, service.scheme.person(role)).get("/my-consents").text
    for purpose in Purpose:
        assert f'href="/my-consents/{purpose}"' in text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_yes_is_to_the_whole_words_in_the_language_that_was_shown(
    service: LiveService, page: Visitor, person: Somebody, language: str
) -> None:
    words = WRITTEN[Purpose.FEEDBACK, language]
    shown = page.get(f"{FEEDBACK}?language={language}").text
    for paragraph in words.removeprefix("# ").split("\n\n"):
        assert paragraph.replace("'", "&#39;").replace('"', "&#34;") in shown
    assert f'lang="{language}"' in shown

    answer = say(page, "yes", language=language)

    assert answer.status_code == 303
    (given,) = changes_of(service, person)
    assert (given.language, given.digest) == (language, sha256(words.encode()).digest())
    assert "You agreed on" in page.get(answer.headers["location"]).text


def test_who_takes_part_in_welsh_reads_everything_else_in_welsh_first(page: Visitor) -> None:
    address, in_welsh = "/my-consents/take_part", "Gofyn i chi sut aeth pethau"
    assert in_welsh not in page.get(FEEDBACK).text
    page.post(f"{address}/yes", page.form(f"{address}?language=cy", f"{address}/yes"))
    assert in_welsh in page.get(FEEDBACK).text
    assert in_welsh not in page.get(f"{FEEDBACK}?language=en").text


@pytest.mark.parametrize(
    ("what", "change", "told"),
    [
        ("not-now", "deferred", "You said: not now. We will ask you again later."),
        ("no", "refused", "You said no, since"),
    ],
)
def test_not_now_and_no_are_one_form_each_and_can_be_thought_over(
    page: Visitor, person: Somebody, what: str, change: str, told: str
) -> None:
    answer = say(page, what)
    assert told in page.get(answer.headers["location"]).text
    say(page, "yes")
    assert [each["change"] for each in receipts_of(person)] == [change, "given"]


def test_withdrawing_is_one_form_and_giving_again_as_easy(page: Visitor, person: Somebody) -> None:
    say(page, "yes")
    withdrawal = f"{FEEDBACK}/withdrawal"
    answer = page.post(withdrawal, page.form("/my-consents", withdrawal))
    assert "You do not consent to this, since" in page.get(answer.headers["location"]).text
    say(page, "yes")
    changes = [each["change"] for each in receipts_of(person)]
    assert changes == ["given", "withdrawn", "given"]


def test_other_words_than_those_shown_are_not_agreed_to(page: Visitor, person: Somebody) -> None:
    fields = page.form(FEEDBACK, f"{FEEDBACK}/yes")
    refused = page.post(f"{FEEDBACK}/yes", {**fields, "digest": "0" * 64})
    assert refused.status_code == 409
    unread = page.post(f"{FEEDBACK}/yes", {**fields, "language": "cy"})
    assert unread.status_code == 409
    assert receipts_of(person) == []


def test_a_form_sent_twice_says_it_once(page: Visitor, person: Somebody) -> None:
    fields = page.form(FEEDBACK, f"{FEEDBACK}/yes")
    answers = [page.post(f"{FEEDBACK}/yes", fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(receipts_of(person)) == 1


def test_ones_own_history_has_a_line_a_receipt_with_both_clocks(
    page: Visitor, person: Somebody
) -> None:
    say(page, "not-now")
    say(page, "yes", language="cy")
    shown = page.get("/my-consents/history").text
    for receipt in receipts_of(person):
        assert receipt["id"].replace("-", "").upper()[:4] in shown
        assert receipt["digest"][:12] in shown
        for clock in ("effective_at", "recorded_at"):
            assert receipt[clock].rstrip("Z") in shown
    assert "Cymraeg" in shown
    assert shown.index("agreed") < shown.index("not now")


@pytest.mark.parametrize("role", [Role.DATA_PROTECTION_LEAD, Role.AUDITOR])
def test_who_checks_reads_pseudonyms_and_everybody_on_the_page_can_read_that_they_looked(
    service: LiveService, visitor: Visitor, page: Visitor, person: Somebody, role: Role
) -> None:
    say(page, "yes")
    newest = service.parts.recorder.max_notification_id() or 0
    service.reader.wait_for(CONSENT_HISTORY.name, newest, PATIENCE_SECONDS)
    checker = service.scheme.person(role)

    shown = signed_in(visitor, checker).get(f"/consent-history?person={person.id}").text

    assert str(person.id) in shown
    assert person.name not in shown
    assert "Being asked how it went" in shown
    looks = done(person.get("/me/access-records"))["looks"]
    assert [(each["who"], each["role"], each["kind"]) for each in looks] == [
        (str(checker.id), role.value, "consents")
    ]


def test_the_history_of_all_is_read_by_purpose_and_page_by_page(
    service: LiveService, visitor: Visitor
) -> None:
    people = [service.scheme.person(Role.MENTEE) for _ in range(3)]
    for each in people:
        notice = done(each.get("/notices/research"))["notices"][1]
        words = {"notice_version": 1, "language": "en", "digest": notice["digest"]}
        done(each.post("/me/consents", {"purpose": "research", **words}))
    newest = service.parts.recorder.max_notification_id() or 0
    service.reader.wait_for(CONSENT_HISTORY.name, newest, PATIENCE_SECONDS)
    lead = service.scheme.person(Role.DATA_PROTECTION_LEAD)
    answer = done(lead.get("/consent-history?purpose=research&limit=2"))
    following = done(lead.get(f"/consent-history?purpose=research&limit=2&cursor={answer['next']}"))
    found = [each["person"] for each in answer["changes"] + following["changes"]]
    assert found == [str(each.id) for each in reversed(people)]
    shown = signed_in(visitor, lead).get("/consent-history?purpose=research").text
    assert len(re.findall(r'<th scope="row">', shown)) == 3


def test_nobody_checks_their_own_consents_by_duty(service: LiveService, page: Visitor) -> None:
    say(page, "yes")
    both = service.scheme.person(Role.DATA_PROTECTION_LEAD, Role.MENTEE)
    as_mentee = service.scheme.speaking_for(both.id, Role.MENTEE)
    notice = done(as_mentee.get("/notices/feedback"))["notices"][0]
    words = {key: notice[key] for key in ("language", "digest")} | {"notice_version": 1}
    done(as_mentee.post("/me/consents", {"purpose": "feedback", **words}))
    newest = service.parts.recorder.max_notification_id() or 0
    service.reader.wait_for(CONSENT_HISTORY.name, newest, PATIENCE_SECONDS)
    shown = done(both.get("/consent-history?limit=200"))["changes"]
    assert shown
    assert str(both.id) not in {each["person"] for each in shown}
