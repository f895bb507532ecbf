"""Whatever a service swaps, drops, repeats, moves or mixes at random: a participant reads the truth, or its beginning and a warning."""

import base64
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.participant import ParticipantClient, ParticipantFolder
from api.participant.errors import ParticipantError
from crypto.sealing import Audience, SealingError
from tests.unit.participant.conftest import PairOfClients
from tests.unit.participant.keeper import Keeper

Shown = dict[str, Any]
Told = tuple[Audience, int, object, str | None, bool]
PARTS = {
    "entries": ("sealed_entry", "wrapped_entry_key", "audience"),
    "epochs": ("statement", "sealed_key", "audience", "granter", "readers"),
}
numbers = st.integers(min_value=0, max_value=1000)


class World:
    """One notebook with both strands, two epochs, a shared own entry and a destroyed one; read by the mentee."""

    def __init__(self, folder: Path) -> None:
        self.keeper = Keeper()
        self.pair = PairOfClients(self.keeper, folder)
        mentee, relationship = self.pair.mentee, self.pair.relationship
        for each in (mentee, self.pair.mentor):
            each.make_keys()
        own = [mentee.write(relationship, f"own {number}") for number in range(3)]
        for writer, text in ((mentee, "one"), (self.pair.mentor, "two"), (mentee, "three")):
            writer.write(relationship, text, audience=Audience.SHARED)
        mentee.share(relationship, own[0])
        mentee.destroy(relationship, own[1])
        renewed = ParticipantClient(
            ParticipantFolder(folder / "renewed"), self.pair.mentor._service
        )
        mentee.accept_keys(relationship, renewed.make_keys())
        mentee.write(relationship, "four", audience=Audience.SHARED)
        self.truth = self.read()
        (seen,) = (folder / "mentee").glob("seen-*")
        self._seen, self._memory = seen, seen.read_bytes()

    def read(self) -> list[Told]:
        """What the mentee reads."""
        reading = self.pair.mentee.read(self.pair.relationship)
        self.trouble = reading.trouble
        return [(e.audience, e.position, e.id, e.text, e.is_mine) for e in reading]

    def read_lied_to(self, lie: Callable[[Shown], None]) -> list[Told]:
        """The same from a service that lies; what is remembered of it is forgotten again."""
        self.keeper.lie = lie
        try:
            return self.read()
        finally:
            self.keeper.lie = None
            self._seen.write_bytes(self._memory)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("people"))


@st.composite
def lies(draw: st.DrawFn) -> Callable[[Shown], None]:
    """One to three changes of what is shown."""
    steps = draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(PARTS)), numbers, numbers, numbers),
            min_size=1,
            max_size=3,
        )
    )

    def lie(shown: Shown) -> None:
        for kind, how, at, to in steps:
            if shown[kind]:
                change(shown[kind], PARTS[kind], how, at % len(shown[kind]), to % len(shown[kind]))

    return lie


def change(rows: list[Shown], names: tuple[str, ...], how: int, at: int, to: int) -> None:
    """One change: of the order of the rows, or of one part of a row."""
    name, rest = names[how % len(names)], how // 7
    if how % 7 == 0:
        rows[at], rows[to] = rows[to], rows[at]
    elif how % 7 == 1:
        del rows[at]
    elif how % 7 == 2:
        rows.insert(to, copy.deepcopy(rows[at]))
    elif how % 7 == 3:
        rows[at][name] = copy.deepcopy(rows[to][name])
    elif how % 7 == 4:
        del rows[at:]
    elif isinstance(rows[at][name], str) and name not in {"audience", "granter"}:
        rows[at][name] = bent(rows[at][name], rest)
    elif name == "wrapped_entry_key":
        rows[at][name] = base64.b64encode(bytes(63)).decode()


def bent(text: str, at: int) -> str:
    """Base64 with one byte changed, or one less."""
    content = bytearray(base64.b64decode(text))
    if at % 5 == 0:
        return base64.b64encode(content[:-1]).decode()
    content[at % len(content)] ^= 1 << at % 8
    return base64.b64encode(content).decode()


def test_an_honest_service_shows_all_of_it(world: World) -> None:
    texts = [text for _, _, _, text, _ in world.truth]
    assert texts == ["own 0", None, "own 2", "one", "two", "three", "own 0", "four"]
    assert world.trouble is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(lie=lies())
def test_a_lie_shows_the_truth_or_its_beginning_and_a_warning(
    world: World, lie: Callable[[Shown], None]
) -> None:
    try:
        told = world.read_lied_to(lie)
    except (ParticipantError, SealingError):
        return
    for audience in Audience:
        truth = [each for each in world.truth if each[0] is audience]
        seen = [each for each in told if each[0] is audience]
        assert [each for each in zip(seen, truth, strict=False) if not agree(*each)] == []
        assert len(seen) == len(truth) or (audience is Audience.SHARED and world.trouble)
    assert world.read() == world.truth


def agree(seen: Told, truth: Told) -> bool:
    """Nobody signs that an entry was destroyed, so its text may be missing, and nothing else."""
    return seen[:3] == truth[:3] and seen[4] == truth[4] and seen[3] in {truth[3], None}
