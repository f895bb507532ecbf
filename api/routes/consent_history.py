"""What may be done about other people's consents by duty: read their history, ask, and end for a reason."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from api.auth.callers import ConsentReader, Now, may_call
from api.carrying_out import carry_out
from api.dependencies import ApartPart, Body, MentoringPart, NoticeBoardPart, OrderPart
from api.fields import Digest, Limit
from api.records.consent_history import ConsentHistoryPart
from api.records.receipts import ConsentResult, consent_result
from domain.access import Caller
from domain.commands.consents import Shown, invalidate_consent, request_consent, revoke_consent
from domain.consent_receipt import receipt_id
from domain.consent_terms import InvalidationReason, RevocationReason
from domain.mentoring import NotFound
from domain.values import Purpose, Role
from projections.consent_questions import AFTER_ALL, BEFORE_ALL, HistoryFilter, HistoryRow

router = APIRouter(tags=["consents"])

ConsentKeeper = Annotated[Caller, Depends(may_call(Role.DATA_PROTECTION_LEAD))]

SaidReason = Literal[
    RevocationReason.PURPOSE_ENDED,
    RevocationReason.RECORDED_IN_ERROR,
    RevocationReason.PERSON_CANNOT_CONSENT,
]
"""An erasure ends consents by itself."""


class RequestConsent(Body):
    """In which language to ask; the newest words in it are shown."""

    language: str = Field(max_length=12, examples=["en"])


class RevokeConsent(Body):
    """Why somebody other than the person ends it."""

    reason: SaidReason = Field(examples=["recorded_in_error"])


class InvalidateConsent(Body):
    """Which authority found that it never held."""

    reason: InvalidationReason = Field(examples=["supervisory_authority"])


class HistoryChange(BaseModel):
    """One change of somebody's consent, under pseudonyms and by two clocks; `id` is that of its receipt."""

    id: UUID
    position: int
    person: UUID
    purpose: Purpose
    change: str
    notice_version: int
    language: str
    digest: Digest
    method: str | None
    effective_at: datetime
    recorded_at: datetime
    is_backdated: bool
    expires_at: datetime | None
    actor: UUID
    ledger: UUID
    version: int


class HistoryAnswer(BaseModel):
    """Changes, the newest recorded first; `next` is the cursor of the page after."""

    changes: list[HistoryChange]
    next: int | None


@router.get("/consent-history")
def consent_history(
    caller: ConsentReader,
    now: Now,
    history: ConsentHistoryPart,
    person: UUID | None = None,
    purpose: Purpose | None = None,
    since: AwareDatetime = BEFORE_ALL,
    until: AwareDatetime = AFTER_ALL,
    cursor: Annotated[int | None, Query(ge=1, le=10**18)] = None,
    limit: Limit = 50,
) -> HistoryAnswer:
    """Show changes of consents; everybody on the page can read that it was looked at."""
    wanted = HistoryFilter(person, purpose, since, until, cursor)
    page = history.page(caller, wanted, now=now, most=limit)
    return HistoryAnswer(changes=[_change(row) for row in page.rows], next=page.next)


@router.post("/people/{id}/consents/{purpose}/request", status_code=201)
def request(
    id: UUID,
    purpose: Purpose,
    body: RequestConsent,
    caller: ConsentKeeper,
    apart: ApartPart,
    order: OrderPart,
    mentoring: MentoringPart,
    board: NoticeBoardPart,
    response: Response,
) -> ConsentResult:
    """Ask a person for a consent, in the newest words."""
    apart.require(caller, id)
    notices = {each.words.language: each for each in board.newest(purpose)}
    notice = notices.get(body.language)
    if notice is None:
        raise NotFound
    shown = Shown(notice.id, notice.words.digest)
    recorded = carry_out(lambda: request_consent(mentoring, order, person=id, shown=shown))
    return consent_result(mentoring, recorded, response)


@router.post("/people/{id}/consents/{purpose}/revocation", status_code=201)
def revoke(
    id: UUID,
    purpose: Purpose,
    body: RevokeConsent,
    caller: ConsentKeeper,
    apart: ApartPart,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> ConsentResult:
    """End a consent for the person; what rests on it ends soon after."""
    apart.require(caller, id)
    reason = RevocationReason(body.reason)
    recorded = carry_out(
        lambda: revoke_consent(mentoring, order, person=id, purpose=purpose, reason=reason)
    )
    return consent_result(mentoring, recorded, response)


@router.post("/people/{id}/consents/{purpose}/invalidation", status_code=201)
def invalidate(
    id: UUID,
    purpose: Purpose,
    body: InvalidateConsent,
    caller: ConsentKeeper,
    apart: ApartPart,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> ConsentResult:
    """Record that an authority found a consent invalid; what rests on it ends soon after."""
    apart.require(caller, id)
    recorded = carry_out(
        lambda: invalidate_consent(mentoring, order, person=id, purpose=purpose, reason=body.reason)
    )
    return consent_result(mentoring, recorded, response)


def _change(row: HistoryRow) -> HistoryChange:
    return HistoryChange(
        id=receipt_id(row.ledger, row.version),
        position=row.position,
        person=row.person,
        purpose=Purpose(row.purpose),
        change=row.change,
        notice_version=row.notice_version,
        language=row.language,
        digest=row.digest.hex(),
        method=row.method,
        effective_at=row.effective_at,
        recorded_at=row.recorded_at,
        is_backdated=row.effective_at < row.recorded_at,
        expires_at=row.expires_at,
        actor=row.actor,
        ledger=row.ledger,
        version=row.version,
    )
