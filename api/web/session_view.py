"""Sessions in words, for either side: when they are, how they ended, and what can be done about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.web.sides import Side
from api.web.times import clock, day, zone_name
from domain.session import Outcome
from domain.values import Role
from projections.party_view import SCHEDULED, PartySession

SESSION_WORDS: Mapping[Role, Mapping[str, str]] = {
    Role.MENTEE: {
        Outcome.HELD.value: "You met.",
        Outcome.MENTEE_ABSENT.value: "You could not be there; the session counts as used.",
        Outcome.MENTOR_ABSENT.value: "{Partner} could not be there; you keep the session.",
        Outcome.CANCELLED_LATE_BY_MENTEE.value: "Cancelled at short notice; it counts as used.",
        Outcome.CANCELLED.value: "Cancelled; you keep the session.",
        SCHEDULED: "Waiting for one of you to say whether you met.",
    },
    Role.MENTOR: {
        Outcome.HELD.value: "You met.",
        Outcome.MENTEE_ABSENT.value: "{Partner} could not be there; the session counts as used.",
        Outcome.MENTOR_ABSENT.value: "You could not be there; {partner} keeps the session.",
        Outcome.CANCELLED_LATE_BY_MENTEE.value: "Cancelled at short notice; it counts as used.",
        Outcome.CANCELLED.value: "Cancelled; {partner} keeps the session.",
        SCHEDULED: "Waiting for one of you to say whether you met.",
    },
}
ATTENDANCE = frozenset({Outcome.HELD, Outcome.MENTEE_ABSENT, Outcome.MENTOR_ABSENT})
"""What one says of attendance and the other confirms; a cancellation speaks for itself."""

DISPUTED = "One of you has said that this is not right; a coordinator is looking at it."
CONFIRMED = "Both of you have said so."
TO_CONFIRM = "Is that right?"


@dataclass(frozen=True, slots=True)
class SessionShown:
    """One session, its zone in words, how it ended, and what somebody can do about it now."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    zone: str
    words: str
    address: str
    is_ahead: bool
    is_joinable: bool
    waits: bool
    can_confirm: bool
    can_dispute: bool

    @property
    def when(self) -> str:
        """Monday 2 March 2026 at 10am."""
        return f"{day(self.starts_at, self.time_zone)} at {clock(self.starts_at, self.time_zone)}"

    @property
    def local_day(self) -> str:
        """The day as a form has it."""
        return f"{self.starts_at.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d}"

    @property
    def local_time(self) -> str:
        """The time as a form has it."""
        return f"{self.starts_at.astimezone(ZoneInfo(self.time_zone)):%H:%M}"


def session_shown(
    session: PartySession, relationship: UUID, side: Side, now: datetime
) -> SessionShown:
    """Put one session into words."""
    is_open = session.status == SCHEDULED
    is_recent = session.disputable_until is not None and now <= session.disputable_until
    said = session.status in ATTENDANCE and session.recorded_by_you is False
    can_confirm = is_recent and said
    return SessionShown(
        id=session.id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        time_zone=session.time_zone,
        zone=zone_name(session.time_zone),
        words=_words(session, side, can_confirm=can_confirm),
        address=f"{side.prefix}/{relationship}/sessions/{session.id}",
        is_ahead=is_open and now < session.starts_at,
        is_joinable=is_open and now < session.ends_at,
        waits=is_open and now >= session.ends_at,
        can_confirm=can_confirm,
        can_dispute=is_recent,
    )


def _words(session: PartySession, side: Side, *, can_confirm: bool) -> str:
    said = SESSION_WORDS[side.role][session.status]
    words = [said.format(partner=side.partner, Partner=side.partner.capitalize())]
    if session.is_disputed:
        words.append(DISPUTED)
    elif session.is_confirmed:
        words.append(CONFIRMED)
    elif can_confirm:
        words.append(TO_CONFIRM)
    return " ".join(words)
