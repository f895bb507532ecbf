"""What a mentee's own page says: where things stand, what can be done, and the sessions, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from api.web.times import clock, day, zone_name
from domain.relationship_events import Cadence, EndingTold
from domain.relationship_state import Stage
from domain.session import Outcome
from projections.my_mentoring import OwnRelationship
from projections.party_view import SCHEDULED, PartySession
from projections.reader import OwnView

DECODER = msgspec.json.Decoder(OwnRelationship)

SESSION_WORDS = {
    Outcome.HELD.value: "You met.",
    Outcome.MENTEE_ABSENT.value: "You could not be there; the session counts as used.",
    Outcome.MENTOR_ABSENT.value: "Your mentoring partner could not be there; you keep the session.",
    Outcome.CANCELLED_LATE_BY_MENTEE.value: "Cancelled less than a day ahead; counts as used.",
    Outcome.CANCELLED.value: "Cancelled; you keep the session.",
    SCHEDULED: "Waiting for one of you to confirm that you met.",
}

ENDINGS = {
    EndingTold.COMPLETED: "You have completed it.",
    EndingTold.GOALS_MET: "You reached what you set out to do.",
    EndingTold.MENTOR_UNAVAILABLE: "Your mentoring partner could not go on.",
    EndingTold.CONSENT_WITHDRAWN: "A consent that it rests on was withdrawn.",
    EndingTold.AGREEMENT_ENDED: "The agreement that paid for it has ended.",
}
"""Said where it says something; every other ending is simply an ending, and nobody's fault."""

CADENCES = {Cadence.WEEKLY: "once a week", Cadence.MONTHLY: "once a month"}

STEPS = ("Asked", "Someone suggested", "Matched", "Under way", "Finished")
STEP_OF = {
    Stage.REQUESTED: 0,
    Stage.PROPOSED: 1,
    Stage.MATCHED: 2,
    Stage.ACTIVE: 3,
    Stage.PAUSED: 3,
    Stage.CLOSED: 4,
}


@dataclass(frozen=True, slots=True)
class Next:
    """What the mentee can do now: the words of a button and where it leads."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class SessionShown:
    """One session, its zone in words, and how it ended."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    zone: str
    words: str


@dataclass(frozen=True, slots=True)
class Used:
    """The sessions of the place, one mark each, for looking at rather than counting."""

    granted: int
    used: int
    reserved: int

    @property
    def marks(self) -> list[str]:
        """What each session of the place is: used, planned or free."""
        free = self.granted - self.used - self.reserved
        return ["used"] * self.used + ["planned"] * self.reserved + ["free"] * free

    @property
    def words(self) -> str:
        """The same for those who do not look."""
        sessions = "session" if self.granted == 1 else "sessions"
        planned = f", {self.reserved} planned" if self.reserved else ""
        return f"{self.used} of {self.granted} {sessions} used{planned}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One relationship as the page shows it."""

    own: OwnRelationship
    sentence: str
    more: str
    next: Next | None
    step: int
    ahead: Sequence[SessionShown]
    behind: Sequence[SessionShown]
    used: Used | None
    cadence: str


def shown(view: OwnView, now: datetime) -> Shown:
    """Put one stored document into words."""
    own = DECODER.decode(view.document)
    sentence, more, next_step = _standing(own, now)
    place = own.place
    return Shown(
        own=own,
        sentence=sentence,
        more=more,
        next=next_step,
        step=STEP_OF[own.stage],
        ahead=[_session(each) for each in own.sessions if _is_ahead(each, now)],
        behind=[_session(each) for each in reversed(own.sessions) if not _is_ahead(each, now)],
        used=Used(place.granted, place.used, place.reserved) if place else None,
        cadence=CADENCES[own.cadence],
    )


def _standing(own: OwnRelationship, now: datetime) -> tuple[str, str, Next | None]:
    match own.stage:
        case Stage.REQUESTED:
            return (
                "We are looking for a mentoring partner for you.",
                "There is nothing you need to do. As soon as we can suggest somebody, it says so here.",
                None,
            )
        case Stage.PROPOSED:
            return _proposed(own)
        case Stage.MATCHED:
            return _matched(own)
        case Stage.PAUSED:
            return (
                "Your mentoring is paused.",
                "Nothing new is planned until you or your mentoring partner take it up again.",
                None,
            )
        case Stage.CLOSED:
            return ("Your mentoring has ended.", _ending(own.closed_for), None)
        case _:
            return _active(own, now)


def _proposed(own: OwnRelationship) -> tuple[str, str, Next | None]:
    if own.proposal is None or own.proposal.accepted_by_you:
        return (
            "You said yes. We are waiting for the other answer.",
            "There is nothing you need to do. If both of you say yes, you are matched.",
            None,
        )
    until = own.proposal.expires_at
    return (
        "We would like to suggest a mentoring partner.",
        f"Read who it is and why, then say yes or no. You have until {day(until)}, {clock(until)}.",
        Next("Read who it is and why", f"/my-mentoring/{own.id}/proposal"),
    )


def _matched(own: OwnRelationship) -> tuple[str, str, Next | None]:
    if own.agreement.accepted_by_you is None:
        return (
            "You have a mentoring partner.",
            "Before you plan your first session, please read what the two of you agree on.",
            Next("Read the agreement", f"/my-mentoring/{own.id}/agreement"),
        )
    return (
        "You accepted the agreement.",
        "We are waiting for your mentoring partner to accept it too. Then you can plan sessions.",
        None,
    )


def _active(own: OwnRelationship, now: datetime) -> tuple[str, str, Next | None]:
    ahead = [each for each in own.sessions if _is_ahead(each, now)]
    if ahead:
        first = ahead[0]
        when = (
            f"{day(first.starts_at, first.time_zone)} at {clock(first.starts_at, first.time_zone)}"
        )
        return (f"Your next session is on {when}.", f"That is {zone_name(first.time_zone)}.", None)
    place = own.place
    if place is not None and place.used >= place.granted:
        return ("You have used all of your sessions.", "We hope they were good hours.", None)
    return (
        "You can plan your next session.",
        "Nothing is planned yet. You and your mentoring partner can agree on a time.",
        None,
    )


def _ending(reason: EndingTold | None) -> str:
    words = ENDINGS.get(reason, "Either of you can end it at any time.") if reason else ""
    return f"{words} An ending is nobody’s fault.".strip()


def _is_ahead(session: PartySession, now: datetime) -> bool:
    return session.status == SCHEDULED and session.ends_at > now


def _session(session: PartySession) -> SessionShown:
    words = SESSION_WORDS[session.status]
    if session.is_disputed:
        words += " One of you has said that this is not right; a coordinator is looking at it."
    return SessionShown(
        session.starts_at, session.ends_at, session.time_zone, zone_name(session.time_zone), words
    )
