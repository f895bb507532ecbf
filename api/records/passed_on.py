"""Whose earlier notes a mentee let somebody read: found through the mentees whom they mentor, never by a search of everybody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from api.errors import NotThereYet
from api.records.notebook_view import find_notebook
from api.records.role_taking import PATIENCE_SECONDS
from crypto.event_store.recorder import LogRecorder
from domain.mentoring import Mentoring
from projections.participation import PARTICIPATION, ListedPart
from projections.reader import NotYet, Reader


@dataclass(frozen=True, slots=True)
class PassedOnNotes:
    """An earlier relationship, the caller's own with the same mentee, and how many epochs are theirs to read."""

    relationship: UUID
    later: UUID
    epochs: int


@dataclass(frozen=True)
class PassedOnList:
    """Finds them as of now."""

    mentoring: Mentoring
    recorder: LogRecorder
    reader: Reader

    def of(self, person: UUID) -> list[PassedOnNotes]:
        """All that is still theirs to read, the earliest found last; raises NotThereYet."""
        newest = self.recorder.max_notification_id() or 0
        try:
            self.reader.wait_for(PARTICIPATION.name, newest, PATIENCE_SECONDS)
            candidates = dict(self._earlier_ones(person))
        except NotYet:
            raise NotThereYet from None
        found = (
            PassedOnNotes(earlier, later, self._epochs(earlier, person))
            for earlier, later in candidates.items()
        )
        return [each for each in found if each.epochs]

    def _earlier_ones(self, person: UUID) -> Iterator[tuple[UUID, UUID]]:
        """Every other relationship of those whom this person mentors, or did."""
        own = {each.relationship for each in self.reader.participation_of(person)}
        for later in sorted(own):
            for mentee in self._mentees(later, person):
                for each in self.reader.participation_of(mentee):
                    if each.relationship not in own:
                        yield each.relationship, later

    def _mentees(self, relationship: UUID, mentor: UUID) -> list[UUID]:
        people = self.reader.participation_in(relationship)
        is_mentor = any(each.person == mentor and each.part is ListedPart.MENTOR for each in people)
        mentees = [each.person for each in people if each.part is ListedPart.MENTEE]
        return mentees if is_mentor else []

    def _epochs(self, relationship: UUID, person: UUID) -> int:
        notebook = find_notebook(self.mentoring, relationship)
        return len(notebook.shared.epochs_read_by(person)) if notebook else 0
