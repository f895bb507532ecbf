"""A group on pages alone: asked for, a seat offered and taken, hours planned, who came, and who leaves."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from tests.groups import WORDS, Groups, Member
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import done
from tests.scheme import Somebody


class Pages:
    """Browsers of several people of one group."""

    def __init__(self, service: LiveService, stack: ExitStack) -> None:
        self.service = service
        self.groups = Groups(service.scheme)
        self._stack = stack

    def of(self, somebody: Somebody) -> Visitor:
        visitor = self._stack.enter_context(Visitor(self.service.url))
        visitor.sign_in(somebody.token)
        return visitor

    def send(self, visitor: Visitor, page: str, action: str, **fields: str) -> str:
        """Send a form of a page, and answer what is shown after it."""
        answer = visitor.post(action, visitor.form(page, action) | fields)
        assert answer.status_code == 303, answer.text
        shown = visitor.get(str(answer.headers["location"]))
        assert shown.status_code == 200
        return str(shown.text)


@pytest.fixture
def pages(service: LiveService) -> Iterator[Pages]:
    with ExitStack() as stack:
        yield Pages(service, stack)


def test_a_coordinator_offers_a_seat_and_both_answer_it(pages: Pages) -> None:
    groups = pages.groups
    group, _ = groups.of(1)
    asked = groups.asked()
    pages.service.caught_up()
    coordinator, mentee = pages.of(groups.coordinator), pages.of(asked.person)
    one = f"/pipeline/{asked.relationship}"
    reasons = {"reasons_for_mentee": WORDS, "reasons_for_mentor": WORDS}

    assert "Waiting for a group" in coordinator.get(one).text
    pages.send(coordinator, one, f"{one}/proposals", group=group, mentor="", **reasons)
    pages.service.caught_up()

    proposal = f"/my-mentoring/{asked.relationship}/proposal"
    assert "1 person is in it by now." in mentee.get(proposal).text
    pages.send(mentee, proposal, f"/my-mentoring/{asked.relationship}/acceptance")
    facilitator = pages.of(groups.facilitator)
    theirs = f"/my-caseload/{asked.relationship}"
    pages.send(facilitator, f"{theirs}/proposal", f"{theirs}/acceptance")

    pages.service.caught_up()
    assert "2 of 6 seats taken" in coordinator.get(one).text
    assert f'href="/my-groups/{group}"' in mentee.get("/my-mentoring").text
    assert f'href="/my-groups/{group}"' in facilitator.get("/my-caseload").text


def test_a_proposal_for_a_new_group_names_its_mentor(pages: Pages) -> None:
    asked = pages.groups.asked()
    pages.service.caught_up()
    coordinator = pages.of(pages.groups.coordinator)
    one = f"/pipeline/{asked.relationship}"
    reasons = {"reasons_for_mentee": WORDS, "reasons_for_mentor": WORDS}
    nobody = coordinator.form(one, f"{one}/proposals") | reasons | {"mentor": "", "group": ""}
    answer = coordinator.post(f"{one}/proposals", nobody)
    assert answer.status_code == 422
    assert "There is no mentor with this reference." in answer.text
    named = {"mentor": str(pages.groups.facilitator.id), "group": ""}
    pages.send(coordinator, one, f"{one}/proposals", **named, **reasons)
    shown = done(asked.person.get(f"{asked.path}/proposal"))
    assert shown["members"] == 0


def test_the_facilitator_plans_moves_and_says_who_came(pages: Pages) -> None:
    groups, service = pages.groups, pages.service
    group, (first, second) = groups.of(2)
    facilitator = pages.of(groups.facilitator)
    here = f"/my-groups/{group}"
    plan = groups.hour()
    wanted = {"day": plan["starts_at"][:10], "at": "14:00"}
    assert "Days that suit everybody" in facilitator.get(f"{here}/hours/new").text
    shown = pages.send(facilitator, f"{here}/hours/new", f"{here}/hours", **wanted)
    assert "2 of 2 are expected." in shown
    hour = groups.seen(groups.facilitator, group)["hours"][0]["id"]
    one = f"{here}/hours/{hour}"

    third = groups.joined(group)
    pages.send(facilitator, one, f"{one}/expected")
    shown = pages.send(facilitator, one, f"{one}/move", **wanted | {"at": "15:00"})
    assert "3 of 3 are expected." in shown
    pages.send(facilitator, one, f"{one}/video-link", video_link="https://meet.example/q")

    mentee = pages.of(second.person)
    session = second.stands()["sessions"][0]["id"]
    own = f"/my-mentoring/{second.relationship}/sessions/{session}"
    assert "I cannot come" in mentee.get(own).text
    pages.send(mentee, own, f"{own}/cancellation")
    assert "2 of 3 are expected." in facilitator.get(one).text

    service.clock.ahead += timedelta(days=15)
    facilitator, mentee = pages.of(groups.facilitator), pages.of(first.person)
    came = {f"came-{first.relationship}": "yes", f"came-{third.relationship}": "no"}
    shown = pages.send(facilitator, one, f"{one}/attendance", minutes="55", **came)
    assert "1 of 3 came." in shown
    assert "said in time that they cannot come" in facilitator.get(one).text
    seen = mentee.get(here).text
    assert "3 members; there are seats for 6" in seen
    others = (second, third)
    assert not [each for each in others if each.relationship in seen]


def test_an_hour_is_cancelled_and_a_group_ended_for_everybody(pages: Pages) -> None:
    groups = pages.groups
    group, (first, second) = groups.of(2)
    hour, facilitator = groups.planned(group), pages.of(groups.facilitator)
    here = f"/my-groups/{group}"
    one = f"{here}/hours/{hour}"
    shown = pages.send(facilitator, one, f"{one}/cancellation")
    assert "Cancelled; everybody keeps their session." in shown
    pages.send(facilitator, here, f"{here}/cadence", cadence="monthly")
    shown = pages.send(facilitator, here, f"{here}/closing", reason="completed")
    assert "This group has ended." in shown
    assert [groups.ledger(each) for each in (first, second)] == [(2, 0, 0)] * 2


def test_the_facilitator_says_that_they_could_not_be_there(pages: Pages) -> None:
    groups = pages.groups
    group, (first,) = groups.of(1)
    one = f"/my-groups/{group}/hours/{groups.planned(group)}"
    pages.service.clock.ahead += timedelta(days=15)
    pages.send(pages.of(groups.facilitator), one, f"{one}/absence")
    assert groups.ledger(first) == (2, 0, 0)


def test_a_member_leaves_on_one_page(pages: Pages) -> None:
    groups = pages.groups
    group, (first, second) = groups.of(2)
    pages.service.caught_up()
    mentee = pages.of(first.person)
    own = f"/my-mentoring/{first.relationship}"
    shown = mentee.get(f"{own}/arrangements").text
    assert "Leave the group" in shown
    assert f'action="{own}/cadence"' not in shown
    pages.send(mentee, f"{own}/arrangements", f"{own}/closing")
    assert mentee.get(f"/my-groups/{group}").status_code == 404
    assert is_still_in(groups, group, second)


def test_the_pages_of_hours_are_the_facilitators(pages: Pages) -> None:
    groups = pages.groups
    group, (first,) = groups.of(1)
    hour = groups.planned(group)
    mentee = pages.of(first.person)
    assert mentee.get(f"/my-groups/{group}/hours/{hour}").status_code == 403
    assert mentee.get(f"/my-groups/{group}").status_code == 200


def is_still_in(groups: Groups, group: str, member: Member) -> bool:
    people = groups.seen(groups.facilitator, group)["people"]
    return member.relationship in {each["relationship"] for each in people}
