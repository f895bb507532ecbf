"""People say on a page in which time zone they live, by any name that a zone has."""

import pytest

from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import done, give_consent
from tests.scheme import Somebody

PAGE = "/my-mentoring/availability"


@pytest.fixture
def mentee(service: LiveService, visitor: Visitor) -> Somebody:
    somebody = service.scheme.person(Role.MENTEE)
    give_consent(somebody, "take_part")
    visitor.sign_in(somebody.token)
    return somebody


def test_a_time_zone_is_chosen_and_stays(visitor: Visitor, mentee: Somebody) -> None:
    assert 'value="Europe/London"' in visitor.get(PAGE).text
    week = {"time_zone": "Africa/Nairobi", "opens_0_0": "09:00", "closes_0_0": "12:00"}
    saved = visitor.post(PAGE, visitor.form(PAGE, PAGE) | week)

    assert saved.is_redirect
    shown = visitor.get(PAGE).text
    assert 'value="Africa/Nairobi"' in shown
    assert "more elsewhere than this page has room for" not in shown
    said = done(mentee.get("/me/availability"))["availability"]
    assert said["time_zone"] == "Africa/Nairobi"
    assert [each["opens"] for each in said["windows"]] == ["09:00:00"]


@pytest.mark.parametrize("zone", ["Atlantis/Deep", "../etc/passwd", "x" * 65, "/"])
def test_a_zone_that_nobody_knows_is_said_beside_the_field(
    visitor: Visitor, mentee: Somebody, zone: str
) -> None:
    week = {"time_zone": zone, "opens_0_0": "09:00", "closes_0_0": "12:00"}
    refused = visitor.post(PAGE, visitor.form(PAGE, PAGE) | week)

    assert refused.status_code == 422
    assert "Enter the name of a time zone" in refused.text
    assert 'value="09:00"' in refused.text
    assert done(mentee.get("/me/availability"))["availability"] is None


@pytest.mark.usefixtures("mentee")
def test_who_names_no_zone_is_at_home_in_the_schemes(visitor: Visitor) -> None:
    week = {"time_zone": "", "opens_1_0": "09:00", "closes_1_0": "12:00"}

    assert visitor.post(PAGE, visitor.form(PAGE, PAGE) | week).is_redirect
    assert 'value="Europe/London"' in visitor.get(PAGE).text
