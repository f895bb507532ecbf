"""How a mentee gets in and to a place: by their employer's invitation, or through a coordinator who knows them."""

from random import Random

from api.simulate import rates
from api.simulate.people import Person, made_up
from api.simulate.remembered import Agreement, Grant
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.place import Place
from domain.values import Role


def gets_in(
    world: World, key: str, number: int, chance: Random
) -> tuple[Person | None, Grant | None]:
    """Become known, by an invitation with a place; None where that was refused."""
    who, agreement = made_up(key, chance), world.agreement(number)
    token = agreement.hand_out() if chance.random() < rates.INVITED else None
    if token is not None:
        joined = world.joins(token, {"name": who.name, "email": who.email}, step=f"join-{key}")
        if joined is None:
            return None, None
        world.note(Happened.JOINED)
        me = Person(key, joined, Role.MENTEE)
        return me, _invited(agreement, me)
    body = who.registered_as(Role.MENTEE)
    told = world.does(world.coordinator(number), "/people", body, step=f"register-{key}")
    return (None if told is None else Person(key, told.subject, Role.MENTEE)), None


def gets_place(world: World, me: Person, number: int, request: int, chance: Random) -> Grant | None:
    """Get one by an invitation that came later, or from the coordinator's hand."""
    agreement, sessions = world.agreement(number), chance.choice(rates.SESSIONS)
    is_invited = request == 1 and chance.random() < rates.INVITED_LATER
    token = agreement.hand_out() if is_invited else None
    if token is not None:
        return _uses(world, me, agreement, token)
    return granted(world, (world.coordinator(number), me), agreement, sessions, request)


def granted(
    world: World, people: tuple[Person, Person], agreement: Agreement, sessions: int, request: int
) -> Grant | None:
    """A place from a coordinator's hand; `people` are the coordinator and whose it is."""
    coordinator, me = people
    body = {"agreement": str(agreement.id), "sessions": sessions, "mentee": str(me.id)}
    place = world.does(coordinator, "/places", body, step=f"place-{me.key}-{request}")
    return None if place is None else Grant(place.subject, agreement, sessions)


def _uses(world: World, me: Person, agreement: Agreement, token: str) -> Grant | None:
    if world.does(me, "/me/places", {"invitation": token}, step="use-invitation") is None:
        return None
    world.note(Happened.INVITED_LATER)
    return _invited(agreement, me)


def _invited(agreement: Agreement, who: Person) -> Grant:
    """An invitation gives as many sessions as the agreement says."""
    place = Place.id_of(agreement.id, who.id)
    return Grant(place, agreement, agreement.terms["sessions_per_place"])
