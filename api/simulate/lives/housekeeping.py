"""What those who run it change while it runs: the settings of the programme, and who looks after an employer's places."""

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.funding import PROGRAMME, named_sponsor
from api.simulate.people import Person
from api.simulate.remembered import Agreement, Life
from api.simulate.world import World


def life_of_housekeeping(world: World) -> Life:
    """Once each, halfway through."""
    chance, who = world.plan.chance("housekeeping"), world.coordinators[0]
    yield after(world.part_of_it(rates.HOUSE_IS_KEPT_AT), (0, 1), chance)
    settings = {**PROGRAMME, "asks_newly_qualified": True}
    world.sets(who, f"/programmes/{world.programme}/settings", settings, step="settings")
    yield after(world.clock(), (1, 3), chance)
    if world.agreements:
        _another_sponsor(world, who, world.agreements[0])


def _another_sponsor(world: World, who: Person, agreement: Agreement) -> None:
    """Somebody else looked after it too, and left the employer."""
    key, buyer = f"{agreement.sponsor.key}-next", agreement.buyer
    gone = buyer and named_sponsor(world, who, buyer, key)
    if not gone:
        return
    contact = f"/organisations/{buyer}/sponsor-contacts/{gone.id}"
    world.deletes(who, contact, step=f"end-contact-{gone.key}")
    role = f"/people/{gone.id}/roles/sponsor_contact"
    world.deletes(who, role, step=f"revoke-{gone.key}")
