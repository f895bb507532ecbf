"""The commands about people: enrol and token."""

from collections.abc import Sequence
from uuid import UUID

from api.bootstrap import joined
from api.contact import Contact
from api.enrolment import ALL_SCOPES, enrol, issue_token
from api.settings import Settings
from domain.values import Role


def enrol_person(name: str, email: str, roles: Sequence[Role]) -> UUID:
    """Register a person with roles."""
    with joined(Settings()) as parts:
        return enrol(parts, Contact(name, email), roles)


def token_for(person: UUID, role: Role, *, read_only: bool) -> str:
    """Issue a token."""
    with joined(Settings()) as parts:
        scopes = frozenset({"read"}) if read_only else ALL_SCOPES
        return issue_token(parts, person, role, scopes)
