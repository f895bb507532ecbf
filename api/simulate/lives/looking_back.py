"""What people do once their mentoring has ended: say how it went, without a name, and write down what they learned."""

from api.simulate import rates
from api.simulate.people import IT_WENT, PIECE, THE_SCHEME, WITH_PEER, Person
from api.simulate.plan import ZONE
from api.simulate.remembered import Pairing
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.values import Role

PIECES = "/me/cpd/pieces"


def looks_back(world: World, pairing: Pairing, who: Person) -> None:
    """Both are asked, and both have a portfolio."""
    if pairing.chance.random() < rates.GIVES_FEEDBACK:
        _says_how_it_went(world, pairing, who)
    if pairing.chance.random() < rates.WRITES_OF_IT:
        _writes_of_it(world, pairing, who)


def _says_how_it_went(world: World, pairing: Pairing, who: Person) -> None:
    """By a slip: a mentee of the mentoring, too. From the answers nothing leads to whose they are."""
    path, step = f"{pairing.path}/feedback-slip", f"slip-{pairing.relationship}"
    is_mentee = who.role is Role.MENTEE
    answers = (IT_WENT if is_mentee else {}) | THE_SCHEME
    if world.door.say_how_it_went(who, path, answers, step=step):
        world.note(Happened.FEEDBACK)
    if not is_mentee:
        world.door.look(who, "/me/feedback")
        world.door.look(pairing.coordinator, "/evaluation")


def _writes_of_it(world: World, pairing: Pairing, who: Person) -> None:
    """A piece, perhaps a better one in its place, or none after all."""
    done_on = {"kind": _kind(who), "done_on": world.clock().astimezone(ZONE).date().isoformat()}
    key = f"{who.key}-{pairing.relationship}"
    kept = world.does(who, PIECES, PIECE | done_on, step=f"piece-{key}")
    if kept is None:
        return
    world.note(Happened.PIECES)
    again = pairing.chance.random()
    if again < rates.WRITES_AGAIN:
        world.sets(who, f"{PIECES}/{kept.made}", WITH_PEER | done_on, step=f"amend-piece-{key}")
    elif again < 2 * rates.WRITES_AGAIN:
        world.deletes(who, f"{PIECES}/{kept.made}", step=f"destroy-piece-{key}")


def _kind(who: Person) -> str:
    return "being_mentored" if who.role is Role.MENTEE else "mentoring_somebody"
