"""What a participant's client refuses, each in a sentence for the person; what the service did wrong has its own kind."""


class ParticipantError(Exception):
    """The notebook cannot be used now."""

    def __init__(self) -> None:
        """Say what the docstring says."""
        super().__init__(type(self).__doc__)


class NoKeysYet(ParticipantError):
    """This folder holds no keys yet; make them first."""


class FolderIsOpenToOthers(ParticipantError):
    """Other users of this machine can read the folder with your keys; take their rights away."""


class FolderIsDamaged(ParticipantError):
    """A file in the folder with your keys cannot be read."""


class FolderHasOtherKeys(ParticipantError):
    """This folder holds other keys than your vault; use an empty folder, so that neither is lost."""


class NoVaultYet(ParticipantError):
    """You have no vault yet; set it up first."""


class VaultIsThere(ParticipantError):
    """Your vault is there already. Open it with a recovery code, or begin it anew and lose what only the old one opens."""


class FileIsThere(ParticipantError):
    """There is a file of this name already; nothing was written."""


class ExportIsDamaged(ParticipantError):
    """This is no export of notes, or it is damaged: a file is missing, added or altered."""


class ExportIsOfAnotherVersion(ParticipantError):
    """This export has another format than this program reads; use the program of the service that made it."""


class NoPartnerYet(ParticipantError):
    """Nobody can read a shared entry yet: you are not matched, or your partner has made no keys."""


class SomebodyHasNoKeys(ParticipantError):
    """Somebody in your group has made no keys yet; until then nothing can be shared."""


class StillTakesPart(ParticipantError):
    """The service still names whoever has these words as taking part."""


class OnlyToRead(ParticipantError):
    """These notes are here for you to read; you take no part, and write nothing in them."""


class NotFromAnybodyYouKnow(ParticipantError):
    """Nobody whom this folder knows passed these notes on to you; read a notebook of your own with them first."""


class NoSuchOwnEntry(ParticipantError):
    """You wrote no entry with this id that can still be opened."""


class WrittenWithOtherKeys(ParticipantError):
    """You wrote this with keys that you use no more, so it cannot be changed; write it anew, and destroy this one if you like."""


class WordsDiffer(ParticipantError):
    """These are not the words of the keys that the service offers now."""


class WordsNotCompared(ParticipantError):
    """Compare words first: notes from before go only to keys that surely belong to whom you mean."""


class NotPassedOnYet(ParticipantError):
    """Your new keys cannot read the shared notes yet. Your partner can let them, once you have compared words; or they write something."""


class ServiceNotReached(ParticipantError):
    """The service cannot be reached; nothing is lost, try again."""


class NotUnderstood(ParticipantError):
    """The service answered in a way that this client does not understand."""


class ServiceRefused(ParticipantError):
    """The service refused; `kind` names why for programs, `detail` for people."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        """Keep what the problem document said."""
        super().__init__()
        self.status, self.kind, self.detail = status, kind, detail

    def __str__(self) -> str:
        """What the service said, rather than that it did."""
        return self.detail


class ServiceUntrustworthy(ParticipantError):
    """The service showed something that cannot be true; nothing of it was opened or written."""


class MyKeysAreNotCurrent(ServiceUntrustworthy):
    """The service does not show the keys of this folder as yours; publish them, or find out why."""


class VaultIsAnothers(ServiceUntrustworthy):
    """The vault that the service shows is not yours, or not the one that you had; nothing was taken from it."""


class PartnerHasChanged(ServiceUntrustworthy):
    """Your partner is not named any more. Only if you know that they left a group that you are in, say so, with the words below."""

    def __init__(self, words: str) -> None:
        """Carry the words of whoever is missing."""
        super().__init__()
        self.words = words


class PartnerHasMyKeys(ServiceUntrustworthy):
    """The keys shown as your partner's are your own; share nothing and tell your coordinator."""


class UnexpectedReaders(ServiceUntrustworthy):
    """Somebody would read who should not, or somebody who should is missing."""


class ReadingHasEnded(ParticipantError):
    """The service says that you take no part here any more, and shows nothing of what was shared."""


class SomebodyHasJoined(UnexpectedReaders):
    """Somebody else is said to take part. Compare the words with them, not through this service, before you accept them."""

    def __init__(self, words: str) -> None:
        """Carry the words of the newcomer's keys."""
        super().__init__()
        self.words = words


class RolledBack(ServiceUntrustworthy):
    """The service shows an older or another state of the notebook than you have seen before."""


class KeysHaveChanged(ServiceUntrustworthy):
    """Your partner's keys have changed. Compare the words with your partner, not through this service, before you accept them."""

    def __init__(self, words: str) -> None:
        """Carry the words of the offered keys."""
        super().__init__()
        self.words = words
