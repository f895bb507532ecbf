"""Consents: given and taken back in the person's own hand, and read by who may check them."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import ConsentReader, Now, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import Body, CommandResult, MentoringPart, OrderPart, result_of
from api.fields import Digest
from api.records.looks import record_look
from domain.access_register import RecordKind
from domain.commands.consents import Shown, give_consent, withdraw_consent
from domain.consent import ConsentLedger
from domain.consent_terms import Answer, Consent, ConsentMethod, ConsentState
from domain.notice import Notice
from domain.values import Purpose

router = APIRouter(tags=["consents"])


class GiveConsent(Body):
    """A yes to one purpose, under the words that were shown."""

    purpose: Purpose = Field(examples=["take_part"])
    notice_version: int = Field(ge=1, le=10_000, examples=[1])
    language: str = Field(max_length=12, examples=["en"])
    digest: Digest = Field(examples=["0" * 64])
    method: ConsentMethod = Field(default=ConsentMethod.OWN_HAND, examples=["own_hand"])


class ChangeAnswer(BaseModel):
    """One change to a consent."""

    state: ConsentState
    notice_version: int
    language: str
    digest: Digest
    effective_at: datetime
    expires_at: datetime | None


class ConsentAnswer(BaseModel):
    """What was said to one purpose, oldest first, and whether processing may rest on it now."""

    purpose: Purpose
    is_live: bool
    changes: list[ChangeAnswer]


class ConsentsAnswer(BaseModel):
    """All of a person's consents."""

    person: UUID
    consents: list[ConsentAnswer]


@router.post("/me/consents", status_code=201)
def give(
    body: GiveConsent,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Say yes, or say it again under newer words."""
    notice = Notice.id_of(body.purpose, body.notice_version, body.language)
    shown = Shown(notice, bytes.fromhex(body.digest))
    answer = Answer(body.method)
    recorded = carry_out(
        lambda: give_consent(mentoring, order, person=caller.person, shown=shown, answer=answer)
    )
    return result_of(recorded, response)


@router.post("/me/consents/{purpose}/withdrawal", status_code=201)
def withdraw(
    purpose: Purpose,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Take a yes back: one action, no reason asked."""
    recorded = carry_out(
        lambda: withdraw_consent(mentoring, order, person=caller.person, purpose=purpose)
    )
    return result_of(recorded, response)


@router.get("/me/consents")
def my_consents(
    caller: PartyCaller, now: Now, mentoring: MentoringPart, response: Response
) -> ConsentsAnswer:
    """Show one's own consents."""
    return _shown(_ledger(mentoring, caller.person), now, response)


@router.get("/people/{id}/consents")
def consents(
    id: UUID, caller: ConsentReader, now: Now, mentoring: MentoringPart, response: Response
) -> ConsentsAnswer:
    """Show a person's consents; the look is recorded and they can see it."""
    ledger = _ledger(mentoring, id)
    record_look(mentoring, caller, id, RecordKind.CONSENTS, now=now)
    return _shown(ledger, now, response)


def _ledger(mentoring: MentoringPart, person: UUID) -> ConsentLedger:
    return mentoring.load(ConsentLedger, ConsentLedger.id_of(person))


def _shown(ledger: ConsentLedger, now: datetime, response: Response) -> ConsentsAnswer:
    response.headers["ETag"] = f'"{ledger.version}"'
    consents = [
        ConsentAnswer(
            purpose=purpose,
            is_live=ledger.is_live(purpose, now),
            changes=[_change(each) for each in changes],
        )
        for purpose, changes in sorted(ledger.changes.items())
    ]
    return ConsentsAnswer(person=ledger.person, consents=consents)


def _change(consent: Consent) -> ChangeAnswer:
    return ChangeAnswer(
        state=consent.state,
        notice_version=consent.words.version,
        language=consent.words.language,
        digest=consent.words.digest.hex(),
        effective_at=consent.effective_at,
        expires_at=consent.expires_at,
    )
