"""One relationship as a party's page shows it: where things stand, and what can be done now, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.web.session_view import SessionShown, session_shown
from api.web.sessions_used import Used
from api.web.sides import Side
from api.web.times import clock, day
from domain.relationship_events import Cadence, EndingTold, Kind
from domain.relationship_state import Stage
from projections.my_caseload import CaseloadRelationship
from projections.my_mentoring import OwnRelationship

Own = OwnRelationship | CaseloadRelationship
Standing = tuple[str, str, "Next | None"]
"""A heading, what it means, and what to do next."""

ENDINGS = {
    EndingTold.COMPLETED: "It is completed.",
    EndingTold.GOALS_MET: "What it set out to do is reached.",
    EndingTold.CONSENT_WITHDRAWN: "A consent that it rests on was withdrawn.",
    EndingTold.AGREEMENT_ENDED: "The agreement that paid for it has ended.",
}
"""Said where it says something; every other ending is simply an ending, and nobody's fault."""

CADENCES = {Cadence.WEEKLY: "once a week", Cadence.MONTHLY: "once a month"}

CADENCE_CHOICES = {cadence: words.capitalize() for cadence, words in CADENCES.items()}

STEPS = ("Asked", "Someone suggested", "Matched", "Under way", "Finished")
STEPS_OF_TWO = ("Asked", "Your partner answers", "Together", "Under way", "Finished")
STEP_OF = {
    Stage.REQUESTED: 0,
    Stage.PROPOSED: 1,
    Stage.MATCHED: 2,
    Stage.ACTIVE: 3,
    Stage.PAUSED: 3,
    Stage.CLOSED: 4,
}
MATCHED = frozenset({Stage.MATCHED, Stage.ACTIVE, Stage.PAUSED})
NOTHING_TO_DO = "There is nothing you need to do."


@dataclass(frozen=True, slots=True)
class Next:
    """What somebody can do now: the words of a button and where it leads."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One relationship as the page shows it."""

    own: Own
    side: Side
    sentence: str
    more: str
    next: Next | None
    step: int
    ahead: Sequence[SessionShown]
    behind: Sequence[SessionShown]
    used: Used | None
    cadence: str

    @property
    def address(self) -> str:
        """Where the pages about it begin."""
        return f"{self.side.prefix}/{self.own.id}"

    @property
    def steps(self) -> Sequence[str]:
        """How far one can come; who found somebody themselves is suggested nobody."""
        return STEPS_OF_TWO if self.own.kind is Kind.INFORMAL else STEPS

    @property
    def is_matched(self) -> bool:
        """Whether there is something between two people to arrange."""
        return self.own.stage in MATCHED

    @property
    def can_plan(self) -> bool:
        """Whether a session can be planned."""
        has_free = self.used is not None and self.used.free > 0
        return self.own.stage is Stage.ACTIVE and self.own.group is None and has_free


def pair_shown(own: Own, side: Side, now: datetime) -> Shown:
    """Put one stored document into words."""
    side = side.in_kind(own.kind)
    sessions = [session_shown(each, own.id, side, now) for each in own.sessions]
    place = own.place
    used = Used(place.granted, place.used, place.reserved) if place else None
    if own.kind is Kind.INFORMAL and own.stage is Stage.REQUESTED:
        sentence, more, next_step = _found(own, side, now)
    elif _is_late(own, now):
        sentence, more, next_step = _late(side)
    else:
        sentence, more, next_step = _standing(own, side, sessions, used)
    return Shown(
        own=own,
        side=side,
        sentence=sentence,
        more=more,
        next=next_step,
        step=_step(own),
        ahead=[each for each in sessions if each.is_joinable],
        behind=[each for each in reversed(sessions) if not each.is_joinable],
        used=used,
        cadence=CADENCES[own.cadence],
    )


def _standing(
    own: Own, side: Side, sessions: Sequence[SessionShown], used: Used | None
) -> Standing:
    match own.stage:
        case Stage.REQUESTED:
            return _requested(own)
        case Stage.PROPOSED:
            return _proposed(own, side)
        case Stage.MATCHED:
            return _matched(own, side)
        case Stage.PAUSED:
            more = f"Nothing new is planned until you or {side.partner} take it up again."
            return (f"{_whose(side)} is paused.", more, _to_settle(sessions))
        case Stage.CLOSED:
            step = _to_settle(sessions) or _what_now(own, side)
            return (f"{_whose(side)} has ended.", _ending(own.closed_for), step)
        case _:
            return _active(own, side, sessions, used)


def _step(own: Own) -> int:
    """Who came by a link has the answer before them, as who is suggested to somebody has."""
    is_asked = own.has_partner_come if isinstance(own, OwnRelationship) else own.is_asked
    return STEP_OF[Stage.PROPOSED if is_asked else own.stage]


def _found(own: Own, side: Side, now: datetime) -> Standing:
    """Where two stand who found each other, before they are a pair."""
    address = f"{side.prefix}/{own.id}"
    if isinstance(own, CaseloadRelationship):
        return (
            "Somebody you know would like to work with you.",
            "Read what they say, then say yes or no. Neither needs a reason.",
            Next("Read who asks", f"{address}/asked"),
        )
    to_link = f"{address}/partner-link"
    if own.has_partner_come:
        more = "As soon as they have answered, it says so here."
        return ("Somebody came by your link.", more, Next("Your link", to_link))
    if own.link_expires_at is not None and now < own.link_expires_at:
        until = own.link_expires_at
        more = f"Nobody has used it yet. It works once, until {day(until)}, {clock(until)}."
        return ("Your link waits for your partner.", more, Next("Your link", to_link))
    sentence = (
        "Who came by your link would rather not, and nobody is at fault."
        if own.has_lost_proposal
        else "You have asked to work with somebody whom you found."
    )
    more = "Make a link and hand it to them. By it they come in, and read that you ask."
    return (sentence, more, Next("Make the link", to_link))


def _requested(own: Own) -> Standing:
    if isinstance(own, OwnRelationship) and own.has_lost_proposal:
        sentence = "We go on looking for a mentoring partner for you."
        more = f"What was suggested to you cannot go ahead, and nobody is at fault. {NOTHING_TO_DO}"
        return (sentence, more, None)
    sentence = "We are looking for a mentoring partner for you."
    more = f"{NOTHING_TO_DO} As soon as we can suggest somebody, it says so here."
    return (sentence, more, None)


def _is_late(own: Own, now: datetime) -> bool:
    """Whether an open proposal waits only for somebody to note that its time is over."""
    return own.proposal is not None and own.proposal.expires_at <= now


def _late(side: Side) -> Standing:
    more = "We look on for you." if side.is_mentee else "It may be suggested to you again."
    return ("The time to answer this suggestion is over.", more, None)


def _whose(side: Side) -> str:
    return "Your mentoring" if side.is_mentee else "This mentoring"


def _proposed(own: Own, side: Side) -> Standing:
    if own.proposal is None or own.proposal.accepted_by_you:
        return (
            "You said yes. We are waiting for the other answer.",
            f"{NOTHING_TO_DO} If both of you say yes, you are matched.",
            None,
        )
    until = own.proposal.expires_at
    whom = "a mentoring partner" if side.is_mentee else "that you work with somebody"
    reading = "Read who it is and why" if side.is_mentee else "Read why we thought of you"
    return (
        f"We would like to suggest {whom}.",
        f"{reading}, then say yes or no. You have until {day(until)}, {clock(until)}.",
        Next(reading, f"{side.prefix}/{own.id}/proposal"),
    )


def _matched(own: Own, side: Side) -> Standing:
    if own.agreement.accepted_by_you is None:
        whom = "a mentoring partner" if side.is_mentee else "somebody to work with"
        return (
            f"You have {whom}.",
            "Before you plan your first session, please read what the two of you agree on.",
            Next("Read the agreement", f"{side.prefix}/{own.id}/agreement"),
        )
    return (
        "You accepted the agreement.",
        f"We are waiting for {side.partner} to accept it too. Then you can plan sessions.",
        None,
    )


def _active(own: Own, side: Side, sessions: Sequence[SessionShown], used: Used | None) -> Standing:
    ahead = next((each for each in sessions if each.is_joinable), None)
    if ahead is not None:
        sentence, step = f"Your next session is on {ahead.when}.", _to_settle(sessions)
        more = " An earlier one waits for your word." if step else ""
        return (sentence, f"That is {ahead.zone}.{more}", step)
    if used is not None and used.free < 1:
        return _to_say(sessions) or (
            "All of the sessions are used.",
            "We hope they were good hours.",
            None,
        )
    if own.is_ending_offered:
        more = f"You and {side.partner} can plan a session, or end it here; nobody is at fault."
        return (
            "It has been quiet for some weeks.",
            more,
            _to_settle(sessions) or _planning(own, side),
        )
    if own.group is not None:
        return _next_of_group(own, side, sessions)
    return _to_say(sessions) or (
        "You can plan your next session.",
        f"Nothing is planned yet. Choose a time that suits you and {side.partner}.",
        _planning(own, side),
    )


def _to_say(sessions: Sequence[SessionShown]) -> Standing | None:
    """What waits for somebody's word, where nothing else is to be done first."""
    step = _to_settle(sessions)
    return ("One session waits for your word.", "Say whether you met.", step) if step else None


def _next_of_group(own: Own, side: Side, sessions: Sequence[SessionShown]) -> Standing:
    group = Next("Look at the group", f"/my-groups/{own.group}")
    more = (
        "Nothing is planned for you yet. Your facilitator plans the hours for everybody."
        if side.is_mentee
        else "Nothing is planned for this member yet. Hours are planned for the whole group."
    )
    return ("The group goes on.", more, _to_settle(sessions) or group)


def _what_now(own: Own, side: Side) -> Next:
    """Rule 19: every ending offers both to say how it was, and to go on with somebody else."""
    return Next("What you can do now", f"{side.prefix}/{own.id}/ending")


def _planning(own: Own, side: Side) -> Next:
    return Next("Plan a session", f"{side.prefix}/{own.id}/sessions/new")


def _to_settle(sessions: Sequence[SessionShown]) -> Next | None:
    """What waits for somebody's word comes before what is next."""
    waiting = next((each for each in sessions if each.waits), None)
    if waiting is not None:
        return Next("Say whether you met", waiting.address)
    unconfirmed = next((each for each in sessions if each.can_confirm), None)
    return Next("Confirm a session", unconfirmed.address) if unconfirmed else None


def _ending(reason: EndingTold | None) -> str:
    words = ENDINGS.get(reason, "Either of you can end it at any time.") if reason else ""
    return f"{words} An ending is nobody’s fault.".strip()
