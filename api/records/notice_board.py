"""The notices that are published now, found by following the log: few, and asked for often."""

from datetime import datetime
from itertools import count
from threading import Lock
from uuid import UUID

import structlog

from crypto.errors import SealedRecordError
from crypto.event_store.recorder import LogRecorder
from domain.commands.notices import Change
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound
from domain.notice import Notice
from domain.values import Purpose

TOPICS = (Notice.Created.TOPIC, Notice.Retired.TOPIC, Notice.Superseded.TOPIC)
BATCH = 500


class NotTheNextVersion(DomainError):
    """The next version of a notice is one more than the newest for its purpose in its language."""


class NoticeBoard:
    """Knows every notice up to the newest position at the moment it is asked.

    Positions become visible in their own order, so nothing below one that was read comes later. A
    notice whose record is damaged is left out, with an alarm once a process; all others are shown.
    """

    def __init__(self, mentoring: Mentoring, recorder: LogRecorder) -> None:
        self._mentoring = mentoring
        self._recorder = recorder
        self._notices: dict[UUID, Notice] = {}
        self._left_out: set[UUID] = set()
        self._position = 0
        self._lock = Lock()

    def newest(self, purpose: Purpose) -> list[Notice]:
        """The newest notice of a purpose that can be asked with, one a language."""
        found: dict[str, Notice] = {}
        for notice in sorted(self._all(), key=lambda each: each.words.version):
            if notice.words.purpose is purpose and notice.is_asked_with:
                found[notice.words.language] = notice
        return [found[language] for language in sorted(found)]

    def change_to(self, purpose: Purpose, language: str, renew_by: datetime | None) -> Change:
        """What the next version of some words replaces; of a first version, nothing."""
        last = self.latest(purpose, language)
        return Change(None if last is None else last.id, renew_by)

    def require_next(self, purpose: Purpose, version: int, language: str) -> None:
        """Refuse a version that would leave a gap: no correction could ever follow the highest number.

        What is published stays so: a version that is next now can only be taken by its own twin.
        """
        next_one = self.next_version(purpose, language)
        is_taken = Notice.id_of(purpose, version, language) in self._taken()
        if version != next_one and not is_taken:
            raise NotTheNextVersion

    def next_version(self, purpose: Purpose, language: str) -> int:
        """The first number after the newest words that nothing has, not even a damaged notice."""
        newest = max((each.words.version for each in self._of(purpose, language)), default=0)
        taken = self._taken()
        return next(
            each for each in count(newest + 1) if Notice.id_of(purpose, each, language) not in taken
        )

    def latest(self, purpose: Purpose, language: str) -> Notice | None:
        """The newest words of a purpose in a language, whether or not they are asked with."""
        found = self._of(purpose, language)
        return max(found, key=lambda each: each.words.version, default=None)

    def _taken(self) -> set[UUID]:
        return self._left_out.union(self._notices)

    def _of(self, purpose: Purpose, language: str) -> list[Notice]:
        whose = purpose, language
        return [each for each in self._all() if (each.words.purpose, each.words.language) == whose]

    def _all(self) -> list[Notice]:
        with self._lock:
            self._catch_up()
            return list(self._notices.values())

    def _catch_up(self) -> None:
        newest = self._recorder.max_notification_id() or 0
        while self._position < newest:
            stored = self._recorder.select_notifications(
                self._position, BATCH, stop=newest, topics=TOPICS, inclusive_of_start=False
            )
            for each in stored:
                self._read(each.originator_id)
            self._position = stored[-1].id if len(stored) == BATCH else newest

    def _read(self, id: object) -> None:
        if not isinstance(id, UUID):
            return
        try:
            self._notices[id] = self._mentoring.load(Notice, id)
        except (SealedRecordError, NotFound) as error:
            self._leave_out(id, error)

    def _leave_out(self, id: UUID, error: SealedRecordError | NotFound) -> None:
        """Words that cannot be proven are asked with no longer, the earlier state of them neither."""
        self._notices.pop(id, None)
        if id not in self._left_out:
            self._left_out.add(id)
            record = getattr(error, "record", f"notice {id}")
            log = structlog.get_logger()
            log.error("notice left out", error=type(error).__name__, record=record)
