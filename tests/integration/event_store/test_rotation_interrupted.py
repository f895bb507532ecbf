"""A rotation that dies at any step is finished by the next, which begins no epoch of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crypto.errors import KeyServiceError
from crypto.kms.local import LocalKeyService
from tests.databases import Database
from tests.event_store import COMPARTMENTS, Store
from tests.rotating import a_rotation

Owner = psycopg.Connection[tuple[object, ...]]
STEPS = ("epoch", "new_epoch", "wrap", "unwrap", "destroy_epoch", "is_destroyed")


class Died(BaseException):
    """Stands for the end of the process: nothing catches it."""


class Mortal(LocalKeyService):
    """Dies at one of its calls, before or after it has done what was asked."""

    def __init__(self, files: dict[str, Path], lives: int, *, after: bool) -> None:
        super().__init__(files)
        self._lives = lives
        self._after = after

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return self._mortal(found) if name in STEPS else found

    def _mortal(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*arguments: Any) -> Any:
            self._lives -= 1
            if self._lives == 0 and not self._after:
                raise Died
            result = step(*arguments)
            if self._lives == 0:
                raise Died
            return result

        return taken


@pytest.mark.parametrize("after", [False, True])
def test_one_that_dies_at_any_call_of_the_key_service_is_finished_by_the_next(
    store: Store, owner: Owner, database: Database, files: dict[str, Path], *, after: bool
) -> None:
    """Each rotation dies one call later than the one before, until one lives to the end."""
    card, lives, is_finished = store.begin(words="kept"), 1, False
    while not is_finished:
        is_finished = finishes(database, Mortal(files, lives, after=after))
        lives += 1
    assert lives > 3 * len(COMPARTMENTS)
    assert store.load(card.id).words == {"words": "kept"}
    assert owner.execute("SELECT max(epoch), count(*) FROM keys.epoch").fetchall() == [
        (2, 2 * len(COMPARTMENTS))
    ]
    left = "SELECT count(*) FROM keys.epoch WHERE epoch = 1 AND destroyed_at IS NULL"
    assert owner.execute(left).fetchall() == [(0,)]
    assert owner.execute("SELECT count(finished_at) FROM keys.rotation").fetchall() == [(1,)]


def test_an_outage_of_the_key_service_loses_nothing_and_the_next_try_finishes(
    store: Store, database: Database, files: dict[str, Path]
) -> None:
    class Away(LocalKeyService):
        def destroy_epoch(self, compartment: str, epoch: int) -> None:  # noqa: ARG002 - away for whichever
            raise KeyServiceError

    card = store.begin(words="kept")
    with pytest.raises(KeyServiceError), a_rotation(database, Away(files)) as made:
        made.carry_out(ask=True)
    assert store.load(card.id).words == {"words": "kept"}
    assert finishes(database, LocalKeyService(files))
    assert LocalKeyService(files).is_destroyed("operational", 1)


def finishes(database: Database, service: LocalKeyService) -> bool:
    try:
        with a_rotation(database, service) as made:
            made.carry_out(ask=True)
    except Died:
        return False
    return True
