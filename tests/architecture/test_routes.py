"""Who may call what: every route, every role, and other people's records, by table and by trial."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from tests.databases import fresh_database
from tests.match import Match, match, propose, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on
from tests.surface import Surface, surface_of

EVERYBODY = None
ANY_ROLE = frozenset(Role)
MENTEE = frozenset({Role.MENTEE})
MENTOR = frozenset({Role.MENTOR})
PARTIES = MENTEE | MENTOR
COORDINATOR = frozenset({Role.COORDINATOR})
SPONSOR = frozenset({Role.SPONSOR_CONTACT})
SCHEME = PARTIES | COORDINATOR
CHECKERS = frozenset({Role.DATA_PROTECTION_LEAD, Role.AUDITOR})
LEAD = frozenset({Role.DATA_PROTECTION_LEAD})
SAFEGUARDING = frozenset({Role.SAFEGUARDING_LEAD})
R = "/relationships/{id}"
G = "/groups/{id}"

WHO_MAY_CALL: dict[str, frozenset[Role] | None] = {
    "GET /health/live": EVERYBODY,
    "GET /health/ready": EVERYBODY,
    "POST /session": EVERYBODY,
    "DELETE /session": ANY_ROLE,
    "POST /passkeys/sign-in/options": EVERYBODY,
    "POST /passkeys/sign-in": EVERYBODY,
    "POST /passkeys/options": ANY_ROLE,
    "POST /passkeys": ANY_ROLE,
    "GET /passkeys": ANY_ROLE,
    "DELETE /passkeys/{id}": ANY_ROLE,
    "GET /me/sign-ins": ANY_ROLE,
    "DELETE /me/sign-ins/{id}": ANY_ROLE,
    "POST /people": COORDINATOR,
    "GET /people/{id}/contact": SCHEME,
    "POST /people/{id}/roles": COORDINATOR,
    "DELETE /people/{id}/roles/{role}": COORDINATOR,
    "GET /people/{id}/public-keys": PARTIES,
    "GET /people/{id}/consents": CHECKERS,
    "GET /people/{id}/access-records": CHECKERS,
    "PUT /me/public-keys": PARTIES,
    "GET /me/access-records": ANY_ROLE,
    "POST /me/consents": PARTIES,
    "POST /me/consents/{purpose}/deferral": PARTIES,
    "POST /me/consents/{purpose}/refusal": PARTIES,
    "POST /me/consents/{purpose}/withdrawal": PARTIES,
    "GET /me/consents/receipts": PARTIES,
    "GET /consent-history": CHECKERS,
    "POST /people/{id}/consents/{purpose}/request": LEAD,
    "POST /people/{id}/consents/{purpose}/revocation": LEAD,
    "POST /people/{id}/consents/{purpose}/invalidation": LEAD,
    "GET /me/consents": PARTIES,
    "POST /me/erasure": PARTIES,
    "GET /me/erasure": PARTIES,
    "POST /me/erasure/taking-back": PARTIES,
    "GET /erasures": COORDINATOR | LEAD,
    "GET /erasures/{id}": COORDINATOR | LEAD,
    "POST /erasures/{id}/hold": COORDINATOR | LEAD,
    "POST /erasures/{id}/hold-lifting": COORDINATOR | LEAD,
    "POST /erasures/{id}/refusal": COORDINATOR | LEAD,
    "POST /erasures/{id}/grant": COORDINATOR | LEAD,
    f"POST {R}/disclosures": MENTOR | SAFEGUARDING,
    "GET /disclosures": SAFEGUARDING,
    "GET /disclosures/{id}": SAFEGUARDING,
    "GET /disclosures/{id}/words": SAFEGUARDING,
    "GET /disclosures/{id}/access-records": SAFEGUARDING,
    "POST /disclosures/{id}/agreement": SAFEGUARDING,
    "POST /disclosures/{id}/refusal": SAFEGUARDING,
    "POST /disclosures/{id}/telling": SAFEGUARDING,
    "POST /disclosures/{id}/delay": SAFEGUARDING,
    "POST /disclosures/{id}/making": SAFEGUARDING,
    "POST /disclosures/{id}/review": SAFEGUARDING,
    "GET /me/disclosures": PARTIES,
    "POST /me/concerns": SCHEME,
    "GET /me/concerns": SCHEME,
    "GET /me/concerns/{id}/words": SCHEME,
    "GET /concerns": COORDINATOR | SAFEGUARDING,
    "GET /concerns/{id}": COORDINATOR | SAFEGUARDING,
    "GET /concerns/{id}/words": COORDINATOR | SAFEGUARDING,
    "POST /concerns/{id}/triage": COORDINATOR,
    "POST /concerns/{id}/taking": SAFEGUARDING,
    "POST /concerns/{id}/handing-over": SAFEGUARDING,
    "POST /concerns/{id}/closing": COORDINATOR | SAFEGUARDING,
    "GET /safeguarding-leads": SAFEGUARDING,
    "GET /me/keeping": PARTIES,
    "POST /me/keeping": PARTIES,
    "POST /me/rights-requests": ANY_ROLE,
    "POST /me/uses/{use}/resuming": PARTIES,
    "GET /me/rights-requests": ANY_ROLE,
    "GET /me/rights-requests/{id}/words": ANY_ROLE,
    "GET /rights-requests": LEAD,
    "GET /rights-requests/{id}": LEAD,
    "GET /rights-requests/{id}/words": LEAD,
    "POST /rights-requests/{id}/extension": LEAD,
    "POST /rights-requests/{id}/answer": LEAD,
    "POST /rights-requests/{id}/refusal": LEAD,
    "POST /notices": COORDINATOR | LEAD,
    "GET /notices/{purpose}": SCHEME | LEAD,
    "POST /me/mentor-profile": MENTOR,
    "PUT /me/mentor-profile/published": MENTOR,
    "PUT /me/mentor-profile/capacity": MENTOR,
    "PUT /me/mentor-profile/kinds": MENTOR,
    "POST /me/mentor-profile/pause": MENTOR,
    "POST /me/mentor-profile/resumption": MENTOR,
    "POST /me/mentor-profile/leaving": MENTOR,
    "PUT /me/availability": PARTIES,
    "GET /me/availability": PARTIES,
    "POST /mentor-profiles/{person}/approval": COORDINATOR,
    "POST /mentor-profiles/{person}/refusal": COORDINATOR,
    "PUT /mentor-profiles/{person}/programmes": COORDINATOR,
    "GET /mentor-profiles/{person}": SCHEME,
    "GET /me/contact": PARTIES,
    "PUT /me/contact": PARTIES,
    "POST /me/contact/code": PARTIES,
    "POST /me/contact/confirmation": PARTIES,
    "GET /me/shared-profile": MENTEE,
    "PUT /me/shared-profile": MENTEE,
    "DELETE /me/shared-profile": MENTEE,
    f"GET {R}/shared-profile": MENTOR,
    "POST /programmes": COORDINATOR,
    "GET /programmes/{id}": COORDINATOR | SPONSOR,
    "PUT /programmes/{id}/settings": COORDINATOR,
    "PUT /programmes/{id}/group-size": COORDINATOR,
    "POST /organisations": COORDINATOR,
    "GET /organisations/{id}": COORDINATOR,
    "POST /organisations/{id}/sponsor-contacts": COORDINATOR,
    "DELETE /organisations/{id}/sponsor-contacts/{person}": COORDINATOR,
    "POST /agreements": COORDINATOR,
    "GET /agreements/{id}": COORDINATOR,
    "PUT /agreements/{id}/terms": COORDINATOR,
    "POST /agreements/{id}/ending": COORDINATOR,
    "POST /agreements/{id}/invoices": COORDINATOR,
    "GET /agreements/{id}/invoices": COORDINATOR | SPONSOR,
    "GET /agreements/{id}/invoices/{number}/csv": COORDINATOR | SPONSOR,
    "POST /agreements/{id}/invoices/{number}/payment": COORDINATOR,
    "POST /agreements/{id}/invoices/{number}/credit": COORDINATOR,
    "GET /agreements/{id}/invoices/{number}/lines/{reference}": COORDINATOR,
    "GET /agreements/{id}/figures": COORDINATOR | SPONSOR,
    "POST /agreements/{id}/invitations": COORDINATOR | SPONSOR,
    "POST /agreements/{id}/invitations/withdrawal": COORDINATOR,
    "POST /programmes/{id}/invitations": COORDINATOR,
    "POST /programmes/{id}/invitations/withdrawal": COORDINATOR,
    "POST /joining": EVERYBODY,
    "GET /me/places": PARTIES,
    "POST /me/places": PARTIES,
    "POST /enquiries": EVERYBODY,
    "GET /enquiries": COORDINATOR,
    "GET /enquiries/{id}": COORDINATOR,
    "POST /enquiries/{id}/answer": COORDINATOR,
    "POST /enquiries/{id}/reply": COORDINATOR,
    "POST /enquiries/{id}/forgetting": COORDINATOR | LEAD,
    "PUT /me/preferences": PARTIES,
    "GET /me/preferences": PARTIES,
    "PUT /me/preferences/background": PARTIES,
    "GET /me/preferences/background": PARTIES,
    "DELETE /me/preferences/background": PARTIES,
    "GET /me/cpd": PARTIES,
    "GET /me/cpd/pieces": PARTIES,
    "POST /me/cpd/pieces": PARTIES,
    "GET /me/cpd/pieces/{piece}": PARTIES,
    "PUT /me/cpd/pieces/{piece}": PARTIES,
    "DELETE /me/cpd/pieces/{piece}": PARTIES,
    "POST /me/cpd/check": PARTIES,
    "GET /me/cpd/paper": PARTIES,
    "PUT /programmes/{id}/weights": COORDINATOR,
    "GET /programmes/{id}/weights": COORDINATOR,
    "POST /programmes/{id}/matching-rounds": COORDINATOR,
    "GET /programmes/{id}/matching-rounds": COORDINATOR,
    "GET /matching-rounds/{id}": COORDINATOR,
    "GET /matching-rounds/{id}/words/{relationship}": COORDINATOR,
    "POST /matching-rounds/{id}/proposals": COORDINATOR,
    "POST /matching-rounds/{id}/closing": COORDINATOR,
    "POST /places": COORDINATOR,
    "GET /places/{id}": COORDINATOR,
    "POST /places/{id}/extension": COORDINATOR,
    "POST /places/{id}/return": COORDINATOR,
    "POST /relationships": MENTEE,
    f"GET {R}": SCHEME,
    f"POST {R}/conflicts": SCHEME,
    f"POST {R}/agreement": PARTIES,
    f"POST {R}/pause": PARTIES,
    f"POST {R}/resumption": PARTIES,
    f"POST {R}/closing": SCHEME,
    f"POST {R}/cadence": PARTIES,
    f"POST {R}/rematch": PARTIES,
    f"POST {R}/next-request": MENTEE,
    "GET /rematches": COORDINATOR,
    f"POST {R}/feedback-slip": PARTIES,
    "POST /feedback": EVERYBODY,
    "GET /me/feedback": MENTOR,
    "GET /mentor-profiles/{person}/feedback": COORDINATOR,
    "GET /evaluation": COORDINATOR,
    "GET /stories": EVERYBODY,
    "GET /me/story": MENTEE,
    "PUT /me/story": MENTEE,
    "DELETE /me/story": MENTEE,
    "GET /story-desk": COORDINATOR,
    "GET /story-desk/{id}/words": COORDINATOR,
    "POST /story-desk/{id}/publication": COORDINATOR,
    "POST /story-desk/{id}/sending-back": COORDINATOR,
    "POST /me/suggestions": PARTIES,
    "GET /me/suggestions": PARTIES,
    "GET /me/suggestions/{id}/words": PARTIES,
    "GET /suggestions": SCHEME,
    "GET /suggestion-desk": COORDINATOR,
    "GET /suggestion-desk/{id}/words": COORDINATOR,
    "POST /suggestion-desk/{id}/answer": COORDINATOR,
    f"GET {R}/requested-words": COORDINATOR,
    f"GET {R}/said-words": COORDINATOR,
    f"POST {R}/sessions/{{session}}/settlement": COORDINATOR,
    f"POST {R}/shortlist": COORDINATOR,
    f"GET {R}/shortlist": MENTEE | COORDINATOR,
    f"PUT {R}/shortlist/ranking": MENTEE,
    f"POST {R}/shortlist/proposals": COORDINATOR,
    f"POST {R}/proposals": COORDINATOR,
    f"GET {R}/proposal": PARTIES,
    f"POST {R}/proposals/{{proposal}}/acceptance": PARTIES,
    f"POST {R}/proposals/{{proposal}}/refusal": PARTIES,
    f"POST {R}/partner-link": MENTEE,
    f"POST {R}/partner-link/withdrawal": MENTEE,
    f"GET {R}/partnership": MENTOR,
    f"POST {R}/partnership/acceptance": MENTOR,
    f"POST {R}/partnership/refusal": MENTOR,
    f"POST {R}/sessions": PARTIES,
    f"GET {R}/sessions/times": PARTIES,
    f"GET {R}/sessions/{{session}}": SCHEME,
    f"GET {R}/sessions/{{session}}/video-link": PARTIES,
    f"PUT {R}/sessions/{{session}}/video-link": PARTIES,
    f"POST {R}/sessions/{{session}}/reschedule": PARTIES,
    f"POST {R}/sessions/{{session}}/cancellation": PARTIES,
    f"POST {R}/sessions/{{session}}/attendance": PARTIES,
    f"POST {R}/sessions/{{session}}/absence": PARTIES,
    f"POST {R}/sessions/{{session}}/confirmation": PARTIES,
    f"POST {R}/sessions/{{session}}/dispute": PARTIES,
    f"POST {R}/sessions/{{session}}/correction": COORDINATOR,
    "GET /groups": COORDINATOR,
    f"GET {G}": SCHEME,
    f"POST {G}/cadence": MENTOR,
    f"POST {G}/closing": SCHEME,
    f"GET {G}/hours/times": MENTOR,
    f"POST {G}/hours": MENTOR,
    f"POST {G}/hours/{{hour}}/reschedule": MENTOR,
    f"POST {G}/hours/{{hour}}/expected": MENTOR,
    f"PUT {G}/hours/{{hour}}/video-link": MENTOR,
    f"POST {G}/hours/{{hour}}/cancellation": MENTOR,
    f"POST {G}/hours/{{hour}}/attendance": MENTOR,
    f"POST {G}/hours/{{hour}}/absence": MENTOR,
    f"GET {R}/notebook": PARTIES,
    "GET /me/passed-on-notes": PARTIES,
    f"POST {R}/notebook/epochs": PARTIES,
    f"POST {R}/notebook/grants": PARTIES,
    f"DELETE {R}/notebook/readers/{{person}}": PARTIES,
    f"POST {R}/notebook/entries": PARTIES,
    f"POST {R}/notebook/entries/{{entry}}/share": PARTIES,
    f"DELETE {R}/notebook/entries/{{entry}}": PARTIES,
    "GET /me/export": PARTIES,
    "GET /me/record": PARTIES,
    "GET /me/vault": PARTIES,
    "PUT /me/vault": PARTIES,
    "PUT /me/vault/identity": PARTIES,
    "POST /me/vault/wrappers": PARTIES,
    "DELETE /me/vault/wrappers/{id}": PARTIES,
    "GET /pipeline": COORDINATOR,
    "GET /pipeline/changes": COORDINATOR,
    "GET /my-mentoring": MENTEE,
    "GET /my-mentoring/changes": MENTEE,
    "GET /my-caseload": MENTOR,
    "GET /my-caseload/changes": MENTOR,
}
"""Every route and who may call it at all; whose records they reach is tried below."""

MAY_ALWAYS_BE_LEFT = "DELETE /session"
"""Signing out changes nothing that is recorded, so a token that may only read can do it."""


@dataclass(frozen=True)
class World:
    """A scheme with somebody of each role, and two relationships that none of them is in."""

    scheme: Scheme
    callers: dict[Role, Somebody]
    matched: Match
    proposed: Match

    @property
    def surface(self) -> list[Surface]:
        return surface_of(self.scheme.app)

    def ids(self, surface: Surface, of: Match) -> dict[str, Any]:
        """Other people's records, for every name in the path."""
        is_person = surface.path.startswith("/people")
        is_place = surface.path.startswith("/places")
        record = of.mentee.id if is_person else of.place if is_place else of.relationship
        names = {"id": record, "person": of.mentor.id, "proposal": of.proposal}
        names |= {"number": 1, "reference": "K7QF3M2P"}
        rest = {
            "relationship": uuid4(),
            "session": uuid4(),
            "hour": uuid4(),
            "entry": uuid4(),
            "piece": uuid4(),
            "role": "mentee",
            "purpose": "take_part",
            "use": "suggestions",
        }
        return names | rest

    def absent(self) -> dict[str, Any]:
        """Ids that no record has."""
        names = ("id", "relationship", "person", "proposal", "session", "hour", "entry", "piece")
        words = {"role": "mentee", "purpose": "take_part", "number": 1, "reference": "K7QF3M2P"}
        words |= {"use": "suggestions"}
        return {name: uuid4() for name in names} | words


@pytest.fixture(scope="module")
def world(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("routes")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as scheme,
    ):
        publish_notices(scheme)
        # Callers here read answers to their end, and a stream would only end after an hour.
        scheme.app.state.streams.lasts_seconds = 0.0
        callers = {role: scheme.person(role) for role in Role}
        yield World(scheme, callers, match(scheme), propose(scheme))


def test_every_route_says_who_may_call_it(world: World) -> None:
    without_rule = [
        each.name for each in world.surface if each.rule.is_public == bool(each.rule.roles)
    ]

    assert without_rule == []


def test_the_table_lists_every_route_as_its_own_types_have_it(world: World) -> None:
    found = {
        each.name: EVERYBODY if each.rule.is_public else frozenset.intersection(*each.rule.roles)
        for each in world.surface
    }

    assert found == WHO_MAY_CALL


def refusals(world: World, surface: Surface, caller: Somebody) -> tuple[int, str]:
    """The status and kind of what a call is answered, once it is sure that it recorded nothing."""
    before = world.scheme.event_count()
    answer = surface.call(caller, world.ids(surface, world.matched))
    assert world.scheme.event_count() == before, f"{surface.name} recorded something"
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


def test_nobody_calls_without_signing_in(world: World) -> None:
    nobody = replace(world.callers[Role.MENTEE], client=world.scheme.client())
    closed = [each for each in world.surface if not each.rule.is_public]

    answered = {each.name: refusals(world, each, nobody) for each in closed}

    assert answered == {each.name: (401, "not-signed-in") for each in closed}


@pytest.mark.parametrize("role", Role)
def test_a_role_is_refused_what_the_table_does_not_give_it(world: World, role: Role) -> None:
    closed = [each for each in world.surface if role not in (WHO_MAY_CALL[each.name] or ANY_ROLE)]

    answered = {each.name: refusals(world, each, world.callers[role]) for each in closed}

    assert answered == {each.name: (403, "role-may-not") for each in closed}


@pytest.mark.parametrize("role", Role)
def test_a_token_that_may_only_read_changes_nothing(world: World, role: Role) -> None:
    person = world.callers[role].id
    reading = world.scheme.speaking_for(person, role, scopes=frozenset({"read"}))
    changing = [
        each
        for each in world.surface
        if each.changes and not each.rule.is_public and each.name != MAY_ALWAYS_BE_LEFT
    ]

    answered = {each.name: refusals(world, each, reading) for each in changing}

    assert answered == {each.name: (403, "token-may-not") for each in changing}


OTHERS_RECORDS = [
    name
    for name, roles in WHO_MAY_CALL.items()
    if roles is not None
    and roles & PARTIES
    and "{" in name
    and "{purpose}" not in name
    and "{use}" not in name
]


@pytest.mark.parametrize("role", sorted(PARTIES))
@pytest.mark.parametrize("which", ["matched", "proposed"])
def test_other_peoples_records_are_absent(world: World, role: Role, which: str) -> None:
    caller, theirs = world.callers[role], getattr(world, which)
    before = world.scheme.event_count()
    reached = [each for each in world.surface if each.name in OTHERS_RECORDS]
    reached = [each for each in reached if role in (WHO_MAY_CALL[each.name] or ())]

    found = {each.name: each.call(caller, world.ids(each, theirs)) for each in reached}
    absent = {each.name: each.call(caller, world.absent()) for each in reached}

    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(found, 404)
    assert {name: answer.text for name, answer in found.items()} == {
        name: answer.text for name, answer in absent.items()
    }
    assert world.scheme.event_count() == before


def test_ones_own_records_are_absent_to_the_role_that_one_has_elsewhere(world: World) -> None:
    mentee, mentor = world.matched.mentee, world.matched.mentor
    swapped = {
        Role.MENTOR: world.scheme.speaking_for(mentee.id, Role.MENTOR),
        Role.MENTEE: world.scheme.speaking_for(mentor.id, Role.MENTEE),
    }
    before = world.scheme.event_count()
    reached = [each for each in world.surface if each.path.startswith(R)]

    for role, caller in swapped.items():
        for each in reached:
            if role in (WHO_MAY_CALL[each.name] or ()):
                answer = each.call(caller, world.ids(each, world.matched))
                assert (each.name, answer.status_code) == (each.name, 404)

    assert world.scheme.event_count() == before


@pytest.mark.parametrize("role", Role)
def test_whom_the_table_lets_in_is_let_in(world: World, role: Role) -> None:
    """With records that are not there, so that nothing changes but what is made anew."""
    caller = world.scheme.as_before(world.scheme.person(role))
    opened = [each for each in world.surface if role in (WHO_MAY_CALL[each.name] or ())]

    answered = {each.name: each.call(caller, world.absent()) for each in opened}

    refused = {401, 403, 405, 415, 422, 500}
    assert {name: a.text for name, a in answered.items() if a.status_code in refused} == {}


def test_ids_are_not_mistaken_for_one_another(world: World) -> None:
    """A record's id in the place of another kind's is absent, not found as something else."""
    coordinator = world.callers[Role.COORDINATOR]
    strange: list[UUID] = [world.matched.relationship, world.matched.place]

    for each in strange:
        assert coordinator.get(f"/people/{each}/contact").status_code == 404
    assert coordinator.get(f"/places/{world.matched.relationship}").status_code == 404
    assert coordinator.get(f"/relationships/{world.matched.place}").status_code == 404
