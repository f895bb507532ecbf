"""Rows of a random history are swapped, replayed, relabelled, moved or cut by their owner: each is refused and named.

Rows of other streams open as before. What only a tree of hashes can show is not tried here: newest rows that were taken
away, and another position, time or command.
"""

from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.errors import Tampered
from crypto.event_store.mapper import SealingMapper
from tests.event_store import Card
from tests.integration.event_store.tampering import Tampering, attacks_on

# A slow machine is not a wrong answer; and every example writes to a database.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
histories = st.lists(st.integers(min_value=1, max_value=4), min_size=2, max_size=3)
numbers = st.integers(min_value=0, max_value=10_000)


@unhurried
@given(history=histories, how=st.sampled_from(attacks_on("event")), at=numbers, to=numbers)
def test_a_changed_row_is_named_and_stops_no_other(
    tampering: Tampering, history: list[int], how: str, at: int, to: int
) -> None:
    streams = tampering.begin(history)
    before = tampering.rows(streams)
    tampering.attack(how, **two_of(list(before.values()), at, to))
    after = tampering.rows(streams)
    changed = {name: row for name, row in after.items() if before.get(name) != row}
    assert changed
    answers = dict(zip(after, tampering.fresh_mapper().open_many([*after.values()]), strict=True))
    for name, answer in answers.items():
        if name in changed:
            assert isinstance(answer, Tampered)
            assert answer.record == name
        else:
            assert isinstance(answer, Card.Created | Card.Said)
    for row in changed.values():
        is_refused(tampering, row)


def two_of(rows: list[StoredEvent], at: int, to: int) -> dict[str, object]:
    """Two different rows, as an attack names them."""
    one = rows[at % len(rows)]
    other = [row for row in rows if row is not one][to % (len(rows) - 1)]
    return {
        "one": one.originator_id,
        "one_version": one.originator_version,
        "other": other.originator_id,
        "other_version": other.originator_version,
        "number": to,
    }


def is_refused(tampering: Tampering, row: StoredEvent) -> None:
    """By the strict door too, and with it the stream."""
    mapper: SealingMapper = tampering.fresh_mapper()
    with pytest.raises(Tampered):
        mapper.to_domain_event(row)
    assert isinstance(row.originator_id, UUID)
    with pytest.raises(Tampered):
        tampering.store.load(row.originator_id)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=20)
@given(history=histories, at=numbers)
def test_a_stream_with_a_hole_is_never_loaded_as_if_it_were_whole(
    tampering: Tampering, history: list[int], at: int
) -> None:
    number = at % len(history)
    stream = tampering.begin(history)[number]
    tampering.attack("event_gone", one=stream, one_version=1 + at % history[number])
    with pytest.raises(Tampered):
        tampering.store.load(stream)
