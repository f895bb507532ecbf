"""Finds who waits for a proposal, in which programme, and whom nothing brings together with them; the longest waiting first.

A record of one of them that is damaged or erased holds up nobody else.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from api.records.slices import AT_ONCE, slices_of
from crypto.errors import SealedRecordError
from domain.access import Caller
from domain.commands.footing import footing_under
from domain.mentoring import Mentoring
from domain.place import Place
from domain.policies.apart import kept_apart
from domain.relationship import Relationship
from domain.relationship_events import MATCHED_IN_ROUNDS
from domain.relationship_state import Stage
from projections.pipeline import PipelineRow
from projections.reader import Cursor, Reader

ROW = msgspec.json.Decoder(PipelineRow)


@dataclass(frozen=True)
class WhoWaits:
    """For one coordinator, who sees no request of their own mentoring."""

    mentoring: Mentoring
    reader: Reader
    caller: Caller
    _programmes: dict[UUID, UUID] = field(default_factory=dict)

    def rows(self, stage: Stage) -> Iterator[PipelineRow]:
        """Whatever stands in a stage."""
        after: Cursor | None = None
        while True:
            page = self.reader.pipeline(
                after=after, most=AT_ONCE, stage=stage, hidden_from=self.caller.person
            )
            yield from (ROW.decode(document) for document in page.documents)
            after = page.next
            if after is None:
                return

    def with_programmes(self) -> Iterator[tuple[Relationship, UUID]]:
        """The requests without an open proposal for which the matching looks, and the programme of each."""
        for rows in slices_of(self.rows(Stage.REQUESTED)):
            requests = list(self._requests(rows))
            there = self.mentoring.ahead([each.place for each in requests])
            for request in requests:
                with suppress(SealedRecordError):
                    yield request, self.programme_of(request.place, there)

    def programme_of(self, place: UUID, there: Mentoring | None = None) -> UUID:
        """The programme that a place was bought for."""
        under = (there or self.mentoring).load(Place, place).agreement
        if under not in self._programmes:
            self._programmes[under] = footing_under(self.mentoring, under).programme.id
        return self._programmes[under]

    def kept_apart(self, requests: Iterable[Relationship]) -> dict[UUID, set[UUID]]:
        """Whom nothing brings together with each; one of whom that cannot be told waits for a mended record."""
        found = {}
        for some in slices_of(requests):
            theirs = self._relationships_of(some)
            there = self.mentoring.ahead(set().union(*theirs.values()))
            for each in some:
                with suppress(SealedRecordError):
                    apart = (kept_apart(there.events.get(id)) for id in theirs[each.id])
                    found[each.id] = {each.mentee, self.caller.person}.union(*apart)
        return found

    def _requests(self, rows: Sequence[PipelineRow]) -> Iterator[Relationship]:
        there = self.mentoring.ahead([row.id for row in rows])
        for row in rows:
            with suppress(SealedRecordError):
                request = there.load(Relationship, row.id)
                if request.stage is Stage.REQUESTED and request.kind in MATCHED_IN_ROUNDS:
                    yield request

    def _relationships_of(self, requests: Sequence[Relationship]) -> dict[UUID, set[UUID]]:
        """For each request, this and every other that its mentee has or had a part in."""
        parts = self.reader.participation_of_all({each.mentee for each in requests})
        return {
            each.id: {each.id, *(part.relationship for part in parts.get(each.mentee, ()))}
            for each in requests
        }
