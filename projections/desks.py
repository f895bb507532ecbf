"""What lies on whose desk: disclosures, concerns, requests about one's own record; ids and dates, no content.

Of a disclosure nothing here says whom it is about before they know of it. Whether those who handle it were told that
it waits, and that it falls due, stands here too.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql

from domain.bell import Bell
from domain.concern import Concern
from domain.disclosure import Disclosure
from domain.erasure import Erasure
from domain.rights_request import RightsRequest
from domain.values import Role
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


class DeskKind(StrEnum):
    """What lies there, by the neutral name that streams of it have."""

    DISCLOSURE = Disclosure.TOPIC
    CONCERN = Concern.TOPIC
    RIGHTS_REQUEST = RightsRequest.TOPIC
    ERASURE = Erasure.TOPIC


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changes of where a record lies; None leaves as it was, and what is forgotten has no such day.

    `rung_to` is for whom a bell was rung: a role, or the one who handles it; `rung_due` for which day.
    """

    holder: str | None = None
    handler: str | None = None
    person: UUID | None = None
    due_on: date | None = None
    look_again_on: date | None = None
    over_since: datetime | None = None
    rung_to: str | None = None
    rung_due: date | None = None
    is_looked_at: bool = False
    is_forgotten: bool = False


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """These are rare, so each event is written by itself."""
    for entry in entries:
        if entry.topic in BEGINNINGS:
            kind = entry.topic.partition(".")[0]
            tables.run("begin", record=entry.stream, position=entry.position, kind=kind)
        record = entry.event.about if isinstance(entry.event, Bell.Created) else entry.stream
        tables.run("change", record=record, **asdict(change(entry.event)))


@singledispatch
def change(_event: object) -> Change:
    """Where a record lies after one event."""
    raise NotImplementedError


@change.register
def _(_event: Disclosure.Created) -> Change:
    return Change(holder=Role.SAFEGUARDING_LEAD.value)


@change.register
def _(event: Disclosure.Told) -> Change:
    return Change(person=event.person, is_looked_at=True)


@change.register
def _(event: Disclosure.TellingPutOff) -> Change:
    return Change(look_again_on=event.look_again_on)


@change.register
def _(event: Disclosure.Made) -> Change:
    return Change(due_on=event.review_on)


@change.register
def _(event: Disclosure.Reviewed) -> Change:
    if event.review_on is None:
        return Change(over_since=event.timestamp)
    return Change(due_on=event.review_on)


@change.register
def _(event: Concern.Created) -> Change:
    return Change(holder=event.desk.value, person=event.actor)


@change.register
def _(event: Concern.Triaged) -> Change:
    return Change(holder=event.desk.value)


@change.register
def _(event: Concern.Assigned) -> Change:
    """Who takes it knows of it; to whom it is handed over is told."""
    handler = str(event.to)
    return Change(handler=handler, rung_to=handler if event.actor == event.to else None)


@change.register
def _(event: RightsRequest.Created) -> Change:
    return _of_the_rights_desk(event.actor, event.due_on)


@change.register
def _(event: Erasure.Created) -> Change:
    return _of_the_rights_desk(event.person, event.due_on)


@change.register
def _(event: RightsRequest.Extended) -> Change:
    return Change(due_on=event.due_on)


@change.register
def _(event: Erasure.Held) -> Change:
    return Change(look_again_on=event.review_on)


@change.register
def _(_event: Erasure.HoldLifted) -> Change:
    return Change(is_looked_at=True)


@change.register(Disclosure.Declined)
@change.register(Concern.Closed)
@change.register(RightsRequest.Answered)
@change.register(RightsRequest.Refused)
@change.register(Erasure.TakenBack)
@change.register(Erasure.Refused)
@change.register(Erasure.Granted)
def _(event: Concern.Closed) -> Change:
    return Change(over_since=event.timestamp)


@change.register(Disclosure.Forgotten)
@change.register(Concern.Forgotten)
@change.register(RightsRequest.Forgotten)
def _(_event: object) -> Change:
    return Change(is_forgotten=True)


@change.register
def _(event: Bell.Created) -> Change:
    if event.due_on is not None:
        return Change(rung_due=event.due_on)
    return Change(rung_to=str(event.handler or event.desk.value))


def _of_the_rights_desk(person: UUID, due_on: date) -> Change:
    return Change(holder=Role.DATA_PROTECTION_LEAD.value, person=person, due_on=due_on)


BEGINNINGS = frozenset(each.Created.TOPIC for each in (Disclosure, Concern, RightsRequest, Erasure))

DESKS = ReadModel(
    name="desks",
    version=2,
    tables=("desk_item",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change),
    apply=apply,
)
