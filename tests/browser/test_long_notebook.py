"""A notebook of a thousand entries: the newest are read at once, the page is free meanwhile, and every one is checked."""

import base64
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.records.notebook_view import LARGEST_PAGE
from tests.browser.furnished import Furnished
from tests.browser.long_notebook import LongNotebook, long_notebook, text_of
from tests.browser.notes import Writer
from tests.browser.visits import Visits

OWN, SHARED = 600, 400
FIRST_OF_EACH = 20
NOTEBOOK = "**/api/v1/relationships/*/notebook?*"
PATIENCE_MILLISECONDS = 240_000
DRAFT = "Typed while the rest arrived."
MOST_IN_A_TURN = 100
SHOW_ALL = """() => {
  const earlier = document.getElementById("earlier");
  while (!earlier.hidden) earlier.click();
}"""
COUNTS_TURNS = """
// How many entries are verified, at most, between two turns of what the page does for its person.
let verified = 0;
window.mostInATurn = 0;
const real = SubtleCrypto.prototype.verify;
SubtleCrypto.prototype.verify = function verify(...given) {
  verified += 1;
  return real.apply(this, given);
};
setInterval(() => {
  window.mostInATurn = Math.max(window.mostInATurn, verified);
  verified = 0;
});
"""


@pytest.fixture(scope="module")
def long(furnished: Furnished) -> LongNotebook:
    return long_notebook(furnished.service, own=OWN, shared=SHARED)


@pytest.fixture
def writer(browser: Browser, furnished: Furnished, long: LongNotebook) -> Iterator[Writer]:
    """The mentee before their locked notebook."""
    visits = Visits(browser, furnished.service)
    page = visits.signed_in(long.made.mentee)
    page.add_init_script(COUNTS_TURNS)
    address = f"/my-mentoring/{long.made.relationship}/notebook"
    page.goto(address)
    yield Writer(page, (long.mentee.code, long.mentee.code), address)
    assert visits.complaints == []
    visits.close()


def unlock(writer: Writer) -> None:
    writer.page.get_by_label("Your recovery code").fill(writer.codes[0])
    writer.page.get_by_role("button", name="Unlock", exact=True).click()


def show_all(page: Page) -> None:
    """Ask for earlier ones until there are none."""
    page.evaluate(SHOW_ALL)
    expect(page.get_by_role("button", name="Show earlier ones")).to_be_hidden()


def shown(writer: Writer, audience: str) -> list[str]:
    texts = writer.page.locator("#entries > li > .words").all_text_contents()
    return [each for each in texts if each.startswith(audience)]


def test_the_newest_are_read_and_typing_goes_on_while_the_rest_arrives(
    writer: Writer, long: LongNotebook
) -> None:
    page, asked, held = writer.page, [], []

    def hold(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 2:
            held.append(route)
        else:
            route.continue_()

    page.route(NOTEBOOK, hold)
    unlock(writer)
    expect(page.locator("#entries > li")).to_have_count(2 * FIRST_OF_EACH)
    assert shown(writer, "own") == long.texts("own")[:FIRST_OF_EACH]
    assert shown(writer, "shared") == long.texts("shared")[:FIRST_OF_EACH]
    page.get_by_label("Your words", exact=True).fill(DRAFT)
    expect(page.locator("#kept")).to_contain_text("Your draft is kept")
    held.pop().continue_()
    expect(page.locator("#said")).to_have_text(
        f"{OWN + SHARED} entries are open.", timeout=PATIENCE_MILLISECONDS
    )
    show_all(page)

    assert shown(writer, "own") == long.texts("own")
    assert shown(writer, "shared") == long.texts("shared")
    assert page.get_by_label("Your words", exact=True).input_value() == DRAFT
    assert page.evaluate("window.mostInATurn") < MOST_IN_A_TURN
    assert len(asked) == 1 + math.ceil((OWN - FIRST_OF_EACH) / LARGEST_PAGE)


def test_one_altered_deep_inside_is_named_and_hides_no_other(
    writer: Writer, long: LongNotebook
) -> None:
    altered_at = 137

    def alter(route: Route) -> None:
        answer = route.fetch()
        notebook = answer.json()
        for each in notebook["entries"]:
            if (each["audience"], each["position"]) == ("own", altered_at):
                each["sealed_entry"] = altered(each["sealed_entry"])
        route.fulfill(response=answer, body=json.dumps(notebook))

    page = writer.page
    page.route(NOTEBOOK, alter)
    unlock(writer)
    alarm = page.locator("#alarm")
    expect(alarm).to_have_text(re.compile("."), timeout=PATIENCE_MILLISECONDS)
    show_all(page)
    broken = page.locator("#entries > li", has_text="Not shown")

    expect(broken).to_have_count(1)
    expect(broken).to_contain_text(f"number {altered_at} of your own notes")
    left = [each for each in long.texts("own") if each != text_of("own", altered_at)]
    assert shown(writer, "own") == left
    assert shown(writer, "shared") == long.texts("shared")


def altered(sealed: str) -> str:
    content: Any = bytearray(base64.b64decode(sealed))
    content[-100] ^= 1
    return base64.b64encode(content).decode()
