"""What lies on whose desk: disclosures, concerns and requests about one's own record; ids and dates, no content.

Of a disclosure nothing here says whom it is about before they know of it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql

from domain.concern import Concern
from domain.disclosure import Disclosure
from domain.rights_request import RightsRequest
from domain.values import Role
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


class DeskKind(StrEnum):
    """What lies there, by the neutral name that streams of it have."""

    DISCLOSURE = Disclosure.TOPIC
    CONCERN = Concern.TOPIC
    RIGHTS_REQUEST = RightsRequest.TOPIC


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changes of where a record lies; None leaves as it was, and what is forgotten has no such day."""

    holder: str | None = None
    person: UUID | None = None
    due_on: date | None = None
    over_since: datetime | None = None
    is_forgotten: bool = False


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """These are rare, so each event is written by itself."""
    for entry in entries:
        if entry.topic in BEGINNINGS:
            kind = entry.topic.partition(".")[0]
            tables.run("begin", record=entry.stream, position=entry.position, kind=kind)
        tables.run("change", record=entry.stream, **asdict(change(entry.event)))


@singledispatch
def change(_event: object) -> Change:
    """Where a record lies after one event."""
    raise NotImplementedError


@change.register
def _(_event: Disclosure.Created) -> Change:
    return Change(holder=Role.SAFEGUARDING_LEAD.value)


@change.register
def _(event: Disclosure.Told) -> Change:
    return Change(person=event.person)


@change.register
def _(event: Disclosure.Declined) -> Change:
    return Change(over_since=event.timestamp)


@change.register
def _(event: Disclosure.Made) -> Change:
    return Change(due_on=event.review_on)


@change.register
def _(event: Disclosure.Reviewed) -> Change:
    if event.review_on is None:
        return Change(over_since=event.timestamp)
    return Change(due_on=event.review_on)


@change.register
def _(_event: Disclosure.Forgotten) -> Change:
    return Change(is_forgotten=True)


@change.register
def _(event: Concern.Created) -> Change:
    return Change(holder=event.desk.value, person=event.actor)


@change.register
def _(event: Concern.Triaged) -> Change:
    return Change(holder=event.desk.value)


@change.register
def _(event: Concern.Closed) -> Change:
    return Change(over_since=event.timestamp)


@change.register
def _(_event: Concern.Forgotten) -> Change:
    return Change(is_forgotten=True)


@change.register
def _(event: RightsRequest.Created) -> Change:
    holder = Role.DATA_PROTECTION_LEAD.value
    return Change(holder=holder, person=event.actor, due_on=event.due_on)


@change.register
def _(event: RightsRequest.Extended) -> Change:
    return Change(due_on=event.due_on)


@change.register
def _(event: RightsRequest.Answered) -> Change:
    return Change(over_since=event.timestamp)


@change.register
def _(event: RightsRequest.Refused) -> Change:
    return Change(over_since=event.timestamp)


@change.register
def _(_event: RightsRequest.Forgotten) -> Change:
    return Change(is_forgotten=True)


BEGINNINGS = frozenset(
    {Disclosure.Created.TOPIC, Concern.Created.TOPIC, RightsRequest.Created.TOPIC}
)

DESKS = ReadModel(
    name="desks",
    version=1,
    tables=("desk_item",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change),
    apply=apply,
)
