"""How simulated people consent: to the words that they are shown."""

from typing import Any

from api.simulate.people import Person
from api.simulate.world import World

LANGUAGE = "en"


def consents(world: World, who: Person, purpose: str) -> bool:
    """Read the words and say yes to them; whether that was recorded."""

    def answer() -> dict[str, Any]:
        shown = world.door.look(who, f"/notices/{purpose}")
        words = next(each for each in shown["notices"] if each["language"] == LANGUAGE)
        return {
            "purpose": purpose,
            "notice_version": words["version"],
            "language": words["language"],
            "digest": words["digest"],
        }

    return world.does(who, "/me/consents", answer, step=f"consent-{purpose}") is not None


def withdraws(world: World, who: Person, purpose: str) -> bool:
    """Take it back; whether that was recorded."""
    path = f"/me/consents/{purpose}/withdrawal"
    return world.does(who, path, step=f"withdraw-{purpose}") is not None
