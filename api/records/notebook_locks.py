"""The second lock on what participants sealed: put on as it comes in, and taken off for its reader, who sees that it was.

Follows docs/specs/notebook.md, "Double lock".
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from api.records.openings import Openings, Whose
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, LocksTaken, Look, RecordKind
from domain.commands.access import record_unlocking
from domain.locks import ENTRY_FIELD, ENTRY_PURPOSE, GRANT_FIELD, lock_purpose
from domain.mentoring import Mentoring, Order, Recorded
from domain.notebook import Notebook
from domain.strand import Audience, Entry, Epoch, Grant, Held
from domain.values import Act, Compartment, Sealed

Unlocked = Callable[[Held], bytes | None]
"""Answers what a lock held, or None where its key was destroyed."""


def locked_grant(
    openings: Openings, notebook: UUID, place: tuple[Audience, int], grant: Grant
) -> Grant:
    """A grant under the lock of its reader and epoch."""
    whose = Whose(Compartment.LOCKS, grant.person, lock_purpose(notebook, *place), GRANT_FIELD)
    return replace(grant, locked_key=openings.lock(whose, grant.sealed_key))


def locked_entry(openings: Openings, entry: Entry) -> Entry:
    """An entry whose wrapped key lies under a key of its own."""
    whose = Whose(Compartment.LOCKS, entry.id, ENTRY_PURPOSE, ENTRY_FIELD)
    return replace(entry, locked_entry_key=openings.lock(whose, entry.wrapped_entry_key))


@dataclass(frozen=True)
class Asked:
    """What a caller asks for of one relationship's notebook."""

    caller: Caller
    relationship: UUID
    notebook: Notebook
    epochs: Sequence[Epoch]
    entries: Sequence[Entry]

    def unlocked(self, mentoring: Mentoring, openings: Openings, act: Act) -> Unlocked:
        """Take the locks off, once it stands in the registers of the reader and of those who wrote.

        What is nobody else's and under no lock leaves no record.
        """
        grants, looks = self._locked_grants(), self._looks()
        entry_keys = [each.locked_entry_key for each in self.entries]
        locks = [*grants.values(), *(each for each in entry_keys if each)]
        if not locks and not looks:
            return _answering({})
        order, taken = Order(act, uuid4()), _taken(grants)

        def record() -> Recorded:
            return record_unlocking(
                mentoring, order, look=self._look(own=True), taken=taken, looks=looks
            )

        return _answering(openings.unlock(locks, record))

    def _locked_grants(self) -> dict[tuple[Audience, int], Sealed]:
        reader = self.caller.person
        places = [(each.audience, each.number) for each in self.epochs]
        held = {place: self.notebook.grant_for(reader, *place) for place in places}
        return {place: each for place, each in held.items() if isinstance(each, Sealed)}

    def _looks(self) -> dict[UUID, Look]:
        """One at everybody else who wrote or granted what is asked for."""
        authors = {each.author for each in self.entries}
        others = authors | {each.granter for each in self.epochs}
        return {person: self._look() for person in others - {self.caller.person}}

    def _look(self, *, own: bool = False) -> Look:
        return Look(
            role=self.caller.role,
            kind=RecordKind.NOTEBOOK_LOCK,
            purpose=AccessPurpose.OWN_RECORD if own else AccessPurpose.MENTORING,
            authority=Authority.OWN_RECORD if own else Authority.AGREEMENT,
            subject=self.relationship,
        )


def _taken(places: Collection[tuple[Audience, int]]) -> LocksTaken:
    return LocksTaken(
        own=tuple(number for audience, number in places if audience is Audience.OWN),
        shared=tuple(number for audience, number in places if audience is Audience.SHARED),
    )


def _answering(parts: Mapping[UUID, bytes]) -> Unlocked:
    def answer(held: Held) -> bytes | None:
        return parts.get(held.key_id) if isinstance(held, Sealed) else held

    return answer
