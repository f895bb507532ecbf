"""Rotations as the keeper runs them, for tests."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from psycopg_pool import ConnectionPool

from api.carrying_out import TRIES
from crypto.errors import KeyNotLive
from crypto.kms import KeyService
from crypto.kms.local import LocalKeyService
from crypto.rotation import Rotation, rotation
from tests.databases import Database
from tests.event_store import KEY_POOL

Result = TypeVar("Result")


@contextmanager
def a_rotation(database: Database, service: KeyService, **how: Any) -> Iterator[Rotation]:
    with (
        ConnectionPool(database.keeper_url, **KEY_POOL, open=True) as pool,
        rotation(pool, service, **how) as made,
    ):
        yield made


def rotate(database: Database, files: Mapping[str, Path], **how: Any) -> None:
    """Ask for a rotation and carry it out, in every compartment."""
    with a_rotation(database, LocalKeyService(files), **how) as made:
        made.carry_out(ask=True)


def decided_anew(decide: Callable[[], Result]) -> Result:
    """As `carry_out` does for every command: again, and as often, when an epoch closed meanwhile."""
    for _ in range(TRIES - 1):
        with suppress(KeyNotLive):
            return decide()
    return decide()
