"""What a participant is handed of a notebook: all that is theirs to open, and nothing opened.

Rule 13 holds for sealed things too: who asks for what another wrote is recorded first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from pydantic import BaseModel, Field

from api.carrying_out import carry_out
from api.fields import Base64
from api.records.published_keys import published_keys
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, Look, RecordKind
from domain.commands.access import record_opening
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order
from domain.notebook import Notebook
from domain.person import Person
from domain.public_keys import PublicKeys
from domain.relationship import Relationship
from domain.relationship_events import Part, Participant
from domain.strand import Audience, Entry, Epoch, Reader, WrongReaders
from domain.values import Act


class KeysAreNotCurrent(DomainError):
    """A reader's key is not the one that this person has published last; read the notebook again."""


class PublishedPair(BaseModel):
    """One pair of public keys; the key id binds both."""

    key_id: Base64
    hpke_public: Base64
    signing_public: Base64


class ParticipantKeys(BaseModel):
    """A participant and every pair of keys they have published; the current one is the last."""

    person: UUID
    part: Part
    current_key_id: Base64 | None
    public_keys: list[PublishedPair]


class ReaderAnswer(BaseModel):
    """Who reads an epoch, under which key."""

    person: UUID
    key_id: Base64


class EpochAnswer(BaseModel):
    """One epoch: the granter's signed statement and the notebook key sealed to the caller."""

    audience: Audience
    number: int
    granter: UUID
    readers: list[ReaderAnswer]
    statement: Base64
    sealed_key: Base64


class EntryAnswer(BaseModel):
    """One sealed entry; without a wrapped key it was destroyed, and only its place is left."""

    id: UUID
    audience: Audience
    epoch: int
    position: int
    author: UUID
    sealed_entry: Base64
    wrapped_entry_key: Base64 | None
    amends: UUID | None
    shared_as: UUID | None


LARGEST_PAGE = 100
"""A hundred of the largest entries of each strand are about 18 MB of answer."""


@dataclass(frozen=True)
class NotebookPage:
    """So many entries of each strand, after a position; positions count from 1 in each."""

    after: int
    limit: int

    @property
    def last(self) -> int:
        """The last position on this page."""
        return self.after + self.limit

    def holds(self, entry: Entry) -> bool:
        """Whether an entry stands on this page."""
        return self.after < entry.position <= self.last


class NotebookAnswer(BaseModel):
    """What is for the caller in a relationship's notebook: all its epochs, and one page of each strand's entries."""

    notebook: UUID = Field(description="The id that every epoch and entry is bound to.")
    caller: UUID = Field(description="Which of the participants is asking.")
    version: int = Field(description="0 until the first epoch is opened.")
    participants: list[ParticipantKeys]
    epochs: list[EpochAnswer]
    entries: list[EntryAnswer]
    next_after: int | None = Field(description="Ask again with this as `after`; null at the end.")


def notebook_for(
    mentoring: Mentoring, caller: Caller, relationship: Relationship, act: Act, page: NotebookPage
) -> NotebookAnswer:
    """Hand out a participant's view, once the looks at what others wrote are recorded."""
    notebook = find_notebook(mentoring, relationship.id)
    epochs = notebook.epochs_for(caller.person) if notebook else ()
    all_entries = notebook.entries_for(caller.person) if notebook else ()
    entries = [each for each in all_entries if page.holds(each)]
    others = {entry.author for entry in entries} | {epoch.granter for epoch in epochs}
    _record_looks(mentoring, caller, relationship.id, others - {caller.person}, act)
    return NotebookAnswer(
        notebook=Notebook.id_of(relationship.id),
        caller=caller.person,
        version=notebook.version if notebook else 0,
        participants=_participants(mentoring, relationship),
        epochs=[epoch_answer(notebook, each, caller.person) for each in epochs if notebook],
        entries=[entry_answer(notebook, each) for each in entries if notebook],
        next_after=next_after(all_entries, page),
    )


def next_after(entries: Iterable[Entry], page: NotebookPage) -> int | None:
    """Where the next page begins, if any entry stands beyond this one."""
    return page.last if any(each.position > page.last for each in entries) else None


def find_notebook(mentoring: Mentoring, relationship: UUID) -> Notebook | None:
    """The notebook, or None where nobody has written yet."""
    try:
        return mentoring.load(Notebook, Notebook.id_of(relationship))
    except NotFound:
        return None


def require_current_keys(
    mentoring: Mentoring, relationship: Relationship, readers: Iterable[Reader]
) -> None:
    """Refuse to keep a grant to a key that its reader no longer uses or never had.

    Nobody but a participant is even looked for: the answer never tells whether a person exists.
    """
    if any(reader.person not in relationship.people for reader in readers):
        raise WrongReaders
    for reader in readers:
        if mentoring.load(Person, reader.person).current_key_id != reader.key_id:
            raise KeysAreNotCurrent


def _record_looks(
    mentoring: Mentoring, caller: Caller, relationship: UUID, others: Iterable[UUID], act: Act
) -> None:
    look = Look(
        role=caller.role,
        kind=RecordKind.NOTEBOOK_LOCK,
        purpose=AccessPurpose.MENTORING,
        authority=Authority.AGREEMENT,
        subject=relationship,
    )
    for person in others:
        _record_look(mentoring, person, look, act)


def _record_look(mentoring: Mentoring, person: UUID, look: Look, act: Act) -> None:
    order = Order(act, uuid4())
    carry_out(lambda: record_opening(mentoring, order, person=person, look=look))


def _participants(mentoring: Mentoring, relationship: Relationship) -> list[ParticipantKeys]:
    return [
        _keys_of(each, published_keys(mentoring, each.person)) for each in relationship.participants
    ]


def _keys_of(participant: Participant, published: tuple[PublicKeys, ...]) -> ParticipantKeys:
    keys = [
        PublishedPair(
            key_id=each.key_id, hpke_public=each.hpke_public, signing_public=each.signing_public
        )
        for each in published
    ]
    current = published[-1].key_id if published else None
    return ParticipantKeys(
        person=participant.person, part=participant.part, current_key_id=current, public_keys=keys
    )


def epoch_answer(notebook: Notebook, epoch: Epoch, reader: UUID) -> EpochAnswer:
    """One epoch as one of its readers is handed it."""
    return EpochAnswer(
        audience=epoch.audience,
        number=epoch.number,
        granter=epoch.granter,
        readers=[ReaderAnswer(person=each.person, key_id=each.key_id) for each in epoch.readers],
        statement=epoch.statement,
        sealed_key=notebook.grant_for(reader, epoch.audience, epoch.number),
    )


def entry_answer(notebook: Notebook, entry: Entry) -> EntryAnswer:
    """One entry as it is handed to whoever may open it."""
    return EntryAnswer(
        id=entry.id,
        audience=entry.audience,
        epoch=entry.epoch,
        position=entry.position,
        author=entry.author,
        sealed_entry=entry.sealed_entry,
        wrapped_entry_key=entry.wrapped_entry_key or None,
        amends=entry.amends,
        shared_as=notebook.shared_as.get(entry.id),
    )
