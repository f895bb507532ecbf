"""What stands on pages, and what their readers leave behind by reading."""

import re

import pytest

from api.web import pipeline
from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import Match, done, match

NEXT = re.compile(r'href="(/pipeline\?[^"]*cursor=[^"]*)" rel="next"')
REFERENCE = re.compile(r'href="/pipeline/([0-9a-f-]{36})"')


def test_a_matched_mentee_reads_about_their_partner_who_can_see_that(
    service: LiveService, visitor: Visitor
) -> None:
    made = match(service.scheme, words="Twenty years of quixotry.")
    service.caught_up()
    visitor.sign_in(made.mentee.token)
    shown = visitor.get(f"/my-mentoring/{made.relationship}/partner")
    looks = done(made.mentor.get("/me/access-records"))["looks"]

    assert "Zelda" in shown.text
    assert "Twenty years of quixotry." in shown.text
    assert (looks[0]["who"], looks[0]["kind"]) == (str(made.mentee.id), "profile")


def test_nothing_of_a_proposal_is_opened_until_its_page_is(
    service: LiveService, mentee: Visitor, proposed: Match
) -> None:
    before = service.event_count("access_register.opened")
    shown = mentee.get("/my-mentoring")
    assert "Zelda" not in shown.text
    assert service.event_count("access_register.opened") == before

    mentee.get(f"/my-mentoring/{proposed.relationship}/proposal")
    assert service.event_count("access_register.opened") == before + 2


def test_after_a_withdrawal_the_reasons_stay_closed(mentee: Visitor, proposed: Match) -> None:
    withdrawal = "/my-consents/take_part/withdrawal"
    answer = mentee.post(withdrawal, mentee.form("/my-consents", withdrawal))
    shown = mentee.get(f"/my-mentoring/{proposed.relationship}/proposal")

    assert answer.headers["location"].startswith("/my-consents?at_least=")
    assert shown.status_code == 409
    assert "Zanzibar-quill." not in shown.text
    assert "You have withdrawn your consent to take part." in mentee.get("/my-mentoring").text


def test_whoever_withdraws_is_told_when_old_backups_become_unreadable_too(
    service: LiveService, mentee: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = "planned for <time datetime="
    assert planned in mentee.get("/my-consents").text
    monkeypatch.setattr(service.parts.settings, "rotation_days", 0)
    told = mentee.get("/my-consents").text
    assert "old backups" in told
    assert "which is due now" in told
    assert planned not in told


def test_the_pipeline_is_read_page_by_page_and_nothing_twice(
    service: LiveService, visitor: Visitor, proposed: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "ROWS_A_PAGE", 1)
    match(service.scheme)
    service.caught_up()
    visitor.sign_in(service.scheme.person(Role.COORDINATOR).token)
    seen: list[str] = []
    address: str | None = "/pipeline"
    while address:
        text = visitor.get(address).text
        seen += REFERENCE.findall(text)
        following = NEXT.search(text)
        address = following[1].replace("&amp;", "&") if following else None

    assert len(seen) == len(set(seen))
    assert str(proposed.relationship) in seen
    assert len(seen) >= 2
