"""Looks through what somebody is about to keep for what may be confidential: a warning before saving, never a ban.

It says in which part something stands and of what kind it is, and repeats nothing of it. Of people and
organisations it knows only the names that it is handed, which are those that the writer can read themselves.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

SHORTEST_NAME = 3
"""Shorter parts of names are words of everyday language too often."""


class Suspicion(StrEnum):
    """What it may be."""

    PARTNER = "partner"
    ORGANISATION = "organisation"
    MAIL_ADDRESS = "mail_address"
    TELEPHONE = "telephone"
    POSTCODE = "postcode"
    STREET = "street"
    LINK = "link"


PATTERNS = {
    Suspicion.MAIL_ADDRESS: re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}\.[^\s@<>.]{2,}"),
    Suspicion.TELEPHONE: re.compile(r"(?<!\w)\+?\(?\d(?:[ ().-]{0,2}\d){9,14}(?!\w)"),
    Suspicion.POSTCODE: re.compile(
        r"\b[A-Z]{1,2}\d[A-Z\d]?[ \t]?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE
    ),
    Suspicion.STREET: re.compile(
        r"\b\d{1,4}[a-z]?,?[ \t]+(?:[A-Z][\w\u2019'-]*[ \t]+){1,3}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Way|Court|Place|Terrace|Crescent|Gardens)\b"
    ),
    Suspicion.LINK: re.compile(r"\b(?:https?://|www\.)\S{3,}", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names that the writer's own record knows of, and they can read."""

    partners: Collection[str] = ()
    organisations: Collection[str] = ()

    def __repr__(self) -> str:
        """Names do not print."""
        return "<sealed>"


@dataclass(frozen=True, slots=True, order=True)
class Suspected:
    """Where something stands, and what it may be; never what it says."""

    part: str
    what: Suspicion


def suspected_in(parts: Mapping[str, str], known: KnownNames) -> list[Suspected]:
    """Each kind of suspicion once for each part, in the order of the parts."""
    return [
        Suspected(part, what) for part, text in parts.items() for what in _found_in(text, known)
    ]


def _found_in(text: str, known: KnownNames) -> list[Suspicion]:
    found = []
    if any(_names(text, each) for name in known.partners for each in _parts_of(name)):
        found.append(Suspicion.PARTNER)
    if any(_names(text, each) for each in known.organisations):
        found.append(Suspicion.ORGANISATION)
    return found + [what for what, pattern in PATTERNS.items() if pattern.search(text)]


def _parts_of(name: str) -> list[str]:
    """A first or a last name is enough to know somebody by."""
    return [each for each in re.split(r"[\s.,]+", name) if len(each) >= SHORTEST_NAME]


def _names(text: str, name: str) -> bool:
    words = r"\s+".join(map(re.escape, name.casefold().split()))
    return bool(words) and re.search(rf"(?<!\w){words}(?!\w)", text.casefold()) is not None
