"""What a mentee shows of themselves to whoever mentors them: nothing, until they choose to."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.callers import MenteeCaller, MentorCaller, Now
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
)
from api.fields import OwnWords, PersonName
from api.records.openings import Openings, Why
from api.records.profiles import Shown, open_profile, seal_profile
from api.records.relations import as_participant
from api.records.words import WordsState
from crypto.errors import Erased
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands import people as commands
from domain.mentoring import Mentoring
from domain.person import Person

router = APIRouter(tags=["shared profiles"])

ONES_OWN = Why(RecordKind.PROFILE, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)


class ShareProfile(Body):
    """What a mentee shows to their mentor; the words may be left out."""

    display_name: PersonName = Field(examples=["Ada"])
    words: OwnWords | None = Field(default=None, examples=["I work in the north."])


class SharedProfileAnswer(BaseModel):
    """What a mentee shows, as far as it can be shown."""

    state: WordsState
    display_name: str | None = None
    words: str | None = None


@router.put("/me/shared-profile")
def share(
    body: ShareProfile,
    caller: MenteeCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Choose what whoever mentors you reads of you; needs a live consent to share_profile."""
    shown = Shown(body.display_name, body.words or "")
    return carrier.carry_out(
        lambda mentoring, order: commands.share_profile(
            mentoring,
            order,
            person=caller.person,
            profile=seal_profile(openings, caller.person, shown),
        )
    )


@router.delete("/me/shared-profile")
def take_back(caller: MenteeCaller, carrier: CarrierPart) -> CommandResult:
    """Show nothing any more."""
    return carrier.carry_out(commands.share_profile, person=caller.person, profile=None)


@router.get("/me/shared-profile")
def show_own(
    caller: MenteeCaller, now: Now, mentoring: MentoringPart, openings: OpeningsPart
) -> SharedProfileAnswer:
    """Open what you show; like every look it is recorded."""
    return _opened(mentoring, openings, caller, caller.person, ONES_OWN, now)


@router.get("/relationships/{id}/shared-profile")
def show(
    id: UUID, caller: MentorCaller, now: Now, mentoring: MentoringPart, openings: OpeningsPart
) -> SharedProfileAnswer:
    """Open what your mentee shows to you, as long as you work together; they read of the look."""
    subject = as_participant(mentoring, caller, id)
    subject.require_open()
    why = Why(RecordKind.PROFILE, AccessPurpose.MENTORING, Authority.CONSENT, id)
    return _opened(mentoring, openings, caller, subject.mentee, why, now)


def _opened(
    mentoring: Mentoring,
    openings: Openings,
    caller: Caller,
    mentee: UUID,
    why: Why,
    now: datetime,
) -> SharedProfileAnswer:
    try:
        sealed = mentoring.load(Person, mentee).shared_profile
    except Erased:
        return SharedProfileAnswer(state=WordsState.ERASED)
    state, shown = open_profile(openings, caller, sealed, why, now=now, shown_to=(caller.person,))
    if shown is None:
        return SharedProfileAnswer(state=state)
    return SharedProfileAnswer(
        state=state, display_name=shown.display_name, words=shown.words or None
    )
