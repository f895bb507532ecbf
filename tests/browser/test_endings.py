"""From an ending to what many say together, and to a story that everybody reads, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_endings import ENOUGH, WORDS
from tests.browser.furnished import Furnished
from tests.browser.visits import Visits
from tests.match import give_consent

ANSWERS = "Let us meet under the lime tree, she said."


@pytest.fixture
def ended(visits: Visits, furnished: Furnished) -> Page:
    """The page after an ending of a mentee who has not been asked yet."""
    last = furnished.endings.pairs[-1]
    page = visits.signed_in(last.mentee, width=390)
    page.goto(f"/my-mentoring/{last.relationship}/ending")
    return page


def test_a_slip_leads_to_a_page_where_nobody_is_signed_in_and_is_good_once(
    ended: Page, furnished: Furnished
) -> None:
    ended.get_by_role("button", name="Have my slip").click()
    link = ended.get_by_role("link", name="Say how it was")
    address = str(link.get_attribute("href"))
    link.click()

    expect(ended.get_by_role("heading", name="How did it go?")).to_be_visible()
    expect(ended.get_by_label("Your slip")).to_have_value(address.rpartition("#")[2])
    assert "#" not in ended.url, "the slip does not stay in the browser's history"
    expect(ended.get_by_role("button", name="Sign out")).to_have_count(0)
    group = ended.get_by_role("group", name="I felt heard.")
    group.get_by_label("Agree", exact=True).check()
    ended.get_by_label("In your own words, if you like").first.fill(ANSWERS)
    ended.get_by_role("button", name="Send it").click()

    expect(ended.get_by_role("heading", name="Thank you")).to_be_visible()
    ended.goto(address.replace(furnished.service.url, ""))
    ended.get_by_role("group", name="I felt heard.").get_by_label("Agree", exact=True).check()
    ended.get_by_role("button", name="Send it").click()
    expect(ended.get_by_role("alert")).to_contain_text("This slip cannot be used")
    last = furnished.endings.pairs[-1]
    ended.goto(f"/my-mentoring/{last.relationship}/ending")
    expect(ended.get_by_text("You have had your slip")).to_be_visible()


def test_a_mentor_sees_what_five_said_and_not_the_sixth(
    visits: Visits, furnished: Furnished
) -> None:
    page = visits.signed_in(furnished.endings.mentor)
    page.get_by_role("link", name="what was said of mentoring with you").click()

    expect(page.get_by_text(f"{ENOUGH} people answered")).to_be_visible()
    expect(page.locator("blockquote")).to_have_count(ENOUGH)
    expect(page.get_by_text(ANSWERS)).to_have_count(0)
    expect(page.get_by_text("Too few answered this")).to_have_count(2)
    assert not page.locator("time").count(), "no dates"


def test_one_step_asks_for_somebody_else(visits: Visits, furnished: Furnished) -> None:
    made = furnished.endings.pairs[1]
    page = visits.signed_in(made.mentee, width=390)
    page.get_by_role("link", name="What you can do now").first.click()
    page.get_by_role("button", name="Ask for somebody else").click()

    expect(page.get_by_text("We are looking for a mentoring partner for you.")).to_be_visible()
    furnished.service.caught_up()
    coordinator = visits.signed_in(furnished.endings.coordinator)
    coordinator.get_by_role("link", name="Who waits for somebody else").click()
    expect(coordinator.get_by_text(re.compile("The next request"))).to_be_visible()


def test_a_story_is_seen_as_it_will_look_checked_published_and_taken_back(
    visits: Visits, furnished: Furnished
) -> None:
    give_consent_of = furnished.endings.pairs[2].mentee
    anew = furnished.service.scheme.speaking_for(give_consent_of.id, give_consent_of.role)
    give_consent(anew, "publish_story")
    page = visits.signed_in(give_consent_of, width=390)
    page.goto("/my-story")
    page.get_by_label("Your story").fill(f"{WORDS} Write to zoe@example.org.")
    page.get_by_role("button", name="See how it will look").click()
    expect(page.get_by_role("alert")).to_contain_text("a mail address")
    page.get_by_label("Your story").fill(ANSWERS)
    page.get_by_role("button", name="Offer it as it is").click()
    expect(page.get_by_text("A coordinator looks at it")).to_be_visible()

    furnished.service.caught_up()
    coordinator = visits.signed_in(furnished.endings.coordinator)
    coordinator.goto("/story-desk")
    coordinator.locator("main section li a").first.click()
    expect(coordinator.get_by_text(ANSWERS)).to_be_visible()
    coordinator.get_by_role("button", name="Publish it as it is").click()
    furnished.service.caught_up()
    nobody = visits.open()
    nobody.goto("/stories")
    expect(nobody.get_by_text(ANSWERS)).to_be_visible()

    page.goto("/my-story")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You took it back")).to_be_visible()
    nobody.reload()
    expect(nobody.get_by_text(ANSWERS)).to_have_count(0)
