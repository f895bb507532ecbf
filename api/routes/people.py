"""People: how they are reached, what they may be to the scheme, and the keys they published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, Now, PartyCaller, SchemeCaller
from api.auth.tokens import Tokens
from api.carrying_out import carry_out
from api.dependencies import (
    ApartPart,
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
    RecorderPart,
    TokensPart,
    result_of,
)
from api.fields import Base64, Email, PersonName, Telephone
from api.records.contact import Contact, contact_of, seal_contact
from api.records.openings import Why
from api.records.published_keys import published_keys
from api.records.relations import as_participant
from api.records.role_taking import require_not_in_relationship
from domain.access import Caller, require_may_grant
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.people import grant_role, publish_public_keys, register_person, revoke_role
from domain.mentoring import NotFound
from domain.person import Person
from domain.public_keys import PublicKeys
from domain.values import Role

router = APIRouter(tags=["people"])

BY_DUTY = Why(RecordKind.CONTACT, AccessPurpose.ARRANGING, Authority.ASSIGNED_DUTY)
ONES_OWN = Why(RecordKind.CONTACT, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)


class RegisterPerson(Body):
    """How a person is reached and what they are to the scheme."""

    name: PersonName = Field(examples=["Ada Example"])
    email: Email = Field(examples=["ada@example.org"])
    telephone: Telephone | None = Field(default=None, examples=["+44 20 7946 0000"])
    roles: set[Role] = Field(default_factory=set, examples=[["mentee"]])


class RoleGiven(Body):
    """One role."""

    role: Role = Field(examples=["mentor"])


class ContactAnswer(BaseModel):
    """How a person is reached."""

    name: str
    email: str
    telephone: str | None


class PublicKeysBody(Body):
    """Keys made on the person's device, in the form of the sealed note."""

    key_id: Base64 = Field(max_length=64, examples=["A" * 43 + "="])
    hpke_public: Base64 = Field(max_length=2048, examples=["A" * 1622 + "=="])
    signing_public: Base64 = Field(max_length=64, examples=["A" * 43 + "="])


class PublicKeysAnswer(BaseModel):
    """One set of public keys; the id binds both."""

    key_id: Base64
    hpke_public: Base64
    signing_public: Base64


class PublishedKeysAnswer(BaseModel):
    """Every set of keys a person published; what is sealed to them now is sealed to the current."""

    person: UUID
    current_key_id: Base64 | None
    keys: list[PublicKeysAnswer]


@router.post("/people", status_code=201)
def register(
    body: RegisterPerson,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Make a person known."""
    require_may_grant(caller, body.roles)
    # The command's id, which a repetition shares.
    id = carrier.order.command_id
    contact = Contact(body.name, body.email, body.telephone)
    return carrier.carry_out(
        lambda mentoring, order: register_person(
            mentoring,
            order,
            id=id,
            contact=seal_contact(openings, id, contact),
            roles=sorted(body.roles),
        )
    )


@router.get("/people/{id}/contact")
def contact(
    id: UUID,
    caller: SchemeCaller,
    now: Now,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    response: Response,
) -> ContactAnswer:
    """Open how a person is reached; the look is recorded and they can see it."""
    if caller.is_party() and caller.person != id:
        raise NotFound
    apart.require(caller, id)
    person = mentoring.load(Person, id)
    why = ONES_OWN if caller.person == id else BY_DUTY
    opened = contact_of(openings.open(caller, person.contact, why, now=now))
    response.headers["ETag"] = f'"{person.version}"'
    return ContactAnswer(name=opened.name, email=opened.email, telephone=opened.telephone)


@router.post("/people/{id}/roles")
def give_role(
    id: UUID,
    body: RoleGiven,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Let a person be something to the scheme."""
    require_may_grant(caller, [body.role])
    return carrier.carry_out(grant_role, person=id, role=body.role)


@dataclass(frozen=True)
class RoleInQuestion:
    """A role of a person, and everything that could sign in with it."""

    person: UUID
    role: Role
    tokens: Tokens
    now: datetime

    def end_tokens(self) -> None:
        """Let nothing speak for the person in this role any more."""
        self.tokens.revoke_role(self.person, self.role, self.now)


def role_in_question(
    id: UUID,
    role: Role,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    tokens: TokensPart,
    now: Now,
) -> RoleInQuestion:
    """What the caller may take; of a role that is taken already, tokens end whatever is asked.

    It comes before the order, which answers a repetition by itself.
    """
    require_may_grant(caller, [role])
    question = RoleInQuestion(id, role, tokens, now)
    if role not in mentoring.load(Person, id).roles:
        question.end_tokens()
    return question


@router.delete("/people/{id}/roles/{role}")
def take_role(
    question: Annotated[RoleInQuestion, Depends(role_in_question)],
    carrier: CarrierPart,
    reader: ReaderPart,
    recorder: RecorderPart,
) -> CommandResult:
    """Take a role away from somebody in no open relationship; whatever signs in with it ends."""
    person, role = question.person, question.role
    newest = recorder.max_notification_id() or 0
    require_not_in_relationship(carrier.mentoring, reader, person, role, recorded=newest)
    # Before, so that no token can outlive the role; and after, for one that was issued in between.
    question.end_tokens()
    recorded = carry_out(
        lambda: revoke_role(carrier.mentoring, carrier.order, person=person, role=role)
    )
    question.end_tokens()
    return result_of(recorded, carrier.response)


@router.put("/me/public-keys")
def publish_keys(
    body: PublicKeysBody,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Publish the keys that others seal to."""
    keys = PublicKeys(body.key_id, body.hpke_public, body.signing_public)
    return carrier.carry_out(publish_public_keys, person=caller.person, keys=keys)


@router.get("/people/{id}/public-keys")
def public_keys(
    id: UUID,
    caller: PartyCaller,
    mentoring: MentoringPart,
    relationship: Annotated[UUID | None, Query(description="The relationship you share.")] = None,
) -> PublishedKeysAnswer:
    """Show the public keys of oneself, or of the other participant of a relationship."""
    if id != caller.person:
        _require_shared(mentoring, caller, id, relationship)
    published = published_keys(mentoring, id)
    keys = [
        PublicKeysAnswer(
            key_id=each.key_id, hpke_public=each.hpke_public, signing_public=each.signing_public
        )
        for each in published
    ]
    current = published[-1].key_id if published else None
    return PublishedKeysAnswer(person=id, current_key_id=current, keys=keys)


def _require_shared(
    mentoring: MentoringPart, caller: Caller, other: UUID, relationship: UUID | None
) -> None:
    if relationship is None:
        raise NotFound
    if other not in as_participant(mentoring, caller, relationship).people:
        raise NotFound
