"""What a party's page says: the same record in the words of each side, and what comes next."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from api.web.pair_view import Shown, pair_shown
from api.web.sides import MENTEES, MENTORS, Side
from domain.relationship_events import Cadence, Kind, Mode
from domain.relationship_state import Stage
from domain.session import Outcome
from projections.my_caseload import CaseloadProposal, CaseloadRelationship
from projections.party_view import SCHEDULED, PartyAgreement, PartySession
from projections.relationship_memory import RememberedLedger
from tests.unit.domain.builders import MONDAY

LATER = MONDAY + timedelta(days=30)


def relationship(stage: Stage = Stage.ACTIVE, **more: object) -> CaseloadRelationship:
    plain = CaseloadRelationship(
        id=UUID(int=1),
        version=9,
        position=9,
        stage=stage,
        since=MONDAY,
        kind=Kind.FORMAL,
        mode=Mode.VIRTUAL,
        cadence=Cadence.MONTHLY,
        mentee=UUID(int=2),
        proposal=None,
        agreement=PartyAgreement(1, 1, is_agreed=True),
        sessions=[],
        place=RememberedLedger(3, 0, 0),
        notebook=None,
        closed_for=None,
        rematch_wanted_by_you=False,
        is_ending_offered=False,
        is_asked=False,
        group=None,
    )
    return msgspec.structs.replace(plain, **more)


def session(status: str, *, at: datetime = MONDAY, **more: object) -> PartySession:
    plain = PartySession(
        id=UUID(int=3),
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        time_zone="Europe/London",
        sequence=0,
        status=status,
        is_disputed=False,
        is_confirmed=False,
        recorded_by_you=None,
        disputable_until=None,
    )
    return msgspec.structs.replace(plain, **more)


def held(**more: object) -> PartySession:
    plain = {"recorded_by_you": False, "disputable_until": LATER + timedelta(days=1)}
    return session(Outcome.HELD, **(plain | more))


def shown(own: CaseloadRelationship, side: Side = MENTORS) -> Shown:
    return pair_shown(own, side, LATER)


def test_rule_8_a_pair_that_fell_silent_is_offered_an_ending_without_fault() -> None:
    quiet = shown(relationship(is_ending_offered=True))

    assert quiet.sentence == "It has been quiet for some weeks."
    assert "nobody is at fault" in quiet.more
    assert quiet.next is not None


def test_what_waits_for_a_word_comes_before_what_is_next() -> None:
    waiting = relationship(sessions=[session(SCHEDULED)], place=RememberedLedger(3, 1, 0))
    step = shown(waiting).next

    assert step is not None
    assert step.words == "Say whether you met"
    assert step.address.startswith("/my-caseload/00000000-0000-0000-0000-000000000001/sessions/")


@pytest.mark.parametrize(
    ("more", "can_confirm", "can_dispute"),
    [
        ({}, True, True),
        ({"recorded_by_you": True}, False, True),
        ({"disputable_until": MONDAY}, False, False),
        ({"is_confirmed": True, "disputable_until": None}, False, False),
        ({"is_disputed": True, "disputable_until": None}, False, False),
    ],
    ids=["the other said so", "own word", "stands", "confirmed", "disputed"],
)
def test_only_what_the_other_said_lately_is_confirmed(
    more: dict[str, object], *, can_confirm: bool, can_dispute: bool
) -> None:
    [one] = shown(relationship(sessions=[held(**more)])).behind

    assert (one.can_confirm, one.can_dispute) == (can_confirm, can_dispute)


def test_an_absence_is_told_to_each_side_in_its_own_words() -> None:
    missed = relationship(sessions=[session(Outcome.MENTEE_ABSENT)])
    [to_mentee], [to_mentor] = (shown(missed, side).behind for side in (MENTEES, MENTORS))

    assert to_mentee.words.startswith("You could not be there")
    assert to_mentor.words.startswith("Your mentee could not be there")


def test_a_proposal_whose_time_is_over_can_no_longer_be_answered() -> None:
    proposal = CaseloadProposal(UUID(int=4), 1, MONDAY + timedelta(days=7), accepted_by_you=False)
    proposed = relationship(Stage.PROPOSED, proposal=proposal)

    assert pair_shown(proposed, MENTORS, MONDAY).next is not None
    assert shown(proposed).next is None
    assert "over" in shown(proposed).sentence


def test_nothing_can_be_planned_once_all_sessions_are_used_or_it_is_paused() -> None:
    used = relationship(place=RememberedLedger(3, 0, 3))

    assert shown(relationship()).can_plan
    assert not shown(used).can_plan
    assert shown(used).sentence == "All of the sessions are used."
    assert not shown(relationship(Stage.PAUSED)).can_plan


def test_an_ending_still_asks_for_the_word_on_its_last_session() -> None:
    ended = relationship(Stage.CLOSED, sessions=[session(SCHEDULED)])

    assert shown(ended).next is not None
    assert "An ending is nobody" in shown(ended).more
