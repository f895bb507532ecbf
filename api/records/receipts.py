"""Receipts as the API hands them out: one for each change of a consent, read from the log each time."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, Field

from api.dependencies import CommandResult, result_of
from api.fields import Digest
from crypto.errors import AlreadyRecorded
from domain.consent import ConsentLedger
from domain.consent_receipt import Receipt, receipts_of
from domain.consent_terms import ConsentMethod, ConsentState
from domain.mentoring import Mentoring, Recorded
from domain.values import Purpose


class ReceiptAnswer(BaseModel):
    """What was said to one purpose under which words, by two clocks; not signed yet."""

    id: UUID
    person: UUID = Field(description="The person's pseudonym; never a name.")
    purpose: Purpose
    change: str = Field(examples=["given"])
    state: ConsentState = Field(description="Where the consent stands after this change.")
    notice_version: int
    language: str
    digest: Digest = Field(description="SHA-256 of the words that were shown.")
    method: ConsentMethod | None = Field(description="How the person said it, if they did.")
    effective_at: datetime = Field(description="When it took effect.")
    recorded_at: datetime = Field(description="When it was written down.")
    is_backdated: bool
    expires_at: datetime | None
    actor: UUID = Field(description="The pseudonym of whoever recorded it.")
    ledger: UUID = Field(description="The record in the log that holds the change.")
    version: int = Field(description="Which event of that record it is.")

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """A receipt as an answer."""
        words = receipt.words
        return cls(
            id=receipt.id,
            person=receipt.person,
            purpose=words.purpose,
            change=receipt.change,
            state=receipt.state,
            notice_version=words.version,
            language=words.language,
            digest=words.digest.hex(),
            method=receipt.method,
            effective_at=receipt.effective_at,
            recorded_at=receipt.recorded_at,
            is_backdated=receipt.is_backdated,
            expires_at=receipt.expires_at,
            actor=receipt.actor,
            ledger=receipt.ledger,
            version=receipt.version,
        )


class ConsentResult(CommandResult):
    """Where a change of a consent was recorded, with its receipt."""

    receipt: ReceiptAnswer

    @classmethod
    def again(cls, request: Request, recorded: AlreadyRecorded) -> dict[str, Any]:
        """What a repetition adds to where the first was recorded: the same receipt."""
        mentoring: Mentoring = request.app.state.parts.mentoring
        ledger = UUID(str(recorded.subject))
        receipt = receipt_at(mentoring, ledger, recorded.version)
        return {"receipt": receipt.model_dump(mode="json")}


def receipts(mentoring: Mentoring, person: UUID) -> list[Receipt]:
    """Every receipt of a person, oldest first."""
    return list(receipts_of(mentoring.events.get(ConsentLedger.id_of(person))))


def receipt_at(mentoring: Mentoring, ledger: UUID, version: int) -> ReceiptAnswer:
    """The receipt of the change with which a ledger came to a version."""
    *_, last = receipts_of(mentoring.events.get(ledger, lte=version))
    return ReceiptAnswer.of(last)


def consent_result(mentoring: Mentoring, recorded: Recorded, response: Response) -> ConsentResult:
    """Tell where a change was recorded, and hand out its receipt."""
    result = result_of(recorded, response)
    receipt = receipt_at(mentoring, recorded.subject, recorded.version)
    return ConsentResult(**result.model_dump(), receipt=receipt)
