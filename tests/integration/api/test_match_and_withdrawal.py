"""A match cannot be recorded after a withdrawal that its decision did not see, however they race."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from api.bootstrap import Parts
from api.carrying_out import carry_out
from crypto.errors import HeadMoved
from domain.aggregate import Aggregate
from domain.commands.consents import withdraw_consent
from domain.commands.proposals import Answer, accept_proposal
from domain.consent import ConsentLedger
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place
from domain.relationship import Relationship
from domain.values import Act, Purpose
from tests.match import Match, done, propose, publish_notices
from tests.scheme import Scheme

ROUNDS = 60
WITHDRAWN = "consent_ledger.withdrawn"
MATCHED = "relationship.matched"


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_a_withdrawal_between_the_decision_and_its_commit_undoes_the_match(
    shared_scheme: Scheme, who: str
) -> None:
    made = awaiting_the_second_yes(shared_scheme)
    withdrawing = getattr(made, who).id
    mentoring = Interrupted(shared_scheme.parts, lambda: withdraw(shared_scheme, withdrawing))

    with pytest.raises(HeadMoved):
        accept_proposal(mentoring, order(shared_scheme, made.mentor.id), answer=answer(made))

    assert events_of(shared_scheme, made.relationship, MATCHED) == []


def test_the_decision_is_then_made_anew_and_says_why_there_is_no_match(
    shared_scheme: Scheme,
) -> None:
    made = awaiting_the_second_yes(shared_scheme)
    mentoring = Interrupted(shared_scheme.parts, lambda: withdraw(shared_scheme, made.mentee.id))
    given = order(shared_scheme, made.mentor.id)

    carry_out(lambda: accept_proposal(mentoring, given, answer=answer(made)))

    relationship = shared_scheme.parts.mentoring.load(Relationship, made.relationship)
    assert (relationship.mentor, relationship.proposal) == (None, None)
    assert shared_scheme.parts.mentoring.load(Place, made.place).relationship is None


def test_however_they_race_no_match_follows_a_withdrawal(shared_scheme: Scheme) -> None:
    outcomes = [race(shared_scheme) for _ in range(ROUNDS)]

    for withdrawn_at, matched_at in outcomes:
        assert matched_at is None or matched_at < withdrawn_at


class Interrupted(Mentoring):
    """Commits only after something else happened first; once."""

    def __init__(self, parts: Parts, interruption: Callable[[], None]) -> None:
        super().__init__(parts.mapper, parts.recorder)
        self._interruption = [interruption]

    def commit(self, order: Order, *changed: Aggregate, read: Sequence[Aggregate] = ()) -> Recorded:
        if self._interruption:
            self._interruption.pop()()
        return super().commit(order, *changed, read=read)


def race(scheme: Scheme) -> tuple[int, int | None]:
    """The mentor's yes, which would match, and the mentee's withdrawal at the same moment."""
    made, barrier = awaiting_the_second_yes(scheme), Barrier(2)

    def accept() -> None:
        barrier.wait()
        given = order(scheme, made.mentor.id)
        carry_out(lambda: accept_proposal(scheme.parts.mentoring, given, answer=answer(made)))

    def change_mind() -> None:
        barrier.wait()
        withdraw(scheme, made.mentee.id)

    with ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(accept), threads.submit(change_mind)]:
            each.result()
    (withdrawn_at,) = events_of(scheme, ConsentLedger.id_of(made.mentee.id), WITHDRAWN)
    matched_at = events_of(scheme, made.relationship, MATCHED)
    return withdrawn_at, matched_at[0] if matched_at else None


def awaiting_the_second_yes(scheme: Scheme) -> Match:
    publish_notices_once(scheme)
    made = propose(scheme)
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/acceptance"
    done(made.mentee.post(path, {"version": 1}))
    return made


def publish_notices_once(scheme: Scheme) -> None:
    if not events_of(scheme, None, "notice.published"):
        publish_notices(scheme)


def withdraw(scheme: Scheme, person: UUID) -> None:
    withdraw_consent(
        scheme.parts.mentoring, order(scheme, person), person=person, purpose=Purpose.TAKE_PART
    )


def order(scheme: Scheme, actor: UUID) -> Order:
    return Order(Act(actor, scheme.now()), uuid4())


def answer(made: Match) -> Answer:
    return Answer(made.relationship, made.proposal, 1)


def events_of(scheme: Scheme, stream: UUID | None, topic: str) -> list[int]:
    """The positions of events of one topic, in one stream or in all."""
    log = scheme.parts.recorder.select_notifications(1, 100_000, topics=[topic])
    return [entry.id for entry in log if stream in (None, entry.originator_id)]
