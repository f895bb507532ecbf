"""Who may see and send what, and what is answered when they may not."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts

from api.auth.callers import public
from api.middleware import LARGEST_BODY
from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import Match, propose
from tests.surface import PREFIX, _calls

OTHERS = [role for role in Role if role not in {Role.MENTEE, Role.COORDINATOR}]
SENTINEL = "quillfeather-typed-this"


def test_every_page_says_who_may_call_it(service: LiveService) -> None:
    without_rule = [
        context.path
        for context in iter_route_contexts(service.scheme.app.routes)
        if not (context.path or "").startswith(PREFIX)
        and not _has_rule(list(_calls(context.dependant)))
    ]

    assert without_rule == []


def _has_rule(calls: list[object]) -> bool:
    return public in calls or any(hasattr(call, "roles") for call in calls)


@pytest.mark.parametrize("role", [*OTHERS, Role.COORDINATOR])
def test_a_mentees_pages_are_for_mentees(
    service: LiveService, visitor: Visitor, proposed: Match, role: Role
) -> None:
    visitor.sign_in(service.scheme.person(role).token)
    pages = ("/my-mentoring", "/my-mentoring/request")
    proposal = f"/my-mentoring/{proposed.relationship}/proposal"

    assert {visitor.get(page).status_code for page in (*pages, proposal)} == {403}


@pytest.mark.parametrize("role", [*OTHERS, Role.MENTEE])
def test_a_coordinators_pages_are_for_coordinators(
    service: LiveService, visitor: Visitor, proposed: Match, role: Role
) -> None:
    visitor.sign_in(service.scheme.person(role).token)
    one = f"/pipeline/{proposed.relationship}"

    assert {visitor.get(page).status_code for page in ("/pipeline", one)} == {403}


def test_another_mentees_pages_are_as_absent_as_none(service: LiveService, mentee: Visitor) -> None:
    other = propose(service.scheme)
    texts = set()
    for relationship in (other.relationship, uuid4()):
        for page in ("proposal", "partner", "agreement"):
            answer = mentee.get(f"/my-mentoring/{relationship}/{page}")
            assert answer.status_code == 404
            texts.add(answer.text.split("<main")[1])

    assert len(texts) == 1


@pytest.mark.parametrize("csrf", ["", "0" * 64, "§"])
def test_a_form_without_our_token_records_nothing(
    service: LiveService, mentee: Visitor, proposed: Match, csrf: str
) -> None:
    page = f"/my-mentoring/{proposed.relationship}/proposal"
    fields = mentee.form(page, "/acceptance") | {"csrf": csrf}
    before = service.scheme.event_count()
    answer = mentee.post(f"/my-mentoring/{proposed.relationship}/acceptance", fields)

    assert answer.status_code == 403
    assert "This form is out of date" in answer.text
    assert service.scheme.event_count() == before


def test_a_form_of_another_origin_records_nothing_though_it_knows_our_token(
    service: LiveService, mentee: Visitor, proposed: Match
) -> None:
    fields = mentee.form(f"/my-mentoring/{proposed.relationship}/proposal", "/acceptance")
    target = f"/my-mentoring/{proposed.relationship}/acceptance"
    before = service.scheme.event_count()
    for said in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
        assert mentee.post(target, fields, headers=said).status_code == 403

    assert service.scheme.event_count() == before
    assert mentee.post(target, fields, headers={"Origin": "null"}).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": SENTINEL},
        {"proposal": SENTINEL},
        {"version": ""},
        {"more": SENTINEL},
        {"version": "2"},
    ],
)
def test_a_form_with_wrong_fields_records_nothing_and_is_not_repeated(
    service: LiveService, mentee: Visitor, proposed: Match, wrong: dict[str, str]
) -> None:
    page = f"/my-mentoring/{proposed.relationship}/proposal"
    fields = mentee.form(page, "/acceptance") | wrong
    before = service.scheme.event_count()
    answer = mentee.post(f"/my-mentoring/{proposed.relationship}/acceptance", fields)

    assert answer.status_code in {409, 422}
    assert answer.headers["content-type"].startswith("text/html")
    assert SENTINEL not in answer.text
    assert service.scheme.event_count() == before


def test_a_form_sent_again_shows_what_the_first_did(
    service: LiveService, mentee: Visitor, proposed: Match
) -> None:
    page = f"/my-mentoring/{proposed.relationship}/proposal"
    fields = mentee.form(page, "/acceptance")
    target = f"/my-mentoring/{proposed.relationship}/acceptance"
    first = mentee.post(target, fields)
    before = service.scheme.event_count()
    second = mentee.post(target, fields)

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert service.scheme.event_count() == before


def test_other_words_under_the_same_key_are_refused(mentee: Visitor, proposed: Match) -> None:
    page = f"/my-mentoring/{proposed.relationship}/proposal"
    fields = mentee.form(page, "/refusal")
    target = f"/my-mentoring/{proposed.relationship}/refusal"
    mentee.post(target, fields | {"reason": "not_now"})
    answer = mentee.post(target, fields | {"reason": "conflict"})

    assert answer.status_code == 422
    assert "This form was sent before" in answer.text


def test_programs_get_problem_documents_and_people_get_pages(mentee: Visitor) -> None:
    for_programs = mentee.get(f"{PREFIX}/relationships/{uuid4()}")
    for_people = mentee.get("/nowhere")

    assert for_programs.headers["content-type"] == "application/problem+json"
    assert for_people.status_code == 404
    assert "We could not find that page" in for_people.text


def test_a_form_larger_than_any_of_ours_is_told_so_on_a_page(mentee: Visitor) -> None:
    answer = mentee.post("/sign-in", {"token": "x" * LARGEST_BODY})

    assert answer.status_code == 413
    assert "That was too much at once" in answer.text
    assert "content-security-policy" in answer.headers


def test_our_own_fault_is_said_on_a_page_without_its_reason(
    service: LiveService, mentee: Visitor
) -> None:
    with patch.object(service.scheme.app.state, "reader", None):
        answer = mentee.get("/my-mentoring")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "NoneType" not in answer.text


def test_pages_are_kept_nowhere_and_files_are_kept_under_an_address_of_their_own(
    mentee: Visitor,
) -> None:
    page = mentee.get("/my-mentoring")
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]

    assert page.headers["cache-control"] == "no-store"
    assert "require-trusted-types-for 'script'" in page.headers["content-security-policy"]
    assert "immutable" in mentee.get(style).headers["cache-control"]
    assert mentee.get("/static/..%2fstatic_files.py").status_code == 404


def test_a_name_that_looks_like_markup_stays_text(service: LiveService, visitor: Visitor) -> None:
    made = propose(service.scheme, words="<script>alert(1)</script>")
    service.caught_up()
    visitor.sign_in(made.mentee.token)
    text = visitor.get(f"/my-mentoring/{made.relationship}/proposal").text

    assert "<script>" not in text
    assert "&lt;script&gt;" in text
