"""What people say for the matching: wishes of each other, of backgrounds under that consent alone, and when they can meet."""

from random import Random
from typing import Any

from api.simulate import rates
from api.simulate.people import EMPLOYERS, Person
from api.simulate.plan import ZONE
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.matching.aspects import CHOICES, OWN, Aspect, Dimension
from domain.values import Role

PATH = "/me/preferences"
BACKGROUND = f"{PATH}/background"
OFFICE_HOURS = {
    "time_zone": str(ZONE),
    "windows": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(5)],
}


def states_wishes(world: World, who: Person, chance: Random) -> None:
    """Most say something: a mentee what they wish to think through, a mentor what they know."""
    if chance.random() < rates.STATES_WISHES and world.sets(
        who, PATH, _wishes(who, chance), step="state-wishes"
    ):
        world.note(Happened.WISHES)


def states_background(world: World, who: Person, chance: Random) -> None:
    """Say who one is, and a mentee whether they would rather have somebody alike; some think better of it."""
    dimension = chance.choice(list(Dimension))
    own = {dimension.value: [chance.choice(OWN[dimension])]}
    body: dict[str, Any] = {"own": own}
    if who.role is Role.MENTEE:
        body["wishes"] = {dimension.value: "shared"}
    if world.sets(who, BACKGROUND, body, step="state-background") is None:
        return
    world.note(Happened.BACKGROUNDS)
    if chance.random() < rates.TAKES_BACKGROUND_BACK:
        world.deletes(who, BACKGROUND, step="take-background-back")


def states_availability(world: World, who: Person, chance: Random) -> None:
    """Say when one can meet; whoever does not can be asked about any hour."""
    if chance.random() < rates.STATES_AVAILABILITY:
        world.sets(who, "/me/availability", OFFICE_HOURS, step="availability")


def _wishes(who: Person, chance: Random) -> dict[str, Any]:
    some = {aspect: chance.choice(CHOICES[aspect]) for aspect in CHOICES}
    body: dict[str, Any] = {"languages": ["en"], "employer": chance.choice(EMPLOYERS)}
    if who.role is Role.MENTEE:
        wished = (Aspect.THEMES, Aspect.PRACTICE)
        body["wishes"] = [{"aspect": each.value, "any_of": [some[each]]} for each in wished]
    else:
        body["about"] = {each.value: [choice] for each, choice in some.items()}
    return body
