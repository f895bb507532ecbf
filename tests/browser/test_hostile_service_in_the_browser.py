"""A service that lies to a browser: every lie is refused in a plain sentence, and nothing is written on top of it."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from crypto.sealing import new_identity
from tests.browser.furnished import Furnished
from tests.browser.notes import Writer, two_writers
from tests.browser.visits import Visits
from tests.hostile import (
    FORGED,
    begins_the_notes_itself,
    keys_of,
    me_in,
    other_than_me,
    says_that_their_key_was_mine,
)
from tests.match import match

Shown = dict[str, Any]
Lie = Callable[[Shown], None]
NOTEBOOK = "**/api/v1/relationships/*/notebook?*"


@pytest.fixture(scope="module")
def mentee(browser: Browser, furnished: Furnished) -> Iterator[Writer]:
    """A mentee with three own entries and three shared ones, the second of them the mentor's."""
    visits = Visits(browser, furnished.service)
    mentee, mentor = two_writers(visits, match(furnished.service.scheme))
    for number in range(3):
        mentee.write(f"Own {number}.")
    mentee.write("Shared 0.", shared=True)
    mentor.open()
    mentor.write("Shared 1.", shared=True)
    mentee.write("Shared 2.", shared=True)
    yield mentee
    visits.close()


def of_strand(shown: Shown, kind: str, audience: str) -> list[Shown]:
    return [each for each in shown[kind] if each["audience"] == audience]


def give_other_keys(shown: Shown) -> None:
    keys = keys_of(new_identity().public)
    other_than_me(shown)["public_keys"].append(keys)
    other_than_me(shown)["current_key_id"] = keys["key_id"]


def name_another_partner(shown: Shown) -> None:
    give_other_keys(shown)
    other_than_me(shown)["person"] = "00000000-0000-4000-8000-000000000009"


def show_my_keys_as_theirs(shown: Shown) -> None:
    mine = me_in(shown)
    other_than_me(shown).update(
        current_key_id=mine["current_key_id"], public_keys=mine["public_keys"]
    )


def drop_a_reader(shown: Shown) -> None:
    del of_strand(shown, "epochs", "shared")[0]["readers"][0]


def add_a_reader(shown: Shown) -> None:
    epoch = of_strand(shown, "epochs", "shared")[0]
    epoch["readers"].append({**epoch["readers"][0], "person": shown["notebook"]})


def altered(text: str, at: int, value: int) -> str:
    content = bytearray(base64.b64decode(text))
    content[at] = value
    return base64.b64encode(content).decode()


def lower_the_suite(shown: Shown) -> None:
    epoch = of_strand(shown, "epochs", "shared")[0]
    epoch["statement"] = altered(epoch["statement"], 2, 0)


def replay_the_epoch(shown: Shown) -> None:
    shown["epochs"].append({**of_strand(shown, "epochs", "shared")[0], "number": 2})


def leave_out(shown: Shown, audience: str, position: int) -> None:
    shown["entries"] = [
        each
        for each in shown["entries"]
        if (each["audience"], each["position"]) != (audience, position)
    ]


def leave_out_the_middle(shown: Shown) -> None:
    leave_out(shown, "shared", 2)


def leave_out_the_end(shown: Shown) -> None:
    leave_out(shown, "shared", 3)


def show_nothing_shared(shown: Shown) -> None:
    for kind in ("epochs", "entries"):
        shown[kind] = of_strand(shown, kind, "own")


def swap_keys_of_entries(shown: Shown) -> None:
    entries = of_strand(shown, "entries", "shared")
    keys = [each["wrapped_entry_key"] for each in entries]
    for entry, key in zip(entries, reversed(keys), strict=True):
        entry["wrapped_entry_key"] = key


LIES: dict[str, tuple[Lie, str]] = {
    "another key of the partner": (give_other_keys, "keys have changed"),
    "another partner": (name_another_partner, "another person"),
    "my own keys as the partner's": (show_my_keys_as_theirs, "are your own"),
    "a dropped reader": (drop_a_reader, "Somebody would read"),
    "an added reader": (add_a_reader, "Somebody would read"),
    "a lower suite": (lower_the_suite, "not a form of sealed note"),
    "a replayed epoch": (replay_the_epoch, "another notebook, audience or period"),
    "an entry missing in the middle": (leave_out_the_middle, "missing, repeated or out of order"),
    "the last entry missing": (leave_out_the_end, "missing, repeated or out of order"),
    "nothing of what was seen": (show_nothing_shared, "older or another state"),
    "keys of two entries swapped": (swap_keys_of_entries, "was altered"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_what_is_shared_is_refused_and_own_notes_stay(
    mentee: Writer, name: str
) -> None:
    lie, sentence = LIES[name]
    with_lie(mentee.page, lie)
    mentee.open()
    handed_in = posts_of(mentee.page)
    expect(mentee.page.locator("#trouble")).to_contain_text(sentence)
    mentee.page.get_by_label("Your words", exact=True).fill("To be refused.")
    mentee.page.get_by_label("Me and ").check()
    mentee.send()
    mentee.refused(sentence)

    assert handed_in == []
    assert {"Own 0.", "Own 1.", "Own 2."} <= set(mentee.texts())
    assert mentee.page.get_by_label("Your words", exact=True).input_value() == "To be refused."


@pytest.mark.parametrize("lie", [leave_out_the_middle, swap_keys_of_entries])
def test_where_the_shared_notes_break_is_named_and_the_others_are_read(
    mentee: Writer, lie: Lie
) -> None:
    with_lie(mentee.page, lie)
    mentee.open()
    broken = mentee.page.locator("#entries > li", has_text="Not shown").first

    expect(broken).to_contain_text("of the shared notes was altered, or something is missing")
    assert {"Own 0.", "Own 1.", "Own 2."} <= set(mentee.texts())
    if lie is leave_out_the_middle:
        expect(broken).to_contain_text("number 2 of")
        assert {"Shared 0.", "Shared 2."} <= set(mentee.texts())


def test_a_browser_that_remembers_nothing_knows_whom_it_sealed_to(mentee: Writer) -> None:
    with_lie(mentee.page, give_other_keys)
    mentee.page.goto(mentee.address)
    mentee.page.evaluate("localStorage.clear()")
    mentee.unlock()

    expect(mentee.page.locator("#trouble")).to_contain_text("keys have changed")


def test_a_partners_words_are_theirs_also_where_their_key_is_said_to_be_mine(
    mentee: Writer,
) -> None:
    with_lie(mentee.page, says_that_their_key_was_mine)
    mentee.open()
    theirs = mentee.page.locator("#entries > li", has_text="Shared 1.")

    expect(theirs).to_contain_text("Written by your mentoring partner")
    expect(theirs.get_by_role("button")).to_have_count(0)


def test_a_key_that_is_made_up_as_one_that_i_lost_says_nothing_in_my_name(mentee: Writer) -> None:
    """Where nothing is remembered, the service begins the shared notes itself, for keys that I have under a stranger's name."""
    with_lie(mentee.page, begins_the_notes_itself)
    mentee.page.goto(mentee.address)
    mentee.page.evaluate("localStorage.clear()")
    mentee.unlock()

    expect(mentee.page.locator("#entries")).to_contain_text("Own 2.")
    assert mentee.page.get_by_text(FORGED).count() == 0


def leave_out_own(shown: Shown) -> None:
    leave_out(shown, "own", 2)


def deny_my_keys(shown: Shown) -> None:
    me_in(shown)["current_key_id"] = other_than_me(shown)["current_key_id"]


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        (leave_out_own, "missing, repeated or out of order"),
        (deny_my_keys, "does not show your keys as yours"),
    ],
)
def test_a_lie_about_ones_own_notes_is_an_alarm(mentee: Writer, lie: Lie, sentence: str) -> None:
    with_lie(mentee.page, lie)
    mentee.open()
    mentee.refused(sentence)
    handed_in = posts_of(mentee.page)
    mentee.page.get_by_label("Your words", exact=True).fill("To be refused.")
    mentee.page.get_by_label("Only me").check()
    mentee.send()
    expect(mentee.page.locator("#text-fault")).to_contain_text(sentence)

    assert handed_in == []


def test_without_the_lie_everything_is_there_again(mentee: Writer) -> None:
    mentee.page.unroute_all()
    mentee.open()

    expect(mentee.page.locator("#entries > li")).to_have_count(6)
    expect(mentee.page.locator("#trouble")).to_be_hidden()


def with_lie(page: Page, lie: Lie) -> None:
    """From now on the service tells this lie about the notebook."""

    def tell(route: Route) -> None:
        answer = route.fetch()
        shown = answer.json()
        lie(shown)
        route.fulfill(response=answer, body=json.dumps(shown))

    page.unroute_all()
    page.route(NOTEBOOK, tell)


def posts_of(page: Page) -> list[str]:
    """What a page hands in from now on."""
    posts: list[str] = []
    page.on("request", lambda each: posts.append(each.url) if each.method == "POST" else None)
    return posts
