"""A long, believable log, sealed as the service seals it and loaded in bulk."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import psycopg

from api.bootstrap import Parts
from crypto.event_store.mapper import SealedEvent
from domain.aggregate import Aggregate
from domain.place import Place
from domain.proposal import Offer
from domain.relationship import Relationship, RequestFacts
from domain.values import Act, Compartment, Purpose, Sealed
from tests.benchmarks.world import World

CHUNK = 2_000
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def load_history(world: World, parts: Parts, events: int) -> int:
    """Seal and load about so many events; answers how many."""
    loaded = 0
    lives = (event for number in range(events) for event in _life(number))
    with psycopg.connect(world.superuser_url) as connection:
        while loaded < events:
            batch = list(islice(lives, CHUNK))
            sealed = [parts.mapper.to_stored_event(event) for event in batch]
            _copy(connection, parts, sealed)
            loaded += len(batch)
    return loaded


def _life(number: int) -> Iterator[Any]:
    yield from _events(*matched(number))


def matched(
    number: int, key_of: Callable[[UUID], UUID] = lambda _: uuid4()
) -> tuple[Place, Relationship]:
    """One mentee's place and relationship, from its grant to its match; its words are made up."""
    mentee, mentor, coordinator = uuid4(), uuid4(), uuid4()
    at = BEGAN + timedelta(seconds=number)
    by_coordinator = Act(coordinator, at)
    place = Place.grant(uuid4(), agreement=uuid4(), sessions=3, act=by_coordinator)
    subject = Relationship.request(
        uuid4(), RequestFacts(mentee, place.id, themes=_sealed(mentee, key_of)), Act(mentee, at)
    )
    subject.propose_mentor(
        Offer(
            id=uuid4(),
            mentor=mentor,
            rank=1,
            reasons_for_mentee=_sealed(mentee, key_of),
            reasons_for_mentor=_sealed(mentor, key_of),
        ),
        by_coordinator,
    )
    for person in (mentee, mentor):
        subject.accept_proposal(subject.open_proposal.id, 1, Act(person, at))
    subject.match(Act(mentor, at))
    place.take(subject.id, by_coordinator)
    for person in (mentee, mentor):
        subject.accept_agreement(1, Act(person, at))
    return place, subject


def _events(*aggregates: Aggregate) -> Iterator[Any]:
    for aggregate in aggregates:
        yield from aggregate.collect_events()


def _sealed(owner: UUID, key_of: Callable[[UUID], UUID]) -> Sealed:
    """Bytes as long as a sentence under seal; read models copy them and never open them."""
    key_id, ciphertext = key_of(owner), bytes(61 + 256)
    return Sealed(Compartment.PERSONAL, owner, Purpose.TAKE_PART, "words", key_id, ciphertext)


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
