"""A mentor's life: found, approved, there for some, and now and then gone before the end."""

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.consenting import consents, withdraws
from api.simulate.people import OFFERS, Person, made_up
from api.simulate.plan import ZONE
from api.simulate.tally import Happened
from api.simulate.world import Life, Mentor, World
from domain.values import Role

OFFICE_HOURS = {
    "time_zone": str(ZONE),
    "windows": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(5)],
}


def life_of_mentor(world: World, number: int) -> Life:
    """From the first letter to whatever becomes of them."""
    key = f"mentor-{number}"
    chance = world.plan.chance(key)
    coordinator = world.coordinator(number)
    who = made_up(key, chance)
    body = who.registered_as(Role.MENTOR)
    registered = world.does(coordinator, "/people", body, step=f"register-{key}")
    if registered is None:
        return
    mentor = Mentor(Person(key, registered.subject, Role.MENTOR), who.given)
    yield after(world.clock(), rates.CONSENT_TAKES, chance)
    for purpose in ("take_part", "share_profile"):
        consents(world, mentor.person, purpose)
    words = chance.choice(OFFERS)
    world.does(mentor.person, "/me/mentor-profile", {"words": words}, step="apply")
    yield after(world.clock(), rates.APPROVAL_TAKES, chance)
    path = f"/mentor-profiles/{mentor.person.id}"
    world.door.look(coordinator, path)
    world.does(coordinator, f"{path}/approval", step=f"approve-{key}")
    shown = {"display_name": mentor.name, "words": words}
    world.sets(mentor.person, "/me/mentor-profile/published", shown, step="publish")
    set_capacity(world, mentor, chance.choice(rates.CAPACITIES), step="capacity")
    if chance.random() < rates.STATES_AVAILABILITY:
        world.sets(mentor.person, "/me/availability", OFFICE_HOURS, step="availability")
    world.note(Happened.MENTORS)
    yield after(world.clock(), rates.MENTOR_STAYS, chance)
    fate = chance.random()
    if fate < rates.MENTOR_WITHDRAWS:
        withdraw(world, mentor)
    elif fate < rates.MENTOR_WITHDRAWS + rates.MENTOR_LEAVES:
        leave(world, mentor)
    elif fate < rates.MENTOR_WITHDRAWS + rates.MENTOR_LEAVES + rates.MENTOR_LOWERS_CAPACITY:
        set_capacity(world, mentor, max(len(mentor.pairings), 1), step="lower-capacity")


def set_capacity(world: World, mentor: Mentor, capacity: int, *, step: str) -> None:
    """Say how many at once."""
    body = {"capacity": capacity}
    if world.sets(mentor.person, "/me/mentor-profile/capacity", body, step=step):
        mentor.capacity = capacity
        world.remember_room(mentor)


def withdraw(world: World, mentor: Mentor) -> None:
    """Take the consent back: every relationship of theirs ends by itself."""
    if withdraws(world, mentor.person, "take_part"):
        _go(world, mentor)


def leave(world: World, mentor: Mentor) -> None:
    """Take nobody new, and close one by one."""
    set_capacity(world, mentor, len(mentor.pairings), step="leave")
    for pairing in mentor.pairings:
        body = {"reason": "mentor_unavailable"}
        world.does(mentor.person, f"{pairing.path}/closing", body, step=f"close-{pairing.key}")
        world.note(Happened.CLOSINGS)
    _go(world, mentor)


def _go(world: World, mentor: Mentor) -> None:
    mentor.is_here = False
    world.note(Happened.MENTORS_GONE)
    for pairing in list(mentor.pairings):
        world.part(pairing)
    world.remember_room(mentor)
