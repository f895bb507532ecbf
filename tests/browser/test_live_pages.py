"""Two browsers at once: what one does shows on the other's page by itself, and disturbs nobody there."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from api.embedded_postgres.processes import wait_until
from domain.values import Role
from tests.browser.furnished import furnish
from tests.browser.visits import Visits
from tests.databases import Database
from tests.live_service import LiveService
from tests.match import Match, done, give_consent, granted_place, propose, welcome_mentor
from tests.scheme import Somebody, working

PATIENCE_SECONDS = 60.0
LOOKING = "We are looking for a mentoring partner for you."
SUGGESTED = "We would like to suggest a mentoring partner."
ENDED = "Your mentoring has ended."
SAID_YES = "You said yes. We are waiting for the other answer."
SHOWN_NOW = "Something changed. This page shows it now."
BESIDE = "Something changed beside what you are writing, which was left as it is."
REFERENCE = re.compile("Mentor.s reference")
MARK = """() => { window.stillTheSamePage = true; }"""


def listens(service: LiveService, people: int = 1) -> None:
    """Until so many streams are open."""
    streams = service.scheme.app.state.streams
    assert wait_until(lambda: streams.count() >= people, PATIENCE_SECONDS)


def shows(page: Page, words: str) -> None:
    heading = page.get_by_role("heading", name=words)
    expect(heading).to_be_visible(timeout=PATIENCE_SECONDS * 1000)


def says(page: Page, words: str) -> None:
    expect(page.locator("#news")).to_have_text(words, timeout=PATIENCE_SECONDS * 1000)


def marked(page: Page) -> Page:
    """A page that loses the mark as soon as it is loaded anew."""
    page.evaluate(MARK)
    return page


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("() => window.stillTheSamePage === true"))


def asked(service: LiveService) -> tuple[Somebody, str]:
    """Somebody who asked for mentoring, and their relationship."""
    coordinator, mentee = (
        service.scheme.person(Role.COORDINATOR),
        service.scheme.person(Role.MENTEE),
    )
    give_consent(mentee, "take_part")
    place = granted_place(coordinator, sessions=2)
    relationship = done(mentee.post("/relationships", {"place": place, "themes": "Quixotry."}))[
        "id"
    ]
    service.caught_up()
    return mentee, str(relationship)


def say_yes(party: Somebody, made: Match) -> None:
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/acceptance"
    done(party.post(path, {"version": 1}))


def close(made: Match) -> None:
    path = f"/relationships/{made.relationship}/closing"
    done(made.mentee.post(path, {"reason": "no_fault"}))


def test_what_each_does_shows_on_the_others_page_without_reloading(
    visits: Visits, service: LiveService
) -> None:
    coordinator, mentor = (
        service.scheme.person(Role.COORDINATOR),
        service.scheme.person(Role.MENTOR),
    )
    welcome_mentor(coordinator, mentor, words="I listen first.")
    mentee, relationship = asked(service)
    theirs = visits.signed_in(mentee, width=360)
    shows(theirs, LOOKING)
    marked(theirs)
    ours = visits.signed_in(coordinator)
    ours.goto(f"/pipeline/{relationship}")
    ours.get_by_label(REFERENCE).fill(str(mentor.id))
    ours.get_by_label("Why, for the mentee to read").fill("You both led a duty team.")
    ours.get_by_label("Why, for the mentor to read").fill("They would like to lead.")
    listens(service, people=2)
    ours.get_by_role("button", name="Propose this mentor").click()

    shows(theirs, SUGGESTED)
    says(theirs, SHOWN_NOW)
    assert is_same_page(theirs)
    assert Axe().run(theirs).violations_count == 0

    expect(ours.get_by_text("The mentee has not answered")).to_be_visible()
    marked(ours)
    theirs.get_by_role("link", name="Read who it is and why").click()
    theirs.get_by_role("button", name="Yes, I would like that").click()
    shows(theirs, SAID_YES)

    expect(ours.get_by_text("The mentee said yes")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    assert is_same_page(ours)
    assert Axe().run(ours).violations_count == 0
    assert visits.complaints == []


def test_focus_and_place_are_kept_when_a_page_is_brought_up_to_date(
    visits: Visits, service: LiveService
) -> None:
    made = propose(service.scheme)
    service.caught_up()
    page = visits.signed_in(made.mentee, width=320)
    page.get_by_role("link", name="who looked at your record").focus()
    page.evaluate("() => scrollTo(0, 90)")
    before = page.evaluate("() => scrollY")
    say_yes(made.mentee, made)
    shows(page, SAID_YES)

    assert before > 0
    assert page.evaluate("() => scrollY") == before
    expect(page.get_by_role("link", name="who looked at your record")).to_be_focused()


def test_a_link_that_is_drawn_anew_has_the_focus_again(
    visits: Visits, service: LiveService
) -> None:
    made = propose(service.scheme)
    service.caught_up()
    page = visits.signed_in(made.coordinator)
    # The page has room for 25, and who came last may be on another one.
    address = page.locator("tbody th a").first.get_attribute("href")
    link, stages = page.locator(f"a[href='{address}']"), page.get_by_role("img")
    link.focus()
    counted = stages.get_attribute("aria-label") or ""
    propose(service.scheme)
    redrawn = expect(stages)
    redrawn.not_to_have_attribute("aria-label", counted, timeout=PATIENCE_SECONDS * 1000)

    expect(link).to_be_focused()


def test_what_somebody_writes_is_left_as_it_is(visits: Visits, service: LiveService) -> None:
    made = propose(service.scheme)
    service.caught_up()
    page = visits.signed_in(made.coordinator)
    page.goto(f"/pipeline/{made.relationship}")
    words = page.get_by_label("Why, for the mentee to read")
    words.press_sequentially("You both led")
    say_yes(made.mentee, made)
    expect(page.get_by_text("The mentee said yes")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    says(page, BESIDE)

    expect(words).to_be_focused()
    words.press_sequentially(" a duty team.")
    expect(words).to_have_value("You both led a duty team.")
    close(made)
    shows(page, "Ended")
    expect(words).to_be_focused()
    expect(words).to_have_value("You both led a duty team.")


def test_a_page_that_nobody_sees_listens_to_nothing_and_catches_up_when_seen(
    visits: Visits, service: LiveService
) -> None:
    made = propose(service.scheme)
    service.caught_up()
    page = marked(visits.signed_in(made.mentee))
    listens(service)
    see(page, is_hidden=True)
    streams = service.scheme.app.state.streams
    assert wait_until(lambda: streams.count() == 0, PATIENCE_SECONDS)
    say_yes(made.mentee, made)
    service.caught_up()
    see(page, is_hidden=False)

    shows(page, SAID_YES)
    assert is_same_page(page)


def see(page: Page, *, is_hidden: bool) -> None:
    """Tell a page what its browser tells it when its tab is left or chosen."""
    hide = """is => {
      Object.defineProperty(document, "hidden", {value: is, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, is_hidden)


def test_a_page_whose_stream_was_cut_listens_again(visits: Visits, service: LiveService) -> None:
    made = propose(service.scheme)
    service.caught_up()
    page = marked(visits.signed_in(made.mentee))
    listens(service)
    for stream in list(service.scheme.app.state.streams._streams):
        stream.end()
    say_yes(made.mentee, made)

    shows(page, SAID_YES)
    assert is_same_page(page)


def test_a_page_is_left_when_its_access_ends(visits: Visits, service: LiveService) -> None:
    made = propose(service.scheme)
    service.caught_up()
    page = visits.signed_in(made.mentee)
    shows(page, SUGGESTED)
    listens(service)
    service.scheme.tokens.revoke(made.mentee.id, service.clock())

    expect(page.get_by_label("Your token")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)


def test_a_page_catches_up_once_a_worker_is_back(
    visits_alone: Visits, service_alone: LiveService, database: Database
) -> None:
    made = furnish(service_alone).proposed
    page = marked(visits_alone.signed_in(made.mentee))
    shows(page, SUGGESTED)
    service_alone.stop_worker()
    say_yes(made.mentee, made)
    with working(service_alone.scheme, database):
        shows(page, SAID_YES)

    assert is_same_page(page)
