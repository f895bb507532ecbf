"""Who is told that something waits: whoever may handle it, once for each desk, person and day; a mentee of a shortlist."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.bell import Bell, NobodyMayHandleIt, Waiting
from domain.commands.bells import NothingToTell, ring, ring_for_conflict
from domain.commands.relationships import declare_conflict
from domain.policies.messages import Message, MessageKind
from domain.policies.still_wanted import is_still_wanted
from domain.policies.told import messages_of
from domain.shortlist import Origin, Shortlist, Shortlisted
from domain.values import Compartment, Role
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, act, sealed_for
from tests.unit.domain.group_scheme import GroupScheme
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

RECORD, FIRST, SECOND = UUID(int=91), UUID(int=92), UUID(int=93)
MENTEE, MENTOR = UUID(int=94), UUID(int=95)
LEADS = Waiting(RECORD, Role.SAFEGUARDING_LEAD)


def test_everybody_is_told_but_who_is_too_near() -> None:
    mentoring = mentoring_in_memory()
    ring(mentoring, order(act(CLERK)), waiting=LEADS, holders=[FIRST, SECOND], apart=[FIRST])
    assert mentoring.load(Bell, LEADS.ring).to == (SECOND,)
    with pytest.raises(NobodyMayHandleIt):
        ring(mentoring, order(act(CLERK)), waiting=LEADS, holders=[FIRST], apart=[FIRST])


def test_another_desk_another_person_and_another_day_ring_again_and_nothing_else_does() -> None:
    rings = {
        each.ring
        for each in (
            LEADS,
            Waiting(RECORD, Role.SAFEGUARDING_LEAD),
            Waiting(RECORD, Role.COORDINATOR),
            Waiting(RECORD, Role.SAFEGUARDING_LEAD, FIRST),
            Waiting(RECORD, Role.SAFEGUARDING_LEAD, SECOND),
            Waiting(RECORD, Role.SAFEGUARDING_LEAD, due_on=date(2026, 3, 9)),
            Waiting(RECORD, Role.SAFEGUARDING_LEAD, due_on=date(2026, 3, 10)),
        )
    }
    assert len(rings) == 6


@pytest.mark.parametrize(
    ("due_on", "kind"),
    [(None, MessageKind.WORK_WAITS), (date(2026, 3, 9), MessageKind.WORK_IS_DUE)],
)
def test_a_ring_is_a_mail_to_each_that_says_what_it_is_about_to_nobody_else(
    due_on: date | None, kind: MessageKind
) -> None:
    waiting = Waiting(RECORD, Role.SAFEGUARDING_LEAD, due_on=due_on)
    bell = Bell.ring(waiting, [SECOND, FIRST], act(CLERK))
    (rung,) = bell.pending_events
    told = messages_of([(bell, rung)])
    assert [(each.kind, each.to, each.about) for each in told] == [
        (kind, FIRST, bell.id),
        (kind, SECOND, bell.id),
    ]


def shortlist() -> Shortlist:
    return Shortlist.begin_for(uuid4(), MENTEE, act(COORDINATOR))


def offer(subject: Shortlist) -> Message:
    subject.collect_events()
    reasons = (sealed_for(each, Compartment.PERSONAL, "take_part") for each in (MENTEE, MENTOR))
    seed = sealed_for(subject.id, Compartment.CONTACT, "matching")
    origin = Origin("engine", 0, seed, b"digest")
    subject.offer([Shortlisted(MENTOR, *reasons)], origin, act(COORDINATOR))
    (offered,) = subject.collect_events()
    (message,) = messages_of([(subject, offered)])
    return message


def test_a_mentee_is_told_of_a_shortlist_until_they_have_ranked_it_or_another_stands() -> None:
    subject = shortlist()
    first = offer(subject)
    assert (first.kind, first.to) == (MessageKind.SHORTLIST_TO_RANK, MENTEE)
    assert is_still_wanted(first, subject, MONDAY)

    second = offer(subject)
    assert not is_still_wanted(first, subject, MONDAY)
    assert is_still_wanted(second, subject, MONDAY)
    subject.rank((MENTOR,), act(MENTEE))
    assert not is_still_wanted(second, subject, MONDAY)


def test_where_nobody_was_found_there_is_nothing_to_choose_from() -> None:
    subject = shortlist()
    waiting = offer(subject)
    words = sealed_for(MENTEE, Compartment.PERSONAL, "take_part")
    subject.say_why_nobody(None, words, act(COORDINATOR))
    assert not is_still_wanted(waiting, subject, MONDAY)


def test_coordinators_are_told_once_of_a_conflict_between_two_who_meet_and_of_no_other() -> None:
    scheme = GroupScheme()
    _, (first, second, _) = scheme.group_of_three()
    coordinators = [FIRST, SECOND]

    def tell(relationship: UUID) -> None:
        ring_for_conflict(
            scheme.mentoring, order(act(CLERK)), relationship=relationship, holders=coordinators
        )

    for with_person in (uuid4(), scheme.mentee(second)):
        with pytest.raises(NothingToTell):
            tell(first)
        mentee = scheme.mentee(first)
        declare_conflict(
            scheme.mentoring, order(act(mentee)), relationship=first, with_person=with_person
        )
    tell(first)
    assert scheme.mentoring.load(Bell, Waiting(first, Role.COORDINATOR).ring).to == (FIRST, SECOND)
    with pytest.raises(NothingToTell):
        tell(first)
