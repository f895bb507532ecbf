"""Two people write, read, share, change and destroy notes in two browsers; nothing readable ever leaves either."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.notes import Writer, begin_anew, make_keys, two_writers
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import match

WITHOUT_ML_KEM = """
const real = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function importKey(format, ...rest) {
  if (["raw-seed", "raw-public"].includes(format)) {
    return Promise.reject(new DOMException("Not here", "NotSupportedError"));
  }
  return real.call(this, format, ...rest);
};
"""
SENTINEL = "Quetzal-marmalade, said on a Tuesday"


@pytest.fixture
def pair(visits: Visits, service: LiveService) -> tuple[Writer, Writer]:
    made = match(service.scheme)
    service.caught_up()
    return two_writers(visits, made)


def sent_by(page: Page) -> list[str]:
    """Everything that a page will send from now on: addresses, headers and bodies."""
    sent: list[str] = []

    def keep(request: Request) -> None:
        sent.extend([request.url, str(request.headers), request.post_data or ""])

    page.on("request", keep)
    return sent


def test_two_people_write_and_read_and_nothing_readable_is_sent(
    visits: Visits, pair: tuple[Writer, Writer]
) -> None:
    mentee, mentor = pair
    sent = [sent_by(each.page) for each in pair]
    mentee.write(f"{SENTINEL} own")
    mentee.write(f"{SENTINEL} shared", shared=True, kind="A goal")
    mentor.open()
    expect(mentor.page.locator("#goal-list")).to_contain_text(f"{SENTINEL} shared")
    mentor.write(f"{SENTINEL} answered", shared=True)
    mentor.write(f"{SENTINEL} thought over")
    mentor.page.get_by_role("button", name="Share it").click()
    mentor.page.get_by_role("button", name="Yes, share it").click()
    mentor.said("Shared.")
    mentee.open()

    expect(mentee.page.locator("#entries > li")).to_have_count(4)
    assert sorted(mentee.texts()) == [
        f"{SENTINEL} {each}" for each in ("answered", "own", "shared", "thought over")
    ]
    assert len(mentor.texts()) == len(mentee.texts())
    assert all(requests for requests in sent)
    assert [each for requests in sent for each in requests if "quetzal" in each.lower()] == []
    for code in (*mentee.codes, *mentor.codes):
        assert all(code.split("-")[0] not in each for requests in sent for each in requests)
    assert visits.complaints == []


def test_who_lost_every_way_begins_anew_and_is_let_read_what_was_shared(
    visits: Visits, pair: tuple[Writer, Writer]
) -> None:
    mentee, mentor = pair
    mentee.write("Shared before.", shared=True)
    mentor.write("Own, and lost soon.")
    anew = begin_anew(mentor)
    assert anew.texts() == []
    expect(anew.page.get_by_text("Closed to you")).to_have_count(2)
    expect(anew.page.get_by_text("Written by you, with earlier keys, for only you")).to_be_visible()
    anew.page.get_by_label("Your words", exact=True).fill("Too early.")
    anew.page.get_by_label("Me and ").check()
    anew.send()
    anew.refused("Ask the other person to compare words")

    mentee.open()
    expect(mentee.page.locator("#trouble")).to_contain_text("keys have changed")
    mentee.accept("some other words that nobody said")
    mentee.refused("These are not the words")
    mentee.page.locator("#compare > summary").click()
    mentee.accept(anew.words())
    mentee.said("These are the keys of")
    mentee.page.get_by_role("button", name="Let them read what was shared before").click()
    mentee.said("can read now what was shared before")

    anew.open()
    assert anew.texts() == ["Shared before."]
    mentee.write("Shared after.", shared=True)
    anew.open()
    anew.write("Own again.")
    assert sorted(anew.texts()) == ["Own again.", "Shared after.", "Shared before."]
    assert visits.complaints == []


def test_a_browser_without_ml_kem_makes_keys_and_notes_too(
    visits: Visits, service: LiveService
) -> None:
    made = match(service.scheme)
    service.caught_up()
    page = visits.signed_in(made.mentee)
    page.add_init_script(WITHOUT_ML_KEM)
    codes = make_keys(page)
    mentee = Writer(page, codes, f"/my-mentoring/{made.relationship}/notebook")
    mentee.open()
    mentee.write("Over packages alone.")
    mentee.open()

    assert mentee.texts() == ["Over packages alone."]
    assert visits.complaints == []
