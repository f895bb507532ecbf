"""Given, when, then of feedback: a slip each, boxes emptied in whole lots, and what lies between two releases."""

from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consent_keys import EndedKey, keys_ended_by
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.feedback import RESPONSE_PURPOSE, SCHEME, Feedback, FeedbackIsForgotten
from domain.feedback_box import BoxIsNotFull, FeedbackBox, SlipIsUsed
from domain.feedback_slips import FeedbackSlips, FeedbackStamp, SlipWasTaken
from domain.kept_for import StillKept
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Compartment, Sealed
from projections.small_numbers import counted_by_lot
from tests.unit.domain.builders import CLERK, MONDAY, act, sealed_for

PERSONAL = Compartment.PERSONAL
MENTOR = uuid4()


def box_about(about: UUID = MENTOR) -> FeedbackBox:
    return FeedbackBox.put_up(about, act(uuid4()))


def dropped(box: FeedbackBox, slip: UUID | None = None) -> Sealed:
    answers = sealed_for(box.id, PERSONAL, box.key_purpose)
    box.drop(answers, act(slip or uuid4()))
    return answers


@pytest.mark.parametrize(("about", "fewest"), [(MENTOR, 5), (SCHEME, 10)])
def test_rule_15_a_box_is_emptied_when_a_whole_lot_lies_in_it(about: UUID, fewest: int) -> None:
    box = box_about(about)
    lying = []
    for _ in range(fewest):
        assert not box.is_full
        with pytest.raises(BoxIsNotFull):
            box.empty(act(uuid4()))
        lying.append(dropped(box))
    assert box.is_full
    assert box.lying == lying

    box.empty(act(uuid4()))

    assert (box.lot, box.lying) == (2, [])
    emptied = box.pending_events[-1]
    assert isinstance(emptied, FeedbackBox.Emptied)
    assert emptied.actor == box.id, "not the slip that came last"
    ended = EndedKey("personal", box.id, FeedbackBox.purpose_of(1))
    assert keys_ended_by(emptied) == (ended,)


def test_a_slip_is_good_for_one_answer_in_a_box_whatever_was_emptied_since() -> None:
    box, slip = box_about(), uuid4()
    dropped(box, slip)
    with pytest.raises(SlipIsUsed):
        dropped(box, slip)
    for _ in range(4):
        dropped(box)
    box.empty(act(uuid4()))
    with pytest.raises(SlipIsUsed):
        dropped(box, slip)


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        (sealed_for(uuid4(), PERSONAL, "feedback_box:1"), SealedForAnother),
        (
            sealed_for(FeedbackBox.id_of(MENTOR), Compartment.CONTACT, "feedback_box:1"),
            WrongCompartment,
        ),
        (
            sealed_for(FeedbackBox.id_of(MENTOR), PERSONAL, "feedback_box:2"),
            SealedForAnotherPurpose,
        ),
    ],
)
def test_a_drop_is_sealed_for_its_box_and_lot(answers: Sealed, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        box_about().drop(answers, act(uuid4()))


def test_a_response_is_its_own_actor_and_the_owner_of_its_key() -> None:
    id = uuid4()
    answers = sealed_for(id, PERSONAL, RESPONSE_PURPOSE)
    made = Feedback.give(id, about=MENTOR, lot=1, answers=answers, at=MONDAY)

    (event,) = made.pending_events
    assert isinstance(event, Feedback.Created)
    assert (event.actor, event.originator_id, event.answers.owner) == (id, id, id)
    for wrong in (sealed_for(uuid4(), PERSONAL, RESPONSE_PURPOSE), sealed_for(id, PERSONAL)):
        with pytest.raises(DomainError):
            Feedback.give(id, about=MENTOR, lot=1, answers=wrong, at=MONDAY)


def test_a_response_is_forgotten_after_its_period_or_with_its_mentor_and_its_key_with_it() -> None:
    for forget in ("due", "with_mentor"):
        id = uuid4()
        made = Feedback.give(
            id, about=MENTOR, lot=1, answers=sealed_for(id, PERSONAL, RESPONSE_PURPOSE), at=MONDAY
        )
        period = timedelta(days=30)
        with pytest.raises(StillKept):
            made.forget_when_due(period, act(CLERK, MONDAY + timedelta(days=29)))
        if forget == "due":
            made.forget_when_due(period, act(CLERK, MONDAY + period))
        else:
            made.forget_with_its_mentor(act(CLERK))
        ended = EndedKey("personal", id, RESPONSE_PURPOSE)
        assert keys_ended_by(made.pending_events[-1]) == (ended,)
        with pytest.raises(FeedbackIsForgotten):
            made.forget_with_its_mentor(act(CLERK))


def test_what_is_recorded_of_slips_is_who_had_one_and_nothing_else() -> None:
    relationship, person = uuid4(), uuid4()
    slips = FeedbackSlips.offer(relationship, act(person))
    slips.take(act(person))
    with pytest.raises(SlipWasTaken):
        slips.take(act(person))
    slips.take(act(uuid4()))

    taken = [each for each in slips.pending_events if isinstance(each, FeedbackSlips.Taken)]
    said = {"originator_id", "originator_version", "timestamp", "actor", "happened_at"}
    assert all(set(vars(each)) <= said for each in taken)


def test_the_stamp_is_sealed_as_the_service_s_own() -> None:
    with pytest.raises(SealedForAnother):
        FeedbackStamp.make(sealed_for(uuid4(), PERSONAL, "feedback_stamp"), act(uuid4()))


ANSWERS = st.one_of(st.none(), st.sampled_from(("agree", "neither", "disagree")))
LOTS = st.lists(st.lists(ANSWERS, min_size=5, max_size=10), max_size=12)


@given(lots=LOTS, ends=st.tuples(st.integers(0, 12), st.integers(0, 12)))
def test_between_two_releases_lie_the_answers_of_five_or_of_nobody(
    lots: list[list[str | None]], ends: tuple[int, int]
) -> None:
    """Whichever lots stood at either moment: later ones came, earlier ones were forgotten, whole."""
    first, second = sorted(ends)
    before, after = counted_by_lot(lots[:first], 5), counted_by_lot(lots[:second], 5)

    added = after.total() - before.total()
    assert added == 0 or added >= 5
    assert all(after[each] >= before[each] for each in before)
    forgotten = counted_by_lot(lots[first:second], 5)
    assert after - forgotten == Counter({each: n for each, n in before.items() if n})


@given(drops=st.integers(0, 60))
def test_however_many_are_dropped_fewer_than_five_never_leave_the_box(drops: int) -> None:
    box, left = box_about(), []
    for _ in range(drops):
        dropped(box)
        if box.is_full:
            left.append(len(box.lying))
            box.empty(act(uuid4()))

    assert left == [5] * (drops // 5)
    assert len(box.lying) == drops % 5
