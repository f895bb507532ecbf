"""The commands about people: enrol, token and revoke."""

from collections.abc import Sequence
from uuid import UUID

from api.auth.tokens import Ended, Tokens
from api.bootstrap import joined
from api.cli.here import settings_here
from api.enrolment import ALL_SCOPES, enrol, issue_token
from api.records.contact import Contact
from domain.person import Person
from domain.values import Role


def enrol_person(name: str, email: str, roles: Sequence[Role]) -> UUID:
    """Register a person with roles."""
    with joined(settings_here()) as parts:
        return enrol(parts, Contact(name, email), roles)


def token_for(person: UUID, role: Role, *, read_only: bool) -> str:
    """Issue a token."""
    with joined(settings_here()) as parts:
        scopes = frozenset({"read"}) if read_only else ALL_SCOPES
        return issue_token(parts, person, role, scopes)


def end_tokens(person: UUID, role: Role | None) -> Ended:
    """End what speaks for a person, in one role or in all; an id that nobody has is said to be wrong."""
    with joined(settings_here()) as parts:
        parts.mentoring.load(Person, person)
        tokens, now = Tokens(parts.pool), parts.clock()
        return tokens.revoke(person, now) if role is None else tokens.revoke_role(person, role, now)
