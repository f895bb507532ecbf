"""Who looked: every look at a person's record, newest first."""

from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth.callers import AnyCaller, ConsentReader, Now
from api.dependencies import MentoringPart
from api.fields import Limit
from api.records.looks import record_look
from crypto.errors import Erased
from domain.access_register import (
    AccessPurpose,
    AccessRegister,
    Authority,
    Looked,
    Outcome,
    RecordKind,
)
from domain.mentoring import Mentoring
from domain.person import Person
from domain.values import Role

router = APIRouter(tags=["who looked"])

Cursor = Annotated[
    int | None, Query(ge=1, le=10**12, description="Where the page before this one ended.")
]


class LookAction(StrEnum):
    """How it was looked at; automated means that nobody looked, the service itself did by rule.

    Unlocked means that locks on what was sealed to the person came off; it stays sealed to their keys.
    """

    OPENED = "opened"
    LISTED = "listed"
    EXPORTED = "exported"
    AUTOMATED = "automated"
    UNLOCKED = "unlocked"


class LookAnswer(BaseModel):
    """One look; `subject` is the relationship it was about, if any, and the epochs those whose locks came off."""

    at: datetime
    action: LookAction
    who: UUID
    role: Role
    kind: RecordKind
    purpose: AccessPurpose
    authority: Authority
    outcome: Outcome
    subject: UUID | None
    own_epochs: tuple[int, ...] = ()
    shared_epochs: tuple[int, ...] = ()


class LooksAnswer(BaseModel):
    """A page of looks; `next` is the cursor of the page after it."""

    looks: list[LookAnswer]
    next: int | None


@router.get("/me/access-records")
def my_access_records(
    caller: AnyCaller, mentoring: MentoringPart, cursor: Cursor = None, limit: Limit = 50
) -> LooksAnswer:
    """Show who looked at one's own record."""
    return _page(mentoring, caller.person, cursor, limit)


@router.get("/people/{id}/access-records")
def access_records(
    id: UUID,
    caller: ConsentReader,
    now: Now,
    mentoring: MentoringPart,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> LooksAnswer:
    """Show who looked at a person's record, also at one that was erased; this look is recorded too."""
    with suppress(Erased):
        mentoring.load(Person, id)
    record_look(mentoring, caller, id, RecordKind.ACCESS_REGISTER, now=now)
    return _page(mentoring, id, cursor, limit)


def _page(mentoring: Mentoring, person: UUID, cursor: int | None, limit: int) -> LooksAnswer:
    register = AccessRegister.id_of(person)
    before = None if cursor is None else cursor - 1
    events = list(mentoring.events.get(register, desc=True, lte=before, limit=limit))
    looks = [_look(event) for event in events if isinstance(event, Looked)]
    is_last = len(events) < limit or events[-1].originator_version == 1
    return LooksAnswer(looks=looks, next=None if is_last else events[-1].originator_version)


def looks_at(mentoring: Mentoring, owner: UUID) -> list[LookAnswer]:
    """All looks at what has a register of its own, the newest first."""
    events = mentoring.events.get(AccessRegister.id_of(owner), desc=True)
    return [_look(event) for event in events if isinstance(event, Looked)]


def _look(event: Looked) -> LookAnswer:
    unlocked = event if isinstance(event, AccessRegister.Unlocked) else None
    return LookAnswer(
        at=event.timestamp,
        action=LookAction(type(event).__name__.lower()),
        who=event.actor,
        role=event.role,
        kind=event.kind,
        purpose=event.purpose,
        authority=event.authority,
        outcome=event.outcome,
        subject=event.subject,
        own_epochs=unlocked.own_epochs if unlocked else (),
        shared_epochs=unlocked.shared_epochs if unlocked else (),
    )
