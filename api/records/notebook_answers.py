"""A notebook as it is shown to one of its readers: the shapes of the answer, and what fills them."""

from collections.abc import Collection, Iterable
from uuid import UUID

from pydantic import BaseModel, Field

from api.fields import Base64
from api.records.notebook_locks import Unlocked
from api.records.published_keys import published_keys
from crypto.errors import Erased
from domain.commands.circles import Circle
from domain.mentoring import Mentoring
from domain.notebook import Notebook
from domain.public_keys import PublicKeys
from domain.relationship_events import Part, Participant
from domain.sealed_note import entry_hash
from domain.strand import Audience, Entry, Epoch, Held, PassedOn, Strand


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
    """Somebody who reads, or read, what is shown and takes no part, and their keys."""

    person: UUID
    public_keys: list[PublishedPair]


class TipAnswer(BaseModel):
    """Where a strand ended before the first epoch that is for the caller: what their own first entry has to follow."""

    position: int
    entry_hash: Base64


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
    after: TipAnswer | None = Field(description="For who joined at this epoch; else null.")


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


class NotebookAnswer(BaseModel):
    """What is for the caller in a relationship's notebook: all its epochs, and one page of each strand's entries."""

    notebook: UUID = Field(description="The id that every epoch and entry is bound to.")
    caller: UUID = Field(description="Which of the participants is asking.")
    version: int = Field(description="0 until the first epoch is opened.")
    participants: list[ParticipantKeys]
    further_readers: list[FurtherReader]
    still_reading: list[UUID] = Field(
        default_factory=list, description="Whose reading of what is shared has not ended."
    )
    epochs: list[EpochAnswer]
    entries: list[EntryAnswer]
    next_after: int | None = Field(description="Ask again with this as `after`; null at the end.")


def participants_keys(mentoring: Mentoring, relationship: Circle) -> list[ParticipantKeys]:
    """Who takes part, with all keys they published."""
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


def named_in(notebook: Notebook, epochs: Iterable[Epoch]) -> list[UUID]:
    """Everybody who reads what is shown of the shared strand, or did, and to whom it was passed on."""
    shared = [each for each in epochs if each.audience is Audience.SHARED]
    rows = [row for each in shared for row in notebook.shared.passed_on_in(each.number)]
    readers = [reader.person for each in shared for reader in each.readers]
    return [*readers, *(row.reader.person for row in rows)]


def further_readers(
    mentoring: Mentoring, named: Iterable[UUID], taking_part: Collection[UUID]
) -> list[FurtherReader]:
    """Those named who take no part, or none any more: what they signed is verified by their keys."""
    return [
        FurtherReader(person=each, public_keys=_pairs(published_keys(mentoring, each)))
        for each in dict.fromkeys(named)
        if each not in taking_part
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
        after=_after(strand, epoch, reader),
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


def _after(strand: Strand, epoch: Epoch, reader: UUID) -> TipAnswer | None:
    """What came before is told once, and no more of it than where it ended."""
    last = strand.last_before(epoch.number)
    if last is None or strand.epochs_read_by(reader)[0] != epoch.number:
        return None
    return TipAnswer(position=last.position, entry_hash=entry_hash(last.sealed_entry))


def _passed_on(row: PassedOn) -> PassedOnAnswer:
    return PassedOnAnswer(
        granter=row.granter,
        granter_key_id=row.granter_key_id,
        reader=row.reader.person,
        reader_key_id=row.reader.key_id,
        statement=row.statement,
    )
