"""The page of one relationship of the pipeline: where it stands, and what a coordinator can choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import MentoringPart, OpeningsPart, WaitingPart
from api.records.openings import Openings
from api.records.relations import as_coordinator, own_partners
from api.records.waiting import Waiting
from api.web.filled import NOTHING_FILLED, Filled
from api.web.looking import is_there, live, looked_up
from api.web.pipeline_view import (
    CLOSING_REASONS,
    CORRECTIONS,
    OUTCOMES,
    SETTLEMENTS,
    RowShown,
    left_open,
    row_shown,
    settled,
)
from api.web.rendering import page, short_reference
from domain.access import Caller
from domain.commands.circles import has_conflict_within, load_circle
from domain.commands.footing import footing_of
from domain.group import Group
from domain.mentoring import Mentoring, NotFound
from domain.place import MOST_SESSIONS
from domain.programme import Programme
from domain.relationship import Relationship
from domain.relationship_events import Kind
from domain.relationship_state import Stage
from projections.group_questions import open_groups
from projections.mentor_questions import mentors_who_can_take
from projections.pipeline import PIPELINE
from projections.reader import Changes

UNMATCHED = frozenset({Stage.REQUESTED, Stage.PROPOSED})
TO_CHOOSE_FROM: Mapping[str, Any] = {
    "outcomes": OUTCOMES,
    "corrections": CORRECTIONS,
    "settlements": SETTLEMENTS,
    "closing_reasons": CLOSING_REASONS,
    "most_sessions": MOST_SESSIONS,
}


@dataclass(frozen=True)
class Seen:
    """What the page of one relationship is made of."""

    request: Request
    caller: Caller
    waiting: Waiting
    mentoring: Mentoring
    openings: Openings
    now: datetime


def seen(
    request: Request,
    caller: CoordinatorCaller,
    waiting: WaitingPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
) -> Seen:
    """Gather it."""
    return Seen(request, caller, waiting, mentoring, openings, now)


SeenPart = Annotated[Seen, Depends(seen)]


def one_page(
    seen: Seen,
    relationship: UUID,
    *,
    at_least: int | None = None,
    filled: Filled = NOTHING_FILLED,
) -> Response:
    """Show where it stands, with a form as somebody filled it in, if one was sent."""
    subject = as_coordinator(seen.mentoring, seen.caller, relationship)
    reader = seen.waiting.reader
    is_current = is_there(seen.waiting, PIPELINE.name, at_least)
    # What came back from a form has the form's address, under which there is nothing to fetch anew.
    updates = (
        {} if filled.faults else {"updates": live(reader, Changes.PIPELINE, seen.caller.person)}
    )
    document = looked_up(lambda: reader.pipeline_row(relationship))
    if document is None:
        raise NotFound
    return page(
        seen.request,
        "pipeline_one.html",
        status=filled.status,
        caller=seen.caller,
        filled=filled,
        is_current=is_current,
        is_damaged=looked_up(lambda: reader.is_set_aside(relationship)),
        **updates,
        **TO_CHOOSE_FROM,
        **_stands(seen, subject, row_shown(document, seen.now)),
    )


def _stands(seen: Seen, subject: Relationship, one: RowShown) -> dict[str, Any]:
    """Where it stands, and who could be proposed where somebody can."""
    can_propose = one.row.stage in UNMATCHED
    return {
        "one": one,
        "can_propose": can_propose,
        "mentors": _who_can_take(seen, subject.conflicts) if can_propose else (),
        "groups": _groups(seen, subject) if can_propose else {},
        "in_group": _in_group(seen, subject),
        "has_conflict": _has_conflict(seen, subject),
        "settled": settled(subject.sessions.values()),
        "left_open": left_open(subject, seen.now),
    }


def _groups(seen: Seen, request: Relationship) -> dict[str, str]:
    """The groups of its programme with a seat left, each with its facilitator; and a new one."""
    if request.kind is not Kind.GROUP:
        return {}
    programme = footing_of(seen.mentoring, request.place).programme
    found = looked_up(
        lambda: open_groups(
            seen.waiting.reader, programme=programme.id, hidden_from=seen.caller.person
        )
    )
    return {"": "A new group"} | {
        str(
            each.group
        ): f"{short_reference(each.group)}: facilitator {short_reference(each.facilitator)}, "
        f"{each.members} of {programme.most_in_group} seats taken"
        for each in found
        if each.members < programme.most_in_group
    }


def _in_group(seen: Seen, subject: Relationship) -> tuple[UUID, str] | None:
    """In which group it is, and how many are in that."""
    if subject.group is None:
        return None
    group = seen.mentoring.load(Group, subject.group)
    most = seen.mentoring.load(Programme, group.programme).most_in_group
    return group.id, f"{len(group.members)} of {most} seats taken"


def _has_conflict(seen: Seen, subject: Relationship) -> bool:
    circle = load_circle(seen.mentoring, subject.group or subject.id)
    return subject.closed_for is None and has_conflict_within(seen.mentoring, circle)


def _who_can_take(seen: Seen, conflicts: set[UUID]) -> list[tuple[UUID, int]]:
    """Those with capacity, to be chosen by reference; nobody in a declared conflict or close to the coordinator."""
    reader = seen.waiting.reader
    out = conflicts | looked_up(lambda: own_partners(reader, seen.caller.person))
    found = looked_up(lambda: mentors_who_can_take(reader))
    return [(each.person, each.standing.free) for each in found if each.person not in out]
