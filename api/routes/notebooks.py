"""Notebooks: sealed entries that the service keeps for the participants and cannot open.

What is sealed travels as base64 and is stored as it came; docs/specs/sealed-note.md says what is in it.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from api.auth.callers import Now, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import Body, CommandResult, MentoringPart, OrderPart, result_of
from api.fields import Base64
from api.records.notebook_view import (
    LARGEST_PAGE,
    NotebookAnswer,
    NotebookPage,
    notebook_for,
    require_current_keys,
)
from api.records.relations import as_participant
from domain.commands import notebooks as commands
from domain.public_keys import KEY_ID_BYTES
from domain.sealed_note import (
    BYTES_PER_READER,
    ENTRY_SIZES,
    GRANT_BYTES,
    MOST_READERS,
    STATEMENT_BYTES,
    WRAPPED_KEY_BYTES,
)
from domain.strand import Audience, Entry, Epoch, Grant, Reader
from domain.values import Act

router = APIRouter(prefix="/relationships/{id}/notebook", tags=["notebooks"])

LARGEST_STATEMENT = STATEMENT_BYTES + BYTES_PER_READER * MOST_READERS
HIGHEST = 2**32 - 1
"""Epochs and positions are counted in 32 bits."""


async def requested_page(
    after: Annotated[int, Query(ge=0, le=HIGHEST, description="The last position you have.")] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE,
) -> NotebookPage:
    """Which entries of each strand are asked for; positions count from 1 in each."""
    return NotebookPage(after, limit)


PagePart = Annotated[NotebookPage, Depends(requested_page)]


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
    mentoring: MentoringPart,
    at: Now,
    response: Response,
) -> NotebookAnswer:
    """Hand out what is the caller's to open; what others wrote is recorded as looked at."""
    subject = as_participant(mentoring, caller, id)
    answer = notebook_for(mentoring, caller, subject, Act(caller.person, at), page)
    response.headers["ETag"] = f'"{answer.version}"'
    return answer


@router.post("/epochs", status_code=201)
def open_epoch(
    id: UUID,
    body: OpenEpoch,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Open a new epoch for exactly those who take part now."""
    subject = as_participant(mentoring, caller, id)
    readers = tuple(Reader(each.person, each.key_id) for each in body.readers)
    require_current_keys(mentoring, subject, readers)
    epoch = Epoch(body.audience, body.number, caller.person, readers, body.statement)
    grants = tuple(Grant(each.person, each.sealed_key) for each in body.readers)
    recorded = carry_out(
        lambda: commands.open_epoch(mentoring, order, relationship=id, epoch=epoch, grants=grants)
    )
    return result_of(recorded, response)


@router.post("/entries", status_code=201)
def append(
    id: UUID,
    body: AppendEntry,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Add a sealed entry at the end of its strand."""
    as_participant(mentoring, caller, id)
    entry = body.entry(body.audience, caller.person)
    recorded = carry_out(
        lambda: commands.append_entry(mentoring, order, relationship=id, entry=entry)
    )
    return result_of(recorded, response)


@router.post("/entries/{entry}/share", status_code=201)
def share(
    id: UUID,
    entry: UUID,
    body: SharedEntry,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Share an own entry as one that its author has sealed anew for the participants."""
    as_participant(mentoring, caller, id)
    shared = body.entry(Audience.SHARED, caller.person)
    recorded = carry_out(
        lambda: commands.share_entry(mentoring, order, relationship=id, entry=entry, shared=shared)
    )
    return result_of(recorded, response)


@router.delete("/entries/{entry}")
def destroy(
    id: UUID,
    entry: UUID,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Destroy an own entry's key for good; its place in the strand stays."""
    as_participant(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.destroy_entry(mentoring, order, relationship=id, entry=entry)
    )
    return result_of(recorded, response)
