"""A form whose session ended before it was sent: kept for whoever wrote it, stored nowhere, and sent when they are back."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from api.auth.tokens import SESSION_IDLES
from domain.values import Role
from tests.integration.pages.visitor import HIDDEN, Visitor
from tests.live_service import LiveService
from tests.match import Match

WORDS = "Quillfeather <b>words</b> & more, long enough to be missed"
OURS = {"Sec-Fetch-Site": "same-origin"}
NOT_OURS: list[dict[str, str]] = [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site"}]


def refusal(mentee: Visitor, made: Match) -> tuple[str, dict[str, str]]:
    """Where a form goes, and what somebody has written into it."""
    fields = mentee.form(f"/my-mentoring/{made.relationship}/proposal", "/refusal")
    written = fields | {"reason": "conflict", "words": WORDS}
    return f"/my-mentoring/{made.relationship}/refusal", written


def hidden_in(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(text)}


def out_of_time(service: LiveService) -> Any:
    service.clock.ahead += SESSION_IDLES + timedelta(minutes=1)


def test_what_was_written_waits_on_the_page_for_signing_in_and_is_sent_once(
    service: LiveService, mentee: Visitor, proposed: Match
) -> None:
    path, written = refusal(mentee, proposed)
    before = service.scheme.event_count()
    out_of_time(service)
    shown = mentee.post(path, written, headers=OURS)

    assert shown.status_code == 401
    assert shown.headers["cache-control"] == "no-store"
    assert "Nothing is lost" in shown.text
    assert WORDS in unescape(shown.text)
    assert WORDS not in shown.text
    assert service.scheme.event_count() == before

    token = service.scheme.speaking_for(proposed.mentee.id, Role.MENTEE).token
    kept = hidden_in(shown.text.split('id="by-token"')[1])
    wrong = mentee.post("/sign-in", {**kept, "token": "wrong"}, headers=OURS)
    assert WORDS in unescape(wrong.text)
    back = mentee.post("/sign-in", {**kept, "token": token}, headers=OURS)
    assert "Send what you wrote" in back.text
    assert service.scheme.event_count() == before

    sent = hidden_in(back.text.split("<h1>")[1])
    assert sent["words"] == WORDS
    first, again = (mentee.post(path, sent, headers=OURS) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert service.event_count("relationship.proposal_declined") >= 1
    assert service.scheme.event_count() > before


def test_a_form_of_a_session_before_can_be_sent_again_at_once(
    service: LiveService, mentee: Visitor, proposed: Match
) -> None:
    path, written = refusal(mentee, proposed)
    mentee.sign_in(proposed.mentee.token)
    before = service.scheme.event_count()
    shown = mentee.post(path, written, headers=OURS)

    assert shown.status_code == 403
    assert service.scheme.event_count() == before
    sent = hidden_in(shown.text.split("<h1>")[1])
    assert mentee.post(path, sent, headers=OURS).status_code == 303
    assert service.scheme.event_count() > before


@pytest.mark.parametrize("headers", NOT_OURS)
def test_nothing_is_kept_of_a_form_of_which_nobody_says_that_it_is_ours(
    service: LiveService, mentee: Visitor, proposed: Match, headers: dict[str, str]
) -> None:
    path, written = refusal(mentee, proposed)
    out_of_time(service)
    answer = mentee.post(path, written, headers=headers)

    assert WORDS not in unescape(answer.text)
    assert answer.status_code in {303, 403}


@pytest.mark.parametrize("action", ["//elsewhere.example", "https://elsewhere.example", "/\\x", ""])
def test_a_kept_form_leads_nowhere_else(
    service: LiveService, visitor: Visitor, action: str
) -> None:
    token = service.scheme.person(Role.MENTEE).token
    fields = {"token": token, "kept_action": action, "kept": "words=abc"}

    assert visitor.post("/sign-in", fields, headers=OURS).status_code == 303


def test_who_signs_in_as_somebody_else_sends_nothing_of_theirs(
    service: LiveService, mentee: Visitor, proposed: Match
) -> None:
    path, written = refusal(mentee, proposed)
    out_of_time(service)
    shown = mentee.post(path, written, headers=OURS)
    kept = hidden_in(shown.text.split('id="by-token"')[1])
    token = service.scheme.person(Role.MENTEE).token
    back = mentee.post("/sign-in", {**kept, "token": token}, headers=OURS)
    before = service.scheme.event_count()

    answer = mentee.post(path, hidden_in(back.text.split("<h1>")[1]), headers=OURS)

    assert answer.status_code == 404
    assert service.scheme.event_count() == before


def test_signing_out_and_in_keep_nothing(mentee: Visitor) -> None:
    fields = {"words": WORDS, "csrf": "0" * 64}

    for path in ("/sign-out", "/sign-in"):
        assert WORDS not in unescape(mentee.post(path, fields, headers=OURS).text)


def test_one_page_shows_and_ends_what_is_signed_in(
    service: LiveService, mentee: Visitor, proposed: Match
) -> None:
    token = service.scheme.speaking_for(proposed.mentee.id, Role.MENTEE).token
    with Visitor(service.url) as telephone:
        telephone.sign_in(token, headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/605"})
        mentee.sign_in(service.scheme.speaking_for(proposed.mentee.id, Role.MENTEE).token)
        shown = mentee.get("/my-sign-in").text
        assert "Safari on an iPhone" in shown
        assert "(this one)" in shown
        path = "/my-sign-in/others/ending"
        assert mentee.post(path, mentee.form("/my-sign-in", path)).status_code == 303

        assert "iPhone" not in mentee.get("/my-sign-in").text
        assert telephone.get("/my-mentoring").status_code == 303
    assert mentee.get("/my-mentoring").status_code == 200
