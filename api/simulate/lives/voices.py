"""What people say to everybody: success stories under their own consent, and what should be done otherwise."""

from collections.abc import Sequence

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.consenting import consents
from api.simulate.lives.desks import somebody, spread
from api.simulate.people import GIST, STORY, SUGGESTION, TAKEN_UP
from api.simulate.remembered import Life
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.values import Role

OWN = "/me/story"


def lives_of_voices(world: World) -> Sequence[Life]:
    """As many as the size of the scheme brings, once there is something to tell."""
    mentees = world.plan.mentees
    return [
        spread(world, round(mentees * share) or 1, story, name, begins=rates.VOICES_BEGIN_AT)
        for name, share, story in (
            ("story", rates.STORIES_A_MENTEE, _story),
            ("suggestion", rates.SUGGESTIONS_A_MENTEE, _suggestion),
        )
    ]


def _story(world: World, number: int) -> Life:
    """Offered, sent back, offered anew, published; every second is taken back in the end."""
    chance, key = world.plan.chance(f"story {number}"), f"story-{number}"
    who = somebody(world, number, Role.MENTEE)
    if who is None or not consents(world, who.person, "publish_story"):
        return
    words, coordinator = {"words": STORY}, world.coordinator(number)
    offered = world.sets(who.person, OWN, words, step=key)
    if offered is None:
        return
    world.note(Happened.STORIES)
    desk = f"/story-desk/{offered.subject}"
    yield after(world.clock(), rates.DESK_TAKES, chance)
    world.door.look(coordinator, f"{desk}/words")
    if number % 2 == 0:
        why = {"reason": "not_clear"}
        world.does(coordinator, f"{desk}/sending-back", why, step=f"send-back-{key}")
        yield after(world.clock(), rates.DESK_TAKES, chance)
        world.sets(who.person, OWN, words, step=f"again-{key}")
        yield after(world.clock(), rates.DESK_TAKES, chance)
    world.does(coordinator, f"{desk}/publication", step=f"publish-{key}")
    yield after(world.clock(), rates.DESK_TAKES, chance)
    if number % 2 == 0 and who.person.id in world.taking_part:
        world.deletes(who.person, OWN, step=f"take-back-{key}")


def _suggestion(world: World, number: int) -> Life:
    """Made by whoever takes part, and answered for everybody to read."""
    chance, key = world.plan.chance(f"suggestion {number}"), f"suggestion-{number}"
    who, coordinator = somebody(world, number), world.coordinator(number)
    if who is None:
        return
    made = world.does(who.person, "/me/suggestions", {"words": SUGGESTION}, step=key)
    if made is None:
        return
    world.note(Happened.SUGGESTIONS)
    path = f"/suggestion-desk/{made.subject}"
    yield after(world.clock(), rates.DESK_TAKES, chance)
    world.door.look(coordinator, f"{path}/words")
    told = {"outcome": "taken_up", "gist": GIST, "answer": TAKEN_UP}
    world.does(coordinator, f"{path}/answer", told, step=f"answer-{key}")
