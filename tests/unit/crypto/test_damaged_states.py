"""A state that opened but is not of its class's shape is unreadable, whatever is wrong with it, and its error says nothing of it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from crypto.envelope import SMALLEST_STATE, DataKey, event_place, pad
from crypto.errors import Unreadable
from crypto.event_store.mapper import SealingMapper, _Shape
from crypto.keyring import NamedKey
from domain import EVENT_CLASSES
from domain.aggregate import Aggregate
from tests.vectors.frozen_maker.facts import STREAM, event_of

NAME = f"event {STREAM} version 1"
NAMED = NamedKey("operational", UUID(int=7), DataKey(bytes(range(32))))
NO_KEYRING: Any = None
MAPPER = SealingMapper(NO_KEYRING, EVENT_CLASSES)
"""It is handed each key, so it asks nobody."""
ENCODER = msgspec.msgpack.Encoder(uuid_format="bytes")
OF_NO_FIELD: list[Any] = [
    True,
    1.5,
    float("nan"),
    {1: 2},
    [[]],
    msgspec.msgpack.Ext(5, b"Sentinel"),
    msgspec.msgpack.Ext(-1, b"\xff" * 12),
]
"""Values that no field of any event has, but for one that is a yes or no."""
KINDS = [pytest.param(kind, id=topic) for topic, kind in sorted(EVENT_CLASSES.items())]


def read(kind: type[Aggregate.Event], state: bytes) -> Any:
    """Open a state that was well sealed in its place, whatever it says."""
    where = event_place(STREAM, 1, kind.TOPIC)
    sealed = NAMED.key.seal(pad(state, SMALLEST_STATE), where)
    return MAPPER._open(StoredEvent(STREAM, 1, kind.TOPIC, sealed), NAMED)


def errors_behind(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def no_spans(value: Any) -> Iterator[dict[str, Any]]:
    """Stretches of time that are none; nothing where the value is no such stretch."""
    if isinstance(value, dict) and {"starts_at", "time_zone"} <= set(value):
        yield {**value, "time_zone": "Sentinel/Nowhere"}
        yield {**value, "starts_at": value["ends_at"], "ends_at": value["starts_at"]}


def damaged(good: bytes) -> Iterator[bytes]:
    facts = msgspec.msgpack.decode(good)
    yield from (good[:size] for size in range(len(good)))
    yield from (good + b"\x00", good * 2, b"", b"\xc1", b"\xc0", b"\x90", b"\x80", good[:1] * 9)
    for name in facts:
        yield ENCODER.encode({each: facts[each] for each in facts if each != name})
        strange = [wrong for wrong in OF_NO_FIELD if type(wrong) is not type(facts[name])]
        yield from (ENCODER.encode({**facts, name: wrong}) for wrong in strange)
        yield b"\x81" + ENCODER.encode(name) + b"\x91" * 100_000 + b"\xc0"
        yield ENCODER.encode({**facts, name: msgspec.Raw(b"\xa2\xff\xfe")})
        yield from (ENCODER.encode({**facts, name: wrong}) for wrong in no_spans(facts[name]))
    for version in (2, "1", None, 1.5, [], {}):
        yield ENCODER.encode({**facts, "class_version": version})
    yield b"\x91" * 100_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_of_another_shape_is_unreadable_by_its_name_alone(
    kind: type[Aggregate.Event],
) -> None:
    for state in damaged(_Shape(kind).encode(event_of(kind, 1))):
        with pytest.raises(Unreadable) as refused:
            read(kind, state)
        assert refused.value.record == NAME
        assert {type(each) for each in errors_behind(refused.value)} == {Unreadable}


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_of_its_shape_comes_back_whole(kind: type[Aggregate.Event]) -> None:
    for bare in (False, True):
        event = event_of(kind, 1, bare=bare)
        assert vars(read(kind, _Shape(kind).encode(event))) == vars(event)


def test_a_state_of_one_class_is_never_taken_for_an_unlike_one() -> None:
    """Their topics are bound too; this is what is left if a binding were lost."""
    kinds = list(EVENT_CLASSES.values())
    states = [_Shape(kind).encode(event_of(kind, 1)) for kind in kinds]
    facts = [set(msgspec.msgpack.decode(state)) for state in states]
    pairs = ((one, (one + step) % len(kinds)) for one in range(len(kinds)) for step in range(1, 9))
    unlike = [(one, other) for one, other in pairs if facts[other] - facts[one]]
    assert len(unlike) > 300
    for one, other in unlike:
        with pytest.raises(Unreadable):
            read(kinds[other], states[one])


def test_ids_of_another_length_are_no_ids() -> None:
    kind = EVENT_CLASSES["place.taken"]
    facts = msgspec.msgpack.decode(_Shape(kind).encode(event_of(kind, 1)))
    assert len(facts["relationship"]) == 16
    for wrong in (b"", bytes(15), bytes(17), str(UUID(int=1))[:-1], 7):
        with pytest.raises(Unreadable):
            read(kind, ENCODER.encode({**facts, "relationship": wrong}))
