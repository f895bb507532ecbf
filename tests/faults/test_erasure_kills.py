"""Two clerks that are killed again and again erase everybody whom it was decided to erase, once each."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from api.embedded_postgres.processes import wait_until
from api.erasing.journal import Journal
from domain.erasure import Erasure
from domain.policies.erasure import streams_of
from domain.relationship_events import RelationshipEvents as Happened
from tests.databases import Database
from tests.erasing import ask, grant, keys_but_of, rows_but_of, states_of, wrapped_keys_of
from tests.erasing import world_with_read_models as world
from tests.faults.clerking import World
from tests.faults.test_clerk_kills import Clerks

ROUNDS = int(os.environ.get("VOUCHSAFE_FAULT_ROUNDS", "1"))
PATIENCE_SECONDS = 120.0


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_everybody_who_was_to_be_erased_is_erased_once_through_kills(
    of: World, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - chooses moments, keeps no secret
    matches, other = [of.meeting() for _ in range(3)], of.meeting()
    gone = [each.mentee if n % 2 else each.mentor for n, each in enumerate(matches)]
    owners = [stream for person in gone for stream in streams_of(person.id)]
    theirs = [*streams_of(other.mentee.id), *streams_of(other.mentor.id), other.relationship]
    before = [row for row in rows_but_of(of, owners) if row[1] in theirs]
    keys = [row for row in keys_but_of(of, owners) if row[2] in theirs]
    clerks = Clerks(of, tmp_path, 2)
    try:
        erasures: list[UUID] = []
        for person in gone:
            erasures.append(ask(person))
            grant(of, erasures[-1])
            wait_until(lambda: False, chance.uniform(0, 1.5))
            clerks.kill_one(chance)
        assert wait_until(lambda: has_erased(of, erasures), PATIENCE_SECONDS)
    finally:
        clerks.stop()
    assert of.times(Erasure.CarriedOut.TOPIC) == dict.fromkeys(erasures, 1)
    assert of.times(Happened.Closed.TOPIC) == {each.relationship: 1 for each in matches}
    assert {line.erasure for line in Journal(of.journal).lines()} == set(erasures)
    for person in gone:
        assert set(states_of(of, person.id)) == {b""}
        assert wrapped_keys_of(of, person.id) == []
    assert [row for row in rows_but_of(of, owners) if row[1] in theirs] == before
    assert [row for row in keys_but_of(of, owners) if row[2] in theirs] == keys


def has_erased(of: World, erasures: list[UUID]) -> bool:
    return len(of.times(Erasure.CarriedOut.TOPIC)) == len(erasures)
