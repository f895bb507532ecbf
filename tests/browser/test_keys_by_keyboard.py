"""Keys are made, lost, made anew and compared by keyboard alone, and a screen reader is told what each thing is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.notes import Writer, groups_asked_for, reach, two_writers, with_keys
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import Match, match

UNLOCKING = """
- heading "Unlock your notes" [level=2]
- text: Your recovery code
- paragraph: 30 letters and digits. Capitals, spaces and hyphens do not matter.
- textbox "Your recovery code"
- alert
- button "Unlock"
"""
WRITING = """
- heading "Write" [level=2]
- text: Your words
- textbox "Your words"
- alert
- paragraph
- text: What is it?
- combobox "What is it?"
- group "Who may read it?":
  - radio "Only me" [checked]
  - radio "Me and your mentoring partner"
- button "Seal and keep it"
"""


@pytest.fixture
def made(service: LiveService) -> Match:
    pair = match(service.scheme)
    service.caught_up()
    return pair


def press(page: Page, selector: str) -> None:
    """Go there by Tab and press Enter."""
    reach(page, selector)
    page.keyboard.press("Enter")


def make_keys(page: Page) -> list[str]:
    """Take two codes, each read where the focus goes and typed back in part."""
    press(page, "#begin-with-codes")
    codes = [code_typed_back(page), code_typed_back(page)]
    expect(page.locator("#said")).to_contain_text("Your keys are made.")
    return codes


def code_typed_back(page: Page) -> str:
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_focused()
    code = page.locator("#new-code").inner_text()
    press(page, "#code-written")
    expect(page.get_by_role("heading", name="Type a part of it back")).to_be_focused()
    reach(page, "#typed")
    page.keyboard.type(groups_asked_for(page, code))
    page.keyboard.press("Enter")
    return code


def test_keys_are_made_and_after_losing_them_made_anew_by_keyboard_alone(
    visits: Visits, made: Match
) -> None:
    page = visits.signed_in(made.mentee)
    page.goto("/my-keys")
    expect(page.get_by_role("heading", name="Make your keys")).to_be_visible()
    first = make_keys(page)
    page.reload()
    expect(page.get_by_role("heading", name="Your ways to unlock")).to_be_visible()
    press(page, "#anew > summary")
    press(page, "#begin-anew")
    expect(page.get_by_role("heading", name="Make your keys")).to_be_visible()
    second = make_keys(page)

    assert not set(first) & set(second)
    assert visits.complaints == []


def test_words_are_compared_by_keyboard_alone(visits: Visits, made: Match) -> None:
    mentee, mentor = two_writers(visits, made)
    mentee.write("Shared by the mentee.", shared=True)
    mentor.open()
    words = mentor.words()
    mentee.open()
    press(mentee.page, "#compare > summary")
    reach(mentee.page, "#said-words")
    mentee.page.keyboard.type(words.upper())
    mentee.page.keyboard.press("Enter")

    expect(mentee.page.locator("#others")).to_contain_text("You have compared these words.")


def test_a_screen_reader_is_told_what_unlocks_and_what_is_written_where(
    visits: Visits, made: Match
) -> None:
    codes = [each.code.reveal() for each in with_keys(made.mentee).wrappers]
    page = visits.signed_in(made.mentee)
    at = Writer(page, (codes[0], codes[1]), f"/my-mentoring/{made.relationship}/notebook")
    page.goto(at.address)
    expect(page.locator("#unlock")).to_match_aria_snapshot(UNLOCKING)
    at.unlock()

    expect(page.locator("#write")).to_match_aria_snapshot(WRITING)
    expect(page.get_by_role("status").filter(has_text="open.")).to_be_attached()
