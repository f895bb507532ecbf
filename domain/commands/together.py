"""Several commands in one commit: each decides upon what the ones before it changed."""

from collections.abc import Sequence
from uuid import UUID

from domain.aggregate import Aggregate
from domain.mentoring import AnAggregate, Mentoring, NotFound, Order, Recorded

NOT_RECORDED_YET = 0


class Together(Mentoring):
    """Hands commands what they ask for and keeps what they change, until all of it is committed.

    Whoever catches a refusal must know that it came before anything was changed; otherwise nothing
    of this may be committed.
    """

    def __init__(self, mentoring: Mentoring) -> None:
        self._mentoring = mentoring
        self._loaded: dict[UUID, Aggregate] = {}
        self._changed: dict[UUID, Aggregate] = {}
        self._read: dict[UUID, Aggregate] = {}

    def load(self, kind: type[AnAggregate], id: UUID) -> AnAggregate:
        """One aggregate, the same each time it is asked for."""
        found = self._loaded.get(id) or self._mentoring.load(kind, id)
        if not isinstance(found, kind):
            raise NotFound
        self._loaded[id] = found
        return found

    def commit(
        self, _order: Order, *changed: Aggregate, read: Sequence[Aggregate] = ()
    ) -> Recorded:
        """Keep what one command changed; its position is known once all are recorded."""
        self._changed |= {each.id: each for each in changed}
        self._read |= {each.id: each for each in read}
        return Recorded(NOT_RECORDED_YET, changed[0].id, changed[0].version)

    def commit_all(self, order: Order) -> Recorded:
        """Record everything together or not at all; the first that changed is the subject."""
        read = [each for id, each in self._read.items() if id not in self._changed]
        return self._mentoring.commit(order, *self._changed.values(), read=read)
