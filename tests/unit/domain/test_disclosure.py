"""Given, when, then of disclosures: rule 16, two deciders, the minimum, and the mentee first."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands.disclosures import (
    agree_to_disclosure,
    decline_disclosure,
    forget_disclosure_when_due,
    make_disclosure,
    put_off_telling,
    review_disclosure,
    tell_mentee,
    write_disclosure,
)
from domain.consent_keys import EndedKey, keys_ended_by
from domain.disclosure import (
    DISCLOSURE_PURPOSE,
    NOT_TOLD,
    DecidersMustDiffer,
    Disclosure,
    DisclosureFacts,
    DisclosureIsDecided,
    DisclosureIsForgotten,
    DisclosureIsNotAgreed,
    DisclosureIsNotMade,
    DisclosureStage,
    Ground,
    LookAgainSooner,
    MenteeComesFirst,
    MenteeIsTold,
    NotToldReason,
    ReviewSooner,
    Telling,
)
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.kept_for import StillKept
from domain.mentoring import Mentoring, VersionIsStale
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Act, Compartment, Sealed
from tests.unit.domain.builders import CLERK, MONDAY, Pair, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

MENTOR, LEAD, OTHER_LEAD, MENTEE = (UUID(int=number) for number in (11, 12, 13, 14))
TODAY = MONDAY.date()
RISK = NotToldReason.WOULD_RAISE_RISK
SIX_YEARS = timedelta(days=6 * 365)


def sealed(id: UUID, purpose: str = DISCLOSURE_PURPOSE) -> Sealed:
    return sealed_for(id, Compartment.SAFEGUARDING, purpose)


def written_by(author: UUID) -> Disclosure:
    id = uuid4()
    facts = DisclosureFacts(uuid4(), Ground.SERIOUS_HARM, sealed(id), sealed(id))
    return Disclosure.write(id, facts, act(author))


def later(days: int, actor: UUID = LEAD) -> Act:
    return act(actor, MONDAY + timedelta(days=days))


def put_off(days: int) -> Telling:
    return Telling(is_told=False, reason=RISK, look_again_on=TODAY + timedelta(days=days))


def agreed() -> Disclosure:
    subject = written_by(MENTOR)
    subject.agree(act(LEAD))
    return subject


def made() -> Disclosure:
    subject = agreed()
    subject.tell(MENTEE, act(LEAD))
    subject.make(TODAY + timedelta(days=30), act(LEAD))
    return subject


def closed() -> Disclosure:
    subject = made()
    subject.review(None, later(30))
    return subject


@pytest.mark.parametrize("decide", [Disclosure.agree, Disclosure.decline])
@pytest.mark.parametrize("author", [MENTOR, LEAD])
def test_two_different_people_decide(
    author: UUID, decide: Callable[[Disclosure, Act], None]
) -> None:
    subject = written_by(author)

    with pytest.raises(DecidersMustDiffer):
        decide(subject, act(author))
    decide(subject, act(OTHER_LEAD))

    assert {subject.written_by, subject.decided_by} == {author, OTHER_LEAD}


@pytest.mark.parametrize("decide", [Disclosure.agree, Disclosure.decline])
def test_it_is_decided_once(decide: Callable[[Disclosure, Act], None]) -> None:
    subject = agreed()

    with pytest.raises(DisclosureIsDecided):
        decide(subject, act(OTHER_LEAD))


def test_nothing_is_passed_on_that_one_alone_decided() -> None:
    subject = written_by(MENTOR)
    subject.tell(MENTEE, act(LEAD))

    with pytest.raises(DisclosureIsNotAgreed):
        subject.make(TODAY + timedelta(days=1), act(LEAD))


def test_the_mentee_is_told_first() -> None:
    subject = agreed()

    with pytest.raises(MenteeComesFirst):
        subject.make(TODAY + timedelta(days=1), act(LEAD))
    subject.tell(MENTEE, act(LEAD))
    subject.make(TODAY + timedelta(days=1), act(LEAD))

    assert subject.stage is DisclosureStage.MADE


@pytest.mark.parametrize(("days", "may"), [(0, True), (7, True), (8, False), (40, False)])
def test_a_reason_not_to_tell_yet_holds_until_its_day_and_no_longer(
    days: int, *, may: bool
) -> None:
    subject = agreed()
    subject.put_off_telling(RISK, TODAY + timedelta(days=7), act(LEAD))
    day = (MONDAY + timedelta(days=days)).date()

    if may:
        subject.make(day + timedelta(days=1), later(days))
    else:
        with pytest.raises(MenteeComesFirst):
            subject.make(day + timedelta(days=1), later(days))
    assert not subject.telling.is_told
    assert subject.telling.reason is RISK


@pytest.mark.parametrize("days", [-1, 0, 32])
def test_telling_is_looked_at_again_within_a_month(days: int) -> None:
    with pytest.raises(LookAgainSooner):
        agreed().put_off_telling(RISK, TODAY + timedelta(days=days), act(LEAD))


def test_who_was_told_stays_told() -> None:
    subject = made()

    with pytest.raises(MenteeIsTold):
        subject.tell(MENTEE, act(LEAD))
    with pytest.raises(MenteeIsTold):
        subject.put_off_telling(RISK, TODAY + timedelta(days=7), act(LEAD))


@pytest.mark.parametrize("days", [0, 93])
def test_it_is_reviewed_within_three_months(days: int) -> None:
    late = TODAY + timedelta(days=days)

    with pytest.raises(ReviewSooner):
        made().review(late, act(LEAD))
    told = agreed()
    told.tell(MENTEE, act(LEAD))
    with pytest.raises(ReviewSooner):
        told.make(late, act(LEAD))


def test_only_what_was_made_is_reviewed() -> None:
    with pytest.raises(DisclosureIsNotMade):
        agreed().review(None, act(LEAD))
    with pytest.raises(DisclosureIsNotMade):
        closed().review(None, later(31))


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        (lambda _: sealed(uuid4()), SealedForAnother),
        (lambda it: sealed(it, "remark"), SealedForAnotherPurpose),
        (lambda it: sealed_for(it, purpose=DISCLOSURE_PURPOSE), WrongCompartment),
    ],
)
@pytest.mark.parametrize("field", [0, 1])
def test_both_fields_lie_under_the_disclosures_own_key(
    field: int, other: Callable[[UUID], Sealed], refusal: type[DomainError]
) -> None:
    id = uuid4()
    fields = [sealed(id), sealed(id)]
    fields[field] = other(id)

    with pytest.raises(refusal):
        Disclosure.write(id, DisclosureFacts(uuid4(), Ground.LEGAL_DUTY, *fields), act(MENTOR))


@pytest.mark.parametrize(("days", "may"), [(30 + 6 * 365, True), (29 + 6 * 365, False)])
def test_it_is_kept_for_its_period_after_it_is_over(days: int, *, may: bool) -> None:
    subject = closed()
    subject.collect_events()

    if not may:
        with pytest.raises(StillKept):
            subject.forget_when_due(SIX_YEARS, later(days, CLERK))
        return
    subject.forget_when_due(SIX_YEARS, later(days, CLERK))
    (forgotten,) = subject.collect_events()
    assert keys_ended_by(forgotten) == (EndedKey("safeguarding", subject.id, DISCLOSURE_PURPOSE),)
    with pytest.raises(DisclosureIsForgotten):
        subject.require_kept()


@pytest.mark.parametrize("brought", [lambda: written_by(MENTOR), agreed, made])
def test_what_is_not_over_is_kept_however_old(brought: Callable[[], Disclosure]) -> None:
    with pytest.raises(StillKept):
        brought().forget_when_due(SIX_YEARS, later(100 * 365, CLERK))


def test_what_was_declined_is_over() -> None:
    subject = written_by(MENTOR)
    subject.decline(act(LEAD))

    subject.forget_when_due(SIX_YEARS, later(6 * 365, CLERK))

    assert subject.stage is DisclosureStage.FORGOTTEN


def test_a_disclosure_goes_from_its_writing_to_its_end_by_commands() -> None:
    mentoring, pair = mentoring_in_memory(), Pair().active()
    id = written_in(mentoring, pair, put_off(7))

    agree_to_disclosure(mentoring, order(act(LEAD)), disclosure=id)
    looked_at = TODAY + timedelta(days=14)
    put_off_telling(
        mentoring, order(act(LEAD)), disclosure=id, reason=RISK, look_again_on=looked_at
    )
    make_disclosure(mentoring, order(act(LEAD)), disclosure=id, review_on=looked_at)
    tell_mentee(mentoring, order(later(2)), disclosure=id)
    review_disclosure(mentoring, order(later(14)), disclosure=id, review_on=None)
    forget_disclosure_when_due(
        mentoring, order(later(14 + 6 * 365, CLERK)), record=id, period=SIX_YEARS
    )

    told = [each for each in mentoring.events.get(id) if isinstance(each, Disclosure.Told)]
    assert [each.person for each in told] == [pair.mentee]


def test_whoever_read_an_older_version_decides_anew() -> None:
    mentoring, pair = mentoring_in_memory(), Pair().active()
    id = written_in(mentoring, pair, Telling(is_told=True))

    with pytest.raises(VersionIsStale):
        decline_disclosure(mentoring, order(act(LEAD), 1), disclosure=id)
    decline_disclosure(mentoring, order(act(LEAD), 2), disclosure=id)


def test_without_a_word_about_telling_the_mentee_is_not_told() -> None:
    mentoring, pair = mentoring_in_memory(), Pair().active()
    id = written_in(mentoring, pair, NOT_TOLD)

    assert mentoring.load(Disclosure, id).telling == NOT_TOLD


def written_in(mentoring: Mentoring, pair: Pair, telling: Telling) -> UUID:
    mentoring.save(pair.relationship)
    id = uuid4()
    facts = DisclosureFacts(pair.relationship.id, Ground.SERIOUS_HARM, sealed(id), sealed(id))
    write_disclosure(mentoring, order(act(pair.mentor)), id=id, written=facts, telling=telling)
    return id
