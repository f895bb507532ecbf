"""A coordinator's table: where every relationship stands, the longest waiting first; no names."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import ReaderPart, WaitingPart
from api.records.pipeline_seen import counts_seen, pipeline_seen
from api.web.looking import AtLeast, is_there, live, looked_up
from api.web.pipeline_view import address, as_cursor, row_shown, stages_shown
from api.web.rendering import page
from domain.relationship_state import Stage
from projections.pipeline import PIPELINE
from projections.reader import Changes

router = APIRouter(prefix="/pipeline", include_in_schema=False)

ROWS_A_PAGE = 25


@router.get("")
def show(
    request: Request,
    caller: CoordinatorCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    now: Now,
    stage: Stage | None = None,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    at_least: AtLeast = None,
) -> Response:
    """The relationships of a stage or of all, the longest waiting first; none that the caller is in."""
    is_current = is_there(waiting, PIPELINE.name, at_least)
    updates = live(reader, Changes.PIPELINE, caller.person)
    after = as_cursor(cursor)
    rows = looked_up(
        lambda: pipeline_seen(reader, caller.person, after=after, most=ROWS_A_PAGE, stage=stage)
    )
    counts = looked_up(lambda: counts_seen(reader, caller.person))
    shown = [row_shown(document, now) for document in rows.documents]
    return page(
        request,
        "pipeline.html",
        caller=caller,
        updates=updates,
        is_current=is_current,
        rows=shown,
        set_aside=rows.set_aside,
        missing=sorted(set(rows.set_aside) - {each.row.id for each in shown}),
        stages=stages_shown(counts),
        total=sum(counts.values()),
        chosen=stage,
        is_first=after is None,
        address=address,
        next=rows.next,
    )
