"""Who comes when: one after the other, so that nobody is thought of before their time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.enquiring import life_of_enquirer
from api.simulate.lives.mentees import Mentee
from api.simulate.lives.mentors import life_of_mentor
from api.simulate.remembered import Life
from api.simulate.world import World

FIRST_WEEK = timedelta(weeks=1)


def mentors_arrive(world: World) -> Life:
    """Most in the first week, the others while the scheme runs."""
    first = round(world.plan.mentors * rates.MENTORS_THERE_FROM_THE_FIRST_WEEK) or 1
    opens, chance = world.plan.begins_at, world.plan.chance("mentors arrive")
    yield from _one_by_one(world, chance, range(first), (opens, opens + FIRST_WEEK), life_of_mentor)
    later = range(first, world.plan.mentors)
    yield from _one_by_one(world, chance, later, (opens + FIRST_WEEK, _last(world)), life_of_mentor)


def mentees_arrive(world: World) -> Life:
    """All the time, but for the last weeks."""
    chance, all_of_them = world.plan.chance("mentees arrive"), range(world.plan.mentees)

    def life(world: World, number: int) -> Life:
        return Mentee(world, number).life()

    yield from _one_by_one(world, chance, all_of_them, (world.plan.begins_at, _last(world)), life)


def enquirers_arrive(world: World) -> Life:
    """A few for every mentee, all the time."""
    chance = world.plan.chance("enquirers arrive")
    some = range(1 + round(world.plan.mentees * rates.ENQUIRIES_A_MENTEE))
    between = (world.plan.begins_at, _last(world))
    yield from _one_by_one(world, chance, some, between, life_of_enquirer)


def _one_by_one(
    world: World,
    chance: Random,
    numbers: range,
    between: tuple[datetime, datetime],
    life: Callable[[World, int], Life],
) -> Life:
    begins, ends = between
    pause = (ends - begins) / max(len(numbers), 1)
    for place, number in enumerate(numbers):
        yield begins + pause * place
        world.begin(life(world, number), after(world.clock(), (0, 1), chance))


def _last(world: World) -> datetime:
    return world.part_of_it(rates.ARRIVALS_END_AT)
