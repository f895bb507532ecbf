"""What is remembered of a mentor: how they stand with the scheme, and their capacity; no words, no name."""

from functools import singledispatch
from uuid import UUID

import msgspec

from domain.mentor_profile import MentorProfile
from domain.mentor_profile_events import ProfileStage


class RememberedMentor(msgspec.Struct):
    """One mentor after all their events so far.

    `position` is that of their application, `changed_position` where their caseload last changed.
    """

    person: UUID
    position: int
    changed_position: int
    stage: ProfileStage = ProfileStage.APPLIED
    is_published: bool = False
    capacity: int = 0
    engaged: list[UUID] = []

    @property
    def free(self) -> int:
        """How many more relationships they say they can take."""
        return self.capacity - len(self.engaged)

    @property
    def takes(self) -> int:
        """To how many more they can be matched now."""
        return max(self.free, 0) if self.stage is ProfileStage.APPROVED else 0


@singledispatch
def remember_mentor(_event: object, _known: RememberedMentor) -> None:
    """Change what is known of a mentor by one of their events."""


@remember_mentor.register(MentorProfile.Approved)
@remember_mentor.register(MentorProfile.Resumed)
def _(_event: object, known: RememberedMentor) -> None:
    known.stage = ProfileStage.APPROVED


@remember_mentor.register
def _(_event: MentorProfile.NotApproved, known: RememberedMentor) -> None:
    known.stage = ProfileStage.NOT_APPROVED


@remember_mentor.register
def _(_event: MentorProfile.Paused, known: RememberedMentor) -> None:
    known.stage = ProfileStage.PAUSED


@remember_mentor.register
def _(_event: MentorProfile.Left, known: RememberedMentor) -> None:
    known.stage = ProfileStage.LEFT


@remember_mentor.register
def _(_event: MentorProfile.ProfilePublished, known: RememberedMentor) -> None:
    known.is_published = True


@remember_mentor.register
def _(event: MentorProfile.CapacitySet, known: RememberedMentor) -> None:
    known.capacity = event.capacity


@remember_mentor.register
def _(event: MentorProfile.CapacityTaken, known: RememberedMentor) -> None:
    known.engaged.append(event.relationship)


@remember_mentor.register
def _(event: MentorProfile.CapacityFreed, known: RememberedMentor) -> None:
    known.engaged.remove(event.relationship)
