"""Consents: given, put off, refused and taken back in the person's own hand, and read by who may check them."""

from datetime import datetime
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from api.auth.callers import ConsentReader, Now, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import Body, MentoringPart, OrderPart
from api.fields import Digest
from api.records.looks import record_look
from api.records.receipts import ConsentResult, ReceiptAnswer, consent_result, receipts
from api.records.withdrawing import WithdrawingPart
from domain.access_register import RecordKind
from domain.commands.consents import Shown, defer_consent, give_consent, refuse_consent
from domain.consent import ConsentLedger
from domain.consent_terms import Answer, ConsentMethod, ConsentState
from domain.notice import Notice
from domain.values import Purpose

router = APIRouter(tags=["consents"])


class WordsShown(Body):
    """The words of a purpose, exactly as they were shown."""

    notice_version: int = Field(ge=1, le=10_000, examples=[1])
    language: str = Field(max_length=12, examples=["en"])
    digest: Digest = Field(examples=["0" * 64])
    method: ConsentMethod = Field(default=ConsentMethod.OWN_HAND, examples=["own_hand"])

    def shown(self, purpose: Purpose) -> Shown:
        """The notice they come from, and their digest."""
        notice = Notice.id_of(purpose, self.notice_version, self.language)
        return Shown(notice, bytes.fromhex(self.digest))


class GiveConsent(WordsShown):
    """A yes to one purpose, under the words that were shown, and until when if it is to end by itself."""

    purpose: Purpose = Field(examples=["take_part"])
    expires_at: AwareDatetime | None = None


class ConsentAnswer(BaseModel):
    """Where one purpose stands, whether processing may rest on it now, and every change, oldest first."""

    purpose: Purpose
    state: ConsentState
    is_live: bool
    changes: list[ReceiptAnswer]


class ConsentsAnswer(BaseModel):
    """All of a person's consents."""

    person: UUID
    consents: list[ConsentAnswer]


class ReceiptsAnswer(BaseModel):
    """Every receipt of a person, oldest first."""

    receipts: list[ReceiptAnswer]


@router.post("/me/consents", status_code=201)
def give(
    body: GiveConsent,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> ConsentResult:
    """Say yes, or say it again under newer words."""
    recorded = carry_out(
        lambda: give_consent(
            mentoring,
            order,
            person=caller.person,
            shown=body.shown(body.purpose),
            expires_at=body.expires_at,
            answer=Answer(body.method),
        )
    )
    return consent_result(mentoring, recorded, response)


@router.post("/me/consents/{purpose}/deferral", status_code=201)
def defer(
    purpose: Purpose,
    body: WordsShown,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> ConsentResult:
    """Say "not now": it is never a no, and is asked again later."""
    shown, answer = body.shown(purpose), Answer(body.method)
    recorded = carry_out(
        lambda: defer_consent(mentoring, order, person=caller.person, shown=shown, answer=answer)
    )
    return consent_result(mentoring, recorded, response)


@router.post("/me/consents/{purpose}/refusal", status_code=201)
def refuse(
    purpose: Purpose,
    body: WordsShown,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> ConsentResult:
    """Say no to what is asked; nobody asks why."""
    shown, answer = body.shown(purpose), Answer(body.method)
    recorded = carry_out(
        lambda: refuse_consent(mentoring, order, person=caller.person, shown=shown, answer=answer)
    )
    return consent_result(mentoring, recorded, response)


@router.post("/me/consents/{purpose}/withdrawal", status_code=201)
def withdraw(
    purpose: Purpose,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    withdrawing: WithdrawingPart,
    response: Response,
) -> ConsentResult:
    """Take a yes back: one action, no reason asked, and what rests on it ends in the same commit."""
    recorded = withdrawing.withdraw(order, purpose)
    return consent_result(mentoring, recorded, response)


@router.get("/me/consents")
def my_consents(
    caller: PartyCaller, now: Now, mentoring: MentoringPart, response: Response
) -> ConsentsAnswer:
    """Show one's own consents."""
    return _shown(mentoring, caller.person, now, response)


@router.get("/me/consents/receipts")
def my_receipts(caller: PartyCaller, mentoring: MentoringPart) -> ReceiptsAnswer:
    """Show a receipt for each change of one's own consents."""
    return ReceiptsAnswer(
        receipts=[ReceiptAnswer.of(each) for each in receipts(mentoring, caller.person)]
    )


@router.get("/people/{id}/consents")
def consents(
    id: UUID, caller: ConsentReader, now: Now, mentoring: MentoringPart, response: Response
) -> ConsentsAnswer:
    """Show a person's consents; the look is recorded and they can see it."""
    mentoring.load(ConsentLedger, ConsentLedger.id_of(id))
    record_look(mentoring, caller, id, RecordKind.CONSENTS, now=now)
    return _shown(mentoring, id, now, response)


def _shown(
    mentoring: MentoringPart, person: UUID, now: datetime, response: Response
) -> ConsentsAnswer:
    ledger = mentoring.load(ConsentLedger, ConsentLedger.id_of(person))
    response.headers["ETag"] = f'"{ledger.version}"'
    changes = sorted(receipts(mentoring, person), key=lambda each: each.words.purpose)
    consents = [
        ConsentAnswer(
            purpose=purpose,
            state=ledger.state(purpose, now),
            is_live=ledger.is_live(purpose, now),
            changes=[ReceiptAnswer.of(each) for each in group],
        )
        for purpose, group in groupby(changes, key=lambda each: each.words.purpose)
    ]
    return ConsentsAnswer(person=ledger.person, consents=consents)
