"""How somebody gets in by an invitation, to a place or to a mentee who found them, and why nobody learns of any other whether it was used.

Whatever keeps an invitation from being used is answered alike: unknown, used, withdrawn or over, the agreement's
end or its last free session, a place that somebody has already. A sponsor may have kept a copy of every link.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4, uuid5

import msgspec

from api.bootstrap import Parts
from api.carrying_out import TooManyAtOnce, carried_out_before, carry_out
from api.enrolment import issue_token
from api.partner_links import is_partner_token, read_partner_token
from api.records.address import sealed_code
from api.records.contact import Contact, seal_contact
from api.records.openings import Openings
from crypto.errors import AlreadyRecorded, Erased
from domain.commands.invitations import join_by_invitation, use_invitation
from domain.commands.partners import PartnerLink, come, come_as_newcomer
from domain.errors import DomainError
from domain.invitation import Invitation
from domain.mentoring import Mentoring, Order, Recorded
from domain.person import Person
from domain.relationship_partner import LinkIsOver
from domain.values import Act, Role

REPEATED_WITHIN = timedelta(hours=1)
"""As long as a lost answer can be asked for again: later, whoever finds the form gets no sign-in by it."""
ROUNDS = 10


class InvitationCannotBeUsed(DomainError):
    """This invitation cannot be used. A part of it may be missing, it may be used or over, or all that was paid for may be taken. Ask the people who run the scheme, not your employer: they can help, and nobody else is told."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who wants to get in, and by which token; `key` tells a repetition from another try."""

    token: str
    contact: Contact
    key: str | None = None

    def __repr__(self) -> str:
        return "<sealed>"


@dataclass(frozen=True)
class Joining:
    """Lets newcomers in, and hands them their first sign-in."""

    parts: Parts
    openings: Openings

    def join(self, newcomer: Newcomer) -> UUID:
        """Make somebody known who was invited, and answer who they are; raises InvitationCannotBeUsed.

        Repeated under the same key with the same words, it answers what it did the first time.
        """
        order = _order(newcomer, self.parts.clock())
        recorder, carry = self.parts.recorder, lambda: alike(lambda: self._join(order, newcomer))
        earlier = carried_out_before(recorder, order, carry)
        if earlier is not None:
            self._require_same(order, earlier)
        return order.act.actor

    def sign_in(self, person: UUID, role: Role) -> str:
        """A token by which somebody who joined signs in; it is shown this once."""
        return issue_token(self.parts, person, role)

    def _join(self, order: Order, newcomer: Newcomer) -> Recorded:
        mentoring, person = self.parts.mentoring, order.act.actor
        contact = seal_contact(self.openings, person, newcomer.contact)
        code = sealed_code(self.openings, person)
        if role_of(newcomer.token) is Role.MENTOR:
            to = _partner_link(newcomer.token)
            return come_as_newcomer(mentoring, order, to=to, contact=contact, code=code)
        invitation = Invitation.id_of(newcomer.token)
        return join_by_invitation(
            mentoring, order, invitation=invitation, contact=contact, code=code
        )

    def _require_same(self, order: Order, earlier: AlreadyRecorded) -> None:
        """A repetition asks for the same, soon, for somebody who is still there."""
        if not hmac.compare_digest(earlier.request_mac, order.request_mac):
            raise InvitationCannotBeUsed
        try:
            joined = self.parts.mentoring.load(Person, order.act.actor)
        except Erased:
            raise InvitationCannotBeUsed from None
        if joined.created_on + REPEATED_WITHIN < order.act.at:
            raise InvitationCannotBeUsed


def use_for_oneself(
    mentoring: Mentoring, order: Order, *, token: str, has_places_of: Collection[UUID]
) -> Recorded:
    """Let somebody who is known use an invitation; raises InvitationCannotBeUsed.

    `has_places_of` are the agreements under which they have a place already.
    """
    if role_of(token) is Role.MENTOR:
        return alike(lambda: come(mentoring, order, to=_partner_link(token)))
    invitation = Invitation.id_of(token)
    return alike(
        lambda: use_invitation(mentoring, order, invitation=invitation, besides=has_places_of)
    )


def role_of(token: str) -> Literal[Role.MENTEE, Role.MENTOR]:
    """What somebody becomes by an invitation: a mentee with a place, or the partner of one who found them."""
    return Role.MENTOR if is_partner_token(token) else Role.MENTEE


def _partner_link(token: str) -> PartnerLink:
    found = read_partner_token(token)
    if found is None:
        raise LinkIsOver
    return found


def alike(decide: Callable[[], Recorded]) -> Recorded:
    """Carry out what uses an invitation, and say of whatever refuses it the same.

    Many may come at once to one agreement, and who only waits must not be told that they were refused.
    """
    for _ in range(ROUNDS):
        with suppress(TooManyAtOnce):
            return _refused_alike(decide)
    raise InvitationCannotBeUsed


def _refused_alike(decide: Callable[[], Recorded]) -> Recorded:
    try:
        return carry_out(decide)
    except TooManyAtOnce:
        raise
    except (DomainError, Erased):
        raise InvitationCannotBeUsed from None


def _order(newcomer: Newcomer, at: datetime) -> Order:
    """The newcomer's own order; who they become bears its id, which a repetition shares."""
    if newcomer.key is None:
        id = uuid4()
        return Order(Act(id, at), id)
    id = uuid5(Invitation.id_of(newcomer.token), newcomer.key)
    asked = msgspec.json.encode(newcomer.contact)
    return Order(Act(id, at), id, hmac.new(newcomer.key.encode(), asked, hashlib.sha256).digest())
