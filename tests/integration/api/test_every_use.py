"""A purpose's data is used by the one door alone, which asks for its consent: every use is traced, and bypasses are caught."""

import ast
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, Request

from api.embedded_postgres import EmbeddedPostgres
from crypto.envelope import field_place
from domain.access import consent_needed
from domain.consent import ConsentLedger
from domain.mentor_profile import MentorProfile
from domain.values import Compartment, Purpose, Role, Sealed
from tests.databases import fresh_database
from tests.everything_asked import ORIGIN, SENTINEL, Asked, Scene, everything, set_scene
from tests.faults.clerking import read_models_of, world
from tests.match import done, give_consent
from tests.messages import Mail
from tests.post import post
from tests.scheme import Somebody
from tests.tracing import (
    CHANGED_SINCE,
    HOUSE,
    NOT_BY_THE_DOOR,
    UNCHECKED,
    UNRECORDED,
    Opening,
    Site,
    Tracer,
)

OPENING = {"open", "open_all", "open_each", "use"}
ELSEWHERE = {
    ("api/drill/people.py", "_opens"): "a rehearsal on a machine of its own, with made-up people"
}


@pytest.fixture(scope="module")
def scene(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("every-use")
    with (
        fresh_database(postgres, template) as database,
        world(database, folder) as of,
        of.now.app.state.reader,
        read_models_of(of),
    ):
        of.now.app.state.streams.lasts_seconds = 0.0
        yield set_scene(of)


def test_a_whole_record_goes_by_the_door_with_each_consent_asked_for(scene: Scene) -> None:
    tracer = Tracer(scene.of.parts.pool.connection)
    with tracer.watching():
        for party in scene.parties:
            with tracer.span(str(party.id)):
                assert party.get("/me/record").status_code == 200
            assert tracer.of(str(party.id))

    assert list(map(told, tracer.faults)) == []
    assert {each.owner for each in tracer.openings} == {each.id for each in scene.parties}
    assert {each.compartment for each in tracer.openings} == {"contact", "personal", "special"}


def test_every_use_asks_for_its_consent_and_after_a_withdrawal_none_is_left(scene: Scene) -> None:
    with scene.tracer.watching():
        asked = everything(scene)
        for each in asked:
            each.ask(scene)
        _deliver(scene)
    opened = scene.tracer.openings

    assert list(map(told, scene.tracer.faults)) == []
    assert call_sites() - ELSEWHERE.keys() <= scene.tracer.sites
    purposes = {(each.compartment, each.purpose) for each in opened}
    assert {each for each in purposes if _rests_on_consent(*each)} == {
        ("personal", "take_part"),
        ("personal", "share_profile"),
        ("personal", "publish_story"),
        ("special", "identity_preference"),
    }
    _withdraw_and_ask_again(scene, asked, opened)


def _deliver(scene: Scene) -> None:
    """The clerk's own use of people's addresses."""
    with (
        post() as server,
        Mail.round(scene.of, server) as mail,
        scene.tracer.span("the clerk's mail"),
    ):
        mail.deliver()
    assert scene.tracer.of("the clerk's mail")


def _rests_on_consent(compartment: str, purpose: str) -> bool:
    return consent_needed(Compartment(compartment), purpose) is not None


def _withdraw_and_ask_again(scene: Scene, asked: list[Asked], opened: list[Opening]) -> None:
    """What opened before for a purpose opens no more once its consent is withdrawn."""
    needing = {
        (each.owner, each.purpose)
        for each in opened
        if _rests_on_consent(each.compartment, each.purpose)
    }
    again = [each for each in asked if any(_of(one, needing) for one in scene.tracer.of(each.name))]
    assert len(again) > 5
    people = {each.id: each for each in scene.parties}
    for owner, purpose in sorted(needing, key=str):
        done(people[owner].post(f"/me/consents/{purpose}/withdrawal"))
    later = Tracer(scene.of.parts.pool.connection)
    with later.watching():
        for each in again:
            with later.span(each.name):
                answer = each.who.client.request(each.method, each.address, json=each.body)
            assert SENTINEL not in answer.text
    assert [each for each in later.openings if _of(each, needing)] == []


def _of(opening: Opening, needing: set[Any]) -> bool:
    return (opening.owner, opening.purpose) in needing


def told(opening: Opening) -> str:
    """A fault as a report names it: no ids, no words."""
    return f"{opening.span.split(' by ')[0]}: {opening.purpose}: {opening.fault}"


def call_sites() -> set[Site]:
    """Every function of the house, outside the door itself, that has something opened."""
    return {
        (file.relative_to(HOUSE).as_posix(), function.name)
        for file in (HOUSE / "api").rglob("*.py")
        if "participant" not in file.parts and file.name != "openings.py"
        for function in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and _has_opened(function)
    }


def _has_opened(function: ast.FunctionDef) -> bool:
    """Whether it calls `open_words`, or a way to open of something that is called openings."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        called = call.func
        if isinstance(called, ast.Name) and called.id == "open_words":
            return True
        if isinstance(called, ast.Attribute) and called.attr in OPENING:
            of = called.value
            name = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
            if name.endswith("openings"):
                return True
    return False


def test_call_sites_are_found() -> None:
    """The measure itself: a known few of them."""
    assert {
        ("api/records/words.py", "open_words"),
        ("api/routes/people.py", "contact"),
        ("api/routes/proposals.py", "shown"),
    } <= call_sites()


class Bypasses:
    """What somebody might write one day; each is answered with what it opened."""

    def __init__(self) -> None:
        self.kept: Any = None

    def directly(self, request: Request, value: Sealed) -> str:
        return _unsealed(request, value)

    def by_a_key_to_seal_with(self, request: Request, value: Sealed) -> str:
        ring = request.app.state.parts.keyring
        named = ring.field_key_or_new(value.compartment, value.owner, value.purpose)
        return str(named.key.open(value.ciphertext, _place(value), record="planted"))

    def after_asking_for_another_purpose(self, request: Request, value: Sealed) -> str:
        _ledger(request, value).require_live(Purpose.TAKE_PART, request.app.state.parts.clock())
        return _unsealed(request, value)

    def by_a_check_that_is_kept(self, request: Request, value: Sealed) -> str:
        if self.kept is None:
            self.kept = _ledger(request, value)
            self.kept.require_live(Purpose(value.purpose), request.app.state.parts.clock())
        return _unsealed(request, value)

    def by_a_check_from_before_a_withdrawal(self, request: Request, value: Sealed) -> str:
        named = request.app.state.parts.keyring.field_key(value.compartment, value.key_id)
        _ledger(request, value).require_live(
            Purpose(value.purpose), request.app.state.parts.clock()
        )
        self.meanwhile()
        return str(named.key.open(value.ciphertext, _place(value), record="planted"))

    def without_a_look(self, request: Request, value: Sealed) -> str:
        _ledger(request, value).require_live(
            Purpose(value.purpose), request.app.state.parts.clock()
        )
        return _unsealed(request, value)

    def meanwhile(self) -> None:
        """What happens between the check and the use."""


PLANTED: dict[str, str] = {
    "directly": UNCHECKED,
    "by_a_key_to_seal_with": UNCHECKED,
    "after_asking_for_another_purpose": UNCHECKED,
    "by_a_check_that_is_kept": UNCHECKED,
    "by_a_check_from_before_a_withdrawal": CHANGED_SINCE,
    "without_a_look": UNRECORDED,
}


@pytest.mark.parametrize("bypass", PLANTED)
def test_a_planted_bypass_is_caught(scene: Scene, bypass: str) -> None:
    mentor = _with_a_profile(scene)
    profile = scene.of.parts.mentoring.load(MentorProfile, MentorProfile.id_of(mentor.id))
    value, bypasses = profile.published, Bypasses()
    assert value is not None
    if bypass == "by_a_check_from_before_a_withdrawal":
        bypasses.meanwhile = lambda: withdraw(mentor)  # type: ignore[method-assign]  # the planted moment
    address = _plant(scene, getattr(bypasses, bypass), value)
    tracer = Tracer(scene.of.parts.pool.connection)

    with tracer.watching():
        # A check that is kept is the first request's own, and only the second goes without.
        for turn in range(2 if bypass == "by_a_check_that_is_kept" else 1):
            with tracer.span(f"{bypass} {turn}"):
                assert SENTINEL in scene.of.now.anybody.get(address).text

    assert tracer.of(f"{bypass} {turn}")[-1].fault == PLANTED[bypass]


def test_what_does_everything_right_beside_the_door_is_caught_too(scene: Scene) -> None:
    mentor = _with_a_profile(scene)
    profile = scene.of.parts.mentoring.load(MentorProfile, MentorProfile.id_of(mentor.id))
    assert profile.published is not None

    def beside(request: Request, value: Sealed) -> str:
        done(mentor.get(f"/mentor-profiles/{mentor.id}"))
        _ledger(request, value).require_live(
            Purpose(value.purpose), request.app.state.parts.clock()
        )
        return _unsealed(request, value)

    address = _plant(scene, beside, profile.published)
    tracer = Tracer(scene.of.parts.pool.connection)
    with tracer.watching(), tracer.span("beside"):
        scene.of.now.anybody.get(address)
    assert tracer.of("beside")[-1].fault == NOT_BY_THE_DOOR


def _with_a_profile(scene: Scene) -> Somebody:
    mentor = scene.of.now.person(Role.MENTOR)
    give_consent(mentor, "take_part", "share_profile")
    done(mentor.post("/me/mentor-profile", {}))
    shown = {"display_name": "Zelda", "words": SENTINEL}
    done(mentor.put("/me/mentor-profile/published", shown))
    return mentor


def withdraw(person: Somebody) -> None:
    done(person.post("/me/consents/share_profile/withdrawal"))


def _plant(scene: Scene, opens: Callable[[Request, Sealed], str], value: Sealed) -> str:
    """A route that opens a value in its own way."""
    router, path = APIRouter(), f"/planted/{uuid4()}"

    @router.get(path)
    def planted(request: Request) -> str:
        return opens(request, value)

    scene.of.now.app.include_router(router)
    return ORIGIN + path


def _unsealed(request: Request, value: Sealed) -> str:
    named = request.app.state.parts.keyring.field_key(value.compartment, value.key_id)
    return str(named.key.open(value.ciphertext, _place(value), record="planted"))


def _place(value: Sealed) -> Any:
    return field_place(value.compartment, value.owner, value.purpose, value.field)


def _ledger(request: Request, value: Sealed) -> ConsentLedger:
    mentoring = request.app.state.parts.mentoring
    ledger: ConsentLedger = mentoring.load(ConsentLedger, ConsentLedger.id_of(value.owner))
    return ledger
