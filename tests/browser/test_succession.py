"""A mentee lets a later mentoring partner read what was shared with an earlier one, and nobody else does."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from playwright.sync_api import expect

from domain.values import Role
from tests.browser.notes import two_writers, writer
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import Match, done, give_consent, match, welcome_mentor


def succeeded(service: LiveService, first: Match) -> Match:
    """The first relationship closed, and the mentee matched with another mentor."""
    scheme = service.scheme
    done(first.mentee.post(f"/relationships/{first.relationship}/closing", {"reason": "no_fault"}))
    mentor = scheme.person(Role.MENTOR)
    welcome_mentor(first.coordinator, mentor, words="Listens.")
    give_consent(mentor, "take_part")
    again = UUID(done(first.mentee.post("/relationships", {"place": str(first.place)}))["id"])
    offered = {"mentor": str(mentor.id), "reasons_for_mentee": "a", "reasons_for_mentor": "b"}
    proposal = done(first.coordinator.post(f"/relationships/{again}/proposals", offered))["made"]
    for party in (first.mentee, mentor):
        accepted = f"/relationships/{again}/proposals/{proposal}/acceptance"
        done(party.post(accepted, {"version": 1}))
    service.caught_up()
    return replace(first, mentor=mentor, relationship=again, proposal=UUID(proposal))


def test_a_successor_reads_what_the_mentee_lets_them_and_writes_nothing_there(
    visits: Visits, service: LiveService
) -> None:
    first = match(service.scheme)
    mentee, predecessor = two_writers(visits, first)
    mentee.write("For the next one too.", shared=True)
    predecessor.open()
    predecessor.write("From the one before.", shared=True)
    mentee.write("For nobody.")
    second = succeeded(service, first)
    successor = writer(visits, second.mentor, second.relationship)
    words = successor.words()

    mentee.open()
    page = mentee.page
    page.get_by_text("Let your new mentoring partner read what was shared here").click()
    expect(page.locator("#successor-words")).to_have_text(words)
    page.get_by_label("The six words that your new mentoring partner said").fill("not their words")
    page.get_by_role("button", name="Let them read it").click()
    mentee.refused("These are not the words")
    page.get_by_label("The six words that your new mentoring partner said").fill(words)
    page.get_by_role("button", name="Let them read it").click()
    mentee.said("can read it now")

    visitor = replace(successor, address=f"/my-caseload/{first.relationship}/notebook")
    visitor.page.goto("/passed-on-notes")
    visitor.page.get_by_role("link", name="Notes of an earlier mentoring").click()
    visitor.page.wait_for_url(f"**{visitor.address}")
    visitor.unlock()
    assert visitor.texts() == ["From the one before.", "For the next one too."]
    authors = visitor.page.locator("#entries > li > .muted")
    expect(authors.first).to_contain_text("Written by somebody who took part before")
    expect(authors.last).to_contain_text("Written by your mentee")
    expect(visitor.page.get_by_role("button", name="Seal and keep it")).to_be_hidden()

    page.get_by_text("Who reads what is shared here").click()
    readers = page.locator("#readers > li")
    expect(readers).to_have_count(3)
    reader = readers.filter(has_text=words)
    reader.get_by_role("button", name="End their reading").click()
    reader.get_by_role("button", name="Yes, end it").click()
    mentee.said("They read these notes no more.")
    expect(reader.get_by_role("button", name="End their reading")).to_have_count(0)
    visitor.page.goto("/passed-on-notes")
    expect(visitor.page.get_by_text("Nobody has passed notes on to you.")).to_be_visible()
    assert visitor.page.goto(visitor.address).status == HTTPStatus.NOT_FOUND
    visits.complaints[:] = [each for each in visits.complaints if "404" not in each]
    assert visits.complaints == []
