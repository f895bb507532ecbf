"""Who looked at one's record, as its person reads it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth.callers import PartyCaller
from api.dependencies import MentoringPart, ReaderPart
from api.routes import access_records
from api.routes.disclosing import told_of
from api.web.disclosing import GROUNDS
from api.web.forms import ReadForm
from api.web.looking import looked_up
from api.web.my_rights_view import look_in_words
from api.web.rendering import page
from domain.access import Caller
from domain.mentoring import Mentoring
from projections.reader import Reader

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

LOOKS_A_PAGE = 20


@router.get("/who-looked")
def show_looks(
    request: Request,
    caller: PartyCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    before: Annotated[int | None, Query(ge=1, le=10**12)] = None,
) -> Response:
    """Everybody who opened something about the caller, newest first."""
    looks = access_records.my_access_records(caller, mentoring, before, LOOKS_A_PAGE)
    return page(
        request,
        "who_looked.html",
        caller=caller,
        looks=[(look.at, look_in_words(look, caller.person)) for look in looks.looks],
        next=looks.next,
        disclosures=[] if before else _disclosures(caller, mentoring, reader),
    )


def _disclosures(
    caller: Caller, mentoring: Mentoring, reader: Reader
) -> list[tuple[str, list[tuple[datetime, str]]]]:
    """What the caller was told of as told outside: why, and who opened it."""
    told = looked_up(lambda: told_of(mentoring, reader, caller))
    return [
        (
            GROUNDS[each.ground],
            [(look.at, look_in_words(look, caller.person)) for look in each.looks],
        )
        for each in told
    ]
