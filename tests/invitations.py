"""An agreement with a pool of invitations, and people who use them, through the API."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from domain.invitation import Invitation
from domain.values import Role
from tests.funding import signed_agreement
from tests.match import done
from tests.scheme import Scheme, Somebody

NAME = "Zenobia Quillfeather-Invited"


@dataclass(frozen=True)
class Funded:
    """A signed agreement with its coordinator and the sponsor contact of its organisation."""

    scheme: Scheme
    coordinator: Somebody
    sponsor: Somebody
    agreement: str
    organisation: str

    @property
    def path(self) -> str:
        return f"/agreements/{self.agreement}/invitations"

    def issue(self, count: int = 1, **more: Any) -> list[str]:
        """Tokens of a pool that the coordinator issued."""
        answer = self.coordinator.post(self.path, {"count": count, **more})
        return [token_of(link) for link in done(answer)["links"]]

    def withdraw(self) -> None:
        done(self.coordinator.post(f"{self.path}/withdrawal"))

    def shown(self) -> Any:
        """The agreement as the coordinator sees it."""
        return done(self.coordinator.get(f"/agreements/{self.agreement}"))


def funded(scheme: Scheme, *, places: int = 20) -> Funded:
    """Nothing held back: tests have other means to see that refusals take equally long."""
    scheme.app.state.guarded_invitations.refused_after = 0.0
    coordinator = scheme.person(Role.COORDINATOR)
    sponsor = scheme.person(Role.SPONSOR_CONTACT)
    agreement = signed_agreement(
        lambda path, body: done(coordinator.post(path, body)), places=places
    )
    organisation = done(coordinator.get(f"/agreements/{agreement}"))["organisation"]
    named = {"person": str(sponsor.id)}
    done(coordinator.post(f"/organisations/{organisation}/sponsor-contacts", named))
    return Funded(scheme, coordinator, sponsor, agreement, organisation)


def token_of(link: str) -> str:
    return link.partition("#")[2]


def newcomer(token: str, **more: Any) -> dict[str, Any]:
    """What somebody new sends to get in."""
    return {"invitation": token, "name": NAME, "email": f"{uuid4().hex}@example.org", **more}


def join(scheme: Scheme, body: dict[str, Any], key: str | None = None) -> Any:
    """The answer to somebody who is not signed in."""
    headers = {"Idempotency-Key": key} if key else {}
    return scheme.client().post("/joining", json=body, headers=headers)


def is_used(scheme: Scheme, token: str) -> bool:
    """What only the record tells."""
    return scheme.parts.mentoring.load(Invitation, Invitation.id_of(token)).is_used


def mentee_of(scheme: Scheme, answer: Any) -> Somebody:
    """Who joined, as they come back with the sign-in they were shown."""
    told = done(answer)
    client = scheme.client(told["token"])
    return Somebody(UUID(told["person"]), Role.MENTEE, NAME, told["token"], client)
