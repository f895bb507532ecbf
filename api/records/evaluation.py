"""What may be shown of how mentoring went: whole lots of answers alone, without dates, order or authors."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from api.errors import NotThereYet
from api.records.feedback import Said, said_in
from api.records.openings import Openings, Why
from api.records.relations import Apart
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.feedback import SCHEME, Agreement, Feedback, Statement, statements_about
from domain.feedback_box import FEWEST_ABOUT_A_MENTOR, FEWEST_ABOUT_THE_SCHEME
from domain.mentoring import Mentoring
from projections.evaluation_questions import ResponseRow, responses_about
from projections.reader import NotYet, Reader
from projections.small_numbers import counted_by_lot, shown_count

MINE = Why(RecordKind.FEEDBACK, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
BY_DUTY = Why(RecordKind.FEEDBACK, AccessPurpose.EVALUATING, Authority.ASSIGNED_DUTY)

Figures = Mapping[Statement, Mapping[Agreement, int | None] | None]
"""How many agreed how far; None for a count, or a statement, that is hidden."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is shown about a mentor, or about the scheme; `responses` is None where there are too few."""

    responses: int | None
    figures: Figures
    words: Sequence[str]

    def __repr__(self) -> str:
        return "<sealed>"


@dataclass(frozen=True)
class Evaluating:
    """Opens whole lots for whoever may read them; whom they are about reads that somebody did."""

    mentoring: Mentoring
    openings: Openings
    reader: Reader
    apart: Apart

    def about_mentor(self, caller: Caller, mentor: UUID, now: datetime) -> Evaluation:
        """What was said about mentoring with somebody, from five responses on; to them and to a coordinator."""
        self.apart.require(caller, mentor)
        lots = self._lots(caller, mentor, FEWEST_ABOUT_A_MENTOR, now)
        exact = {
            statement: _exact(_counts(lots, statement)) for statement in statements_about(mentor)
        }
        return Evaluation(sum(map(len, lots)) or None, exact, _words(lots))

    def about_scheme(self, caller: Caller, now: datetime) -> Evaluation:
        """What was said about the scheme, from ten on; counts are rounded and small ones hidden."""
        lots = self._lots(caller, SCHEME, FEWEST_ABOUT_THE_SCHEME, now)
        rounded = {
            statement: _rounded(_counts(lots, statement)) for statement in statements_about(SCHEME)
        }
        return Evaluation(shown_count(sum(map(len, lots))), rounded, _words(lots))

    def _lots(
        self, caller: Caller, about: UUID, fewest: int, now: datetime
    ) -> list[list[tuple[UUID, Said]]]:
        try:
            rows = responses_about(self.reader, about, before=beginning_of_week(now))
        except NotYet:
            raise NotThereYet from None
        whole = [lot for lot in _by_lot(rows) if len(lot) >= fewest]
        ids = [row.response for lot in whole for row in lot]
        why = MINE if caller.person == about else BY_DUTY
        values = [self.mentoring.load(Feedback, id).answers for id in ids]
        texts = self.openings.open_answers(caller, about, values, why, now=now) if ids else []
        opened = {id: said_in(text) for id, text in zip(ids, texts, strict=True) if text}
        lots = [
            [(r.response, opened[r.response]) for r in lot if r.response in opened] for lot in whole
        ]
        return [lot for lot in lots if len(lot) >= fewest]


def beginning_of_week(now: datetime) -> datetime:
    """New lots are shown from a Monday on: when somebody answered as the last of a lot is not for others to see."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def _by_lot(rows: Iterable[ResponseRow]) -> Iterable[list[ResponseRow]]:
    for _, lot in groupby(rows, key=lambda row: row.lot):
        yield list(lot)


def _counts(lots: Iterable[Sequence[tuple[UUID, Said]]], about: Statement) -> Counter[Agreement]:
    answers = ([said.agreed.get(about) for _, said in lot] for lot in lots)
    return counted_by_lot(answers, FEWEST_ABOUT_A_MENTOR)


def _exact(counts: Counter[Agreement]) -> Mapping[Agreement, int | None] | None:
    return {each: counts[each] for each in Agreement} if counts else None


def _rounded(counts: Counter[Agreement]) -> Mapping[Agreement, int | None] | None:
    if shown_count(counts.total()) is None:
        return None
    return {each: shown_count(counts[each]) for each in Agreement}


def _words(lots: Iterable[Sequence[tuple[UUID, Said]]]) -> list[str]:
    """In an order that is always the same and tells nothing of when."""
    said = [pair for lot in lots for pair in lot if pair[1].words]
    said.sort(key=lambda pair: hashlib.sha256(pair[0].bytes).digest())
    return [each.words for _, each in said if each.words]
