"""What anybody can do at the desks, at any time: concerns, disclosures, requests, erasures, and how long each is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.commands import concerns, disclosures, erasures, relationships, rights_requests
from domain.concern import Concern, ConcernCategory, Desk
from domain.disclosure import (
    DISCLOSURE_PURPOSE,
    DisclosureFacts,
    Ground,
    NotToldReason,
    Telling,
)
from domain.erasure import HoldReason, RefusalReason
from domain.rights_request import ExtensionReason, RequestRefusal, RightsKind, RightsRequest
from domain.values import Compartment
from tests.properties.scheme_commands import AnybodyDoesAnything, number, pick, seldom, usually
from tests.properties.scheme_desk_facts import KEPT_FOR
from tests.unit.domain.builders import CLERK, sealed_for

days_ahead = st.sampled_from([-1, 1, 20, 31, 60, 93])
days_gone = st.sampled_from([0, 0, 1, 19, 21, 40])


class DesksAreFull(AnybodyDoesAnything):
    """Somebody writes, somebody answers, and the clerk forgets what is old."""

    @rule(
        by=number,
        category=st.sampled_from(ConcernCategory),
        desk=st.sampled_from(Desk),
        days=days_gone,
    )
    def a_concern_is_raised(
        self, by: int, category: ConcernCategory, desk: Desk, days: int
    ) -> None:
        """Sorted, passed on, perhaps called back, answered, and forgotten too early or in time."""
        id, who = uuid4(), pick(self.world.parties, by)
        words = sealed_for(who, purpose=Concern.purpose_of(id))
        what = {"id": id, "category": category, "desk": desk, "words": words}
        self.world.give(concerns.raise_concern, who, **what)
        for to in (desk, Desk.COORDINATOR):
            sorted_to = {"concern": id, "category": category, "desk": to}
            self.world.give(concerns.triage_concern, self.world.coordinator, **sorted_to)
        answer = sealed_for(who, purpose=Concern.purpose_of(id))
        handler = pick(self.world.leads, by)
        self.world.give(concerns.take_concern, pick(self.world.leads, days), concern=id)
        self.world.give(concerns.close_concern, handler, concern=id, words=answer)
        self._is_kept(concerns.forget_concern_when_due, id, days)

    @rule(by=number, right=usually, kind=st.sampled_from(RightsKind), days=days_gone, so=seldom)
    def something_is_asked_of_the_record(
        self, by: int, kind: RightsKind, days: int, *, right: bool, so: bool
    ) -> None:
        id, who = uuid4(), pick(self.world.parties, by)
        words = sealed_for(who, purpose=RightsRequest.purpose_of(id))
        what = {"id": id, "kind": kind, "words": words}
        self.world.give(rights_requests.make_rights_request, who, **what)
        decides = self.world.protection_lead if right else who
        self.world.pass_time(timedelta(days=days))
        more: dict[str, Any] = {"request": id, "reason": ExtensionReason.COMPLEX}
        self.world.give(rights_requests.extend_rights_request, decides, **more)
        if so:
            refusal = {"request": id, "reason": RequestRefusal.EXCESSIVE, "words": words}
            self.world.give(rights_requests.refuse_rights_request, decides, **refusal)
        self.world.give(rights_requests.answer_rights_request, decides, request=id, words=words)
        self._is_kept(rights_requests.forget_rights_request_when_due, id, days)

    @precondition(lambda self: self.world.facts.pairs)
    @rule(which=number, by=number, days=days_ahead, told=st.booleans())
    def a_disclosure_is_written(self, which: int, by: int, days: int, *, told: bool) -> None:
        relationship, pair = self._pair(which)
        id, who = uuid4(), pick([*self.world.leads, pair.mentor or pair.mentee], by)
        words = sealed_for(id, Compartment.SAFEGUARDING, DISCLOSURE_PURPOSE)
        written = DisclosureFacts(relationship, Ground.SERIOUS_HARM, words, words)
        look_again_on = (self.world.now + timedelta(days=days)).date()
        telling = Telling(is_told=True)
        if not told:
            telling = Telling(
                is_told=False, reason=NotToldReason.LAW_FORBIDS, look_again_on=look_again_on
            )
        what = {"id": id, "written": written, "telling": telling}
        self.world.give(disclosures.write_disclosure, who, **what)

    @precondition(lambda self: self.world.facts.matters)
    @rule(which=number, by=number, for_it=usually, days=days_ahead, gone=days_gone, more=usually)
    def a_disclosure_is_decided(
        self, which: int, by: int, days: int, gone: int, *, for_it: bool, more: bool
    ) -> None:
        """Also by who wrote it, also twice, and passed on whenever somebody likes."""
        id = pick(list(self.world.facts.matters), which)
        who, day = pick(self.world.leads, by), (self.world.now + timedelta(days=days)).date()
        self.world.give(disclosures.make_disclosure, who, disclosure=id, review_on=day)
        decide = disclosures.agree_to_disclosure if for_it else disclosures.decline_disclosure
        self.world.give(decide, who, disclosure=id)
        self.world.pass_time(timedelta(days=gone))
        day = (self.world.now + timedelta(days=days)).date()
        self.world.give(disclosures.make_disclosure, who, disclosure=id, review_on=day)
        put_off = {"reason": NotToldReason.CANNOT_BE_REACHED, "look_again_on": day}
        self.world.give(disclosures.put_off_telling, who, disclosure=id, **put_off)
        if more:
            self.world.give(disclosures.tell_mentee, who, disclosure=id)
        self.world.give(disclosures.review_disclosure, who, disclosure=id, review_on=day)
        self.world.give(disclosures.review_disclosure, who, disclosure=id, review_on=None)
        self._is_kept(disclosures.forget_disclosure_when_due, id, gone)

    @rule(who=number, days=days_ahead, then=st.sampled_from("hhlbrn"))
    def somebody_asks_to_be_erased(self, who: int, days: int, then: str) -> None:
        """Held, released, taken back or refused; `n` leaves it open."""
        person, receipt = pick(self.world.parties, who), uuid4()
        self.world.give(erasures.request_erasure, person, person=person, receipt=receipt)
        erasure = self._erasure_of(person)
        if erasure is None:
            return
        day = (self.world.now + timedelta(days=days)).date()
        held = {"erasure": erasure, "reason": HoldReason.LEGAL_CLAIM, "review_on": day}
        lead = self.world.protection_lead
        steps: dict[str, tuple[Callable[..., Any], UUID, dict[str, Any]]] = {
            "h": (erasures.hold_erasure, lead, held),
            "l": (erasures.lift_hold, lead, {"erasure": erasure}),
            "b": (erasures.take_back_erasure, person, {"erasure": erasure}),
            "r": (
                erasures.refuse_erasure,
                lead,
                {"erasure": erasure, "reason": RefusalReason.LEGAL_DUTY},
            ),
        }
        if then in steps:
            command, by, what = steps[then]
            self.world.give(command, by, **what)

    @rule(who=number, right=usually, held=st.booleans(), so=seldom)
    def an_erasure_is_granted(self, who: int, *, right: bool, held: bool, so: bool) -> None:
        """The clerk ends what is open and notes what was destroyed, once."""
        if not so:
            return
        self.somebody_asks_to_be_erased(who, 1, "h" if held else "n")
        person = pick(self.world.parties, who)
        erasure = self._erasure_of(person)
        if erasure is None:
            return
        before, open_to = self.world.position(), self.world.open_to(person)
        decides = self.world.protection_lead if right else person
        self.world.give(erasures.grant_erasure, decides, erasure=erasure)
        self.world.follow(before)
        done = {"erasure": erasure, "streams": (person,), "positions": (1,)}
        for _ in range(2):
            self.world.give(erasures.note_carried_out, CLERK, **done)
        self.world.give(erasures.complete_erasure, CLERK, erasure=erasure)
        for each in open_to:
            what = {"relationship": each, "person": person}
            self.world.give(relationships.end_for_withdrawal, CLERK, **what)

    def _is_kept(self, forget: Callable[..., Any], id: UUID, days: int) -> None:
        """The clerk comes by after some days."""
        self.world.pass_time(timedelta(days=days))
        self.world.give(forget, CLERK, record=id, period=KEPT_FOR)

    def _erasure_of(self, person: UUID) -> UUID | None:
        wishes = self.world.facts.wishes
        found = [id for id, wish in wishes.items() if wish.person == person]
        return found[-1] if found else None
