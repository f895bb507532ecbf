"""The pipeline as one coordinator may see it: never a relationship that they are or were in.

The API and the pages take it from here, so that neither can forget to ask.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import msgspec

from domain.relationship_state import Stage
from projections.reader import Cursor, Page, Reader


class _Placed(msgspec.Struct):
    """As much of a document as it takes to leave it out."""

    id: UUID
    stage: Stage


def pipeline_seen(
    reader: Reader, coordinator: UUID, *, after: Cursor | None, most: int, stage: Stage | None
) -> Page:
    """One page, the longest waiting first; raises NotYet."""
    page = reader.pipeline(after=after, most=most, stage=stage)
    own = _own(reader, coordinator)
    aside = tuple(each for each in page.set_aside if each not in own)
    return replace(page, documents=_without(page.documents, own), set_aside=aside)


def counts_seen(reader: Reader, coordinator: UUID) -> dict[Stage, int]:
    """How many relationships stand in each stage; raises NotYet."""
    counts = reader.pipeline_counts()
    for relationship in _own(reader, coordinator):
        document = reader.pipeline_row(relationship)
        if document is not None:
            stage = _placed(document).stage
            # Counted and read one after the other: a change between them must not go below none.
            counts[stage] = max(counts[stage] - 1, 0)
    return counts


def _own(reader: Reader, coordinator: UUID) -> set[UUID]:
    return {each.relationship for each in reader.participation_of(coordinator)}


def _without(documents: tuple[str, ...], own: Collection[UUID]) -> tuple[str, ...]:
    """Documents are read only for those who are in any."""
    if not own:
        return documents
    return tuple(each for each in documents if _placed(each).id not in own)


def _placed(document: str) -> _Placed:
    return msgspec.json.decode(document, type=_Placed)
