"""Disclosures through the API: two decide, the mentee comes first, and nobody else learns that there is one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.commands.bells import near_disclosure
from domain.values import Role
from projections.catalogue import READ_MODELS
from tests.databases import Database, fresh_database
from tests.groups import Groups
from tests.match import Match, done, match, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on

FACTS, RECIPIENT = "Zwielicht-facts of a danger.", "Quorndon-recipient outside."
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    with fresh_database(postgres, template) as made:
        yield made


@pytest.fixture(scope="module")
def scheme(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheme]:
    with reading_scheme_on(database, tmp_path_factory.mktemp("disclosures")) as running:
        publish_notices(running)
        yield running


@dataclass(frozen=True)
class Story:
    """A pair, two safeguarding leads outside it, and somebody of every role."""

    scheme: Scheme
    pair: Match
    lead: Somebody
    other_lead: Somebody
    bystanders: dict[Role, Somebody]

    def day(self, days: int) -> str:
        return str((self.scheme.now() + timedelta(days=days)).date())

    def body(self, **other: Any) -> dict[str, Any]:
        put_off = {"not_told_reason": "would_raise_risk", "look_again_on": self.day(7)}
        written = {"ground": "serious_harm", "facts": FACTS, "recipient": RECIPIENT}
        return written | {"mentee_is_told": False} | put_off | other

    def write(self, author: Somebody | None = None, **other: Any) -> str:
        path = f"/relationships/{self.pair.relationship}/disclosures"
        return str(done((author or self.pair.mentor).post(path, self.body(**other)))["id"])

    def caught_up(self) -> None:
        newest = self.scheme.parts.recorder.max_notification_id() or 0
        for model in READ_MODELS:
            self.scheme.app.state.reader.wait_for(model.name, newest, PATIENCE_SECONDS)

    def register(self, lead: Somebody, *, is_over: bool = False) -> set[str]:
        self.caught_up()
        query = {"is_over": is_over, "limit": 200}
        page = done(lead.get("/disclosures", params=query))
        return {each["id"] for each in page["disclosures"]}

    def own(self, mentee: Somebody) -> list[dict[str, Any]]:
        self.caught_up()
        found: list[dict[str, Any]] = done(mentee.get("/me/disclosures"))["disclosures"]
        return found


@pytest.fixture(scope="module")
def bystanders(scheme: Scheme) -> dict[Role, Somebody]:
    return {role: scheme.person(role) for role in Role}


@pytest.fixture
def story(scheme: Scheme, bystanders: dict[Role, Somebody]) -> Story:
    leads = [scheme.person(Role.SAFEGUARDING_LEAD) for _ in range(2)]
    return Story(scheme, match(scheme), *leads, bystanders)


def test_a_disclosure_needs_two_and_the_mentee_first(story: Story) -> None:
    id = story.write(story.lead)
    path = f"/disclosures/{id}"

    assert refused(story.lead.post(f"{path}/agreement")) == "deciders-must-differ"
    done(story.other_lead.post(f"{path}/agreement"))
    made = {"review_on": story.day(30)}
    done(story.lead.post(f"{path}/making", made))
    done(story.lead.post(f"{path}/telling"))
    done(story.lead.post(f"{path}/review", {}))

    shown = done(story.other_lead.get(path))
    assert (shown["stage"], shown["mentee_is_told"]) == ("closed", True)
    assert id in story.register(story.lead, is_over=True)
    assert id not in story.register(story.lead)


def test_without_a_word_to_the_mentee_or_a_reason_nothing_is_taken(story: Story) -> None:
    path = f"/relationships/{story.pair.relationship}/disclosures"
    before = story.scheme.event_count()
    for wrong in (
        {"not_told_reason": None},
        {"look_again_on": None},
        {"mentee_is_told": True},
        {"not_told_reason": None, "look_again_on": None},
        {"facts": ""},
        {"facts": "x" * 2001},
    ):
        answer = story.pair.mentor.post(path, story.body(**wrong))
        assert answer.status_code == 422
        assert FACTS not in answer.text
    late = story.pair.mentor.post(path, story.body(look_again_on=story.day(32)))
    assert refused(late) == "look-again-sooner"
    assert story.scheme.event_count() == before


def test_whoever_is_told_sees_it_and_who_looked_before_too_and_nobody_was_warned(
    story: Story,
) -> None:
    id, mentee = story.write(), story.pair.mentee
    before = looks_of(mentee)
    words = done(story.lead.get(f"/disclosures/{id}/words"))
    assert words == {"facts": FACTS, "recipient": RECIPIENT}
    assert story.own(mentee) == []
    assert looks_of(mentee) == before

    done(story.lead.post(f"/disclosures/{id}/telling"))
    done(story.other_lead.get(f"/disclosures/{id}/words"))

    (told,) = story.own(mentee)
    assert (told["id"], told["ground"]) == (id, "serious_harm")
    assert [each["who"] for each in told["looks"]] == [
        str(story.other_lead.id),
        str(story.lead.id),
    ]
    assert {(each["kind"], each["role"]) for each in told["looks"]} == {
        ("disclosure", "safeguarding_lead")
    }
    assert told["looks"] == done(story.lead.get(f"/disclosures/{id}/access-records"))
    assert FACTS not in mentee.get("/me/disclosures").text
    assert story.own(story.pair.mentor) == []


def test_nobody_else_learns_that_there_is_one(story: Story) -> None:
    story.caught_up()
    before = seen_by_everybody(story, hide="")
    id = story.write()
    done(story.lead.get(f"/disclosures/{id}/words"))
    story.caught_up()

    assert seen_by_everybody(story, hide=id) == before
    for role in (Role.AUDITOR, Role.DATA_PROTECTION_LEAD):
        path = f"/people/{story.pair.mentee.id}/access-records"
        text = done_text(story.bystanders[role].get(path))
        assert id not in text
        assert '"disclosure"' not in text
    for role, somebody in {**story.bystanders, **insiders(story)}.items():
        if role is Role.SAFEGUARDING_LEAD:
            continue
        for path in ("", f"/{id}", f"/{id}/words", f"/{id}/access-records"):
            assert somebody.get(f"/disclosures{path}").status_code == 403


def test_a_lead_who_is_or_was_in_the_pair_finds_nothing(story: Story) -> None:
    id = story.write()
    done(story.pair.mentee.post(f"/relationships/{story.pair.relationship}/closing", CLOSING))
    absent = story.lead.get(f"/disclosures/{uuid4()}").text

    for insider in (story.pair.mentee, story.pair.mentor):
        as_lead = story.scheme.speaking_for(insider.id, Role.SAFEGUARDING_LEAD)
        assert id not in story.register(as_lead)
        for way in ("", "/words", "/access-records"):
            answer = as_lead.get(f"/disclosures/{id}{way}")
            assert (answer.status_code, answer.text) == (404, absent)
        for way in ("agreement", "refusal", "telling"):
            assert as_lead.post(f"/disclosures/{id}/{way}").status_code == 404
        path = f"/relationships/{story.pair.relationship}/disclosures"
        assert as_lead.post(path, story.body()).status_code == 404
    assert id in story.register(story.lead)


def test_a_lead_who_sits_in_the_group_finds_nothing_of_its_other_members(story: Story) -> None:
    groups = Groups(story.scheme)
    _, (member, other) = groups.of(2)
    path = f"{member.path}/disclosures"
    id = str(done(groups.facilitator.post(path, story.body()))["id"])
    as_lead = story.scheme.speaking_for(other.person.id, Role.SAFEGUARDING_LEAD)

    assert id not in story.register(as_lead)
    assert id in story.register(story.lead)
    assert as_lead.get(f"/disclosures/{id}/words").status_code == 404
    assert as_lead.post(f"/disclosures/{id}/agreement").status_code == 404
    assert as_lead.post(path, story.body()).status_code == 404
    near = near_disclosure(story.scheme.parts.mentoring, UUID(id))
    assert near == {each.id for each in (groups.facilitator, member.person, other.person)}


def test_only_the_pairs_own_mentor_writes_of_it_and_reads_nothing_back(story: Story) -> None:
    path = f"/relationships/{story.pair.relationship}/disclosures"
    other = story.bystanders[Role.MENTOR]

    assert other.post(path, story.body()).status_code == 404
    assert story.pair.mentee.post(path, story.body()).status_code == 403
    id = story.write()
    assert story.pair.mentor.get(f"/disclosures/{id}/words").status_code == 403


def test_a_disclosure_opens_no_note_and_lies_under_a_key_that_names_nobody(
    story: Story, database: Database
) -> None:
    id = story.write()
    story.caught_up()
    query = "SELECT compartment, purpose FROM keys.data_key WHERE owner = %s ORDER BY compartment"
    with psycopg.connect(database.superuser_url) as connection:
        keys = connection.execute(query, [UUID(id)]).fetchall()
        named = connection.execute(
            "SELECT person FROM read.desk_item WHERE record = %s", [UUID(id)]
        ).fetchone()

    assert keys == [("operational", "stream"), ("safeguarding", "matter")]
    assert named == (None,)
    relationship = story.pair.relationship
    for lead in (story.lead, story.other_lead):
        for way in ("", "/notebook", "/requested-words", "/said-words"):
            assert lead.get(f"/relationships/{relationship}{way}").status_code == 403


CLOSING = {"reason": "no_fault"}


def refused(answer: Any) -> str:
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["type"].rpartition(":")[2])


def looks_of(somebody: Somebody) -> list[Any]:
    found: list[Any] = done(somebody.get("/me/access-records"))["looks"]
    return found


def insiders(story: Story) -> dict[Role, Somebody]:
    return {Role.MENTEE: story.pair.mentee, Role.MENTOR: story.pair.mentor}


SEEN = {
    Role.MENTEE: ("/me/access-records", "/me/disclosures", "/my-mentoring", "/me/consents"),
    Role.MENTOR: ("/me/access-records", "/me/disclosures", "/my-caseload"),
    Role.COORDINATOR: ("/me/access-records", "/pipeline", "/erasures"),
    Role.DATA_PROTECTION_LEAD: ("/erasures",),
}


def seen_by_everybody(story: Story, *, hide: str) -> dict[tuple[Role, str, str], str]:
    """What each role can list, in the pair and outside it; none of it may move or name the disclosure."""
    seen = {}
    relationship = story.pair.relationship
    for which, people in (("in", insiders(story)), ("out", story.bystanders)):
        for role, somebody in people.items():
            own = (f"/relationships/{relationship}",) if which == "in" else ()
            for path in (*SEEN.get(role, ()), *own):
                text = done_text(somebody.get(path))
                assert not (hide and hide in text)
                seen[role, which, path] = text
    return seen


def done_text(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.text)
