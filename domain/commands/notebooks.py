"""What is done with notebooks: every order is the writer's own, and its content stays sealed."""

from uuid import UUID

from domain.commands.loading import load_subject
from domain.mentoring import Mentoring, NotFound, Order, Recorded, VersionIsStale
from domain.notebook import Notebook
from domain.relationship import Relationship
from domain.strand import Audience, Entry, Epoch, Grant


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


def _writable(mentoring: Mentoring, order: Order, id: UUID, audience: Audience) -> Relationship:
    """A relationship's notes, for who takes part; after its end nobody can reach the other through them."""
    relationship = mentoring.load(Relationship, id)
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
