"""A person's whole record as files that programs and people read, made in memory and kept nowhere (docs/specs/export.md).

Each sheet comes as JSON with its schema and as CSV, everything once more as one page to read, and consents as DPV JSON-LD. What is not
in it is named with its reason. Nothing is handed out before all of it is there.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from api.carrying_out import carry_out
from api.errors import NotThereYet, RecordIsTooLarge
from api.records.cpd_paper import plain_day
from api.records.invoice_csv import safe_cell
from api.records.own_words import LeftOutRow, WordsRow, WordsTaken
from api.records.receipts import ReceiptAnswer
from api.records.record_jsonld import consents_as_jsonld
from api.records.record_sheets import SHEETS, Rows, Sheet, Sources
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, Look, RecordKind
from domain.commands.access import record_taking_out
from domain.mentoring import Order
from domain.values import Act
from projections.cpd_portfolio import CPD_PORTFOLIO
from projections.desks import DESKS
from projections.my_caseload import MY_CASELOAD
from projections.my_mentoring import MY_MENTORING
from projections.own_places import OWN_PLACES
from projections.own_words import OWN_WORDS
from projections.reader import NotYet

FORMAT = "vouchsafe-record/1"
LARGEST = 64 * 1024**2
"""In octets, all files together: what is opened is kept in memory alone."""
ROWS_TO_READ = 500
"""So many of a sheet stand on the page; the rest is in the sheet's own files."""
MOST_ROWS = 50_000
"""Of one sheet."""
PATIENCE_SECONDS = 5.0
SEEN_IN = [
    each.name for each in (OWN_WORDS, MY_MENTORING, MY_CASELOAD, CPD_PORTFOLIO, DESKS, OWN_PLACES)
]
"""The read models from which something is taken."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"

File: TypeAlias = tuple[str, bytes]

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet with its rows."""

    sheet: Sheet
    rows: Sequence[BaseModel]

    @property
    def shown(self) -> list[dict[str, str]]:
        """What stands on the page, each cell in letters."""
        shown = (each.model_dump(mode="json") for each in self.rows[:ROWS_TO_READ])
        return [{name: _for_eyes(value) for name, value in row.items()} for row in shown]


@dataclass(frozen=True)
class WholeRecord:
    """One person's record at one moment."""

    sources: Sources
    words: WordsTaken

    def begin(self, caller: Caller, *, recorded: int) -> None:
        """Wait until everything can be seen, and record that all of it is taken out; raises NotThereYet."""
        try:
            for name in SEEN_IN:
                self.sources.reader.wait_for(name, recorded, PATIENCE_SECONDS)
        except NotYet:
            raise NotThereYet from None
        kind, purpose = RecordKind.WHOLE_RECORD, AccessPurpose.OWN_RECORD
        look = Look(role=caller.role, kind=kind, purpose=purpose, authority=Authority.OWN_RECORD)
        mentoring, order = (
            self.sources.mentoring,
            Order(Act(caller.person, self.sources.now), uuid4()),
        )
        carry_out(lambda: record_taking_out(mentoring, order, looks=[(caller.person, look)]))

    def files(self, sealed: Iterator[File]) -> Iterator[File]:
        """What is sealed for them alone, and then every file below `data/record/`; raises RecordIsTooLarge."""
        octets = 0
        for path, content in chain(sealed, self._files()):
            octets += len(content)
            if octets > LARGEST:
                raise RecordIsTooLarge
            yield path, content

    def _files(self) -> Iterator[File]:
        left_out = list(self.words.left_out())
        filled = [Filled(sheet, self._rows(sheet)) for sheet in self._sheets(left_out)]
        for each in filled:
            name, rows = each.sheet.name, each.rows
            yield f"record/{name}.json", _as_json(self, each)
            yield f"record/{name}.schema.json", _encoded(schema_of(each.sheet))
            yield f"record/{name}.csv", _as_csv(each.sheet.row, rows)
            if each.sheet.row is ReceiptAnswer:
                receipts = [row for row in rows if isinstance(row, ReceiptAnswer)]
                yield "record/consents.jsonld", _encoded(consents_as_jsonld(receipts))
        yield "record/index.html", self._page(filled).encode()

    def _rows(self, sheet: Sheet) -> list[BaseModel]:
        rows = list(islice(sheet.rows(self.sources), MOST_ROWS + 1))
        if len(rows) > MOST_ROWS:
            raise RecordIsTooLarge
        return rows

    def _sheets(self, left_out: Sequence[LeftOutRow]) -> Iterator[Sheet]:
        yield Sheet(
            "words", "What you gave us, in your own words", WordsRow, _always(self.words.rows)
        )
        yield from SHEETS
        missing = _always(lambda: left_out)
        yield Sheet("left-out", "What is not in here, and why", LeftOutRow, missing)

    def _page(self, filled: Sequence[Filled]) -> str:
        sources = self.sources
        return PAGES.get_template("record.html").render(
            filled=filled,
            person=sources.person,
            day=plain_day(sources.now.date()),
            most=ROWS_TO_READ,
        )


def schema_of(sheet: Sheet) -> dict[str, Any]:
    """The JSON Schema of a sheet's file."""
    row = sheet.row.model_json_schema(mode="serialization")
    definitions = row.pop("$defs", {})
    facts = {"format": {"const": FORMAT}, "sheet": {"const": sheet.name}}
    heads = {"person": {"type": "string", "format": "uuid"}, "made_at": {"type": "string"}}
    properties = facts | heads | {"rows": {"type": "array", "items": row}}
    return {
        "$schema": DIALECT,
        "title": sheet.heading,
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
        "$defs": definitions,
    }


def _always(rows: Any) -> Rows:
    return lambda _sources: iter(rows())


def _as_json(record: WholeRecord, filled: Filled) -> bytes:
    sources = record.sources
    return _encoded(
        {
            "format": FORMAT,
            "sheet": filled.sheet.name,
            "person": str(sources.person),
            "made_at": sources.now.isoformat(),
            "rows": [each.model_dump(mode="json") for each in filled.rows],
        }
    )


def _as_csv(row: type[BaseModel], rows: Iterable[BaseModel]) -> bytes:
    """Every cell quoted, and none that a spreadsheet would run; begins with the mark by which spreadsheets know UTF-8."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(row.model_fields)
    for each in rows:
        writer.writerow([safe_cell(cell) for cell in _in_letters(each).values()])
    return text.getvalue().encode("utf-8-sig")


def _in_letters(row: BaseModel) -> dict[str, str]:
    return {name: _cell(value) for name, value in row.model_dump(mode="json").items()}


def _for_eyes(value: Any) -> str:
    """A form as its lines; everything else as in a spreadsheet."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_cell(each)}" for name, each in value.items() if each)
    return _cell(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _encoded(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
