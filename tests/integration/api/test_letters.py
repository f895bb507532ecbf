"""Concerns and requests about one's own record through the API: who reads which words, and who is told of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.commands import people
from domain.mentoring import Order
from domain.month import months_after
from domain.policies.erasure import streams_of
from domain.values import Act, Role
from projections.desks import DESKS
from tests.databases import Database, fresh_database
from tests.match import Match, done, match, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on

WORDS, ANSWER = "Zinnober-words of a worry.", "Quendel-answer to it."
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    with fresh_database(postgres, template) as made:
        yield made


@pytest.fixture(scope="module")
def scheme(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheme]:
    with reading_scheme_on(database, tmp_path_factory.mktemp("letters")) as running:
        publish_notices(running)
        yield running


@pytest.fixture(scope="module")
def pair(scheme: Scheme) -> Match:
    return match(scheme)


@pytest.fixture(scope="module")
def of_role(scheme: Scheme) -> dict[Role, Somebody]:
    return {role: scheme.person(role) for role in Role}


def raised(raiser: Somebody, *, category: str = "conduct", desk: str = "coordinator") -> str:
    body = {"category": category, "desk": desk, "words": WORDS}
    return str(done(raiser.post("/me/concerns", body))["id"])


def asked(person: Somebody, kind: str = "access", words: str | None = WORDS) -> str:
    body = {"kind": kind} | ({"words": words} if words else {})
    return str(done(person.post("/me/rights-requests", body))["id"])


def seen(scheme: Scheme, somebody: Somebody, path: str, *, is_over: bool = False) -> set[str]:
    newest = scheme.parts.recorder.max_notification_id() or 0
    scheme.app.state.reader.wait_for(DESKS.name, newest, PATIENCE_SECONDS)
    query = {} if path.startswith("/me/") else {"is_over": is_over, "limit": 200}
    ((_, rows),) = (
        each for each in done(somebody.get(path, params=query)).items() if each[0] != "next"
    )
    return {row["id"] for row in rows}


def looks_of(person: Somebody) -> list[tuple[str, str, str]]:
    looks = done(person.get("/me/access-records"))["looks"]
    return [(each["who"], each["kind"], each["purpose"]) for each in looks]


def refused(answer: Any) -> str:
    assert answer.status_code >= 400, answer.text
    assert WORDS not in answer.text
    return str(answer.json()["type"].rpartition(":")[2])


@pytest.mark.parametrize("side", ["mentee", "mentor", "coordinator"])
def test_a_concern_is_read_by_its_desk_and_answered_to_who_raised_it(
    scheme: Scheme, pair: Match, of_role: dict[Role, Somebody], side: str
) -> None:
    raiser, coordinator = getattr(pair, side), of_role[Role.COORDINATOR]
    id = raised(raiser)

    assert id in seen(scheme, coordinator, "/concerns")
    assert done(coordinator.get(f"/concerns/{id}/words"))["words"]["text"] == WORDS
    done(coordinator.post(f"/concerns/{id}/closing", {"words": ANSWER}))

    own = done(raiser.get(f"/me/concerns/{id}/words"))
    assert (own["words"]["text"], own["answer"]["text"]) == (WORDS, ANSWER)
    assert (str(coordinator.id), "concern", "answering") in looks_of(raiser)
    assert id in seen(scheme, coordinator, "/concerns", is_over=True)
    assert id in seen(scheme, raiser, "/me/concerns")


def test_a_coordinator_sees_the_kind_of_what_is_elsewhere_and_never_its_words(
    scheme: Scheme, pair: Match, of_role: dict[Role, Somebody]
) -> None:
    coordinator, lead = of_role[Role.COORDINATOR], of_role[Role.SAFEGUARDING_LEAD]
    passed_on = raised(pair.mentee)
    done(coordinator.post(f"/concerns/{passed_on}/triage", SAFETY))
    for id in (passed_on, raised(pair.mentee, desk="safeguarding_lead")):
        assert done(coordinator.get(f"/concerns/{id}"))["desk"] == "safeguarding_lead"
        words = coordinator.get(f"/concerns/{id}/words")
        closing = coordinator.post(f"/concerns/{id}/closing", {"words": ANSWER})
        back = coordinator.post(f"/concerns/{id}/triage", {"category": "other", "desk": HERE})
        assert (refused(words), refused(closing)) == ("concern-is-elsewhere",) * 2
        assert refused(back) == "concern-is-passed-on"
        assert id in seen(scheme, lead, "/concerns")
        assert refused(lead.get(f"/concerns/{id}/words")) == "concern-is-not-taken"
        done(lead.post(f"/concerns/{id}/taking"))
        assert done(lead.get(f"/concerns/{id}/words"))["words"]["text"] == WORDS


def test_one_lead_has_a_concern_and_no_other_reads_or_closes_it_until_it_is_handed_over(
    scheme: Scheme, pair: Match
) -> None:
    first, second = (scheme.person(Role.SAFEGUARDING_LEAD) for _ in range(2))
    id = raised(pair.mentee, desk="safeguarding_lead")
    path = f"/concerns/{id}"
    done(first.post(f"{path}/taking"))
    assert done(second.get(path))["handler"] == str(first.id)
    for way in (
        second.get(f"{path}/words"),
        second.post(f"{path}/closing", {"words": ANSWER}),
        second.post(f"{path}/handing-over", {"to": str(second.id)}),
    ):
        assert refused(way) == "concern-is-anothers"
    assert refused(second.post(f"{path}/taking")) == "concern-is-taken"
    seen(scheme, first, "/concerns")
    assert str(second.id) in done(first.get("/safeguarding-leads"))["leads"]

    done(first.post(f"{path}/handing-over", {"to": str(second.id)}))
    assert refused(first.get(f"{path}/words")) == "concern-is-anothers"
    assert done(second.get(f"{path}/words"))["words"]["text"] == WORDS
    done(second.post(f"{path}/closing", {"words": ANSWER}))


def test_a_concern_is_handed_to_no_one_who_is_no_lead_or_is_too_near_to_it(
    scheme: Scheme, pair: Match
) -> None:
    lead, coordinator = scheme.person(Role.SAFEGUARDING_LEAD), scheme.person(Role.COORDINATOR)
    id = raised(pair.mentee, desk="safeguarding_lead")
    done(lead.post(f"/concerns/{id}/taking"))
    grant_lead(scheme, pair.mentor, pair.mentee)
    for to, refusal in (
        (coordinator.id, "not-a-lead"),
        (uuid4(), "not-a-lead"),
        (pair.mentor.id, "not-an-outsider"),
        (pair.mentee.id, "not-your-own-to-handle"),
        (lead.id, "concern-is-taken"),
    ):
        handed = lead.post(f"/concerns/{id}/handing-over", {"to": str(to)})
        assert refused(handed) == refusal
    partner = scheme.speaking_for(pair.mentor.id, Role.SAFEGUARDING_LEAD)
    assert refused(partner.post(f"/concerns/{id}/taking")) == "not-an-outsider"


def test_a_concern_of_a_lead_who_is_none_any_more_can_be_taken(scheme: Scheme, pair: Match) -> None:
    leaving, staying = (scheme.person(Role.SAFEGUARDING_LEAD) for _ in range(2))
    id = raised(pair.mentee, desk="safeguarding_lead")
    done(leaving.post(f"/concerns/{id}/taking"))
    order = Order(Act(uuid4(), scheme.now()), uuid4())
    role = Role.SAFEGUARDING_LEAD
    people.revoke_role(scheme.parts.mentoring, order, person=leaving.id, role=role)

    done(staying.post(f"/concerns/{id}/taking"))
    assert done(staying.get(f"/concerns/{id}/words"))["words"]["text"] == WORDS


def grant_lead(scheme: Scheme, *somebody: Somebody) -> None:
    for each in somebody:
        order = Order(Act(uuid4(), scheme.now()), uuid4())
        role = Role.SAFEGUARDING_LEAD
        people.grant_role(scheme.parts.mentoring, order, person=each.id, role=role)


def test_a_safeguarding_lead_sees_none_that_was_not_passed_to_them(
    scheme: Scheme, pair: Match, of_role: dict[Role, Somebody]
) -> None:
    lead, id = of_role[Role.SAFEGUARDING_LEAD], raised(pair.mentee)

    assert id not in seen(scheme, lead, "/concerns")
    assert refused(lead.get(f"/concerns/{id}/words")) == "concern-is-elsewhere"


SAFETY = {"category": "safety", "desk": "safeguarding_lead"}
HERE = "coordinator"


def test_nobody_but_its_desk_reads_a_concern_and_nobody_handles_their_own(
    scheme: Scheme, pair: Match, of_role: dict[Role, Somebody]
) -> None:
    id = raised(pair.mentee)
    own = raised(of_role[Role.COORDINATOR])
    others = (pair.mentor, *(of_role[role] for role in Role if role not in HANDLERS))
    for each in others:
        assert each.get(f"/concerns/{id}/words").status_code == 403
        assert id not in each.get("/me/concerns").text
        assert each.get(f"/me/concerns/{id}/words").status_code in {403, 404}
    partner = scheme.speaking_for(pair.mentor.id, Role.COORDINATOR)
    assert refused(partner.get(f"/concerns/{id}/words")) == "not-an-outsider"
    assert id not in seen(scheme, partner, "/concerns")
    mine = of_role[Role.COORDINATOR].get(f"/concerns/{own}/words")
    assert refused(mine) == "not-your-own-to-handle"


HANDLERS = {Role.COORDINATOR, Role.SAFEGUARDING_LEAD}


def test_a_concern_needs_nobodys_consent(scheme: Scheme, of_role: dict[Role, Somebody]) -> None:
    mentee = scheme.person(Role.MENTEE)
    id = raised(mentee)

    assert done(of_role[Role.COORDINATOR].get(f"/concerns/{id}/words"))["words"]["state"] == "open"


def test_an_erasure_takes_the_words_and_leaves_that_there_were_some(
    scheme: Scheme, of_role: dict[Role, Somebody], database: Database
) -> None:
    mentee = scheme.person(Role.MENTEE)
    concern, request = raised(mentee), asked(mentee)
    with psycopg.connect(database.superuser_url) as connection:
        values = [uuid4(), mentee.id, list(streams_of(mentee.id))]
        connection.execute("SELECT record.erase(%s, %s, %s)", values)

    read = of_role[Role.COORDINATOR].get(f"/concerns/{concern}/words")
    assert done(read)["words"] == {"state": "erased", "text": None}
    read = of_role[Role.DATA_PROTECTION_LEAD].get(f"/rights-requests/{request}/words")
    assert done(read)["words"] == {"state": "erased", "text": None}


@pytest.mark.parametrize("kind", ["access", "rectification", "objection"])
def test_a_request_is_due_in_a_month_extended_with_a_reason_and_answered(
    scheme: Scheme, pair: Match, of_role: dict[Role, Somebody], kind: str
) -> None:
    lead, person = of_role[Role.DATA_PROTECTION_LEAD], pair.mentee
    id, today = asked(person, kind), scheme.now().date()
    due = {str(months_after(today - timedelta(days=late), 1)) for late in (0, 1)}
    assert shown(scheme, lead, id)["due_on"] in due

    done(lead.post(f"/rights-requests/{id}/extension", {"reason": "complex"}))
    assert shown(scheme, person, id)["extension"] == "complex"
    assert done(lead.get(f"/rights-requests/{id}/words"))["words"]["text"] == WORDS
    done(lead.post(f"/rights-requests/{id}/answer", {"words": ANSWER}))

    assert shown(scheme, person, id)["stage"] == "answered"
    assert done(person.get(f"/me/rights-requests/{id}/words"))["answer"]["text"] == ANSWER
    assert (str(lead.id), "rights_request", "rights_request") in looks_of(person)
    assert id in seen(scheme, lead, "/rights-requests", is_over=True)


def shown(scheme: Scheme, somebody: Somebody, id: str) -> dict[str, Any]:
    path = "/rights-requests"
    if somebody.role is not Role.DATA_PROTECTION_LEAD:
        path = "/me/rights-requests"
    assert id in seen(scheme, somebody, path)
    rows = done(somebody.get(path, params={"limit": 200} if path[1] == "r" else {}))["requests"]
    (row,) = (each for each in rows if each["id"] == id)
    return dict(row)


def test_a_refusal_says_why_in_words(pair: Match, of_role: dict[Role, Somebody]) -> None:
    lead, id = of_role[Role.DATA_PROTECTION_LEAD], asked(pair.mentor, words=None)
    body = {"reason": "rights_of_others", "words": ANSWER}
    done(lead.post(f"/rights-requests/{id}/refusal", body))

    own = done(pair.mentor.get(f"/me/rights-requests/{id}/words"))
    assert (own["words"]["state"], own["answer"]["text"]) == ("not_given", ANSWER)
    assert refused(lead.post(f"/rights-requests/{id}/refusal", body)) == "request-is-answered"


def test_nobody_but_the_lead_and_the_person_reads_a_request(
    scheme: Scheme, pair: Match, of_role: dict[Role, Somebody]
) -> None:
    id = asked(pair.mentee)
    for role, each in {**of_role, Role.MENTOR: pair.mentor}.items():
        assert id not in each.get("/me/rights-requests").text
        assert each.get(f"/me/rights-requests/{id}/words").status_code == 404
        if role is not Role.DATA_PROTECTION_LEAD:
            for way in ("", "/words"):
                assert each.get(f"/rights-requests/{id}{way}").status_code == 403
    own = asked(of_role[Role.DATA_PROTECTION_LEAD])
    mine = of_role[Role.DATA_PROTECTION_LEAD].get(f"/rights-requests/{own}/words")
    assert refused(mine) == "not-your-own-to-handle"
    partner = scheme.speaking_for(pair.mentor.id, Role.DATA_PROTECTION_LEAD)
    assert refused(partner.get(f"/rights-requests/{id}/words")) == "not-an-outsider"
    assert id not in seen(scheme, partner, "/rights-requests")


def test_each_letter_lies_under_a_key_of_its_own(pair: Match, database: Database) -> None:
    ids = {raised(pair.mentee), raised(pair.mentee), asked(pair.mentee)}
    query = "SELECT purpose FROM keys.data_key WHERE owner = %s AND compartment = 'personal'"
    with psycopg.connect(database.superuser_url) as connection:
        purposes = {row[0] for row in connection.execute(query, [pair.mentee.id])}

    assert {each.rpartition(":")[2] for each in purposes} >= ids


def test_what_is_not_understood_is_refused_and_not_repeated(scheme: Scheme, pair: Match) -> None:
    before = scheme.event_count()
    for path, wrong in (
        ("/me/concerns", {"category": "else", "desk": "coordinator", "words": WORDS}),
        ("/me/concerns", {"category": "other", "desk": "auditor", "words": WORDS}),
        ("/me/concerns", {"category": "other", "desk": "coordinator", "words": ""}),
        ("/me/concerns", {"category": "other", "desk": "coordinator", "words": WORDS * 200}),
        ("/me/rights-requests", {"kind": "erasure", "words": WORDS}),
        ("/me/rights-requests", {"kind": "access", "words": WORDS + "\0"}),
    ):
        assert refused(pair.mentee.post(path, wrong)) == "not-understood"
    assert refused(pair.mentee.get(f"/me/concerns/{uuid4()}/words")) == "not-found"
    assert refused(pair.mentee.get(f"/me/concerns/{UUID(int=7)}/words")) == "not-found"
    assert scheme.event_count() == before
