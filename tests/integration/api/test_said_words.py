"""What people said in their own words of a relationship is read by their coordinator, and they learn of it."""

import pytest

from domain.values import Role
from tests.match import Match, done, match, propose, publish_notices
from tests.scheme import Scheme, Somebody

WORDS = "Quixotic-words of mine."


@pytest.fixture
def made(scheme: Scheme) -> Match:
    publish_notices(scheme)
    return match(scheme)


def test_a_coordinator_reads_what_was_said_and_whoever_said_it_learns_of_the_look(
    made: Match,
) -> None:
    path = f"/relationships/{made.relationship}"
    done(made.mentor.post(f"{path}/rematch", {"reason": "availability", "words": WORDS}))
    done(made.mentee.post(f"{path}/closing", {"reason": "no_fault", "words": WORDS}))

    said = done(made.coordinator.get(f"{path}/said-words"))["said"]

    assert [(each["of"], each["by"], each["words"]["text"]) for each in said] == [
        ("closing", str(made.mentee.id), WORDS),
        ("rematch", str(made.mentor.id), WORDS),
    ]
    assert [said_words_looks(each) for each in (made.mentee, made.mentor)] == [1, 1]


def test_words_close_with_the_consent_of_whoever_said_them(made: Match) -> None:
    path = f"/relationships/{made.relationship}"
    done(made.mentor.post(f"{path}/rematch", {"reason": "availability", "words": WORDS}))
    done(made.mentor.post("/me/consents/take_part/withdrawal"))

    answer = made.coordinator.get(f"{path}/said-words")

    assert WORDS not in answer.text
    assert [each["words"]["state"] for each in done(answer)["said"]] != ["open"]


@pytest.fixture
def declined(scheme: Scheme) -> Match:
    """Both said something about a proposal that came to nothing."""
    publish_notices(scheme)
    found = propose(scheme)
    path = f"/relationships/{found.relationship}"
    kept_apart = {"with_person": str(found.mentor.id), "words": f"{WORDS} Apart."}
    body = {"version": 1, "reason": "conflict", "words": f"{WORDS} No."}
    done(found.mentor.post(f"{path}/proposals/{found.proposal}/refusal", body))
    done(found.mentee.post(f"{path}/conflicts", kept_apart))
    return found


def test_why_somebody_declined_and_who_is_kept_apart_is_read_by_the_coordinator(
    declined: Match,
) -> None:
    path = f"/relationships/{declined.relationship}/said-words"

    said = done(declined.coordinator.get(path))["said"]

    told = [(each["of"], each["by"], each["with_person"], each["words"]["text"]) for each in said]
    mentee, mentor = str(declined.mentee.id), str(declined.mentor.id)
    assert told == [
        ("conflict", mentee, mentor, f"{WORDS} Apart."),
        ("decline", mentor, None, f"{WORDS} No."),
    ]
    assert [said_words_looks(each) for each in (declined.mentee, declined.mentor)] == [1, 1]
    for party in (declined.mentee, declined.mentor):
        assert party.get(path).status_code == 403


def test_why_somebody_declined_closes_with_their_consent_and_leaves_the_others_words_open(
    declined: Match,
) -> None:
    done(declined.mentor.post("/me/consents/take_part/withdrawal"))

    answer = declined.coordinator.get(f"/relationships/{declined.relationship}/said-words")

    conflict, decline = done(answer)["said"]
    assert conflict["words"]["state"] == "open"
    assert decline["words"] == {"state": "consent_not_live", "text": None}
    assert f"{WORDS} No." not in answer.text
    assert said_words_looks(declined.mentor) == 0


def said_words_looks(person: Somebody) -> int:
    looks = done(person.get("/me/access-records"))["looks"]
    return [look["kind"] for look in looks].count("said_words")


def test_where_nobody_said_anything_nothing_is_shown_and_nobody_looked(
    scheme: Scheme, made: Match
) -> None:
    before = scheme.event_count()

    said = done(made.coordinator.get(f"/relationships/{made.relationship}/said-words"))["said"]

    assert said == []
    assert scheme.event_count() == before
    assert made.mentor.get(f"/relationships/{made.relationship}/said-words").status_code == 403
    other = scheme.person(Role.COORDINATOR)
    assert done(other.get(f"/relationships/{made.relationship}/said-words"))["said"] == []
