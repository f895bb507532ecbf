"""People over HTTP: registered, reached and recognised."""

import base64
from uuid import UUID, uuid4

import pytest

from domain.access import GRANTED_BY_COORDINATORS
from domain.values import Role
from tests.scheme import Scheme, Somebody, sentinel_name

KEYS = {
    "key_id": base64.b64encode(bytes(32)).decode(),
    "hpke_public": base64.b64encode(bytes(1216)).decode(),
    "signing_public": base64.b64encode(bytes(32)).decode(),
}


def registered(coordinator: Somebody, name: str, *roles: str) -> UUID:
    body = {"name": name, "email": "zq@example.org", "roles": list(roles)}
    answer = coordinator.post("/people", body)
    assert answer.status_code == 201
    return UUID(answer.json()["id"])


def test_a_coordinator_registers_a_person_and_opens_their_contact(scheme: Scheme) -> None:
    coordinator, name = scheme.person(Role.COORDINATOR), sentinel_name(Role.MENTEE)

    person = registered(coordinator, name, "mentee", "mentor")

    contact = coordinator.get(f"/people/{person}/contact").json()
    assert contact == {"name": name, "email": "zq@example.org", "telephone": None}


def test_whoever_opens_a_contact_is_seen_by_the_person(scheme: Scheme) -> None:
    coordinator, mentee = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTEE)

    coordinator.get(f"/people/{mentee.id}/contact")
    mentee.get(f"/people/{mentee.id}/contact")

    looks = mentee.get("/me/access-records").json()["looks"]
    assert [(look["who"], look["purpose"]) for look in looks] == [
        (str(mentee.id), "own_record"),
        (str(coordinator.id), "arranging"),
    ]


def test_another_persons_contact_is_absent_to_a_party(scheme: Scheme) -> None:
    mentee, other = scheme.person(Role.MENTEE), scheme.person(Role.MENTOR)
    before = scheme.event_count()

    theirs = mentee.get(f"/people/{other.id}/contact")
    nobodys = mentee.get(f"/people/{uuid4()}/contact")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json() == nobodys.json()
    assert scheme.event_count() == before


def test_looks_come_in_pages(scheme: Scheme) -> None:
    coordinator, mentee = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTEE)
    for _ in range(5):
        coordinator.get(f"/people/{mentee.id}/contact")

    cursor, seen, pages = None, [], 0
    while pages == 0 or cursor:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = mentee.get("/me/access-records", params=params).json()
        cursor, pages = page["next"], pages + 1
        seen += [look["at"] for look in page["looks"]]

    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


def test_the_data_protection_leads_own_look_is_recorded(scheme: Scheme) -> None:
    lead, mentee = scheme.person(Role.DATA_PROTECTION_LEAD), scheme.person(Role.MENTEE)

    looks = lead.get(f"/people/{mentee.id}/access-records").json()["looks"]
    lead.get(f"/people/{mentee.id}/consents")

    assert [look["who"] for look in looks] == [str(lead.id)]
    kinds = [look["kind"] for look in mentee.get("/me/access-records").json()["looks"]]
    assert kinds == ["consents", "access_register"]


@pytest.mark.parametrize("role", sorted(set(Role) - GRANTED_BY_COORDINATORS))
def test_a_coordinator_appoints_nobody_who_watches_over_coordinators(
    shared_scheme: Scheme, role: Role
) -> None:
    coordinator = shared_scheme.person(Role.COORDINATOR)
    before = shared_scheme.event_count()

    given = coordinator.post(f"/people/{coordinator.id}/roles", {"role": role.value})
    made = coordinator.post("/people", {"name": "A", "email": "a@example.org", "roles": [role]})
    taken = coordinator.delete(f"/people/{coordinator.id}/roles/{role.value}")

    assert {each.status_code for each in (given, made, taken)} == {403}
    assert given.json()["type"] == "urn:vouchsafe:problem:not-yours-to-grant"
    assert shared_scheme.event_count() == before


def test_roles_that_must_stay_apart_are_refused(scheme: Scheme) -> None:
    coordinator, other = scheme.person(Role.COORDINATOR), scheme.person(Role.COORDINATOR)

    refused = coordinator.post(f"/people/{other.id}/roles", {"role": "sponsor_contact"})

    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:vouchsafe:problem:roles-must-stay-apart"


def test_published_keys_are_shown_to_oneself_and_absent_to_strangers(scheme: Scheme) -> None:
    mentee, stranger = scheme.person(Role.MENTEE), scheme.person(Role.MENTOR)

    assert mentee.put("/me/public-keys", KEYS).status_code == 200

    shown = mentee.get(f"/people/{mentee.id}/public-keys").json()
    assert shown["current_key_id"] == KEYS["key_id"]
    assert shown["keys"] == [KEYS]
    assert stranger.get(f"/people/{mentee.id}/public-keys").status_code == 404


def test_what_is_not_base64_is_named_and_not_repeated(scheme: Scheme) -> None:
    mentee = scheme.person(Role.MENTEE)

    refused = mentee.put("/me/public-keys", KEYS | {"key_id": "plimsoll!"})

    assert refused.status_code == 422
    assert refused.json()["fields"] == [{"field": "body.key_id", "problem": "base64"}]
