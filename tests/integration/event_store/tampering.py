"""Whoever owns the tables, and what they try: each attack is one statement of the `.sql` beside this file."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aiosql
import psycopg
from eventsourcing.persistence import StoredEvent

from crypto.event_store.mapper import SealingMapper
from crypto.key_store import KeyStore
from crypto.keyring import Keyring
from crypto.kms.local import LocalKeyService
from tests.databases import Database
from tests.event_store import CARD_EVENTS, Store, joined, keep_branch_keys, key_files, new_card

ATTACKS = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)


def attacks_on(what: str) -> list[str]:
    """The names of the attacks on one kind of row, but for those that take it away."""
    return [
        name
        for name in ATTACKS.available_queries
        if name.startswith(what) and not name.endswith(("_cursor", "_gone", "_restored"))
    ]


@dataclass(frozen=True)
class Tampering:
    """A store, the owner of its tables, and eyes that have seen nothing yet."""

    store: Store
    owner: psycopg.Connection[tuple[object, ...]]
    files: dict[str, Path]

    def begin(self, history: list[int]) -> list[UUID]:
        """So many streams with so many events after their first, all of different words."""
        cards = [new_card(n=number) for number in range(len(history))]
        for card, events in zip(cards, history, strict=True):
            for number in range(events):
                card.say({"n": number})
        self.store.commit(*cards)
        return [card.id for card in cards]

    def rows(self, streams: list[UUID]) -> dict[str, StoredEvent]:
        """The stored events of these streams by their names."""
        # Not by the recorder, which hands out nothing of a stream with a hole.
        found = self.owner.execute(ATTACKS.rows_of_streams.sql.encode(), {"streams": streams})
        return {name_of(row): row for row in (StoredEvent(*values) for values in found)}

    def attack(self, how: str, **values: object) -> None:
        """Change something as the owner, who is asked by nobody."""
        changed = self.owner.execute(getattr(ATTACKS, how).sql.encode(), values)
        assert changed.rowcount > 0, "the attack found no row"

    def fresh_keyring(self) -> Keyring:
        """A keyring as of a process that has just begun."""
        return Keyring(KeyStore(self.store.keyring._store._pool), LocalKeyService(self.files))

    def fresh_mapper(self) -> SealingMapper:
        """A mapper that has no key yet."""
        return SealingMapper(self.fresh_keyring(), CARD_EVENTS)


@contextmanager
def tampering_with(database: Database, folder: Path) -> Iterator[Tampering]:
    """A joined store over a database that its owner tampers with."""
    files = key_files(folder)
    keep_branch_keys(database.owner_url, files)
    with ExitStack() as stack:
        owner = stack.enter_context(psycopg.connect(database.owner_url, autocommit=True))
        store = stack.enter_context(joined(database.api_url, files))
        yield Tampering(store, owner, files)


def name_of(stored: StoredEvent) -> str:
    return f"event {stored.originator_id} version {stored.originator_version}"
