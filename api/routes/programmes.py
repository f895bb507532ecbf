"""Programmes: what the provider offers, and within which limits."""

from datetime import time
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, FundingReader
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
)
from domain.commands import programmes as commands
from domain.place import MOST_SESSIONS
from domain.programme import (
    LARGEST_GROUP,
    LONGEST_NAME,
    SMALLEST_GROUP,
    ConflictRule,
    Programme,
    Settings,
)
from domain.proposal import HOME_ZONE
from domain.relationship_events import Kind
from domain.working_time import USUAL_HOURS, WorkingHours

router = APIRouter(prefix="/programmes", tags=["programmes"])


class HoursBody(Body):
    """Working days (0 is Monday) and hours by the wall clock."""

    opens: time = Field(default=USUAL_HOURS.opens, examples=["08:00"])
    closes: time = Field(default=USUAL_HOURS.closes, examples=["20:00"])
    days: list[int] = Field(default=sorted(USUAL_HOURS.days), min_length=1, max_length=7)

    def as_hours(self) -> WorkingHours:
        """The same, checked by the domain."""
        return WorkingHours(self.opens, self.closes, frozenset(self.days))

    @classmethod
    def of(cls, hours: WorkingHours) -> "HoursBody":
        """How hours are shown."""
        return cls(opens=hours.opens, closes=hours.closes, days=sorted(hours.days))


class ProgrammeSettings(Body):
    """What a programme offers."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["Thinking things through"])
    kinds: list[Kind] = Field(default=[Kind.FORMAL], min_length=1, max_length=len(Kind))
    ceiling: int = Field(default=MOST_SESSIONS, ge=1, le=MOST_SESSIONS)
    conflict_rule: ConflictRule = ConflictRule.SAME_LINE_OR_TEAM
    needs_place: bool = True
    asks_newly_qualified: bool = False
    working_hours: HoursBody = HoursBody()
    time_zone: str = Field(default=HOME_ZONE, max_length=64)

    def as_settings(self) -> Settings:
        """The same, checked by the domain."""
        given = self.model_dump(exclude={"kinds", "working_hours"})
        kinds = tuple(dict.fromkeys(self.kinds))
        return Settings(**given, kinds=kinds, working_hours=self.working_hours.as_hours())


class ProgrammeAnswer(BaseModel):
    """A programme as it stands."""

    id: UUID
    settings: ProgrammeSettings
    most_in_group: int


class GroupSize(Body):
    """How many members a group has at most."""

    most: int = Field(ge=SMALLEST_GROUP, le=LARGEST_GROUP, examples=[6])


@router.post("", status_code=201)
def open_programme(
    body: ProgrammeSettings,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Begin a programme."""
    id, settings = carrier.order.command_id, body.as_settings()
    return carrier.carry_out(commands.open_programme, id=id, settings=settings)


@router.get("/{id}")
def show(
    id: UUID, caller: FundingReader, mentoring: MentoringPart, response: Response
) -> ProgrammeAnswer:
    """Show a programme."""
    programme = mentoring.load(Programme, id)
    response.headers["ETag"] = f'"{programme.version}"'
    return ProgrammeAnswer(
        id=id, settings=_shown(programme.settings), most_in_group=programme.most_in_group
    )


@router.put("/{id}/settings")
def change(
    id: UUID,
    body: ProgrammeSettings,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Run it differently from now on; agreements that are signed stay as they are."""
    settings = body.as_settings()
    return carrier.carry_out(commands.change_settings, programme=id, settings=settings)


@router.put("/{id}/group-size")
def set_group_size(
    id: UUID,
    body: GroupSize,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Say how many members a group has at most from now on; one that has more already keeps them."""
    return carrier.carry_out(commands.set_group_size, programme=id, most=body.most)


def _shown(settings: Settings) -> ProgrammeSettings:
    return ProgrammeSettings(
        name=settings.name,
        kinds=list(settings.kinds),
        ceiling=settings.ceiling,
        conflict_rule=settings.conflict_rule,
        needs_place=settings.needs_place,
        asks_newly_qualified=settings.asks_newly_qualified,
        working_hours=HoursBody.of(settings.working_hours),
        time_zone=settings.time_zone,
    )
