"""The small values that aggregates share; each checks itself, so a wrong one cannot exist."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import NotAMoment, NotATimeSpan, UnknownTimeZone


class Compartment(StrEnum):
    """Who can open a sealed value is decided by its compartment's key, not by a screen."""

    OPERATIONAL = "operational"
    CONTACT = "contact"
    PERSONAL = "personal"
    SPECIAL = "special"
    SAFEGUARDING = "safeguarding"
    LOCKS = "locks"


class Purpose(StrEnum):
    """What a consent is for; no consent covers more than one."""

    TAKE_PART = "take_part"
    IDENTITY_PREFERENCE = "identity_preference"
    SHARE_PROFILE = "share_profile"
    REMINDERS = "reminders"
    CALENDAR = "calendar"
    FEEDBACK = "feedback"
    NAME_TO_EMPLOYER = "name_to_employer"
    RESEARCH = "research"
    PUBLISH_STORY = "publish_story"


class Role(StrEnum):
    """What a person may be to the scheme."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"
    SPONSOR_CONTACT = "sponsor_contact"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    DATA_PROTECTION_LEAD = "data_protection_lead"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Bytes that the domain carries and cannot read.

    The place they are bound to is the owner, the purpose and the field; `key_id` names the data
    key that opens them.
    """

    compartment: Compartment
    owner: UUID
    purpose: str
    field: str
    key_id: UUID
    ciphertext: bytes

    def __repr__(self) -> str:
        return "<sealed>"


@dataclass(frozen=True, slots=True)
class Act:
    """Who acted and when; every event carries both.

    `at` is when the act is recorded. `happened_at` is given only where it differs.
    """

    actor: UUID
    at: datetime
    happened_at: datetime | None = None

    def __post_init__(self) -> None:
        require_moment(self.at)
        if self.happened_at is not None:
            require_moment(self.happened_at)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of time in the zone that people agreed on; both ends are kept in UTC.

    Python subtracts and compares two moments of one zone by the wall clock, which is wrong across
    a daylight-saving change; in UTC it is right.
    """

    starts_at: datetime
    ends_at: datetime
    time_zone: str

    def __post_init__(self) -> None:
        require_moment(self.starts_at)
        require_moment(self.ends_at)
        require_zone(self.time_zone)
        object.__setattr__(self, "starts_at", _in_utc(self.starts_at))
        object.__setattr__(self, "ends_at", _in_utc(self.ends_at))
        if self.ends_at <= self.starts_at:
            raise NotATimeSpan

    @property
    def length(self) -> timedelta:
        """How long the span lasts, by the clock of the universe, not of the wall."""
        return self.ends_at - self.starts_at

    def overlaps(self, other: "TimeSpan") -> bool:
        """Whether some moment lies in both; spans that only touch have none in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def local_start(self) -> datetime:
        """The start as the people's wall clock shows it."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def local_end(self) -> datetime:
        """The end as the people's wall clock shows it."""
        return self.ends_at.astimezone(ZoneInfo(self.time_zone))


def require_moment(moment: datetime) -> None:
    """Refuse a date and time that leaves open which moment it means."""
    if moment.utcoffset() is None:
        raise NotAMoment


def require_zone(name: str) -> None:
    """Refuse what is not the IANA name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone from None


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise NotATimeSpan from None
