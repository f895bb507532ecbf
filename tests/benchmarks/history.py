"""A long log: copies of one recorded, simulated life under fresh ids, sealed as the service seals and loaded in bulk."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import psycopg

from api.bootstrap import Parts
from crypto.event_store.mapper import SealedEvent
from tests.benchmarks.world import World
from tests.recorded_life import Event, recorded_life

CHUNK = 2_000


def load_history(world: World, parts: Parts, events: int) -> int:
    """Seal and load about so many events; answers how many."""
    loaded, lives = 0, _lives()
    with psycopg.connect(world.superuser_url) as connection:
        while loaded < events:
            batch = list(islice(lives, CHUNK))
            sealed = [parts.mapper.to_stored_event(event) for event in batch]
            _copy(connection, parts, sealed)
            loaded += len(batch)
    return loaded


def _lives() -> Iterator[Event]:
    """One life after another, for ever."""
    while True:
        yield from recorded_life().again(mask=uuid4().int).events()


def _copy(connection: psycopg.Connection[Any], parts: Parts, sealed: Sequence[SealedEvent]) -> None:
    used = {key_id for event in sealed for _, key_id in event.uses}
    new_keys = parts.keyring.new_keys(used)
    with connection.cursor() as cursor:
        with cursor.copy(
            "COPY keys.data_key (compartment, key_id, owner, purpose, epoch, wrapped_key) FROM STDIN"
        ) as copy:
            for key in new_keys:
                record = key.record
                copy.write_row(
                    (
                        key.named.compartment,
                        record.key_id,
                        record.owner,
                        record.purpose,
                        record.epoch,
                        record.wrapped_key,
                    )
                )
        before = cursor.execute("SELECT coalesce(max(position), 0) FROM record.event").fetchone()
        assert before is not None
        with cursor.copy(
            "COPY record.event (position, originator_id, originator_version, topic, state, "
            "recorded_at, command_id, salt) FROM STDIN"
        ) as copy:
            for position, event in enumerate(sealed, before[0] + 1):
                copy.write_row(
                    (
                        position,
                        event.originator_id,
                        event.originator_version,
                        event.topic,
                        event.state,
                        datetime.now(UTC),
                        event.originator_id,
                        event.salt,
                    )
                )
    connection.commit()
    parts.keyring.settle(used)
