"""Signing in: by token or by cookie, for a while, and never by an address."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.auth.callers import HOST_PREFIX, SESSION_COOKIE
from domain.values import Role
from tests.scheme import Scheme, running_scheme

BUYER = {"name": "Borough of Fernley"}


def test_a_token_is_exchanged_for_a_cookie_that_no_script_and_no_other_site_can_use(
    shared_scheme: Scheme,
) -> None:
    browser, coordinator = shared_scheme.client(), shared_scheme.person(Role.COORDINATOR)

    answer = browser.post("/session", json={"token": coordinator.token})

    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 201
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert coordinator.token not in answer.text + cookie


def test_a_cookie_alone_reads_and_changes_nothing(shared_scheme: Scheme) -> None:
    browser, coordinator = shared_scheme.client(), shared_scheme.person(Role.COORDINATOR)
    csrf = browser.post("/session", json={"token": coordinator.token}).json()["csrf"]
    before = shared_scheme.event_count()

    read = browser.get("/me/access-records")
    bare = browser.post("/organisations", json=BUYER)
    forged = browser.post("/organisations", json=BUYER, headers={"X-CSRF-Token": "0" * 64})
    foreign = browser.post(
        "/organisations", json=BUYER, headers={"X-CSRF-Token": "\xff".encode("latin-1")}
    )

    assert read.status_code == 200
    assert [each.status_code for each in (bare, forged, foreign)] == [403] * 3
    assert shared_scheme.event_count() == before
    ours = browser.post("/organisations", json=BUYER, headers={"X-CSRF-Token": csrf})
    assert ours.status_code == 201


def test_one_sessions_form_token_is_worth_nothing_in_another(shared_scheme: Scheme) -> None:
    coordinator = shared_scheme.person(Role.COORDINATOR)
    mine, other = shared_scheme.client(), shared_scheme.client()
    mine.post("/session", json={"token": coordinator.token})
    csrf = other.post("/session", json={"token": coordinator.token}).json()["csrf"]

    answer = mine.post("/organisations", json=BUYER, headers={"X-CSRF-Token": csrf})

    assert answer.status_code == 403


def test_signing_out_ends_the_session_even_with_a_token_that_may_only_read(
    shared_scheme: Scheme,
) -> None:
    person = shared_scheme.person(Role.MENTEE)
    reading = shared_scheme.speaking_for(person.id, Role.MENTEE, scopes=frozenset({"read"}))
    browser = shared_scheme.client()
    csrf = browser.post("/session", json={"token": reading.token}).json()["csrf"]
    session = browser.cookies[SESSION_COOKIE]

    assert browser.delete("/session").status_code == 403
    assert browser.delete("/session", headers={"X-CSRF-Token": csrf}).status_code == 204

    assert SESSION_COOKIE not in browser.cookies
    kept = {"Cookie": f"{SESSION_COOKIE}={session}"}
    assert browser.get("/me/access-records", headers=kept).status_code == 401


@pytest.mark.parametrize("parameter", ["token", "access_token", "authorization", SESSION_COOKIE])
def test_a_token_in_an_address_signs_nobody_in(shared_scheme: Scheme, parameter: str) -> None:
    mentee = shared_scheme.person(Role.MENTEE)
    address = {parameter: mentee.token}

    alone = shared_scheme.client().get("/me/access-records", params=address)
    beside = mentee.get("/me/access-records", params=address)

    assert alone.status_code in {401, 422}
    assert beside.status_code == 422
    assert mentee.token not in alone.text + beside.text


def test_tokens_end(shared_scheme: Scheme) -> None:
    person = shared_scheme.person(Role.MENTEE)
    ended = shared_scheme.speaking_for(person.id, Role.MENTEE, lasts=timedelta(seconds=-1))

    assert ended.get("/me/access-records").status_code == 401
    refused = shared_scheme.client().post("/session", json={"token": ended.token})
    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers


def test_a_session_ends_with_its_token(shared_scheme: Scheme) -> None:
    mentee, browser = shared_scheme.person(Role.MENTEE), shared_scheme.client()
    browser.post("/session", json={"token": mentee.token})

    shared_scheme.tokens.revoke(mentee.id, shared_scheme.now())

    assert browser.get("/me/access-records").status_code == 401


def test_a_wrong_token_beside_a_good_cookie_is_refused(shared_scheme: Scheme) -> None:
    mentee, browser = shared_scheme.person(Role.MENTEE), shared_scheme.client()
    browser.post("/session", json={"token": mentee.token})

    for wrong in ("Bearer wrong", f"Basic {mentee.token}", mentee.token, "Bearer"):
        answer = browser.get("/me/access-records", headers={"Authorization": wrong})
        assert answer.status_code == 401


def test_another_sites_form_cannot_sign_a_browser_in(shared_scheme: Scheme) -> None:
    mentee = shared_scheme.person(Role.MENTEE)
    body = f'{{"token": "{mentee.token}"}}'

    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = shared_scheme.client().post(
            "/session", content=body, headers={"Content-Type": kind}
        )
        assert answer.status_code == 422
        assert mentee.token not in answer.text


def test_signing_in_anew_ends_the_session_before(shared_scheme: Scheme) -> None:
    first, second = shared_scheme.person(Role.MENTEE), shared_scheme.person(Role.MENTEE)
    browser = shared_scheme.client()
    browser.post("/session", json={"token": first.token})
    before = {"Cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}"}
    assert browser.post("/session", json={"token": "wrong"}).status_code == 401
    assert shared_scheme.client().get("/me/access-records", headers=before).status_code == 200

    assert browser.post("/session", json={"token": second.token}).status_code == 201

    assert shared_scheme.client().get("/me/access-records", headers=before).status_code == 401
    assert browser.get("/me/access-records").status_code == 200


def test_over_tls_a_cookie_is_bound_to_this_very_host(shared_scheme: Scheme) -> None:
    mentee, parts = shared_scheme.person(Role.MENTEE), shared_scheme.parts
    settings = parts.settings.model_copy(update={"public_url": "https://testserver"})
    with running_scheme(replace(parts, settings=settings), shared_scheme.app.state.reader) as over:
        browser = over.client()
        browser.base_url = "https://testserver/api/v1"  # type: ignore[assignment]  # the setter takes text too
        answer = browser.post("/session", json={"token": mentee.token})
        read = browser.get("/me/access-records")
        session = browser.cookies[HOST_PREFIX + SESSION_COOKIE]
        bare = {"Cookie": f"{SESSION_COOKIE}={session}"}
        under_the_bare_name = over.client().get("/me/access-records", headers=bare)

    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-vouchsafe_session=")
    assert "; secure" in cookie
    assert "; path=/;" in cookie
    assert "domain=" not in cookie
    assert read.status_code == 200
    assert under_the_bare_name.status_code == 401
