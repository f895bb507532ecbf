"""What anybody can do about feedback, at any time: have a slip after an ending, and drop answers into a box."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.commands import consents, feedback, relationships
from domain.commands.feedback import Answers, Response
from domain.feedback import RESPONSE_PURPOSE, SCHEME
from domain.relationship_events import ClosingReason
from domain.values import Compartment, Purpose, Sealed
from tests.properties.scheme_commands import AnybodyDoesAnything, number, pick, seldom, usually
from tests.unit.domain.builders import sealed_for


class FeedbackIsGiven(AnybodyDoesAnything):
    """Whoever runs the service handed the slips out; here anybody makes one up."""

    def __init__(self) -> None:
        super().__init__()
        self.slips = [uuid4()]

    @precondition(lambda self: self._matched())
    @rule(which=number, by=number, right=usually, ends=usually, withdraws=seldom)
    def a_slip_is_taken(
        self, which: int, by: int, *, right: bool, ends: bool, withdraws: bool
    ) -> None:
        """Twice, as somebody may who forgot that they had one; now and then before anything has ended."""
        id, pair = self._match(which)
        who = self._one_of(pair, by, right=right)
        if ends:
            what = {"relationship": id, "reason": ClosingReason.NO_FAULT}
            self.world.give(relationships.close_relationship, pair.mentee, **what)
        if withdraws:
            consent = {"person": who, "purpose": Purpose.FEEDBACK}
            self.world.give(consents.withdraw_consent, who, **consent)
        for _ in range(2):
            self.world.give(feedback.take_slip, who, relationship=id)

    @rule(whom=number, slips=st.integers(1, 6), again=seldom)
    def answers_are_dropped(self, whom: int, slips: int, *, again: bool) -> None:
        """About the scheme and a mentor with one slip, or about a mentor alone."""
        about = (SCHEME, pick(self.world.mentors, whom))[whom % 2 :]
        given = [Answers(each, _sealed_for_box) for each in about]
        for _ in range(slips):
            if not again:
                self.slips.append(uuid4())
            slip = pick(self.slips, whom) if again else self.slips[-1]
            self.world.give(feedback.give_feedback, slip, given=given, mix=_mixed)


def _sealed_for_box(box: UUID, purpose: str) -> Sealed:
    return sealed_for(box, Compartment.PERSONAL, purpose)


def _mixed(lying: Sequence[Sealed]) -> list[Response]:
    """Chance is not needed for the rules: the other way round is another order."""
    ids = [uuid4() for _ in reversed(lying)]
    return [Response(id, sealed_for(id, purpose=RESPONSE_PURPOSE)) for id in ids]
