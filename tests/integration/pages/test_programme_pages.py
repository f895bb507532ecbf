"""A coordinator's programmes on pages: opened, changed, joined by links, with groups that can be ended and mentors who can be limited."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from api.tries import Tries
from domain.values import Role
from tests.groups import Groups
from tests.integration.pages.visitor import Visitor
from tests.invitations import NAME
from tests.live_service import PATIENCE_SECONDS, LiveService
from tests.match import done, welcome_mentor
from tests.scheme import Somebody

LINK = re.compile(r"<code>([^<]*#invitation_[^<]*)</code>")
UNPAID = {
    "name": "Zephyr side by side",
    "reverse": "on",
    "ceiling": "2",
    "needs_place": "no",
    "conflict_rule": "declared_only",
}


class Pages:
    """Browsers of several people."""

    def __init__(self, service: LiveService, stack: ExitStack) -> None:
        self.service = service
        self._stack = stack

    def of(self, somebody: Somebody | None) -> Visitor:
        visitor = self._stack.enter_context(Visitor(self.service.url))
        if somebody is not None:
            visitor.sign_in(somebody.token)
        return visitor

    def send(self, visitor: Visitor, page: str, action: str, **fields: str) -> str:
        """Send a form of a page, and answer what is shown after it."""
        answer = visitor.post(action, visitor.form(page, action) | fields)
        assert answer.status_code == 303, answer.text
        return str(visitor.get(str(answer.headers["location"])).text)

    def opened(self, visitor: Visitor, **fields: str) -> str:
        """The address of a programme that a coordinator opens on the page."""
        wanted = UNPAID | fields
        self.send(visitor, "/programmes", "/programmes", **wanted)
        newest = self.service.parts.recorder.max_notification_id() or 0
        self.service.reader.wait_for("programmes", newest, PATIENCE_SECONDS)
        listed = visitor.get("/programmes").text
        found = re.findall(rf'href="(/programmes/[0-9a-f-]+)">{wanted["name"]}<', listed)
        return str(found[-1])


@pytest.fixture
def pages(service: LiveService) -> Iterator[Pages]:
    service.scheme.app.state.guarded_invitations.tries = Tries(of_one=1000, of_all=1000)
    with ExitStack() as stack:
        yield Pages(service, stack)


@pytest.fixture
def coordinator(pages: Pages) -> Visitor:
    return pages.of(pages.service.scheme.person(Role.COORDINATOR))


def test_a_programme_is_opened_and_run_differently(pages: Pages, coordinator: Visitor) -> None:
    here = pages.opened(coordinator, name="Quillwort programme")
    before = coordinator.get(here).text
    changed = UNPAID | {"name": "Quillwort anew", "group": "on", "needs_place": "yes"}
    after = pages.send(coordinator, here, f"{here}/settings", **changed)

    assert "Nobody has to pay." in before
    assert "<dd>Reverse</dd>" in before
    assert "<h1>Quillwort anew</h1>" in after
    assert "<dd>Group, reverse</dd>" in after
    assert "Places and money</a>." in after
    assert "Nobody has to pay." not in after


def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(coordinator: Visitor) -> None:
    typed = UNPAID | {"name": "Only half done", "ceiling": "9"}
    none = {name: value for name, value in UNPAID.items() if name != "reverse"}

    hidden = coordinator.form("/programmes", "/programmes")
    wrong = coordinator.post("/programmes", hidden | typed)
    empty = coordinator.post("/programmes", coordinator.form("/programmes", "/programmes") | none)

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert "Enter a number from 1 to 3." in wrong.text
    assert 'value="Only half done"' in wrong.text
    assert re.search(r'name="reverse"[^>]* checked', wrong.text)
    assert "Choose at least one kind of mentoring." in empty.text


def test_the_links_of_a_programme_let_people_in_until_they_are_withdrawn(
    pages: Pages, coordinator: Visitor
) -> None:
    here = pages.opened(coordinator)
    action = f"{here}/invitations"
    issued = coordinator.post(action, coordinator.form(action, action) | {"count": "2"}).text
    first, second = (link.partition("#")[2] for link in LINK.findall(issued))

    let_in = joined(pages.of(None), first)
    withdrawal = f"{action}/withdrawal"
    pages.send(coordinator, action, withdrawal)

    assert let_in.status_code == 200
    assert joined(pages.of(None), second).status_code == 422
    assert coordinator.get(f"{here}x/invitations").status_code == 422


def joined(visitor: Visitor, token: str) -> httpx.Response:
    hidden = visitor.form("/join", "/join")
    who = {"invitation": token, "name": NAME, "email": "zenobia@example.org"}
    return visitor.post("/join", hidden | who)


def test_a_programme_that_is_paid_for_makes_no_links_of_its_own(
    pages: Pages, coordinator: Visitor
) -> None:
    here = pages.opened(coordinator, needs_place="yes")

    shown = coordinator.get(f"{here}/invitations")

    assert shown.status_code == 409
    assert f"{here}/invitations" not in coordinator.get(here).text


def test_a_coordinator_sets_how_large_groups_are_and_ends_one(pages: Pages) -> None:
    groups = Groups(pages.service.scheme)
    group, (first, second) = groups.of(2)
    groups.planned(group)
    pages.service.caught_up()
    coordinator = pages.of(groups.coordinator)
    programme, here = f"/programmes/{groups.programme}", f"/groups/{group}"

    sized = pages.send(coordinator, programme, f"{programme}/group-size", most="3")
    seen = coordinator.get(here).text
    ended = pages.send(coordinator, here, f"{here}/closing", reason="completed")

    assert "2 of 3 seats taken" in sized
    assert f'href="{here}"' in sized
    for member in (first, second):
        assert f'href="/pipeline/{member.relationship}"' in seen
        assert str(member.person.id) not in seen
        assert member.stands()["stage"] == "closed"
    assert "It cannot be taken back." in seen
    assert "This group has ended." in ended
    assert f"{here}/closing" not in ended
    pages.service.caught_up()
    assert f'href="{here}"' not in coordinator.get(programme).text


def test_a_coordinator_who_is_in_a_group_neither_sees_nor_ends_it(pages: Pages) -> None:
    groups = Groups(pages.service.scheme)
    group, (member,) = groups.of(1)
    pages.service.caught_up()
    insider = pages.service.scheme.speaking_for(member.person.id, Role.COORDINATOR)
    visitor = pages.of(insider)
    hidden = visitor.form("/programmes", "/programmes")

    assert visitor.get(f"/groups/{group}").status_code == 403
    refused = visitor.post(f"/groups/{group}/closing", hidden | {"reason": "completed"})
    assert refused.status_code == 403
    assert f"/groups/{group}" not in visitor.get(f"/programmes/{groups.programme}").text
    assert member.stands()["stage"] == "active"


def test_a_size_that_no_group_has_changes_nothing(pages: Pages, coordinator: Visitor) -> None:
    here = pages.opened(coordinator, group="on")
    action = f"{here}/group-size"
    answer = coordinator.post(action, coordinator.form(here, action) | {"most": "13"})

    assert answer.status_code == 422
    assert "Enter a number from 2 to 12." in answer.text


def test_a_mentor_is_limited_to_programmes_and_reads_it(pages: Pages) -> None:
    scheme = pages.service.scheme
    owner, mentor = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTOR)
    welcome_mentor(owner, mentor, words="Zanzibar-quill.")
    coordinator = pages.of(owner)
    chosen = pages.opened(coordinator, name="Mallow mentoring").rpartition("/")[2]
    here = f"/mentors/{mentor.id}"
    action = f"{here}/programmes"

    limited = pages.send(coordinator, here, action, **{chosen: "on"})
    told = pages.of(mentor).get("/my-caseload/profile").text
    form = coordinator.form(here, action)
    same = coordinator.post(action, form | {chosen: "on"})
    wrong = coordinator.post(action, coordinator.form(here, action) | {"nonsense": "on"})
    free = pages.send(coordinator, here, action)

    assert "<dd>Mallow mentoring</dd>" in limited
    assert "You mentor in Mallow mentoring alone." in told
    assert (same.status_code, wrong.status_code) == (422, 422)
    assert "This is what they offer already." in same.text
    assert "<dd>All of them</dd>" in free
    assert done(mentor.get(f"/mentor-profiles/{mentor.id}"))["standing"]["programmes"] == []


def test_a_mentor_takes_nobody_new_for_a_while_and_leaves(pages: Pages) -> None:
    scheme = pages.service.scheme
    mentor = scheme.person(Role.MENTOR)
    welcome_mentor(scheme.person(Role.COORDINATOR), mentor, words="Zanzibar-quill.")
    visitor, here = pages.of(mentor), "/my-caseload/profile"

    paused = pages.send(visitor, here, f"{here}/pause")
    again = pages.send(visitor, here, f"{here}/resumption")
    left = pages.send(visitor, here, f"{here}/leaving")

    assert "You take nobody new for now." in paused
    assert f"{here}/pause" not in paused
    assert "You can be suggested to somebody." in again
    assert "You have left the scheme." in left
    assert f"{here}/leaving" not in left
