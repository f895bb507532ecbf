"""One's own passkeys and browsers: removing, ending, and what ends by itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from api.auth.callers import SESSION_COOKIE
from api.auth.tokens import SESSION_IDLES, SESSION_LASTS, USE_NOTED_EVERY
from api.embedded_postgres import EmbeddedPostgres
from api.tries import Tries
from domain.values import Role
from tests.authenticator import Device, sign_in, with_passkey
from tests.databases import fresh_database
from tests.match import done
from tests.meeting import MeetingScheme, meeting_scheme_on
from tests.scheme import Scheme, Somebody, TestClient

OWN = "/me/access-records"
ENOUGH = Tries(of_one=10_000, of_all=10_000)


@pytest.fixture(scope="module")
def here(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MeetingScheme]:
    folder = tmp_path_factory.mktemp("own-passkeys")
    with (
        fresh_database(postgres, template) as database,
        meeting_scheme_on(database, folder) as running,
    ):
        running.scheme.app.state.guarded_passkeys.refused_after = 0.0
        running.scheme.app.state.ceremony_tries = ENOUGH
        yield running


@pytest.fixture
def scheme(here: MeetingScheme) -> Iterator[Scheme]:
    yield here.scheme
    here.clock.ahead = timedelta()


@pytest.fixture
def person(scheme: Scheme) -> Somebody:
    return scheme.person(Role.MENTEE)


class Visit:
    """A browser that somebody is signed in with, and what its forms carry."""

    def __init__(self, scheme: Scheme, device: Device) -> None:
        self.client: TestClient = scheme.client()
        self.csrf = done(sign_in(self.client, device))["csrf"]

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.csrf}

    @property
    def is_signed_in(self) -> bool:
        return bool(self.client.get(OWN).status_code == 200)

    def passkeys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = done(self.client.get("/passkeys"))["passkeys"]
        return found

    def remove(self, passkey: str) -> Any:
        return self.client.delete(f"/passkeys/{passkey}", headers=self.headers)


def without_tokens(scheme: Scheme, person: Somebody) -> None:
    """As it is once every token has run out."""
    with scheme.parts.pool.connection() as connection:
        connection.execute(
            "UPDATE access.token SET expires_at = made_at WHERE person = %s", [person.id]
        )


def test_the_last_way_in_stays_and_another_makes_room_for_removing_it(
    scheme: Scheme, person: Somebody
) -> None:
    first = with_passkey(person.client)
    visit = Visit(scheme, first)
    without_tokens(scheme, person)
    (only,) = visit.passkeys()

    refused = visit.remove(only["id"])
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:vouchsafe:problem:last-passkey"
    second = Device()
    options = done(
        visit.client.post("/passkeys/options", json={"name": "b"}, headers=visit.headers)
    )
    added = visit.client.post(
        "/passkeys", json=second.made(options["options"]), headers=visit.headers
    )
    visit.csrf = done(added)["csrf"]
    assert visit.is_signed_in
    done(visit.remove(only["id"]))

    assert not visit.is_signed_in
    assert sign_in(scheme.client(), first).status_code == 401
    assert [each["name"] for each in Visit(scheme, second).passkeys()] == ["My telephone"]


def test_whoever_can_sign_in_by_token_may_remove_the_last_passkey(
    scheme: Scheme, person: Somebody
) -> None:
    device = with_passkey(person.client)
    (only,) = done(person.client.get("/passkeys"))["passkeys"]

    done(person.client.delete(f"/passkeys/{only['id']}"))

    assert done(person.client.get("/passkeys"))["passkeys"] == []
    assert sign_in(scheme.client(), device).status_code == 401
    assert person.client.delete(f"/passkeys/{only['id']}").status_code == 404


def test_of_two_one_can_be_removed(scheme: Scheme, person: Somebody) -> None:
    devices = [with_passkey(person.client) for _ in range(2)]
    without_tokens(scheme, person)
    visit = Visit(scheme, devices[0])
    first, second = (each["id"] for each in visit.passkeys())

    visit.csrf = done(visit.remove(second))["csrf"]
    refused = visit.remove(first)

    assert refused.status_code == 409
    assert [each["id"] for each in visit.passkeys()] == [first]


def test_another_persons_passkey_is_as_absent_as_none(scheme: Scheme, person: Somebody) -> None:
    other = scheme.person(Role.MENTEE)
    with_passkey(other.client)
    (theirs,) = done(other.client.get("/passkeys"))["passkeys"]

    assert person.client.delete(f"/passkeys/{theirs['id']}").status_code == 404
    assert len(done(other.client.get("/passkeys"))["passkeys"]) == 1


def test_what_a_session_may_do_has_changed_so_its_secret_has_too(
    scheme: Scheme, person: Somebody
) -> None:
    visit = Visit(scheme, with_passkey(person.client))
    copied = visit.client.cookies[SESSION_COOKIE]
    options = done(
        visit.client.post("/passkeys/options", json={"name": "b"}, headers=visit.headers)
    )
    done(
        visit.client.post(
            "/passkeys", json=Device().made(options["options"]), headers=visit.headers
        )
    )

    thief = scheme.client()
    thief.cookies.set(SESSION_COOKIE, copied)

    assert visit.client.cookies[SESSION_COOKIE] != copied
    assert visit.is_signed_in
    assert thief.get(OWN).status_code == 401


def test_signing_in_anew_ends_the_session_before(scheme: Scheme, person: Somebody) -> None:
    device = with_passkey(person.client)
    visit = Visit(scheme, device)
    before = visit.client.cookies[SESSION_COOKIE]
    done(sign_in(visit.client, device))
    kept = scheme.client()
    kept.cookies.set(SESSION_COOKIE, before)

    assert kept.get(OWN).status_code == 401
    assert visit.is_signed_in


def test_a_session_that_nobody_uses_is_over_and_one_in_use_is_not(
    here: MeetingScheme, scheme: Scheme, person: Somebody
) -> None:
    device = with_passkey(person.client)
    used, idle = Visit(scheme, device), Visit(scheme, device)
    for _ in range(3):
        here.clock.ahead += SESSION_IDLES - USE_NOTED_EVERY
        assert used.is_signed_in

    assert not idle.is_signed_in


def test_a_page_that_keeps_itself_up_to_date_keeps_nobody_signed_in(
    here: MeetingScheme, scheme: Scheme, person: Somebody
) -> None:
    visit = Visit(scheme, with_passkey(person.client))
    by_itself = {"Sec-Fetch-Dest": "empty"}
    here.clock.ahead += SESSION_IDLES - timedelta(minutes=1)
    assert visit.client.get(OWN, headers=by_itself).status_code == 200
    here.clock.ahead += timedelta(minutes=2)

    assert visit.client.get(OWN, headers=by_itself).status_code == 401


def test_a_session_ends_after_eight_hours_however_much_it_is_used(
    here: MeetingScheme, scheme: Scheme, person: Somebody
) -> None:
    visit = Visit(scheme, with_passkey(person.client))
    begun = here.clock()
    while here.clock() < begun + SESSION_LASTS - SESSION_IDLES:
        here.clock.ahead += SESSION_IDLES / 2
        assert visit.is_signed_in
    here.clock.set_to(begun + SESSION_LASTS)

    assert not visit.is_signed_in


def test_people_see_where_they_are_signed_in_and_end_any_of_it(
    scheme: Scheme, person: Somebody
) -> None:
    device = with_passkey(person.client)
    visit = Visit(scheme, device)
    other = scheme.client()
    other.headers["User-Agent"] = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
    )
    done(other.post("/session", json={"token": person.token}))
    shown = done(visit.client.get("/me/sign-ins"))["sign_ins"]
    (theirs,) = [each for each in shown if not each["is_this"]]

    assert (theirs["device"], theirs["by_passkey"]) == ("Firefox on Linux", False)
    stranger = scheme.person(Role.MENTEE)
    assert stranger.client.delete(f"/me/sign-ins/{theirs['id']}").status_code == 404
    path = f"/me/sign-ins/{theirs['id']}"
    assert visit.client.delete(path, headers=visit.headers).status_code == 204
    assert visit.client.delete(path, headers=visit.headers).status_code == 404

    assert other.get(OWN).status_code == 401
    assert visit.is_signed_in
    assert len(done(visit.client.get("/me/sign-ins"))["sign_ins"]) == 1


def test_a_role_that_is_taken_ends_what_its_passkeys_began(scheme: Scheme) -> None:
    both = scheme.person(Role.MENTEE, Role.MENTOR)
    as_mentor = scheme.speaking_for(both.id, Role.MENTOR)
    mentee, mentor = (Visit(scheme, with_passkey(each.client)) for each in (both, as_mentor))

    ended = scheme.tokens.revoke_role(both.id, Role.MENTOR, scheme.now())

    assert (ended.tokens, ended.sessions) == (1, 1)
    assert mentee.is_signed_in
    assert not mentor.is_signed_in


def test_long_ended_sessions_are_forgotten(
    here: MeetingScheme, scheme: Scheme, person: Somebody
) -> None:
    device = with_passkey(person.client)
    Visit(scheme, device)
    here.clock.ahead += timedelta(days=8)
    Visit(scheme, device)

    with scheme.parts.pool.connection() as connection:
        query = """SELECT count(*) FROM access.session JOIN access.passkey USING (credential_hash)
                    WHERE person = %s"""
        assert connection.execute(query, [person.id]).fetchone() == (1,)
