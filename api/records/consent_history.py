"""The history of other people's consents: whoever looks is recorded for everybody on the page, before it is shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends

from api.carrying_out import carry_out
from api.dependencies import MentoringPart, ReaderPart
from api.errors import NotThereYet
from api.records.looks import PURPOSES
from api.records.relations import own_partners
from domain.access import CONSENT_READERS, Caller, require_role
from domain.access_register import Authority, Look, RecordKind
from domain.commands.access import record_listing
from domain.mentoring import Mentoring, Order
from domain.values import Act
from projections.consent_questions import HistoryFilter, HistoryRow, history
from projections.reader import NotYet, Reader

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Changes, newest first, and where the page after begins, if there is one."""

    rows: Sequence[HistoryRow]
    next: int | None


@dataclass(frozen=True)
class ConsentHistory:
    """Shows pages of changes under pseudonyms; never one's own nor a mentoring partner's."""

    mentoring: Mentoring
    reader: Reader

    def page(
        self, caller: Caller, wanted: HistoryFilter, *, now: datetime, most: int = ROWS_A_PAGE
    ) -> HistoryPage:
        """One page, once the look is recorded; raises NotThereYet."""
        require_role(caller, *CONSENT_READERS)
        try:
            rows = history(self.reader, wanted, most)
            own = own_partners(self.reader, caller.person)
        except NotYet:
            raise NotThereYet from None
        shown = [row for row in rows if row.person not in own]
        self._record(caller, {row.person for row in shown}, now)
        return HistoryPage(shown, rows[-1].position if len(rows) == most else None)

    def _record(self, caller: Caller, people: Collection[UUID], now: datetime) -> None:
        if not people:
            return
        look = Look(
            role=caller.role,
            kind=RecordKind.CONSENTS,
            purpose=PURPOSES[caller.role],
            authority=Authority.ASSIGNED_DUTY,
        )
        order = Order(Act(caller.person, now), uuid4())
        persons = sorted(people)
        carry_out(lambda: record_listing(self.mentoring, order, persons=persons, look=look))


def consent_history_of(mentoring: MentoringPart, reader: ReaderPart) -> ConsentHistory:
    """What shows the history of consents."""
    return ConsentHistory(mentoring, reader)


ConsentHistoryPart = Annotated[ConsentHistory, Depends(consent_history_of)]
