"""What a paper's own fonts can show: words as they are printed, line by line, each in its direction.

A character that they do not have is named in square brackets where it has a telling name, and counted.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

SHOWN = (
    (0x20, 0x484),
    (0x487, 0x4FF),
    (0x510, 0x513),
    (0x51A, 0x51D),
    (0x531, 0x60C),
    (0x615, 0x615),
    (0x61B, 0x61B),
    (0x61F, 0x61F),
    (0x621, 0x63A),
    (0x640, 0x655),
    (0x65A, 0x65A),
    (0x660, 0x66D),
    (0x674, 0x674),
    (0x679, 0x67B),
    (0x67E, 0x680),
    (0x683, 0x684),
    (0x686, 0x687),
    (0x691, 0x691),
    (0x698, 0x698),
    (0x6A4, 0x6A4),
    (0x6A9, 0x6A9),
    (0x6AF, 0x6AF),
    (0x6BE, 0x6BE),
    (0x6CC, 0x6CC),
    (0x6F0, 0x6F9),
    (0x1E00, 0x20D8),
    (0x20DB, 0x2151),
    (0x2153, 0x2184),
    (0x2189, 0x2189),
    (0x2190, 0x23FF),
    (0x2500, 0x262F),
    (0x2638, 0x268B),
    (0x2690, 0x269C),
    (0x26A0, 0x26A7),
    (0x26AA, 0x26B2),
)
"""Ranges of what the fonts have; a test sets every character of them."""
STARTS = [first for first, _ in SHOWN]

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control characters, what turns the direction of text, and what is no character."""
NAMED = frozenset({"So", "Sk", "Sm", "Sc"})
NOT_SHOWN = "[…]"
LONGEST_UNBROKEN = 30
WHERE_TO_BREAK = re.compile(rf"(\S{{{LONGEST_UNBROKEN}}})(?=\S)")
SOFT_BREAK = "\u200b"
FROM_THE_RIGHT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was written, and whether it is read from the right."""

    text: str
    is_from_right: bool

    def as_words(self) -> dict[str, object]:
        """The same for a template."""
        return {"text": self.text, "rtl": self.is_from_right}


def lines_of(text: str) -> list[Line]:
    """What a paper shows of a text; empty lines go."""
    shown = (_line(each) for each in text.replace("\t", " ").splitlines())
    return [each for each in shown if each.text]


def lacks_characters(text: str) -> bool:
    """Whether something of the text cannot be shown, and is named or marked instead."""
    return any(_is_visible(each) and not _is_shown(each) for each in text)


def _line(text: str) -> Line:
    first = next((_direction(each) for each in text if _direction(each) in DIRECTED), "L")
    shown = re.sub(rf"({re.escape(NOT_SHOWN)})+", NOT_SHOWN, "".join(map(_as_shown, text)))
    return Line(
        WHERE_TO_BREAK.sub(rf"\1{SOFT_BREAK}", shown.strip()), is_from_right=first in FROM_THE_RIGHT
    )


DIRECTED = FROM_THE_RIGHT | {"L"}


def _direction(character: str) -> str:
    return unicodedata.bidirectional(character)


def _as_shown(character: str) -> str:
    if not _is_visible(character):
        return ""
    if _is_shown(character):
        return character
    if unicodedata.category(character) in NAMED:
        return f"[{unicodedata.name(character, 'a sign').lower()}]"
    return NOT_SHOWN


def _is_visible(character: str) -> bool:
    if unicodedata.category(character) in UNSEEN:
        return False
    return not 0xFE00 <= ord(character) <= 0xFE0F  # noqa: PLR2004 - variation selectors, which only say how


def _is_shown(character: str) -> bool:
    place = bisect_right(STARTS, ord(character)) - 1
    return place >= 0 and ord(character) <= SHOWN[place][1]
