"""The errors of sealing and opening notes: nothing else leaves this package, and none repeats what it was given."""


class SealingError(Exception):
    """The note cannot be sealed or opened."""

    def __init__(self) -> None:
        """Say what the docstring says, and nothing about the input."""
        super().__init__(type(self).__doc__)


class UnknownFormat(SealingError):
    """These bytes are not a form of sealed note that this version knows."""


class OutOfRange(SealingError):
    """A position, an epoch or the number of readers is out of range."""


class RandomnessFailed(SealingError):
    """The source of randomness did not give the bytes it was asked for."""


class EntryTooLarge(SealingError):
    """The text is longer than the 65531 bytes that an entry can hold; please split it."""


class NotText(SealingError):
    """The text cannot be written as UTF-8."""


class NotForThisReader(SealingError):
    """The notebook key of this epoch was not granted to this reader."""


class NotARecoveryCode(SealingError):
    """There are characters in this that no recovery code has."""


class RecoveryCodeHasWrongLength(SealingError):
    """A recovery code has 30 letters and digits; this has more or fewer."""

    def __init__(self, length: int) -> None:
        """Tell how many there are."""
        super().__init__()
        self.length = length


class RecoveryCodeIsMistyped(SealingError):
    """There is a mistake in this recovery code; compare it with what you wrote down."""


class TypedBackDiffers(SealingError):
    """These are not the letters of the two groups; look at the code again."""


class PrfOutputUnusable(SealingError):
    """This passkey does not give the secret that a vault needs; use a recovery code or another passkey."""


class DoesNotUnlock(SealingError):
    """This does not open the vault."""


class Tampered(SealingError):
    """What was received is not what its author or granter made for this place."""


class GrantBelongsElsewhere(Tampered):
    """The grant was made for another notebook, audience or epoch."""


class WrongGranter(Tampered):
    """The grant names another granter than expected."""


class WrongReaders(Tampered):
    """The readers of the epoch are not the expected ones, or not allowed."""


class SignatureIsNotTheGranters(Tampered):
    """The grant does not carry its granter's signature."""


class GrantWasAltered(Tampered):
    """The sealed notebook key was altered or was not sealed for this reader."""


class EntryBelongsElsewhere(Tampered):
    """The entry was made for another notebook, epoch or position."""


class WrongAuthor(Tampered):
    """The author is not a reader of the epoch, or not the expected one."""


class SignatureIsNotTheAuthors(Tampered):
    """The entry does not carry its author's signature."""


class EntryWasAltered(Tampered):
    """The entry or its wrapped key was altered."""


class CommitmentDoesNotMatch(Tampered):
    """The key is not the one that its maker committed to."""


class BodyIsMalformed(Tampered):
    """The author signed a body that is not padded or written as it must be."""


class ChainIsBroken(Tampered):
    """An entry is missing, repeated or out of order."""

    def __init__(self, position: int) -> None:
        """Name the position at which the chain no longer holds."""
        super().__init__()
        self.position = position


class VaultBelongsElsewhere(Tampered):
    """The sealed keys belong to another vault or another person."""


class VaultWasAltered(Tampered):
    """The vault was altered."""
