"""Every page, in light and dark, on a laptop and on a phone: readable by all, and within its policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.furnished import Furnished
from tests.browser.visits import Visits

SMALLEST_TARGET = 44
TARGETS = (
    "button, .button, nav a, summary, .brand, input:not([type=hidden]):not([type=radio])"
    ":not([type=checkbox]), textarea"
)
HEIGHTS = (
    "all => all.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height)"
)
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
EXPECTED = "Failed to load resource: the server responded with a status of 40"


def every_page(visits: Visits, furnished: Furnished, **options: Any) -> Iterator[Page]:
    """Each page of each person, one after the other."""
    nobody = visits.open(**options)
    nobody.goto("/sign-in")
    yield nobody
    tours = (
        (furnished.proposed.mentee, furnished.mentee_pages()),
        (furnished.under_way.mentee, furnished.pages_under_way()),
        (furnished.matched.mentee, furnished.pages_when_matched()),
        (furnished.under_way.mentor, furnished.mentor_pages()),
        (furnished.proposed.mentor, furnished.proposed_mentor_pages()),
        (furnished.proposed.coordinator, furnished.coordinator_pages()),
        (furnished.matching.coordinator, furnished.matching_pages()),
        (furnished.paying.contact, furnished.sponsor_pages()),
        (furnished.paying.coordinator, furnished.provider_pages()),
        *furnished.desks.tours(),
    )
    for somebody, addresses in tours:
        page = visits.signed_in(somebody, **options)
        for address in addresses:
            page.goto(address)
            yield page


@pytest.mark.parametrize(
    ("width", "dark"), [(1280, False), (360, True)], ids=["wide and light", "narrow and dark"]
)
def test_axe_finds_nothing_and_no_page_breaks_its_policy(
    visits: Visits, furnished: Furnished, *, width: int, dark: bool
) -> None:
    found = {}
    for page in every_page(visits, furnished, width=width, dark=dark):
        unfold(page)
        results = Axe().run(page)
        if results.violations_count:
            found[page.url] = results.generate_report()

    assert found == {}
    assert [said for said in visits.complaints if not said.startswith(EXPECTED)] == []


def test_every_page_fits_the_narrowest_phone_and_a_thumb(
    visits: Visits, furnished: Furnished
) -> None:
    wider, too_small = {}, {}
    for page in every_page(visits, furnished, width=320):
        unfold(page)
        content, window = page.evaluate(WIDTHS)
        if content > window:
            wider[page.url] = content
        heights = page.eval_on_selector_all(TARGETS, HEIGHTS)
        if min(heights) < SMALLEST_TARGET:
            too_small[page.url] = sorted(heights)[:3]

    assert wider == {}
    assert too_small == {}


def test_axe_and_the_policy_would_tell_of_a_planted_fault(visits: Visits) -> None:
    page = visits.open()
    page.goto("/sign-in")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    planted = {found["id"] for found in Axe().run(page).response["violations"]}

    assert {"html-has-lang", "label"} <= planted
    assert any("style-src" in said for said in visits.complaints)


def test_no_page_asks_another_origin_for_anything(visits: Visits, furnished: Furnished) -> None:
    asked = set()
    page = visits.signed_in(furnished.under_way.mentee)
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    for address in furnished.pages_under_way():
        page.goto(address)

    assert asked == {page.url.split("/")[2]}


def unfold(page: Page) -> None:
    folded = page.locator("details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
