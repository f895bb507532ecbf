"""Repeated, concurrent and stale requests: carried out once, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from domain.values import Role
from tests.match import give_consent, publish_notices
from tests.scheme import Scheme, Somebody

AT_ONCE = 4


@pytest.fixture
def coordinator(shared_scheme: Scheme) -> Somebody:
    return shared_scheme.person(Role.COORDINATOR)


def register(coordinator: Somebody, key: str, name: str = "Fernley") -> Any:
    return coordinator.post("/organisations", {"name": name}, headers={"Idempotency-Key": key})


def test_a_repeated_request_gets_the_first_answer_and_records_nothing(
    shared_scheme: Scheme, coordinator: Somebody
) -> None:
    first = register(coordinator, "the-same-key")
    before = shared_scheme.event_count()
    again = register(coordinator, "the-same-key")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert shared_scheme.event_count() == before


def test_a_key_is_not_reused_for_another_request(
    shared_scheme: Scheme, coordinator: Somebody
) -> None:
    register(coordinator, "used-before")
    before = shared_scheme.event_count()

    other = register(coordinator, "used-before", "Ashdown")

    assert other.status_code == 422
    assert other.json()["type"] == "urn:vouchsafe:problem:key-used-for-another"
    assert shared_scheme.event_count() == before


def test_two_people_may_use_the_same_key(shared_scheme: Scheme, coordinator: Somebody) -> None:
    mine = register(coordinator, "shared-key")
    theirs = register(shared_scheme.person(Role.COORDINATOR), "shared-key")

    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]


def at_once(shared_scheme: Scheme, coordinator: Somebody, names: list[str]) -> list[Any]:
    """The same key sent at the same moment by several threads."""
    key, start = uuid4().hex, Barrier(len(names))
    clients = [shared_scheme.as_before(coordinator) for _ in names]

    def send(client: Somebody, name: str) -> Any:
        start.wait()
        return register(client, key, name)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(send, clients, names))


def test_a_double_click_is_carried_out_once(shared_scheme: Scheme, coordinator: Somebody) -> None:
    before = shared_scheme.event_count()

    answers = at_once(shared_scheme, coordinator, ["Fernley"] * AT_ONCE)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert shared_scheme.event_count() == before + 1


def test_of_two_requests_under_one_key_at_once_only_one_is_answered_as_carried_out(
    shared_scheme: Scheme, coordinator: Somebody
) -> None:
    before = shared_scheme.event_count()

    answers = at_once(shared_scheme, coordinator, ["Fernley", "Ashdown", "Marsh"])

    assert sorted(answer.status_code for answer in answers) == [201, 422, 422]
    assert shared_scheme.event_count() == before + 1


def test_an_order_on_what_has_changed_is_refused(
    shared_scheme: Scheme, coordinator: Somebody
) -> None:
    person = shared_scheme.person(Role.MENTEE)
    read = coordinator.get(f"/people/{person.id}/contact").headers["etag"]
    path, stale = f"/people/{person.id}/roles", {"If-Match": read}
    assert coordinator.post(path, {"role": "mentor"}, headers=stale).status_code == 200
    before = shared_scheme.event_count()

    refused = coordinator.post(path, {"role": "sponsor_contact"}, headers=stale)

    assert refused.status_code == 412
    assert shared_scheme.event_count() == before


@pytest.mark.parametrize("etag", ["1", '"one"', 'W/"1"', "*", '"' + "9" * 30 + '"'])
def test_a_version_that_is_none_is_refused(coordinator: Somebody, etag: str) -> None:
    path = f"/people/{uuid4()}/roles"

    refused = coordinator.post(path, {"role": "mentor"}, headers={"If-Match": etag})

    assert refused.status_code == 422
    assert etag not in refused.json()["detail"]


def test_a_twin_that_finds_the_rule_broken_by_its_own_first_is_answered_like_it(
    shared_scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of a double click passes the first look, then finds what the first has done."""
    publish_notices(shared_scheme)
    mentee = shared_scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    key = {"Idempotency-Key": "twice-the-same-click"}
    first = mentee.post("/me/consents/take_part/withdrawal", headers=key)
    recorder = shared_scheme.parts.recorder
    first_look, real = iter([True]), recorder.outcome
    monkeypatch.setattr(
        recorder, "outcome", lambda each: None if next(first_look, False) else real(each)
    )
    before = shared_scheme.event_count()

    second = mentee.post("/me/consents/take_part/withdrawal", headers=key)

    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert shared_scheme.event_count() == before
