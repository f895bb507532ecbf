"""How simulated people consent: to the words that they are shown, at once, later, or not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from api.records.written_notices import WrittenNotice
from api.simulate import rates
from api.simulate.calendar import after, evening
from api.simulate.people import Person
from api.simulate.remembered import Life, TakingPart
from api.simulate.tally import Happened
from api.simulate.words import LANGUAGE, NOTICES, TAKE_PART, WORDS
from api.simulate.world import World
from domain.notice import TIME_TO_RENEW
from domain.values import Purpose

MORE_TIME = timedelta(days=7)
NEWER = "\n\nWe say it in plainer words now; what we do is the same."


def consents(world: World, who: Person, purpose: str, *, again: str = "") -> bool:
    """Read the words and say yes to them; whether that was recorded."""

    def answer() -> dict[str, Any]:
        return {"purpose": purpose, **_shown(world, who, purpose)}

    step = f"consent-{purpose}{again}"
    return world.does(who, "/me/consents", answer, step=step) is not None


def withdraws(world: World, who: Person, purpose: str) -> bool:
    """Take it back; whether that was recorded."""
    if purpose == TAKE_PART:
        world.taking_part.pop(who.id, None)
    path = f"/me/consents/{purpose}/withdrawal"
    return world.does(who, path, step=f"withdraw-{purpose}") is not None


def answers_the_rest(
    world: World, who: Person, chance: Random, is_gone: Callable[[], bool]
) -> None:
    """Answer what is asked besides: mostly yes, now and then no, and sometimes not yet."""
    for purpose in ("reminders", "calendar", "feedback"):
        answer = chance.random()
        if answer < rates.NOT_NOW:
            _says(world, who, purpose, "deferral", Happened.DEFERRED)
            later = after(world.clock(), rates.THINKS_AGAIN_AFTER, chance)
            world.begin(_thinks_again(world, who, purpose, is_gone), later)
        elif answer < rates.NOT_NOW + rates.NO:
            _says(world, who, purpose, "refusal", Happened.NOES)
        else:
            consents(world, who, purpose)


def publish_words(world: World) -> None:
    """Every purpose has words from the first day, in each language there is."""
    for each in NOTICES:
        _publish(world, each, version=1)


def life_of_words(world: World) -> Life:
    """Once, the words about taking part are said anew, and everybody is asked to say yes to them."""
    yield after(world.part_of_it(rates.WORDS_ARE_RENEWED_AT), (0, 1), world.plan.chance("words"))
    renew_by = world.clock() + TIME_TO_RENEW + MORE_TIME
    newer = WrittenNotice(Purpose.TAKE_PART, LANGUAGE, WORDS[TAKE_PART] + NEWER)
    _publish(world, newer, version=2, renew_by=renew_by)
    for each in list(world.taking_part.values()):
        world.begin(_renews(world, each, renew_by), world.clock())


def _renews(world: World, each: TakingPart, renew_by: datetime) -> Life:
    """Say yes again in time, or let it run out, as most of those do who have left in their thoughts."""
    chance = world.plan.chance(f"renews {each.person.key}")
    if chance.random() < rates.NEVER_RENEWS:
        yield renew_by
        if world.taking_part.pop(each.person.id, None) is not None:
            each.leave()
            world.note(Happened.LAPSED)
        return
    yield after(evening(world.clock()), rates.RENEWAL_TAKES, chance)
    if each.person.id in world.taking_part and consents(
        world, each.person, TAKE_PART, again="-anew"
    ):
        world.note(Happened.RENEWED)


def _thinks_again(world: World, who: Person, purpose: str, is_gone: Callable[[], bool]) -> Life:
    """What was put off is asked again, and then it is a yes."""
    if not is_gone():
        consents(world, who, purpose, again="-later")
    yield from ()


def _says(world: World, who: Person, purpose: str, what: str, happened: Happened) -> None:
    path, step = f"/me/consents/{purpose}/{what}", f"{what}-{purpose}"
    if world.does(who, path, lambda: _shown(world, who, purpose), step=step):
        world.note(happened)


def _publish(
    world: World, notice: WrittenNotice, *, version: int, renew_by: datetime | None = None
) -> None:
    purpose, language = notice.purpose.value, notice.language
    body = {"purpose": purpose, "version": version, "language": language, "text": notice.text}
    if renew_by is not None:
        body["renew_by"] = renew_by.isoformat()
    step = f"notice-{purpose}-{language}-{version}"
    world.door.act(world.lead, "/notices", body, step=step)


def _shown(world: World, who: Person, purpose: str) -> dict[str, Any]:
    """The words as they are shown now."""
    shown = world.door.read(who, f"/notices/{purpose}")
    words = next(each for each in shown["notices"] if each["language"] == LANGUAGE)
    return {
        "notice_version": words["version"],
        "language": words["language"],
        "digest": words["digest"],
    }
