"""How long one's own record is kept: when its end was announced, for which day, and how to keep it."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from api.auth.callers import PartyCaller
from api.dependencies import CarrierPart, CommandResult, MentoringPart, SettingsPart
from domain.commands import keeping as commands
from domain.person import Person

router = APIRouter(tags=["rights"])


class KeepingAnswer(BaseModel):
    """For how many days a record is kept; `ends_on` is set once its end is announced, thirty days before."""

    days_after_last_heard_of: int
    days_after_a_relationship_closed: int
    ends_on: date | None


@router.get("/me/keeping")
def show(caller: PartyCaller, mentoring: MentoringPart, settings: SettingsPart) -> KeepingAnswer:
    """Show how long one's record is kept, and whether its end is announced."""
    return KeepingAnswer(
        days_after_last_heard_of=settings.person_days_inactive,
        days_after_a_relationship_closed=settings.relationship_days_closed,
        ends_on=mentoring.load(Person, caller.person).ends_on,
    )


@router.post("/me/keeping", status_code=201)
def keep(caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Have one's record kept: the announced end is put off, and the periods begin anew."""
    return carrier.carry_out(commands.put_off_end, person=caller.person)
