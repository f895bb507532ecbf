"""All open streams of a process: one thread looks for what changed, once for everybody who waits for it.

Nobody is told of a change without being asked anew who they are, so what is told ends with the access.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Condition, Thread
from time import monotonic
from uuid import UUID

import structlog

from api.errors import DATABASE_FAULTS
from api.live.stream import Stream, TooManyOfOnePerson, TooManyStreams
from projections.freshness import ACCESS_ENDED
from projections.my_caseload import MY_CASELOAD
from projections.my_mentoring import MY_MENTORING
from projections.participation import PARTICIPATION
from projections.pipeline import PIPELINE
from projections.reader import Changes, NotYet, Reader

MOST_STREAMS = 100
"""Half of the connections of a process; the other half is for everything else."""
MOST_OF_ONE_PERSON = 4
RECHECK_SECONDS = 5.0
"""An access that ends is heard of at once; one whose time is over, or whose end was not heard, within this."""
LASTS_SECONDS = 3600.0
LEAST_APART_SECONDS = 0.02

RESTS_ON = {
    Changes.PIPELINE: {PIPELINE.name, PARTICIPATION.name},
    Changes.MY_MENTORING: {MY_MENTORING.name},
    Changes.MY_CASELOAD: {MY_CASELOAD.name},
}
"""Which read models move when something changes under somebody's eyes."""

AWAY = (NotYet, *DATABASE_FAULTS)


@dataclass
class Heard:
    """What has happened since the thread looked last: what moved, and who began to wait."""

    names: set[str] = field(default_factory=set)
    new: set[Stream] = field(default_factory=set)
    everything: bool = False

    def is_anything(self) -> bool:
        """Whether there is a reason to look."""
        return bool(self.everything or self.names or self.new)

    def concerns(self, stream: Stream) -> bool:
        """Whether something may have changed for a stream."""
        return self.everything or stream in self.new or bool(self.names & RESTS_ON[stream.changes])

    def ends_access(self) -> bool:
        """Whether somebody may have lost their access."""
        return self.everything or ACCESS_ENDED in self.names


class Streams:
    """Opens and ends streams; its thread runs while there are any."""

    def __init__(self, reader: Reader) -> None:
        self.lasts_seconds = LASTS_SECONDS
        self._reader = reader
        self._streams: set[Stream] = set()
        self._heard = Heard()
        self._rung = Condition()
        self._has_thread = self._is_over = False
        self._due_at = 0.0
        reader.add_listener(self._hear)

    def open(
        self, person: UUID, changes: Changes, *, after: int, is_live: Callable[[], bool]
    ) -> Stream:
        """A stream for somebody who may see such changes; raises TooManyStreams or TooManyOfOnePerson."""
        with self._rung:
            if self._is_over or len(self._streams) >= MOST_STREAMS:
                raise TooManyStreams
            if sum(each.person == person for each in self._streams) >= MOST_OF_ONE_PERSON:
                raise TooManyOfOnePerson
            stream = Stream(person, changes, after=after, is_live=is_live)
            self._streams.add(stream)
            self._heard.new.add(stream)
            self._rung.notify_all()
            if not self._has_thread:
                Thread(target=self._watch, name="streams", daemon=True).start()
                self._has_thread = True
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream that nobody reads any more."""
        with self._rung:
            self._streams.discard(stream)
            self._rung.notify_all()

    def end_all(self) -> None:
        """End every stream and open no other: the server stops."""
        with self._rung:
            self._is_over = True
            for stream in self._streams:
                stream.end()

    def count(self) -> int:
        """How many are open."""
        with self._rung:
            return len(self._streams)

    def _hear(self, heard: str | None) -> None:
        with self._rung:
            if heard is None:
                self._heard.everything = True
            else:
                self._heard.names.add(heard)
            self._rung.notify_all()

    def _watch(self) -> None:
        while (looked_for := self._next()) is not None:
            streams, heard = looked_for
            try:
                self._look(streams, heard)
            except AWAY:
                # Nobody is told anything meanwhile; everything is looked at again when that is due.
                continue
            except Exception as error:  # noqa: BLE001 - everybody who waits depends on this thread, so it outlives whatever goes wrong
                structlog.get_logger().error("streams not looked after", error=type(error).__name__)

    def _next(self) -> tuple[Collection[Stream], Heard] | None:
        """What to look for, as soon as there is anything; None once nobody waits any more."""
        with self._rung:
            # Under load a few things that happen together are looked at together.
            self._rung.wait_for(lambda: not self._streams, LEAST_APART_SECONDS)
            self._rung.wait_for(
                lambda: not self._streams or self._heard.is_anything(), self._due_at - monotonic()
            )
            if not self._streams:
                self._has_thread = False
                return None
            heard, self._heard = self._heard, Heard()
            if monotonic() >= self._due_at:
                heard.everything, self._due_at = True, monotonic() + RECHECK_SECONDS
            return tuple(self._streams), heard

    def _look(self, streams: Collection[Stream], heard: Heard) -> None:
        if heard.ends_access():
            streams = [stream for stream in streams if _is_live(stream)]
        for changes in Changes:
            concerned = [each for each in streams if each.changes is changes]
            concerned = [each for each in concerned if heard.concerns(each)]
            if concerned:
                self._tell_of(changes, concerned)

    def _tell_of(self, changes: Changes, streams: Collection[Stream]) -> None:
        newest = self._reader.newest_changes(changes, {stream.person for stream in streams})
        for stream in streams:
            position = newest.get(stream.person, 0)
            if stream.has_news(position) and _is_live(stream):
                stream.tell(position)


def _is_live(stream: Stream) -> bool:
    """Whether its person is still who they were; ends the stream of one who is not."""
    is_live = stream.is_live()
    if not is_live:
        stream.sign_out()
    return is_live
