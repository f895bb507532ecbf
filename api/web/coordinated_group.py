"""A group as its coordinator sees it on a page: who facilitates it, how many are in it, its hours; and its ending."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import CarrierPart, CommandResult, MentoringPart
from api.records.groups import as_coordinator_of
from api.routes import groups
from api.routes.relationships import SaidReason
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.group_view import group_shown
from api.web.looking import AtLeast
from api.web.pipeline_view import CLOSING_REASONS
from api.web.rendering import page
from domain.access import Caller
from domain.mentoring import Mentoring
from domain.programme import Programme

router = APIRouter(prefix="/groups/{group}", include_in_schema=False, dependencies=[ReadForm])


class EndingForm(TypedForm):
    """Why it ends for everybody."""

    faults: ClassVar[Mapping[str, str]] = {"reason": "Choose why it ends."}
    blamed: ClassVar[str] = "reason"

    reason: SaidReason


class Seen:
    """A coordinator who looks at a group; to one who is or was in it, it is closed."""

    def __init__(
        self, request: Request, caller: CoordinatorCaller, mentoring: MentoringPart, now: Now
    ) -> None:
        self.request: Request = request
        self.caller: Caller = caller
        self._mentoring: Mentoring = mentoring
        self._now: datetime = now

    def page(self, id: UUID, filled: Filled = NOTHING_FILLED) -> Response:
        """The group as it is recorded now."""
        subject = as_coordinator_of(self._mentoring, self.caller, id)
        answer = groups.seen_by(self._mentoring, subject, self.caller)
        return page(
            self.request,
            "coordinated_group.html",
            status=filled.status,
            caller=self.caller,
            filled=filled,
            group=group_shown(answer, self._now),
            facilitator=subject.facilitator,
            programme_name=self._mentoring.load(Programme, subject.programme).settings.name,
            closing_reasons=CLOSING_REASONS,
        )


SeenPart = Annotated[Seen, Depends()]


@router.get("")
def show(group: UUID, seen: SeenPart, at_least: AtLeast = None) -> Response:
    """Who facilitates it, how many are in it, and its hours."""
    # The form leads here with a position, and nothing has to be waited for.
    del at_least
    return seen.page(group)


@router.post("/closing")
def close(group: UUID, seen: SeenPart, carrier: CarrierPart) -> Response:
    """End it for everybody."""

    def carry(form: EndingForm) -> CommandResult:
        return groups.close(group, groups.CloseGroup(reason=form.reason), seen.caller, carrier)

    return carried_out(seen.request, EndingForm, carry, lambda filled: seen.page(group, filled))
