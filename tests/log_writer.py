"""A process that appends to the log in every way a process can, and says what was acknowledged.

Run with the key files' folder and a number of seconds; the database's URL comes first on the input.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from uuid import uuid4

import psycopg

from crypto.errors import RecordingError
from crypto.event_store.append import Append, values_of
from crypto.event_store.recorder import QUERIES
from domain.mentoring import CommandRecord
from tests.event_store import Store, joined, key_files, new_card

THREADS = 3
SAYING = Lock()


def append(store: Store, _: str) -> None:
    card = new_card()
    for number in range(random.randrange(4)):  # noqa: S311 - a mixture, not a secret
        card.say({"n": number})
    say(store.commit(card))


def conflict(store: Store, _: str) -> None:
    """Two stale copies of one stream: the second is rolled back after it had drawn positions."""
    card = store.begin()
    first, second = store.load(card.id), store.load(card.id)
    first.say({})
    second.say({})
    say(store.commit(first))
    try:
        store.commit(second)
    except RecordingError:
        return
    say(-1)


def linger(store: Store, url: str, *, keep: bool) -> None:
    """Append in a transaction that stays open for a while after it has drawn its positions."""
    card = new_card()
    events = [store.mapper.to_stored_event(event) for event in card.pending_events]
    new_keys = store.keyring.new_keys(key_id for event in events for _, key_id in event.uses)
    values = values_of([Append(CommandRecord(uuid4(), b"", card.id, 1), events, new_keys)])
    with psycopg.connect(url) as connection:
        row = connection.execute(QUERIES.append.sql, values).fetchone()
        for _ in range(random.randrange(8)):  # noqa: S311 - a mixture, not a secret
            connection.execute("SELECT 1")
        if not keep:
            connection.rollback()
    if keep and row is not None:
        say(row[2])


def linger_and_commit(store: Store, url: str) -> None:
    linger(store, url, keep=True)


def linger_and_roll_back(store: Store, url: str) -> None:
    linger(store, url, keep=False)


WAYS: tuple[Callable[[Store, str], None], ...] = (
    append,
    append,
    conflict,
    linger_and_commit,
    linger_and_roll_back,
)


def say(position: int) -> None:
    with SAYING:
        sys.stdout.write(f"{position}\n")
        sys.stdout.flush()


def write_until(end: float, store: Store, url: str) -> None:
    while monotonic() < end:
        random.choice(WAYS)(store, url)  # noqa: S311 - a mixture, not a secret


def main() -> None:
    url, folder, seconds = sys.stdin.readline().strip(), Path(sys.argv[1]), float(sys.argv[2])
    with joined(url, key_files(folder)) as store:
        end = monotonic() + seconds
        threads = [Thread(target=write_until, args=(end, store, url)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
