"""What a reader is handed of a notebook: all that is theirs to open, without its second lock, and nothing opened.

Rule 13 holds for sealed things too: who asks for what another wrote, or for a lock to come off, is recorded first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from api.fields import Base64
from api.records.notebook_locks import Asked, Unlocked
from api.records.openings import Openings
from api.records.published_keys import published_keys
from api.records.relations import as_participant
from crypto.errors import Erased
from domain.access import Caller
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound
from domain.notebook import Notebook
from domain.person import Person
from domain.public_keys import PublicKeys
from domain.relationship import Relationship
from domain.relationship_events import Part, Participant
from domain.strand import Audience, Entry, Epoch, Held, PassedOn, Reader, WrongReaders
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


class PassedOnAnswer(BaseModel):
    """To whom an epoch was passed on later, with the granter's signed statement of it."""

    granter: UUID
    granter_key_id: Base64
    reader: UUID
    reader_key_id: Base64
    statement: Base64


class FurtherReader(BaseModel):
    """Somebody who reads by what was passed on to them and takes no part, and their keys."""

    person: UUID
    public_keys: list[PublishedPair]


class EpochAnswer(BaseModel):
    """One epoch: the granter's signed statement and the notebook key sealed to the caller.

    If it was passed on to the caller, the sealed key is that of the last such statement.
    """

    audience: Audience
    number: int
    granter: UUID
    readers: list[ReaderAnswer]
    statement: Base64
    sealed_key: Base64
    passed_on: list[PassedOnAnswer] = Field(description="In the order in which it was passed on.")


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
    """So many entries of each strand, after a position, or the last ones before one; positions count from 1 in each."""

    after: int
    limit: int
    before: Mapping[Audience, int] | None = None

    @property
    def last(self) -> int:
        """The last position on this page, read from the first on."""
        return self.after + self.limit

    def holds(self, entry: Entry) -> bool:
        """Whether an entry stands on this page, read from the first on."""
        return self.after < entry.position <= self.last

    def of(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries on this page, each strand in order."""
        if self.before is None:
            return [each for each in entries if self.holds(each)]
        return [
            entry
            for audience, before in self.before.items()
            for entry in _strand_before(entries, audience, before)[-self.limit :]
        ]


class NotebookAnswer(BaseModel):
    """What is for the caller in a relationship's notebook: all its epochs, and one page of each strand's entries."""

    notebook: UUID = Field(description="The id that every epoch and entry is bound to.")
    caller: UUID = Field(description="Which of the participants is asking.")
    version: int = Field(description="0 until the first epoch is opened.")
    participants: list[ParticipantKeys]
    further_readers: list[FurtherReader]
    epochs: list[EpochAnswer]
    entries: list[EntryAnswer]
    next_after: int | None = Field(description="Ask again with this as `after`; null at the end.")


NOTHING_YET: Mapping[str, Any] = MappingProxyType(
    {"version": 0, "further_readers": [], "epochs": [], "entries": [], "next_after": None}
)


@dataclass(frozen=True)
class NotebookDesk:
    """Hands notebooks out."""

    mentoring: Mentoring
    openings: Openings

    def show(
        self, caller: Caller, relationship: Relationship, act: Act, page: NotebookPage
    ) -> NotebookAnswer:
        """A reader's view, once the looks at what others wrote, and the locks that come off, are recorded."""
        notebook = find_notebook(self.mentoring, relationship.id)
        if notebook is None:
            return self._answer(caller, relationship, **NOTHING_YET)
        all_entries = notebook.entries_for(caller.person)
        entries = page.of(all_entries)
        epochs = notebook.epochs_for(caller.person)
        asked = Asked(caller, relationship.id, notebook, epochs, entries)
        unlocked = asked.unlocked(self.mentoring, self.openings, act)
        return self._answer(
            caller,
            relationship,
            version=notebook.version,
            further_readers=self._further_readers(relationship, epochs, notebook),
            epochs=[epoch_answer(notebook, each, caller.person, unlocked) for each in epochs],
            entries=[entry_answer(notebook, each, unlocked) for each in entries],
            next_after=next_after(all_entries, page),
        )

    def _answer(self, caller: Caller, relationship: Relationship, **shown: Any) -> NotebookAnswer:
        return NotebookAnswer(
            notebook=Notebook.id_of(relationship.id),
            caller=caller.person,
            participants=_participants(self.mentoring, relationship),
            **shown,
        )

    def _further_readers(
        self, relationship: Relationship, epochs: Iterable[Epoch], notebook: Notebook
    ) -> list[FurtherReader]:
        shared = (each for each in epochs if each.audience is Audience.SHARED)
        passed_on = [row for each in shared for row in notebook.shared.passed_on_in(each.number)]
        people = dict.fromkeys(row.reader.person for row in passed_on)
        return [
            FurtherReader(person=each, public_keys=_pairs(published_keys(self.mentoring, each)))
            for each in people
            if each not in relationship.people
        ]


def next_after(entries: Iterable[Entry], page: NotebookPage) -> int | None:
    """Where the next page begins, if any entry stands beyond this one and it is read from the first on."""
    goes_on = page.before is None and any(each.position > page.last for each in entries)
    return page.last if goes_on else None


def _strand_before(entries: Iterable[Entry], audience: Audience, before: int) -> list[Entry]:
    return [each for each in entries if each.audience is audience and each.position < before]


def find_notebook(mentoring: Mentoring, relationship: UUID) -> Notebook | None:
    """The notebook, or None where nobody has written yet."""
    try:
        return mentoring.load(Notebook, Notebook.id_of(relationship))
    except NotFound:
        return None


def as_reader(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship of a participant, or of somebody to whom notes of it were passed on; else NotFound."""
    notebook = find_notebook(mentoring, id)
    if notebook and notebook.shared.epochs_read_by(caller.person):
        return mentoring.load(Relationship, id)
    return as_participant(mentoring, caller, id)


def require_current_keys(
    mentoring: Mentoring, people: Collection[UUID], readers: Iterable[Reader]
) -> None:
    """Refuse to keep a grant to a key that its reader no longer uses or never had.

    Nobody but these people is even looked for: the answer never tells whether a person exists.
    """
    if any(reader.person not in people for reader in readers):
        raise WrongReaders
    for reader in readers:
        if mentoring.load(Person, reader.person).current_key_id != reader.key_id:
            raise KeysAreNotCurrent


def _participants(mentoring: Mentoring, relationship: Relationship) -> list[ParticipantKeys]:
    return [
        _keys_of(each, published_keys(mentoring, each.person)) for each in relationship.participants
    ]


def _keys_of(participant: Participant, published: tuple[PublicKeys, ...]) -> ParticipantKeys:
    current = published[-1].key_id if published else None
    return ParticipantKeys(
        person=participant.person,
        part=participant.part,
        current_key_id=current,
        public_keys=_pairs(published),
    )


def _pairs(published: Iterable[PublicKeys]) -> list[PublishedPair]:
    return [
        PublishedPair(
            key_id=each.key_id, hpke_public=each.hpke_public, signing_public=each.signing_public
        )
        for each in published
    ]


def epoch_answer(notebook: Notebook, epoch: Epoch, reader: UUID, unlocked: Unlocked) -> EpochAnswer:
    """One epoch as one of its readers is handed it; Erased when the reader's lock has just gone."""
    strand = notebook.strand(epoch.audience, epoch.granter)
    return EpochAnswer(
        audience=epoch.audience,
        number=epoch.number,
        granter=epoch.granter,
        readers=[ReaderAnswer(person=each.person, key_id=each.key_id) for each in epoch.readers],
        statement=epoch.statement,
        sealed_key=_sealed_key(notebook.grant_for(reader, epoch.audience, epoch.number), unlocked),
        passed_on=[_passed_on(each) for each in strand.passed_on_in(epoch.number)],
    )


def entry_answer(notebook: Notebook, entry: Entry, unlocked: Unlocked) -> EntryAnswer:
    """One entry as it is handed to whoever may open it."""
    held: Held = entry.locked_entry_key or entry.wrapped_entry_key
    return EntryAnswer(
        id=entry.id,
        audience=entry.audience,
        epoch=entry.epoch,
        position=entry.position,
        author=entry.author,
        sealed_entry=entry.sealed_entry,
        wrapped_entry_key=unlocked(held) or None,
        amends=entry.amends,
        shared_as=notebook.shared_as.get(entry.id),
    )


def _sealed_key(held: Held, unlocked: Unlocked) -> bytes:
    sealed_key = unlocked(held)
    if sealed_key is None:
        raise Erased("lock key")
    return sealed_key


def _passed_on(row: PassedOn) -> PassedOnAnswer:
    return PassedOnAnswer(
        granter=row.granter,
        granter_key_id=row.granter_key_id,
        reader=row.reader.person,
        reader_key_id=row.reader.key_id,
        statement=row.statement,
    )
