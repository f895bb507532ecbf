"""Those who ask about the scheme before they have anything to do with it: answered, and now and then forgotten."""

from random import Random
from uuid import UUID

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.people import EMPLOYERS, QUESTIONS, REPLY, made_up
from api.simulate.remembered import Life
from api.simulate.tally import Happened
from api.simulate.world import World

MEANS = ("mail", "mail", "telephone", "in_person")


def life_of_enquirer(world: World, number: int) -> Life:
    """Ask, be answered, and perhaps wish to be forgotten."""
    key = f"enquiry-{number}"
    chance = world.plan.chance(key)
    asked = world.door.enquire(_question(key, chance), step=key)
    if asked is None:
        return
    world.note(Happened.ENQUIRIES)
    if chance.random() >= rates.ENQUIRY_IS_FORGOTTEN_UNANSWERED:
        yield after(world.clock(), rates.ANSWER_TO_ENQUIRY_TAKES, chance)
        _answer(world, number, asked, chance)
    if chance.random() < rates.ENQUIRER_WANTS_TO_BE_FORGOTTEN:
        yield after(world.clock(), rates.ENQUIRER_THINKS_AGAIN_AFTER, chance)
        path, body = f"/enquiries/{asked}/forgetting", {"reason": "asked"}
        if world.does(world.lead, path, body, step=f"forget-{key}"):
            world.note(Happened.FORGOTTEN)


def _question(key: str, chance: Random) -> dict[str, str]:
    who, kind = made_up(key, chance), chance.choice(("organisation", "practitioner"))
    words = chance.choice(QUESTIONS[kind]).format(employer=chance.choice(EMPLOYERS))
    return {"kind": kind, "name": who.name, "email": who.email, "words": words}


def _answer(world: World, number: int, asked: UUID, chance: Random) -> None:
    """A coordinator opens it, which is recorded, and answers by a mail from here, or elsewhere."""
    coordinator, path = world.coordinator(number), f"/enquiries/{asked}"
    world.door.look(coordinator, path)
    means = chance.choice(MEANS)
    is_mail = means == "mail"
    body = {"words": REPLY} if is_mail else {"means": means}
    path = f"{path}/reply" if is_mail else f"{path}/answer"
    if world.does(coordinator, path, body, step=f"answer-{number}"):
        world.note(Happened.ANSWERED)
