"""The relationships of a person on both sides, as their own pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from api.errors import NotThereYet
from projections.my_caseload import CaseloadRelationship
from projections.my_mentoring import OwnRelationship
from projections.reader import NotYet, Reader

MENTEES = msgspec.json.Decoder(OwnRelationship)
MENTORS = msgspec.json.Decoder(CaseloadRelationship)


@dataclass(frozen=True, slots=True)
class Known:
    """One relationship, and which part in it is theirs."""

    part: str
    document: OwnRelationship | CaseloadRelationship


def known_relationships(reader: Reader, person: UUID) -> Sequence[Known]:
    """All of them, as a mentee and as a mentor; raises NotThereYet."""
    try:
        own, caseload = reader.my_mentoring(person), reader.my_caseload(person)
    except NotYet:
        raise NotThereYet from None
    return [
        *(Known("mentee", MENTEES.decode(view.document)) for view in own),
        *(Known("mentor", MENTORS.decode(document)) for document in caseload),
    ]
