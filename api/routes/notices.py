"""Notices: the words that consent is asked with."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from api.auth.callers import NoticeCaller, NoticeReader
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    NoticeBoardPart,
    result_of,
)
from api.fields import Digest
from domain.commands.notices import publish_notice
from domain.mentoring import Recorded
from domain.notice import LONGEST_TEXT, Notice
from domain.values import Purpose

router = APIRouter(tags=["notices"])

HIGHEST_VERSION = 10_000


class PublishNotice(Body):
    """Words for one purpose in one language; a correction is a new version."""

    purpose: Purpose = Field(examples=["take_part"])
    version: int = Field(ge=1, le=HIGHEST_VERSION, examples=[1])
    language: str = Field(max_length=12, examples=["en"])
    text: str = Field(
        min_length=1,
        max_length=LONGEST_TEXT,
        examples=["We keep your name and how to reach you so that you can take part."],
    )
    renew_by: AwareDatetime | None = Field(
        default=None,
        description="Until when a yes to the earlier words stands; without it, it simply stands.",
    )


class NoticeAnswer(BaseModel):
    """The words, and the digest that a consent to them must name."""

    id: UUID
    purpose: Purpose
    version: int
    language: str
    text: str
    digest: Digest


class NoticesAnswer(BaseModel):
    """The newest words for a purpose, one notice a language."""

    notices: list[NoticeAnswer]


@router.post("/notices", status_code=201)
def publish(
    body: PublishNotice,
    caller: NoticeCaller,
    carrier: CarrierPart,
    board: NoticeBoardPart,
) -> CommandResult:
    """Publish words to ask a consent with, as the next version in their language, in place of the last."""

    def publish_next() -> Recorded:
        board.require_next(body.purpose, body.version, body.language)
        return publish_notice(
            carrier.mentoring,
            carrier.order,
            purpose=body.purpose,
            version=body.version,
            language=body.language,
            text=body.text,
            change=board.change_to(body.purpose, body.language, body.renew_by),
        )

    return result_of(carry_out(publish_next), carrier.response)


@router.get("/notices/{purpose}")
def newest(purpose: Purpose, caller: NoticeReader, board: NoticeBoardPart) -> NoticesAnswer:
    """Show the newest words for a purpose in each language."""
    return NoticesAnswer(notices=[_answer(notice) for notice in board.newest(purpose)])


def _answer(notice: Notice) -> NoticeAnswer:
    words = notice.words
    return NoticeAnswer(
        id=notice.id,
        purpose=words.purpose,
        version=words.version,
        language=words.language,
        text=notice.text,
        digest=words.digest.hex(),
    )
