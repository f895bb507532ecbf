"""The people of a journey and what they do, each step over HTTP as that person."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from api.participant import NotebookService, ParticipantClient, ParticipantFolder
from domain.commands.people import grant_role
from domain.mentoring import Order
from domain.values import Act, Role
from tests.match import granted_place
from tests.scheme import Scheme, Somebody, sentinel_name

LONDON = ZoneInfo("Europe/London")
TOKENS_LAST = timedelta(days=365)
TOOK_PLACE = timedelta(hours=1)


class SetClock:
    """The time as the service takes it: the real one, moved forward as a journey goes on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def set_to(self, moment: datetime) -> None:
        self.ahead = moment - datetime.now(UTC)


class Company:
    """A coordinator, a data protection lead, a mentee and an approved mentor."""

    def __init__(self, scheme: Scheme, clock: SetClock, folder: Path) -> None:
        self.scheme = scheme
        self.clock = clock
        self.folder = folder
        self.coordinator = self._first_coordinator()
        self.lead = scheme.person(Role.DATA_PROTECTION_LEAD)
        for purpose in ("take_part", "share_profile", "identity_preference"):
            self._publish(purpose)
        self.mentee = self.registered(Role.MENTEE)
        self.mentor = self.registered(Role.MENTOR)
        self.consent(self.mentee, "take_part")
        self.become_available(self.mentor)

    def registered(self, role: Role) -> Somebody:
        """Somebody whom the coordinator registers."""
        name = sentinel_name(role)
        body = {"name": name, "email": f"{uuid4().hex}@example.org", "roles": [role.value]}
        id = UUID(done(self.coordinator.post("/people", body))["id"])
        return self.scheme.speaking_for(id, role, name=name, lasts=TOKENS_LAST)

    def make_coordinator(self, person: Somebody) -> None:
        """As the command line of the service would; no coordinator can."""
        order = Order(Act(person.id, self.clock()), uuid4())
        grant_role(self.scheme.parts.mentoring, order, person=person.id, role=Role.COORDINATOR)

    def consent(self, person: Somebody, purpose: str) -> None:
        notice = person.get(f"/notices/{purpose}").json()["notices"][0]
        body = {
            "purpose": purpose,
            "notice_version": notice["version"],
            "language": notice["language"],
            "digest": notice["digest"],
        }
        done(person.post("/me/consents", body))

    def withdraw(self, person: Somebody, purpose: str) -> None:
        done(person.post(f"/me/consents/{purpose}/withdrawal"))

    def become_available(self, mentor: Somebody) -> None:
        for purpose in ("take_part", "share_profile"):
            self.consent(mentor, purpose)
        done(mentor.post("/me/mentor-profile", {"words": "I listen first."}))
        done(self.coordinator.post(f"/mentor-profiles/{mentor.id}/approval"))
        published = {"display_name": "Perpetua", "words": "Twenty years in practice."}
        done(mentor.put("/me/mentor-profile/published", published))
        done(mentor.put("/me/mentor-profile/capacity", {"capacity": 1}))

    def request(self, **words: str) -> UUID:
        """The mentee asks, on a place of their own."""
        place = granted_place(self.coordinator, sessions=2)
        return UUID(done(self.mentee.post("/relationships", {"place": place, **words}))["id"])

    def propose(self, relationship: UUID) -> UUID:
        body = {
            "mentor": str(self.mentor.id),
            "reasons_for_mentee": "Quixotic-reason for the mentee",
            "reasons_for_mentor": "Quixotic-reason for the mentor",
        }
        answer = self.coordinator.post(f"/relationships/{relationship}/proposals", body)
        return UUID(done(answer)["made"])

    def accept(self, person: Somebody, relationship: UUID, proposal: UUID) -> Any:
        path = f"/relationships/{relationship}/proposals/{proposal}/acceptance"
        return person.post(path, {"version": 1})

    def matched(self, **words: str) -> UUID:
        relationship = self.request(**words)
        proposal = self.propose(relationship)
        done(self.accept(self.mentee, relationship, proposal))
        done(self.accept(self.mentor, relationship, proposal))
        return relationship

    def agree(self, relationship: UUID) -> None:
        for person in (self.mentee, self.mentor):
            done(person.post(f"/relationships/{relationship}/agreement", {"version": 1}))

    def session(self, *, weeks_ahead: int = 1) -> dict[str, str]:
        """An hour as a plan names it."""
        starts_at = monday_at_ten(self.clock(), weeks_ahead)
        return {
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
            "time_zone": "Europe/London",
            "video_link": "https://meet.example/vermilion-quay",
        }

    def plan(self, relationship: UUID) -> UUID:
        """Plan the one session of a journey; a repetition is the same request."""
        answer = self.mentee.post(
            f"/relationships/{relationship}/sessions",
            self.session(),
            headers={"Idempotency-Key": f"session-of-{relationship}"},
        )
        return UUID(done(answer)["made"])

    def participant(self, person: Somebody, folder: str | None = None) -> ParticipantClient:
        """The person's own client; the same folder makes the same client again."""
        path = self.folder / (folder or str(person.id))
        return ParticipantClient(ParticipantFolder(path), NotebookService(person.client))

    def _first_coordinator(self) -> Somebody:
        first = self.scheme.person(Role.COORDINATOR)
        return self.scheme.speaking_for(first.id, Role.COORDINATOR, lasts=TOKENS_LAST)

    def _publish(self, purpose: str) -> None:
        text = f"What we do with what you tell us for {purpose}."
        body = {"purpose": purpose, "version": 1, "language": "en", "text": text}
        done(self.lead.post("/notices", body))


def done(answer: Any) -> Any:
    """What was answered, once it was a success; a failure shows its problem document."""
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def monday_at_ten(now: datetime, weeks_ahead: int) -> datetime:
    today = now.astimezone(LONDON).date()
    monday = today + timedelta(days=7 * weeks_ahead - today.weekday())
    return datetime.combine(monday, time(10), tzinfo=LONDON)
