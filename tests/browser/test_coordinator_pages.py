"""What a coordinator does on their pages: look, filter, open what was asked for, and propose."""

import re

from playwright.sync_api import expect

from domain.values import Role
from tests.browser.furnished import Furnished
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import done, give_consent, granted_place, welcome_mentor

WORDS = "Zanzibar-quill."
REFERENCE = re.compile("Mentor.s reference")
WRONG_REFERENCE = re.compile("Enter the mentor.s reference")


def test_stages_are_counted_and_chosen(visits: Visits, furnished: Furnished) -> None:
    page = visits.signed_in(furnished.proposed.coordinator)
    stages = page.get_by_role("img")
    expect(stages).to_have_accessible_name(re.compile("Under way: [1-9]"))
    counted = re.search("Under way: ([0-9]+)", stages.get_attribute("aria-label") or "")
    page.get_by_role("link", name="Under way").click()

    rows = page.get_by_role("row")
    expect(rows.filter(has_text="1 of 3 sessions used, 1 planned")).not_to_have_count(0)
    assert counted is not None
    expect(rows).to_have_count(1 + int(counted.group(1)))
    expect(page.get_by_role("cell", name="Proposed")).to_have_count(0)


def test_names_and_words_are_not_in_the_pipeline(visits: Visits, furnished: Furnished) -> None:
    page = visits.signed_in(furnished.proposed.coordinator)
    text = page.content()

    assert furnished.proposed.mentee.name not in text
    assert "Zelda" not in text
    assert str(furnished.proposed.mentee.id) not in text


def test_a_mentor_is_proposed_after_the_form_told_what_was_wrong(
    visits: Visits, service: LiveService
) -> None:
    coordinator, mentor = (
        service.scheme.person(Role.COORDINATOR),
        service.scheme.person(Role.MENTOR),
    )
    welcome_mentor(coordinator, mentor, words=WORDS)
    relationship = requested(service)
    page = visits.signed_in(coordinator)
    page.goto(f"/pipeline/{relationship}")
    page.get_by_label(REFERENCE).fill("nobody")
    page.get_by_label("Why, for the mentee to read").fill("You both led a duty team.")
    page.get_by_label("Why, for the mentor to read").fill("They would like to lead.")
    page.get_by_role("button", name="Propose this mentor").click()
    expect(page.get_by_role("alert")).to_contain_text(WRONG_REFERENCE)
    expect(page.get_by_label("Why, for the mentor to read")).to_have_value(
        "They would like to lead."
    )
    page.get_by_label(REFERENCE).fill(str(mentor.id))
    page.get_by_role("button", name="Propose this mentor").click()

    expect(page.get_by_role("heading", name="Proposed")).to_be_visible()


def test_what_was_asked_for_is_opened_on_a_page_of_its_own(
    visits: Visits, service: LiveService
) -> None:
    coordinator = service.scheme.person(Role.COORDINATOR)
    relationship = requested(service)
    before = service.event_count("access_register.opened")
    page = visits.signed_in(coordinator)
    page.goto(f"/pipeline/{relationship}")
    expect(page.get_by_text(WORDS)).to_have_count(0)
    assert service.event_count("access_register.opened") == before
    page.get_by_role("link", name="Open what was asked for").click()

    expect(page.get_by_text(WORDS)).to_be_visible()
    assert service.event_count("access_register.opened") == before + 1


def requested(service: LiveService) -> str:
    mentee = service.scheme.person(Role.MENTEE)
    give_consent(mentee, "take_part")
    place = granted_place(service.scheme.person(Role.COORDINATOR), sessions=2)
    asked = {"place": place, "themes": WORDS}
    relationship = done(mentee.post("/relationships", asked))["id"]
    service.caught_up()
    return str(relationship)
