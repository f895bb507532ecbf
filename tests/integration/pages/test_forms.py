"""Forms of both sides: what is refused is said in a sentence, what was typed stays, and twice is once."""

from datetime import date, timedelta

import pytest

from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import LONDON, LiveService
from tests.match import Match, done, give_consent, granted_place, match
from tests.scheme import Somebody

TYPED = "quillfeather typed exactly this"


@pytest.fixture(scope="module")
def pair(service: LiveService) -> Match:
    """Two who have agreed to meet."""
    made = match(service.scheme)
    for party in (made.mentee, made.mentor):
        done(party.post(f"/relationships/{made.relationship}/agreement", {"version": 1}))
    service.caught_up()
    return made


def first_of_month(service: LiveService, months: int) -> date:
    """The first working day of a month ahead."""
    day = service.clock().astimezone(LONDON).date().replace(day=1)
    for _ in range(months):
        day = (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def plan(visitor: Visitor, prefix: str, day: date, at: str = "10:00") -> str:
    """Send the form; what the page says then."""
    page = f"{prefix}/sessions"
    fields = visitor.form(f"{page}/new", "/sessions") | {"day": str(day), "at": at}
    answer = visitor.post(page, fields)
    return visitor.get(answer.headers["location"]).text if answer.is_redirect else answer.text


def test_refusals_are_sentences_beside_what_was_typed(
    service: LiveService, visitor: Visitor, pair: Match
) -> None:
    visitor.sign_in(pair.mentor.token)
    prefix = f"/my-caseload/{pair.relationship}"
    first = first_of_month(service, 2)
    said = {
        "planned": plan(visitor, prefix, first),
        "twice": plan(visitor, prefix, first, "12:00"),
        "at night": plan(visitor, prefix, first_of_month(service, 3), "23:30"),
        "past": plan(visitor, prefix, date(2020, 3, 2)),
    }

    assert "Your next session is on" in said["planned"]
    assert "There is already a session on this day" in said["twice"]
    assert f'value="{first}"' in said["twice"]
    assert "within the agreed working hours" in said["at night"]
    assert 'value="23:30"' in said["at night"]
    assert 'role="alert"' in said["past"]


def test_once_all_sessions_are_planned_the_page_says_so(
    service: LiveService, visitor: Visitor
) -> None:
    made = match(service.scheme)
    for party in (made.mentee, made.mentor):
        done(party.post(f"/relationships/{made.relationship}/agreement", {"version": 1}))
    service.caught_up()
    visitor.sign_in(made.mentee.token)
    prefix = f"/my-mentoring/{made.relationship}"
    fields = visitor.form(f"{prefix}/sessions/new", "/sessions")
    for months in (1, 2, 3):
        plan(visitor, prefix, first_of_month(service, months))
    fields |= {"day": str(first_of_month(service, 4)), "at": "10:00"}
    fourth = visitor.post(f"{prefix}/sessions", fields)
    again = visitor.get(f"{prefix}/sessions/new")

    for answer in (fourth, again):
        assert "All sessions of this place are used or reserved; your coordinator" in answer.text
    assert (fourth.status_code, again.status_code) == (422, 409)


def test_an_answer_to_a_proposal_that_is_over_is_told_kindly(
    visitor: Visitor, proposed: Match
) -> None:
    visitor.sign_in(proposed.mentor.token)
    page = f"/my-caseload/{proposed.relationship}"
    fields = visitor.form(f"{page}/proposal", "/acceptance")
    closing = {"reason": "no_fault"}
    done(proposed.mentee.post(f"/relationships/{proposed.relationship}/closing", closing))
    answer = visitor.post(f"{page}/acceptance", fields)

    assert answer.status_code == 404
    assert "the page is not yours to see" in answer.text


def test_a_request_comes_back_as_it_was_and_nowhere_else(
    service: LiveService, visitor: Visitor, capfd: pytest.CaptureFixture[str]
) -> None:
    mentee = newcomer(service)
    visitor.sign_in(mentee.token)
    fields = visitor.form("/my-mentoring/request", "/request")
    before = service.scheme.event_count()
    answer = visitor.post("/my-mentoring/request", fields | {"place": "none", "themes": TYPED})
    logged = capfd.readouterr()

    assert answer.status_code == 422
    assert answer.text.count(TYPED) == 1
    assert 'aria-invalid="true"' in answer.text
    assert TYPED not in logged.out + logged.err
    assert service.scheme.event_count() == before


def test_a_place_that_one_was_invited_to_is_filled_in(
    service: LiveService, visitor: Visitor
) -> None:
    mentee = newcomer(service)
    visitor.sign_in(mentee.token)
    place = granted_place(service.scheme.person(Role.COORDINATOR))

    assert f'value="{place}"' in visitor.get(f"/my-mentoring/request/{place}").text


def test_a_request_that_is_sent_twice_is_one(service: LiveService, visitor: Visitor) -> None:
    mentee = newcomer(service)
    visitor.sign_in(mentee.token)
    place = granted_place(service.scheme.person(Role.COORDINATOR))
    fields = visitor.form("/my-mentoring/request", "/request") | {"place": place}
    first = visitor.post("/my-mentoring/request", fields)
    second = visitor.post("/my-mentoring/request", fields)

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert "We are looking for a mentoring partner" in visitor.get(first.headers["location"]).text


def test_a_form_without_our_token_changes_nothing_between_two(
    service: LiveService, visitor: Visitor, pair: Match
) -> None:
    visitor.sign_in(pair.mentee.token)
    before = service.scheme.event_count()
    answer = visitor.post(f"/my-mentoring/{pair.relationship}/pause", {"csrf": "0" * 64})

    assert answer.status_code == 403
    assert "This form is out of date" in answer.text
    assert service.scheme.event_count() == before


def test_a_link_is_opened_only_on_a_page_of_its_own(
    service: LiveService, visitor: Visitor, pair: Match
) -> None:
    visitor.sign_in(pair.mentor.token)
    prefix = f"/my-caseload/{pair.relationship}"
    page = f"{prefix}/sessions"
    day = first_of_month(service, 5)
    link = "https://meet.example/plimsoll-7"
    fields = visitor.form(f"{page}/new", "/sessions")
    visitor.post(page, fields | {"day": str(day), "at": "11:00", "video_link": link})
    service.caught_up()
    sessions = done(pair.mentor.get(f"/relationships/{pair.relationship}"))["sessions"]
    one = f"{page}/{sessions[-1]['id']}"
    before = service.event_count("access_register.opened")

    assert link not in visitor.get(one).text
    assert service.event_count("access_register.opened") == before
    assert link in visitor.get(f"{one}/video-link").text
    assert service.event_count("access_register.opened") == before + 1


def newcomer(service: LiveService) -> Somebody:
    mentee = service.scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    return mentee
