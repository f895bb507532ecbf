"""Signing in by passkey: who is let in, and that every reason not to let somebody in looks the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from api.auth.callers import SESSION_COOKIE
from api.auth.sessions import CEREMONY_COOKIE
from api.auth.tokens import Tokens
from api.bootstrap import joined
from api.embedded_postgres import EmbeddedPostgres
from api.tries import Tries
from domain.mentoring import Order
from domain.person import Person
from domain.person_events import InactiveReason
from domain.values import Act, Role
from projections.reader import Reader
from tests.authenticator import (
    PRESENT,
    VERIFIED,
    Device,
    ask_for_new,
    ask_who,
    b64,
    ed25519_key,
    es256_key,
    sign_in,
    unb64,
    with_passkey,
)
from tests.databases import fresh_database
from tests.match import done
from tests.meeting import SetClock
from tests.scheme import Scheme, Somebody, TestClient, api_settings, running_scheme

OWN = "/me/access-records"
NOT_ACCEPTED = "urn:vouchsafe:problem:passkey-not-accepted"
NOT_ADDED = "urn:vouchsafe:problem:passkey-not-added"


@dataclass(frozen=True)
class Here:
    """A scheme whose clock is the test's."""

    scheme: Scheme
    clock: SetClock
    owner_url: str

    @contextmanager
    def later(self, by: timedelta) -> Iterator[None]:
        self.clock.ahead += by
        yield
        self.clock.ahead -= by

    def change(self, query: str, *values: Any) -> int:
        """What somebody could do who may write to the database."""
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(query.encode(), values).rowcount


@pytest.fixture(scope="module")
def here(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Here]:
    folder, clock = tmp_path_factory.mktemp("passkeys"), SetClock()
    with (
        fresh_database(postgres, template) as database,
        joined(api_settings(database, folder)) as parts,
        running_scheme(replace(parts, clock=clock), Reader(database.reader_url)) as scheme,
    ):
        scheme.app.state.guarded_passkeys.refused_after = 0.0
        scheme.app.state.guarded_passkeys.tries = Tries(of_one=10_000, of_all=10_000)
        scheme.app.state.ceremony_tries = Tries(of_one=10_000, of_all=10_000)
        yield Here(scheme, clock, database.superuser_url)


@pytest.fixture
def person(here: Here) -> Somebody:
    return here.scheme.person(Role.MENTEE)


@pytest.fixture
def browser(here: Here) -> TestClient:
    return here.scheme.client()


@pytest.mark.parametrize("kind", [es256_key, ed25519_key])
@pytest.mark.parametrize("counts", [True, False])
def test_a_passkey_signs_its_person_in_as_often_as_they_like(
    person: Somebody, browser: TestClient, kind: Callable[[], Any], *, counts: bool
) -> None:
    device = with_passkey(person.client, Device(key=kind(), counts=counts))

    for _ in range(2):
        answer = sign_in(browser, device)
        assert answer.status_code == 201
        assert answer.json().keys() == {"csrf"}
        (listed,) = done(browser.get("/passkeys"))["passkeys"]
        assert listed["name"] == "My telephone"
        assert listed["can_unlock"] is True
        assert unb64(listed["credential"]) == device.id


@pytest.mark.parametrize("role", Role)
def test_a_passkey_speaks_in_the_role_in_which_it_was_added_and_no_other(
    here: Here, browser: TestClient, role: Role
) -> None:
    others = {Role.COORDINATOR, Role.SPONSOR_CONTACT, Role.MENTEE} - {role}
    other = Role.MENTEE if role is not Role.MENTEE else Role.MENTOR
    person = here.scheme.person(role, *({other} & (others | {Role.MENTOR})))
    device = with_passkey(person.client)

    sign_in(browser, device)

    (shown,) = done(browser.get("/me/sign-ins"))["sign_ins"]
    assert (shown["role"], shown["by_passkey"], shown["is_this"]) == (role.value, True, True)
    in_other_role = here.scheme.speaking_for(person.id, other)
    assert done(in_other_role.get("/passkeys"))["passkeys"] == []


def test_devices_are_asked_to_know_their_person_and_to_keep_the_passkey(
    person: Somebody, browser: TestClient
) -> None:
    device = with_passkey(person.client)
    new, who = ask_for_new(person.client, "Second"), ask_who(browser)

    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert new["authenticatorSelection"]["residentKey"] == "required"
    assert new["rp"] == {"name": "Professional development", "id": "testserver"}
    assert new["user"]["name"] == "Second"
    assert [each["id"] for each in new["excludeCredentials"]] == [b64(device.id)]
    assert person.id.hex not in str(new) + str(unb64(new["user"]["id"]).hex())
    assert (who["userVerification"], who["rpId"]) == ("required", "testserver")
    assert who.get("allowCredentials", []) == []


@dataclass
class Try:
    """Somebody with a passkey, and a browser that tries to sign in."""

    here: Here
    person: Somebody
    device: Device
    browser: TestClient

    def with_device(self, **wrong: Any) -> Any:
        return sign_in(self.browser, self.device.but(**wrong))

    def with_body(self, **wrong: Any) -> Any:
        return sign_in(self.browser, self.device, **wrong)

    def answer_to(self, options: dict[str, Any]) -> Any:
        return self.browser.post("/passkeys/sign-in", json=self.device.answered(options))

    def replayed(self) -> Any:
        body = self.device.answered(ask_who(self.browser))
        done(self.browser.post("/passkeys/sign-in", json=body))
        return self.browser.post("/passkeys/sign-in", json=body)

    def replayed_with_its_secret(self) -> Any:
        options = ask_who(self.browser)
        kept = self.browser.cookies[CEREMONY_COOKIE]
        body = self.device.answered(options)
        done(self.browser.post("/passkeys/sign-in", json=body))
        self.browser.cookies.set(CEREMONY_COOKIE, kept)
        return self.browser.post("/passkeys/sign-in", json=body)

    def too_late(self) -> Any:
        options = ask_who(self.browser)
        with self.here.later(timedelta(minutes=5, seconds=1)):
            return self.answer_to(options)

    def in_another_browser(self) -> Any:
        options = ask_who(self.here.scheme.client())
        ask_who(self.browser)
        return self.answer_to(options)

    def without_being_asked(self) -> Any:
        options = ask_who(self.here.scheme.client())
        return self.answer_to(options)

    def to_an_older_question(self) -> Any:
        options = ask_who(self.browser)
        ask_who(self.browser)
        return self.answer_to(options)

    def to_the_question_for_a_new_one(self) -> Any:
        options = ask_for_new(self.person.client)
        self.browser.cookies.set(CEREMONY_COOKIE, self.person.client.cookies[CEREMONY_COOKIE])
        return self.answer_to(options)

    def with_another_persons_handle(self) -> Any:
        other = with_passkey(self.here.scheme.person(Role.MENTEE).client)
        return self.with_device(handle=other.handle)

    def with_another_persons_key(self) -> Any:
        other = with_passkey(self.here.scheme.person(Role.MENTEE).client)
        return self.with_device(key=other.key)

    def as_another_person(self) -> Any:
        other = with_passkey(self.here.scheme.person(Role.MENTEE).client)
        return self.with_device(id=other.id)

    def with_a_counter_that_stood_still(self) -> Any:
        done(sign_in(self.browser, self.device))
        return self.with_device(count=self.device.count - 1)

    def with_a_counter_that_was_reset(self) -> Any:
        done(sign_in(self.browser, self.device))
        return self.with_device(count=0, counts=False)

    def once_it_was_removed(self) -> Any:
        (own,) = done(self.person.client.get("/passkeys"))["passkeys"]
        done(self.person.client.delete(f"/passkeys/{own['id']}"))
        return sign_in(self.browser, self.device)

    def once_the_role_is_gone(self) -> Any:
        self.lose_role()
        return sign_in(self.browser, self.device)

    def lose_role(self) -> None:
        self._change(lambda who, act: who.revoke_role(Role.MENTEE, act))

    def once_the_person_is_inactive(self) -> Any:
        self._change(lambda who, act: who.deactivate(InactiveReason.LEFT, act))
        return sign_in(self.browser, self.device)

    def once_the_person_is_to_be_erased(self) -> Any:
        self._change(lambda who, act: who.erase(act))
        return sign_in(self.browser, self.device)

    def once_the_person_is_erased(self) -> Any:
        done(sign_in(self.browser, self.device))
        ask_for_new(self.person.client)
        person = self.person.id
        self.here.change("SELECT record.erase(%s, %s, ARRAY[%s]::uuid[])", uuid4(), person, person)
        for table in ("passkey", "ceremony", "token"):
            rows = f"SELECT FROM access.{table} WHERE person = %s"
            assert self.here.change(rows, person) == 0
        assert self.browser.get(OWN).status_code == 401
        return sign_in(self.browser, self.device)

    def with_a_key_put_into_the_table(self) -> Any:
        mine = es256_key()
        query = "UPDATE access.passkey SET public_key = %s WHERE person = %s"
        assert self.here.change(query, mine.cose, self.person.id) == 1
        return self.with_device(key=mine)

    def with_a_role_put_into_the_table(self) -> Any:
        self._change(lambda who, act: who.grant_role(Role.COORDINATOR, act))
        query = "UPDATE access.passkey SET role = 'coordinator' WHERE person = %s"
        assert self.here.change(query, self.person.id) == 1
        as_coordinator = self.here.scheme.speaking_for(self.person.id, Role.COORDINATOR)
        handle = unb64(ask_for_new(as_coordinator.client)["user"]["id"])
        return self.with_device(handle=handle)

    def with_a_person_put_into_the_table(self) -> Any:
        other = self.here.scheme.person(Role.MENTEE)
        query = "UPDATE access.passkey SET person = %s WHERE person = %s"
        assert self.here.change(query, other.id, self.person.id) == 1
        handle = unb64(ask_for_new(other.client)["user"]["id"])
        return self.with_device(handle=handle)

    def _change(self, change: Callable[[Person, Act], None]) -> None:
        mentoring, now = self.here.scheme.parts.mentoring, self.here.clock()
        changed, act = mentoring.load(Person, self.person.id), Act(self.person.id, now)
        change(changed, act)
        mentoring.commit(Order(act, uuid4()), changed)


REFUSED: dict[str, Callable[[Try], Any]] = {
    "an unknown credential": lambda one: one.with_device(id=bytes(32)),
    "another site's page": lambda one: one.with_device(origin="https://testserver.example"),
    "another port": lambda one: one.with_device(origin="http://testserver:8000"),
    "TLS where there is none": lambda one: one.with_device(origin="https://testserver"),
    "another site's passkey": lambda one: one.with_device(site="example.org"),
    "a page inside another's": lambda one: one.with_device(more={"crossOrigin": True}),
    "nobody verified": lambda one: one.with_device(flags=PRESENT),
    "nobody there": lambda one: one.with_device(flags=VERIFIED),
    "the wrong kind of answer": lambda one: one.with_device(more={"type": "webauthn.create"}),
    "another challenge": lambda one: one.with_device(more={"challenge": b64(bytes(32))}),
    "a signature by another key": lambda one: one.with_device(key=es256_key()),
    "no signature": lambda one: one.with_body(signature="AA"),
    "data that is none": lambda one: one.with_body(authenticator_data="AAAA"),
    "words that are no JSON": lambda one: one.with_body(client_data="AAAA"),
    "JSON of another shape": lambda one: one.with_body(client_data=b64(b"[[[]]]")),
    "another handle": lambda one: one.with_device(handle=bytes(32)),
    "the same answer again": Try.replayed,
    "the same answer again, with its secret": Try.replayed_with_its_secret,
    "an answer that comes too late": Try.too_late,
    "an answer to another browser": Try.in_another_browser,
    "an answer that nobody asked for": Try.without_being_asked,
    "an answer to an older question": Try.to_an_older_question,
    "an answer to another kind of question": Try.to_the_question_for_a_new_one,
    "another person's handle": Try.with_another_persons_handle,
    "another person's key": Try.with_another_persons_key,
    "another person's credential": Try.as_another_person,
    "a counter that stood still": Try.with_a_counter_that_stood_still,
    "a counter that was reset": Try.with_a_counter_that_was_reset,
    "a passkey that was removed": Try.once_it_was_removed,
    "a role that was taken": Try.once_the_role_is_gone,
    "somebody who is inactive": Try.once_the_person_is_inactive,
    "somebody who is to be erased": Try.once_the_person_is_to_be_erased,
    "somebody who was erased": Try.once_the_person_is_erased,
    "a key put into the table": Try.with_a_key_put_into_the_table,
    "a role put into the table": Try.with_a_role_put_into_the_table,
    "a person put into the table": Try.with_a_person_put_into_the_table,
}


@pytest.mark.parametrize("reason", REFUSED)
def test_whoever_is_not_let_in_is_told_the_same(
    here: Here, person: Somebody, browser: TestClient, reason: str
) -> None:
    tried = Try(here, person, with_passkey(person.client), browser)

    refused = REFUSED[reason](tried)

    assert refused.status_code == 401
    problem = refused.json()
    assert problem["type"] == NOT_ACCEPTED
    assert problem == here.scheme.client().post("/passkeys/sign-in", json=NOBODY).json()
    assert SESSION_COOKIE not in {each.split("=")[0] for each in cookies_in(refused)}


NOBODY = Device(handle=bytes(32)).answered({"challenge": b64(bytes(32))})


def cookies_in(answer: Any) -> list[str]:
    cookies: list[str] = answer.headers.get_list("set-cookie")
    return cookies


def test_wrong_tries_run_out_and_right_ones_do_not(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = here.scheme.app.state.guarded_passkeys
    monkeypatch.setattr(guarded, "tries", Tries(of_one=2, of_all=2, timer=float))
    browser = here.scheme.client()
    device = with_passkey(here.scheme.person(Role.MENTEE).client)

    answers = [sign_in(browser, device).status_code for _ in range(3)]
    wrong = [browser.post("/passkeys/sign-in", json=NOBODY).status_code for _ in range(3)]

    assert answers == [201] * 3
    assert wrong == [401, 401, 429]


def test_beginning_to_sign_in_runs_out_too(here: Here) -> None:
    state = here.scheme.app.state
    enough, state.ceremony_tries = state.ceremony_tries, Tries(of_one=1, of_all=1, timer=float)

    answers = [here.scheme.anybody.post("/passkeys/sign-in/options") for _ in range(2)]

    state.ceremony_tries = enough

    assert [each.status_code for each in answers] == [200, 429]


NEW_REFUSED: dict[str, Callable[[Device, dict[str, Any]], dict[str, Any]]] = {
    "another site's page": lambda d, o: d.but(origin="https://example.org").made(o),
    "a page inside another's": lambda d, o: d.but(more={"crossOrigin": True}).made(o),
    "another site": lambda d, o: d.but(site="example.org").made(o),
    "nobody verified": lambda d, o: d.but(flags=PRESENT).made(o),
    "nobody there": lambda d, o: d.but(flags=VERIFIED).made(o),
    "another challenge": lambda d, o: d.made({**o, "challenge": b64(bytes(32))}),
    "another credential": lambda d, o: d.made(o, credential=b64(bytes(32))),
    "an answer of another kind": lambda d, o: d.but(more={"type": "webauthn.get"}).made(o),
    "bytes that are none": lambda d, o: d.made(o, attestation="AAAA"),
    "a key of no kind": lambda d, o: d.but(key=replace(d.key, cose=b"\xa0")).made(o),
}


@pytest.mark.parametrize("reason", NEW_REFUSED)
def test_what_no_device_makes_when_it_is_asked_is_not_added(
    here: Here, person: Somebody, reason: str
) -> None:
    before = here.scheme.event_count()
    body = NEW_REFUSED[reason](Device(), ask_for_new(person.client))

    refused = person.client.post("/passkeys", json=body)

    assert (refused.status_code, refused.json()["type"]) == (409, NOT_ADDED)
    assert here.scheme.event_count() == before


def test_a_new_passkey_is_added_once_in_time_and_for_whoever_asked(
    here: Here, person: Somebody
) -> None:
    other, device = here.scheme.person(Role.MENTEE), Device()
    body = device.made(ask_for_new(person.client))
    other.client.cookies.set(CEREMONY_COOKIE, person.client.cookies[CEREMONY_COOKIE])
    late = ask_for_new(here.scheme.as_before(person).client)

    assert other.client.post("/passkeys", json=body).json()["type"] == NOT_ADDED
    assert person.client.post("/passkeys", json=body).json()["type"] == NOT_ADDED
    with here.later(timedelta(minutes=6)):
        assert person.client.post("/passkeys", json=device.made(late)).status_code == 409
    done(person.client.post("/passkeys", json=device.made(ask_for_new(person.client))))
    assert person.client.post("/passkeys", json=body).json()["type"] == NOT_ADDED


def test_another_persons_credential_is_not_added(here: Here, person: Somebody) -> None:
    device = with_passkey(here.scheme.person(Role.MENTEE).client)

    refused = person.client.post("/passkeys", json=device.made(ask_for_new(person.client)))

    assert refused.json()["type"] == "urn:vouchsafe:problem:passkey-known-already"


@pytest.mark.parametrize("part", ["clientExtensionResults", "prf", "extensions"])
def test_a_body_with_more_than_is_asked_for_is_refused(
    person: Somebody, browser: TestClient, part: str
) -> None:
    device = with_passkey(person.client)
    more = {part: {"prf": {"results": {"first": "AAAA"}}}}

    assert sign_in(browser, device, **more).status_code == 422
    new = Device().made(ask_for_new(person.client), **more)
    assert person.client.post("/passkeys", json=new).status_code == 422


def test_the_name_of_a_passkey_lies_sealed_and_looks_at_it_are_recorded(
    here: Here, person: Somebody
) -> None:
    device = Device()
    body = device.made(ask_for_new(person.client), name="Quillfeather telephone")
    done(person.client.post("/passkeys", json=body))
    looks = len(done(person.client.get(OWN))["looks"])

    (listed,) = done(person.client.get("/passkeys"))["passkeys"]

    assert listed["name"] == "Quillfeather telephone"
    newest = done(person.client.get(OWN))["looks"]
    assert len(newest) == looks + 1
    assert newest[0]["kind"] == "passkeys"
    query = "SELECT FROM access.passkey p WHERE p::text LIKE %s"
    assert here.change(query, "%Quillfeather%") == 0


def test_every_refusal_is_held_back_equally_long(
    here: Here, person: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_back: list[float] = []

    async def sleep(seconds: float) -> None:
        held_back.append(seconds)

    monkeypatch.setattr(here.scheme.app.state.guarded_passkeys, "refused_after", 3600.0)
    monkeypatch.setattr("api.tries.anyio.sleep", sleep)
    tried = Try(here, person, with_passkey(person.client), here.scheme.client())

    for wrong in (REFUSED["an unknown credential"], REFUSED["nobody verified"]):
        assert wrong(tried).status_code == 401

    assert len(held_back) == 2
    assert all(3500 < seconds <= 3600 for seconds in held_back)


def test_two_who_answer_at_once_with_one_counter_are_not_both_let_in(
    here: Here, person: Somebody, browser: TestClient
) -> None:
    device, other = with_passkey(person.client), here.scheme.client()
    bodies = []
    for client in (browser, other):
        device.count = 0
        bodies.append(device.answered(ask_who(client)))

    answers = [
        client.post("/passkeys/sign-in", json=body).status_code
        for client, body in zip((browser, other), bodies, strict=True)
    ]

    assert answers == [201, 401]


def test_a_right_that_is_taken_while_somebody_signs_in_leaves_no_session(
    here: Here, person: Somebody, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, begin = with_passkey(person.client), Tokens.begin
    tried = Try(here, person, device, browser)

    def begin_just_too_late(*arguments: Any) -> str:
        tried.lose_role()
        return begin(*arguments)

    monkeypatch.setattr(Tokens, "begin", begin_just_too_late)

    assert sign_in(browser, device).status_code == 401
    assert here.scheme.tokens.sign_ins(person.id, here.clock()) == []


def test_a_passkey_that_is_removed_while_somebody_signs_in_leaves_no_session(
    here: Here, person: Somebody, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, begin = with_passkey(person.client), Tokens.begin

    def begin_just_too_late(*arguments: Any) -> str:
        here.change("DELETE FROM access.passkey WHERE person = %s", person.id)
        return begin(*arguments)

    monkeypatch.setattr(Tokens, "begin", begin_just_too_late)

    assert sign_in(browser, device).status_code == 401
