"""Which enquiries wait for an answer: when each was made, by what kind of asker, where it stands and since when; no words."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import aiosql

from domain.aggregate import Aggregate
from domain.enquiry import Enquiry
from projections.log import Entry
from projections.read_model import ReadModel, Tables


class EnquiryStage(StrEnum):
    """Where an enquiry stands."""

    OPEN = "open"
    ANSWERED = "answered"
    FORGOTTEN = "forgotten"


STAGES: Mapping[type[object], EnquiryStage] = {
    Enquiry.Answered: EnquiryStage.ANSWERED,
    Enquiry.Replied: EnquiryStage.ANSWERED,
    Enquiry.Forgotten: EnquiryStage.FORGOTTEN,
}


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Enquiries are rare, so each event is written by itself."""
    for entry in entries:
        event = entry.event
        if isinstance(event, Enquiry.Created):
            tables.run(
                "make",
                enquiry=entry.stream,
                position=entry.position,
                kind=event.kind.value,
                made_at=event.timestamp,
            )
        else:
            _change(tables, entry)


def _change(tables: Tables, entry: Entry) -> None:
    event = entry.event
    if isinstance(event, Aggregate.Event):
        stage = STAGES[type(event)]
        tables.run("change", enquiry=entry.stream, stage=stage.value, since=event.timestamp)


ENQUIRIES = ReadModel(
    name="enquiries",
    version=2,
    tables=("enquiry",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=frozenset(
        {
            each.TOPIC
            for each in (Enquiry.Created, Enquiry.Answered, Enquiry.Replied, Enquiry.Forgotten)
        }
    ),
    apply=apply,
)
