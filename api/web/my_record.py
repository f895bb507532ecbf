"""Where somebody takes away everything that is kept about them, and reads what it is before they do."""

from fastapi import APIRouter, Request, Response

from api.at_the_door import RoomForPaper
from api.auth.callers import Now, PartyCaller
from api.dependencies import MentoringPart, OpeningsPart, ReaderPart, RecorderPart, TokensPart
from api.records.record_sheets import SHEETS
from api.routes import whole_record
from api.routes.notebooks import DeskPart
from api.web.forms import ReadForm
from api.web.rendering import page

router = APIRouter(prefix="/my-record", include_in_schema=False, dependencies=[ReadForm])


@router.get("")
def show(request: Request, caller: PartyCaller) -> Response:
    """What is in it."""
    return page(request, "my_record.html", caller=caller, sheets=SHEETS)


@router.get("/bag", dependencies=[RoomForPaper])
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
) -> Response:
    """The bag itself."""
    parts = (request, caller, desk, mentoring, openings, reader, recorder, tokens, now)
    return whole_record.take_away(*parts)
