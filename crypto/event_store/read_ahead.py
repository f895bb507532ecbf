"""Streams that were asked for together: each is opened by the same way, and held against the same proofs, as one alone.

They are kept sealed, as they stood when they were asked for. What is recorded goes through unchanged.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    StoredEvent,
    Subscription,
)
from typing_extensions import override

from crypto.errors import Tampered

Stored = Mapping[UUID, list[StoredEvent]]
"""The events of streams in their order; of a stream that is not there, none."""

WHOLE = (None, None, False, None)
NEWEST_ALONE = (None, None, True, 1)


class ReadAhead(ApplicationRecorder):
    """Answers from memory for these streams, and asks the recorder behind it for whatever else there is."""

    def __init__(self, behind: ApplicationRecorder, whole: Stored, newest: Stored) -> None:
        super().__init__()
        self._behind = behind
        self._whole = whole
        self._newest = newest

    @override
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream; raises Tampered where one is gone."""
        asked = (gt, lte, desc, limit)
        if isinstance(originator_id, UUID):
            if asked == WHOLE and originator_id in self._whole:
                return without_holes(self._whole[originator_id], after=0)
            if asked == NEWEST_ALONE and originator_id in self._newest:
                return self._newest[originator_id]
        return self._behind.select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)

    @override
    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        return self._behind.insert_events(stored_events, **kwargs)

    @override
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        return self._behind.select_notifications(
            start, limit, stop, topics, inclusive_of_start=inclusive_of_start
        )

    @override
    def max_notification_id(self) -> int | None:
        return self._behind.max_notification_id()

    @override
    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        return self._behind.subscribe(gt, topics)


def by_stream(streams: Iterable[UUID], events: Iterable[StoredEvent]) -> Stored:
    """Sort what one question answered."""
    found: dict[UUID, list[StoredEvent]] = {stream: [] for stream in streams}
    for event in events:
        if isinstance(event.originator_id, UUID):
            found[event.originator_id].append(event)
    return found


def without_holes(events: list[StoredEvent], *, after: int) -> list[StoredEvent]:
    """The events, if each follows the one before it; Tampered names the first that is gone."""
    for version, event in enumerate(events, after + 1):
        if event.originator_version != version:
            raise Tampered(f"event {event.originator_id} version {version}")
    return events
