"""A mentor's life: found, approved, there for some, and now and then gone before the end."""

from random import Random

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.consenting import answers_the_rest, consents, withdraws
from api.simulate.lives.stating import states_availability, states_background, states_wishes
from api.simulate.people import OFFERS, Person, made_up
from api.simulate.remembered import Life, Mentor
from api.simulate.tally import Happened
from api.simulate.words import TAKE_PART
from api.simulate.world import World
from domain.values import Role

KINDS = ("formal", "reverse", "for_diversity", "group")


def life_of_mentor(world: World, number: int) -> Life:
    """From the first letter to whatever becomes of them."""
    key = f"mentor-{number}"
    chance, coordinator = world.plan.chance(key), world.coordinator(number)
    who = made_up(key, chance)
    body = who.registered_as(Role.MENTOR)
    registered = world.does(coordinator, "/people", body, step=f"register-{key}")
    if registered is None:
        return
    mentor = Mentor(Person(key, registered.subject, Role.MENTOR), who.given)
    world.mentors[mentor.person.id] = mentor
    yield after(world.clock(), rates.CONSENT_TAKES, chance)
    words = chance.choice(OFFERS)
    offers(world, mentor, words)
    answers_the_rest(world, mentor.person, chance, lambda: not mentor.is_here)
    yield after(world.clock(), rates.APPROVAL_TAKES, chance)
    if chance.random() < rates.MENTOR_IS_TURNED_DOWN:
        _turned_down(world, mentor, coordinator)
        return
    begins(world, mentor, coordinator, words)
    set_capacity(world, mentor, chance.choice(rates.CAPACITIES), step="capacity")
    _offers_kinds(world, mentor, coordinator, chance)
    states_availability(world, mentor.person, chance)
    states_wishes(world, mentor.person, chance)
    if chance.random() < rates.CONSENT_TO_IDENTITY_PREFERENCE and consents(
        world, mentor.person, "identity_preference"
    ):
        states_background(world, mentor.person, chance)
    yield from _perhaps_pauses(world, mentor, chance)
    yield after(world.clock(), rates.MENTOR_STAYS, chance)
    if mentor.is_here:
        _meets_their_fate(world, mentor, chance.random())


def offers(world: World, mentor: Mentor, words: str) -> None:
    """Consent, and offer to mentor in some words."""
    if consents(world, mentor.person, TAKE_PART):
        world.take_part(mentor.person, lambda: _go(world, mentor))
    consents(world, mentor.person, "share_profile")
    world.does(mentor.person, "/me/mentor-profile", {"words": words}, step="apply")


def begins(world: World, mentor: Mentor, coordinator: Person, words: str) -> None:
    """Approved by a coordinator who has read what they offer, they say who they are."""
    path = f"/mentor-profiles/{mentor.person.id}"
    world.door.look(coordinator, path)
    world.does(coordinator, f"{path}/approval", step=f"approve-{mentor.person.key}")
    shown = {"display_name": mentor.name, "words": words}
    world.sets(mentor.person, "/me/mentor-profile/published", shown, step="publish")
    world.note(Happened.MENTORS)


def _turned_down(world: World, mentor: Mentor, coordinator: Person) -> None:
    """Thanked for the offer, which is not taken up."""
    path, why = f"/mentor-profiles/{mentor.person.id}/refusal", {"reason": "not_the_right_time"}
    world.does(coordinator, path, why, step=f"turn-down-{mentor.person.key}")
    mentor.is_here = False


def _offers_kinds(world: World, mentor: Mentor, coordinator: Person, chance: Random) -> None:
    """Some mentor in other ways, too; of some a coordinator says that they mentor in one programme alone."""
    answer = chance.random()
    if answer < rates.OFFERS_OTHER_KINDS:
        path, kinds = "/me/mentor-profile/kinds", {"kinds": list(KINDS)}
        world.sets(mentor.person, path, kinds, step="offer-kinds")
    elif answer > 1 - rates.MENTORS_IN_ONE_PROGRAMME:
        path = f"/mentor-profiles/{mentor.person.id}/programmes"
        only = {"programmes": [str(world.programme)]}
        world.sets(coordinator, path, only, step=f"limit-{mentor.person.key}")


def _perhaps_pauses(world: World, mentor: Mentor, chance: Random) -> Life:
    """Take nobody new for a while; those that run go on."""
    if chance.random() >= rates.MENTOR_PAUSES:
        return
    yield after(world.clock(), rates.MENTOR_PAUSES_AFTER, chance)
    path = "/me/mentor-profile"
    if _is_away(mentor) or not world.does(mentor.person, f"{path}/pause", step="pause"):
        return
    mentor.is_paused = True
    world.remember_room(mentor)
    world.note(Happened.MENTORS_PAUSED)
    yield after(world.clock(), rates.PAUSE_LASTS, chance)
    if _is_away(mentor) or not world.does(mentor.person, f"{path}/resumption", step="resume"):
        return
    mentor.is_paused = False
    world.remember_room(mentor)


def _is_away(mentor: Mentor) -> bool:
    """Whether they went while they waited."""
    return not mentor.is_here


def _meets_their_fate(world: World, mentor: Mentor, fate: float) -> None:
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
    if withdraws(world, mentor.person, TAKE_PART):
        _go(world, mentor)


def leave(world: World, mentor: Mentor) -> None:
    """Say goodbye to the scheme: the clerk closes what runs."""
    if world.does(mentor.person, "/me/mentor-profile/leaving", step="leave"):
        _go(world, mentor)


def _go(world: World, mentor: Mentor) -> None:
    mentor.is_here = False
    world.taking_part.pop(mentor.person.id, None)
    world.note(Happened.MENTORS_GONE)
    for pairing in list(mentor.pairings):
        world.part(pairing)
    world.remember_room(mentor)
