"""What people said of a dispute, another partner or an ending is read by their coordinator, and they learn of it."""

import pytest

from domain.values import Role
from tests.match import Match, done, match, publish_notices
from tests.scheme import Scheme

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
    for party in (made.mentee, made.mentor):
        looks = done(party.get("/me/access-records"))["looks"]
        assert [look["kind"] for look in looks].count("said_words") == 1


def test_words_close_with_the_consent_of_whoever_said_them(made: Match) -> None:
    path = f"/relationships/{made.relationship}"
    done(made.mentor.post(f"{path}/rematch", {"reason": "availability", "words": WORDS}))
    done(made.mentor.post("/me/consents/take_part/withdrawal"))

    answer = made.coordinator.get(f"{path}/said-words")

    assert WORDS not in answer.text
    assert [each["words"]["state"] for each in done(answer)["said"]] != ["open"]


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
