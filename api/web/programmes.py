"""A coordinator's programmes on pages: which there are, what each offers, and how large its groups are."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import CoordinatorCaller
from api.dependencies import CarrierPart, CommandResult, MentoringPart, WaitingPart
from api.records.waiting import Waiting
from api.routes import programmes as routes
from api.routes.programmes import GroupSize, HoursBody, ProgrammeSettings
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there, looked_up
from api.web.mentors import KIND_WORDS
from api.web.rendering import page
from domain.access import Caller
from domain.errors import DomainError
from domain.mentoring import Mentoring
from domain.place import MOST_SESSIONS
from domain.programme import (
    LARGEST_GROUP,
    LONGEST_NAME,
    SMALLEST_GROUP,
    ConflictRule,
    Programme,
    Settings,
)
from domain.relationship_events import Kind
from projections.group_questions import OpenGroup, open_groups
from projections.programme_questions import programmes
from projections.programmes import PROGRAMMES

router = APIRouter(prefix="/programmes", include_in_schema=False, dependencies=[ReadForm])

KINDS = {
    Kind.FORMAL: "Formal: the scheme looks for a mentor",
    Kind.GROUP: "Group: one facilitator, several mentees",
    Kind.INFORMAL: "Informal: two who found each other",
    Kind.REVERSE: "Reverse: the less senior of the two guides",
    Kind.FOR_DIVERSITY: "For diversity: the mentee may ask for a background, or for another than theirs",
}
FUNDING = {
    "yes": "Yes: an organisation buys them by an agreement",
    "no": "No: anybody whom you invite has one",
}
CONFLICT_RULES = {
    ConflictRule.SAME_LINE_OR_TEAM: "Anybody of the same line of management or team",
    ConflictRule.DECLARED_ONLY: "Only people of whom a conflict was declared",
}


class NoKindChosen(DomainError):
    """Choose at least one kind of mentoring."""


class SettingsForm(TypedForm):
    """What a programme offers; of the kinds, a field that is there is ticked."""

    faults: ClassVar[Mapping[str, str]] = {
        "name": f"Enter a name of at most {LONGEST_NAME} characters.",
        "ceiling": f"Enter a number from 1 to {MOST_SESSIONS}.",
        "needs_place": "Choose whether places are paid for.",
        "conflict_rule": "Choose who is never matched.",
    }
    blamed: ClassVar[str] = "kinds"

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    formal: str | None = None
    group: str | None = None
    informal: str | None = None
    reverse: str | None = None
    for_diversity: str | None = None
    ceiling: int = Field(ge=1, le=MOST_SESSIONS)
    needs_place: Literal["yes", "no"]
    conflict_rule: ConflictRule
    asks_newly_qualified: str | None = None

    def over(self, before: Settings | None) -> ProgrammeSettings:
        """The same as the API has it; hours and zone stay as they were."""
        kinds = [each for each in KINDS if getattr(self, each.value) is not None]
        if not kinds:
            raise NoKindChosen
        settings = ProgrammeSettings(
            name=self.name,
            kinds=kinds,
            ceiling=self.ceiling,
            conflict_rule=self.conflict_rule,
            needs_place=self.needs_place == "yes",
            asks_newly_qualified=self.asks_newly_qualified is not None,
        )
        if before is not None:
            settings.working_hours = HoursBody.of(before.working_hours)
            settings.time_zone = before.time_zone
        return settings


class GroupSizeForm(TypedForm):
    """How many members a group has at most."""

    faults: ClassVar[Mapping[str, str]] = {
        "most": f"Enter a number from {SMALLEST_GROUP} to {LARGEST_GROUP}.",
    }
    blamed: ClassVar[str] = "most"

    most: int = Field(ge=SMALLEST_GROUP, le=LARGEST_GROUP)


class Desk:
    """A coordinator who looks at programmes."""

    def __init__(
        self,
        request: Request,
        caller: CoordinatorCaller,
        mentoring: MentoringPart,
        waiting: WaitingPart,
    ) -> None:
        self.request: Request = request
        self.caller: Caller = caller
        self.mentoring: Mentoring = mentoring
        self.waiting: Waiting = waiting

    def all(self, filled: Filled = NOTHING_FILLED, *, is_current: bool = True) -> Response:
        """The page of all programmes."""
        return page(
            self.request,
            "programmes.html",
            status=filled.status,
            caller=self.caller,
            is_current=is_current,
            filled=filled,
            programmes=[self.mentoring.load(Programme, id) for id in self._known()],
            **self._choices(None, filled),
        )

    def one(self, id: UUID, filled: Filled = NOTHING_FILLED) -> Response:
        """The page of one programme, always as it is now."""
        subject = self.mentoring.load(Programme, id)
        return page(
            self.request,
            "programme.html",
            status=filled.status,
            caller=self.caller,
            filled=filled,
            programme=subject,
            groups=self._groups(id),
            smallest=SMALLEST_GROUP,
            largest=LARGEST_GROUP,
            **self._choices(subject.settings, filled),
        )

    def _known(self) -> list[UUID]:
        return [each.id for each in looked_up(lambda: programmes(self.waiting.reader))]

    def _groups(self, id: UUID) -> list[OpenGroup]:
        reader, own = self.waiting.reader, self.caller.person
        return list(looked_up(lambda: open_groups(reader, programme=id, hidden_from=own)))

    @staticmethod
    def _choices(settings: Settings | None, filled: Filled) -> dict[str, object]:
        """What the form offers, and what is ticked: as it was sent, else as it stands."""
        sent = filled.of("settings").fields or filled.of("programmes").fields
        stands = {each.value for each in settings.kinds} if settings else {Kind.FORMAL.value}
        if settings is not None and settings.asks_newly_qualified:
            stands.add("asks_newly_qualified")
        return {
            "kinds": KINDS,
            "kind_words": KIND_WORDS,
            "funding": FUNDING,
            "conflict_rules": CONFLICT_RULES,
            "most_sessions": MOST_SESSIONS,
            "ticked": set(sent) if sent else stands,
        }


DeskPart = Annotated[Desk, Depends()]


@router.get("")
def show(desk: DeskPart, at_least: AtLeast = None) -> Response:
    """Every programme, in the order in which they were opened."""
    return desk.all(is_current=is_there(desk.waiting, PROGRAMMES.name, at_least))


@router.post("")
def open_programme(desk: DeskPart, carrier: CarrierPart) -> Response:
    """Begin one."""

    def carry(form: SettingsForm) -> CommandResult:
        return routes.open_programme(form.over(None), desk.caller, carrier)

    return carried_out(desk.request, SettingsForm, carry, desk.all)


@router.get("/{programme}")
def show_one(programme: UUID, desk: DeskPart, at_least: AtLeast = None) -> Response:
    """One programme, its groups, and what can be done with it."""
    # Forms lead here with a position, and nothing has to be waited for.
    del at_least
    return desk.one(programme)


@router.post("/{programme}/settings")
def change(programme: UUID, desk: DeskPart, carrier: CarrierPart) -> Response:
    """Run it differently from now on."""
    before = desk.mentoring.load(Programme, programme).settings

    def carry(form: SettingsForm) -> CommandResult:
        return routes.change(programme, form.over(before), desk.caller, carrier)

    return carried_out(
        desk.request, SettingsForm, carry, lambda filled: desk.one(programme, filled)
    )


@router.post("/{programme}/group-size")
def set_group_size(programme: UUID, desk: DeskPart, carrier: CarrierPart) -> Response:
    """Say how many members a group has at most from now on."""

    def carry(form: GroupSizeForm) -> CommandResult:
        body = GroupSize(most=form.most)
        return routes.set_group_size(programme, body, desk.caller, carrier)

    return carried_out(
        desk.request, GroupSizeForm, carry, lambda filled: desk.one(programme, filled)
    )
