"""Given, when, then of requests about one's own record: due by calendar months, answered in words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Caller, may_open
from domain.commands.rights_requests import (
    answer_rights_request,
    extend_rights_request,
    forget_rights_request_when_due,
    make_rights_request,
    refuse_rights_request,
)
from domain.consent_keys import EndedKey, keys_ended_by
from domain.errors import SealedForAnotherPurpose
from domain.kept_for import StillKept
from domain.month import months_after
from domain.rights_request import (
    ExtensionComesTooLate,
    ExtensionReason,
    NotYoursToAnswer,
    RequestIsAnswered,
    RequestIsForgotten,
    RequestRefusal,
    RightsKind,
    RightsRequest,
    RightsStage,
)
from domain.sealed import SealedForAnother
from domain.values import Act, Compartment, Role, Sealed
from tests.unit.domain.builders import CLERK, MONDAY, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

PERSON, LEAD = UUID(int=31), UUID(int=32)
COMPLEX = ExtensionReason.COMPLEX
A_YEAR = timedelta(days=365)


def words(request: UUID, person: UUID = PERSON) -> Sealed:
    return sealed_for(person, Compartment.PERSONAL, RightsRequest.purpose_of(request))


def made(at: datetime = MONDAY, kind: RightsKind = RightsKind.ACCESS) -> RightsRequest:
    id = uuid4()
    return RightsRequest.make(id, kind, words=words(id), act=act(PERSON, at))


def answered() -> RightsRequest:
    request = made()
    request.answer_with(words(request.id), act(LEAD))
    return request


def at_noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "due", "extended"),
    [
        (at_noon(2027, 1, 31), date(2027, 2, 28), date(2027, 4, 30)),
        (at_noon(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30)),
        (at_noon(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 28)),
        (at_noon(2026, 12, 15), date(2027, 1, 15), date(2027, 3, 15)),
        (at_noon(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30)),
    ],
)
def test_it_is_due_in_calendar_months(asked: datetime, due: date, extended: date) -> None:
    request = made(asked)
    assert request.due_on == due

    request.extend(COMPLEX, act(LEAD, asked))
    assert request.due_on == extended


@given(st.dates(date(1990, 1, 1), date(2190, 1, 1)), st.integers(1, 24))
def test_so_many_months_later_is_that_month_and_that_day_or_its_last(
    day: date, months: int
) -> None:
    later = months_after(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    is_last = (later + timedelta(days=1)).month != later.month
    assert later.day == day.day or (is_last and later.day < day.day)


@given(st.dates(date(1990, 1, 1), date(2190, 1, 1)), st.integers(1, 12))
def test_whoever_asks_later_is_never_due_sooner(day: date, months: int) -> None:
    assert months_after(day, months) <= months_after(day + timedelta(days=1), months)


def test_more_time_is_taken_once_and_before_the_first_month_is_over() -> None:
    in_time, too_late = MONDAY + timedelta(days=31), MONDAY + timedelta(days=32)
    request = made()
    assert request.due_on == in_time.date()

    with pytest.raises(ExtensionComesTooLate):
        request.extend(COMPLEX, act(LEAD, too_late))
    request.extend(COMPLEX, act(LEAD, in_time))
    with pytest.raises(ExtensionComesTooLate):
        request.extend(COMPLEX, act(LEAD, in_time))
    assert request.extension is COMPLEX


DECISIONS: list[Callable[[RightsRequest, Act], None]] = [
    lambda request, by: request.answer_with(words(request.id), by),
    lambda request, by: request.refuse(RequestRefusal.LEGAL_DUTY, words(request.id), by),
    lambda request, by: request.extend(COMPLEX, by),
]


@pytest.mark.parametrize("decide", DECISIONS)
def test_nobody_answers_what_they_asked_themselves(
    decide: Callable[[RightsRequest, Act], None],
) -> None:
    with pytest.raises(NotYoursToAnswer):
        decide(made(), act(PERSON))


@pytest.mark.parametrize("decide", DECISIONS)
def test_it_is_answered_once(decide: Callable[[RightsRequest, Act], None]) -> None:
    with pytest.raises(RequestIsAnswered):
        decide(answered(), act(LEAD))


def test_a_late_answer_is_still_an_answer() -> None:
    request = made()
    request.answer_with(words(request.id), act(LEAD, MONDAY + timedelta(days=400)))

    assert request.stage is RightsStage.ANSWERED


def test_words_lie_under_the_persons_own_key_of_that_request() -> None:
    id = uuid4()
    for wrong, refusal in (
        (words(id, LEAD), SealedForAnother),
        (words(uuid4()), SealedForAnotherPurpose),
    ):
        with pytest.raises(refusal):
            RightsRequest.make(id, RightsKind.OBJECTION, words=wrong, act=act(PERSON))
    with pytest.raises(SealedForAnotherPurpose):
        made().answer_with(words(id), act(LEAD))


@pytest.mark.parametrize("role", Role)
def test_of_others_only_the_data_protection_lead_opens_words(role: Role) -> None:
    purpose = RightsRequest.purpose_of(uuid4())
    may = may_open(Caller(LEAD, role), Compartment.PERSONAL, PERSON, purpose, shown_to=[LEAD])

    assert may is (role is Role.DATA_PROTECTION_LEAD)


@pytest.mark.parametrize(("days", "may"), [(365, True), (364, False)])
def test_its_key_goes_a_period_after_the_answer(days: int, *, may: bool) -> None:
    request = answered()
    request.collect_events()
    due = act(CLERK, MONDAY + timedelta(days=days))

    if not may:
        with pytest.raises(StillKept):
            request.forget_when_due(A_YEAR, due)
        return
    request.forget_when_due(A_YEAR, due)
    (forgotten,) = request.collect_events()
    purpose = RightsRequest.purpose_of(request.id)
    assert keys_ended_by(forgotten) == (EndedKey("personal", PERSON, purpose),)
    with pytest.raises(RequestIsForgotten):
        request.answer_with(words(request.id), act(LEAD))


def test_what_nobody_answered_is_kept_however_old() -> None:
    with pytest.raises(StillKept):
        made().forget_when_due(A_YEAR, act(CLERK, MONDAY + timedelta(days=10_000)))


def test_requests_go_from_their_making_to_their_end_by_commands() -> None:
    mentoring, id, refused = mentoring_in_memory(), uuid4(), uuid4()
    for each, kind in ((id, RightsKind.RECTIFICATION), (refused, RightsKind.OBJECTION)):
        make_rights_request(mentoring, order(act(PERSON)), id=each, kind=kind, words=words(each))
    extend_rights_request(mentoring, order(act(LEAD)), request=id, reason=COMPLEX)
    answer_rights_request(mentoring, order(act(LEAD)), request=id, words=words(id))
    refuse_rights_request(
        mentoring,
        order(act(LEAD)),
        request=refused,
        reason=RequestRefusal.STRONGER_GROUNDS,
        words=words(refused),
    )
    due = order(act(CLERK, MONDAY + A_YEAR))
    forget_rights_request_when_due(mentoring, due, record=id, period=A_YEAR)

    stages = [mentoring.load(RightsRequest, each).stage for each in (id, refused)]
    assert stages == [RightsStage.FORGOTTEN, RightsStage.REFUSED]
