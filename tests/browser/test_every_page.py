"""Every page, in light and dark, on a laptop and on a phone: readable by all, and within its policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.at_endings import NOBODYS
from tests.browser.at_kinds import tours_of_kinds
from tests.browser.furnished import Furnished
from tests.browser.looking_over import Looks, looked_over
from tests.browser.visits import Visits

EXPECTED = "Failed to load resource: the server responded with a status of 40"


def every_page(visits: Visits, furnished: Furnished) -> Iterator[Page]:
    """Each page of each person, one after the other."""
    nobody = visits.open()
    for address in ("/sign-in", *NOBODYS):
        nobody.goto(address)
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
        *furnished.grouped.tours(),
        *furnished.endings.tours(),
        *tours_of_kinds(furnished.service),
    )
    for somebody, addresses in tours:
        page = visits.signed_in(somebody)
        for address in addresses:
            page.goto(address)
            yield page


@pytest.fixture(scope="module")
def toured(browser: Browser, furnished: Furnished) -> Iterator[tuple[Looks, list[str]]]:
    """What is wrong with any page, and what the browser complained of."""
    visits = Visits(browser, furnished.service)
    yield looked_over(every_page(visits, furnished)), visits.complaints
    visits.close()


def test_axe_finds_nothing(toured: tuple[Looks, list[str]]) -> None:
    looks, _ = toured

    assert looks.pages
    assert looks.wide_and_light == {}
    assert looks.narrow_and_dark == {}


def test_no_page_breaks_its_policy(toured: tuple[Looks, list[str]]) -> None:
    _, complaints = toured

    assert [said for said in complaints if not said.startswith(EXPECTED)] == []


def test_every_page_fits_the_narrowest_phone_and_a_thumb(toured: tuple[Looks, list[str]]) -> None:
    looks, _ = toured

    assert looks.wider_than_a_phone == {}
    assert looks.too_small == {}


def test_looking_over_and_the_policy_would_tell_of_a_planted_fault(visits: Visits) -> None:
    page = visits.open()
    page.goto("/sign-in")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.querySelector('main').style.minWidth = '900px'")
    page.evaluate("document.querySelector('.brand').style.cssText = 'min-height: 0; height: 10px'")
    looks = looked_over([page])

    for violations in (looks.wide_and_light[page.url], looks.narrow_and_dark[page.url]):
        assert {"html-has-lang", "label"} <= {each.partition(":")[0] for each in violations}
    assert list(looks.wider_than_a_phone) == list(looks.too_small) == [page.url]
    assert any("style-src" in said for said in visits.complaints)


def test_no_page_asks_another_origin_for_anything(visits: Visits, furnished: Furnished) -> None:
    asked = set()
    page = visits.signed_in(furnished.under_way.mentee)
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    for address in furnished.pages_under_way():
        page.goto(address)

    assert asked == {page.url.split("/")[2]}
