"""Streams of changes: a page or a program is told that something changed, and asks anew for what.

A stream is server-sent events. It carries the positions of changes to what its caller may see and
nothing else, so whatever is then shown has passed the rules of the route that shows it.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from api.auth.callers import (
    CoordinatorCaller,
    MenteeCaller,
    MentorCaller,
    grant_of,
    require_scope,
    signed_in,
)
from api.auth.tokens import Grant
from api.dependencies import StreamsPart
from api.errors import NotSignedIn, TokenMayNot
from api.live.response import StreamAnswer
from api.live.streams import Streams
from projections.reader import Changes

router = APIRouter(tags=["reading"], default_response_class=StreamingResponse)

HIGHEST_POSITION = 10**18

After = Annotated[
    int,
    Query(
        ge=0,
        le=HIGHEST_POSITION,
        description="The position that is shown already; of changes up to there nothing is told.",
    ),
]
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        pattern=r"^[0-9]{1,18}$",
        description="The last position that was told; a browser that comes back sends it by itself.",
    ),
]

EVENTS = {
    "type": "string",
    "description": "`changed` with the position of the newest change as data and id; `signed-out` when "
    "the access that opened the stream has ended. Lines that begin with a colon keep it open. A stream "
    "ends after an hour at most, and is then opened again.",
    "examples": ["event: changed\ndata: 17\nid: 17\n\n"],
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": EVENTS}}},
    429: {"description": "As many streams of one person are open as may; see Retry-After."},
    503: {"description": "As many streams are open as this process can serve; see Retry-After."},
}


class Opening:
    """A request for a stream, whose caller is asked for anew as long as it is open."""

    def __init__(
        self,
        request: Request,
        grant: Annotated[Grant, Depends(grant_of)],
        streams: StreamsPart,
        after: After = 0,
        last: LastEventId = None,
    ) -> None:
        self._request = request
        self._grant = grant
        self._streams = streams
        self._after = int(last) if last else after

    def open(self, changes: Changes) -> StreamAnswer:
        """Open it; raises TooManyStreams or TooManyOfOnePerson."""
        streams: Streams = self._streams
        person = self._grant.caller.person
        stream = streams.open(person, changes, after=self._after, is_live=self._is_live)
        return StreamAnswer(stream, streams.lasts_seconds, lambda: streams.leave(stream))

    def _is_live(self) -> bool:
        try:
            grant = signed_in(self._request)
            require_scope(self._request, grant)
        except (NotSignedIn, TokenMayNot):
            return False
        return grant == self._grant


OpeningPart = Annotated[Opening, Depends(Opening)]


@router.get("/pipeline/changes", responses=ANSWERS)
async def pipeline_changes(caller: CoordinatorCaller, opening: OpeningPart) -> StreamAnswer:
    """Tell when the pipeline changes as the caller may see it; never of a relationship that they are in."""
    return opening.open(Changes.PIPELINE)


@router.get("/my-mentoring/changes", responses=ANSWERS)
async def my_mentoring_changes(caller: MenteeCaller, opening: OpeningPart) -> StreamAnswer:
    """Tell a mentee when one of their own relationships changes."""
    return opening.open(Changes.MY_MENTORING)


@router.get("/my-caseload/changes", responses=ANSWERS)
async def my_caseload_changes(caller: MentorCaller, opening: OpeningPart) -> StreamAnswer:
    """Tell a mentor when a relationship in their caseload changes, leaves it, or their standing does."""
    return opening.open(Changes.MY_CASELOAD)
