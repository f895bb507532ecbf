"""A mentee and a mentor side by side: from an application and a request to a session that both say they had."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from tests.browser.visits import Visits
from tests.databases import fresh_database
from tests.live_service import LiveService, live_service
from tests.match import done, give_consent, granted_place, publish_notices
from tests.scheme import Somebody

PATIENCE_MILLISECONDS = 60_000
EXPECTED = "Failed to load resource: the server responded with a status of 422"
"""Forms came back, as they were meant to."""
WORDS = "Zanzibar-quill, typed once."


@pytest.fixture(scope="module")
def service_of_two(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveService]:
    """A service of its own, since its clock is moved on."""
    with (
        fresh_database(postgres, template) as database,
        live_service(database, tmp_path_factory.mktemp("two")) as running,
    ):
        publish_notices(running.scheme)
        yield running


@pytest.fixture
def both(browser: Browser, service_of_two: LiveService) -> Iterator[Visits]:
    made = Visits(browser, service_of_two)
    yield made
    made.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def says(page: Page, words: str) -> None:
    """Somewhere on the page, by itself, whatever the other did meanwhile."""
    expect(page.locator("main")).to_contain_text(words, timeout=PATIENCE_MILLISECONDS)


def fault(page: Page) -> Locator:
    return page.get_by_role("alert")


def apply(mentors: Page) -> None:
    follow(mentors, "Offer to mentor")
    mentors.get_by_label("What should a coordinator know?").fill(WORDS)
    press(mentors, "Offer to mentor")
    says(mentors, "Thank you for offering to mentor.")


def fill_in_profile(mentors: Page) -> None:
    follow(mentors, "Your profile and how many people")
    mentors.get_by_label("People you can work with").fill("99")
    mentors.locator("form").evaluate_all("all => all.forEach(one => { one.noValidate = true; })")
    press(mentors, "Save how many")
    expect(fault(mentors)).to_contain_text("Enter a number from 0 to 12.")
    mentors.get_by_label("People you can work with").fill("2")
    press(mentors, "Save how many")
    says(mentors, "Saved.")
    mentors.get_by_label("The name that they read").fill("Zelda")
    mentors.get_by_label("About you").fill("I listen first.")
    press(mentors, "Show this")
    says(mentors, "You can be suggested to somebody.")


def ask(mentees: Page, place: str) -> None:
    follow(mentees, "Ask for mentoring")
    mentees.get_by_label("The reference of your place").fill("not a place")
    mentees.get_by_label("What would you like to think through?").fill(WORDS)
    press(mentees, "Ask for mentoring")
    expect(fault(mentees)).to_contain_text("Enter the reference of your place")
    expect(mentees.get_by_label("What would you like to think through?")).to_have_value(WORDS)
    mentees.get_by_label("The reference of your place").fill(place)
    press(mentees, "Ask for mentoring")
    says(mentees, "We are looking for a mentoring partner for you.")


def propose(coordinator: Somebody, service: LiveService, mentor: Somebody) -> None:
    service.caught_up()
    [row] = done(coordinator.get("/pipeline"))["relationships"]
    reasons = {
        "reasons_for_mentee": "Both led a team.",
        "reasons_for_mentor": "Would like to lead.",
    }
    done(
        coordinator.post(
            f"/relationships/{row['id']}/proposals", {"mentor": str(mentor.id)} | reasons
        )
    )


def say_yes(mentees: Page, mentors: Page) -> None:
    says(mentees, "We would like to suggest a mentoring partner.")
    says(mentors, "We would like to suggest that you work with somebody.")
    follow(mentees, "Read who it is and why")
    expect(mentees.get_by_role("heading", name="Zelda")).to_be_visible()
    press(mentees, "Yes, I would like that")
    follow(mentors, "Read why we thought of you")
    says(mentors, "Would like to lead.")
    press(mentors, "Yes, I would like that")
    for page in (mentees, mentors):
        says(page, "please read what the two of you agree on")
        follow(page, "Read the agreement")
        press(page, "I accept this agreement")
    for page in (mentees, mentors):
        says(page, "You can plan your next session.")


def say_when(mentees: Page) -> None:
    """Tuesdays and Thursdays from ten to one."""
    home = mentees.url
    mentees.goto("/my-mentoring/availability")
    for day in ("Tuesday", "Thursday"):
        mentees.get_by_label(f"{day} from", exact=True).fill("10:00")
        mentees.get_by_label(f"{day} until", exact=True).fill("13:00")
    mentees.get_by_label("Friday from", exact=True).fill("10:00")
    press(mentees, "Save when I can meet")
    expect(fault(mentees)).to_contain_text("Fill in both ends of each stretch, or neither.")
    mentees.get_by_label("Friday from", exact=True).fill("")
    press(mentees, "Save when I can meet")
    says(mentees, "Saved.")
    expect(mentees.get_by_label("Tuesday from", exact=True)).to_have_value("10:00")
    mentees.goto(home)


def plan(mentors: Page) -> None:
    """The mentor is shown the mentee's hours, and nothing else of their week."""
    follow(mentors, "Plan a first session")
    days = mentors.locator(".days a")
    assert {text.split()[0] for text in days.all_inner_texts()} <= {"Tue", "Thu"}
    days.last.click()
    times = mentors.get_by_role("radio")
    expect(times).to_have_count(5)
    times.first.check()
    mentors.get_by_label("Where to click").fill("https://meet.example/plimsoll")
    press(mentors, "Plan this session")
    says(mentors, "Your next session is on")


def is_refused_a_second(mentees: Page) -> None:
    says(mentees, "Your next session is on")
    when = mentees.get_by_role("heading", name="Your next session is on").inner_text()
    follow(mentees, "Plan another session")
    day = mentees.evaluate(
        "words => new Date(words + ' UTC').toISOString().slice(0, 10)", date_in(when)
    )
    mentees.get_by_label("Day", exact=True).fill(day)
    mentees.get_by_label("Begins at").fill("12:00")
    press(mentees, "Plan this session")
    expect(fault(mentees)).to_contain_text("There is already a session")
    expect(mentees.get_by_label("Begins at")).to_have_value("12:00")


def date_in(heading: str) -> str:
    found = re.search(r"\d+ \w+ \d{4}", heading)
    assert found is not None
    return found[0]


def test_both_come_from_their_first_form_to_a_session_that_both_confirm(
    both: Visits, service_of_two: LiveService
) -> None:
    service = service_of_two
    coordinator, mentor, mentee = map(
        service.scheme.person, (Role.COORDINATOR, Role.MENTOR, Role.MENTEE)
    )
    give_consent(mentor, "take_part", "share_profile")
    give_consent(mentee, "take_part")
    mentors, mentees = both.signed_in(mentor), both.signed_in(mentee, width=360)
    apply(mentors)
    mentors.goto("/my-caseload")
    done(coordinator.post(f"/mentor-profiles/{mentor.id}/approval"))
    says(mentors, "You are approved. Nobody can be suggested to you yet.")
    fill_in_profile(mentors)
    mentors.goto("/my-caseload")
    ask(mentees, granted_place(coordinator))
    propose(coordinator, service, mentor)
    say_yes(mentees, mentors)
    say_when(mentees)
    plan(mentors)
    is_refused_a_second(mentees)
    service.clock.ahead += timedelta(days=32)
    confirm(both, mentor, mentee)

    assert [said for said in both.complaints if not said.startswith(EXPECTED)] == []


def confirm(both: Visits, mentor: Somebody, mentee: Somebody) -> None:
    """A month later, one says that they met and the other that this is right."""
    mentors, mentees = both.signed_in(mentor), both.signed_in(mentee, width=360)
    follow(mentors, "Say whether you met")
    press(mentors, "Save what happened")
    expect(fault(mentors)).to_contain_text("Choose what happened.")
    mentors.get_by_label("We met").check()
    press(mentors, "Save what happened")
    says(mentors, "You met.")
    follow(mentees, "Confirm a session")
    press(mentees, "Yes, that is right")
    says(mentees, "You met. Both of you have said so.")
    says(mentees, "1 of 3 sessions used")
    says(mentors, "You met. Both of you have said so.")
