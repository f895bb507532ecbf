"""A mentor reads what their mentee chose to show, while they work together and the consent lives, and each look is recorded."""

from typing import Any

import pytest

from domain.values import Role
from tests.match import Match, done, give_consent, match, propose, publish_notices
from tests.scheme import Scheme, Somebody

NAME, WORDS = "Quixotic-Ada", "Quixotic-words about me."
SHOWN = {"state": "open", "display_name": NAME, "words": WORDS}
NOTHING = {"display_name": None, "words": None}


@pytest.fixture(scope="module")
def here(shared_scheme: Scheme) -> Scheme:
    publish_notices(shared_scheme)
    return shared_scheme


@pytest.fixture
def made(here: Scheme) -> Match:
    """A pair whose mentee shows something."""
    pair = match(here)
    share(pair.mentee)
    return pair


def share(mentee: Somebody) -> None:
    give_consent(mentee, "share_profile")
    done(mentee.put("/me/shared-profile", {"display_name": NAME, "words": WORDS}))


def shown(made: Match, to: Somebody | None = None) -> Any:
    return (to or made.mentor).get(f"/relationships/{made.relationship}/shared-profile")


def test_the_mentor_reads_it_and_the_mentee_reads_who_did(made: Match) -> None:
    assert done(shown(made)) == SHOWN
    assert done(made.mentee.get("/me/shared-profile")) == SHOWN

    looks = done(made.mentee.get("/me/access-records"))["looks"]
    profile = [(each["who"], each["purpose"]) for each in looks if each["kind"] == "profile"]
    assert set(profile) == {(str(made.mentor.id), "mentoring"), (str(made.mentee.id), "own_record")}


def test_nothing_is_shown_until_the_mentee_chooses_to_and_nobody_looked(here: Scheme) -> None:
    pair = match(here)
    before = here.event_count()

    assert done(shown(pair)) == {"state": "not_given", **NOTHING}
    assert here.event_count() == before


def test_it_is_shown_under_a_live_consent_alone(made: Match) -> None:
    done(made.mentee.post("/me/consents/share_profile/withdrawal"))

    answer = shown(made)

    assert NAME not in answer.text
    assert done(answer) == {"state": "consent_not_live", **NOTHING}
    refused = made.mentee.put("/me/shared-profile", {"display_name": NAME})
    assert refused.json()["type"].endswith("consent-is-not-live")


def test_what_is_taken_back_is_shown_no_more_and_can_be_shown_again(made: Match) -> None:
    done(made.mentee.delete("/me/shared-profile"))
    assert done(shown(made)) == {"state": "not_given", **NOTHING}
    again = made.mentee.delete("/me/shared-profile")
    assert again.json()["type"].endswith("nothing-is-shared")

    done(made.mentee.put("/me/shared-profile", {"display_name": NAME}))
    assert done(shown(made)) == SHOWN | {"words": None}


def test_it_ends_with_the_relationship(made: Match) -> None:
    done(made.mentee.post(f"/relationships/{made.relationship}/closing", {"reason": "no_fault"}))

    answer = shown(made)

    assert answer.json()["type"].endswith("already-closed")
    assert NAME not in answer.text


def test_of_a_mentee_no_mentor_is_shown_anything_before_the_match(here: Scheme) -> None:
    asked = propose(here)
    share(asked.mentee)

    assert shown(asked).status_code == 404


def test_to_everybody_else_it_is_absent(here: Scheme, made: Match) -> None:
    other = here.person(Role.MENTOR)

    assert shown(made, other).status_code == 404
    for nobody in (made.mentee, made.coordinator, here.person(Role.SPONSOR_CONTACT)):
        assert shown(made, nobody).status_code == 403
