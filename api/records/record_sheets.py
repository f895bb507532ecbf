"""What is kept about a person beside their own words, as sheets of rows: each for their eyes, for programs and for spreadsheets.

A sheet shows what its person's own pages show, and nothing of anybody else but a pseudonym.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import dict_row
from pydantic import BaseModel

from api.auth.tokens import Tokens
from api.errors import NotThereYet
from api.messages.outbox import QUERIES
from api.records.known_relationships import Known, known_relationships
from api.records.receipts import ReceiptAnswer, receipts
from api.records.record_rows import (
    AccountRow,
    HourRow,
    LookRow,
    MatterRow,
    MessageRow,
    PlaceRow,
    RelationshipRow,
    SessionRow,
    SignInRow,
    SlipRow,
)
from domain.access_register import AccessRegister, Looked
from domain.aggregate import Aggregate
from domain.commands.erasures import find_erasure
from domain.concern import Concern
from domain.disclosure import Disclosure
from domain.feedback_slips import FeedbackSlips
from domain.mentoring import Mentoring, NotFound
from domain.person import Person
from domain.place import Place
from domain.rights_request import RightsRequest
from projections.cpd_questions import held_sessions
from projections.desk_questions import own_items
from projections.desks import DeskKind
from projections.joining_questions import places_of
from projections.reader import NotYet, Reader

MOST_ITEMS = 10_000
"""Of one kind on one desk; nobody has so many."""


@dataclass(frozen=True)
class Sources:
    """Where the sheets of one person come from, read for them at one moment."""

    mentoring: Mentoring
    reader: Reader
    tokens: Tokens
    pool: Any
    person: UUID
    now: datetime


Rows = Callable[[Sources], Iterator[BaseModel]]


def relationships(sources: Sources) -> Iterator[RelationshipRow]:
    """Each as its person's own page shows it."""
    for known in _known(sources):
        found = known.document
        yield RelationshipRow(
            id=found.id,
            your_part=known.part,
            stage=found.stage.value,
            since=found.since,
            kind=found.kind.value,
            mode=found.mode.value,
            cadence=found.cadence.value,
            agreement_accepted=found.agreement.accepted_by_you,
            ended_for=found.closed_for.value if found.closed_for else None,
        )


def sessions(sources: Sources) -> Iterator[SessionRow]:
    """Of all relationships."""
    for known in _known(sources):
        for each in known.document.sessions:
            shown = msgspec.structs.asdict(each)
            chosen = {name: shown[name] for name in SessionRow.model_fields if name in shown}
            yield SessionRow(relationship=known.document.id, **chosen)


def hours(sources: Sources) -> Iterator[HourRow]:
    """What the service vouches for."""
    long_ago = sources.now.replace(year=2000, month=1, day=1)
    for each in held_sessions(sources.reader, sources.person, after=long_ago, before=sources.now):
        yield HourRow(
            session=each.session,
            starts_at=each.starts_at,
            time_zone=each.time_zone,
            minutes=each.minutes,
            mode=each.mode,
        )


def places(sources: Sources) -> Iterator[PlaceRow]:
    """The ledger of each."""
    for row in places_of(sources.reader, sources.person):
        place = sources.mentoring.load(Place, row.place)
        yield PlaceRow(
            id=row.place,
            relationship=row.relationship,
            granted=place.granted,
            reserved=len(place.reserved),
            used=len(place.used),
        )


def consents(sources: Sources) -> Iterator[ReceiptAnswer]:
    """A receipt of each change, made from the record."""
    yield from map(ReceiptAnswer.of, receipts(sources.mentoring, sources.person))


def who_looked(sources: Sources) -> Iterator[LookRow]:
    """Every look, the newest first."""
    register = AccessRegister.id_of(sources.person)
    for event in sources.mentoring.events.get(register, desc=True):
        if isinstance(event, Looked):
            yield LookRow(
                at=event.timestamp,
                action=type(event).__name__.lower(),
                who=event.actor,
                role=event.role.value,
                kind=event.kind.value,
                purpose=event.purpose.value,
                authority=event.authority.value,
                outcome=event.outcome.value,
                relationship=event.subject,
            )


def messages(sources: Sources) -> Iterator[MessageRow]:
    """Those that are kept still; they go 90 days after their end."""
    with sources.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = cursor.execute(QUERIES.of_person.sql, {"person": sources.person}).fetchall()
    yield from (MessageRow(**row) for row in rows)


def sign_ins(sources: Sources) -> Iterator[SignInRow]:
    """Where they are signed in now."""
    for each in sources.tokens.sign_ins(sources.person, sources.now):
        yield SignInRow(
            role=each.role,
            device=each.device,
            began_at=each.made_at,
            seen_at=each.seen_at,
            by_passkey=each.by_passkey,
        )


def account(sources: Sources) -> Iterator[AccountRow]:
    """What was recorded of them as a person, without what is sealed: roles, keys, times away."""
    for event in sources.mentoring.events.get(sources.person):
        if isinstance(event, Aggregate.Event):
            yield AccountRow(
                at=event.timestamp,
                what=str(getattr(type(event), "TOPIC", "")),
                by_you=event.actor == sources.person,
                detail=_detail_of(event),
            )


def matters(sources: Sources) -> Iterator[MatterRow]:
    """What lies or lay on a desk and is theirs to know; of a disclosure only what they were told of."""
    for concern in _of_desk(sources, DeskKind.CONCERN, Concern):
        kind, stage = concern.category.value, concern.stage.value
        yield _matter(concern, "concern", kind, stage, concern.raised_at)
    for request in _of_desk(sources, DeskKind.RIGHTS_REQUEST, RightsRequest):
        kind, stage = request.kind.value, request.stage.value
        row = _matter(request, "rights_request", kind, stage, request.made_at)
        yield row.model_copy(update={"due_on": request.due_on})
    for told in _of_desk(sources, DeskKind.DISCLOSURE, Disclosure):
        yield _matter(told, "disclosure", told.ground.value, told.stage.value, None)
    erasure = find_erasure(sources.mentoring, sources.person)
    if erasure is not None:
        row = _matter(erasure, "erasure", "erasure", erasure.stage.value, None)
        yield row.model_copy(update={"due_on": erasure.due_on})


def slips(sources: Sources) -> Iterator[SlipRow]:
    """For which endings they took a slip; never which slip."""
    for known in _known(sources):
        try:
            found = sources.mentoring.load(FeedbackSlips, FeedbackSlips.id_of(known.document.id))
        except NotFound:
            continue
        taken = sources.person in found.taken_by
        yield SlipRow(relationship=known.document.id, was_taken=taken)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: what it is called in files and for people, what its rows are, and where they come from."""

    name: str
    heading: str
    row: type[BaseModel]
    rows: Rows


SHEETS: Sequence[Sheet] = (
    Sheet("relationships", "Your mentoring", RelationshipRow, relationships),
    Sheet("sessions", "Your sessions", SessionRow, sessions),
    Sheet("hours", "Hours that were held, as evidence", HourRow, hours),
    Sheet("places", "Your places", PlaceRow, places),
    Sheet("consents", "What you said yes and no to", ReceiptAnswer, consents),
    Sheet("matters", "What you raised, asked or were told of", MatterRow, matters),
    Sheet("messages", "What we wrote to you", MessageRow, messages),
    Sheet("sign-ins", "Where you are signed in", SignInRow, sign_ins),
    Sheet("account", "Your account", AccountRow, account),
    Sheet("slips", "Slips for feedback", SlipRow, slips),
    Sheet("who-looked", "Who looked", LookRow, who_looked),
)
"""Every sheet but that of their own words, in the order in which people read them."""


def _known(sources: Sources) -> Sequence[Known]:
    return known_relationships(sources.reader, sources.person)


def _of_desk(sources: Sources, kind: DeskKind, of: type[Any]) -> Iterator[Any]:
    try:
        rows = own_items(sources.reader, kind, sources.person, most=MOST_ITEMS)
    except NotYet:
        raise NotThereYet from None
    for row in rows:
        yield sources.mentoring.load(of, row.record)


def _matter(record: Any, what: str, kind: str, stage: str, begun_at: datetime | None) -> MatterRow:
    return MatterRow(
        id=record.id, what=what, kind=kind, stage=stage, begun_at=begun_at, due_on=None
    )


def _detail_of(event: Any) -> str | None:
    """A word of a closed list or an id that an event has, where it has one."""
    for name in ("role", "reason", "passkey"):
        if hasattr(event, name):
            return str(getattr(event, name))
    return event.key_id.hex() if isinstance(event, Person.PublicKeysPublished) else None
