"""What can be recorded of a notebook; these shapes and topics are for ever, and no topic tells what kind of text it is."""

from uuid import UUID

from domain.aggregate import Aggregate
from domain.strand import Audience, Reader
from domain.values import Sealed


class NotebookEvents:
    """The events of the aggregate Notebook, apart from the first."""

    class EpochOpened(Aggregate.Event):
        TOPIC = "binder.set_opened"
        audience: Audience
        epoch: int
        granter: UUID
        readers: tuple[Reader, ...]
        statement: bytes

    class KeyGranted(Aggregate.Event):
        """A grant without a lock; none is recorded any more."""

        TOPIC = "binder.set_handed_over"
        audience: Audience
        epoch: int
        granter: UUID
        reader: UUID
        sealed_key: bytes

    class KeyEntrusted(Aggregate.Event):
        """A grant under the lock of its reader."""

        TOPIC = "binder.set_entrusted"
        audience: Audience
        epoch: int
        granter: UUID
        reader: UUID
        locked_key: Sealed

    class KeyPassedOn(Aggregate.Event):
        """A grant of an epoch that was opened before, with its granter's signed statement."""

        TOPIC = "binder.set_passed_on"
        audience: Audience
        epoch: int
        granter: UUID
        reader: UUID
        key_id: bytes
        statement: bytes
        locked_key: Sealed

    class ReaderLeft(Aggregate.Event):
        """Somebody reads these epochs no more: the keys of their locks end with this."""

        TOPIC = "binder.reader_left"
        audience: Audience
        reader: UUID
        epochs: tuple[int, ...]

    class EntryAppended(Aggregate.Event):
        """An entry whose wrapped key cannot be destroyed; none is recorded any more."""

        TOPIC = "binder.item_added"
        entry: UUID
        audience: Audience
        epoch: int
        position: int
        author: UUID
        sealed_entry: bytes
        wrapped_entry_key: bytes
        amends: UUID | None

    class EntryKept(Aggregate.Event):
        """An entry whose wrapped key lies under a key of its own."""

        TOPIC = "binder.item_kept"
        entry: UUID
        audience: Audience
        epoch: int
        position: int
        author: UUID
        sealed_entry: bytes
        locked_entry_key: Sealed
        amends: UUID | None

    class EntryShared(Aggregate.Event):
        TOPIC = "binder.item_passed_on"
        entry: UUID
        shared_as: UUID

    class EntryDestroyed(Aggregate.Event):
        TOPIC = "binder.item_removed"
        entry: UUID
