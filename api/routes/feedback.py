"""Feedback: a slip after an ending, answers given by it without signing in, and what may be shown of many."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from api.at_the_door import FromOutside, RoomForFeedback
from api.auth.callers import CoordinatorCaller, MentorCaller, Now, PartyCaller, Public
from api.dependencies import (
    ApartPart,
    Body,
    MentoringPart,
    OpeningsPart,
    QuietOrderPart,
    ReaderPart,
    SettingsPart,
)
from api.records.evaluation import Evaluating, Evaluation
from api.records.feedback import LONGEST_WORDS, FeedbackDesk, Said
from api.slips import link_of
from domain.feedback import OF_THE_MENTORING, OF_THE_SCHEME, Agreement, Statement
from domain.mentoring import NotFound
from domain.person import Person
from domain.values import Role

router = APIRouter(tags=["feedback"])

SLIP_EXAMPLE = "slip_0000000000000000000000000000000000000000000000000000000000000000000000"
Agreed = Annotated[Agreement | None, Field(default=None, examples=["rather_agree"])]
Words = Annotated[
    str | None,
    Field(default=None, min_length=1, max_length=LONGEST_WORDS, examples=["It did me good."]),
]


class SlipAnswer(BaseModel):
    """A slip, and the link that carries it; it is shown this once, and kept nowhere."""

    slip: str
    link: str


class GiveFeedback(Body):
    """A slip, and whatever somebody likes to say; what is left out is not answered.

    The first four and `mentoring_words` are about the mentoring, the others about the scheme.
    """

    slip: str = Field(min_length=1, max_length=200, examples=[SLIP_EXAMPLE])
    heard: Agreed
    what_mattered: Agreed
    thought_aloud: Agreed
    helped: Agreed
    mentoring_words: Words
    easy: Agreed
    suited: Agreed
    confidential: Agreed
    recommend: Agreed
    scheme_words: Words

    @property
    def about_mentoring(self) -> Said:
        """What is said of the mentoring."""
        return self._said(OF_THE_MENTORING, self.mentoring_words)

    @property
    def about_scheme(self) -> Said:
        """What is said of the scheme."""
        return self._said(OF_THE_SCHEME, self.scheme_words)

    def _said(self, statements: tuple[Statement, ...], words: str | None) -> Said:
        given = {each: getattr(self, each.value) for each in statements}
        return Said({each: agreed for each, agreed in given.items() if agreed}, words)


class KeptAnswer(BaseModel):
    """That it was kept; nothing by which it could be found again."""

    is_kept: bool = True


class CountAnswer(BaseModel):
    """How many agreed so far; null where the count is hidden."""

    agreement: Agreement
    count: int | None


class FigureAnswer(BaseModel):
    """One statement; without counts while too few have answered it."""

    statement: Statement
    counts: list[CountAnswer] | None


class EvaluationAnswer(BaseModel):
    """What may be shown: `responses` is null, and everything hidden, while there are too few."""

    responses: int | None
    figures: list[FigureAnswer]
    words: list[str]

    @classmethod
    def of(cls, found: Evaluation) -> Self:
        """The same for the wire."""
        figures = [
            FigureAnswer(
                statement=statement,
                counts=None
                if counts is None
                else [CountAnswer(agreement=each, count=count) for each, count in counts.items()],
            )
            for statement, counts in found.figures.items()
        ]
        return cls(responses=found.responses, figures=figures, words=list(found.words))


async def feedback_desk_of(request: Request) -> FeedbackDesk:
    """What takes answers in."""
    return FeedbackDesk(request.app.state.parts, request.app.state.openings)


FeedbackDeskPart = Annotated[FeedbackDesk, Depends(feedback_desk_of)]


async def evaluating_of(
    mentoring: MentoringPart, openings: OpeningsPart, reader: ReaderPart, apart: ApartPart
) -> Evaluating:
    """What opens whole lots."""
    return Evaluating(mentoring, openings, reader, apart)


EvaluatingPart = Annotated[Evaluating, Depends(evaluating_of)]


@router.post("/relationships/{id}/feedback-slip", status_code=201)
def take_slip(
    id: UUID,
    caller: PartyCaller,
    quiet: QuietOrderPart,
    desk: FeedbackDeskPart,
    settings: SettingsPart,
) -> SlipAnswer:
    """Have a slip once mentoring has ended; that one was taken is recorded, and never which."""
    slip = desk.hand_out(caller, quiet.order, quiet.key, id)
    is_of_scheme = caller.role is Role.MENTOR
    link = link_of(settings.public_url, slip, is_of_scheme=is_of_scheme)
    return SlipAnswer(slip=slip, link=link)


@router.post("/feedback", status_code=201, dependencies=[Public, FromOutside, RoomForFeedback])
def give(body: GiveFeedback, desk: FeedbackDeskPart) -> KeptAnswer:
    """Say how it went, by a slip and nothing else; send no token with it."""
    desk.take_in(body.slip, body.about_mentoring, body.about_scheme)
    return KeptAnswer()


@router.get("/me/feedback")
def own(caller: MentorCaller, evaluating: EvaluatingPart, at: Now) -> EvaluationAnswer:
    """What was said of mentoring with oneself, from five responses on."""
    return EvaluationAnswer.of(evaluating.about_mentor(caller, caller.person, at))


@router.get("/mentor-profiles/{person}/feedback")
def of_mentor(
    person: UUID,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    evaluating: EvaluatingPart,
    at: Now,
) -> EvaluationAnswer:
    """The same for a coordinator; the mentor reads that they looked."""
    if Role.MENTOR not in mentoring.load(Person, person).roles:
        raise NotFound
    return EvaluationAnswer.of(evaluating.about_mentor(caller, person, at))


@router.get("/evaluation")
def of_scheme(caller: CoordinatorCaller, evaluating: EvaluatingPart, at: Now) -> EvaluationAnswer:
    """What was said of the scheme, from ten responses on; counts are rounded, and small ones hidden."""
    return EvaluationAnswer.of(evaluating.about_scheme(caller, at))
