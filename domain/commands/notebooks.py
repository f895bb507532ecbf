"""What is done with notebooks: every order is the writer's own, and its content stays sealed."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from domain.commands.circles import Circle, load_circle
from domain.commands.loading import load_subject
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order, Recorded, VersionIsStale
from domain.notebook import Notebook
from domain.notebook_readers import Readership
from domain.relationship import Relationship
from domain.strand import Audience, Entry, Epoch, Grant, PassedOn


class NotASuccessor(DomainError):
    """Notes are passed on to a mentoring partner of a later relationship that is open and yours as its mentee."""


def open_epoch(
    mentoring: Mentoring,
    order: Order,
    *,
    relationship: UUID,
    epoch: Epoch,
    grants: tuple[Grant, ...],
) -> Recorded:
    """Open an epoch; the first one of a relationship begins its notebook."""
    taking_part = _writable(mentoring, order, relationship, epoch.audience)
    notebook = _notebook_or_new(mentoring, order, relationship)
    notebook.open_epoch(epoch, grants, order.act, participants=taking_part.people)
    return mentoring.commit(order, notebook, read=(taking_part,))


def append_entry(
    mentoring: Mentoring, order: Order, *, relationship: UUID, entry: Entry
) -> Recorded:
    """Add a sealed entry at the end of its strand."""
    taking_part = _writable(mentoring, order, relationship, entry.audience)
    notebook = _notebook(mentoring, order, relationship)
    notebook.append(entry, order.act, participants=taking_part.people)
    return mentoring.commit(order, notebook, read=(taking_part,))


def share_entry(
    mentoring: Mentoring, order: Order, *, relationship: UUID, entry: UUID, shared: Entry
) -> Recorded:
    """Share an own entry as one that its author has sealed anew to the participants."""
    taking_part = _writable(mentoring, order, relationship, shared.audience)
    notebook = _notebook(mentoring, order, relationship)
    notebook.share(entry, shared, order.act, participants=taking_part.people)
    return mentoring.commit(order, notebook, read=(taking_part,))


def destroy_entry(
    mentoring: Mentoring, order: Order, *, relationship: UUID, entry: UUID
) -> Recorded:
    """Destroy what one wrote oneself, also after having left."""
    notebook = _notebook(mentoring, order, relationship)
    notebook.destroy(entry, order.act)
    return mentoring.commit(order, notebook)


def pass_on(
    mentoring: Mentoring,
    order: Order,
    *,
    relationship: UUID,
    passed: Sequence[tuple[PassedOn, Grant]],
    later: UUID | None = None,
) -> Recorded:
    """Let another key read epochs that one reads: a participant's new one, or the mentor's of a later relationship."""
    taking_part = load_circle(mentoring, relationship)
    notebook = _notebook(mentoring, order, relationship)
    rests_on: list[Circle] = [taking_part]
    welcome = taking_part.people if order.act.actor == taking_part.mentee else frozenset()
    if later is not None:
        successor = _successor(mentoring, order, later, mentee=taking_part.mentee)
        welcome |= successor.people
        rests_on.append(successor)
    readership = Readership(taking_part.people, welcome)
    for each, grant in passed:
        notebook.pass_on(each, grant, order.act, readership=readership)
    for each, _ in passed:
        notebook.require_no_gap(each.audience, each.reader.person)
    return mentoring.commit(order, notebook, read=rests_on)


def end_reading(
    mentoring: Mentoring, order: Order, *, relationship: UUID, reader: UUID
) -> Recorded:
    """End somebody's reading of the shared notes for good: one's own, or by the mentee that of another."""
    ended = load_circle(mentoring, relationship)
    notebook = _notebook(mentoring, order, relationship)
    taking_part = ended.people if ended.closed_for is None else frozenset()
    notebook.end_reading(reader, order.act, mentee=ended.mentee, taking_part=taking_part)
    return mentoring.commit(order, notebook, read=(ended,))


def notebooks_of_predecessors(
    mentoring: Mentoring, order: Order, matched: Relationship
) -> Iterator[Notebook]:
    """Rule 11, at a match: who was replaced because a rematch was asked for reads the earlier shared notes no more.

    To be committed with the match; earlier requests on the same place are all closed.
    """
    for earlier in earlier_requests(mentoring, matched):
        replaced = earlier.mentor
        if not earlier.rematch_wanted_by or replaced in {None, matched.mentor}:
            continue
        try:
            notebook = mentoring.load(Notebook, Notebook.id_of(earlier.id))
        except NotFound:
            continue
        notebook.replace_reader(replaced, order.act)
        if notebook.pending_events:
            yield notebook


def earlier_requests(mentoring: Mentoring, request: Relationship) -> Iterator[Relationship]:
    """What the same mentee asked for on the same place before, the first one first."""
    number = 1
    while True:
        id = Relationship.id_of(request.mentee, request.place, number)
        if id == request.id:
            return
        try:
            yield mentoring.load(Relationship, id)
        except NotFound:
            return
        number += 1


def _successor(
    mentoring: Mentoring, order: Order, later: UUID, *, mentee: UUID | None
) -> Relationship:
    """A later relationship of the same mentee, whose own order this is."""
    successor = mentoring.load(Relationship, later)
    is_own = order.act.actor == mentee == successor.mentee
    if not is_own or successor.mentor is None or successor.closed_for is not None:
        raise NotASuccessor
    return successor


def _writable(mentoring: Mentoring, order: Order, id: UUID, audience: Audience) -> Circle:
    """The notes of a pair or a group, for who takes part; after its end nobody can reach the other through them."""
    relationship = load_circle(mentoring, id)
    relationship.require_participant(order.act.actor)
    if audience is Audience.SHARED:
        relationship.require_open()
    return relationship


def _notebook(mentoring: Mentoring, order: Order, relationship: UUID) -> Notebook:
    return load_subject(mentoring, order, Notebook, Notebook.id_of(relationship))


def _notebook_or_new(mentoring: Mentoring, order: Order, relationship: UUID) -> Notebook:
    try:
        return _notebook(mentoring, order, relationship)
    except NotFound:
        if order.expected_version:
            raise VersionIsStale from None
        return Notebook.begin_for(relationship, order.act)
