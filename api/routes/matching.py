"""The matching over a programme: its weights, its rounds, and proposals made of what a round found."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, Now
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    ReaderPart,
    result_of,
)
from api.errors import NotThereYet, sentence_of
from api.records.finding import Finding
from api.records.gathering import Gathering
from api.records.openings import Why
from api.records.relations import as_coordinator
from api.records.words import WordsAnswer, open_words
from crypto.errors import AlreadyRecorded
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands import matching as commands
from domain.errors import DomainError
from domain.matching.measures import Measures
from domain.matching_round import MatchingRound, NotFoundInRound, ProposedAlready
from domain.mentoring import Mentoring, NotFound, Order
from domain.programme import Programme
from domain.values import Sealed
from projections.reader import NotBuiltYet, Reader

router = APIRouter(tags=["matching"])

MOST_AT_ONCE = 500


class MeasuresAnswer(BaseModel):
    """How good a round is; shares and scores are in thousandths."""

    share_matched: int
    worst_off: int
    total: int
    share_top_three: int
    blocking_pairs: int

    @classmethod
    def of(cls, measures: Measures) -> "MeasuresAnswer":
        """The same as they were recorded."""
        return cls(
            share_matched=measures.share_matched,
            worst_off=measures.worst_off,
            total=measures.total,
            share_top_three=measures.share_top_three,
            blocking_pairs=measures.blocking_pairs,
        )


class PairAnswer(BaseModel):
    """One mentor who was found for one request, and the proposal that came of it, if one did."""

    relationship: UUID
    mentor: UUID
    proposal: UUID | None


class RoundAnswer(BaseModel):
    """A round; why it suggests whom is opened for one request at a time."""

    id: UUID
    programme: UUID
    number: int
    ran_at: datetime
    weights_version: int
    requests: int
    mentors: int
    measures: MeasuresAnswer
    pairs: list[PairAnswer]
    left_over: list[UUID]
    is_closed: bool


class RoundsAnswer(BaseModel):
    """The newest round of a programme, if there was one."""

    newest: RoundAnswer | None


class FoundWordsAnswer(BaseModel):
    """What the mentee will read or has read, and what the mentor will, where there is one."""

    for_mentee: WordsAnswer
    for_mentor: WordsAnswer


class ProposeFound(Body):
    """The requests whose pairs are proposed; without any, all that are left."""

    relationships: list[UUID] = Field(
        default_factory=list,
        max_length=MOST_AT_ONCE,
        examples=[["0f0e8a52-5f0b-4a3c-9d7e-2a6b3f1c9d10"]],
    )


class NotProposed(BaseModel):
    """What could not be proposed, and why."""

    relationship: UUID
    sentence: str


class ProposedAnswer(BaseModel):
    """What was proposed, and what was not; asked again it goes on where it stopped."""

    proposed: list[UUID]
    refused: list[NotProposed]
    position: int | None


async def gathering_of(
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    now: Now,
) -> Gathering:
    """What gathers people for a coordinator's run of the matching."""
    new_seed = request.app.state.parts.new_seed
    return Gathering(mentoring, openings, reader, caller, now, new_seed)


GatheringPart = Annotated[Gathering, Depends(gathering_of)]


@router.post("/programmes/{id}/matching-rounds", status_code=201)
def run(
    id: UUID,
    caller: CoordinatorCaller,
    order: OrderPart,
    gathering: GatheringPart,
    response: Response,
) -> CommandResult:
    """Run a round over everybody who waits; whatever is opened for it is recorded, person by person."""
    gathering.mentoring.load(Programme, id)
    try:
        recorded = Finding(gathering).run_round(order, id)
    except NotBuiltYet:
        raise NotThereYet from None
    return result_of(recorded, response)


@router.get("/programmes/{id}/matching-rounds")
def show_newest(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, reader: ReaderPart
) -> RoundsAnswer:
    """Show the newest round of a programme."""
    mentoring.load(Programme, id)
    newest = commands.newest_round(mentoring, id)
    return RoundsAnswer(newest=round_seen(newest, reader, caller) if newest else None)


@router.get("/matching-rounds/{id}")
def show(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, reader: ReaderPart
) -> RoundAnswer:
    """Show a round: whom it suggests, who is left over, and how good it is."""
    return round_seen(mentoring.load(MatchingRound, id), reader, caller)


@router.get("/matching-rounds/{id}/words/{relationship}")
def show_words(
    id: UUID,
    relationship: UUID,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
) -> FoundWordsAnswer:
    """Open why a round suggests whom it does, or why it found nobody; each of the two can read of the look."""
    as_coordinator(mentoring, caller, relationship)
    for_mentee, for_mentor = _words(mentoring, mentoring.load(MatchingRound, id), relationship)
    why = Why(RecordKind.PREFERENCES, AccessPurpose.MATCHING, Authority.CONSENT, relationship)
    return FoundWordsAnswer(
        for_mentee=open_words(openings, caller, for_mentee, why, now=now),
        for_mentor=open_words(openings, caller, for_mentor, why, now=now),
    )


@router.post("/matching-rounds/{id}/proposals")
def propose(
    id: UUID,
    body: ProposeFound,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
) -> ProposedAnswer:
    """Make proposals of what a round found, one after the other; what cannot be is told, and stops no other."""
    subject = mentoring.load(MatchingRound, id)
    wanted = body.relationships or [each for each in subject.pairs if each not in subject.proposed]
    answer = ProposedAnswer(proposed=[], refused=[], position=None)
    for relationship in wanted:
        try:
            answer.position = _propose(mentoring, order, id, relationship)
        except ProposedAlready:
            pass
        except DomainError as error:
            refused = NotProposed(relationship=relationship, sentence=sentence_of(error))
            answer.refused.append(refused)
            continue
        answer.proposed.append(relationship)
    return answer


@router.post("/matching-rounds/{id}/closing")
def close(
    id: UUID,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Let go what a round found and nobody proposed; who waits is in the next one."""
    return carrier.carry_out(commands.close_round, matching_round=id)


def round_seen(subject: MatchingRound, reader: Reader, caller: Caller) -> RoundAnswer:
    """A round as one coordinator may see it: nothing of their own mentoring."""
    try:
        own = {each.relationship for each in reader.participation_of(caller.person)}
    except NotBuiltYet:
        raise NotThereYet from None
    return RoundAnswer(
        id=subject.id,
        programme=subject.programme,
        number=subject.number,
        ran_at=subject.ran_at,
        weights_version=subject.weights_version,
        requests=subject.facts.requests,
        mentors=subject.facts.mentors,
        measures=MeasuresAnswer.of(subject.facts.measures),
        pairs=[
            PairAnswer(
                relationship=relationship,
                mentor=pair.mentor,
                proposal=subject.proposed.get(relationship),
            )
            for relationship, pair in subject.pairs.items()
            if relationship not in own and pair.mentor != caller.person
        ],
        left_over=[each for each in subject.facts.left_over if each not in own],
        is_closed=subject.is_closed,
    )


def _propose(mentoring: Mentoring, order: Order, id: UUID, relationship: UUID) -> int:
    """One pair under an id that a repetition shares."""
    own = Order(order.act, uuid5(order.command_id, str(relationship)))
    try:
        recorded = carry_out(
            lambda: commands.propose_pair(
                mentoring, own, matching_round=id, relationship=relationship
            )
        )
    except AlreadyRecorded as earlier:
        return earlier.position
    return recorded.position


def _words(
    mentoring: Mentoring, subject: MatchingRound, relationship: UUID
) -> tuple[Sealed | None, Sealed | None]:
    try:
        pair = subject.pair(relationship)
    except NotFoundInRound:
        if relationship not in subject.facts.left_over:
            raise NotFound from None
        shortlist = commands.find_shortlist(mentoring, relationship)
        return shortlist.nobody if shortlist else None, None
    return pair.reasons_for_mentee, pair.reasons_for_mentor
