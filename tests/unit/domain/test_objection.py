"""An objection stops what it is to in the same commit, and a refusal of it lets that begin again."""

from uuid import UUID, uuid4

import pytest

from domain.commands.people import register_person
from domain.commands.rights_requests import (
    answer_rights_request,
    object_to,
    refuse_rights_request,
    resume_use,
)
from domain.consent import ConsentLedger
from domain.mentoring import Mentoring
from domain.objection import Use, UseIsNotStopped, UseIsStopped
from domain.rights_request import RequestRefusal, RightsKind, RightsRequest
from domain.values import Compartment, Role, Sealed
from tests.unit.domain.builders import act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

PERSON, LEAD = UUID(int=81), UUID(int=82)


def known() -> Mentoring:
    mentoring = mentoring_in_memory()
    contact = sealed_for(PERSON, Compartment.CONTACT, "contact")
    register_person(mentoring, order(act(PERSON)), id=PERSON, contact=contact, roles=[Role.MENTEE])
    return mentoring


def objected(mentoring: Mentoring) -> UUID:
    id = uuid4()
    object_to(mentoring, order(act(PERSON)), id=id, use=Use.SUGGESTIONS, words=None)
    return id


def stopped(mentoring: Mentoring) -> frozenset[Use]:
    return mentoring.load(ConsentLedger, ConsentLedger.id_of(PERSON)).stopped


def answer(request: UUID) -> Sealed:
    return sealed_for(PERSON, Compartment.PERSONAL, RightsRequest.purpose_of(request))


def test_it_stops_at_once_and_stays_stopped_when_it_is_answered() -> None:
    mentoring = known()
    id = objected(mentoring)
    made = mentoring.load(RightsRequest, id)
    assert (made.kind, made.objects_to) == (RightsKind.OBJECTION, Use.SUGGESTIONS)
    assert stopped(mentoring) == {Use.SUGGESTIONS}
    answer_rights_request(mentoring, order(act(LEAD)), request=id, words=answer(id))
    assert stopped(mentoring) == {Use.SUGGESTIONS}
    with pytest.raises(UseIsStopped):
        objected(mentoring)


def test_stronger_grounds_let_it_begin_again() -> None:
    mentoring = known()
    id = objected(mentoring)
    reason = RequestRefusal.STRONGER_GROUNDS
    refuse_rights_request(mentoring, order(act(LEAD)), request=id, reason=reason, words=answer(id))
    assert stopped(mentoring) == frozenset()


def test_so_does_the_person_and_a_later_refusal_changes_nothing() -> None:
    mentoring = known()
    id = objected(mentoring)
    resume_use(mentoring, order(act(PERSON)), use=Use.SUGGESTIONS)
    assert stopped(mentoring) == frozenset()
    with pytest.raises(UseIsNotStopped):
        resume_use(mentoring, order(act(PERSON)), use=Use.SUGGESTIONS)
    reason = RequestRefusal.EXCESSIVE
    refuse_rights_request(mentoring, order(act(LEAD)), request=id, reason=reason, words=answer(id))
    assert stopped(mentoring) == frozenset()
