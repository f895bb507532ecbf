"""How people get passkeys and sign in with them; every reason not to let somebody in is answered alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from psycopg.errors import ForeignKeyViolation

from api.auth.ceremonies import (
    AnswerIsWrong,
    Assertion,
    NewKey,
    Site,
    ask_for_passkey,
    ask_who_signs_in,
    check_assertion,
    check_new_key,
)
from api.auth.passkeys import Credential, Known, Passkeys, challenge_of, passkey_id, user_handle
from api.auth.tokens import Beginning, Tokens
from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.errors import NotSignedIn
from api.records.openings import Openings, Why
from api.records.passkeys import Description, description_of, seal_description
from crypto.errors import Erased
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.people import add_passkey, revoke_passkeys
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.person import Person
from domain.values import Act, Role

OWN = Why(RecordKind.PASSKEYS, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)

log = structlog.get_logger()


class PasskeyNotAccepted(NotSignedIn):
    """This passkey did not sign you in. Try once more; if it still does not, sign in another way, or ask the people who run the scheme."""


class PasskeyNotAdded(DomainError):
    """This passkey could not be added. Please begin again; it has to be done within five minutes, and the device must ask for your finger, face or PIN."""


class PasskeyKnownAlready(DomainError):
    """This passkey is known here already; use another device, or another place to keep passkeys in."""


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey as its person sees it."""

    id: UUID
    credential: bytes
    name: str
    can_unlock: bool
    added_at: datetime
    used_on: date | None


@dataclass(frozen=True, slots=True)
class New:
    """What a device made, and what its person calls it."""

    key: NewKey
    name: str
    can_unlock: bool


@dataclass(frozen=True)
class PasskeyDesk:
    """Everything about passkeys, for a process that may open contacts."""

    parts: Parts
    openings: Openings
    tokens: Tokens
    table: Passkeys

    @property
    def site(self) -> Site:
        """This service as devices know it."""
        return Site.of(self.parts.settings)

    def ask_who(self, now: datetime) -> tuple[str, dict[str, Any]]:
        """Begin a sign-in: the secret for the browser to keep, and what it is to ask a device."""
        secret = self.table.ask(None, now)
        return secret, ask_who_signs_in(self.site, challenge_of(secret, None))

    def sign_in(self, secret: str | None, answer: Assertion, now: datetime, device: str) -> str:
        """A session for whoever answers; raises PasskeyNotAccepted, whatever the reason.

        Whether the passkey is good is asked again afterwards: it may be taken away at this very moment.
        """
        known, used = self._checked(secret, answer, now)
        self._require_good(known, used)
        if not self.table.count_use(used, now.date()):
            log.warning("counter of a passkey did not go on")
            raise PasskeyNotAccepted
        try:
            session = self.tokens.begin(Beginning(credential_hash=used.hash, device=device), now)
        except ForeignKeyViolation:
            raise PasskeyNotAccepted from None
        try:
            self._require_good(known, used)
        except PasskeyNotAccepted:
            self.tokens.end_session(session, now)
            raise
        return session

    def ask_for_new(self, caller: Caller, name: str, now: datetime) -> tuple[str, dict[str, Any]]:
        """Begin to add one: devices that hold one of the caller's already are asked for none."""
        held = [each.credential for each in self._described(caller, now).values()]
        secret = self.table.ask(caller, now)
        challenge = challenge_of(secret, caller)
        return secret, ask_for_passkey(self.site, challenge, user_handle(caller), name, held)

    def add(self, caller: Caller, order: Order, secret: str | None, new: New) -> Recorded:
        """Add what a device made; raises PasskeyNotAdded or PasskeyKnownAlready."""
        now = order.act.at
        if secret is None or not self._asked(secret, caller, now):
            raise PasskeyNotAdded
        try:
            made = check_new_key(self.site, challenge_of(secret, caller), new.key)
        except AnswerIsWrong:
            raise PasskeyNotAdded from None
        # Before the record, which alone makes it a passkey: what is left of a failure signs nobody in.
        if not self.table.keep(caller, made, now):
            raise PasskeyKnownAlready
        id = passkey_id(caller.role, made)
        described = Description(new.name, made.id, made.public_key, new.can_unlock)
        try:
            return carry_out(
                lambda: add_passkey(
                    self.parts.mentoring,
                    order,
                    person=caller.person,
                    passkey=id,
                    credential=seal_description(self.openings, caller.person, described),
                )
            )
        except DomainError:
            self.table.remove(caller.person, id)
            raise

    def own(self, caller: Caller, now: datetime) -> list[OwnPasskey]:
        """The caller's passkeys in their role, with the names that they gave; the look is recorded."""
        described = self._described(caller, now)
        return [
            OwnPasskey(
                each.passkey,
                described[each.passkey].credential,
                described[each.passkey].name,
                described[each.passkey].can_unlock,
                each.added_at,
                each.used_on,
            )
            for each in self.table.of(caller)
            if each.passkey in described
        ]

    def remove(self, caller: Caller, order: Order, passkey: UUID) -> Recorded:
        """Take one of the caller's own away, with whatever it signed in; raises NotFound or LastPasskey."""
        own = [each.passkey for each in self.table.of(caller)]
        if passkey not in own:
            raise NotFound
        keeping = None if self.tokens.has_token(caller, order.act.at) else own
        recorded = carry_out(
            lambda: revoke_passkeys(
                self.parts.mentoring,
                order,
                person=caller.person,
                passkeys=[passkey],
                keeping=keeping,
            )
        )
        self.table.remove(caller.person, passkey)
        return recorded

    def _checked(
        self, secret: str | None, answer: Assertion, now: datetime
    ) -> tuple[Known, Credential]:
        known = self._asked(secret, None, now) and self.table.of_credential(answer.credential_id)
        if secret is None or not known:
            raise PasskeyNotAccepted
        try:
            challenge = challenge_of(secret, None)
            used = check_assertion(self.site, challenge, answer, known.public_key)
        except AnswerIsWrong:
            raise PasskeyNotAccepted from None
        if answer.user_handle != user_handle(known.caller):
            raise PasskeyNotAccepted
        return known, used

    def _require_good(self, known: Known, used: Credential) -> None:
        """Refuse a passkey that its person's own record does not have, or no more."""
        try:
            person = self.parts.mentoring.load(Person, known.person)
        except (NotFound, Erased):
            raise PasskeyNotAccepted from None
        has_it = passkey_id(known.caller.role, used) in person.passkeys
        if not (has_it and person.is_active and known.caller.role in person.roles):
            raise PasskeyNotAccepted

    def _asked(self, secret: str | None, caller: Caller | None, now: datetime) -> bool:
        """Whether a browser was asked this, within time; it is asked no more from now on."""
        asked = self.table.end(secret, now) if secret is not None else None
        return asked is not None and asked.is_for(caller)

    def _described(self, caller: Caller, now: datetime) -> dict[UUID, Description]:
        person = self.parts.mentoring.load(Person, caller.person)
        ids = [each.passkey for each in self.table.of(caller) if each.passkey in person.passkeys]
        opened = self.openings.open_all(caller, [person.passkeys[id] for id in ids], OWN, now=now)
        return dict(zip(ids, map(description_of, opened), strict=True))


def end_passkeys(
    mentoring: Mentoring, table: Passkeys, person: UUID, role: Role | None, act: Act
) -> int:
    """End somebody's passkeys, in one role or in all, for a reason of the service's; how many there were."""
    held: Collection[UUID] = mentoring.load(Person, person).passkeys
    if role is not None:
        held = {each.passkey for each in table.of(Caller(person, role))}.intersection(held)
    ended = list(held)
    if ended:
        order = Order(act, uuid4())
        carry_out(lambda: revoke_passkeys(mentoring, order, person=person, passkeys=ended))
    for passkey in ended:
        table.remove(person, passkey)
    return len(ended)
