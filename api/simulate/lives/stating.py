"""What people say for the matching: wishes of each other, of backgrounds under that consent alone, and when they can meet."""

from random import Random
from typing import Any

from api.simulate import rates
from api.simulate.lives.consenting import consents
from api.simulate.people import EMPLOYERS, Person, made_up
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


def shows_themselves(world: World, who: Person, name: str, chance: Random) -> None:
    """Show a mentor something of oneself before they meet; some of those think better of it."""
    if chance.random() >= rates.SHOWS_THEMSELVES:
        return
    consents(world, who, "share_profile")
    shown = {"display_name": name, "words": "I work in the north."}
    world.sets(who, "/me/shared-profile", shown, step="share-profile")
    if chance.random() < rates.TAKES_BACKGROUND_BACK:
        world.deletes(who, "/me/shared-profile", step="hide-profile")


def moves(world: World, who: Person, chance: Random) -> None:
    """Say where one is reached from now on."""
    if chance.random() < rates.CHANGES_ADDRESS:
        told = made_up(f"{who.key}-moved", chance)
        contact = {"name": told.name, "email": told.email}
        world.sets(who, "/me/contact", contact, step="change-contact")


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
