"""The event store joined for tests as a process would join it, with a small aggregate of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.domain import event
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from crypto.event_store.mapper import SealingMapper
from crypto.event_store.recorder import LogRecorder
from crypto.key_store import KeyStore, add_branch_key
from crypto.keyring import Keyring, new_branch_key
from crypto.kms.local import LocalKeyService, make_key_file
from domain.aggregate import Aggregate
from domain.consent_keys import keys_ended_by
from domain.mentoring import Mentoring, Order
from domain.sealed import keys_named_by
from domain.values import Act

KEY_POOL: dict[str, Any] = {"min_size": 1, "max_size": 10, "timeout": 5, "reconnect_timeout": 5}
COMPARTMENTS = ("operational", "contact", "personal", "special", "safeguarding", "locks")


class Card(Aggregate):
    """Stands for any aggregate: it can say anything, name keys and end them."""

    TOPIC = "test.card"

    class Created(Aggregate.Created):
        TOPIC = "test.card_begun"
        words: dict[str, Any]

    class Said(Aggregate.Event):
        TOPIC = "test.card_said"
        words: dict[str, Any]

    class Named(Aggregate.Event):
        TOPIC = "test.card_named"
        compartment: str
        key_id: UUID

    class Ended(Aggregate.Event):
        TOPIC = "test.card_ended"
        compartment: str
        owner: UUID
        purpose: str

    @event(Created)
    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words

    def say(self, words: dict[str, Any]) -> None:
        self.record(self.Said, act(), words=words)

    @event(Said)
    def _said(self, words: dict[str, Any]) -> None:
        self.words = words

    def name_key(self, compartment: str, key_id: UUID) -> None:
        self.record(self.Named, act(), compartment=compartment, key_id=key_id)

    @event(Named)
    def _named(self, compartment: str, key_id: UUID) -> None:
        """Naming a key changes nothing else."""

    def end_keys(self, compartment: str, owner: UUID, purpose: str) -> None:
        self.record(self.Ended, act(), compartment=compartment, owner=owner, purpose=purpose)

    @event(Ended)
    def _ended(self, compartment: str, owner: UUID, purpose: str) -> None:
        """Ending keys changes nothing else."""


CARD_EVENTS = {kind.TOPIC: kind for kind in (Card.Created, Card.Said, Card.Named, Card.Ended)}


def act() -> Act:
    return Act(uuid4(), datetime.now(UTC))


def order(command_id: UUID | None = None) -> Order:
    return Order(act(), command_id or uuid4(), request_mac=b"mac")


def new_card(id: UUID | None = None, **words: object) -> Card:
    return Card.begin(id or uuid4(), act(), words=words)


@dataclass(frozen=True)
class Store:
    """One process's share of the event store."""

    keyring: Keyring
    mapper: SealingMapper
    recorder: LogRecorder
    mentoring: Mentoring

    def begin(self, **words: object) -> Card:
        card = new_card(None, **words)
        self.commit(card)
        return self.load(card.id)

    def commit(self, *cards: Aggregate) -> int:
        return self.mentoring.commit(order(), *cards).position

    def load(self, id: UUID) -> Card:
        return self.mentoring.load(Card, id)


def key_files(folder: Path) -> dict[str, Path]:
    files = {compartment: folder / f"{compartment}.json" for compartment in COMPARTMENTS}
    for compartment, path in files.items():
        make_key_file(path, compartment)
    return files


def keep_branch_keys(owner_url: str, files: Mapping[str, Path]) -> None:
    service = LocalKeyService(files)
    with psycopg.connect(owner_url) as connection:
        for compartment in files:
            add_branch_key(connection, compartment, *new_branch_key(service, compartment))


@contextmanager
def joined(
    url: str,
    files: Mapping[str, Path],
    classes: Mapping[str, type] = CARD_EVENTS,
    **changes: Any,
) -> Iterator[Store]:
    """`changes` are to the way in which the recorder reaches the database."""
    with ConnectionPool(url, **KEY_POOL, open=True) as pool:
        keyring = Keyring(KeyStore(pool), LocalKeyService(files))
        mapper = SealingMapper(keyring, classes, keys_of=_keys_of, ended_by=_ended_by)
        with datastore(url, **changes) as opened:
            recorder = LogRecorder(opened, keyring)
            yield Store(keyring, mapper, recorder, Mentoring(mapper, recorder, recorder.ahead))


def datastore(url: str, **changes: Any) -> PostgresDatastore:
    given = conninfo_to_dict(url)
    where = {name: str(given[name]) for name in ("dbname", "host", "port", "user", "password")}
    how = {"connect_timeout": 5, "pool_size": 1, "max_overflow": 9}
    return PostgresDatastore(**{**where, **how, **changes})


def _keys_of(event: object) -> Iterator[tuple[str, UUID]]:
    if isinstance(event, Card.Named):
        yield event.compartment, event.key_id
    yield from keys_named_by(event)


def _ended_by(event: object) -> Iterator[tuple[str, UUID, str]]:
    if isinstance(event, Card.Ended):
        yield event.compartment, event.owner, event.purpose
    yield from keys_ended_by(event)
