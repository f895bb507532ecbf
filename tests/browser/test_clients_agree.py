"""The browser and the Python client believe the same epochs of a group's notebook: one scene, read by both."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from api.participant import ParticipantFolder
from tests.browser.modules import ORIGIN, Modules
from tests.unit.participant.test_groups import Group, Member, cause_of

Seen = tuple[list[str | None], str | None]
"""The texts, and what stands in the way of the rest, if anything."""
Scene = Callable[[Group], Member]
REFUSED = "SomebodyHasJoined"
IN_THE_PREVIOUS_HASH = 24


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Modules]:
    made = Modules(browser)
    yield made
    made.close()


def let_in_by_one_who_left(group: Group) -> Member:
    """The epoch in which the newcomer joins is granted by a member who is gone before the newcomer looks."""
    newcomer = group.newcomer()
    group.joy.compare_with(newcomer)
    group.joy.write("four")
    group.keeper.leave(group.joy.person)
    return newcomer


def followed_by_a_known_member(group: Group) -> Member:
    newcomer = let_in_by_one_who_left(group)
    group.facilitator.client.say_left(group.id, group.joy.words)
    group.facilitator.write("five")
    return newcomer


def followed_by_others_and_then_by_a_known_member(group: Group) -> Member:
    newcomer = let_in_by_one_who_left(group)
    group.amara.client.say_left(group.id, group.joy.words)
    group.amara.write("five")
    second = group.newcomer()
    group.facilitator.client.say_left(group.id, group.joy.words)
    group.facilitator.compare_with(second)
    group.facilitator.write("six")
    return newcomer


def followed_by_a_forged_word(group: Group) -> Member:
    newcomer = followed_by_a_known_member(group)
    group.keeper.lie = lambda shown: alter(shown["epochs"][-1], at=-1)
    return newcomer


def followed_by_what_leads_elsewhere(group: Group) -> Member:
    newcomer = followed_by_a_known_member(group)
    group.keeper.lie = lambda shown: alter(shown["epochs"][-1], at=IN_THE_PREVIOUS_HASH)
    return newcomer


def granted_by_somebody_named_as_granter(group: Group) -> Member:
    """The service says that a known member granted what one granted who left."""
    newcomer = let_in_by_one_who_left(group)
    known = str(group.facilitator.person)
    group.keeper.lie = lambda shown: shown["epochs"][0].update(granter=known)
    return newcomer


def passed_on_by_oneself(group: Group) -> Member:
    """The facilitator granted it with keys that they lost since; who let their new ones read it sits at an empty device."""
    group.facilitator = replace(group.facilitator, folder=group.folder / "anew")
    group.facilitator.client.make_keys()
    group.amara.compare_with(group.facilitator)
    group.amara.client.pass_on_to_partner(group.id)
    empty = replace(group.amara, folder=group.folder / "empty")
    ParticipantFolder(empty.folder).keep_identity(ParticipantFolder(group.amara.folder).identity())
    return empty


def passed_on_by_nobodys_word(group: Group) -> Member:
    member = passed_on_by_oneself(group)
    group.keeper.lie = lambda shown: alter(shown["epochs"][0]["passed_on"][0], at=-1)
    return member


def alter(epoch: dict[str, Any], *, at: int) -> None:
    content = bytearray(base64.b64decode(epoch["statement"]))
    content[at] ^= 1
    epoch["statement"] = base64.b64encode(content).decode()


SCENES: dict[Scene, Seen] = {
    let_in_by_one_who_left: ([], REFUSED),
    followed_by_a_known_member: (["four", "five"], None),
    followed_by_others_and_then_by_a_known_member: (["four", "five", "six"], None),
    followed_by_a_forged_word: ([], REFUSED),
    followed_by_what_leads_elsewhere: ([], REFUSED),
    granted_by_somebody_named_as_granter: ([], REFUSED),
    passed_on_by_oneself: (["one", "two", "three"], REFUSED),
    passed_on_by_nobodys_word: ([], REFUSED),
}


def seen_by_python(member: Member, words: str) -> Seen:
    member.client.accept_keys(member.group.id, words)
    reading = member.read()
    cause = cause_of(reading)
    return [each.text for each in reading], type(cause).__name__ if cause else None


def seen_by_the_browser(modules: Modules, member: Member, words: str) -> Seen:
    keeper = member.group.keeper.http_for(member.person)

    def answer(route: Route) -> None:
        told = keeper.get(route.request.url.removeprefix(ORIGIN + "/api/v1"))
        route.fulfill(status=told.status_code, body=told.content, content_type="application/json")

    modules.page.route(ORIGIN + "/api/v1/**", answer)
    mine = ParticipantFolder(member.folder).identity().to_bytes().hex()
    found = modules.call("agreeing", "readAs", mine, str(member.group.id), words)
    modules.page.unroute(ORIGIN + "/api/v1/**")
    return found["texts"], found["trouble"]


@pytest.mark.parametrize("scene", SCENES, ids=lambda each: each.__name__)
def test_both_believe_the_same(modules: Modules, tmp_path: Path, scene: Scene) -> None:
    group = Group(tmp_path)
    member, words = scene(group), group.facilitator.words

    assert seen_by_the_browser(modules, member, words) == SCENES[scene]
    assert seen_by_python(member, words) == SCENES[scene]
