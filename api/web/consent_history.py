"""The history of consents: of everybody, under pseudonyms, for who checks them; and one's own."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.auth.callers import ConsentReader, Now, PartyCaller
from api.dependencies import MentoringPart
from api.records.consent_history import ConsentHistoryPart
from api.records.receipts import receipts
from api.web.forms import ReadForm
from api.web.my_consents_view import CHANGES, METHODS, PURPOSES, language_named
from api.web.rendering import page
from domain.consent_receipt import receipt_id
from domain.values import Purpose
from projections.consent_questions import HistoryFilter

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

WORDS: dict[str, Any] = {
    "purposes": PURPOSES,
    "changes": CHANGES,
    "methods": METHODS,
    "language_named": language_named,
    "receipt_id": receipt_id,
}


@router.get("/consent-history")
def show(
    request: Request,
    caller: ConsentReader,
    now: Now,
    history: ConsentHistoryPart,
    person: UUID | None = None,
    purpose: Purpose | None = None,
    cursor: Annotated[int | None, Query(ge=1, le=10**18)] = None,
) -> Response:
    """Every change, newest first; the look is recorded for everybody on the page."""
    wanted = HistoryFilter(person=person, purpose=purpose, before=cursor)
    found = history.page(caller, wanted, now=now)
    return page(
        request,
        "consent_history.html",
        caller=caller,
        rows=found.rows,
        next=found.next,
        is_first=cursor is None,
        person=person,
        chosen=purpose,
        address=_address,
        **WORDS,
    )


@router.get("/my-consents/history")
def show_own(request: Request, caller: PartyCaller, mentoring: MentoringPart) -> Response:
    """Every change of one's own consents, each with its receipt."""
    return page(
        request,
        "my_consent_history.html",
        caller=caller,
        receipts=list(reversed(receipts(mentoring, caller.person))),
        **WORDS,
    )


def _address(person: UUID | None, purpose: Purpose | None, cursor: int | None = None) -> str:
    named = {"person": person, "purpose": purpose and purpose.value, "cursor": cursor}
    query = urlencode({name: value for name, value in named.items() if value is not None})
    return f"/consent-history?{query}" if query else "/consent-history"
