"""A mentee chooses on a page what their mentor reads; the mentor reads it on a page of its own, and the look is recorded."""

import pytest

from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import Match, give_consent, match

NAME = "Quixotic-Ada"
PAGE = "/my-mentoring/profile"


@pytest.fixture
def made(service: LiveService) -> Match:
    pair = match(service.scheme)
    service.caught_up()
    return pair


def test_a_mentee_shows_a_name_and_takes_it_back(
    service: LiveService, visitor: Visitor, made: Match
) -> None:
    visitor.sign_in(made.mentee.token)
    assert PAGE in visitor.get("/my-mentoring").text
    assert "/my-consents/share_profile" in visitor.get(PAGE).text
    give_consent(made.mentee, "share_profile")
    unnamed = visitor.post(f"{PAGE}/sharing", visitor.form(PAGE, "/sharing"))
    shared = visitor.post(
        f"{PAGE}/sharing", visitor.form(PAGE, "/sharing") | {"display_name": NAME}
    )

    assert (unnamed.status_code, "Enter the name" in unnamed.text) == (422, True)
    assert shared.headers["location"].startswith(f"{PAGE}?at_least=")
    assert NAME in visitor.get(shared.headers["location"]).text
    one = f"/my-caseload/{made.relationship}"
    with Visitor(service.url) as mentor:
        mentor.sign_in(made.mentor.token)
        assert NAME not in mentor.get("/my-caseload").text + mentor.get(one).text
        before = service.event_count("access_register.opened")
        assert NAME in mentor.get(f"{one}/mentee").text
        assert service.event_count("access_register.opened") == before + 1
        visitor.post(f"{PAGE}/taking-back", visitor.form(PAGE, "/taking-back"))
        after = mentor.get(f"{one}/mentee").text
    assert NAME not in after
    assert "They have not chosen to show anything" in after
