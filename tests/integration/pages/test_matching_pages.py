"""The matching on pages: what people wish, a round, a shortlist and its order, and what comes of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from domain.matching.eligibility import Obstacle
from domain.matching.left_over import CHANGES
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import done, give_consent
from tests.matching import MatchingScheme, Waiting, offering, theme


@pytest.fixture
def matching(service: LiveService) -> Iterator[MatchingScheme]:
    made = MatchingScheme(service.scheme)
    yield made
    made.leave()


def send(visitor: Visitor, page: str, form: str, **typed: str) -> Any:
    """Fill in one form of a page, and see where it leads."""
    answer = visitor.post(form, visitor.form(page, form) | typed)
    return visitor.get(answer.headers["location"]) if answer.is_redirect else answer


def test_a_coordinator_runs_a_round_reads_why_and_proposes(
    matching: MatchingScheme, visitor: Visitor
) -> None:
    found, lonely = matching.waiting(**theme("leading")), matching.waiting(languages=["cy"])
    matching.mentor(languages=["en"], **offering("leading"))
    matching.shown()
    visitor.sign_in(matching.coordinator.token)
    page = f"/matching/{matching.programme}"

    listed = visitor.get("/matching").text
    ran = send(visitor, page, f"{page}/rounds").text
    why = visitor.get(f"{page}/words/{found.relationship}").text
    why_not = visitor.get(f"{page}/words/{lonely.relationship}").text
    proposed = send(visitor, page, f"{page}/proposals").text
    closed = send(visitor, page, f"{page}/closing").text

    assert page in listed
    assert "50.0 of 100 who wait" in ran
    assert "leading others" in why
    assert CHANGES[Obstacle.LANGUAGE] in why_not
    assert "Proposed." in proposed
    assert "Propose all" not in proposed
    assert "Run a round" in closed
    path = f"/relationships/{found.relationship}/proposal"
    assert "leading others" in done(found.mentee.get(path))["reasons"]["text"]


def test_what_cannot_be_proposed_is_said_and_a_round_of_nobody_too(
    matching: MatchingScheme, visitor: Visitor
) -> None:
    visitor.sign_in(matching.coordinator.token)
    page = f"/matching/{matching.programme}"
    nobody = send(visitor, page, f"{page}/rounds")
    matching.waiting()
    mentor = matching.mentor()
    matching.shown()
    send(visitor, page, f"{page}/rounds")
    done(mentor.put("/me/mentor-profile/capacity", {"capacity": 0}))
    refused = send(visitor, page, f"{page}/proposals")

    assert nobody.status_code == 422
    assert "Nobody waits" in nobody.text
    assert "Not everything could be proposed" in refused.text
    assert "capacity is taken" in refused.text


def test_weights_are_set_and_wrong_ones_said_beside_the_field(
    matching: MatchingScheme, visitor: Visitor
) -> None:
    visitor.sign_in(matching.coordinator.token)
    page = f"/matching/{matching.programme}"
    weights = {"themes": "9", "practice": "3", "approach": "3", "career": "2", "background": "5"}

    wrong = send(visitor, page, f"{page}/weights", **weights | {"career": "11"})
    right = send(visitor, page, f"{page}/weights", **weights)

    assert wrong.status_code == 422
    assert "Enter a number from 0 to 10." in wrong.text
    assert "This is version 1." in right.text


def test_a_mentee_ranks_those_who_were_found_and_a_coordinator_proposes_the_first(
    matching: MatchingScheme, visitor: Visitor, service: LiveService
) -> None:
    asking = matching.waiting(**theme("leading", "balance"))
    mentors = [matching.mentor(**offering(*each)) for each in (["leading", "balance"], ["leading"])]
    matching.shown()
    of_coordinator = f"/pipeline/{asking.relationship}/shortlist"
    own = f"/my-mentoring/{asking.relationship}/shortlist"
    with Visitor(service.url) as mentee:
        visitor.sign_in(matching.coordinator.token)
        mentee.sign_in(asking.mentee.token)
        before = mentee.get(own).text
        drawn = send(visitor, of_coordinator, of_coordinator).text
        shown = mentee.get(own).text
        twice = send(mentee, own, own, **{f"rank_{each.id}": "1" for each in mentors})
        order = {f"rank_{mentors[0].id}": "2", f"rank_{mentors[1].id}": "1"}
        send(mentee, own, own, **order)
        ranked = mentee.get(own).text
        seen = visitor.get(of_coordinator).text
        send(visitor, of_coordinator, f"{of_coordinator}/proposals")

    assert "Nobody was found yet" in before
    assert str(mentors[0].id) in drawn
    assert "Twenty years in rural practice." in shown
    assert "leading others" in shown
    assert twice.status_code == 422
    assert "one rank: first, second, third" in twice.text
    assert "Your order is saved" in ranked
    assert seen.index(str(mentors[1].id)) < seen.index(str(mentors[0].id))
    proposal = done(asking.mentee.get(f"/relationships/{asking.relationship}/proposal"))
    assert proposal["mentor"] == str(mentors[1].id)


def test_whoever_was_left_over_reads_why_where_they_see_how_things_stand(
    matching: MatchingScheme, visitor: Visitor
) -> None:
    matching.mentor(languages=["en"])
    lonely = matching.waiting(languages=["cy"])
    matching.run()
    visitor.sign_in(lonely.mentee.token)

    home = visitor.get("/my-mentoring").text
    page = visitor.get(f"/my-mentoring/{lonely.relationship}/shortlist").text

    assert f"/my-mentoring/{lonely.relationship}/shortlist" in home
    assert CHANGES[Obstacle.LANGUAGE] in page


TICKED = re.compile(r'<input type="(?:checkbox|radio)" name="(\w+)"[^>]*? checked>')


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_what_somebody_ticks_is_saved_shown_again_and_taken_back(
    matching: MatchingScheme, visitor: Visitor, side: str
) -> None:
    somebody = matching.waiting().mentee if side == "mentee" else matching.mentor()
    give_consent(somebody, "identity_preference")
    visitor.sign_in(somebody.token)
    page = f"/my-{'mentoring' if side == 'mentee' else 'caseload'}/preferences"
    wishes = {"language_cy": "on", "wish_practice_adults": "on", "importance_practice": "2"}
    backgrounds = {"own_faith_sikh": "on", "alike_faith": "shared", "together": "on"}

    saved = send(visitor, page, page, **wishes, employer="Zanzibar-quill.").text
    own = send(visitor, page, f"{page}/background", **backgrounds).text
    wrong = send(visitor, page, page, importance_practice="7", wish_practice_adults="on")
    gone = send(visitor, page, f"{page}/background-removal").text

    assert {"language_cy", "wish_practice_adults"} <= set(TICKED.findall(saved))
    assert "Zanzibar-quill." in saved
    assert "own_faith_sikh" in TICKED.findall(own)
    assert ("together" in TICKED.findall(own)) is (side == "mentee")
    assert wrong.status_code == 422
    assert "own_faith_sikh" not in TICKED.findall(gone)
    stated = done(somebody.get("/me/preferences"))["preferences"]
    assert stated["wishes"] == [{"aspect": "practice", "any_of": ["adults"], "importance": 2}]


def test_a_wish_about_a_background_without_ones_own_is_said_kindly(
    matching: MatchingScheme, visitor: Visitor
) -> None:
    waiting: Waiting = matching.waiting("identity_preference")
    visitor.sign_in(waiting.mentee.token)
    page = "/my-mentoring/preferences"

    answer = send(visitor, page, f"{page}/background", alike_faith="shared")

    assert answer.status_code == 422
    assert "say it, or take the wish back" in answer.text
