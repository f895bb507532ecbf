"""A passkey of the person's device unlocks their notes; what it answers never leaves the page."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.embedded_postgres import EmbeddedPostgres
from tests.browser.notes import Writer, confirm_code
from tests.browser.passkeys import Devices, service_with_passkeys
from tests.browser.test_passkeys import add, forms_of, told
from tests.browser.visits import Visits
from tests.databases import fresh_database
from tests.live_service import LiveService
from tests.match import match, publish_notices

KEEPS_SECRETS = """
window.answered = [];
const real = navigator.credentials.get.bind(navigator.credentials);
navigator.credentials.get = async (options) => {
  const credential = await real(options);
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first) window.answered.push(Array.from(new Uint8Array(first)));
  return credential;
};
"""
NOT_THIS_TIME = """() => {
  const real = navigator.credentials.get;
  navigator.credentials.get = () => {
    navigator.credentials.get = real;
    return Promise.reject(new DOMException("Cancelled", "NotAllowedError"));
  };
}"""
"""What a browser answers when somebody closes its question."""


@pytest.fixture(scope="module")
def localhost(postgres: EmbeddedPostgres, template: str) -> Iterator[LiveService]:
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        service_with_passkeys(database, Path(folder)) as running,
    ):
        publish_notices(running.scheme)
        yield running


def test_a_passkey_and_a_code_are_two_ways_to_the_same_notes(
    browser: Browser, localhost: LiveService
) -> None:
    made = match(localhost.scheme)
    localhost.caught_up()
    visits = Visits(browser, localhost)
    page = visits.signed_in(made.mentee)
    page.add_init_script(KEEPS_SECRETS)
    devices = Devices(page)
    telephone = devices.plug_in()
    add(page, "My telephone")
    sent: list[str] = []
    page.on("request", lambda each: sent.append(told(each)))
    page.goto("/my-keys")
    page.get_by_role("button", name="With a passkey and a code").click()
    code = confirm_code(page)
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.locator("#said")).to_contain_text("Your keys are made.")
    secrets = page.evaluate("window.answered")

    mentee = Writer(page, (code, code), f"/my-mentoring/{made.relationship}/notebook")
    page.goto(mentee.address)
    page.evaluate(NOT_THIS_TIME)
    page.get_by_role("button", name="Unlock with your passkey").click()
    mentee.refused("did not answer. Try again")
    page.get_by_role("button", name="Unlock with your passkey").click()
    mentee.write("By passkey.")
    secrets += page.evaluate("window.answered")
    mentee.open()
    assert mentee.texts() == ["By passkey."]

    devices.unplug(telephone)
    devices.plug_in()
    add(page, "My next telephone")
    page.goto("/my-keys")
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Unlock", exact=True).click()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.locator("#said")).to_contain_text("Added.")
    secrets += page.evaluate("window.answered")
    page.goto(mentee.address)
    page.get_by_role("button", name="Unlock with your passkey").click()
    mentee.said("open.")
    secrets += page.evaluate("window.answered")

    assert mentee.texts() == ["By passkey."]
    assert len(secrets) == 4
    forms = {form for secret in secrets for form in forms_of(bytes(secret))}
    assert [each for each in sent if any(form in each for form in forms)] == []
    assert visits.complaints == []
    visits.close()
