"""A group in words: its hours with what became of them, for whoever may see which part of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.routes.groups import ComingAnswer, GroupAnswer, HourAnswer
from api.web.pair_view import CADENCES
from api.web.times import zone_name
from domain.session import Outcome

COMING = {
    None: "expected",
    Outcome.HELD: "came",
    Outcome.MENTEE_ABSENT: "did not come",
    Outcome.MENTOR_ABSENT: "the facilitator did not come",
    Outcome.CANCELLED: "said in time that they cannot come",
    Outcome.CANCELLED_LATE_BY_MENTEE: "said late that they cannot come",
}
CALLED_OFF = "called off"
"""What everybody's session is in an hour that the facilitator cancelled."""


@dataclass(frozen=True, slots=True)
class HourShown:
    """One hour of the group, and what can be done about it."""

    answer: HourAnswer
    is_ahead: bool
    is_joinable: bool
    waits: bool

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.answer.starts_at

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.answer.ends_at

    @property
    def time_zone(self) -> str:
        """Where its times are told."""
        return self.answer.time_zone

    @property
    def zone(self) -> str:
        """The same in words."""
        return zone_name(self.answer.time_zone)

    @property
    def local_day(self) -> str:
        """The day as a form has it."""
        return f"{self.starts_at.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d}"

    @property
    def local_time(self) -> str:
        """The time as a form has it."""
        return f"{self.starts_at.astimezone(ZoneInfo(self.time_zone)):%H:%M}"

    @property
    def words(self) -> str:
        """What became of it, or how many are expected."""
        if self.answer.outcome is Outcome.CANCELLED:
            return "Cancelled; everybody keeps their session."
        if self.answer.outcome is Outcome.MENTOR_ABSENT:
            return "The facilitator could not be there; everybody keeps their session."
        if self.waits:
            return "Waiting for the facilitator to say who came."
        came = sum(each.outcome is Outcome.HELD for each in self.answer.coming)
        if self.answer.outcome is not None:
            return f"{came} of {len(self.answer.coming)} came."
        return f"{len(self.still_coming)} of {len(self.answer.coming)} are expected."

    @property
    def still_coming(self) -> list[ComingAnswer]:
        """Whose session is open."""
        return [each for each in self.answer.coming if each.outcome is None]

    def said_of(self, coming: ComingAnswer) -> str:
        """What became of one member's part in it."""
        if self.answer.outcome is Outcome.CANCELLED and coming.outcome is Outcome.CANCELLED:
            return CALLED_OFF
        return COMING[coming.outcome]


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group as its page shows it."""

    answer: GroupAnswer
    cadence: str
    ahead: Sequence[HourShown]
    behind: Sequence[HourShown]

    @property
    def seats(self) -> str:
        """How many are in it, in words."""
        members = "member" if self.answer.members == 1 else "members"
        return f"{self.answer.members} {members}; there are seats for {self.answer.seats}"


def hour_shown(answer: HourAnswer, now: datetime) -> HourShown:
    """Put one hour into words."""
    is_open = answer.outcome is None
    return HourShown(
        answer,
        is_ahead=is_open and now < answer.starts_at,
        is_joinable=is_open and now < answer.ends_at,
        waits=is_open and now >= answer.ends_at,
    )


def group_shown(answer: GroupAnswer, now: datetime) -> GroupShown:
    """Put a group into words."""
    hours = [hour_shown(each, now) for each in answer.hours]
    return GroupShown(
        answer,
        CADENCES[answer.cadence],
        ahead=[each for each in hours if each.is_joinable],
        behind=[each for each in reversed(hours) if not each.is_joinable],
    )
