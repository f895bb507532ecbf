"""The people, strands and epochs that every vector is about, and how a vector writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crypto.sealing import Audience, ExpectedEpoch, Granted, Strand, grant_epoch, new_identity
from tests.vectors.sealed_note_maker import forge

NOTEBOOK = UUID("6e6f7465-626f-4f6b-8000-000000000001")
ELSEWHERE = UUID("6e6f7465-626f-4f6b-8000-000000000002")
SHARED, OWN = Strand(NOTEBOOK, Audience.SHARED), Strand(NOTEBOOK, Audience.OWN)
PEOPLE = {
    name: new_identity(forge.SeededRandom(name))
    for name in ("mentee", "mentor", "successor", "stranger")
}
MENTEE, MENTOR, SUCCESSOR, STRANGER = PEOPLE.values()

Case = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A grant and what its reader expects of it; the vector's own words for an ExpectedEpoch."""

    granter: str
    readers: tuple[str, ...]
    strand: Strand = SHARED
    previous: str | None = None
    joined_at: int = 1

    def expected(self, epochs: Mapping[str, Granted]) -> ExpectedEpoch:
        readers = [PEOPLE[name].public for name in self.readers]
        previous = epochs[self.previous].notebook_key.epoch if self.previous else None
        return ExpectedEpoch(
            self.strand, PEOPLE[self.granter].public, readers, previous, self.joined_at
        )

    def as_json(self) -> Case:
        return {
            "notebook_id": str(self.strand.notebook_id),
            "audience": self.strand.audience.name.lower(),
            "granter": self.granter,
            "readers": list(self.readers),
            "previous": self.previous,
            "joined_at": self.joined_at,
        }


SHARED_1 = Asked("mentee", ("mentee", "mentor"))
SHARED_2 = Asked("mentee", ("mentee", "successor"), previous="shared-1")
OWN_1 = Asked("mentee", ("mentee",), strand=OWN)
ASKED = {"shared-1": SHARED_1, "shared-2": SHARED_2, "own-1": OWN_1}


def make_grants() -> dict[str, Granted]:
    grants: dict[str, Granted] = {}
    for name, asked in ASKED.items():
        place = asked.expected(grants)
        grants[name] = grant_epoch(
            PEOPLE[asked.granter],
            place.readers,
            strand=place.strand,
            previous=place.previous,
            random=forge.SeededRandom(name),
        )
    return grants
