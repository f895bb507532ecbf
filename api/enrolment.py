"""How the first people get in: registered and given a token on the command line."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from api.auth.tokens import Grant, Tokens
from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.records.contact import Contact, seal_contact
from api.records.openings import Openings
from domain.access import Caller
from domain.commands.people import register_person
from domain.errors import DomainError
from domain.mentoring import Order
from domain.person import Person
from domain.values import Act, Role

ENROLMENT = UUID("e4401000-0000-4000-8000-000000000001")
"""The actor of what is done on the command line of the machine itself."""
TOKEN_LASTS = timedelta(days=90)
ALL_SCOPES = frozenset({"read", "write"})


class RoleNotGranted(DomainError):
    """This person does not have that role; grant it first."""


def enrol(
    parts: Parts, contact: Contact, roles: Collection[Role], *, id: UUID | None = None
) -> UUID:
    """Register a person; answer their id. With the same id again, it was done the first time."""
    openings = Openings(parts.mentoring, parts.keyring)
    person = id or uuid4()
    order = Order(Act(ENROLMENT, parts.clock()), uuid5(person, "enrol"))
    if parts.recorder.outcome(order.command_id):
        return person
    carry_out(
        lambda: register_person(
            parts.mentoring,
            order,
            id=person,
            contact=seal_contact(openings, person, contact),
            roles=roles,
        )
    )
    return person


def issue_token(
    parts: Parts, person: UUID, role: Role, scopes: Collection[str] = ALL_SCOPES
) -> str:
    """Make a token for a person in a role they have; it is seen this once.

    Whether they have it is asked again afterwards: the role may be taken away at this very moment.
    """
    _require_role(parts, person, role)
    grant, tokens = Grant(Caller(person, role), frozenset(scopes)), Tokens(parts.pool)
    token = tokens.issue(grant, expires_at=parts.clock() + TOKEN_LASTS)
    try:
        _require_role(parts, person, role)
    except DomainError:
        tokens.revoke_role(person, role, parts.clock())
        raise
    return token


def _require_role(parts: Parts, person: UUID, role: Role) -> None:
    if role not in parts.mentoring.load(Person, person).roles:
        raise RoleNotGranted
