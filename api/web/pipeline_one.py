"""One relationship of the pipeline: a coordinator opens what was asked for and proposes a mentor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import MentoringPart, OpeningsPart, OrderPart, WaitingPart
from api.errors import sentence_of
from api.records.relations import as_coordinator
from api.records.waiting import Waiting
from api.routes import proposals
from api.web.answers import require_not_recorded, show_effect
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there, live, looked_up
from api.web.pipeline_view import row_shown
from api.web.rendering import page
from domain.access import Caller
from domain.errors import DomainError
from domain.mentoring import NotFound
from domain.relationship_state import Stage
from projections.pipeline import PIPELINE
from projections.reader import Changes, Reader

router = APIRouter(
    prefix="/pipeline/{relationship}", include_in_schema=False, dependencies=[ReadForm]
)

UNMATCHED = frozenset({Stage.REQUESTED, Stage.PROPOSED})

FAULTS = {
    "mentor": "Enter the mentor’s reference: 32 letters and digits, with or without hyphens.",
    "reasons_for_mentee": "Write why, for the mentee, in at most 4,000 characters.",
    "reasons_for_mentor": "Write why, for the mentor, in at most 4,000 characters.",
}
"""What to do about each field of the form that proposes a mentor."""


@dataclass(frozen=True)
class Seen:
    """What the page of one relationship is made of."""

    request: Request
    caller: Caller
    waiting: Waiting
    now: datetime

    @property
    def reader(self) -> Reader:
        """The read models."""
        return self.waiting.reader


async def seen(request: Request, caller: CoordinatorCaller, waiting: WaitingPart, now: Now) -> Seen:
    """Gather it."""
    return Seen(request, caller, waiting, now)


SeenPart = Annotated[Seen, Depends(seen)]


@dataclass(frozen=True)
class Filled:
    """A form that came back: what was written, and what is wrong, by field."""

    fields: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


NOTHING_FILLED = Filled()


@router.get("")
def show(
    relationship: UUID,
    caller: CoordinatorCaller,
    seen: SeenPart,
    mentoring: MentoringPart,
    at_least: AtLeast = None,
) -> Response:
    """Where one relationship stands, and what a coordinator can do for it."""
    as_coordinator(mentoring, caller, relationship)
    return _page(seen, relationship, at_least=at_least)


@router.get("/requested-words")
def show_requested_words(
    relationship: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
) -> Response:
    """What the mentee asked for; the look is recorded before anything is shown."""
    words = proposals.show_requested_words(relationship, caller, mentoring, openings, now)
    return page(
        request, "requested_words.html", caller=caller, relationship=relationship, words=words
    )


@router.post("/proposals")
def propose(
    relationship: UUID,
    caller: CoordinatorCaller,
    seen: SeenPart,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
) -> Response:
    """Offer one mentor; a form that cannot be carried out comes back as it was, with the reason."""
    as_coordinator(mentoring, caller, relationship)
    fields = seen.request.state.form
    try:
        body = proposals.ProposeMentor.model_validate(fields)
        done = proposals.propose(relationship, body, caller, order, mentoring, openings, Response())
    except ValidationError as wrong:
        return _page(seen, relationship, filled=Filled(fields, _faults(wrong)))
    except DomainError as refused:
        require_not_recorded(seen.request)
        faults = {"mentor": _refusal(refused)}
        return _page(seen, relationship, filled=Filled(fields, faults))
    return show_effect(seen.request, done.position)


def _page(
    seen: Seen,
    relationship: UUID,
    *,
    at_least: int | None = None,
    filled: Filled = NOTHING_FILLED,
) -> Response:
    is_current = is_there(seen.waiting, PIPELINE.name, at_least)
    # What came back from a form has the form's address, under which there is nothing to fetch anew.
    updates = (
        {}
        if filled.faults
        else {"updates": live(seen.reader, Changes.PIPELINE, seen.caller.person)}
    )
    document = looked_up(lambda: seen.reader.pipeline_row(relationship))
    if document is None:
        raise NotFound
    one = row_shown(document, seen.now)
    return page(
        seen.request,
        "pipeline_one.html",
        status=422 if filled.faults else 200,
        caller=seen.caller,
        one=one,
        is_current=is_current,
        is_damaged=looked_up(lambda: seen.reader.is_set_aside(relationship)),
        **updates,
        can_propose=one.row.stage in UNMATCHED,
        filled=filled,
    )


def _faults(wrong: ValidationError) -> dict[str, str]:
    names = [str(fault["loc"][0]) for fault in wrong.errors(include_input=False)]
    return {name: FAULTS[name] for name in FAULTS if name in names} or {"mentor": FAULTS["mentor"]}


def _refusal(refused: DomainError) -> str:
    if isinstance(refused, NotFound):
        return "There is no mentor with this reference."
    return sentence_of(refused)
