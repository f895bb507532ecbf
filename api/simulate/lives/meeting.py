"""How a pair meets: hours planned, moved, cancelled, held or missed, now and then disputed, until it ends."""

from collections.abc import Generator
from datetime import date, datetime, timedelta

from api.simulate import rates
from api.simulate.calendar import after, day_after, hour_to_meet
from api.simulate.lives.attending import attend
from api.simulate.lives.looking_back import looks_back
from api.simulate.people import GOODBYE
from api.simulate.plan import ZONE
from api.simulate.remembered import Life, Pairing
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.values import TimeSpan

WEEK = timedelta(days=7)
MONTH = timedelta(days=35)
"""The same weekday of a later month, whatever the month."""

SOON = timedelta(days=2)
JUST_BEFORE = timedelta(hours=5)
"""Too late for a cancellation that costs nothing."""

Uses = Generator[datetime, None, bool]
"""Waits, and answers at last whether a session of the place was used."""


def meet(world: World, pairing: Pairing) -> Life:
    """Meet as often as the place allows, then say goodbye."""
    day = day_after(world.clock(), rates.FIRST_SESSION_AFTER, pairing.chance)
    number = 0
    while pairing.sessions_left or _gets_one_more(world, pairing, number):
        number += 1
        day = _not_too_soon(world, day)
        span = hour_to_meet(day, pairing.chance)
        session = plan(world, pairing, span, number)
        if session is None:
            break
        if (yield from _comes_about(world, pairing, session, span)):
            pairing.sessions_left -= 1
        day = span.local_start.date() + (WEEK if pairing.is_weekly else MONTH)
        if pairing.chance.random() < rates.ENDS_EARLY:
            _perhaps_ask_for_another(world, pairing)
            break
        _perhaps_meet_weekly(world, pairing)
        yield from _perhaps_pause(world, pairing, number)
    yield from _close(world, pairing)


def _gets_one_more(world: World, pairing: Pairing, met: int) -> bool:
    """Rule 7: whoever needs one session more asks the coordinator, who finds the money."""
    if pairing.chance.random() >= rates.PLACE_IS_EXTENDED or met > rates.MOST_SESSIONS:
        return False
    path, step = f"/places/{pairing.grant.place}/extension", f"extend-{pairing.key}-{met}"
    if world.does(pairing.coordinator, path, {"sessions": 1}, step=step) is None:
        return False
    world.note(Happened.PLACES_EXTENDED)
    pairing.sessions_left = 1
    return True


def _not_too_soon(world: World, day: date) -> date:
    """A later one of the same weekday, where this one is too near to plan for."""
    soonest = (world.clock() + SOON).astimezone(ZONE).date()
    while day <= soonest:
        day += WEEK
    return day


def plan(world: World, pairing: Pairing, span: TimeSpan, number: int) -> str | None:
    """The path of the session that one of them planned, unless a rule refused it."""
    who = pairing.chance.choice(pairing.partners())
    step = f"plan-{pairing.key}-{number}"
    told = world.does(who, f"{pairing.path}/sessions", _body(pairing, span), step=step)
    if told is None:
        return None
    world.note(Happened.SCHEDULED)
    return f"{pairing.path}/sessions/{told.made}"


def _body(pairing: Pairing, span: TimeSpan) -> dict[str, str]:
    link = f"https://meet.example.org/{pairing.relationship.hex[:10]}"
    return hour_body(span, link if pairing.is_virtual else None)


def hour_body(span: TimeSpan, link: str | None) -> dict[str, str]:
    """What is sent to plan an hour, and where to click for it."""
    hour = {
        "starts_at": span.local_start.isoformat(),
        "ends_at": span.local_end.isoformat(),
        "time_zone": span.time_zone,
    }
    return hour if link is None else {**hour, "video_link": link}


def _comes_about(world: World, pairing: Pairing, session: str, span: TimeSpan) -> Uses:
    """What becomes of one planned hour."""
    chance = pairing.chance.random()
    mentee, mentor = pairing.partners()
    for rate, who, moment in (
        (rates.CANCELLED_IN_TIME, pairing.chance.choice((mentee, mentor)), span.starts_at - SOON),
        (rates.CANCELLED_LATE_BY_MENTEE, mentee, span.starts_at - JUST_BEFORE),
        (rates.CANCELLED_LATE_BY_MENTOR, mentor, span.starts_at - JUST_BEFORE),
    ):
        if chance < rate:
            yield from pairing.until(moment)
            world.does(
                who, f"{session}/cancellation", {"reason": "cannot_attend"}, step="cancel" + session
            )
            world.note(Happened.CANCELLED)
            return rate == rates.CANCELLED_LATE_BY_MENTEE
        chance -= rate
    if pairing.is_virtual and pairing.chance.random() < rates.LINK_CHANGES:
        elsewhere = {"video_link": "https://meet.example.org/elsewhere"}
        world.sets(mentor, f"{session}/video-link", elsewhere, step=f"link-{session}")
    if chance < rates.RESCHEDULED:
        span = yield from _move(world, pairing, session, span)
    return (yield from attend(world, pairing, session, span))


def _move(
    world: World, pairing: Pairing, session: str, span: TimeSpan
) -> Generator[datetime, None, TimeSpan]:
    """The day after, which is said in time."""
    yield from pairing.until(span.starts_at - SOON)
    later = hour_to_meet(span.local_start.date() + timedelta(days=1), pairing.chance)
    who = pairing.chance.choice(pairing.partners())
    body = _body(pairing, later)
    if world.does(who, f"{session}/reschedule", body, step=f"move-{session}") is None:
        return span
    world.note(Happened.RESCHEDULED)
    return later


def _perhaps_ask_for_another(world: World, pairing: Pairing) -> None:
    if pairing.chance.random() < rates.REMATCH_WANTED:
        who, body = pairing.chance.choice(pairing.partners()), {"reason": "not_the_right_match"}
        if world.does(who, f"{pairing.path}/rematch", body, step=f"rematch-{pairing.key}"):
            world.note(Happened.REMATCHES)


def _perhaps_meet_weekly(world: World, pairing: Pairing) -> None:
    if pairing.is_weekly or pairing.chance.random() >= rates.CADENCE_CHANGED:
        return
    who, body = pairing.chance.choice(pairing.partners()), {"cadence": "weekly"}
    if world.does(who, f"{pairing.path}/cadence", body, step=f"cadence-{pairing.key}"):
        world.note(Happened.CADENCES)
        pairing.is_weekly = True


def _perhaps_pause(world: World, pairing: Pairing, number: int) -> Life:
    if pairing.chance.random() >= rates.PAUSED or not pairing.sessions_left:
        return
    who = pairing.chance.choice(pairing.partners())
    world.does(who, f"{pairing.path}/pause", step=f"pause-{pairing.key}-{number}")
    world.note(Happened.PAUSES)
    yield from pairing.until(after(world.clock(), rates.PAUSE_LASTS, pairing.chance))
    world.does(who, f"{pairing.path}/resumption", step=f"resume-{pairing.key}-{number}")


def _close(world: World, pairing: Pairing) -> Life:
    """Say goodbye, or never think of it."""
    if pairing.chance.random() < rates.NEVER_CLOSED:
        return
    yield from pairing.until(after(world.clock(), rates.CLOSING_TAKES, pairing.chance))
    is_whole = pairing.sessions_left == 0
    reasons = ("completed", "goals_met", "no_fault") if is_whole else ("no_fault",)
    who = pairing.chance.choice(pairing.partners())
    body = {"reason": pairing.chance.choice(reasons), "words": GOODBYE}
    if world.does(who, f"{pairing.path}/closing", body, step=f"close-{pairing.key}"):
        world.note(Happened.CLOSINGS)
    world.part(pairing)
    for each in pairing.partners():
        looks_back(world, pairing, each)
    if not is_whole and pairing.chance.random() < rates.REST_IS_RETURNED:
        _give_back(world, pairing)


def _give_back(world: World, pairing: Pairing) -> None:
    """What nobody needs any more goes back to whoever paid for it."""
    path, step = f"/places/{pairing.grant.place}/return", f"return-{pairing.key}"
    if world.does(pairing.coordinator, path, step=step):
        world.note(Happened.RETURNED)
