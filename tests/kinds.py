"""A programme of some kinds of mentoring that nobody has to pay for, and the people who come to it, through the API."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.values import Role
from tests.match import done, give_consent
from tests.matching import MatchingScheme, Waiting
from tests.scheme import Somebody

LONDON = ZoneInfo("Europe/London")
WOMAN_AND_SIKH = {"own": {"gender": ["woman"], "faith": ["sikh"]}}
BOTH_SHARED = {"wishes": {"gender": "shared", "faith": "shared"}, "together": True}


@dataclass
class OwnProgramme(MatchingScheme):
    """Its places are granted under the programme itself; no organisation and no agreement is about."""

    kinds: list[str] = field(default_factory=lambda: ["formal"])
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.coordinator = self.scheme.person(Role.COORDINATOR)
        settings = {"name": "Side by side", "needs_place": False, "kinds": self.kinds}
        made = self.coordinator.post("/programmes", settings | self.settings)
        self.programme = done(made)["id"]

    def place(self, mentee: Somebody | None = None) -> str:
        """A place, of somebody's or open to whoever is told of it."""
        body = {"programme": self.programme} | ({"mentee": str(mentee.id)} if mentee else {})
        return str(done(self.coordinator.post("/places", body))["id"])

    def waiting(self, *consents: str, kind: str | None = None, **stated: Any) -> Waiting:
        """A mentee who asked for a kind of mentoring, and said what they wish."""
        mentee = self.scheme.person(Role.MENTEE)
        give_consent(mentee, "take_part", *consents)
        body = {"place": self.place(mentee)} | ({"kind": kind} if kind else {})
        relationship = done(mentee.post("/relationships", body))["id"]
        if stated:
            done(mentee.put("/me/preferences", stated))
        return Waiting(mentee, UUID(relationship))

    def matched(self, asking: Waiting, mentor: Somebody) -> str:
        """Have what a round found proposed and accepted, and the agreement too; answers the path of the pair."""
        found = self.run()
        self.propose(found, asking.relationship)
        self.close(found)
        path = f"/relationships/{asking.relationship}"
        proposal = done(asking.mentee.get(f"{path}/proposal"))
        assert proposal["mentor"] == str(mentor.id)
        for party in (asking.mentee, mentor):
            accepted = f"{path}/proposals/{proposal['id']}/acceptance"
            done(party.post(accepted, {"version": proposal["version"]}))
        for party in (asking.mentee, mentor):
            done(party.post(f"{path}/agreement", {"version": 1}))
        return path


def an_hour(now: datetime, *, weeks: int) -> dict[str, str]:
    """A Monday at ten, as a plan names it."""
    today = now.astimezone(LONDON).date()
    day = today + timedelta(days=7 * weeks - today.weekday())
    starts_at = datetime.combine(day, time(10), tzinfo=LONDON)
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "time_zone": "Europe/London",
    }


def by_link(scheme: Any, link: str, **more: str) -> Somebody:
    """Somebody new who comes by the link of a mentee, and signs in with what they are shown."""
    token = link.partition("#")[2]
    body = {"invitation": token, "name": "Zenobia Found", "email": "zenobia@example.org", **more}
    told = done(scheme.client().post("/joining", json=body))
    client = scheme.client(told["token"])
    return Somebody(UUID(told["person"]), Role(told["role"]), body["name"], told["token"], client)


def pairs(found: Any) -> dict[UUID, UUID]:
    """Whom a round found for which request."""
    return {UUID(each["relationship"]): UUID(each["mentor"]) for each in found["pairs"]}
