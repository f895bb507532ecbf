"""How a look at somebody's record is recorded, before anything is released."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from domain.access_register import AccessRegister, LocksTaken, Look
from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.mentoring import Mentoring, Order, Recorded
from domain.values import Act


class NobodyListed(DomainError):
    """A list without people is not a look at anybody's record."""


def record_opening(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    look: Look,
    read: Sequence[Aggregate] = (),
) -> Recorded:
    """Record that one record of a person is opened; `read` is what the permission rests on."""
    return record_openings(mentoring, order, looks={person: look}, read=read)


def record_openings(
    mentoring: Mentoring,
    order: Order,
    *,
    looks: Mapping[UUID, Look],
    read: Sequence[Aggregate] = (),
) -> Recorded:
    """Record one opening for everybody it is about, the owner first; all together or none."""
    return record_all_openings(mentoring, order, looks=tuple(looks.items()), read=read)


def record_all_openings(
    mentoring: Mentoring,
    order: Order,
    *,
    looks: Sequence[tuple[UUID, Look]],
    read: Sequence[Aggregate] = (),
) -> Recorded:
    """Record several openings about several people, also of one person; all together or none."""
    registers = _registers(mentoring, dict.fromkeys(person for person, _ in looks), order.act)
    for person, look in looks:
        registers[person].opened(look, order.act)
    return mentoring.commit(order, *registers.values(), read=read)


def record_taking_out(
    mentoring: Mentoring,
    order: Order,
    *,
    looks: Sequence[tuple[UUID, Look]],
    read: Sequence[Aggregate] = (),
) -> Recorded:
    """Record what the actor takes out of their own record, each kind once; all together or none."""
    register = _register(mentoring, order.act.actor, order.act)
    for _, look in dict.fromkeys(looks):
        register.exported(look, order.act)
    return mentoring.commit(order, register, read=read)


def record_unlocking(
    mentoring: Mentoring, order: Order, *, look: Look, taken: LocksTaken, looks: Mapping[UUID, Look]
) -> Recorded:
    """Record that a reader's own locks come off, and a look at everybody else whose writing they held; all or none.

    Where nobody else is looked at, it is recorded that the reader asked, also if no lock of theirs came off.
    """
    registers = []
    if taken.count or not looks:
        own = _register(mentoring, order.act.actor, order.act)
        own.unlocked(look, taken, order.act)
        registers.append(own)
    for person, at in looks.items():
        register = _register(mentoring, person, order.act)
        register.opened(at, order.act)
        registers.append(register)
    return mentoring.commit(order, *registers)


def record_listing(
    mentoring: Mentoring, order: Order, *, persons: Collection[UUID], look: Look
) -> Recorded:
    """Record for each of these persons that they appear in a list; all together or none."""
    registers = _registers(mentoring, dict.fromkeys(persons), order.act)
    if not registers:
        raise NobodyListed
    for register in registers.values():
        register.listed(look, order.act)
    return mentoring.commit(order, *registers.values())


def record_exporting(mentoring: Mentoring, order: Order, *, person: UUID, look: Look) -> Recorded:
    """Record that a copy is taken out of the service."""
    register = _register(mentoring, person, order.act)
    register.exported(look, order.act)
    return mentoring.commit(order, register)


def record_automated(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    look: Look,
    read: Sequence[Aggregate] = (),
) -> Recorded:
    """Record that the service itself uses a record; the clerk's order, `read` as for an opening."""
    register = _register(mentoring, person, order.act)
    register.automated(look, order.act)
    return mentoring.commit(order, register, read=read)


def _registers(
    mentoring: Mentoring, persons: Collection[UUID], act: Act
) -> dict[UUID, AccessRegister]:
    """Those of several people, in their order, asked for together."""
    there = mentoring
    if len(persons) > 1:
        there = mentoring.ahead((), newest=[AccessRegister.id_of(each) for each in persons])
    return {person: _register(there, person, act) for person in persons}


def _register(mentoring: Mentoring, person: UUID, act: Act) -> AccessRegister:
    """Read the last record only: a register is long and grows with every look."""
    latest = mentoring.events.get(AccessRegister.id_of(person), desc=True, limit=1)
    last = next(latest, None)
    if isinstance(last, Aggregate.Event):
        version, recorded_at = last.originator_version, last.timestamp
        return AccessRegister.resume(person, version=version, recorded_at=recorded_at)
    return AccessRegister.begin_for(person, act)
