"""Joining and enquiring in a real browser: readable by all, within the policy, and the code leaves the address."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from api.tries import Tries
from tests.browser.furnished import Furnished
from tests.browser.looking_over import looked_over
from tests.browser.visits import Visits
from tests.invitations import Funded, funded, is_used
from tests.match import done

REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What a browser says of a form that comes back with its faults."""

ASKED = {
    "kind": "practitioner",
    "name": "Zoe Example",
    "email": "zoe@example.org",
    "words": "How long does it last?",
}


@pytest.fixture
def of(furnished: Furnished) -> Funded:
    app = furnished.service.scheme.app
    app.state.guarded_invitations.tries = Tries(of_one=1000, of_all=1000)
    app.state.enquiry_tries = Tries(of_one=1000, of_all=1000)
    return funded(furnished.service.scheme)


def every_page(visits: Visits, of: Funded) -> Iterator[Page]:
    """Each page of joining, inviting and enquiring, faults among them."""
    nobody = visits.open()
    for address in ("/join", "/enquire"):
        nobody.goto(address)
        yield nobody
    nobody.goto("/join")
    fill(nobody, {"Code of your invitation": "?", "Your name": "Zoe", "mail": "zoe@example.org"})
    nobody.get_by_role("button", name="Join").click()
    nobody.get_by_role("alert").wait_for()
    yield nobody
    nobody.goto(f"/join#{of.issue()[0]}")
    fill(nobody, {"Your name": "Zoe", "mail": "zoe@example.org"})
    nobody.get_by_role("button", name="Join").click()
    nobody.get_by_role("heading", name="Welcome").wait_for()
    yield nobody
    nobody.goto("/join/with-account")
    yield nobody
    reference = done(of.scheme.anybody.post("/enquiries", json=ASKED))["reference"]
    nobody.goto(f"/enquire/sent?reference={reference}")
    yield nobody
    invitations = f"/agreements/{of.agreement}/invitations"
    for who, addresses in (
        (of.coordinator, ["/enquiries", f"/enquiries/{reference}", invitations]),
        (of.sponsor, [invitations]),
    ):
        page = visits.signed_in(who)
        for address in addresses:
            page.goto(address)
            yield page
        page.get_by_label("How many").fill("2")
        page.get_by_role("button", name="Issue, and show").click()
        page.get_by_role("heading", name="Links to hand out").wait_for()
        yield page


def fill(page: Page, fields: dict[str, str]) -> None:
    for label, text in fields.items():
        page.get_by_label(label).fill(text)


def test_axe_finds_nothing_and_every_page_fits(visits: Visits, of: Funded) -> None:
    looked_over(every_page(visits, of)).require_nothing()

    assert [said for said in visits.complaints if not said.startswith(REFUSED)] == []


def test_the_code_leaves_the_address_and_its_history_for_the_form(
    visits: Visits, of: Funded
) -> None:
    (token,) = of.issue()
    page, asked = visits.open(), []
    page.on("request", lambda request: asked.append((request.url, request.headers)))
    page.goto(f"/join#{token}")
    page.wait_for_url("**/join")

    assert page.get_by_label("Code of your invitation").input_value() == token
    assert page.evaluate("[location.href, history.length]") == [page.url, 2]
    account = page.get_by_role("link", name="use the invitation with your account")
    assert (account.get_attribute("href") or "").endswith(f"/join/with-account#{token}")
    fill(page, {"Your name": "Zoe", "mail": "zoe@example.org"})
    page.get_by_role("button", name="Join").click()
    page.get_by_role("link", name="Go to my mentoring").click()
    page.get_by_role("heading", name="My mentoring").wait_for()

    assert is_used(of.scheme, token)
    assert not any(token in url.partition("#")[0] for url, _ in asked)
    assert not any(token in str(headers) for _, headers in asked)


def test_without_scripts_the_code_is_pasted(visits: Visits, of: Funded) -> None:
    (token,) = of.issue()
    page = visits.open(java_script_enabled=False)
    page.goto(f"/join#{token}")
    fill(
        page,
        {"Code of your invitation": f"{page.url}", "Your name": "Zoe", "mail": "z@example.org"},
    )
    page.get_by_role("button", name="Join").click()
    page.get_by_role("heading", name="Welcome").wait_for()

    assert is_used(of.scheme, token)
