"""Who may open what page: every page, every role, and other people's records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from tests.databases import fresh_database
from tests.match import Match, propose, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on
from tests.surface import rules_of_pages

EVERYBODY = None
ANY_ROLE = frozenset(Role)
MENTEE = frozenset({Role.MENTEE})
MENTOR = frozenset({Role.MENTOR})
COORDINATOR = frozenset({Role.COORDINATOR})
PARTIES = frozenset({Role.MENTEE, Role.MENTOR})
CHECKERS = frozenset({Role.DATA_PROTECTION_LEAD, Role.AUDITOR})
LEAD = frozenset({Role.DATA_PROTECTION_LEAD})
SAFEGUARDING = frozenset({Role.SAFEGUARDING_LEAD})
ORIGIN = "http://testserver"

ABSENT = uuid4()
ONE = "/{relationship}"
SESSION = f"{ONE}/sessions/{{session}}"
OF_BOTH_SIDES = (
    "GET /availability",
    "POST /availability",
    "GET /preferences",
    "POST /preferences",
    "POST /preferences/background",
    "POST /preferences/background-removal",
    f"GET {ONE}/proposal",
    f"POST {ONE}/acceptance",
    f"POST {ONE}/refusal",
    f"GET {ONE}/agreement",
    f"POST {ONE}/agreement",
    f"GET {ONE}/arrangements",
    f"POST {ONE}/cadence",
    f"POST {ONE}/pause",
    f"POST {ONE}/resumption",
    f"POST {ONE}/rematch",
    f"POST {ONE}/closing",
    f"GET {ONE}/ending",
    f"POST {ONE}/slip",
    f"GET {ONE}/notebook",
    f"GET {ONE}/sessions/new",
    f"GET {ONE}/sessions/new/{{day}}",
    f"POST {ONE}/sessions",
    f"GET {SESSION}",
    f"GET {SESSION}/video-link",
    f"POST {SESSION}/video-link",
    f"POST {SESSION}/move",
    f"POST {SESSION}/cancellation",
    f"POST {SESSION}/attendance",
    f"POST {SESSION}/confirmation",
    f"POST {SESSION}/dispute",
)


def of_a_side(prefix: str, roles: frozenset[Role]) -> dict[str, frozenset[Role] | None]:
    """What mentees and mentors do alike, each below their own address."""
    return {name.replace(" ", f" {prefix}"): roles for name in OF_BOTH_SIDES}


WHO_MAY_OPEN: dict[str, frozenset[Role] | None] = {
    "GET /static/{name:path}": EVERYBODY,
    "GET /modules/{bundle}": EVERYBODY,
    "GET /modules/{bundle}/{name:path}": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "GET /": ANY_ROLE,
    "POST /sign-out": ANY_ROLE,
    "GET /my-sign-in": ANY_ROLE,
    "POST /my-sign-in/passkeys/{passkey}/removal": ANY_ROLE,
    "POST /my-sign-in/browsers/{browser_id}/ending": ANY_ROLE,
    "POST /my-sign-in/others/ending": ANY_ROLE,
    "GET /my-mentoring": MENTEE,
    f"POST /my-mentoring{ONE}/next-request": MENTEE,
    "GET /feedback": EVERYBODY,
    "POST /feedback": EVERYBODY,
    "GET /feedback/scheme": EVERYBODY,
    "POST /feedback/scheme": EVERYBODY,
    "GET /feedback/thanks": EVERYBODY,
    "GET /my-feedback": MENTOR,
    "GET /mentors/{person}/feedback": COORDINATOR,
    "GET /evaluation": COORDINATOR,
    "GET /rematches": COORDINATOR,
    "GET /stories": EVERYBODY,
    "GET /my-story": MENTEE,
    "POST /my-story": MENTEE,
    "POST /my-story/withdrawal": MENTEE,
    "GET /story-desk": COORDINATOR,
    "GET /story-desk/{story}": COORDINATOR,
    "POST /story-desk/{story}/publication": COORDINATOR,
    "POST /story-desk/{story}/sending-back": COORDINATOR,
    "GET /my-suggestions": PARTIES,
    "POST /my-suggestions": PARTIES,
    "GET /my-suggestions/{suggestion}": PARTIES,
    "GET /suggestions": PARTIES | COORDINATOR,
    "GET /suggestion-desk": COORDINATOR,
    "GET /suggestion-desk/{suggestion}": COORDINATOR,
    "POST /suggestion-desk/{suggestion}/answer": COORDINATOR,
    "GET /my-mentoring/request": MENTEE,
    "GET /my-mentoring/request/{place}": MENTEE,
    "POST /my-mentoring/request": MENTEE,
    "GET /my-contact": PARTIES,
    "POST /my-contact/address": PARTIES,
    "POST /my-contact/confirmation": PARTIES,
    "POST /my-contact/code": PARTIES,
    "GET /my-mentoring/profile": MENTEE,
    "POST /my-mentoring/profile/sharing": MENTEE,
    "POST /my-mentoring/profile/taking-back": MENTEE,
    "GET /my-mentoring/{relationship}/partner": MENTEE,
    "GET /my-mentoring/{relationship}/partner-link": MENTEE,
    "POST /my-mentoring/{relationship}/partner-link": MENTEE,
    "POST /my-mentoring/{relationship}/partner-link/withdrawal": MENTEE,
    "GET /my-caseload/{relationship}/asked": MENTOR,
    "POST /my-caseload/{relationship}/asked/acceptance": MENTOR,
    "POST /my-caseload/{relationship}/asked/refusal": MENTOR,
    "GET /my-mentoring/{relationship}/shortlist": MENTEE,
    "POST /my-mentoring/{relationship}/shortlist": MENTEE,
    **of_a_side("/my-mentoring", MENTEE),
    "GET /my-groups/{group}": PARTIES,
    "POST /my-groups/{group}/cadence": PARTIES,
    "POST /my-groups/{group}/closing": PARTIES,
    "GET /my-groups/{group}/hours/new": MENTOR,
    "GET /my-groups/{group}/hours/new/{day}": MENTOR,
    "POST /my-groups/{group}/hours": MENTOR,
    "GET /my-groups/{group}/hours/{hour}": MENTOR,
    "POST /my-groups/{group}/hours/{hour}/move": MENTOR,
    "POST /my-groups/{group}/hours/{hour}/expected": MENTOR,
    "POST /my-groups/{group}/hours/{hour}/video-link": MENTOR,
    "POST /my-groups/{group}/hours/{hour}/cancellation": MENTOR,
    "POST /my-groups/{group}/hours/{hour}/attendance": MENTOR,
    "POST /my-groups/{group}/hours/{hour}/absence": MENTOR,
    "GET /my-caseload": MENTOR,
    "GET /my-caseload/{relationship}": MENTOR,
    "GET /my-caseload/{relationship}/mentee": MENTOR,
    "GET /my-caseload/profile": MENTOR,
    "POST /my-caseload/profile/application": MENTOR,
    "POST /my-caseload/profile/published": MENTOR,
    "POST /my-caseload/profile/capacity": MENTOR,
    "POST /my-caseload/profile/kinds": MENTOR,
    "POST /my-caseload/profile/pause": MENTOR,
    "POST /my-caseload/profile/resumption": MENTOR,
    "POST /my-caseload/profile/leaving": MENTOR,
    **of_a_side("/my-caseload", MENTOR),
    "GET /my-caseload/{relationship}/disclosure": MENTOR,
    "POST /my-caseload/{relationship}/disclosure": MENTOR,
    "GET /my-caseload/{relationship}/disclosure/handed-over": MENTOR,
    "POST /my-rights/keeping": PARTIES,
    "POST /my-rights/objection": PARTIES,
    "POST /my-rights/resuming": PARTIES,
    "GET /my-rights": PARTIES,
    "POST /my-rights": PARTIES,
    "GET /my-rights/{rights_request}": PARTIES,
    "GET /my-concerns": PARTIES,
    "POST /my-concerns": PARTIES,
    "GET /my-concerns/{concern}": PARTIES,
    "GET /concerns": COORDINATOR | SAFEGUARDING,
    "GET /concerns/{concern}": COORDINATOR | SAFEGUARDING,
    "GET /concerns/{concern}/words": COORDINATOR | SAFEGUARDING,
    "POST /concerns/{concern}/triage": COORDINATOR,
    "POST /concerns/{concern}/taking": SAFEGUARDING,
    "POST /concerns/{concern}/handing-over": SAFEGUARDING,
    "POST /concerns/{concern}/closing": COORDINATOR | SAFEGUARDING,
    "GET /rights-desk/erasures/{erasure}": LEAD,
    "POST /rights-desk/erasures/{erasure}/hold": LEAD,
    "POST /rights-desk/erasures/{erasure}/hold-lifting": LEAD,
    "POST /rights-desk/erasures/{erasure}/refusal": LEAD,
    "POST /rights-desk/erasures/{erasure}/grant": LEAD,
    "GET /rights-desk": LEAD,
    "GET /rights-desk/{rights_request}": LEAD,
    "GET /rights-desk/{rights_request}/words": LEAD,
    "POST /rights-desk/{rights_request}/extension": LEAD,
    "POST /rights-desk/{rights_request}/answer": LEAD,
    "POST /rights-desk/{rights_request}/refusal": LEAD,
    "GET /disclosures": SAFEGUARDING,
    "GET /disclosures/{disclosure}": SAFEGUARDING,
    "GET /disclosures/{disclosure}/words": SAFEGUARDING,
    "POST /disclosures/{disclosure}/agreement": SAFEGUARDING,
    "POST /disclosures/{disclosure}/refusal": SAFEGUARDING,
    "POST /disclosures/{disclosure}/telling": SAFEGUARDING,
    "POST /disclosures/{disclosure}/delay": SAFEGUARDING,
    "POST /disclosures/{disclosure}/making": SAFEGUARDING,
    "POST /disclosures/{disclosure}/review": SAFEGUARDING,
    "GET /my-keys": PARTIES,
    "GET /passed-on-notes": PARTIES,
    "GET /my-record": PARTIES,
    "GET /my-record/bag": PARTIES,
    "GET /my-cpd": PARTIES,
    "GET /my-cpd/new": PARTIES,
    "POST /my-cpd/new": PARTIES,
    "GET /my-cpd/paper": PARTIES,
    "GET /my-cpd/{piece}": PARTIES,
    "POST /my-cpd/{piece}": PARTIES,
    "POST /my-cpd/{piece}/destruction": PARTIES,
    "GET /my-consents": PARTIES,
    "GET /my-consents/history": PARTIES,
    "GET /my-consents/{purpose}": PARTIES,
    "POST /my-consents/{purpose}/yes": PARTIES,
    "POST /my-consents/{purpose}/not-now": PARTIES,
    "POST /my-consents/{purpose}/no": PARTIES,
    "POST /my-consents/{purpose}/withdrawal": PARTIES,
    "GET /consent-history": CHECKERS,
    "GET /who-looked": PARTIES,
    "GET /my-erasure": MENTEE,
    "GET /my-erasure/confirmation": MENTEE,
    "POST /my-erasure": MENTEE,
    "POST /my-erasure/taking-back": MENTEE,
    "GET /erasure/{erasure}/{receipt}": EVERYBODY,
    "GET /pipeline": COORDINATOR,
    "GET /pipeline/{relationship}": COORDINATOR,
    "GET /pipeline/{relationship}/requested-words": COORDINATOR,
    "GET /pipeline/{relationship}/said-words": COORDINATOR,
    "POST /pipeline/{relationship}/settlement": COORDINATOR,
    "POST /pipeline/{relationship}/proposals": COORDINATOR,
    "POST /pipeline/{relationship}/conflicts": COORDINATOR,
    "POST /pipeline/{relationship}/correction": COORDINATOR,
    "POST /pipeline/{relationship}/extension": COORDINATOR,
    "POST /pipeline/{relationship}/closing": COORDINATOR,
    "GET /pipeline/{relationship}/shortlist": COORDINATOR,
    "POST /pipeline/{relationship}/shortlist": COORDINATOR,
    "POST /pipeline/{relationship}/shortlist/proposals": COORDINATOR,
    "GET /matching": COORDINATOR,
    "GET /matching/{programme}": COORDINATOR,
    "POST /matching/{programme}/weights": COORDINATOR,
    "POST /matching/{programme}/rounds": COORDINATOR,
    "POST /matching/{programme}/proposals": COORDINATOR,
    "POST /matching/{programme}/closing": COORDINATOR,
    "GET /matching/{programme}/words/{relationship}": COORDINATOR,
    "GET /mentors": COORDINATOR,
    "GET /mentors/{person}": COORDINATOR,
    "POST /mentors/{person}/approval": COORDINATOR,
    "POST /mentors/{person}/refusal": COORDINATOR,
    "POST /mentors/{person}/programmes": COORDINATOR,
    "GET /programmes": COORDINATOR,
    "POST /programmes": COORDINATOR,
    "GET /programmes/{programme}": COORDINATOR,
    "POST /programmes/{programme}/settings": COORDINATOR,
    "POST /programmes/{programme}/group-size": COORDINATOR,
    "GET /programmes/{programme}/invitations": COORDINATOR,
    "POST /programmes/{programme}/invitations": COORDINATOR,
    "POST /programmes/{programme}/invitations/withdrawal": COORDINATOR,
    "GET /groups/{group}": COORDINATOR,
    "POST /groups/{group}/closing": COORDINATOR,
    "GET /places-and-money": COORDINATOR | frozenset({Role.SPONSOR_CONTACT}),
    "GET /places-and-money/{agreement}": COORDINATOR,
    "GET /places-and-money/{agreement}/invoices/{number}": COORDINATOR
    | frozenset({Role.SPONSOR_CONTACT}),
    "GET /places-and-money/{agreement}/invoices/{number}/csv": COORDINATOR
    | frozenset({Role.SPONSOR_CONTACT}),
    "POST /places-and-money/{agreement}/invoices": COORDINATOR,
    "POST /places-and-money/{agreement}/invoices/{number}/payment": COORDINATOR,
    "POST /places-and-money/{agreement}/invoices/{number}/credit": COORDINATOR,
    "POST /places-and-money/{agreement}/invoices/{number}/line": COORDINATOR,
    "POST /places-and-money/{agreement}/terms": COORDINATOR,
    "POST /places-and-money/{agreement}/extension": COORDINATOR,
    "GET /join": EVERYBODY,
    "POST /join": EVERYBODY,
    "GET /join/with-account": PARTIES,
    "POST /join/with-account": PARTIES,
    "GET /enquire": EVERYBODY,
    "POST /enquire": EVERYBODY,
    "GET /enquire/sent": EVERYBODY,
    "GET /enquiries": COORDINATOR,
    "GET /enquiries/{enquiry}": COORDINATOR,
    "POST /enquiries/{enquiry}/answer": COORDINATOR,
    "POST /enquiries/{enquiry}/reply": COORDINATOR,
    "POST /enquiries/{enquiry}/forgetting": COORDINATOR,
    "GET /agreements/{agreement}/invitations": COORDINATOR | frozenset({Role.SPONSOR_CONTACT}),
    "POST /agreements/{agreement}/invitations": COORDINATOR | frozenset({Role.SPONSOR_CONTACT}),
    "POST /agreements/{agreement}/invitations/withdrawal": COORDINATOR,
}
"""Every page and form, and who may open or send it at all."""

CLOSED = [name for name, roles in WHO_MAY_OPEN.items() if roles is not EVERYBODY]


@dataclass(frozen=True)
class World:
    """A scheme with somebody of each role, and a proposal that none of them is in."""

    scheme: Scheme
    callers: dict[Role, Somebody]
    proposed: Match

    def open(self, name: str, caller: Any, relationship: Any) -> Any:
        """Open a page, or send a form; whatever is answered, nothing was recorded."""
        method, path = name.split()
        address = path.format(
            relationship=relationship,
            purpose="take_part",
            agreement=ABSENT,
            programme=ABSENT,
            story=ABSENT,
            suggestion=ABSENT,
            number=1,
            session=ABSENT,
            group=ABSENT,
            hour=ABSENT,
            place=ABSENT,
            person=ABSENT,
            enquiry=ABSENT,
            piece=ABSENT,
            disclosure=ABSENT,
            concern=ABSENT,
            erasure=ABSENT,
            rights_request=ABSENT,
            passkey=ABSENT,
            browser_id=ABSENT,
            day="2031-03-03",
        )
        form = {"data": self.form_of(path)} if method == "POST" else {}
        before = self.scheme.event_count()
        answer = caller.request(method, ORIGIN + address, follow_redirects=False, **form)
        assert self.scheme.event_count() == before, f"{name} recorded something"
        return answer

    def form_of(self, path: str) -> dict[str, str]:
        """What a form must carry to be understood; the other forms can be sent empty."""
        answer = {"proposal": str(self.proposed.proposal), "version": "1"}
        forms = {"acceptance": answer, "refusal": answer, "agreement": {"version": "1"}}
        words = {"notice_version": "1", "language": "en", "digest": "0" * 64}
        forms |= {"yes": words, "not-now": words, "no": words}
        return forms.get(path.rpartition("/")[2], {})


@pytest.fixture(scope="module")
def world(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("pages")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as scheme,
    ):
        publish_notices(scheme)
        yield World(scheme, {role: scheme.person(role) for role in Role}, propose(scheme))


def test_the_table_lists_every_page_as_its_own_types_have_it(world: World) -> None:
    found = {
        name: EVERYBODY if rule.is_public else frozenset.intersection(*rule.roles)
        for name, rule in rules_of_pages(world.scheme.app).items()
    }

    assert found == WHO_MAY_OPEN


def test_who_is_not_signed_in_is_shown_the_way_in(world: World) -> None:
    nobody = world.scheme.client()

    answers = {name: world.open(name, nobody, world.proposed.relationship) for name in CLOSED}

    for answer in answers.values():
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("role", Role)
def test_a_page_is_closed_to_other_roles(world: World, role: Role) -> None:
    caller = world.callers[role].client
    closed = [name for name in CLOSED if role not in (WHO_MAY_OPEN[name] or ())]

    answers = {name: world.open(name, caller, world.proposed.relationship) for name in closed}

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == dict.fromkeys(closed, 403)


@pytest.mark.parametrize(
    ("role", "prefix"), [(Role.MENTEE, "/my-mentoring"), (Role.MENTOR, "/my-caseload")]
)
def test_other_peoples_relationships_are_absent_from_a_partys_pages(
    world: World, role: Role, prefix: str
) -> None:
    caller = world.callers[role].client
    pages = [name for name in CLOSED if name.split()[1].startswith(f"{prefix}{ONE}")]

    theirs = {name: world.open(name, caller, world.proposed.relationship) for name in pages}
    nobodys = {name: world.open(name, caller, uuid4()) for name in pages}

    for name in pages:
        assert (name, theirs[name].status_code) == (name, 404)
        assert without_ids(theirs[name]) == without_ids(nobodys[name])


def without_ids(answer: Any) -> str:
    """A page without the id that was in its own address."""
    text: str = answer.text
    return text.replace(answer.request.url.path.split("/")[2], "")
