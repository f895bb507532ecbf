"""The commands about people: enrol, token and revoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.auth.passkeys import Passkeys
from api.auth.tokens import Ended, Tokens
from api.bootstrap import joined
from api.cli.here import settings_here
from api.enrolment import ALL_SCOPES, ENROLMENT, enrol, issue_token
from api.passkeys import end_passkeys
from api.records.contact import Contact
from domain.person import Person
from domain.values import Act, Role


def enrol_person(name: str, email: str, roles: Sequence[Role]) -> UUID:
    """Register a person with roles."""
    with joined(settings_here()) as parts:
        return enrol(parts, Contact(name, email), roles)


def token_for(person: UUID, role: Role, *, read_only: bool) -> str:
    """Issue a token."""
    with joined(settings_here()) as parts:
        scopes = frozenset({"read"}) if read_only else ALL_SCOPES
        return issue_token(parts, person, role, scopes)


@dataclass(frozen=True)
class EndedHere:
    """What spoke for a person until now."""

    by_token: Ended
    passkeys: int


def end_sign_in(person: UUID, role: Role | None) -> EndedHere:
    """End what speaks for a person, in one role or in all; an id that nobody has is said to be wrong."""
    with joined(settings_here()) as parts:
        tokens, table, now = Tokens(parts.pool), Passkeys(parts.pool), parts.clock()
        parts.mentoring.load(Person, person)
        ended = (
            tokens.revoke(person, now) if role is None else tokens.revoke_role(person, role, now)
        )
        act = Act(ENROLMENT, now)
        return EndedHere(ended, end_passkeys(parts.mentoring, table, person, role, act))
