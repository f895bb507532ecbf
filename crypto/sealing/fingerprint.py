"""Fingerprints in words: two people read them aloud to learn that they hold the same keys."""

from typing import Final

from crypto.sealing.encoding import labelled_hash
from crypto.sealing.identity import PublicIdentity

WORDS: Final = 6
_WORD_BITS: Final = 13
_FIRST: Final = "bdfghjklmnprstvw"
_VOWELS: Final = "aeio"
_MIDDLES: Final = ("ld", "lm", "lt", "lv", "ml", "nl", "nv", "rl")
_LAST: Final = "lmns"


def fingerprint_words(identity: PublicIdentity) -> str:
    """Six words, 78 bits of the key id (section 2.3)."""
    digest = int.from_bytes(labelled_hash("fingerprint", identity.key_id), "big")
    shifts = range(256 - _WORD_BITS, 256 - _WORD_BITS * (WORDS + 1), -_WORD_BITS)
    return " ".join(_word(digest >> shift) for shift in shifts)


def _word(bits: int) -> str:
    first, vowel = _FIRST[bits >> 9 & 15], _VOWELS[bits >> 7 & 3]
    middle, second_vowel, last = _MIDDLES[bits >> 4 & 7], _VOWELS[bits >> 2 & 3], _LAST[bits & 3]
    return first + vowel + middle + second_vowel + last
