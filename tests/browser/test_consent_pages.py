"""Consents in a real browser: decided on a phone, readable by all, in the language that was chosen."""

import re

import pytest
from playwright.sync_api import Page, expect

from api.records.written_notices import publish_written, written_notices
from domain.values import Role
from projections.consent_history import CONSENT_HISTORY
from tests.browser.looking_over import Looks
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import PURPOSES

PATIENCE_SECONDS = 60.0
OWN = (
    "/my-consents",
    "/my-consents/history",
    "/my-consents/feedback",
    "/my-consents/feedback?language=cy",
    "/my-consents/take_part",
)


@pytest.fixture(scope="module", autouse=True)
def _written(service: LiveService) -> None:
    """What other tests have words of their own for stays as it is."""
    written = [each for each in written_notices() if each.purpose.value not in PURPOSES]
    publish_written(service.parts, written)


def decided(visits: Visits, service: LiveService, **options: object) -> Page:
    """Somebody who said yes to one thing, and not now and no to others."""
    page = visits.signed_in(service.scheme.person(Role.MENTEE), **options)
    for purpose, words in (
        ("feedback", "Yes, I agree"),
        ("reminders", "Not now"),
        ("research", "No"),
    ):
        page.goto(f"/my-consents/{purpose}")
        page.get_by_role("button", name=words, exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Saved.")
    return page


def test_the_words_are_read_in_welsh_and_agreed_to_by_keyboard(
    visits: Visits, service: LiveService
) -> None:
    page = visits.signed_in(service.scheme.person(Role.MENTOR))
    page.goto("/my-consents/calendar")
    page.get_by_role("link", name="Cymraeg").press("Enter")
    words = page.get_by_role("article")
    expect(words).to_have_attribute("lang", "cy")
    expect(words.get_by_role("heading")).to_have_text("Cofnodion calendr")
    page.get_by_role("button", name="Yes, I agree").press("Enter")
    expect(page.get_by_text(re.compile("You agreed on .*, in Cymraeg"))).to_be_visible()


def test_what_was_said_is_withdrawn_and_the_history_tells_all_of_it(
    visits: Visits, service: LiveService
) -> None:
    page = decided(visits, service)
    page.get_by_role("button", name=re.compile("Withdraw .Being asked how it went.")).click()
    expect(page.get_by_text("You do not consent to this")).to_be_visible()
    page.get_by_role("link", name=re.compile("Everything you ever said")).click()
    rows = page.get_by_role("row")
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_contain_text("withdrawn")
    expect(rows.nth(4)).to_contain_text("agreed")


def test_pages_of_consents_are_for_any_device_and_reader(
    visits: Visits, service: LiveService
) -> None:
    own = decided(visits, service)
    newest = service.parts.recorder.max_notification_id() or 0
    service.reader.wait_for(CONSENT_HISTORY.name, newest, PATIENCE_SECONDS)
    auditor = visits.signed_in(service.scheme.person(Role.AUDITOR))
    history = ("/consent-history", "/consent-history?purpose=feedback")
    looks = Looks()
    for page, addresses in ((own, OWN), (auditor, history)):
        for address in addresses:
            page.goto(address)
            looks.look_over(page)

    looks.require_nothing()
