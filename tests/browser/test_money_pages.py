"""Invoices in a browser: a coordinator raises one with a form, and whoever pays reads and prints it."""

import re

from playwright.sync_api import expect

from tests.browser.furnished import Furnished
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.paying import paying_for


def test_a_coordinator_raises_an_invoice_and_notes_that_it_was_paid(
    visits: Visits, service: LiveService
) -> None:
    paying = paying_for(service)
    paying.used(places=5)
    paying.shown()
    page = visits.signed_in(paying.coordinator)
    page.get_by_role("link", name="Places and money").click()
    page.goto(paying.page)
    page.get_by_role("button", name="Raise the invoice").click()
    page.get_by_role("button", name="Note that invoice 1 was paid").click()

    expect(page.get_by_text("5 sessions, £475.00, paid.")).to_be_visible()


def test_an_invoice_prints_on_paper_without_what_is_for_the_screen(
    visits: Visits, furnished: Furnished
) -> None:
    page = visits.signed_in(furnished.paying.contact)
    page.goto(f"{furnished.paying.page}/invoices/1")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Invoice 1")).to_be_visible()
    expect(page.get_by_text("Value added tax is not included.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile("Back to"))).to_be_hidden()
    paper = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/MediaBox \[0 0 59[45][\d.]* 84[12][\d.]*\]", paper)
