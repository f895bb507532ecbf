"""Joining: a practitioner uses an invitation, as somebody new or as somebody known."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from api.at_the_door import FromOutside, GuardedPart, JoiningPart
from api.auth.callers import PartyCaller, Public
from api.dependencies import (
    Body,
    CommandResult,
    IdempotencyKey,
    MentoringPart,
    OrderPart,
    ReaderPart,
    result_of,
)
from api.errors import NotThereYet
from api.fields import Email, LanguageTag, PersonName
from api.joining import Joining, Newcomer, role_of, use_for_oneself
from api.records.contact import Contact
from domain.commands.footing import footing_under
from domain.mentoring import Mentoring, Order, Recorded
from domain.relationship_events import Kind
from domain.values import Role
from projections.joining_questions import places_of
from projections.reader import NotYet, Reader

router = APIRouter(tags=["invitations"])

TOKEN_EXAMPLE = "invitation_0000000000000000000000"  # noqa: S105 - opens nothing


class UseInvitation(Body):
    """The token of an invitation: what stands after the # of its link."""

    invitation: str = Field(min_length=1, max_length=200, examples=[TOKEN_EXAMPLE])


class Join(UseInvitation):
    """The same from somebody new, with how they are reached."""

    name: PersonName = Field(examples=["Ada Example"])
    email: Email = Field(examples=["ada@example.org"])
    language: LanguageTag | None = Field(default=None, examples=["en"])

    def as_newcomer(self, key: str | None) -> Newcomer:
        """Who wants to get in."""
        contact = Contact(self.name, self.email, language=self.language)
        return Newcomer(self.invitation, contact, key)


class OwnPlaceAnswer(BaseModel):
    """A place of one's own, the relationship that holds it, and which kinds of mentoring can be asked for on it."""

    id: UUID
    relationship: UUID | None
    kinds: list[Kind]


class OwnPlacesAnswer(BaseModel):
    """One's own places: what one can ask for mentoring with."""

    places: list[OwnPlaceAnswer]


class JoinedAnswer(BaseModel):
    """Who the newcomer is from now on, and as what, and their first sign-in, which is shown this once."""

    person: UUID
    role: Literal[Role.MENTEE, Role.MENTOR]
    token: str


class Using:
    """What somebody who is known uses an invitation with."""

    def __init__(self, order: OrderPart, mentoring: MentoringPart, reader: ReaderPart) -> None:
        self._order: Order = order
        self._mentoring: Mentoring = mentoring
        self._reader: Reader = reader

    def use(self, token: str) -> Recorded:
        """Look first for the places that they have, whatever the token is, and then use it.

        A place that was granted by hand within the last moment is missed; it can be given back.
        """
        try:
            held = {each.agreement for each in places_of(self._reader, self._order.act.actor)}
        except NotYet:
            raise NotThereYet from None
        return use_for_oneself(self._mentoring, self._order, token=token, has_places_of=held)


@router.post("/joining", status_code=201, dependencies=[Public, FromOutside])
async def join(
    body: Join,
    request: Request,
    joining: JoiningPart,
    guarded: GuardedPart,
    key: IdempotencyKey = None,
) -> JoinedAnswer:
    """Get in by an invitation; whatever keeps it from being used is answered alike."""
    return await guarded.run(request, lambda: _joined(joining, body.as_newcomer(key)))


@router.get("/me/places")
def own_places(
    caller: PartyCaller, mentoring: MentoringPart, reader: ReaderPart
) -> OwnPlacesAnswer:
    """Show one's own places; under which agreement they are is not said."""
    try:
        found = places_of(reader, caller.person)
    except NotYet:
        raise NotThereYet from None
    places = [
        OwnPlaceAnswer(
            id=each.place,
            relationship=each.relationship,
            kinds=list(footing_under(mentoring, each.agreement).kinds),
        )
        for each in found
    ]
    return OwnPlacesAnswer(places=places)


@router.post("/me/places", status_code=201)
async def use(
    body: UseInvitation,
    caller: PartyCaller,
    request: Request,
    response: Response,
    using: Annotated[Using, Depends()],
    guarded: GuardedPart,
) -> CommandResult:
    """Use an invitation: to a place, of which there is one for each person and agreement, or to a mentee who found you."""
    recorded = await guarded.run(request, lambda: using.use(body.invitation))
    return result_of(recorded, response)


def _joined(joining: Joining, newcomer: Newcomer) -> JoinedAnswer:
    person = joining.join(newcomer)
    role = role_of(newcomer.token)
    return JoinedAnswer(person=person, role=role, token=joining.sign_in(person, role))
