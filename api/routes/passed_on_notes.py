"""The list of earlier notes that a mentee let the caller read; each is read like any notebook."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.auth.callers import PartyCaller
from api.dependencies import MentoringPart, ReaderPart, RecorderPart
from api.records.passed_on import PassedOnList

router = APIRouter(prefix="/me/passed-on-notes", tags=["notebooks"])


class PassedOnAnswer(BaseModel):
    """The notes of one earlier relationship."""

    relationship: UUID = Field(description="Whose notebook it is.")
    later: UUID = Field(description="The caller's own relationship with the same mentee.")
    epochs: int = Field(description="How many periods of it are for the caller.")


class PassedOnNotesAnswer(BaseModel):
    """All that is still the caller's to read, and takes no part in."""

    passed_on: list[PassedOnAnswer]


async def list_of(
    mentoring: MentoringPart, recorder: RecorderPart, reader: ReaderPart
) -> PassedOnList:
    """What finds them."""
    return PassedOnList(mentoring, recorder, reader)


@router.get("")
def show(
    caller: PartyCaller, found: Annotated[PassedOnList, Depends(list_of)]
) -> PassedOnNotesAnswer:
    """Show which earlier notes were passed on to the caller; what is in them is not opened for this."""
    rows = [
        PassedOnAnswer(relationship=each.relationship, later=each.later, epochs=each.epochs)
        for each in found.of(caller.person)
    ]
    return PassedOnNotesAnswer(passed_on=rows)
