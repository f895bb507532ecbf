"""Vectors of section 4.5: entries to refuse, some of them signed by their authors."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crypto.sealing import EMPTY, Granted, SealedEntry
from tests.vectors.sealed_note_maker import forge
from tests.vectors.sealed_note_maker.entries import entry_id_of, slot_json
from tests.vectors.sealed_note_maker.world import MENTEE, MENTOR, STRANGER, Case

ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


class Refusals:
    """Entries to refuse, each made from the first good entry of the shared strand."""

    def __init__(self, made: Mapping[str, Granted], good: Mapping[str, SealedEntry]) -> None:
        self.made, self.good = made, good
        self.key = made["shared-1"].notebook_key
        self.slot = EMPTY.next(entry_id_of(1))
        self.first, self.second = list(good.values())[:2]
        self.forger = forge.EntryForger(MENTEE, self.key, self.first.entry[:156])
        self.by_mentor = forge.EntryForger(MENTOR, self.key, self.first.entry[:156])

    def all(self) -> list[Case]:
        return [*self.forms(), *self.places(), *self.authors(), *self.bodies(), *self.keys()]

    def row(self, error: str, name: str, sealed: SealedEntry, **changes: Any) -> Case:
        asked = {"grant": "shared-1", "author": None, **slot_json(self.slot), **changes}
        return {
            "name": name,
            **asked,
            "entry": sealed.entry.hex(),
            "wrapped_key": sealed.wrapped_key.hex(),
            "error": error,
        }

    def forms(self) -> list[Case]:
        entry, wrapped = self.first.entry, self.first.wrapped_key
        headers = [
            ("an unknown audience", entry[:3] + b"\x03" + entry[4:156]),
            ("epoch 0", entry[:20] + bytes(4) + entry[24:156]),
            ("an entry that amends itself", entry[:108] + entry[56:72] + entry[124:156]),
            ("position 0", entry[:72] + bytes(4) + entry[76:156]),
        ]
        entries = [
            ("an unknown version", b"\x02" + entry[1:]),
            ("another form", b"\x01\x06" + entry[2:]),
            ("a lower suite", entry[:2] + b"\x00" + entry[3:]),
            ("one byte short", entry[:-1]),
            ("one byte over", entry + b"\x00"),
            ("only a header", entry[:156]),
            ("no bytes", b""),
            *((name, self.forger.sign(header + entry[156:-64])) for name, header in headers),
        ]
        keys = [
            ("a wrapped key of an unknown version", b"\x02" + wrapped[1:]),
            ("a wrapped key one byte short", wrapped[:-1]),
            ("no wrapped key", b""),
        ]
        return [
            *(
                self.row("UnknownFormat", name, replace(self.first, entry=data))
                for name, data in entries
            ),
            *(
                self.row("UnknownFormat", name, replace(self.first, wrapped_key=data))
                for name, data in keys
            ),
        ]

    def places(self) -> list[Case]:
        error, first = "EntryBelongsElsewhere", self.first
        return [
            self.row(error, "replayed in another epoch", first, grant="shared-2"),
            self.row(error, "replayed as own", first, grant="own-1"),
            self.row(error, "replayed at another position", first, position=2),
            self.row(error, "replayed after another entry", first, previous_hash="01" * 32),
            self.row(error, "relabelled as an amendment", first, amends=str(entry_id_of(9))),
            self.row(error, "replayed as another entry", first, entry_id=str(entry_id_of(9))),
            self.row(error, "another entry in its place", self.second),
        ]

    def authors(self) -> list[Case]:
        entry = self.first.entry
        by_stranger = entry[:124] + STRANGER.public.key_id
        scalar = int.from_bytes(entry[-32:], "little") + ED25519_ORDER
        as_mentor = self.forger.with_header(entry[:124] + MENTOR.public.key_id)
        padded = b"\x01" + bytes(1023)
        signed = "SignatureIsNotTheAuthors"
        return [
            self.row(
                "WrongAuthor",
                "written by nobody who reads",
                forge.EntryForger(STRANGER, self.key, by_stranger).seal_padded(padded),
            ),
            self.row("WrongAuthor", "another author than expected", self.first, author="mentor"),
            self.row(
                signed,
                "forged by the mentor in the mentee's name",
                self.by_mentor.seal_padded(padded),
            ),
            self.row(
                signed, "forged by the mentee in the mentor's name", as_mentor.seal_padded(padded)
            ),
            self.row(
                signed,
                "an altered signature",
                replace(self.first, entry=entry[:-1] + bytes((entry[-1] ^ 1,))),
            ),
            self.row(
                signed,
                "a signature with S not reduced",
                replace(self.first, entry=entry[:-32] + scalar.to_bytes(32, "little")),
            ),
            self.row(
                signed,
                "an altered ciphertext",
                replace(self.first, entry=entry[:216] + bytes((entry[216] ^ 1,)) + entry[217:]),
            ),
        ]

    def bodies(self) -> list[Case]:
        padded = [
            ("kind 0", bytes(1024)),
            ("kind 5", b"\x05" + bytes(1023)),
            ("a length that does not fit", b"\x01" + (1020).to_bytes(4, "big") + b"a" * 1019),
            ("the greatest length", b"\x01" + b"\xff" * 4 + b"a" * 1019),
            ("padding that is not zero", b"\x01" + bytes(1022) + b"\x01"),
            ("a larger bucket than needed", b"\x01" + bytes(4095)),
            ("text that is not UTF-8", b"\x01" + (1).to_bytes(4, "big") + b"\xff" + bytes(1018)),
            (
                "a surrogate in UTF-8",
                b"\x01" + (3).to_bytes(4, "big") + b"\xed\xa0\x80" + bytes(1016),
            ),
        ]
        return [
            self.row("BodyIsMalformed", name, self.forger.seal_padded(data))
            for name, data in padded
        ]

    def keys(self) -> list[Case]:
        entry, wrapped = self.first.entry, self.first.wrapped_key
        flipped = self.forger.sign(entry[:216] + bytes((entry[216] ^ 1,)) + entry[217:-64])
        altered = "EntryWasAltered"
        under_second_key = self.forger.two_keys()[1]
        return [
            self.row(
                altered,
                "an altered wrapped key",
                replace(self.first, wrapped_key=wrapped[:-1] + bytes((wrapped[-1] ^ 1,))),
            ),
            self.row(
                altered,
                "another entry's wrapped key",
                replace(self.first, wrapped_key=self.second.wrapped_key),
            ),
            self.row(
                altered, "a ciphertext altered by its author", replace(self.first, entry=flipped)
            ),
            self.row(
                "CommitmentDoesNotMatch",
                "another entry key, well wrapped",
                replace(self.first, wrapped_key=self.forger.wrap(b"\x03" * 32)),
            ),
            self.row(
                "CommitmentDoesNotMatch",
                "a signed ciphertext that opens under two keys",
                under_second_key,
            ),
        ]
