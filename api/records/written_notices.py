"""The scheme's own notices as files: one purpose in one language each, its title in the first line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.records.notice_board import NoticeBoard
from domain.commands.notices import publish_notice
from domain.mentoring import Order
from domain.values import Act, Purpose

FOLDER = Path(__file__).parents[2] / "deploy" / "notices"
PUBLISHER = UUID("e4401000-0000-4000-8000-000000000002")
"""The actor of notices that are published on the machine itself."""


@dataclass(frozen=True, slots=True)
class WrittenNotice:
    """Words as they stand in a file."""

    purpose: Purpose
    language: str
    text: str


def written_notices(folder: Path = FOLDER) -> Iterator[WrittenNotice]:
    """Every file `<language>/<purpose>.md`, in order."""
    for file in sorted(folder.glob("*/*.md")):
        yield WrittenNotice(Purpose(file.stem), file.parent.name, file.read_text("utf-8").strip())


def publish_written(
    parts: Parts, notices: Iterable[WrittenNotice], *, renew_by: datetime | None = None
) -> list[WrittenNotice]:
    """Publish each notice whose words are not those published last; answer which."""
    board = NoticeBoard(parts.mentoring, parts.recorder)
    published = []
    for notice in notices:
        last = board.latest(notice.purpose, notice.language)
        if last is None or last.text != notice.text:
            version = board.next_version(notice.purpose, notice.language)
            _publish(parts, board, notice, version, renew_by)
            published.append(notice)
    return published


def _publish(
    parts: Parts,
    board: NoticeBoard,
    notice: WrittenNotice,
    version: int,
    renew_by: datetime | None,
) -> None:
    about = f"{notice.purpose}/{notice.language}/{version}"
    order = Order(Act(PUBLISHER, parts.clock()), uuid5(PUBLISHER, about))
    carry_out(
        lambda: publish_notice(
            parts.mentoring,
            order,
            purpose=notice.purpose,
            version=version,
            language=notice.language,
            text=notice.text,
            change=board.change_to(notice.purpose, notice.language, renew_by),
        )
    )
