"""Whether a planned hour happened: confirmed or not, missed, disputed within its time, corrected openly."""

from collections.abc import Generator
from datetime import datetime

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.people import REMEMBERED_OTHERWISE, Person
from api.simulate.remembered import Pairing
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.session import Outcome
from domain.values import TimeSpan

Uses = Generator[datetime, None, bool]

OTHERWISE = {
    Outcome.HELD: Outcome.MENTEE_ABSENT,
    Outcome.MENTEE_ABSENT: Outcome.MENTOR_ABSENT,
    Outcome.MENTOR_ABSENT: Outcome.HELD,
}
"""What somebody says who remembers it differently."""


def attend(world: World, pairing: Pairing, session: str, span: TimeSpan) -> Uses:
    """Let the hour pass, record what happened, and answer whether it used the place."""
    yield from pairing.until(after(span.ends_at, rates.CONFIRMATION_TAKES, pairing.chance))
    outcome = _outcome(pairing)
    if outcome is None:
        # It stays reserved, until somebody does record it.
        return True
    other = record(world, pairing, session, outcome)
    reply = pairing.chance.random()
    if reply < rates.DISPUTED:
        outcome = yield from _dispute(world, pairing, session, outcome, other)
    elif reply < rates.DISPUTED + rates.CONFIRMED:
        yield from pairing.until(after(world.clock(), rates.CONFIRMATION_TAKES, pairing.chance))
        if world.does(other, f"{session}/confirmation", step=f"confirm-{session}"):
            world.note(Happened.CONFIRMED)
    return outcome.uses_the_place


def _outcome(pairing: Pairing) -> Outcome | None:
    """What happened, or None where nobody says."""
    chance = pairing.chance.random()
    for rate, outcome in (
        (rates.NOBODY_CONFIRMS, None),
        (rates.MENTEE_ABSENT, Outcome.MENTEE_ABSENT),
        (rates.MENTOR_ABSENT, Outcome.MENTOR_ABSENT),
    ):
        if chance < rate:
            return outcome
        chance -= rate
    return Outcome.HELD


def record(world: World, pairing: Pairing, session: str, outcome: Outcome) -> Person:
    """Either says that they met; who waited in vain says who did not come. Answers the other one."""
    mentee, mentor = pairing.partners()
    if outcome is Outcome.HELD:
        who, other = pairing.chance.choice(((mentee, mentor), (mentor, mentee)))
        body = {"minutes": pairing.chance.choice((50, 55, 60, 60, 60, 70))}
        if world.does(who, f"{session}/attendance", body, step=f"held-{session}"):
            world.note(Happened.HELD)
        return other
    is_mentee = outcome is Outcome.MENTEE_ABSENT
    who, other = (mentor, mentee) if is_mentee else (mentee, mentor)
    absent = {"who": "mentee" if is_mentee else "mentor"}
    if world.does(who, f"{session}/absence", absent, step=f"absence-{session}"):
        world.note(Happened.MISSED)
    return other


def _dispute(
    world: World, pairing: Pairing, session: str, outcome: Outcome, who: Person
) -> Generator[datetime, None, Outcome]:
    """The other says that it was otherwise; a coordinator hears both and decides."""
    yield from pairing.until(after(world.clock(), rates.DISPUTE_TAKES, pairing.chance))
    words = {"words": REMEMBERED_OTHERWISE}
    if world.does(who, f"{session}/dispute", words, step=f"dispute-{session}") is None:
        return outcome
    world.note(Happened.DISPUTES)
    yield from pairing.until(after(world.clock(), rates.CORRECTION_TAKES, pairing.chance))
    is_upheld = pairing.chance.random() < rates.DISPUTE_UPHELD
    decided = OTHERWISE[outcome] if is_upheld else outcome
    body = {
        "outcome": decided.value,
        "reason": "dispute_upheld" if is_upheld else "dispute_not_upheld",
    }
    step = f"correct-{session}"
    if world.does(pairing.coordinator, f"{session}/correction", body, step=step):
        world.note(Happened.CORRECTIONS)
        return decided
    return outcome
