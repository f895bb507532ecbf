"""Does with notes in a browser what people do: makes keys, unlocks, writes, compares words."""

import re
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect

from api.participant.service import NotebookService
from api.participant.vault import NewVault, new_vault
from crypto.sealing import new_identity
from tests.browser.visits import Visits
from tests.match import Match
from tests.scheme import Somebody

PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
MENTEES_WORDS = "your mentoring partner"
MOST_TABS = 60


@dataclass(frozen=True)
class Writer:
    """Somebody at their own notebook, with the codes that unlock it."""

    page: Page
    codes: tuple[str, str]
    address: str

    def unlock(self, code: str | None = None) -> None:
        """Type a recovery code into the notebook that is open."""
        self.page.get_by_label("Your recovery code").fill(code or self.codes[0])
        self.page.get_by_role("button", name="Unlock", exact=True).click()
        done = self.page.locator("#said", has_text=re.compile(r"open\.$"))
        done.or_(self.page.locator("#alarm", has_text=re.compile("."))).first.wait_for()

    def open(self) -> None:
        """Go to the notebook and unlock it."""
        self.page.goto(self.address)
        self.unlock()

    def write(self, text: str, *, shared: bool = False, kind: str = "A note") -> None:
        """Write an entry and wait until it is kept."""
        self.page.get_by_label("Your words", exact=True).fill(text)
        self.page.get_by_label("What is it?").select_option(kind)
        self.page.get_by_label(re.compile("Me and ") if shared else "Only me").check()
        self.send()
        self.said("Kept.")

    def send(self) -> None:
        """Press the button, whatever comes of it."""
        self.page.get_by_role("button", name="Seal and keep it").click()

    def said(self, words: str) -> None:
        """Wait until the page says so."""
        expect(self.page.locator("#said")).to_contain_text(words)

    def refused(self, words: str) -> None:
        """Wait until the page warns of it."""
        expect(self.page.get_by_role("alert").filter(has_text=words)).to_be_visible()

    def texts(self) -> list[str]:
        """What can be read, the newest first."""
        return self.page.locator("#entries > li > .words").all_inner_texts()

    def words(self) -> str:
        """The words of one's own keys."""
        self.page.locator("#compare > summary").click()
        words = self.page.locator("#my-words").inner_text()
        self.page.locator("#compare > summary").click()
        return words

    def accept(self, words: str) -> None:
        """Type the words that the other one said."""
        self.page.locator("#compare > summary").click()
        self.page.get_by_label(re.compile("The six words that .* said to you")).fill(words)
        self.page.get_by_role("button", name="These are their words").click()


def make_keys(page: Page) -> tuple[str, str]:
    """Make keys with two codes, each written down and typed back in part."""
    page.goto("/my-keys")
    page.get_by_role("button", name="With two codes").click()
    codes = confirm_code(page), confirm_code(page)
    expect(page.locator("#said")).to_contain_text("Your keys are made.")
    return codes


def confirm_code(page: Page) -> str:
    """Write a shown code down and type two groups of it back."""
    page.get_by_role("heading", name="Your recovery code").wait_for()
    code = page.locator("#new-code").inner_text()
    page.get_by_role("button", name="I have written it down").click()
    page.locator("#typed").fill(groups_asked_for(page, code))
    page.get_by_role("button", name="Go on").click()
    return code


def groups_asked_for(page: Page, code: str) -> str:
    """What of a code is to be typed back."""
    asked = page.locator("#typed-label").inner_text()
    groups = [code.split("-")[PLACES.index(each)] for each in asked.split() if each in PLACES]
    return " ".join(groups).lower()


def with_keys(somebody: Somebody) -> NewVault:
    """Keys that somebody made with the participants' program, which is quicker than on the page."""
    vault = new_vault(new_identity(), somebody.id)
    NotebookService(somebody.client).begin_vault(vault.handed_in, version=0)
    return vault


def writer(visits: Visits, somebody: Somebody, relationship: object) -> Writer:
    """Somebody who has keys and sits at their open notebook."""
    first, second = (each.code.reveal() for each in with_keys(somebody).wrappers)
    prefix = "/my-mentoring" if somebody.role.value == "mentee" else "/my-caseload"
    made = Writer(visits.signed_in(somebody), (first, second), f"{prefix}/{relationship}/notebook")
    made.open()
    return made


def begin_anew(writer: Writer) -> Writer:
    """What somebody does who has lost every code: new keys, with new codes, at the same notebook."""
    page = writer.page
    page.goto("/my-keys")
    page.get_by_text("I have lost every way to unlock").click()
    page.get_by_role("button", name="Make new keys").click()
    page.get_by_role("button", name="With two codes").click()
    codes = confirm_code(page), confirm_code(page)
    expect(page.locator("#said")).to_contain_text("Your keys are made.")
    anew = replace(writer, codes=codes)
    anew.open()
    return anew


def two_writers(visits: Visits, made: Match) -> tuple[Writer, Writer]:
    """Both of a pair, each in their own browser."""
    mentee = writer(visits, made.mentee, made.relationship)
    return mentee, writer(visits, made.mentor, made.relationship)


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as far as there are things to reach."""
    for _ in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached")
