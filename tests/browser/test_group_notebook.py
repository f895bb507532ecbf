"""A group's notebook in the browsers of its members: whom each trusts, who joins, who leaves, and who reads what."""

from playwright.sync_api import expect

from tests.browser.notes import Writer, writer
from tests.browser.visits import Visits
from tests.groups import Groups
from tests.live_service import LiveService

UNKNOWN, GONE = "somebody whom you do not know", "is not named any more"


def compare(one: Writer, *others: Writer) -> None:
    """One hears the words of each of the others."""
    for each in others:
        one.accept(each.words())
        one.page.locator("#others > li", has_text="You have compared").first.wait_for()
        one.page.locator("#compare > summary").click()


def is_stopped(member: Writer, words: str) -> None:
    expect(member.page.locator("#trouble")).to_contain_text(words)


def goes_on(member: Writer) -> None:
    expect(member.page.locator("#trouble")).to_be_hidden()


def test_members_are_met_by_their_words_and_by_each_others(
    visits: Visits, service: LiveService
) -> None:
    groups = Groups(service.scheme)
    group, members = groups.of(2)
    service.caught_up()
    facilitator, amara, joy = (
        writer(visits, each, group) for each in (groups.facilitator, *(m.person for m in members))
    )
    facilitator.open()
    is_stopped(facilitator, UNKNOWN)
    compare(facilitator, amara)
    is_stopped(facilitator, UNKNOWN)
    compare(facilitator, joy)
    goes_on(facilitator)
    facilitator.write("One, for all.", shared=True)

    amara.open()
    is_stopped(amara, UNKNOWN)
    assert amara.texts() == []
    compare(amara, facilitator)
    goes_on(amara)
    amara.page.locator("#compare > summary").click()
    expect(amara.page.locator("#others > li")).to_have_count(2)
    expect(amara.page.locator("#others > li", has_text="Not compared yet")).to_have_count(1)
    amara.page.locator("#compare > summary").click()
    amara.write("Two, by a member.", shared=True)
    joy.open()
    compare(joy, facilitator)
    assert joy.texts() == ["Two, by a member.", "One, for all."]
    joy.write("Her own.")

    kwame = writer(visits, groups.joined(group).person, group)
    facilitator.open()
    is_stopped(facilitator, UNKNOWN)
    compare(facilitator, kwame)
    facilitator.write("Three, for the newcomer too.", shared=True)
    kwame.open()
    compare(kwame, facilitator)
    assert kwame.texts() == ["Three, for the newcomer too."]
    kwame.write("Four, by the newcomer.", shared=True)

    leaver = members[1]
    left = leaver.person.post(f"{leaver.path}/closing", {"reason": "no_fault"})
    assert left.is_success
    joy.open()
    is_stopped(joy, "has ended")
    assert joy.texts() == ["Her own."]
    facilitator.open()
    is_stopped(facilitator, GONE)
    facilitator.page.get_by_role("button", name="I know that they left").click()
    goes_on(facilitator)
    facilitator.write("Five, without her.", shared=True)
    amara.open()
    goes_on(amara)
    assert amara.texts()[:2] == ["Five, without her.", "Four, by the newcomer."]
    assert len(amara.texts()) == 5
    assert visits.complaints == []
