"""Commits together what several threads append at the same moment: one flush to disk for all.

Whoever finds nobody committing leads: it commits what waits, itself included, and hands the lead on
when it has its own answer. A lone caller so commits at once. A refusal fails its own order only,
because a group that is refused is tried again one by one.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from crypto.errors import RecorderUnavailable, RecordingError

MOST_AT_ONCE = 64
MOST_WAITING = 512
"""More than this means that the database is slow; who comes then is sent away to try again."""

LONGEST_WAIT_SECONDS = 20.0
"""Who waited this long for others is sent away too; longer than the database may take over one group."""

Order = TypeVar("Order")
Outcome = TypeVar("Outcome")


class _Waiting(Generic[Order, Outcome]):
    """One caller's order and what became of it."""

    __slots__ = ("_asleep", "answer", "order")

    def __init__(self, order: Order) -> None:
        self.order = order
        self.answer: Outcome | RecordingError | None = None
        # A bare lock, held until somebody wakes it: threading's Event costs ten times as much.
        self._asleep = Lock()
        self._asleep.acquire()

    def sleep(self, seconds: float) -> bool:
        """Until it is answered or must lead; answers whether it was woken in time."""
        return self._asleep.acquire(timeout=seconds)

    def wake(self) -> None:
        """Once, by whoever answered it or hands it the lead."""
        self._asleep.release()


class GroupCommit(Generic[Order, Outcome]):
    """Collects orders into groups.

    `append` appends a group in one transaction and answers an outcome each, in their order, or the
    refusal by which nothing of the group was written. `is_alone` names orders that go by themselves.
    """

    def __init__(
        self,
        append: Callable[[Sequence[Order]], Sequence[Outcome] | RecordingError],
        *,
        is_alone: Callable[[Order], bool],
    ) -> None:
        self._append = append
        self._is_alone = is_alone
        self._queue: deque[_Waiting[Order, Outcome]] = deque()
        self._lock = Lock()
        self._is_led = False

    def submit(self, order: Order) -> Outcome:
        """Append one order, in whatever company; raises its own refusal and nobody else's."""
        mine: _Waiting[Order, Outcome] = _Waiting(order)
        if not self._queue_up(mine) and not mine.sleep(LONGEST_WAIT_SECONDS):
            self._give_up(mine)
        if mine.answer is None:
            self._lead(mine)
        if isinstance(mine.answer, RecordingError):
            raise mine.answer
        assert mine.answer is not None  # noqa: S101 - whoever leads answers itself first
        return mine.answer

    def _queue_up(self, mine: _Waiting[Order, Outcome]) -> bool:
        """Whether the newcomer leads."""
        with self._lock:
            if len(self._queue) >= MOST_WAITING:
                raise RecorderUnavailable
            self._queue.append(mine)
            leads, self._is_led = not self._is_led, True
            return leads

    def _give_up(self, mine: _Waiting[Order, Outcome]) -> None:
        """Leave the queue, unless somebody woke it just now; what is being committed may yet be recorded."""
        with self._lock:
            if mine.sleep(0):
                return
            with suppress(ValueError):
                self._queue.remove(mine)
        raise RecorderUnavailable

    def _lead(self, mine: _Waiting[Order, Outcome]) -> None:
        try:
            while mine.answer is None:
                self._commit(self._next_group())
        finally:
            self._hand_on()

    def _hand_on(self) -> None:
        with self._lock:
            self._is_led = bool(self._queue)
            if self._queue:
                self._queue[0].wake()

    def _next_group(self) -> list[_Waiting[Order, Outcome]]:
        with self._lock:
            group = [self._queue.popleft()]
            while self._queue and len(group) < MOST_AT_ONCE and not self._parts(group[0]):
                group.append(self._queue.popleft())
            return group

    def _parts(self, first: _Waiting[Order, Outcome]) -> bool:
        """Whether the next in the queue must not join the group of the first."""
        return self._is_alone(first.order) or self._is_alone(self._queue[0].order)

    def _commit(self, group: Sequence[_Waiting[Order, Outcome]]) -> None:
        try:
            for each, answer in zip(group, self._answers(group), strict=True):
                each.answer = answer
        finally:
            _wake(group)

    def _answers(
        self, group: Sequence[_Waiting[Order, Outcome]]
    ) -> Sequence[Outcome | RecordingError]:
        answers = self._append([each.order for each in group])
        if not isinstance(answers, RecordingError):
            return answers
        if len(group) == 1:
            return [answers]
        if isinstance(answers, RecorderUnavailable):
            # Trying each by itself would keep all of them waiting that many times longer.
            return [RecorderUnavailable() for _ in group]
        return [self._alone(each) for each in group]

    def _alone(self, waiting: _Waiting[Order, Outcome]) -> Outcome | RecordingError:
        answer = self._append([waiting.order])
        return answer if isinstance(answer, RecordingError) else answer[0]


def _wake(group: Sequence[_Waiting[Order, Outcome]]) -> None:
    """Answer everybody; whoever has no answer, for a fault of ours, learns that it is not known."""
    for each in group:
        if each.answer is None:
            each.answer = RecorderUnavailable()
        each.wake()
