"""Passkeys in a real Chromium with devices inside it: added, used, removed, refused, and silent about the secret of notes."""

import base64
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from api.auth.tokens import SESSION_IDLES
from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from tests.browser.looking_over import UNFOLD, looked_over
from tests.browser.passkeys import Devices, service_with_passkeys
from tests.browser.visits import PATIENCE_MILLISECONDS, Visits
from tests.databases import fresh_database
from tests.live_service import LiveService
from tests.match import propose, publish_notices
from tests.scheme import Somebody

FIVE_MINUTES = timedelta(minutes=5, seconds=1)
expect.set_options(timeout=PATIENCE_MILLISECONDS)

HAPPENS = "Failed to load resource: the server responded with a status of 4"
ASKS_FOR_LESS = """([id, handle]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const real = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = async (options) => {
    options.publicKey.userVerification = "discouraged";
    options.publicKey.allowCredentials = [{ type: "public-key", id: bytes(id) }];
    const { id: named, response } = await real(options);
    const { clientDataJSON, authenticatorData, signature } = response;
    const answered = { clientDataJSON, authenticatorData, signature };
    return { id: named, response: { ...answered, userHandle: bytes(handle).buffer } };
  };
}"""
LEAVES_SECRETS = """
// As on a device that evaluates its PRF whenever it is asked anything: the results are there to be leaked.
const wanted = new TextEncoder().encode("a salt that is 32 bytes in length");
window.secretsOfNotes = [];
for (const name of ["create", "get"]) {
  const real = navigator.credentials[name].bind(navigator.credentials);
  navigator.credentials[name] = async (options) => {
    options.publicKey.extensions = { prf: { eval: { first: wanted } } };
    const credential = await real(options);
    const secret = credential.getClientExtensionResults().prf?.results?.first;
    if (secret) window.secretsOfNotes.push(Array.from(new Uint8Array(secret)));
    return credential;
  };
}
"""


@pytest.fixture(scope="module")
def localhost(postgres: EmbeddedPostgres, template: str) -> Iterator[LiveService]:
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        service_with_passkeys(database, Path(folder)) as running,
    ):
        publish_notices(running.scheme)
        yield running


@pytest.fixture
def here(browser: Browser, localhost: LiveService) -> Iterator[Visits]:
    made = Visits(browser, localhost)
    yield made
    made.close()


@pytest.fixture
def person(localhost: LiveService) -> Somebody:
    return localhost.scheme.person(Role.MENTEE)


def add(page: Page, name: str) -> None:
    """Add a passkey on the page for it, and look at it there."""
    page.goto("/my-sign-in")
    page.get_by_label("What shall we call it?").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="See your passkeys").click()
    expect(page.locator("strong", has_text=name)).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name="Use my passkey").click()


def has_come_in(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).wait_for()


def said(page: Page) -> Any:
    return expect(page.locator("[data-passkeys] [role=status]"))


def refused(page: Page) -> None:
    said(page).to_contain_text("did not sign you in")
    assert page.url.endswith("/sign-in")


def test_a_person_adds_passkeys_signs_in_by_them_and_removes_them(
    here: Visits, person: Somebody
) -> None:
    page = here.signed_in(person)
    devices = Devices(page)
    telephone = devices.plug_in()
    add(page, "My telephone")
    expect(page.get_by_text("It can open your notes too.")).to_be_visible()
    sign_out(page)
    sign_in(page)
    has_come_in(page)
    assert page.url.endswith("/my-mentoring")

    devices.unplug(telephone)
    devices.plug_in(transport="usb")
    add(page, "My key")
    page.get_by_role("button", name="Remove My telephone").click()
    # Whoever was signed in by it is signed in no more.
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    sign_in(page)
    has_come_in(page)
    page.goto("/my-sign-in")
    expect(page.locator("strong", has_text="My key")).to_be_visible()
    expect(page.locator("strong", has_text="My telephone")).to_have_count(0)
    assert [each for each in here.complaints if not each.startswith(HAPPENS)] == []


def test_a_device_that_holds_one_is_told_so_and_gets_no_other(
    here: Visits, person: Somebody
) -> None:
    page = here.signed_in(person)
    devices = Devices(page)
    telephone = devices.plug_in()
    add(page, "My telephone")
    page.get_by_label("What shall we call it?").fill("Once more")
    page.get_by_role("button", name="Add a passkey").click()

    said(page).to_contain_text("holds a passkey of yours already")
    assert len(devices.credentials(telephone)) == 1


@pytest.mark.parametrize("how", ["removed", "copied back in time"])
def test_a_passkey_that_is_good_no_more_signs_nobody_in(
    here: Visits, person: Somebody, how: str
) -> None:
    page = here.signed_in(person)
    devices = Devices(page)
    telephone = devices.plug_in()
    add(page, "My telephone")
    (kept,) = devices.credentials(telephone)
    sign_out(page)
    if how == "removed":
        (own,) = person.client.get("/passkeys").json()["passkeys"]
        assert person.client.delete(f"/passkeys/{own['id']}").status_code == 200
    else:
        for _ in range(2):
            sign_in(page)
            has_come_in(page)
            sign_out(page)
        devices.unplug(telephone)
        devices.give(devices.plug_in(), kept)

    sign_in(page)

    refused(page)


def test_another_persons_passkey_signs_in_that_person_and_a_forged_one_nobody(
    here: Visits, localhost: LiveService, person: Somebody
) -> None:
    other = localhost.scheme.person(Role.MENTEE)
    pages = [here.signed_in(each) for each in (person, other)]
    devices = [Devices(page) for page in pages]
    plugged = [each.plug_in() for each in devices]
    for page, name in zip(pages, ("Mine", "Theirs"), strict=True):
        add(page, name)
    (mine,), (theirs,) = (
        each.credentials(device) for each, device in zip(devices, plugged, strict=True)
    )
    sign_out(pages[0])
    devices[0].unplug(plugged[0])
    devices[0].give(devices[0].plug_in(), {**theirs, "privateKey": mine["privateKey"]})

    sign_in(pages[0])

    refused(pages[0])


def test_a_device_that_does_not_know_its_person_signs_nobody_in_and_gets_no_passkey(
    here: Visits, person: Somebody
) -> None:
    page = here.signed_in(person)
    devices = Devices(page)
    telephone = devices.plug_in()
    add(page, "My telephone")
    devices.knows_its_person(telephone, verified=False)
    sign_out(page)
    sign_in(page)
    said(page).to_contain_text("You can try again")
    devices.unplug(telephone)
    devices.plug_in(hasUserVerification=False, isUserVerified=False)

    page = here.signed_in(person)
    devices = Devices(page)
    devices.plug_in(hasUserVerification=False, isUserVerified=False)
    page.goto("/my-sign-in")
    page.get_by_label("What shall we call it?").fill("No PIN")
    page.get_by_role("button", name="Add a passkey").click()

    said(page).to_contain_text("You can try again")


def test_an_answer_without_verification_is_refused_whatever_the_page_asked_for(
    here: Visits, person: Somebody
) -> None:
    page = here.signed_in(person)
    devices = Devices(page)
    telephone = devices.plug_in()
    add(page, "My telephone")
    sign_out(page)
    (kept,) = devices.credentials(telephone)
    devices.unplug(telephone)
    without = devices.plug_in(transport="usb", hasUserVerification=False, isUserVerified=False)
    devices.give(without, kept)
    page.evaluate(ASKS_FOR_LESS, [kept["credentialId"], kept["userHandle"]])
    page.get_by_role("button", name="Use my passkey").click()

    refused(page)


def test_an_answer_that_is_late_or_sent_again_is_refused(
    here: Visits, localhost: LiveService, person: Somebody
) -> None:
    page = here.signed_in(person)
    Devices(page).plug_in()
    add(page, "My telephone")
    sign_out(page)
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    sign_in(page)
    has_come_in(page)
    (answer,) = (one for one in sent if one.url.endswith("/passkeys/sign-in"))
    again = page.evaluate(
        """async (body) => (await fetch("/api/v1/passkeys/sign-in", {
      method: "POST", headers: { "Content-Type": "application/json" }, body })).status""",
        answer.post_data,
    )
    assert again == 401

    sign_out(page)
    page.route(
        "**/passkeys/sign-in",
        lambda route: (
            localhost.clock.__setattr__("ahead", localhost.clock.ahead + FIVE_MINUTES),
            route.continue_(),
        ),
    )
    sign_in(page)
    refused(page)


def test_at_any_other_address_the_page_says_where_passkeys_work(
    here: Visits, localhost: LiveService
) -> None:
    page = here.open()
    page.goto(localhost.url.replace("localhost", "127.0.0.1") + "/sign-in")

    said(page).to_contain_text(localhost.url)
    expect(page.get_by_role("button", name="Use my passkey")).to_be_hidden()
    page.get_by_role("link", name=localhost.url).click()
    expect(page.get_by_role("button", name="Use my passkey")).to_be_visible()


def test_without_scripts_there_is_the_token_and_passkeys_can_be_removed(
    here: Visits, person: Somebody
) -> None:
    page = here.signed_in(person)
    Devices(page).plug_in()
    add(page, "My telephone")
    plain = here.signed_in(person, java_script_enabled=False)
    plain.goto("/my-sign-in")
    expect(plain.get_by_text("this page needs scripts")).to_be_visible()
    plain.get_by_role("button", name="Remove My telephone").click()

    expect(plain.get_by_text("You have none yet")).to_be_visible()


def test_a_device_that_cannot_open_notes_is_said_to_sign_in_alone(
    here: Visits, person: Somebody
) -> None:
    page = here.signed_in(person)
    Devices(page).plug_in(hasPrf=False)
    page.goto("/my-sign-in")
    page.get_by_label("What shall we call it?").fill("An older key")
    page.get_by_role("button", name="Add a passkey").click()

    said(page).to_contain_text("your recovery code will be the way")
    page.get_by_role("link", name="See your passkeys").click()
    expect(page.get_by_text("It does not open your notes")).to_be_visible()


def forms_of(secret: bytes) -> set[str]:
    """How a secret would look in a request."""
    plain = base64.b64encode(secret).decode()
    address = base64.urlsafe_b64encode(secret).decode()
    numbers = ",".join(map(str, secret))
    forms = {plain, plain.rstrip("="), address.rstrip("="), secret.hex(), numbers}
    return forms | {quote(each, safe="") for each in forms}


def test_no_request_carries_the_secret_that_opens_notes(here: Visits, person: Somebody) -> None:
    page, heard = here.signed_in(person), list[str]()
    page.context.add_init_script(LEAVES_SECRETS)
    page.context.on("request", lambda one: heard.append(told(one)))
    Devices(page).plug_in()
    page.goto("/my-sign-in")
    page.get_by_label("What shall we call it?").fill("My telephone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="See your passkeys").wait_for()
    secrets = page.evaluate("window.secretsOfNotes")
    page.get_by_role("link", name="See your passkeys").click()
    sign_out(page)
    page.goto("/sign-in")
    # The secret is read while the page that has it is still there.
    page.route("**/passkeys/sign-in", lambda route: (keep(), route.continue_()))

    def keep() -> None:
        secrets.extend(page.evaluate("window.secretsOfNotes"))

    page.get_by_role("button", name="Use my passkey").click()
    has_come_in(page)

    found = {bytes(each) for each in secrets}
    assert found
    assert all(len(each) == 32 and any(each) for each in found)
    assert sum("/api/v1/passkeys" in each for each in heard) == 4
    for secret in found:
        assert not any(form in each for form in forms_of(secret) for each in heard)


def told(request: Request) -> str:
    return f"{request.url} {request.headers} {request.post_data or ''}"


def test_the_page_is_for_any_device_and_reader(here: Visits, person: Somebody) -> None:
    page = here.signed_in(person)
    Devices(page).plug_in()
    add(page, "My telephone")

    looked_over([page]).require_nothing()
    assert [each for each in here.complaints if not each.startswith(HAPPENS)] == []


def test_what_somebody_wrote_is_sent_once_they_are_back(
    here: Visits, localhost: LiveService
) -> None:
    made = propose(localhost.scheme)
    localhost.caught_up()
    page = here.signed_in(made.mentee, width=320)
    Devices(page).plug_in()
    add(page, "My telephone")
    page.goto(f"/my-mentoring/{made.relationship}/proposal")
    page.evaluate(UNFOLD)
    page.get_by_label("In your own words").fill("Not in spring, please.")
    before = localhost.event_count("relationship.proposal_declined")
    localhost.clock.ahead += SESSION_IDLES + FIVE_MINUTES
    page.get_by_role("button", name="Say no to this suggestion").click()

    page.get_by_role("heading", name="Sign in again").wait_for()
    assert localhost.event_count("relationship.proposal_declined") == before
    looked_over([page]).require_nothing()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("button", name="Send it now").click()
    has_come_in(page)

    assert localhost.event_count("relationship.proposal_declined") == before + 1
