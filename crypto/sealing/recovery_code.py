"""Recovery codes: 130 random bits that a person can write down, with letters that show a mistake (docs/specs/vault.md, section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Final

from crypto.sealing.encoding import Random, Secret, draw, system_random
from crypto.sealing.errors import (
    NotARecoveryCode,
    RecoveryCodeHasWrongLength,
    RecoveryCodeIsMistyped,
    TypedBackDiffers,
)

CODE_SECRET_BYTES: Final = 17
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS: Final = 5
_CARRIED: Final = 26
_CHECKS: Final = 4
_LENGTH: Final = _CARRIED + _CHECKS
_GROUP: Final = 5
_SPARE_BITS: Final = 8 * CODE_SECRET_BYTES - _BITS * _CARRIED
_MOST_TYPED: Final = 200

_FIELD: Final = 0b100101
_GENERATOR: Final = (30, 6, 9, 17)
_OFFSET: Final = (1, 2, 3, 4)
"""Section 5.2; without the offset a code of zeros would be well formed."""

_PAIRS: Final = tuple(combinations(range(1, _LENGTH // _GROUP + 1), 2))
_REFUSED_BYTE: Final = 255

_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LEFT_OUT_RANGES: Final = (
    (0x0009, 0x000D),
    (0x1680, 0x1680),
    (0x2000, 0x200F),
    (0x2010, 0x2015),
    (0x2018, 0x201F),
    (0x2022, 0x2022),
    (0x2028, 0x202F),
    (0x205F, 0x2064),
    (0x2212, 0x2212),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
_LEFT_OUT: Final = {
    **{code: None for first, last in _LEFT_OUT_RANGES for code in range(first, last + 1)},
    **{ord(each): None for each in " \x85\xa0\xad!\"#'()*+,-./:;<=>[]_|`"},
}
_CAPITALS: Final = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_LOOK_ALIKES: Final = {ord("O"): "0", ord("I"): "1", ord("L"): "1", ord("U"): "V"}
_READING: Final[tuple[Mapping[int, int | str | None], ...]] = (
    _WIDE,
    _LEFT_OUT,
    _CAPITALS,
    _LOOK_ALIKES,
)


@dataclass(frozen=True, eq=False)
class RecoveryCode:
    """A code that a person keeps; it prints as `<sealed>`."""

    secret: Secret

    @classmethod
    def read(cls, typed: str) -> "RecoveryCode":
        """What a person typed or pasted (section 5.4).

        Raises NotARecoveryCode, RecoveryCodeHasWrongLength or RecoveryCodeIsMistyped.
        """
        numbers = _numbers(typed)
        if len(numbers) != _LENGTH:
            raise RecoveryCodeHasWrongLength(len(numbers))
        if _check(numbers[:_CARRIED]) != numbers[_CARRIED:]:
            raise RecoveryCodeIsMistyped
        bits = reduce(lambda value, number: value << _BITS | number, numbers[:_CARRIED])
        return cls(Secret((bits << _SPARE_BITS).to_bytes(CODE_SECRET_BYTES, "big")))

    def __repr__(self) -> str:
        return "<sealed>"

    @property
    def groups(self) -> tuple[str, ...]:
        """The six groups of five letters, to be shown to the person and nobody else."""
        bits = int.from_bytes(self.secret.reveal(), "big") >> _SPARE_BITS
        places = range(_BITS * (_CARRIED - 1), -1, -_BITS)
        numbers = [bits >> place & 31 for place in places]
        letters = "".join(LETTERS[each] for each in (*numbers, *_check(numbers)))
        return tuple(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))

    def reveal(self) -> str:
        """The code as it is written down (section 5.3)."""
        return "-".join(self.groups)

    def require_typed_back(self, groups: tuple[int, int], typed: str) -> None:
        """Refuse unless these two groups, counted from 1, were typed (section 5.5); raises TypedBackDiffers."""
        if _letters(typed) != "".join(self.groups[each - 1] for each in groups):
            raise TypedBackDiffers


def new_recovery_code(random: Random = system_random) -> RecoveryCode:
    """A new code (section 5.1)."""
    drawn = int.from_bytes(draw(random, CODE_SECRET_BYTES), "big")
    kept = drawn >> _SPARE_BITS << _SPARE_BITS
    return RecoveryCode(Secret(kept.to_bytes(CODE_SECRET_BYTES, "big")))


def groups_to_type_back(random: Random = system_random) -> tuple[int, int]:
    """Which two groups a person types back, counted from 1 (section 5.5)."""
    # Fifteen pairs do not divide 256, so one value of a byte is drawn again.
    while (drawn := draw(random, 1)[0]) == _REFUSED_BYTE:
        pass
    return _PAIRS[drawn % len(_PAIRS)]


def _letters(typed: str) -> str:
    for step in _READING:
        typed = typed.translate(step)
    return typed


def _numbers(typed: str) -> list[int]:
    letters = _letters(typed[:_MOST_TYPED])
    if len(typed) > _MOST_TYPED or not set(letters) <= set(LETTERS):
        raise NotARecoveryCode
    return [LETTERS.index(each) for each in letters]


def _check(numbers: list[int]) -> list[int]:
    """The remainder by the generator (section 5.2)."""
    rest = [0] * _CHECKS
    for number in numbers:
        factor = number ^ rest[0]
        shifted = (*rest[1:], 0)
        rest = [old ^ _times(factor, by) for old, by in zip(shifted, _GENERATOR, strict=True)]
    return [each ^ offset for each, offset in zip(rest, _OFFSET, strict=True)]


def _times(one: int, other: int) -> int:
    product = 0
    for bit in range(_BITS):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(2 * _BITS - 2, _BITS - 1, -1):
        if product >> bit & 1:
            product ^= _FIELD << bit - _BITS
    return product
