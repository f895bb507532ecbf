"""Notebooks: sealed entries that the service keeps for the participants and cannot open.

What is sealed travels as base64 and is stored as it came; docs/specs/sealed-note.md says what is in it.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from api.auth.callers import Now, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    result_of,
)
from api.fields import Base64
from api.records.notebook_answers import NotebookAnswer
from api.records.notebook_locks import locked_entry, locked_grant
from api.records.notebook_view import (
    LARGEST_PAGE,
    NotebookDesk,
    NotebookPage,
    as_reader,
    require_current_keys,
)
from api.records.relations import as_one_of
from domain.commands import notebooks as commands
from domain.notebook import Notebook
from domain.public_keys import KEY_ID_BYTES
from domain.sealed_note import (
    BYTES_PER_READER,
    ENTRY_SIZES,
    GRANT_BYTES,
    MOST_READERS,
    PASSED_ON_BYTES,
    STATEMENT_BYTES,
    WRAPPED_KEY_BYTES,
)
from domain.strand import MOST_EPOCHS, Audience, Entry, Epoch, Grant, PassedOn, Reader
from domain.values import Act

router = APIRouter(prefix="/relationships/{id}/notebook", tags=["notebooks"])

LARGEST_STATEMENT = STATEMENT_BYTES + BYTES_PER_READER * MOST_READERS
HIGHEST = 2**32 - 1
"""Epochs and positions are counted in 32 bits."""


Before = Annotated[
    int | None, Query(ge=1, le=HIGHEST, description="Asks for the newest entries before this one.")
]


async def requested_page(
    after: Annotated[int, Query(ge=0, le=HIGHEST, description="The last position you have.")] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE,
    before_own: Before = None,
    before_shared: Before = None,
) -> NotebookPage:
    """Which entries of each strand are asked for; positions count from 1 in each.

    A strand that is asked for before a position is read from its end; the other one, if not named, from its own end.
    """
    if before_own is None and before_shared is None:
        return NotebookPage(after, limit)
    before = {Audience.OWN: before_own or HIGHEST, Audience.SHARED: before_shared or HIGHEST}
    return NotebookPage(after, limit, before)


PagePart = Annotated[NotebookPage, Depends(requested_page)]


async def desk_of(mentoring: MentoringPart, openings: OpeningsPart) -> NotebookDesk:
    """What takes notebooks in and hands them out."""
    return NotebookDesk(mentoring, openings)


DeskPart = Annotated[NotebookDesk, Depends(desk_of)]


class GrantedReader(Body):
    """One reader and the notebook key that was sealed to them."""

    person: UUID = Field(examples=["3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"])
    key_id: Base64 = Field(
        min_length=KEY_ID_BYTES,
        max_length=KEY_ID_BYTES,
        examples=["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    )
    sealed_key: Base64 = Field(min_length=1, max_length=GRANT_BYTES, examples=["AQQB"])


class OpenEpoch(Body):
    """A new period with its readers, as the granter's client sealed and signed it."""

    audience: Audience = Field(examples=["shared"])
    number: int = Field(ge=1, le=HIGHEST, examples=[1])
    statement: Base64 = Field(min_length=1, max_length=LARGEST_STATEMENT, examples=["AQMB"])
    readers: list[GrantedReader] = Field(min_length=1, max_length=MOST_READERS)


class PassedOnEpoch(Body):
    """One epoch's key, sealed to its later reader, with the granter's signed statement of it."""

    epoch: int = Field(ge=1, le=HIGHEST, examples=[1])
    statement: Base64 = Field(min_length=1, max_length=PASSED_ON_BYTES, examples=["AQcB"])
    sealed_key: Base64 = Field(min_length=1, max_length=GRANT_BYTES, examples=["AQQB"])


class PassOn(Body):
    """Epochs for a key that could not read them: one's own new one, a participant's, or a successor's.

    For a successor, `relationship` names the later relationship in which they are the mentor.
    """

    audience: Audience = Field(examples=["shared"])
    reader: UUID = Field(examples=["3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"])
    key_id: Base64 = Field(
        min_length=KEY_ID_BYTES,
        max_length=KEY_ID_BYTES,
        examples=["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    )
    relationship: UUID | None = None
    grants: list[PassedOnEpoch] = Field(min_length=1, max_length=MOST_EPOCHS)


class SharedEntry(Body):
    """A sealed entry and its place in the shared strand."""

    id: UUID = Field(examples=["5b1c2f8e-7a3d-4e6f-8b9a-0c1d2e3f4a5b"])
    epoch: int = Field(ge=1, le=HIGHEST, examples=[1])
    position: int = Field(ge=1, le=HIGHEST, examples=[1])
    sealed_entry: Base64 = Field(min_length=1, max_length=max(ENTRY_SIZES), examples=["AQUB"])
    wrapped_entry_key: Base64 = Field(min_length=1, max_length=WRAPPED_KEY_BYTES, examples=["AQYB"])
    amends: UUID | None = None

    def entry(self, audience: Audience, author: UUID) -> Entry:
        """The entry as the notebook keeps it."""
        return Entry(
            self.id,
            audience,
            self.epoch,
            self.position,
            author,
            self.sealed_entry,
            self.wrapped_entry_key,
            self.amends,
        )


class AppendEntry(SharedEntry):
    """A sealed entry and its place, in the shared strand or the author's own."""

    audience: Audience = Field(examples=["own"])


@router.get("")
def show(
    id: UUID,
    page: PagePart,
    caller: PartyCaller,
    desk: DeskPart,
    at: Now,
    response: Response,
) -> NotebookAnswer:
    """Hand out what is the caller's to open; locks that come off, and what others wrote, are recorded first."""
    subject = as_reader(desk.mentoring, caller, id)
    answer = desk.show(caller, subject, Act(caller.person, at), page)
    response.headers["ETag"] = f'"{answer.version}"'
    return answer


@router.post("/epochs", status_code=201)
def open_epoch(
    id: UUID,
    body: OpenEpoch,
    caller: PartyCaller,
    order: OrderPart,
    desk: DeskPart,
    response: Response,
) -> CommandResult:
    """Open a new epoch for exactly those who take part now."""
    subject = as_one_of(desk.mentoring, caller, id)
    readers = tuple(Reader(each.person, each.key_id) for each in body.readers)
    require_current_keys(desk.mentoring, subject.people, readers)
    epoch = Epoch(body.audience, body.number, caller.person, readers, body.statement)
    recorded = carry_out(
        lambda: commands.open_epoch(
            desk.mentoring, order, relationship=id, epoch=epoch, grants=_grants(desk, id, body)
        )
    )
    return result_of(recorded, response)


@router.post("/grants", status_code=201)
def pass_on(
    id: UUID,
    body: PassOn,
    caller: PartyCaller,
    order: OrderPart,
    desk: DeskPart,
    response: Response,
) -> CommandResult:
    """Let another key read what one reads: after keys were lost, or as the mentee to a successor."""
    people = as_reader(desk.mentoring, caller, id).people
    if body.relationship is not None:
        people |= as_one_of(desk.mentoring, caller, body.relationship).people
    require_current_keys(desk.mentoring, people, [Reader(body.reader, body.key_id)])
    recorded = carry_out(
        lambda: commands.pass_on(
            desk.mentoring,
            order,
            relationship=id,
            passed=_passed_on(desk, id, body, caller.person),
            later=body.relationship,
        )
    )
    return result_of(recorded, response)


@router.delete("/readers/{person}")
def end_reading(
    id: UUID,
    person: UUID,
    caller: PartyCaller,
    order: OrderPart,
    desk: DeskPart,
    response: Response,
) -> CommandResult:
    """End somebody's reading of the shared notes for good: their locks' keys are destroyed."""
    as_reader(desk.mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.end_reading(desk.mentoring, order, relationship=id, reader=person)
    )
    return result_of(recorded, response)


@router.post("/entries", status_code=201)
def append(
    id: UUID,
    body: AppendEntry,
    caller: PartyCaller,
    order: OrderPart,
    desk: DeskPart,
    response: Response,
) -> CommandResult:
    """Add a sealed entry at the end of its strand."""
    as_one_of(desk.mentoring, caller, id)
    entry = body.entry(body.audience, caller.person)
    recorded = carry_out(
        lambda: commands.append_entry(
            desk.mentoring, order, relationship=id, entry=locked_entry(desk.openings, entry)
        )
    )
    return result_of(recorded, response)


@router.post("/entries/{entry}/share", status_code=201)
def share(
    id: UUID,
    entry: UUID,
    body: SharedEntry,
    caller: PartyCaller,
    order: OrderPart,
    desk: DeskPart,
    response: Response,
) -> CommandResult:
    """Share an own entry as one that its author has sealed anew for the participants."""
    as_one_of(desk.mentoring, caller, id)
    shared = body.entry(Audience.SHARED, caller.person)
    recorded = carry_out(
        lambda: commands.share_entry(
            desk.mentoring,
            order,
            relationship=id,
            entry=entry,
            shared=locked_entry(desk.openings, shared),
        )
    )
    return result_of(recorded, response)


@router.delete("/entries/{entry}")
def destroy(
    id: UUID,
    entry: UUID,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Destroy an own entry's key for good, also after having left; its place in the strand stays."""
    as_reader(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.destroy_entry, relationship=id, entry=entry)


def _grants(desk: NotebookDesk, relationship: UUID, body: OpenEpoch) -> tuple[Grant, ...]:
    place = body.audience, body.number
    grants = (Grant(each.person, each.sealed_key) for each in body.readers)
    notebook = Notebook.id_of(relationship)
    return tuple(locked_grant(desk.openings, notebook, place, each) for each in grants)


def _passed_on(
    desk: NotebookDesk, relationship: UUID, body: PassOn, granter: UUID
) -> list[tuple[PassedOn, Grant]]:
    notebook, reader = Notebook.id_of(relationship), Reader(body.reader, body.key_id)
    passed = []
    for each in body.grants:
        place = body.audience, each.epoch
        grant = locked_grant(desk.openings, notebook, place, Grant(body.reader, each.sealed_key))
        passed.append((PassedOn(*place, granter, reader, each.statement), grant))
    return passed
