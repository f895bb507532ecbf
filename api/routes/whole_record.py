"""One's whole record to take away: everything that is kept about oneself, in one bag (docs/specs/export.md)."""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from api.at_the_door import RoomForPaper
from api.auth.callers import Now, PartyCaller
from api.dependencies import MentoringPart, OpeningsPart, ReaderPart, RecorderPart, TokensPart
from api.records.export import Export, packed
from api.records.own_words import WordsTaken
from api.records.record_sheets import Sources
from api.records.whole_record import WholeRecord
from api.routes.export import bag_of
from api.routes.notebooks import DeskPart
from domain.values import Act

router = APIRouter(tags=["export"])


@router.get(
    "/me/record",
    dependencies=[RoomForPaper],
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A BagIt bag."}},
)
def take_away(
    request: Request,
    caller: PartyCaller,
    desk: DeskPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    recorder: RecorderPart,
    tokens: TokensPart,
    now: Now,
) -> StreamingResponse:
    """Open and hand out all that the service can open about the caller, with their notebooks as they are sealed; that is recorded."""
    pool, newest = request.app.state.parts.pool, recorder.max_notification_id() or 0
    sealed = Export(desk, reader, caller, Act(caller.person, now), newest)
    sources = Sources(mentoring, reader, tokens, pool, caller.person, now)
    words = WordsTaken(mentoring, openings, reader, caller, now)
    record = WholeRecord(sources, words)
    record.begin(caller, recorded=newest)
    return bag_of(packed(lambda: record.files(sealed.files()), is_opened=True))
