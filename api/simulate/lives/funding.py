"""What employers buy: one programme, and an agreement for so many mentees each, whose sponsor contact invites them."""

from datetime import date, timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from api.simulate import rates
from api.simulate.calendar import after, evening
from api.simulate.people import EMPLOYERS, Person, made_up
from api.simulate.plan import ZONE, opening_on
from api.simulate.remembered import Agreement, Life
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.values import Role

PROGRAMME = {"name": "Time to think"}
MENTEES_EACH = 20
SPARE = 5
"""Places for those who ask a second time."""

PRICES = (90_00, 95_00, 110_00)
DEARER = 5_00
MORE_PLACES = 10
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)


class Fate(Enum):
    """What becomes of an agreement."""

    RENEWED = auto()
    EXTENDED = auto()
    LAPSES = auto()
    ENDED = auto()


def agreements_signed(world: World, coordinator: Person, name: str = PROGRAMME["name"]) -> None:
    """Sign as many agreements as there will be mentees for, and let each live."""
    programme = world.does(coordinator, "/programmes", {"name": name}, step="programme")
    if programme is None:
        return
    world.programme = programme.subject
    for number in range(1 + (world.plan.mentees - 1) // MENTEES_EACH):
        agreement = _signed(world, coordinator, programme.subject, number)
        if agreement is not None:
            _invite(world, agreement)
            world.agreements.append(agreement)
            world.begin(_life(world, coordinator, agreement), world.clock())


def _signed(world: World, coordinator: Person, programme: UUID, number: int) -> Agreement | None:
    """One organisation, whoever looks after its places there, and what it bought."""
    name = f"{EMPLOYERS[number % len(EMPLOYERS)]} {number // len(EMPLOYERS) + 1}"
    step = f"organisation-{number}"
    buyer = world.does(coordinator, "/organisations", {"name": name}, step=step)
    if buyer is None:
        return None
    sponsor = named_sponsor(world, coordinator, buyer.subject, f"sponsor-{number}")
    if sponsor is None:
        return None
    terms = _terms(world, programme, number)
    body = {"organisation": str(buyer.subject), "terms": terms}
    told = world.does(coordinator, "/agreements", body, step=f"agreement-{number}")
    return None if told is None else Agreement(told.subject, number, sponsor, terms, buyer.subject)


def named_sponsor(world: World, coordinator: Person, buyer: UUID, key: str) -> Person | None:
    """Somebody at the employer who looks after its places from now on."""
    body = made_up(key, world.plan.chance(key)).registered_as(Role.SPONSOR_CONTACT)
    sponsor = world.does(coordinator, "/people", body, step=f"register-{key}")
    if sponsor is None:
        return None
    path = f"/organisations/{buyer}/sponsor-contacts"
    world.does(coordinator, path, {"person": str(sponsor.subject)}, step=f"name-{key}")
    return Person(key, sponsor.subject, Role.SPONSOR_CONTACT)


def _invite(world: World, agreement: Agreement) -> None:
    """The sponsor contact asks for a link for each place, once, and hands them out."""
    path, body = f"{agreement.path}/invitations", {"count": agreement.terms["places"]}
    step = f"invitations-of-agreement-{agreement.number}"
    told = world.door.shown_once(agreement.sponsor, path, body, step=step)
    agreement.links = told["links"] if told else []


def _life(world: World, coordinator: Person, agreement: Agreement) -> Life:
    """Renewed before its time is over, made larger, run out, or ended before."""
    match _fate(agreement.number):
        case Fate.RENEWED:
            yield after(world.part_of_it(rates.RENEWED_AT), (0, 1), world.plan.chance("renewing"))
            price = agreement.terms["price_minor_units"] + DEARER
            ends_on = _in_a_year(agreement.terms["ends_on"])
            _amend(world, coordinator, agreement, price_minor_units=price, ends_on=ends_on)
        case Fate.EXTENDED:
            yield after(world.part_of_it(rates.EXTENDED_AT), (0, 1), world.plan.chance("buying"))
            more = agreement.terms["places"] + MORE_PLACES
            _amend(world, coordinator, agreement, places=more)
        case Fate.LAPSES:
            # The clerk ends it the evening after.
            yield evening(opening_on(_day(agreement.terms["ends_on"]) + DAY)) + AN_HOUR
            world.end_agreement(agreement)
            world.note(Happened.AGREEMENTS_OVER)
        case Fate.ENDED:
            yield after(world.part_of_it(rates.ENDED_AT), (0, 1), world.plan.chance("ending"))
            _end(world, coordinator, agreement)


def _amend(world: World, who: Person, agreement: Agreement, **changed: Any) -> None:
    terms = {**agreement.terms, **changed}
    if world.sets(who, f"{agreement.path}/terms", terms, step=f"amend-{agreement.number}"):
        agreement.terms = terms
        world.note(Happened.AGREEMENTS_AMENDED)


def _end(world: World, who: Person, agreement: Agreement) -> None:
    """Links that nobody has used yet are withdrawn first."""
    path = f"{agreement.path}/invitations/withdrawal"
    world.does(who, path, step=f"withdraw-invitations-{agreement.number}")
    if world.does(who, f"{agreement.path}/ending", step=f"end-{agreement.number}"):
        world.end_agreement(agreement)
        world.note(Happened.AGREEMENTS_OVER)


def _fate(number: int) -> Fate:
    """The first one lives on, so that a small scheme does."""
    return list(Fate)[number % len(Fate)]


def _terms(world: World, programme: UUID, number: int) -> dict[str, Any]:
    is_short = _fate(number) in {Fate.RENEWED, Fate.LAPSES}
    ends = world.part_of_it(rates.SHORT_ONES_END_AT) if is_short else world.plan.ends_at + YEAR
    return {
        "programme": str(programme),
        "places": MENTEES_EACH + SPARE,
        "sessions_per_place": rates.MOST_SESSIONS,
        "price_minor_units": PRICES[number % len(PRICES)],
        "starts_on": world.plan.begins_at.astimezone(ZONE).date().isoformat(),
        "ends_on": ends.astimezone(ZONE).date().isoformat(),
    }


def _in_a_year(day: str) -> str:
    return (_day(day) + YEAR).isoformat()


def _day(text: str) -> date:
    return date.fromisoformat(text)
