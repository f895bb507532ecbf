"""The notices that are published now, found by following the log: few, and asked for often."""

from threading import Lock
from uuid import UUID

from crypto.event_store.recorder import LogRecorder
from domain.mentoring import Mentoring
from domain.notice import Notice
from domain.values import Purpose

TOPICS = (Notice.Created.TOPIC, Notice.Retired.TOPIC)
BATCH = 500


class NoticeBoard:
    """Knows every notice up to the newest position at the moment it is asked.

    Positions become visible in their own order, so nothing below one that was read comes later.
    """

    def __init__(self, mentoring: Mentoring, recorder: LogRecorder) -> None:
        self._mentoring = mentoring
        self._recorder = recorder
        self._notices: dict[UUID, Notice] = {}
        self._position = 0
        self._lock = Lock()

    def newest(self, purpose: Purpose) -> list[Notice]:
        """The newest notice of a purpose that is not retired, one a language."""
        found: dict[str, Notice] = {}
        for notice in sorted(self._all(), key=lambda each: each.words.version):
            if notice.words.purpose is purpose and not notice.is_retired:
                found[notice.words.language] = notice
        return [found[language] for language in sorted(found)]

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
        if isinstance(id, UUID):
            self._notices[id] = self._mentoring.load(Notice, id)
