"""Two people write, read, share, change and destroy notes in two browsers; nothing readable ever leaves either."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.notes import Writer, two_writers
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import match

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
    mentee.open()

    expect(mentee.page.locator("#entries > li")).to_have_count(3)
    assert sorted(mentee.texts()) == [
        f"{SENTINEL} {each}" for each in ("answered", "own", "shared")
    ]
    assert mentor.texts() == [f"{SENTINEL} answered", f"{SENTINEL} shared"]
    assert all(requests for requests in sent)
    assert [each for requests in sent for each in requests if "quetzal" in each.lower()] == []
    for code in (*mentee.codes, *mentor.codes):
        assert all(code.split("-")[0] not in each for requests in sent for each in requests)
    assert visits.complaints == []
