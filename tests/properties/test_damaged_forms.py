"""Wrong length, version, encoding, order or kind, one at a time and many at once: always a named error that tells nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.doors import Door, doors


@pytest.fixture(scope="module")
def all_doors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Door]:
    return {door.name: door for door in doors(tmp_path_factory.mktemp("doors"))}


NAMES = [
    "an envelope",
    "padding",
    "a wrapped data key",
    "a data key",
    "a local key file",
    "a journal of erasures",
    "a kept identity",
    "a kept memory",
    "a private identity",
    "a public identity",
    "a statement",
    "a sealed notebook key",
    "a statement of passing on",
    "a key that is passed on",
    "an entry",
    "a wrapped entry key",
    "a chain",
    "a header",
    "a body",
    "a statement seen from outside",
    "a statement of passing on seen from outside",
    "an entry seen from outside",
    "a grant seen from outside",
    "a wrapped key seen from outside",
    "a notebook as it is shown",
]

numbers = st.integers(min_value=0, max_value=10_000)
some_bytes = st.binary(max_size=40)


def test_these_are_all_doors(all_doors: dict[str, Door]) -> None:
    assert list(all_doors) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_door_opens_for_what_is_good(all_doors: dict[str, Door], name: str) -> None:
    door = all_doors[name]
    door.open(door.good)
    assert door.knock(door.good) is None


def one_at_a_time(good: bytes) -> Iterator[bytes]:
    """Each length near the ends, each first byte, each bit of the first 200 bytes, each form in place of another."""
    for size in (*range(min(len(good), 130)), *range(max(0, len(good) - 130), len(good))):
        yield good[:size]
        yield good[len(good) - size :]
    for value in range(256):
        yield bytes((value,)) + good[1:]
        yield good + bytes((value,))
    for at in range(min(len(good), 200)):
        for change in (1, 2, 4, 8, 16, 32, 64, 128):
            yield good[:at] + bytes((good[at] ^ change,)) + good[at + 1 :]
    yield from (good * 2, good[::-1], bytes(len(good)), b"\xff" * len(good), b"[" * 100_000)


@pytest.mark.parametrize("name", NAMES)
def test_one_thing_wrong_is_refused_by_name(all_doors: dict[str, Door], name: str) -> None:
    door = all_doors[name]
    others = [each.good for each in all_doors.values()]
    tried = [*one_at_a_time(door.good), *others]
    assert {wrong for each in tried if (wrong := door.knock(each))} == set()


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """The good bytes after several changes, each of another kind."""
    data = good
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        at = draw(numbers) % (len(data) + 1)
        to = at + draw(st.integers(min_value=0, max_value=64))
        piece = draw(some_bytes)
        data = draw(
            st.sampled_from(
                [
                    data[:at] + piece + data[at:],
                    data[:at] + piece + data[at + len(piece) :],
                    data[:at] + data[to:],
                    data[:to] + data[at:],
                    data[to:] + data[:to],
                    data[:at] + data[at:to][::-1] + data[to:],
                    data[:at] + bytes(to - at) + data[to:],
                ]
            )
        )
    return data


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(data=st.data())
def test_many_things_wrong_are_refused_by_name(
    all_doors: dict[str, Door], name: str, data: st.DataObject
) -> None:
    door = all_doors[name]
    assert door.knock(data.draw(st.one_of(damaged(door.good), st.binary(max_size=300)))) is None


def test_a_leak_through_a_door_would_be_seen(tmp_path: Path) -> None:
    def leaks(data: bytes) -> None:
        raise ValueError(data)

    good = doors(tmp_path)[0]
    for refusals, wrong in (((ValueError,), "repeats"), ((KeyError,), "leaves")):
        seen = Door("a bad door", good.good, leaks, refusals).knock(b"a secret thing")
        assert seen is not None
        assert wrong in seen
