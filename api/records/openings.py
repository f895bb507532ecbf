"""The one place where a person's sealed data is opened, and where it is sealed on its way in.

Always in this order: the rule says yes, the purpose's consent is live, the access record is committed, the key is unwrapped. Whatever fails, nothing is released.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from api.carrying_out import carry_out
from api.records.looked_for import About as About
from api.records.looked_for import NothingToOpen, NotOneLook, look_of
from api.records.looked_for import Use as Use
from api.records.looked_for import Whose as Whose
from api.records.looked_for import Why as Why
from crypto.envelope import SMALLEST_FIELD, field_place, pad, unpad
from crypto.errors import AlreadyRecorded, Erased, SealedRecordError
from crypto.keyring import KeyName, KeyOrWhy, Keyring, NamedKey
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
from domain.commands.access import (
    record_all_openings,
    record_automated,
    record_opening,
    record_openings,
    record_taking_out,
)
from domain.commands.together import Together
from domain.consent import ConsentIsNotLive, ConsentLedger
from domain.mentoring import Mentoring, Order, Recorded
from domain.values import Act, Purpose, Sealed

Keys = Mapping[KeyName, KeyOrWhy]
NO_KEYS: Keys = MappingProxyType({})
Wanted = tuple[Sealed, Why]


class Openings:
    """Seals and opens fields for one process that holds their compartments' keys."""

    def __init__(self, mentoring: Mentoring, keyring: Keyring) -> None:
        self._mentoring = mentoring
        self._keyring = keyring

    def seal(self, whose: Whose, text: str) -> Sealed:
        """Seal what a person gave, under their own key for the purpose."""
        return self.seal_all([(whose, text)])[0]

    def seal_all(self, given: Sequence[tuple[Whose, str]]) -> list[Sealed]:
        """The same for what several people gave, in its order; keys of one purpose are asked for together."""
        keys = self._keyring.field_keys_or_new({whose.key for whose, _ in given})
        return [_closed(keys[whose.key], whose, text.encode()) for whose, text in given]

    def lock(self, whose: Whose, part: bytes) -> Sealed:
        """Put a lock on what a participant sealed: it opens nothing, and without it nobody reaches the part."""
        return _closed(self._keyring.field_key_or_new(*whose.key), whose, part)

    def unlock(self, values: Sequence[Sealed], record: Callable[[], Recorded]) -> dict[UUID, bytes]:
        """Take locks off once the record of it stands; answers the parts by the ids of their locks' keys.

        One whose key was destroyed is left out. Raises Tampered, and KeyServiceError while no lock comes off.
        """
        carry_out(record)
        keys = self._keys_of(values)
        unlocked = {}
        for value in values:
            with suppress(Erased):
                unlocked[value.key_id] = _opened(self._key_of(value, keys), value)
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
        self, caller: Caller, wanted: Sequence[Wanted], *, now: datetime
    ) -> list[str | None]:
        """Open several fields, also of several people, once the records of all these looks stand.

        What rests on no live consent, or was erased, is None and leaves no record: it was not looked
        at. Raises NotAllowed and Tampered as `open` does.
        """
        openable = self._recorded(caller, wanted, now, record_all_openings)
        keys = self._keys_of(openable.values())
        return [self._unsealed_or_none(v, keys) if id(v) in openable else None for v, _ in wanted]

    def take_out(
        self, caller: Caller, wanted: Sequence[Wanted], *, now: datetime
    ) -> list[str | Exception]:
        """Open what somebody takes away of their own record, as exports of it; what stays shut is answered as its reason."""
        for value, _ in wanted:
            require_own(caller, value.owner)
        openable = self._recorded(caller, wanted, now, record_taking_out)
        keys = self._keys_of(openable.values())
        return [
            self._taken(v, keys) if id(v) in openable else ConsentIsNotLive() for v, _ in wanted
        ]

    def _recorded(
        self,
        caller: Caller,
        wanted: Sequence[Wanted],
        now: datetime,
        record: Callable[..., Recorded],
    ) -> dict[int, Sealed]:
        """Record the looks at what may be opened and rests on a live consent, and answer what that is."""
        for value, _ in wanted:
            require_may_open(caller, value)
        order = Order(Act(caller.person, now), uuid4())
        openable: list[Wanted] = []

        def try_once() -> Recorded:
            ledgers, openable[:] = self._openable(wanted, now)
            if not openable:
                raise NothingToOpen
            looks = [(value.owner, look_of(caller, why)) for value, why in openable]
            return record(self._mentoring, order, looks=looks, read=ledgers)

        with suppress(NothingToOpen):
            carry_out(try_once)
        return {id(value): value for value, _ in openable}

    def _taken(self, value: Sealed, keys: Keys) -> str | Exception:
        try:
            return self._unsealed(value, keys)
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
        look, order = look_of(caller, why), Order(Act(caller.person, now), uuid4())
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
        look = look_of(caller, use.why)
        return record_automated(self._mentoring, order, person=value.owner, look=look, read=read)

    def _record(self, caller: Caller, value: Sealed, why: Why, order: Order) -> Recorded:
        """Record the look, resting on the consent as it was read: a withdrawal in between undoes it."""
        consents = self._live_consents(value, order.act.at)
        looks = {value.owner: look_of(caller, why)}
        about = why.about
        if about is not None:
            looks[about.person] = look_of(caller, why, about)
            ledger = self._mentoring.load(ConsentLedger, ConsentLedger.id_of(about.person))
            about.require(ledger, order.act.at)
            consents.append(ledger)
        return record_openings(self._mentoring, order, looks=looks, read=consents)

    def _openable(
        self, wanted: Sequence[Wanted], now: datetime
    ) -> tuple[list[ConsentLedger], list[Wanted]]:
        """What rests on a live consent now, and these consents."""
        there = Together(self._mentoring.ahead({ConsentLedger.id_of(v.owner) for v, _ in wanted}))
        ledgers: dict[UUID, ConsentLedger] = {}
        openable = []
        for value, why in wanted:
            with suppress(ConsentIsNotLive, Erased):
                ledgers |= {each.id: each for each in self._live_consents(value, now, there)}
                openable.append((value, why))
        return list(ledgers.values()), openable

    def _keys_of(self, values: Iterable[Sealed]) -> Keys:
        return self._keyring.field_keys({(each.compartment, each.key_id) for each in values})

    def _unsealed_or_none(self, value: Sealed, keys: Keys = NO_KEYS) -> str | None:
        """An erasure may come between the record and this."""
        with suppress(Erased):
            return self._unsealed(value, keys)
        return None

    def _live_consents(
        self, value: Sealed, now: datetime, there: Mentoring | None = None
    ) -> list[ConsentLedger]:
        needed = consent_needed(value.compartment, value.purpose)
        if needed is None:
            return []
        ledger = (there or self._mentoring).load(ConsentLedger, ConsentLedger.id_of(value.owner))
        if ledger.is_closed:
            # Not a consent that ended: there is nobody any more who could give another.
            raise Erased(f"key {value.key_id}")
        ledger.require_live(needed, now)
        return [ledger]

    def _unsealed(self, value: Sealed, keys: Keys = NO_KEYS) -> str:
        return _opened(self._key_of(value, keys), value).decode()

    def _key_of(self, value: Sealed, keys: Keys) -> NamedKey:
        name = value.compartment, value.key_id
        named = keys.get(name) or self._keyring.field_key(*name)
        if isinstance(named, Exception):
            raise named
        return named


def _closed(named: NamedKey, whose: Whose, content: bytes) -> Sealed:
    place = field_place(whose.compartment, whose.owner, whose.purpose, whose.field)
    ciphertext = named.key.seal(pad(content, SMALLEST_FIELD), place)
    return Sealed(
        whose.compartment, whose.owner, whose.purpose, whose.field, named.key_id, ciphertext
    )


def _opened(named: NamedKey, value: Sealed) -> bytes:
    place = field_place(value.compartment, value.owner, value.purpose, value.field)
    record = f"field under key {value.key_id}"
    return unpad(named.key.open(value.ciphertext, place, record=record), record=record)
