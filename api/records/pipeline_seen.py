"""The pipeline as one coordinator may see it: never a relationship that they are or were in.

The API and the pages take it from here, so that neither can forget to ask.
"""

from uuid import UUID

from domain.relationship_state import Stage
from projections.reader import Cursor, Page, Reader


def pipeline_seen(
    reader: Reader, coordinator: UUID, *, after: Cursor | None, most: int, stage: Stage | None
) -> Page:
    """One page, the longest waiting first; raises NotYet."""
    return reader.pipeline(after=after, most=most, stage=stage, hidden_from=coordinator)


def counts_seen(reader: Reader, coordinator: UUID) -> dict[Stage, int]:
    """How many relationships stand in each stage; raises NotYet."""
    return reader.pipeline_counts(hidden_from=coordinator)
