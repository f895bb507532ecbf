"""The one place where a person's sealed data is opened, and where it is sealed on its way in.

Always in this order: the rule says yes, the purpose's consent is live, the access record is committed, the key is unwrapped. Whatever fails, nothing is released.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from api.carrying_out import carry_out
from api.records.looked_for import About as About
from api.records.looked_for import Use as Use
from api.records.looked_for import Whose as Whose
from api.records.looked_for import Why as Why
from crypto.envelope import SMALLEST_FIELD, field_place, pad, unpad
from crypto.errors import Absent, AlreadyRecorded, Erased, SealedRecordError
from crypto.keyring import Keyring, NamedKey
from domain.access import (
    ANSWERS,
    FOR_EVERYBODY,
    FOR_NOBODY,
    Caller,
    NotYoursToOpen,
    consent_needed,
    kind_of,
    require_may_open,
    require_may_read_answers,
    require_own,
)
from domain.access_register import AccessPurpose, Authority, Look
from domain.commands.access import (
    record_all_openings,
    record_automated,
    record_opening,
    record_openings,
    record_taking_out,
)
from domain.consent import ConsentIsNotLive, ConsentLedger
from domain.mentoring import Mentoring, Order, Recorded
from domain.values import Act, Compartment, Purpose, Sealed


class NotOneLook(ValueError):
    """These fields are not one owner's for one purpose, so one look does not cover them."""


class NothingToOpen(Exception):
    """None of these fields rests on a live consent now."""


class Openings:
    """Seals and opens fields for one process that holds their compartments' keys."""

    def __init__(self, mentoring: Mentoring, keyring: Keyring) -> None:
        self._mentoring = mentoring
        self._keyring = keyring

    def seal(self, whose: Whose, text: str) -> Sealed:
        """Seal what a person gave, under their own key for the purpose."""
        return self._sealed(whose, text.encode())

    def lock(self, whose: Whose, part: bytes) -> Sealed:
        """Put a lock on what a participant sealed: it opens nothing, and without it nobody reaches the part."""
        return self._sealed(whose, part)

    def unlock(self, values: Sequence[Sealed], record: Callable[[], Recorded]) -> dict[UUID, bytes]:
        """Take locks off once the record of it stands; answers the parts by the ids of their locks' keys.

        One whose key was destroyed is left out. Raises Tampered, and KeyServiceError while no lock comes off.
        """
        carry_out(record)
        keys = self._keyring.field_keys(Compartment.LOCKS, [each.key_id for each in values])
        unlocked = {}
        for value in values:
            named = keys.get(value.key_id) or Absent(f"key {value.key_id}")
            if isinstance(named, Exception) and not isinstance(named, Erased):
                raise named
            if isinstance(named, NamedKey):
                unlocked[value.key_id] = _opened(named, value)
        return unlocked

    def open(
        self,
        caller: Caller,
        value: Sealed,
        why: Why,
        *,
        now: datetime,
        shown_to: Collection[UUID] = (),
    ) -> str:
        """Open one field for a caller, once its access record stands.

        Raises NotAllowed, ConsentIsNotLive, Erased or Tampered; never answers without a record.
        """
        require_may_open(caller, value, shown_to=shown_to)
        order = Order(Act(caller.person, now), uuid4())
        carry_out(lambda: self._record(caller, value, why, order))
        return self._unsealed(value)

    def open_all(
        self, caller: Caller, values: Sequence[Sealed], why: Why, *, now: datetime
    ) -> list[str]:
        """Open fields that one owner gave for one purpose, in one look; raises as `open` does.

        Where each record has a purpose of its own, all records of the kind are one look.
        """
        if len({(each.compartment, each.owner, kind_of(each.purpose)) for each in values}) > 1:
            raise NotOneLook
        for value in values:
            require_may_open(caller, value)
        if values:
            order = Order(Act(caller.person, now), uuid4())
            carry_out(lambda: self._record(caller, values[0], why, order))
        return [self._unsealed(value) for value in values]

    def open_each(
        self, caller: Caller, wanted: Sequence[tuple[Sealed, Why]], *, now: datetime
    ) -> list[str | None]:
        """Open several fields, also of several people, once the records of all these looks stand.

        What rests on no live consent, or was erased, is None and leaves no record: it was not looked
        at. Raises NotAllowed and Tampered as `open` does.
        """
        for value, _ in wanted:
            require_may_open(caller, value)
        order = Order(Act(caller.person, now), uuid4())
        openable: list[tuple[Sealed, Why]] = []

        def record() -> Recorded:
            ledgers, openable[:] = self._openable(wanted, now)
            looks = [(v.owner, _look(caller, w, w.purpose, w.authority)) for v, w in openable]
            if not looks:
                raise NothingToOpen
            return record_all_openings(self._mentoring, order, looks=looks, read=ledgers)

        with suppress(NothingToOpen):
            carry_out(record)
        allowed = {id(value) for value, _ in openable}
        return [self._unsealed_or_none(v) if id(v) in allowed else None for v, _ in wanted]

    def take_out(
        self, caller: Caller, wanted: Sequence[tuple[Sealed, Why]], *, now: datetime
    ) -> list[str | Exception]:
        """Open what somebody takes away of their own record, as exports of it; what stays shut is answered as its reason."""
        for value, _ in wanted:
            require_own(caller, value.owner)
            require_may_open(caller, value)
        order = Order(Act(caller.person, now), uuid4())
        openable: list[tuple[Sealed, Why]] = []

        def record() -> Recorded:
            ledgers, openable[:] = self._openable(wanted, now)
            looks = dict.fromkeys(_look(caller, w, w.purpose, w.authority) for _, w in openable)
            if not looks:
                raise NothingToOpen
            return record_taking_out(self._mentoring, order, looks=list(looks), read=ledgers)

        with suppress(NothingToOpen):
            carry_out(record)
        live = {id(value) for value, _ in openable}
        return [self._taken(v) if id(v) in live else ConsentIsNotLive() for v, _ in wanted]

    def _taken(self, value: Sealed) -> str | Exception:
        try:
            return self._unsealed(value)
        except SealedRecordError as closed:
            return closed

    def use(
        self,
        caller: Caller,
        value: Sealed,
        use: Use,
        *,
        order: Order,
        shown_to: Collection[UUID] = (),
    ) -> str:
        """Open one field for the service itself, which acts for whoever may, once its access record stands.

        Raises as `open` does. The record says that nobody looked: the service did, by rule.
        """
        require_may_open(caller, value, shown_to=shown_to)
        with suppress(AlreadyRecorded):
            carry_out(lambda: self._record_use(caller, value, use, order))
        return self._unsealed(value)

    def open_answers(
        self, caller: Caller, about: UUID, values: Sequence[Sealed], why: Why, *, now: datetime
    ) -> list[str | None]:
        """Open what was said about somebody or the scheme, by people nobody knows; whom it is about reads of the look.

        What was destroyed meanwhile is None. Raises NotYoursToOpen and Tampered.
        """
        require_may_read_answers(caller, about)
        if any(kind_of(each.purpose) != ANSWERS for each in values):
            raise NotYoursToOpen
        look = _look(caller, why, why.purpose, why.authority)
        order = Order(Act(caller.person, now), uuid4())
        carry_out(lambda: record_opening(self._mentoring, order, person=about, look=look))
        return [self._unsealed_or_none(each) for each in values]

    def open_published(self, value: Sealed, *, now: datetime) -> str | None:
        """Open what everybody may read, without a record; None where its consent or its key is gone."""
        if value.purpose not in FOR_EVERYBODY:
            raise NotYoursToOpen
        if value.purpose in set(Purpose):
            try:
                self._live_consents(value, now)
            except (ConsentIsNotLive, Erased):
                return None
        return self._unsealed_or_none(value)

    def open_unseen(self, values: Sequence[Sealed]) -> list[str]:
        """Open what nobody is shown, for the service to seal anew or to reckon with; the commit of that is its record."""
        if any(kind_of(each.purpose) not in FOR_NOBODY for each in values):
            raise NotYoursToOpen
        return [self._unsealed(each) for each in values]

    def _record_use(self, caller: Caller, value: Sealed, use: Use, order: Order) -> Recorded:
        read = self._live_consents(value, order.act.at)
        if use.consents:
            ledger = self._mentoring.load(ConsentLedger, ConsentLedger.id_of(value.owner))
            for purpose in use.consents:
                ledger.require_live(purpose, order.act.at)
            read.append(ledger)
        look = _look(caller, use.why, use.why.purpose, use.why.authority)
        return record_automated(self._mentoring, order, person=value.owner, look=look, read=read)

    def _record(self, caller: Caller, value: Sealed, why: Why, order: Order) -> Recorded:
        """Record the look, resting on the consent as it was read: a withdrawal in between undoes it."""
        consents = self._live_consents(value, order.act.at)
        looks = {value.owner: _look(caller, why, why.purpose, why.authority)}
        about = why.about
        if about is not None:
            looks[about.person] = _look(caller, why, about.purpose, about.authority)
            consents.append(self._consents_of(about, order.act.at))
        return record_openings(self._mentoring, order, looks=looks, read=consents)

    def _openable(
        self, wanted: Sequence[tuple[Sealed, Why]], now: datetime
    ) -> tuple[list[ConsentLedger], list[tuple[Sealed, Why]]]:
        """What rests on a live consent now, and these consents."""
        ledgers: dict[UUID, ConsentLedger] = {}
        openable = []
        for value, why in wanted:
            with suppress(ConsentIsNotLive, Erased):
                ledgers |= {each.id: each for each in self._live_consents(value, now)}
                openable.append((value, why))
        return list(ledgers.values()), openable

    def _unsealed_or_none(self, value: Sealed) -> str | None:
        """An erasure may come between the record and this."""
        with suppress(Erased):
            return self._unsealed(value)
        return None

    def _live_consents(self, value: Sealed, now: datetime) -> list[ConsentLedger]:
        needed = consent_needed(value.compartment, value.purpose)
        if needed is None:
            return []
        ledger = self._mentoring.load(ConsentLedger, ConsentLedger.id_of(value.owner))
        if ledger.is_closed:
            # Not a consent that ended: there is nobody any more who could give another.
            raise Erased(f"key {value.key_id}")
        ledger.require_live(needed, now)
        return [ledger]

    def _consents_of(self, about: About, now: datetime) -> ConsentLedger:
        ledger = self._mentoring.load(ConsentLedger, ConsentLedger.id_of(about.person))
        about.require(ledger, now)
        return ledger

    def _unsealed(self, value: Sealed) -> str:
        named = self._keyring.field_key(value.compartment, value.key_id)
        return _opened(named, value).decode()

    def _sealed(self, whose: Whose, content: bytes) -> Sealed:
        named = self._keyring.field_key_or_new(whose.compartment, whose.owner, whose.purpose)
        place = field_place(whose.compartment, whose.owner, whose.purpose, whose.field)
        ciphertext = named.key.seal(pad(content, SMALLEST_FIELD), place)
        return Sealed(
            whose.compartment, whose.owner, whose.purpose, whose.field, named.key_id, ciphertext
        )


def _opened(named: NamedKey, value: Sealed) -> bytes:
    place = field_place(value.compartment, value.owner, value.purpose, value.field)
    record = f"field under key {value.key_id}"
    return unpad(named.key.open(value.ciphertext, place, record=record), record=record)


def _look(caller: Caller, why: Why, purpose: AccessPurpose, authority: Authority) -> Look:
    return Look(
        role=caller.role,
        kind=why.kind,
        purpose=purpose,
        authority=authority,
        subject=why.subject,
    )
