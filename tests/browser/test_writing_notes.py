"""What can go wrong while somebody writes: nothing is lost, nothing is sent twice, and keys do not stay behind."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking_over import looked_over
from tests.browser.notes import Writer, reach, writer
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import match

DRAFT = "Begun on a train, about the rota."
MOST_BYTES = 65531
QUIET = "16:00"
CACHE_IS_EMPTIED = 90_000


@pytest.fixture
def mentee(visits: Visits, service: LiveService) -> Writer:
    made = match(service.scheme)
    service.caught_up()
    return writer(visits, made.mentee, made.relationship)


def typed(page: Page, text: str) -> None:
    """Type a draft and wait until it is kept."""
    page.get_by_label("Your words", exact=True).fill(text)
    expect(page.locator("#kept")).to_contain_text("Your draft is kept")


def draft_in(page: Page) -> str:
    return page.get_by_label("Your words", exact=True).input_value()


def test_a_text_that_is_too_long_is_refused_and_stays(mentee: Writer) -> None:
    mentee.page.get_by_label("Your words", exact=True).fill("x" * (MOST_BYTES + 1))
    mentee.send()
    mentee.refused("too long for one entry")
    assert len(draft_in(mentee.page)) == MOST_BYTES + 1

    mentee.write("x" * MOST_BYTES)
    assert [len(each) for each in mentee.texts()] == [MOST_BYTES]


def test_wrong_recovery_codes_are_told_apart_from_mistyped_ones(mentee: Writer) -> None:
    mentee.page.goto(mentee.address)
    right = mentee.codes[0]
    another = "7" if right[0] != "7" else "8"
    for wrong, sentence in (
        (right[:-1], "this has 29"),
        ("https://example.org/?q=a\n\n🪶 and more", "a character in it that no recovery code has"),
        (right * 400, "a character in it that no recovery code has"),
        (another + right[1:], "typing mistake"),
        ("01234-56789-ABCDE-FGHJK-MNPQR-SJWDB", "does not unlock"),
    ):
        mentee.page.get_by_label("Your recovery code").fill(wrong)
        mentee.page.get_by_role("button", name="Unlock", exact=True).click()
        expect(mentee.page.locator("#code-fault")).to_contain_text(sentence)
    mentee.unlock(mentee.codes[1].lower().replace("-", " "))


def test_a_closed_tab_loses_neither_draft_nor_keeps_keys(mentee: Writer) -> None:
    typed(mentee.page, DRAFT)
    kept = mentee.page.evaluate("JSON.stringify({...localStorage})")
    assert DRAFT not in kept
    again = mentee.page.context.new_page()
    mentee.page.close()
    again.goto(mentee.address)
    expect(again.get_by_role("heading", name="Unlock your notes")).to_be_visible()
    Writer(again, mentee.codes, mentee.address).unlock()

    assert draft_in(again) == DRAFT


def test_two_tabs_do_not_write_over_each_other(mentee: Writer) -> None:
    typed(mentee.page, DRAFT)
    second = Writer(mentee.page.context.new_page(), mentee.codes, mentee.address)
    second.open()
    assert draft_in(second.page) == ""
    second.write("From the second tab.")
    mentee.send()
    mentee.said("Kept.")

    assert sorted(mentee.texts()) == [DRAFT, "From the second tab."]


def test_offline_nothing_is_lost_and_a_lost_answer_is_not_sent_twice(mentee: Writer) -> None:
    mentee.page.context.set_offline(offline=True)
    typed(mentee.page, DRAFT)
    mentee.send()
    mentee.refused("cannot be reached")
    mentee.page.context.set_offline(offline=False)

    def lose_the_answer(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]  # - playwright's own type is not exported for handlers
        route.abort()  # type: ignore[attr-defined]  # - see above

    mentee.page.route("**/notebook/entries", lose_the_answer)
    mentee.send()
    mentee.refused("cannot be reached")
    mentee.page.unroute_all()
    mentee.send()
    mentee.said("Kept.")
    mentee.open()

    assert mentee.texts() == [DRAFT]


def test_an_ended_session_keeps_the_draft(mentee: Writer) -> None:
    typed(mentee.page, DRAFT)
    mentee.page.context.clear_cookies()
    mentee.send()
    mentee.refused("You are signed out")
    address = mentee.page.get_by_role("link", name="Sign in again").get_attribute("href")

    assert address is not None
    assert address.startswith("/sign-in?then=%2Fmy-mentoring")
    assert draft_in(mentee.page) == DRAFT
    assert DRAFT not in mentee.page.evaluate("JSON.stringify({...localStorage})")


def test_quiet_minutes_close_the_notes(mentee: Writer) -> None:
    mentee.page.clock.install()
    mentee.open()
    mentee.write("To be closed.")
    mentee.page.clock.fast_forward(QUIET)

    mentee.said("because nothing happened for a while")
    assert mentee.page.locator("#entries > li").count() == 0
    expect(mentee.page.get_by_role("heading", name="Unlock your notes")).to_be_visible()


def test_a_device_that_slept_finds_the_notes_closed(mentee: Writer) -> None:
    """Timers stand still while it sleeps, and so they do here; the clock on the wall has gone on."""
    page = mentee.page
    began = datetime.now(UTC)
    page.clock.install(time=began)
    mentee.open()
    mentee.write("Left open when the lid was shut.")
    page.clock.pause_at(began + timedelta(minutes=5))
    page.clock.set_system_time(began + timedelta(hours=8))
    page.get_by_label("Your words", exact=True).press("a")

    mentee.said("because nothing happened for a while")
    assert page.locator("#entries > li").count() == 0


def test_signing_out_leaves_no_open_notes_behind(mentee: Writer) -> None:
    mentee.write("Not for the next one at this machine.")
    mentee.page.get_by_role("button", name="Sign out", exact=True).click()
    signed_out = mentee.page.get_by_role("heading", name="Sign in", exact=True)
    expect(signed_out).to_be_visible(timeout=CACHE_IS_EMPTIED)
    mentee.page.go_back(timeout=CACHE_IS_EMPTIED)

    expect(signed_out).to_be_visible(timeout=CACHE_IS_EMPTIED)
    assert mentee.page.get_by_text("Not for the next one").count() == 0
    assert "Not for the next one" not in mentee.page.evaluate("JSON.stringify({...localStorage})")


def test_notes_are_unlocked_written_and_changed_by_keyboard_alone(mentee: Writer) -> None:
    page, keys = mentee.page, mentee.page.keyboard
    page.goto(mentee.address)
    page.get_by_label("Your recovery code").focus()
    keys.type(mentee.codes[0])
    keys.press("Enter")
    mentee.said("open.")
    reach(page, "#text")
    keys.type("By keyboard.")
    reach(page, "#for-own")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.press("Enter")
    mentee.said("Kept.")
    expect(page.get_by_label("Your words", exact=True)).to_be_focused()
    page.get_by_role("button", name="Destroy it").focus()
    keys.press("Enter")
    expect(page.get_by_role("button", name="Yes, destroy it")).to_be_focused()
    keys.press("Enter")
    mentee.said("Destroyed.")
    expect(page.get_by_role("heading", name="What is written")).to_be_focused()


def test_an_open_notebook_is_for_everybody(mentee: Writer) -> None:
    mentee.write("Seen by all who may.", kind="A goal")

    looked_over([mentee.page]).require_nothing()


def test_what_was_written_is_changed_and_destroyed(mentee: Writer) -> None:
    mentee.write("First words.")
    mentee.page.get_by_role("button", name="Change it").click()
    mentee.page.get_by_label("Your words", exact=True).fill("Second words.")
    mentee.send()
    mentee.said("Kept.")
    mentee.open()
    entry = mentee.page.locator("#entries > li")
    expect(entry).to_have_count(1)
    expect(entry.locator("> .words")).to_have_text("Second words.")
    entry.get_by_text("What it said before").click()
    expect(entry.get_by_text("First words.")).to_be_visible()

    mentee.page.get_by_role("button", name="Destroy it").click()
    mentee.page.get_by_role("button", name="Yes, destroy it").click()
    mentee.said("Destroyed.")
    mentee.open()
    expect(mentee.page.locator("#entries > li")).to_contain_text(re.compile("Destroyed"))
    assert mentee.page.get_by_text(re.compile("(First|Second) words")).count() == 0
