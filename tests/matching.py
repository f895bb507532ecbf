"""A programme with people who wait and people who mentor, through the API, for tests of the matching."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.values import Role
from tests.funding import signed_agreement
from tests.match import done, give_consent, welcome_mentor
from tests.scheme import Scheme, Somebody

PATIENCE_SECONDS = 30.0


@dataclass
class Waiting:
    """Somebody who waits, and their request."""

    mentee: Somebody
    relationship: UUID


@dataclass
class MatchingScheme:
    """One programme of a scheme whose read models a worker keeps."""

    scheme: Scheme
    coordinator: Somebody = field(init=False)
    programme: str = field(init=False)
    mentors: list[Somebody] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.coordinator = self.scheme.person(Role.COORDINATOR)
        self._agreement = signed_agreement(
            lambda path, body: done(self.coordinator.post(path, body))
        )
        terms = done(self.coordinator.get(f"/agreements/{self._agreement}"))["terms"]
        self.programme = terms["programme"]

    def waiting(self, *consents: str, **stated: Any) -> Waiting:
        """A mentee who asked, and said what they wish."""
        mentee = self.scheme.person(Role.MENTEE)
        give_consent(mentee, "take_part", *consents)
        granted = {"agreement": self._agreement, "sessions": 3}
        place = done(self.coordinator.post("/places", granted))["id"]
        relationship = done(mentee.post("/relationships", {"place": place}))["id"]
        if stated:
            done(mentee.put("/me/preferences", stated))
        return Waiting(mentee, UUID(relationship))

    def mentor(self, *consents: str, capacity: int = 1, **stated: Any) -> Somebody:
        """A mentor with room, who said what they wish."""
        mentor = self.scheme.person(Role.MENTOR)
        self.mentors.append(mentor)
        welcome_mentor(self.coordinator, mentor, words="Twenty years in rural practice.")
        give_consent(mentor, *consents)
        done(mentor.put("/me/mentor-profile/capacity", {"capacity": capacity}))
        if stated:
            done(mentor.put("/me/preferences", stated))
        return mentor

    def leave(self) -> None:
        """Let the mentors take nobody more, so that the programmes of other tests do not find them."""
        for mentor in self.mentors:
            done(mentor.post("/me/mentor-profile/pause"))

    def shown(self) -> None:
        """Wait until read models show everything."""
        newest = self.scheme.parts.recorder.max_notification_id() or 0
        for name in ("pipeline", "my_caseload", "my_mentoring", "participation"):
            self.scheme.app.state.reader.wait_for(name, newest, PATIENCE_SECONDS)

    def run(self) -> Any:
        """A round, as it is shown."""
        self.shown()
        made = done(self.coordinator.post(f"/programmes/{self.programme}/matching-rounds"))
        return done(self.coordinator.get(f"/matching-rounds/{made['id']}"))

    def close(self, found: Any) -> None:
        """Make room for the next round."""
        done(self.coordinator.post(f"/matching-rounds/{found['id']}/closing"))

    def propose(self, found: Any, *relationships: UUID) -> Any:
        """Propose what a round found."""
        body = {"relationships": [str(each) for each in relationships]}
        return done(self.coordinator.post(f"/matching-rounds/{found['id']}/proposals", body))


def theme(*values: str, importance: int = 1) -> dict[str, Any]:
    """A mentee's wish to think something through."""
    return {"wishes": [{"aspect": "themes", "any_of": list(values), "importance": importance}]}


def offering(*values: str) -> dict[str, Any]:
    """A mentor's offer of themes."""
    return {"about": {"themes": list(values)}}
