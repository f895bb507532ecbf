"""Given, when, then of concerns: raised, sorted or passed on, answered, and kept no longer than needed."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.access import Caller, consent_needed, may_open
from domain.commands.concerns import (
    close_concern,
    forget_concern_when_due,
    hand_over_concern,
    raise_concern,
    take_concern,
    triage_concern,
)
from domain.concern import (
    Concern,
    ConcernCategory,
    ConcernIsAnothers,
    ConcernIsClosed,
    ConcernIsElsewhere,
    ConcernIsForgotten,
    ConcernIsNotTaken,
    ConcernIsPassedOn,
    ConcernIsTaken,
    ConcernStage,
    Desk,
)
from domain.consent_keys import EndedKey, keys_ended_by
from domain.errors import SealedForAnotherPurpose
from domain.kept_for import StillKept
from domain.sealed import SealedForAnother
from domain.values import Compartment, Role, Sealed
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

RAISER, LEAD, SECOND = UUID(int=21), UUID(int=22), UUID(int=23)
CONDUCT, SAFETY = ConcernCategory.CONDUCT, ConcernCategory.SAFETY
A_YEAR = timedelta(days=365)


def words(concern: UUID, person: UUID = RAISER) -> Sealed:
    return sealed_for(person, Compartment.PERSONAL, Concern.purpose_of(concern))


def raised(category: ConcernCategory = CONDUCT, desk: Desk = Desk.COORDINATOR) -> Concern:
    id = uuid4()
    return Concern.raise_it(id, category, desk, words=words(id), act=act(RAISER))


def closed() -> Concern:
    concern = raised()
    concern.close(words(concern.id), act(COORDINATOR))
    return concern


@pytest.mark.parametrize("desk", Desk)
def test_what_is_about_safety_goes_to_the_safeguarding_lead_at_once(desk: Desk) -> None:
    assert raised(SAFETY, desk).desk is Desk.SAFEGUARDING_LEAD


@pytest.mark.parametrize("desk", Desk)
def test_whoever_raises_it_chooses_who_reads_it(desk: Desk) -> None:
    concern = raised(CONDUCT, desk)
    if desk is Desk.SAFEGUARDING_LEAD:
        concern.take(act(LEAD))

    for role in Role:
        if role.value == desk.value:
            concern.require_looked_into_by(LEAD, role)
        else:
            with pytest.raises(ConcernIsElsewhere):
                concern.require_looked_into_by(LEAD, role)


def test_one_lead_has_it_and_no_other_until_it_is_handed_over() -> None:
    concern, role = raised(SAFETY), Role.SAFEGUARDING_LEAD
    for refused in (
        lambda: concern.require_looked_into_by(LEAD, role),
        lambda: concern.hand_over(SECOND, act(LEAD)),
        lambda: concern.close(words(concern.id), act(LEAD)),
    ):
        with pytest.raises(ConcernIsNotTaken):
            refused()
    concern.take(act(LEAD))
    with pytest.raises(ConcernIsTaken):
        concern.take(act(SECOND))
    with pytest.raises(ConcernIsAnothers):
        concern.hand_over(SECOND, act(SECOND))
    with pytest.raises(ConcernIsTaken):
        concern.hand_over(LEAD, act(LEAD))

    concern.hand_over(SECOND, act(LEAD))
    with pytest.raises(ConcernIsAnothers):
        concern.require_looked_into_by(LEAD, role)
    concern.close(words(concern.id), act(SECOND))
    concern.require_looked_into_by(SECOND, role)


def test_who_is_no_lead_any_more_is_followed_by_whoever_takes_it_and_a_coordinator_takes_none() -> (
    None
):
    concern = raised(SAFETY)
    concern.take(act(LEAD))
    with pytest.raises(ConcernIsTaken):
        concern.take(act(SECOND), instead_of=RAISER)
    concern.take(act(SECOND), instead_of=LEAD)
    assert concern.handler == SECOND
    with pytest.raises(ConcernIsElsewhere):
        raised().take(act(COORDINATOR))


def test_what_was_passed_on_never_comes_back() -> None:
    concern = raised()
    concern.triage(CONDUCT, Desk.SAFEGUARDING_LEAD, act(COORDINATOR))

    with pytest.raises(ConcernIsPassedOn):
        concern.triage(CONDUCT, Desk.COORDINATOR, act(COORDINATOR))
    with pytest.raises(ConcernIsElsewhere):
        concern.require_looked_into_by(COORDINATOR, Role.COORDINATOR)


def test_what_is_closed_stays_closed() -> None:
    concern = closed()

    with pytest.raises(ConcernIsClosed):
        concern.close(words(concern.id), act(COORDINATOR))
    with pytest.raises(ConcernIsClosed):
        concern.triage(CONDUCT, Desk.SAFEGUARDING_LEAD, act(COORDINATOR))


def test_words_lie_under_the_raisers_own_key_of_that_concern() -> None:
    id = uuid4()
    for wrong, refusal in (
        (words(id, COORDINATOR), SealedForAnother),
        (words(uuid4()), SealedForAnotherPurpose),
    ):
        with pytest.raises(refusal):
            Concern.raise_it(id, CONDUCT, Desk.COORDINATOR, words=wrong, act=act(RAISER))
        with pytest.raises(SealedForAnotherPurpose):
            raised().close(words(id), act(COORDINATOR))


@pytest.mark.parametrize(("days", "may"), [(365, True), (364, False)])
def test_its_key_goes_a_period_after_it_was_closed(days: int, *, may: bool) -> None:
    concern = closed()
    concern.collect_events()
    due = act(CLERK, MONDAY + timedelta(days=days))

    if not may:
        with pytest.raises(StillKept):
            concern.forget_when_due(A_YEAR, due)
        return
    concern.forget_when_due(A_YEAR, due)
    (forgotten,) = concern.collect_events()
    purpose = Concern.purpose_of(concern.id)
    assert keys_ended_by(forgotten) == (EndedKey("personal", RAISER, purpose),)
    with pytest.raises(ConcernIsForgotten):
        concern.forget_when_due(A_YEAR, due)


def test_an_open_concern_is_kept_however_old() -> None:
    with pytest.raises(StillKept):
        raised().forget_when_due(A_YEAR, act(CLERK, MONDAY + timedelta(days=10_000)))


@pytest.mark.parametrize("role", Role)
def test_of_others_only_a_coordinator_and_the_safeguarding_lead_ever_open_words(role: Role) -> None:
    purpose = Concern.purpose_of(uuid4())
    may = may_open(Caller(LEAD, role), Compartment.PERSONAL, RAISER, purpose, shown_to=[LEAD])

    assert may is (role in {Role.COORDINATOR, Role.SAFEGUARDING_LEAD})
    assert may_open(Caller(RAISER, role), Compartment.PERSONAL, RAISER, purpose)


def test_a_concern_needs_nobodys_consent() -> None:
    assert consent_needed(Compartment.PERSONAL, Concern.purpose_of(uuid4())) is None


def test_a_concern_goes_from_its_raising_to_its_end_by_commands() -> None:
    mentoring, id = mentoring_in_memory(), uuid4()
    raise_concern(
        mentoring,
        order(act(RAISER)),
        id=id,
        category=CONDUCT,
        desk=Desk.COORDINATOR,
        words=words(id),
    )
    triage_concern(
        mentoring,
        order(act(COORDINATOR)),
        concern=id,
        category=SAFETY,
        desk=Desk.SAFEGUARDING_LEAD,
    )
    take_concern(mentoring, order(act(LEAD)), concern=id)
    hand_over_concern(mentoring, order(act(LEAD)), concern=id, to=SECOND)
    close_concern(mentoring, order(act(SECOND)), concern=id, words=words(id))
    due = order(act(CLERK, MONDAY + A_YEAR))
    forget_concern_when_due(mentoring, due, record=id, period=A_YEAR)

    assert mentoring.load(Concern, id).stage is ConcernStage.FORGOTTEN
