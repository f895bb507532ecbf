"""Who sees to it that keys are rotated: the clerk asks and warns, and a keeper that should not does not."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from api.bootstrap import keeper
from api.erasing.journal import Journal
from api.erasing.replaying import ErasuresNotReplayed
from api.rotating import RotationCalendar
from api.settings import Settings
from crypto.errors import KeyServiceError
from crypto.key_store import KeyStore
from crypto.keyring import Keyring
from crypto.kms.local import LocalKeyService
from tests.databases import Database
from tests.event_store import Store
from tests.rotating import rotate

Owner = psycopg.Connection[tuple[object, ...]]
AGE = "UPDATE keys.branch_key SET made_at = made_at - interval '31 days'"
ASKED = "SELECT asked_by, finished_at IS NULL FROM keys.rotation"


def test_the_clerk_asks_when_keys_are_old_and_warns_once_when_nobody_rotates_them(
    store: Store, database: Database, owner: Owner
) -> None:
    store.begin()
    calendar = RotationCalendar(timedelta(days=30))
    with psycopg.connect(database.clerk_url, autocommit=True) as clerk, capture_logs() as lines:
        look_now(calendar, clerk)
        assert owner.execute(ASKED).fetchall() == []
        owner.execute(AGE)
        look_now(calendar, clerk)
        assert owner.execute(ASKED).fetchall() == [("vouchsafe_clerk", True)]
        owner.execute("UPDATE keys.rotation SET asked_at = asked_at - interval '2 days'")
        look_now(calendar, clerk)
        look_now(calendar, clerk)
    assert [line["log_level"] for line in lines] == ["info", "critical"]


def test_a_restored_database_is_not_rewrapped_before_the_journal_was_replayed(
    database: Database, files: dict[str, Path], tmp_path: Path
) -> None:
    """Or a key that was erased since the backup would live on under the new epoch."""
    journal = tmp_path / "erasures.journal"
    Journal(journal).add(uuid4(), uuid4(), ())
    settings = Settings(database_url=database.keeper_url, key_files=files, erasure_journal=journal)
    with (
        pytest.raises(ErasuresNotReplayed),
        keeper(settings, progress=lambda *_: None, go_on=lambda: True),
    ):
        pass
    assert LocalKeyService(files).epoch("operational") == 1


def test_while_the_key_service_is_away_a_new_epoch_is_unavailable_and_known_keys_open(
    store: Store, database: Database, files: dict[str, Path]
) -> None:
    """The next try must not take the closed epoch again and again, nor say that a key is gone."""
    cards = [store.begin(), store.begin()]
    service = Away(files)
    pool = store.keyring._store._pool
    ours = Keyring(KeyStore(pool), service)
    ours.stream_key(cards[0].id)
    service.is_away = True
    rotate(database, files)
    assert ours.stream_key(cards[0].id)
    ours.forget([])
    with pytest.raises(KeyServiceError):
        ours.stream_key_or_new(uuid4())
    with pytest.raises(KeyServiceError):
        ours.stream_key(cards[1].id)
    service.is_away = False
    assert ours.stream_key(cards[1].id)
    assert ours.stream_key_or_new(uuid4())


class Away(LocalKeyService):
    is_away = False

    def unwrap(self, compartment: str, epoch: int, wrapped: bytes, context: bytes) -> bytes:
        if self.is_away:
            raise KeyServiceError
        return super().unwrap(compartment, epoch, wrapped, context)


def look_now(calendar: RotationCalendar, clerk: psycopg.Connection[tuple[object, ...]]) -> None:
    calendar._look_at = 0.0
    calendar.look(clerk)
