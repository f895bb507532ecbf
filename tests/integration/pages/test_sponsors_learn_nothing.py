"""Rule 14: whatever a sponsor contact may read is the same, byte for byte, before and after an invitation is used."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from projections.catalogue import READ_MODELS
from tests.databases import fresh_database
from tests.invitations import Funded, funded, is_used, join, mentee_of, newcomer
from tests.match import done, give_consent, publish_notices
from tests.scheme import Somebody, reading_scheme_on
from tests.surface import PREFIX, Rule, rules_of_pages, surface_of

ORIGIN = "http://testserver"
PATIENCE_SECONDS = 30.0
NEW_EACH_TIME = re.compile(r'name="key" value="[^"]*"')
LEFT_OUT = ("/changes", "/static/", "/health/")
"""Streams have no end, and no sponsor may open one; the others say how the machine is."""
OF_THE_REQUEST = {"x-request-id", "date"}


@pytest.fixture(scope="module")
def of(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Funded]:
    folder = tmp_path_factory.mktemp("sponsors")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as scheme,
    ):
        publish_notices(scheme)
        yield funded(scheme, places=5)


def readable(of: Funded, role: Role) -> list[str]:
    """The address of everything that a role, or everybody, may read about this agreement."""
    app = of.scheme.app
    rules = {f"{each.method} {PREFIX}{each.path}": each.rule for each in surface_of(app)}
    rules |= rules_of_pages(app)
    return sorted(
        {address_of(name, of) for name, rule in rules.items() if is_read(name, rule, role)}
    )


def is_read(name: str, rule: Rule, role: Role) -> bool:
    is_open = rule.is_public or all(role in each for each in rule.roles)
    return name.startswith("GET ") and is_open and not any(part in name for part in LEFT_OUT)


def address_of(name: str, of: Funded) -> str:
    path = name.partition(" ")[2]
    programme = of.shown()["terms"]["programme"]
    ids = {"/agreements": of.agreement, "/organisations": of.organisation, "/programmes": programme}
    for part in re.findall(r"{(\w+)[^}]*}", path):
        whose = next(
            (ids[start] for start in ids if path.removeprefix(PREFIX).startswith(start)), None
        )
        known = {"agreement": of.agreement, "number": "1", "day": "2031-03-03"}
        path = re.sub(rf"{{{part}[^}}]*}}", known.get(part) or whose or str(uuid4()), path)
    return path


def shown_to(somebody: Somebody, addresses: list[str]) -> dict[str, Any]:
    return {address: told(somebody.client.get(ORIGIN + address)) for address in addresses}


def told(answer: Any) -> tuple[int, list[tuple[str, str]], str]:
    headers = [each for each in answer.headers.items() if each[0] not in OF_THE_REQUEST]
    return answer.status_code, sorted(headers), NEW_EACH_TIME.sub("", answer.text)


def caught_up(of: Funded) -> None:
    newest = of.scheme.parts.recorder.max_notification_id() or 0
    for model in READ_MODELS:
        of.scheme.app.state.reader.wait_for(model.name, newest, PATIENCE_SECONDS)


def test_rule_14_nothing_that_a_sponsor_reads_changes_when_an_invitation_is_used(
    of: Funded,
) -> None:
    first, second = of.issue(2)
    known = of.scheme.person(Role.MENTEE)
    sponsors, providers = readable(of, Role.SPONSOR_CONTACT), readable(of, Role.COORDINATOR)
    caught_up(of)
    before = shown_to(of.sponsor, sponsors)
    seen_by_provider = shown_to(of.coordinator, providers)

    mentee = mentee_of(of.scheme, join(of.scheme, newcomer(first)))
    done(known.post("/me/places", {"invitation": second}))
    give_consent(mentee, "take_part")
    caught_up(of)
    (place,) = done(mentee.get("/me/places"))["places"]
    done(mentee.post("/relationships", {"place": place["id"]}))
    caught_up(of)

    assert is_used(of.scheme, first)
    assert is_used(of.scheme, second)
    after = shown_to(of.sponsor, sponsors)
    assert {address for address in sponsors if after[address] != before[address]} == set()
    changed = shown_to(of.coordinator, providers)
    assert any(changed[address] != seen_by_provider[address] for address in providers)


def test_the_surface_holds_what_a_sponsor_has(of: Funded) -> None:
    found = readable(of, Role.SPONSOR_CONTACT)

    assert f"/agreements/{of.agreement}/invitations" in found
    assert "/places-and-money" in found
    assert "/join" in found
    answers = shown_to(of.sponsor, found)
    assert {answers[f"/agreements/{of.agreement}/invitations"][0], answers["/join"][0]} == {200}
    assert answers["/places-and-money"][0] == 200
    rules = {each.name: each.rule for each in surface_of(of.scheme.app)}
    streams = [rule for name, rule in rules.items() if name.endswith("/changes")]
    assert streams
    assert not any(Role.SPONSOR_CONTACT in each for rule in streams for each in rule.roles)


def test_rule_14_what_a_sponsor_may_still_issue_does_not_change_either(of: Funded) -> None:
    """Asking for too many is the one question that could count."""
    own = funded(of.scheme, places=3)
    (token,) = [link.partition("#")[2] for link in issued(own, 1)]
    before = told(own.sponsor.post(own.path, {"count": 3}))
    done(join(of.scheme, newcomer(token)))
    after = told(own.sponsor.post(own.path, {"count": 3}))

    assert after == before
    assert before[0] == 409
    assert len(issued(own, 2)) == 2


def issued(of: Funded, count: int) -> list[str]:
    return list(done(of.sponsor.post(of.path, {"count": count}))["links"])
