"""Signing in and out by form."""

import pytest

from api.auth.callers import SESSION_COOKIE
from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService


def test_a_token_becomes_a_cookie_that_no_script_and_no_other_site_can_use(
    service: LiveService, visitor: Visitor
) -> None:
    answer = visitor.sign_in(service.scheme.person(Role.MENTEE).token)

    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert visitor.get("/").headers["location"] == "/my-mentoring"


@pytest.mark.parametrize(
    ("role", "home"), [(Role.MENTEE, "/my-mentoring"), (Role.COORDINATOR, "/pipeline")]
)
def test_each_role_begins_at_its_own_page(
    service: LiveService, visitor: Visitor, role: Role, home: str
) -> None:
    visitor.sign_in(service.scheme.person(role).token)

    assert visitor.get("/").headers["location"] == home
    assert visitor.get(home).status_code == 200


def test_a_role_without_pages_is_told_so(service: LiveService, visitor: Visitor) -> None:
    visitor.sign_in(service.scheme.person(Role.OPERATOR).token)

    assert "There is no page for your role yet" in visitor.get("/").text


def test_a_wrong_token_is_told_kindly_and_not_repeated(visitor: Visitor) -> None:
    answer = visitor.sign_in("vouchsafe_wrongtokenquill")

    assert answer.status_code == 401
    assert "We could not sign you in" in answer.text
    assert "wrongtokenquill" not in answer.text


def test_a_form_of_another_site_signs_nobody_in(service: LiveService, visitor: Visitor) -> None:
    token = service.scheme.person(Role.MENTEE).token
    answer = visitor.sign_in(token, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert SESSION_COOKIE not in visitor.cookies


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "http://[evil", "http://127.0.0.1:1", "file://"]
)
def test_a_form_of_another_origin_signs_nobody_in(
    service: LiveService, visitor: Visitor, origin: str
) -> None:
    token = service.scheme.person(Role.MENTEE).token
    answer = visitor.sign_in(token, headers={"Origin": origin})

    assert answer.status_code == 403
    assert SESSION_COOKIE not in visitor.cookies


def test_a_form_of_our_own_origin_or_address_signs_in(
    service: LiveService, visitor: Visitor
) -> None:
    token = service.scheme.person(Role.MENTEE).token
    ours = [
        {"Origin": service.url},
        {"Origin": service.parts.settings.public_url},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ]

    assert {visitor.sign_in(token, headers=each).status_code for each in ours} == {303}


def test_the_page_for_signing_in_lets_its_form_say_where_it_is_from(visitor: Visitor) -> None:
    shown, refused = visitor.get("/sign-in"), visitor.sign_in("wrong")

    assert {each.headers["referrer-policy"] for each in (shown, refused)} == {"same-origin"}


def test_signing_in_by_form_ends_the_session_before(service: LiveService, visitor: Visitor) -> None:
    visitor.sign_in(service.scheme.person(Role.MENTEE).token)
    before = {"Cookie": f"{SESSION_COOKIE}={visitor.cookies[SESSION_COOKIE]}"}
    visitor.sign_in(service.scheme.person(Role.MENTEE).token)
    visitor.cookies.clear()

    sent = visitor.get("/my-mentoring", headers=before)
    assert sent.headers["location"].startswith("/sign-in")


def test_a_token_in_an_address_signs_nobody_in(service: LiveService, visitor: Visitor) -> None:
    token = service.scheme.person(Role.MENTEE).token
    answer = visitor.get("/sign-in", params={"token": token})
    sent = visitor.get("/my-mentoring", params={"token": token})

    assert answer.status_code == sent.status_code == 422
    assert token not in sent.text
    assert SESSION_COOKIE not in visitor.cookies
    assert token not in answer.text


@pytest.mark.parametrize(
    "then", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/\t/x"]
)
def test_signing_in_leads_nowhere_else(service: LiveService, visitor: Visitor, then: str) -> None:
    token = service.scheme.person(Role.MENTEE).token

    assert visitor.sign_in(token, then=then).headers["location"] == "/"


def test_signing_in_leads_to_the_page_that_was_wanted(
    service: LiveService, visitor: Visitor
) -> None:
    wanted = "/pipeline?stage=active"
    sent = visitor.get(wanted).headers["location"]
    form = visitor.form(sent, "/sign-in")
    token = service.scheme.person(Role.COORDINATOR).token

    assert visitor.sign_in(token, then=form["then"]).headers["location"] == wanted


def test_signing_out_ends_the_session_and_clears_the_browser(
    service: LiveService, visitor: Visitor
) -> None:
    visitor.sign_in(service.scheme.person(Role.MENTEE).token)
    session = visitor.cookies[SESSION_COOKIE]
    answer = visitor.post("/sign-out", visitor.form("/my-mentoring", "/sign-out"))

    assert answer.headers["clear-site-data"] == '"cache", "cookies"'
    again = visitor.get("/my-mentoring", headers={"Cookie": f"{SESSION_COOKIE}={session}"})
    assert again.headers["location"].startswith("/sign-in")
