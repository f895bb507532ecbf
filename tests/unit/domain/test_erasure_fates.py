"""No kind of stream and no sealed field is forgotten in what the specification says of an erasure."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints
from uuid import uuid4

from domain import AGGREGATES, EVENT_CLASSES
from domain.aggregate import Aggregate
from domain.policies.erasure import FATES, Fate, streams_of
from domain.values import Sealed

SPECIFICATION = Path(__file__).parents[3] / "docs" / "specs" / "erasure.md"
STREAM = re.compile(r"^\| `(\w+)` \| (deleted|kept) \| \S", re.MULTILINE)
FIELD = re.compile(r"^\| `([\w.]+)` \| `(\w+)` \| (deleted|unreadable|kept) \|$", re.MULTILINE)
SEALED_ON_DEVICES = {
    ("binder.set_opened", "statement"),
    ("binder.set_handed_over", "sealed_key"),
    ("binder.item_added", "sealed_entry"),
    ("binder.item_added", "wrapped_entry_key"),
    ("binder.set_passed_on", "statement"),
    ("binder.item_kept", "sealed_entry"),
    ("binder.item_kept", "locked_entry_key"),
    ("locker.begun", "wrappers"),
    ("locker.begun", "sealed_identity"),
    ("locker.begun_anew", "wrappers"),
    ("locker.begun_anew", "sealed_identity"),
    ("locker.way_added", "wrapped_key"),
    ("locker.content_replaced", "sealed_identity"),
}
UNDER_NO_PERSONS_KEY = {
    ("matter.opened", "facts"),
    ("matter.opened", "recipient"),
    ("feedback.given", "answers"),
    ("feedback_box.dropped", "answers"),
    ("feedback_stamp.made", "secret"),
    ("suggestion.answered", "gist"),
    ("suggestion.answered", "answer"),
}
"""What had to be told by law, and answers that lead to nobody, go when their time is over, with nobody's erasure."""
PLAIN_BYTES = {
    "digest",
    "input_digest",
    "key_id",
    "hpke_public",
    "signing_public",
    "salt",
    "credential_hash",
}
"""Bytes that anybody may see: digests of published words, public keys, and what names and salts a wrapper."""


def fields_of(event: type[Aggregate.Event]) -> Iterator[tuple[str, str]]:
    for name, hint in get_type_hints(event).items():
        yield name, str(hint)


def fields_with(part: str) -> set[tuple[str, str]]:
    return {
        (topic, name)
        for topic, event in EVENT_CLASSES.items()
        for name, hint in fields_of(event)
        if part in hint
    }


def written() -> str:
    return SPECIFICATION.read_text("utf-8")


def test_every_kind_of_stream_has_a_fate() -> None:
    assert set(FATES) == {aggregate.TOPIC for aggregate in AGGREGATES}


def test_the_specification_tells_the_fates_that_the_policy_has() -> None:
    assert {name: Fate(fate) for name, fate in STREAM.findall(written())} == dict(FATES)


def test_the_specification_lists_every_sealed_field_once() -> None:
    listed = [(topic, name) for topic, name, _ in FIELD.findall(written())]
    sealed = fields_with(f"{Sealed.__module__}.{Sealed.__name__}")

    assert sealed
    assert sorted(listed) == sorted(sealed | SEALED_ON_DEVICES)


def test_a_field_goes_with_a_stream_that_is_deleted_and_no_longer_opens_in_any_other() -> None:
    for topic, name, fate in FIELD.findall(written()):
        stream = FATES[topic.partition(".")[0]]
        stays = (
            "kept" if (topic, name) in SEALED_ON_DEVICES | UNDER_NO_PERSONS_KEY else "unreadable"
        )
        assert fate == ("deleted" if stream is Fate.DELETED else stays)


def test_no_bytes_are_left_out_because_they_are_called_something_else() -> None:
    """Whoever adds bytes to an event says whether they are sealed."""
    unknown = {
        (topic, name) for topic, name in fields_with("bytes") if name not in PLAIN_BYTES
    } - SEALED_ON_DEVICES

    assert unknown == set()


def test_every_deleted_stream_of_a_person_is_named() -> None:
    person = uuid4()
    streams = streams_of(person)

    assert streams[0] == person
    assert len(set(streams)) == len([fate for fate in FATES.values() if fate is Fate.DELETED])
