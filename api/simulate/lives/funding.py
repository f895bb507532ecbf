"""What employers buy: one programme, and an agreement with a sponsor contact for so many mentees each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from api.simulate.people import EMPLOYERS, Person, made_up
from api.simulate.world import World
from domain.values import Role

MENTEES_EACH = 20
SPARE = 5
"""Places for those who ask a second time."""

PRICES = (90_00, 95_00, 110_00)
YEAR = timedelta(days=365)


def agreements_signed(world: World, coordinator: Person) -> list[UUID]:
    """Sign as many agreements as there will be mentees for; answers those that were taken."""
    body = {"name": "Time to think"}
    programme = world.does(coordinator, "/programmes", body, step="programme")
    if programme is None:
        return []
    numbers = range(1 + (world.plan.mentees - 1) // MENTEES_EACH)
    signed = [_signed(world, coordinator, programme.subject, number) for number in numbers]
    return [agreement for agreement in signed if agreement is not None]


def _signed(world: World, coordinator: Person, programme: UUID, number: int) -> UUID | None:
    """One organisation, whoever looks after its places there, and what it bought."""
    name = f"{EMPLOYERS[number % len(EMPLOYERS)]} {number // len(EMPLOYERS) + 1}"
    step = f"organisation-{number}"
    buyer = world.does(coordinator, "/organisations", {"name": name}, step=step)
    if buyer is None:
        return None
    _name_sponsor(world, coordinator, buyer.subject, f"sponsor-{number}")
    body = {"organisation": str(buyer.subject), "terms": _terms(world, programme, number)}
    told = world.does(coordinator, "/agreements", body, step=f"agreement-{number}")
    return None if told is None else told.subject


def _name_sponsor(world: World, coordinator: Person, buyer: UUID, key: str) -> None:
    body = made_up(key, world.plan.chance(key)).registered_as(Role.SPONSOR_CONTACT)
    sponsor = world.does(coordinator, "/people", body, step=f"register-{key}")
    if sponsor is not None:
        path = f"/organisations/{buyer}/sponsor-contacts"
        world.does(coordinator, path, {"person": str(sponsor.subject)}, step=f"name-{key}")


def _terms(world: World, programme: UUID, number: int) -> dict[str, Any]:
    begins, ends = world.plan.begins_at.date(), world.plan.ends_at.date()
    return {
        "programme": str(programme),
        "places": MENTEES_EACH + SPARE,
        "sessions_per_place": 3,
        "price_minor_units": PRICES[number % len(PRICES)],
        "starts_on": begins.isoformat(),
        "ends_on": (ends + YEAR).isoformat(),
    }
