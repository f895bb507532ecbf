"""A group brought about through the API: a programme of groups, a facilitator, and members with a place each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.values import Role
from tests.funding import terms_of
from tests.match import done, give_consent, welcome_mentor
from tests.scheme import Scheme, Somebody

WORDS = "Zanzibar-quill."


@dataclass(frozen=True)
class Member:
    """Somebody who asked for a group, and their relationship."""

    person: Somebody
    relationship: str
    place: str

    @property
    def path(self) -> str:
        return f"/relationships/{self.relationship}"

    def stands(self) -> dict[str, Any]:
        """Their own relationship as they see it."""
        return dict(done(self.person.get(self.path)))


@dataclass
class Groups:
    """Everybody around groups; `lasts` is how long people stay signed in."""

    scheme: Scheme
    most: int = 6
    lasts: timedelta = timedelta(days=365)
    coordinator: Somebody = field(init=False)
    facilitator: Somebody = field(init=False)
    programme: str = field(init=False)

    def __post_init__(self) -> None:
        self.coordinator = self.somebody(Role.COORDINATOR)
        self.facilitator = self.somebody(Role.MENTOR)
        welcome_mentor(self.coordinator, self.facilitator, words=WORDS)
        settings = {"name": "Thinking together", "kinds": ["group"]}
        self.programme = done(self.coordinator.post("/programmes", settings))["id"]
        if self.most != 6:
            size = {"most": self.most}
            done(self.coordinator.put(f"/programmes/{self.programme}/group-size", size))
        organisation = done(self.coordinator.post("/organisations", {"name": "Fernley"}))["id"]
        self.agreement = self._signed(organisation)

    def somebody(self, role: Role) -> Somebody:
        made = self.scheme.person(role)
        return self.scheme.speaking_for(made.id, role, name=made.name, lasts=self.lasts)

    def asked(self, sessions: int = 2) -> Member:
        """Somebody new who waits for a group."""
        mentee = self.somebody(Role.MENTEE)
        give_consent(mentee, "take_part")
        granted = {"agreement": self.agreement, "sessions": sessions}
        place = done(self.coordinator.post("/places", granted))["id"]
        request = {"place": place, "kind": "group", "cadence": "weekly"}
        return Member(mentee, done(mentee.post("/relationships", request))["id"], place)

    def offered(self, member: Member, group: str | None = None) -> str:
        """An open offer of a seat, in a new group or in the one that is named."""
        body = {
            "mentor": str(self.facilitator.id),
            "reasons_for_mentee": WORDS,
            "reasons_for_mentor": WORDS,
            "group": group,
        }
        return str(done(self.coordinator.post(f"{member.path}/proposals", body))["made"])

    def accept(self, who: Somebody, member: Member, proposal: str) -> Any:
        return who.post(f"{member.path}/proposals/{proposal}/acceptance", {"version": 1})

    def joined(self, group: str | None = None, sessions: int = 2) -> Member:
        """A member who has accepted the agreement, and so has the facilitator with them."""
        member = self.asked(sessions)
        proposal = self.offered(member, group)
        for who in (member.person, self.facilitator):
            done(self.accept(who, member, proposal))
        for who in (member.person, self.facilitator):
            done(who.post(f"{member.path}/agreement", {"version": 1}))
        return member

    def of(self, count: int) -> tuple[str, list[Member]]:
        """A group with so many members."""
        first = self.joined()
        group = str(first.stands()["group"])
        return group, [first, *(self.joined(group) for _ in range(count - 1))]

    def hour(self, weeks_ahead: int = 1) -> dict[str, str]:
        """A Monday at noon, as a plan names it; never so near that whoever cancels does so at short notice."""
        soonest = (self.scheme.now() + timedelta(days=2)).date()
        monday = soonest + timedelta(days=7 * weeks_ahead - soonest.weekday())
        starts_at = datetime(monday.year, monday.month, monday.day, 12, tzinfo=UTC)
        return {
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
            "time_zone": "Europe/London",
            "video_link": "https://meet.example/vermilion-quay",
        }

    def planned(self, group: str, weeks_ahead: int = 1) -> str:
        answer = self.facilitator.post(f"/groups/{group}/hours", self.hour(weeks_ahead))
        return str(done(answer)["made"])

    def record(self, group: str, hour: str, present: Iterable[Member]) -> Any:
        body = {"present": [each.relationship for each in present], "minutes": 60}
        return self.facilitator.post(f"/groups/{group}/hours/{hour}/attendance", body)

    def seen(self, who: Somebody, group: str) -> dict[str, Any]:
        """The group as somebody sees it."""
        return dict(done(who.get(f"/groups/{group}")))

    def ledger(self, member: Member) -> tuple[int, int, int]:
        """Free, reserved and used."""
        place = done(self.coordinator.get(f"/places/{member.place}"))
        return place["free"], place["reserved"], place["used"]

    def _signed(self, organisation: str) -> str:
        terms = terms_of(UUID(self.programme), around=self.scheme.now().date())
        body = {
            "programme": self.programme,
            "places": terms.places,
            "sessions_per_place": terms.sessions_per_place,
            "price_minor_units": terms.price.minor_units,
            "starts_on": str(terms.starts_on),
            "ends_on": str(terms.ends_on),
        }
        signed = {"organisation": organisation, "terms": body}
        return str(done(self.coordinator.post("/agreements", signed))["id"])
