"""What can go wrong with sealed records: tampered, erased and absent are never shown as each other."""

from collections.abc import Sequence


class SealedRecordError(Exception):
    """A sealed record cannot be opened."""

    def __init__(self, record: str = "") -> None:
        self.record = record
        super().__init__(record)


class Tampered(SealedRecordError):
    """A stored record is not what was once recorded there."""


class Erased(SealedRecordError):
    """The key of this record was destroyed; nobody can open it any more."""


class Absent(SealedRecordError):
    """There is no key of this name."""


class Unreadable(SealedRecordError):
    """The record is genuine, but this release does not know its shape."""


class KeyServiceError(Exception):
    """The key service cannot be used."""


class KeyFileIsOpenToOthers(KeyServiceError):
    """A file of key-encryption keys, or of what opens them, can be read by other users; take their rights away."""


class KeyFileIsDamaged(KeyServiceError):
    """A file of key-encryption keys is not in its format, or belongs to another compartment."""


class KeyFileIsMissing(KeyServiceError):
    """A file of key-encryption keys, or of what opens them, is not there, or this process may not read it."""


class KeyServiceUnavailable(KeyServiceError):
    """The key service gives no answer that can be used now; nothing was changed, try again."""


class KeyServiceRefuses(KeyServiceUnavailable):
    """The key service does not know this process, or does not allow it this; see docs/key-services.md."""


class DriverIsMissing(KeyServiceError):
    """The driver of that key service is not installed; see docs/key-services.md."""


class NoEpochYet(KeyServiceError):
    """The key service has no key for a compartment yet; `vouchsafe migrate` makes the first."""


class CompartmentIsClosed(KeyServiceError):
    """This process has no key for that compartment."""


class NewestEpochStays(KeyServiceError):
    """The newest epoch is in use and cannot be destroyed."""


class KeysUnavailable(KeyServiceError):
    """The key records cannot be read now; nothing was changed, try again."""


class RotationRuns(KeyServiceError):
    """Keys are being rotated already; only one rotation runs at a time."""


class RotationStopped(KeyServiceError):
    """The rotation was asked to stop; run it again and it goes on where it was."""


class NotEveryCompartment(KeyServiceError):
    """A rotation needs the keys of every compartment, and this process was not given all of them."""


class KeysDamaged(KeyServiceError):
    """Key records do not open and cannot be rewrapped, so their epoch stays; restore them, then run it again."""

    def __init__(self, records: Sequence[str] = ()) -> None:
        self.records = records
        super().__init__()


class KeysHeld(KeyServiceError):
    """Another transaction holds key records and does not end; end it, then run the rotation again."""


class RecordingError(Exception):
    """The command was not recorded; nothing of it was."""


class EventTooLarge(RecordingError):
    """This makes a record longer than the service keeps; make it shorter."""


class StreamMoved(RecordingError):
    """Somebody recorded to the same stream first."""


class HeadMoved(RecordingError):
    """What the decision rested on has changed since it was read."""


class KeyNotLive(RecordingError):
    """A key that the command used is no longer live."""


class KeyMadeTwice(RecordingError):
    """Another command made the same key at the same moment; the command can be tried again."""


class RecordRefused(RecordingError):
    """The database refused the record."""


class RecorderUnavailable(RecordingError):
    """The database cannot be reached; whether a command was recorded is found by repeating it."""


class AlreadyRecorded(Exception):
    """This command was recorded before; its outcome is the earlier one."""

    def __init__(self, *, position: int, subject: object, version: int, request_mac: bytes) -> None:
        self.position = position
        self.subject = subject
        self.version = version
        self.request_mac = request_mac
        super().__init__()
