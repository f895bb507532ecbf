"""A vault over HTTP: begun at once, never without two ways in, and nobody's but its person's."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.records.vault_view import FETCHES_OF_ALL
from api.tries import Tries
from domain.values import Role
from domain.wrapped_forms import Wrapper
from tests.match import done
from tests.scheme import Scheme, Somebody
from tests.sealed_vaults import by_code, by_passkey, identity_of, public_of

KEY_ID, OTHER_KEY_ID = b"k" * 32, b"o" * 32


@pytest.fixture
def mentee(shared_scheme: Scheme) -> Somebody:
    return shared_scheme.person(Role.MENTEE)


def text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def wrapper_body(wrapper: Wrapper) -> dict[str, Any]:
    return {
        "id": str(wrapper.id),
        "kind": wrapper.kind,
        "credential_hash": text(wrapper.credential_hash) if wrapper.credential_hash else None,
        "salt": text(wrapper.salt),
        "wrapped_key": text(wrapper.wrapped_key),
    }


def identity_body(key_id: bytes = KEY_ID) -> dict[str, Any]:
    public = public_of(key_id)
    return {
        "sealed_identity": text(identity_of(key_id)),
        "public_keys": {
            "key_id": text(public.key_id),
            "hpke_public": text(public.hpke_public),
            "signing_public": text(public.signing_public),
        },
    }


def vault_body(*wrappers: Wrapper, key_id: bytes = KEY_ID) -> dict[str, Any]:
    kept = wrappers or (by_code(), by_passkey())
    return {"wrappers": [wrapper_body(each) for each in kept], **identity_body(key_id)}


def kind_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def current_key_id(person: Somebody) -> bytes | None:
    shown = done(person.get(f"/people/{person.id}/public-keys"))["current_key_id"]
    return base64.b64decode(shown) if shown else None


def test_without_a_vault_there_is_only_whose_it_would_be(mentee: Somebody) -> None:
    answer = mentee.get("/me/vault")
    assert done(answer) == {
        "person": str(mentee.id),
        "version": 0,
        "wrappers": [],
        "sealed_identity": None,
        "earlier_identities": [],
    }
    assert answer.headers["ETag"] == '"0"'


def test_a_vault_comes_back_as_it_was_handed_in(mentee: Somebody) -> None:
    body = vault_body()
    begun = mentee.put("/me/vault", body)
    shown = mentee.get("/me/vault")
    kept = done(shown)
    assert [each | {"added_at": None} for each in body["wrappers"]] == [
        each | {"added_at": None} for each in kept["wrappers"]
    ]
    assert kept["sealed_identity"] == body["sealed_identity"]
    assert (begun.headers["ETag"], shown.headers["ETag"]) == ('"1"', '"1"')
    assert current_key_id(mentee) == KEY_ID


def test_nothing_of_a_vault_is_kept_of_a_refused_one(
    shared_scheme: Scheme, mentee: Somebody
) -> None:
    before = shared_scheme.event_count()
    assert kind_of(mentee.put("/me/vault", vault_body(by_code()))) == (409, "too-few-wrappers")
    assert shared_scheme.event_count() == before
    assert current_key_id(mentee) is None


def test_one_persons_vault_is_not_anothers(shared_scheme: Scheme, mentee: Somebody) -> None:
    done(mentee.put("/me/vault", vault_body()))
    code = done(mentee.get("/me/vault"))["wrappers"][0]["id"]
    other = shared_scheme.person(Role.MENTOR)
    assert done(other.get("/me/vault"))["version"] == 0
    assert kind_of(other.delete(f"/me/vault/wrappers/{code}")) == (404, "not-found")
    done(other.put("/me/vault", vault_body(by_code(), by_code())))
    assert kind_of(other.delete(f"/me/vault/wrappers/{code}")) == (409, "no-such-wrapper")


def test_both_roles_of_a_person_have_the_one_vault(shared_scheme: Scheme) -> None:
    mentee = shared_scheme.person(Role.MENTEE, Role.MENTOR)
    done(mentee.put("/me/vault", vault_body()))
    as_mentor = shared_scheme.speaking_for(mentee.id, Role.MENTOR)
    assert done(as_mentor.get("/me/vault")) == done(mentee.get("/me/vault"))


def test_a_vault_is_begun_anew_only_with_the_etag_of_the_newest(mentee: Somebody) -> None:
    done(mentee.put("/me/vault", vault_body()))
    again = vault_body(key_id=OTHER_KEY_ID)
    assert kind_of(mentee.put("/me/vault", again)) == (409, "vault-exists")
    done(mentee.post("/me/vault/wrappers", wrapper_body(by_code())))
    stale = mentee.put("/me/vault", again, headers={"If-Match": '"1"'})
    assert kind_of(stale) == (412, "version-is-stale")
    done(mentee.put("/me/vault", again, headers={"If-Match": '"2"'}))
    assert len(done(mentee.get("/me/vault"))["wrappers"]) == len(again["wrappers"])
    assert current_key_id(mentee) == OTHER_KEY_ID


def test_ways_in_are_added_and_removed_but_for_the_last(mentee: Somebody) -> None:
    code, passkey, spare = by_code(), by_passkey(), by_code()
    done(mentee.put("/me/vault", vault_body(code, passkey)))
    assert kind_of(remove(mentee, code.id)) == (409, "no-recovery-code")
    assert kind_of(remove(mentee, passkey.id)) == (409, "too-few-wrappers")
    done(mentee.post("/me/vault/wrappers", wrapper_body(spare)))
    stale = mentee.delete(f"/me/vault/wrappers/{code.id}", headers={"If-Match": '"1"'})
    assert kind_of(stale) == (412, "version-is-stale")
    done(remove(mentee, code.id))
    left = [each["id"] for each in done(mentee.get("/me/vault"))["wrappers"]]
    assert left == [str(passkey.id), str(spare.id)]


def test_earlier_keys_stay_beside_those_that_replace_them(mentee: Somebody) -> None:
    done(mentee.put("/me/vault", vault_body()))
    done(mentee.put("/me/vault/identity", identity_body(OTHER_KEY_ID)))
    kept = done(mentee.get("/me/vault"))
    assert kept["sealed_identity"] == text(identity_of(OTHER_KEY_ID))
    assert kept["earlier_identities"] == [text(identity_of())]
    assert current_key_id(mentee) == OTHER_KEY_ID


def test_a_repeated_request_begins_one_vault(mentee: Somebody) -> None:
    body, key = vault_body(), {"Idempotency-Key": f"begin-{uuid4()}"}
    first, again = (mentee.put("/me/vault", body, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.fixture
def little_room(shared_scheme: Scheme) -> Iterator[None]:
    kept = shared_scheme.app.state.vault_tries
    shared_scheme.app.state.vault_tries = Tries(of_one=3, of_all=FETCHES_OF_ALL)
    yield
    shared_scheme.app.state.vault_tries = kept


@pytest.mark.usefixtures("little_room")
def test_who_fetches_a_vault_too_often_waits_and_nobody_else_does(
    shared_scheme: Scheme, mentee: Somebody
) -> None:
    # A minute may end in between, and then there is room for three more.
    answers = [mentee.get("/me/vault") for _ in range(7)]
    assert [each.status_code for each in answers[:3]] == [200, 200, 200]
    refused = [each for each in answers if each.status_code == 429]
    assert kind_of(refused[0]) == (429, "too-many-tries")
    assert refused[0].headers["Retry-After"]
    assert shared_scheme.person(Role.MENTEE).get("/me/vault").status_code == 200


def test_a_fetch_that_is_refused_says_nothing_of_the_vault(mentee: Somebody) -> None:
    done(mentee.put("/me/vault", vault_body()))
    assert done(mentee.get("/me/vault"))["wrappers"]
    refused = mentee.get("/me/vault?person=" + str(uuid4()))
    assert kind_of(refused) == (422, "not-understood")
    assert "wrapped_key" not in refused.text


SENTINEL = text(b"Quetzal-Plimsoll-77 in a wrapped form")
GOOD = vault_body()
BAD_VALUES = [
    None,
    7,
    True,
    "",
    "%%%",
    SENTINEL,
    [SENTINEL],
    {SENTINEL: SENTINEL},
    "\0",
    "A" * 9000,
]


def bodies_with(value: Any) -> Iterator[tuple[str, str, Any]]:
    """Every body of these routes with this value in every place, one at a time."""
    wrapper = wrapper_body(by_code())
    for name in wrapper:
        yield "POST", "/me/vault/wrappers", {**wrapper, name: value}
    for name in GOOD:
        yield "PUT", "/me/vault", {**GOOD, name: value}
    for name in GOOD["public_keys"]:
        yield "PUT", "/me/vault", {**GOOD, "public_keys": {**GOOD["public_keys"], name: value}}
    for path, body in (("/me/vault", GOOD), ("/me/vault/identity", identity_body())):
        yield "PUT", path, {**body, SENTINEL: value}
        yield "PUT", path, value
    yield "PUT", "/me/vault", {**GOOD, "wrappers": [value]}


@pytest.mark.parametrize("value", BAD_VALUES, ids=lambda value: json.dumps(value)[:20])
def test_bad_input_changes_nothing_and_is_not_repeated(
    shared_scheme: Scheme, mentee: Somebody, value: Any
) -> None:
    before = shared_scheme.event_count()
    for method, path, body in bodies_with(value):
        answer = mentee.client.request(method, path, json=body)
        assert answer.status_code in {404, 409, 422}, (method, path, answer.text)
        assert "Quetzal" not in answer.text
        assert SENTINEL not in answer.text
    assert shared_scheme.event_count() == before


@pytest.mark.parametrize("id", ["7", "x" * 40, "%00", "..", str(UUID(int=0))])
def test_a_way_in_that_is_none_is_not_removed(mentee: Somebody, id: str) -> None:
    done(mentee.put("/me/vault", vault_body()))
    assert mentee.delete(f"/me/vault/wrappers/{id}").status_code in {404, 405, 409, 422}
    assert done(mentee.get("/me/vault"))["version"] == 1


def remove(person: Somebody, wrapper: UUID) -> Any:
    return person.delete(f"/me/vault/wrappers/{wrapper}")
