"""Finds what must stay secret in any bytes, in every form that programs write text in; never prints it."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.leaks.sentinels import Script, Sentinels

OVERLAP = 1024
UNNAMED = "a part of a sentinel"
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, order=True)
class Hit:
    """Where something was found, what it was, and in which form it stood there."""

    place: str
    name: str
    form: str

    def __str__(self) -> str:
        return f"{self.name}, as {self.form}, in {self.place}"


@dataclass(frozen=True)
class Needle:
    """Bytes to look for; `names` tells by what stands there, which is always as long, which secret it was."""

    form: str
    pattern: bytes
    is_folded: bool
    length: int
    names: Mapping[bytes, str]

    def find_in(self, data: bytes, folded: bytes) -> Iterator[str]:
        """The names of what is found."""
        hay = folded if self.is_folded else data
        at = hay.find(self.pattern)
        while at >= 0:
            yield self.names.get(hay[at : at + self.length], UNNAMED)
            at = hay.find(self.pattern, at + 1)


class Searcher:
    """Looks for all its needles at once."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._needles = list(needles)

    def search(self, place: str, data: bytes) -> set[Hit]:
        """Everything found in these bytes."""
        if data == bytes(len(data)):
            return set()
        folded = data.lower()
        return {
            Hit(place, name, needle.form)
            for needle in self._needles
            for name in set(needle.find_in(data, folded))
        }

    def search_chunks(self, place: str, chunks: Iterable[bytes]) -> set[Hit]:
        """The same for what is too large to hold; nothing is missed where two chunks meet."""
        hits: set[Hit] = set()
        tail = b""
        for chunk in chunks:
            hits |= self.search(place, tail + chunk)
            tail = chunk[-OVERLAP:]
        return hits


def sentinel_needles(sentinels: Sentinels) -> list[Needle]:
    """A needle for each script and form of the stem that all these sentinels share."""
    return [needle for script in Script for needle in _needles_of(sentinels, script)]


def secret_needles(named: Mapping[str, bytes]) -> list[Needle]:
    """Needles for bytes such as keys: plain, in hexadecimal and in base64."""
    return [
        Needle(form, pattern, is_folded, len(pattern), {pattern: name})
        for name, secret in named.items()
        for form, pattern, is_folded in _forms_of_bytes(secret)
    ]


def _needles_of(sentinels: Sentinels, script: Script) -> Iterator[Needle]:
    marks = [(sentinels.mark(each, script), each.name) for each in sentinels.all]
    named = [(dict(_by_form(mark)), name) for mark, name in marks]
    for form, pattern, is_folded in _forms(sentinels.stems[script]):
        names = {full[form]: name for full, name in named}
        (length,) = {len(full) for full in names} or {0}
        yield Needle(form, pattern, is_folded, length, names)


def _by_form(text: str) -> Iterator[tuple[str, bytes]]:
    for form, pattern, _ in _forms(text):
        yield form, pattern


def _forms(text: str) -> Iterator[tuple[str, bytes, bool]]:
    """Every form of a text; case is folded in all but base64."""
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
        # Without the zeros at its ends, or else finding it in a field of zeros takes for ever.
        yield encoding, text.encode(encoding).lower().strip(b"\0"), True
    if not text.isascii():
        yield "escaped JSON", text.encode("ascii", "backslashreplace").lower(), True
    data = text.encode()
    yield "URL", "".join(f"%{byte:02x}" for byte in data).encode(), True
    yield "plain text", data.lower(), True
    yield from _armoured(data)


def _forms_of_bytes(secret: bytes) -> Iterator[tuple[str, bytes, bool]]:
    yield "plain bytes", secret, False
    yield from _armoured(secret)


def _armoured(data: bytes) -> Iterator[tuple[str, bytes, bool]]:
    yield "hexadecimal", data.hex().encode(), True
    for shift in range(3):
        encoded = _base64_at(data, shift)
        yield f"base64 at {shift}", encoded, False
        if encoded.translate(URL_SAFE) != encoded:
            yield f"URL-safe base64 at {shift}", encoded.translate(URL_SAFE), False


URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _base64_at(data: bytes, shift: int) -> bytes:
    """What base64 makes of these bytes when `shift` bytes of a group of three stand before them."""
    encoded = base64.b64encode(bytes(shift) + data)
    whole = 8 * (shift + len(data)) // 6
    return encoded[(0, 2, 3)[shift] : whole]
