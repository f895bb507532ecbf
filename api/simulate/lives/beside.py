"""A programme that nobody has to pay for: two who found each other, two who learn from each other, and groups."""

from random import Random

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.asking import Wish, asks
from api.simulate.lives.consenting import consents
from api.simulate.lives.groups import life_of_group
from api.simulate.lives.meeting import meet
from api.simulate.lives.proposing import agree, find_partner
from api.simulate.people import PREFERENCES, THEMES, TO_PARTNER, Person, made_up
from api.simulate.remembered import Agreement, Grant, Life, Mentor, Pairing, PairingIsOver
from api.simulate.tally import Happened
from api.simulate.words import TAKE_PART
from api.simulate.world import World
from domain.values import Role

PROGRAMME = {
    "name": "Side by side",
    "needs_place": False,
    "kinds": ["informal", "reverse", "for_diversity", "group"],
}
KINDS = ("informal", "reverse", "for_diversity")
NO_AGREEMENT = -1
MOST_SESSIONS, MOST_IN_GROUP = 2, 5


def life_beside(world: World) -> Life:
    """Begun once the scheme runs; whoever wants to, comes."""
    chance, who = world.plan.chance("beside"), world.coordinators[0]
    yield after(world.part_of_it(rates.BESIDE_BEGINS_AT), (0, 1), chance)
    opened = world.does(who, "/programmes", PROGRAMME, step="programme-beside")
    if opened is None:
        return
    size = {"most": MOST_IN_GROUP}
    world.sets(who, f"/programmes/{opened.subject}/group-size", size, step="group-size")
    beside = Agreement(opened.subject, NO_AGREEMENT, who, {})
    for number in range(round(world.plan.mentees * rates.GROUPS_A_MENTEE)):
        members = (_asks(world, beside, "group", f"member-{number}-{place}") for place in range(4))
        world.begin(life_of_group(world, members, number), world.clock())
    for number in range(round(world.plan.mentees * rates.BESIDE_A_MENTEE)):
        yield after(world.clock(), rates.PROPOSAL_TAKES, chance)
        world.begin(_life_of_pair(world, beside, number), world.clock())


def _life_of_pair(world: World, beside: Agreement, number: int) -> Life:
    """They find each other, or a coordinator finds somebody by hand; then they meet."""
    kind = KINDS[number % len(KINDS)]
    pairing = _asks(world, beside, kind, f"beside-{number}")
    if pairing is None:
        return
    try:
        if kind == "informal":
            yield from _find_each_other(world, pairing, number)
        else:
            yield from find_partner(world, pairing)
        if pairing.mentor is not None:
            world.note(Happened.BESIDE)
            yield from meet(world, pairing)
    except PairingIsOver:
        return


def _asks(world: World, beside: Agreement, kind: str, key: str) -> Pairing | None:
    """Somebody who is registered, given a place that costs nothing, and asks."""
    chance, coordinator = world.plan.chance(key), world.coordinators[0]
    body = made_up(key, chance).registered_as(Role.MENTEE)
    known = world.does(coordinator, "/people", body, step=f"register-{key}")
    if known is None:
        return None
    me = Person(key, known.subject, Role.MENTEE)
    consents(world, me, TAKE_PART)
    consents(world, me, "feedback")
    granted = {"programme": str(beside.id), "mentee": str(me.id), "sessions": MOST_SESSIONS}
    place = world.does(coordinator, "/places", granted, step=f"place-{key}")
    if place is None:
        return None
    wish = Wish(chance.choice(THEMES), chance.choice(PREFERENCES), kind=kind)
    grant = Grant(place.subject, beside, MOST_SESSIONS)
    pairing = asks(world, (me, coordinator), grant, wish, 1)
    if pairing is not None:
        found = pairing
        world.take_part(me, lambda: world.part(found))
    return pairing


def _find_each_other(world: World, pairing: Pairing, number: int) -> Life:
    """By a link; now and then it is taken back first, or whoever comes by it says no."""
    if number % 2:
        _link(world, pairing, "first")
        path = f"{pairing.path}/partner-link/withdrawal"
        world.does(pairing.mentee, path, step=f"withdraw-{pairing.key}")
    else:
        yield from _comes(world, pairing, "other", world.plan.chance(f"other {pairing.key}"))
        path, step = f"{pairing.path}/partnership/refusal", "refuse-partner"
        if pairing.mentor is not None:
            world.does(pairing.mentor.person, path, step=step)
            pairing.mentor = None
    yield from _comes(world, pairing, "partner", pairing.chance)
    if pairing.mentor is None:
        return
    partner = pairing.mentor.person
    accepted = f"{pairing.path}/partnership/acceptance"
    if world.does(partner, accepted, step="accept-partner") is None:
        pairing.mentor = None
        return
    world.pair(pairing, pairing.mentor)
    world.note(Happened.MATCHES)
    for who in pairing.partners():
        agree(world, pairing, who)


def _comes(world: World, pairing: Pairing, name: str, chance: Random) -> Life:
    """Somebody new comes by the link, and reads what they are asked."""
    token, key = _link(world, pairing, name), f"{name}-of-{pairing.key}"
    who = made_up(key, chance)
    body = {"name": who.name, "email": who.email}
    joined = None if token is None else world.joins(token, body, step=f"join-{key}")
    if joined is None:
        return
    person = Person(key, joined, Role.MENTOR)
    # Nobody proposes them to anybody else: they have no profile.
    pairing.mentor = Mentor(person, who.given, is_paused=True)
    yield from pairing.until(after(world.clock(), rates.CONSENT_TAKES, chance))
    consents(world, person, TAKE_PART)
    consents(world, person, "feedback")
    world.door.look(person, f"{pairing.path}/partnership")


def _link(world: World, pairing: Pairing, name: str) -> str | None:
    me, step = pairing.mentee, f"partner-link-{pairing.key}-{name}"
    return world.door.partner_token(me, pairing.relationship, {"words": TO_PARTNER}, step=step)
