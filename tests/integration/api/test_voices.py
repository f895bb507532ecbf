"""Going on with somebody else, stories and suggestions through the API: what is taken over, who reads what, what goes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.story import Story
from domain.values import Role
from projections.rematches import REMATCHES
from projections.voices import VOICES
from tests.databases import Database, fresh_database
from tests.feedback import publish_further_notices
from tests.match import Match, done, give_consent, match, matched_again
from tests.scheme import Scheme, Somebody, reading_scheme_on

WORDS, TOLD = "Zirbelkiefer-words of my own.", "Quarz-told in the scheme's words."
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    with fresh_database(postgres, template) as made:
        yield made


@pytest.fixture(scope="module")
def scheme(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheme]:
    with reading_scheme_on(database, tmp_path_factory.mktemp("voices")) as running:
        publish_further_notices(running)
        yield running


@pytest.fixture(scope="module")
def of_role(scheme: Scheme) -> dict[Role, Somebody]:
    return {role: scheme.person(role) for role in Role}


@pytest.fixture
def ended(scheme: Scheme) -> Match:
    made = match(scheme, words=WORDS)
    done(made.mentor.post(f"/relationships/{made.relationship}/closing", {"reason": "no_fault"}))
    return made


def seen(scheme: Scheme, model: str, somebody: Any, path: str) -> Any:
    newest = scheme.parts.recorder.max_notification_id() or 0
    scheme.app.state.reader.wait_for(model, newest, PATIENCE_SECONDS)
    return done(somebody.get(path))


def refused(answer: Any) -> str:
    assert answer.status_code >= 400, answer.text
    assert WORDS not in answer.text
    return str(answer.json()["type"].rpartition(":")[2])


def wishes_of(scheme: Scheme, coordinator: Somebody, relationship: UUID) -> list[Any]:
    found = seen(scheme, REMATCHES.name, coordinator, "/rematches?limit=200")["wishes"]
    return [each for each in found if each["relationship"] == str(relationship)]


def asked_again(made: Match, **body: Any) -> str:
    path = f"/relationships/{made.relationship}/next-request"
    return str(done(made.mentee.post(path, body))["id"])


def test_one_step_leads_from_an_ending_to_the_next_request_with_what_was_written(
    scheme: Scheme, ended: Match, of_role: dict[Role, Somebody]
) -> None:
    coordinator = of_role[Role.COORDINATOR]
    asked = asked_again(ended)

    words = done(coordinator.get(f"/relationships/{asked}/requested-words"))
    assert (words["themes"]["text"], words["preferences"]["text"]) == (WORDS, WORDS)
    assert words["identity_preference"]["state"] == "not_given"
    (wish,) = wishes_of(scheme, coordinator, ended.relationship)
    assert (wish["next_request"], wish["part"], wish["has_ended"]) == (asked, "mentee", True)
    path = f"/relationships/{ended.relationship}/next-request"
    assert refused(ended.mentee.post(path, {})) == "requested-already"


def test_who_is_matched_again_waits_no_more(
    scheme: Scheme, ended: Match, of_role: dict[Role, Somebody]
) -> None:
    coordinator = of_role[Role.COORDINATOR]
    done(
        ended.mentee.post(
            f"/relationships/{ended.relationship}/rematch", {"reason": "availability"}
        )
    )
    (wish,) = wishes_of(scheme, coordinator, ended.relationship)
    assert (wish["reason"], wish["next_request"]) == ("availability", None)

    matched_again(scheme, ended)

    assert wishes_of(scheme, coordinator, ended.relationship) == []


def test_nothing_is_taken_over_unless_it_is_wanted(
    ended: Match, of_role: dict[Role, Somebody]
) -> None:
    asked = asked_again(ended, keeps_words=False, keeps_identity_preference=True)

    words = done(of_role[Role.COORDINATOR].get(f"/relationships/{asked}/requested-words"))
    assert (words["themes"]["state"], words["preferences"]["state"]) == ("not_given",) * 2
    assert words["identity_preference"]["text"] == WORDS


def test_what_a_withdrawal_destroyed_is_not_taken_over(
    ended: Match, of_role: dict[Role, Somebody]
) -> None:
    done(ended.mentee.post("/me/consents/identity_preference/withdrawal"))
    done(ended.mentee.post("/me/consents/take_part/withdrawal"))
    path = f"/relationships/{ended.relationship}/next-request"
    assert refused(ended.mentee.post(path, {})) == "consent-is-not-live"
    give_consent(ended.mentee, "take_part", "identity_preference")

    asked = asked_again(ended, keeps_identity_preference=True)

    words = done(of_role[Role.COORDINATOR].get(f"/relationships/{asked}/requested-words"))
    assert {each["state"] for each in words.values() if isinstance(each, dict)} == {"not_given"}


def test_a_pair_that_ended_for_cause_is_told_apart_from_the_next_request(
    scheme: Scheme, ended: Match
) -> None:
    """What the matching masks out rests on the reason, which the one step carries."""
    asked_again(ended, reason="not_the_right_match")
    from domain.policies.apart import kept_apart  # noqa: PLC0415 - for this alone

    facts = scheme.parts.mentoring.events.get(ended.relationship)
    assert ended.mentor.id in kept_apart(facts)


def test_only_the_mentee_asks_again_and_only_once_it_has_ended(
    scheme: Scheme, ended: Match
) -> None:
    running = match(scheme)
    path = f"/relationships/{running.relationship}/next-request"
    assert refused(running.mentee.post(path, {})) == "not-ended"
    assert running.mentor.post(path, {}).status_code == 403
    assert scheme.person(Role.MENTEE).post(path, {}).status_code == 404
    assert ended.mentor.get("/rematches").status_code == 403


def test_a_story_is_offered_looked_at_published_and_gone_at_once(
    scheme: Scheme, database: Database, of_role: dict[Role, Somebody]
) -> None:
    teller, coordinator = scheme.person(Role.MENTEE), of_role[Role.COORDINATOR]
    assert refused(teller.put("/me/story", {"words": WORDS})) == "consent-is-not-live"
    give_consent(teller, "take_part", "publish_story")
    done(teller.put("/me/story", {"words": WORDS}))
    assert refused(teller.put("/me/story", {"words": WORDS})) == "story-is-out"
    story = Story.id_of(teller.id)
    assert WORDS not in str(seen(scheme, VOICES.name, scheme.anybody, "/stories"))
    waiting = seen(scheme, VOICES.name, coordinator, "/story-desk")["stories"]
    assert str(story) in {each["id"] for each in waiting}
    assert done(coordinator.get(f"/story-desk/{story}/words"))["text"] == WORDS
    done(coordinator.post(f"/story-desk/{story}/publication"))
    assert seen(scheme, VOICES.name, scheme.anybody, "/stories")["stories"] == [WORDS]

    done(teller.delete("/me/story"))

    assert done(scheme.anybody.get("/stories"))["stories"] == [], "before any read model knows"
    assert done(teller.get("/me/story"))["story"]["stage"] == "withdrawn"
    key = "SELECT state, wrapped_key FROM keys.data_key WHERE owner = %s AND purpose = 'publish_story'"
    with psycopg.connect(database.superuser_url) as connection:
        assert connection.execute(key, [teller.id]).fetchall() == [("destroyed", None)]
    looks = done(teller.get("/me/access-records"))["looks"]
    assert (str(coordinator.id), "story") in {(each["who"], each["kind"]) for each in looks}


def test_a_story_goes_with_its_consent_and_can_be_told_anew(
    scheme: Scheme, of_role: dict[Role, Somebody]
) -> None:
    teller, coordinator = scheme.person(Role.MENTEE), of_role[Role.COORDINATOR]
    give_consent(teller, "publish_story")
    story = Story.id_of(teller.id)
    done(teller.put("/me/story", {"words": f"{WORDS} First."}))
    done(coordinator.post(f"/story-desk/{story}/sending-back", {"reason": "names_somebody"}))
    assert done(teller.get("/me/story"))["story"]["sent_back_for"] == "names_somebody"
    done(teller.put("/me/story", {"words": f"{WORDS} Second."}))
    done(coordinator.post(f"/story-desk/{story}/publication"))
    assert f"{WORDS} Second." in seen(scheme, VOICES.name, scheme.anybody, "/stories")["stories"]

    done(teller.post("/me/consents/publish_story/withdrawal"))

    assert f"{WORDS} Second." not in done(scheme.anybody.get("/stories"))["stories"]
    give_consent(teller, "publish_story")
    assert done(scheme.anybody.get("/stories"))["stories"] == [], "its key is gone"
    assert done(teller.get("/me/story"))["words"]["state"] == "erased"
    done(teller.delete("/me/story"))
    done(teller.put("/me/story", {"words": f"{WORDS} Third."}))
    assert done(teller.get("/me/story"))["words"]["text"] == f"{WORDS} Third."


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR, Role.MENTEE}))
def test_nobody_else_reads_a_story_before_it_is_published(
    scheme: Scheme, of_role: dict[Role, Somebody], role: Role
) -> None:
    teller = scheme.person(Role.MENTEE)
    give_consent(teller, "publish_story")
    done(teller.put("/me/story", {"words": WORDS}))
    other, story = of_role[role], Story.id_of(teller.id)

    for path in ("/story-desk", f"/story-desk/{story}/words", "/me/story"):
        answer = other.get(path)
        assert answer.status_code == 403
        assert WORDS not in answer.text


def test_a_suggestion_is_answered_to_all_without_its_author(
    scheme: Scheme, of_role: dict[Role, Somebody]
) -> None:
    author, coordinator = scheme.person(Role.MENTOR), of_role[Role.COORDINATOR]
    id = str(done(author.post("/me/suggestions", {"words": WORDS}))["id"])
    waiting = seen(scheme, VOICES.name, coordinator, "/suggestion-desk")["suggestions"]
    assert id in {each["id"] for each in waiting}
    assert done(coordinator.get(f"/suggestion-desk/{id}/words"))["text"] == WORDS
    body = {"outcome": "taken_up", "gist": f"{TOLD} Gist.", "answer": f"{TOLD} Answer."}
    done(coordinator.post(f"/suggestion-desk/{id}/answer", body))
    assert (
        refused(coordinator.post(f"/suggestion-desk/{id}/answer", body)) == "suggestion-is-answered"
    )

    for reader in (of_role[Role.MENTEE], of_role[Role.MENTOR], coordinator):
        shown = seen(scheme, VOICES.name, reader, "/suggestions")
        assert body in shown["suggestions"]
        assert WORDS not in str(shown)
        assert str(author.id) not in str(shown)
    own = done(author.get("/me/suggestions"))["suggestions"]
    assert [each["told"]["answer"] for each in own if each["id"] == id] == [f"{TOLD} Answer."]
    assert done(author.get(f"/me/suggestions/{id}/words"))["text"] == WORDS
    looks = done(author.get("/me/access-records"))["looks"]
    assert (str(coordinator.id), "suggestion") in {(each["who"], each["kind"]) for each in looks}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
def test_nobody_else_reads_what_somebody_proposed(
    scheme: Scheme, of_role: dict[Role, Somebody], role: Role
) -> None:
    id = str(done(scheme.person(Role.MENTEE).post("/me/suggestions", {"words": WORDS}))["id"])
    other = of_role[role]

    for path in ("/suggestion-desk", f"/suggestion-desk/{id}/words", f"/me/suggestions/{id}/words"):
        answer = other.get(path)
        assert answer.status_code in {403, 404}
        assert WORDS not in answer.text


def test_nobody_answers_or_publishes_what_is_their_own(scheme: Scheme) -> None:
    both = scheme.person(Role.MENTEE, Role.COORDINATOR)
    as_coordinator = scheme.speaking_for(both.id, Role.COORDINATOR)
    give_consent(both, "publish_story")
    done(both.put("/me/story", {"words": WORDS}))
    id = str(done(both.post("/me/suggestions", {"words": WORDS}))["id"])

    told = {"outcome": "not_now", "gist": TOLD, "answer": TOLD}
    publication = f"/story-desk/{Story.id_of(both.id)}/publication"
    for answer in (
        as_coordinator.post(publication),
        as_coordinator.post(f"/suggestion-desk/{id}/answer", told),
    ):
        assert answer.status_code == 404
