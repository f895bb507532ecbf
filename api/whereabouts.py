"""Where a person takes part: from the read model, or from the log itself when that stands still."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections.log import Entry, Log
from projections.participation import PARTICIPATION
from projections.reader import Reader

BATCH = 500


@dataclass(frozen=True)
class Whereabouts:
    """Never misses a relationship because another one's record is damaged."""

    log: Log
    reader: Reader

    def of(self, person: UUID, position: int, timeout_seconds: float) -> Sequence[UUID]:
        """The relationships that may be open to a person at a position; raises NotYet in time.

        From the log come closed ones too: whoever ends something there learns that it is ended.
        """
        standing = self.reader.standings().get(PARTICIPATION.name)
        if standing and standing.stopped_at is not None and standing.position < position:
            return list(dict.fromkeys(self._from_log(person, position)))
        self.reader.wait_for(PARTICIPATION.name, position, timeout_seconds)
        return self.reader.open_relationships(person)

    def _from_log(self, person: UUID, position: int) -> Iterator[UUID]:
        after = 0
        while after < position and (entries := self.log.read(after, BATCH)):
            yield from (
                relationship for entry in entries for relationship in _place_of(person, entry)
            )
            after = entries[-1].position


def _place_of(person: UUID, entry: Entry) -> list[UUID]:
    event = entry.event
    if isinstance(event, Relationship.Created):
        return [event.originator_id] if event.mentee == person else []
    if isinstance(event, Happened.MentorProposed | Happened.Matched):
        return [event.originator_id] if event.mentor == person else []
    if isinstance(event, Happened.PartnerCame):
        return [event.originator_id] if event.partner == person else []
    return []
