"""What a mentee does on their pages: by keyboard, without scripts, twice by accident, and leaving."""

import re

from playwright.sync_api import Browser, Page, expect

from domain.values import Role
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import Match, done, give_consent, match, propose, publish_notices

YES = "Yes, I would like that"
WAITING = "You said yes. We are waiting for the other answer."
FOCUSED = """() => {
  const one = document.activeElement;
  return (one.labels?.[0] ?? one).textContent.trim();
}"""
CLICK_TWICE = """button => {
  const form = button.form;
  const again = new FormData(form);
  const twin = fetch(form.action, {method: "POST", body: new URLSearchParams(again)});
  const own = fetch(form.action, {method: "POST", body: new URLSearchParams(again)});
  return Promise.all([twin, own]).then(all => all.map(one => one.status));
}"""


def test_a_proposal_is_read_and_accepted_by_keyboard_alone(
    visits: Visits, service: LiveService
) -> None:
    made = proposed(service)
    page = visits.open(width=360)
    page.goto("/sign-in")
    press_to(page, "Your token")
    page.keyboard.type(made.mentee.token)
    page.keyboard.press("Enter")
    press_to(page, "Read who it is and why")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Zelda")).to_be_visible()
    press_to(page, YES)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    assert visits.complaints == []


def test_everything_works_without_scripts(visits: Visits, service: LiveService) -> None:
    made = proposed(service)
    page = visits.signed_in(made.mentee, java_script_enabled=False)
    page.get_by_role("link", name="Read who it is and why").click()
    page.get_by_role("button", name=YES).click()

    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()


def test_two_clicks_on_yes_are_one_yes(visits: Visits, service: LiveService) -> None:
    made = proposed(service)
    before = service.event_count("relationship.proposal_accepted")
    page = visits.signed_in(made.mentee)
    page.goto(f"/my-mentoring/{made.relationship}/proposal")
    page.get_by_role("button", name=YES).dblclick(no_wait_after=True)

    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    assert service.event_count("relationship.proposal_accepted") == before + 1


def test_a_form_that_arrives_twice_at_once_is_carried_out_once(
    visits: Visits, service: LiveService
) -> None:
    made = proposed(service)
    before = service.event_count("relationship.proposal_accepted")
    page = visits.signed_in(made.mentee)
    page.goto(f"/my-mentoring/{made.relationship}/proposal")
    statuses = page.get_by_role("button", name=YES).evaluate(CLICK_TWICE)

    assert statuses == [200, 200]
    assert service.event_count("relationship.proposal_accepted") == before + 1


def test_a_no_needs_no_reason_and_the_search_goes_on(visits: Visits, service: LiveService) -> None:
    made = proposed(service)
    page = visits.signed_in(made.mentee, width=360)
    page.get_by_role("link", name="Read who it is and why").click()
    page.get_by_text("No, not this time").click()
    page.get_by_role("button", name="Say no to this suggestion").click()

    looking = "We are looking for a mentoring partner for you."
    expect(page.get_by_role("heading", name=looking)).to_be_visible()


def test_the_agreement_names_the_limits_of_confidentiality_and_is_accepted(
    visits: Visits, service: LiveService
) -> None:
    made = match(service.scheme)
    service.caught_up()
    page = visits.signed_in(made.mentee)
    page.get_by_role("link", name="Read the agreement").click()
    for limit in ("risk of serious harm", "the law requires", "serious professional misconduct"):
        expect(page.get_by_text(limit)).to_be_visible()
    page.get_by_role("button", name="I accept this agreement").click()

    expect(page.get_by_role("heading", name="You accepted the agreement.")).to_be_visible()


def test_consent_is_withdrawn_in_two_clicks_and_no_reason_is_asked(
    visits: Visits, service: LiveService
) -> None:
    made = proposed(service)
    before = service.event_count("consent_ledger.withdrawn")
    page = visits.signed_in(made.mentee)
    page.get_by_role("link", name="withdraw your consent").click()
    page.get_by_role("button", name=re.compile("Withdraw .Taking part in mentoring.")).click()

    expect(page.get_by_text("You do not consent to this")).to_be_visible()
    expect(page.get_by_text("What was planned is cancelled")).to_be_visible()
    assert service.event_count("consent_ledger.withdrawn") == before + 1


def test_who_looked_tells_of_a_coordinator_and_of_oneself(
    visits: Visits, service: LiveService
) -> None:
    made = proposed(service)
    done(made.coordinator.get(f"/relationships/{made.relationship}/requested-words"))
    page = visits.signed_in(made.mentee)
    page.goto(f"/my-mentoring/{made.relationship}/proposal")
    page.get_by_role("navigation").get_by_role("link", name="Who looked").click()

    looks = page.get_by_role("listitem").filter(has_text="London time")
    expect(looks.first).to_contain_text("You read why somebody was suggested to you.")
    expect(looks.filter(has_text="A coordinator opened").first).to_be_visible()


def test_a_session_that_ended_leads_back_to_the_same_address(
    visits: Visits, service: LiveService
) -> None:
    made = proposed(service)
    page = visits.signed_in(made.mentee)
    page.context.clear_cookies()
    page.goto(f"/my-mentoring/{made.relationship}/proposal")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Your token").fill(made.mentee.token)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Zelda")).to_be_visible()
    assert made.mentee.token not in page.url


def test_news_of_the_end_do_not_cut_signing_out_short(visits: Visits, service: LiveService) -> None:
    page = visits.signed_in(service.scheme.person(Role.MENTEE))
    beside = page.context.new_page()
    with beside.expect_request("**/my-mentoring/changes?*"):
        beside.goto("/my-mentoring")
    held = []
    page.route("**/sign-out", lambda route: held.append((route, route.fetch(max_redirects=0))))
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    # The page beside it is told that the session has ended, so this one would have been, too.
    expect(beside.get_by_role("heading", name="Sign in")).to_be_visible(timeout=90_000)
    route, answer = held.pop()
    route.fulfill(response=answer)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=90_000)
    assert page.url.endswith("/sign-in")


def test_signing_out_leaves_nothing_on_a_shared_phone(visits: Visits, service: LiveService) -> None:
    page = visits.signed_in(service.scheme.person(Role.MENTEE))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=90_000)
    page.go_back(timeout=90_000)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=90_000)
    assert page.context.cookies() == []


def test_what_cannot_be_shown_yet_is_said_calmly(
    browser: Browser, service_alone: LiveService
) -> None:
    publish_notices(service_alone.scheme)
    made = proposed(service_alone)
    visits = Visits(browser, service_alone)
    page = visits.signed_in(made.mentee)
    page.goto(f"/my-mentoring/{made.relationship}/proposal")
    service_alone.stop_worker()
    page.get_by_role("button", name=YES).click()

    expect(page.get_by_text("still being saved")).to_be_visible()
    assert visits.complaints == []
    visits.close()


def test_somebody_new_is_told_what_this_page_will_show(
    visits: Visits, service: LiveService
) -> None:
    newcomer = service.scheme.person(Role.MENTEE)
    give_consent(newcomer, "take_part")
    page = visits.signed_in(newcomer)

    expect(page.get_by_text("You have not asked for mentoring yet.")).to_be_visible()


def proposed(service: LiveService) -> Match:
    made = propose(service.scheme)
    service.caught_up()
    return made


def press_to(page: Page, name: str) -> None:
    """Press Tab until what has this name, or this label, is focused."""
    page.get_by_text(name, exact=True).first.wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    message = f"{name} cannot be reached with the Tab key"
    raise AssertionError(message)
