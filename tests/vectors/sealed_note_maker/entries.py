"""Vectors of section 4: good entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from crypto.sealing import EMPTY, Body, Granted, Kind, SealedEntry, Slot, seal_entry
from tests.vectors.sealed_note_maker import forge
from tests.vectors.sealed_note_maker.world import PEOPLE, Case


def entry_id_of(number: int) -> UUID:
    return UUID(int=(0x656E7472 << 96) + (0x4000_8000 << 48) + number)


@dataclass(frozen=True)
class Written:
    """A good entry: which grant, whose, after which tip, and what it says `times` times."""

    grant: str
    author: str
    slot: Slot
    kind: Kind
    text: str
    times: int = 1

    def seal(self, made: Mapping[str, Granted], random: forge.SeededRandom) -> SealedEntry:
        return seal_entry(
            Body(self.kind, self.text * self.times),
            self.slot,
            author=PEOPLE[self.author],
            notebook_key=made[self.grant].notebook_key,
            random=random,
        )

    def as_json(self, name: str, sealed: SealedEntry, drawn: bytes) -> Case:
        small = len(sealed.entry) < 5000
        return {
            "name": name,
            "grant": self.grant,
            "author": self.author,
            **slot_json(self.slot),
            "kind": self.kind.name.lower(),
            "text": self.text,
            "times": self.times,
            "randomness": drawn.hex(),
            "entry_length": len(sealed.entry),
            "entry_hash": sealed.tip.entry_hash.hex(),
            "entry": sealed.entry.hex() if small else None,
            "wrapped_key": sealed.wrapped_key.hex(),
        }


def slot_json(slot: Slot) -> Case:
    return {
        "entry_id": str(slot.entry_id),
        "position": slot.position,
        "previous_hash": slot.previous_hash.hex(),
        "amends": str(slot.amends) if slot.amends else None,
    }


def make_entries(made: Mapping[str, Granted]) -> tuple[list[Case], dict[str, SealedEntry]]:
    cases, sealed = [], {}
    tip = EMPTY
    rows: list[tuple[str, str, str, Kind, str, int]] = [
        (
            "a note by the mentee",
            "shared-1",
            "mentee",
            Kind.NOTE,
            "Sentinel: the rota was changed without a word.",
            1,
        ),
        (
            "a goal by the mentor, not only ASCII",
            "shared-1",
            "mentor",
            Kind.GOAL,
            "Sentinel: naïve café, ọrẹ́, 友, 🌱",
            1,
        ),
        (
            "a goal review that fills the smallest bucket",
            "shared-1",
            "mentor",
            Kind.GOAL_REVIEW,
            "r",
            1019,
        ),
        ("a reflection one byte over it", "shared-2", "mentee", Kind.REFLECTION, "r", 1020),
        ("a note in the third bucket", "shared-2", "successor", Kind.NOTE, "é", 4000),
        ("the longest note", "shared-2", "successor", Kind.NOTE, "n", 65531),
    ]
    for number, (name, grant, author, kind, text, times) in enumerate(rows, start=1):
        written = Written(grant, author, tip.next(entry_id_of(number)), kind, text, times)
        random = forge.SeededRandom(name)
        sealed[name] = written.seal(made, random)
        cases.append(written.as_json(name, sealed[name], random.drawn))
        tip = sealed[name].tip
    tip, amended = EMPTY, None
    for number, name in enumerate(("an empty own note", "an own note that amends it"), start=100):
        slot = tip.next(entry_id_of(number), amends=amended)
        own, random = Written("own-1", "mentee", slot, Kind.NOTE, ""), forge.SeededRandom(name)
        sealed[name] = own.seal(made, random)
        cases.append(own.as_json(name, sealed[name], random.drawn))
        tip, amended = sealed[name].tip, slot.entry_id
    return cases, sealed
