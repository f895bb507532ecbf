"""Who goes on with other keys reads and shares what they wrote before, and changes nothing of it: that would break it for all."""

from playwright.sync_api import expect

from api.participant.service import NotebookService
from crypto.sealing import new_identity
from tests.browser.notes import Writer, with_keys
from tests.browser.visits import Visits
from tests.live_service import LiveService
from tests.match import match

CHANGED = "Begun with one key, kept with another."


def test_what_was_written_with_earlier_keys_is_written_anew_and_not_changed(
    visits: Visits, service: LiveService
) -> None:
    made = match(service.scheme)
    service.caught_up()
    vault = with_keys(made.mentee)
    first, second = (each.code.reveal() for each in vault.wrappers)
    address = f"/my-mentoring/{made.relationship}/notebook"
    mentee = Writer(visits.signed_in(made.mentee), (first, second), address)
    mentee.open()
    mentee.write("With earlier keys.")
    mentee.page.get_by_role("button", name="Change it").click()
    mentee.page.get_by_label("Your words", exact=True).fill(CHANGED)
    expect(mentee.page.locator("#kept")).to_contain_text("Your draft is kept")

    renewed = vault.replaced_by(new_identity(), made.mentee.id)
    NotebookService(made.mentee.client).replace_identity(renewed)
    mentee.open()
    entries = mentee.page.locator("#entries > li")
    expect(entries).to_contain_text("Written by you, for only you")
    expect(entries.get_by_role("button", name="Share it")).to_be_visible()
    expect(entries.get_by_role("button", name="Change it")).to_have_count(0)
    mentee.send()
    mentee.said("Kept.")
    mentee.open()

    assert mentee.texts() == [CHANGED, "With earlier keys."]
    expect(mentee.page.locator("#alarm")).to_be_empty()
    expect(entries.first.get_by_role("button", name="Change it")).to_be_visible()
    assert visits.complaints == []
