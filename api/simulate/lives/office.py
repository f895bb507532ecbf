"""Those who run the scheme: let in on the command line, and the first to be there."""

from api.bootstrap import Parts
from api.enrolment import enrol
from api.records.contact import Contact
from api.simulate.lives.consenting import publish_words
from api.simulate.lives.funding import agreements_signed
from api.simulate.people import Person, made_up
from api.simulate.world import World


def open_office(world: World, parts: Parts) -> None:
    """Enrol who runs it, publish words to consent to unless they are there, and sign agreements."""
    for person in (world.lead, *world.coordinators, *world.leads):
        _let_in(world, parts, person)
    publish_words(world)
    agreements_signed(world, world.coordinators[0])


def _let_in(world: World, parts: Parts, person: Person) -> None:
    told = made_up(person.key, world.plan.chance(person.key))
    contact = Contact(told.name, told.email)
    world.clock.step()
    world.door.line.patiently(lambda: enrol(parts, contact, [person.role], id=person.id))
