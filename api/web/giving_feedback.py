"""Where anybody with a slip says how mentoring went, without signing in; the page keeps nothing and asks no name."""

from collections.abc import Mapping
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from pydantic import Field, ValidationError

from api.at_the_door import FromOutside, RoomForFeedback
from api.auth.callers import Public
from api.errors import sentence_of
from api.records.feedback import LONGEST_WORDS
from api.routes import feedback as routes
from api.web.answers import go_to
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, faults_in
from api.web.forms import ReadForm, require_from_here_for_certain
from api.web.rendering import page
from api.web.sign_in import SAYS_WHERE_FROM
from domain.errors import DomainError
from domain.feedback import OF_THE_MENTORING, OF_THE_SCHEME, Agreement, Statement

router = APIRouter(
    prefix="/feedback", include_in_schema=False, dependencies=[Public, ReadForm, FromOutside]
)

STATEMENTS: Mapping[Statement, str] = {
    Statement.HEARD: "I felt heard.",
    Statement.WHAT_MATTERED: "We spoke about what mattered to me.",
    Statement.THOUGHT_ALOUD: "I could think aloud without being judged.",
    Statement.HELPED: "It helped me in my work.",
    Statement.EASY: "Taking part was easy to arrange.",
    Statement.SUITED: "Whom you suggested suited me.",
    Statement.CONFIDENTIAL: "I trust that what I say stays confidential.",
    Statement.RECOMMEND: "I would tell a colleague to take part.",
}
AGREEMENTS: Mapping[Agreement, str] = {
    Agreement.AGREE: "Agree",
    Agreement.RATHER_AGREE: "Rather agree",
    Agreement.NEITHER: "Neither",
    Agreement.RATHER_DISAGREE: "Rather disagree",
    Agreement.DISAGREE: "Disagree",
}
CHOICES: Mapping[str, str] = {
    **{each.value: words for each, words in AGREEMENTS.items()},
    "": "I would rather not say",
}
TOO_LONG = "Write at most 1,000 characters."


class FeedbackForm(TypedForm):
    """A slip, or the whole link that ends in it, and whatever somebody likes to say."""

    faults: ClassVar[Mapping[str, str]] = {
        "slip": "Enter your slip.",
        "mentoring_words": TOO_LONG,
        "scheme_words": TOO_LONG,
    }
    blamed: ClassVar[str] = "slip"

    slip: str = Field(min_length=1, max_length=400)
    heard: Agreement | None = None
    what_mattered: Agreement | None = None
    thought_aloud: Agreement | None = None
    helped: Agreement | None = None
    mentoring_words: str | None = Field(default=None, max_length=LONGEST_WORDS)
    easy: Agreement | None = None
    suited: Agreement | None = None
    confidential: Agreement | None = None
    recommend: Agreement | None = None
    scheme_words: str | None = Field(default=None, max_length=LONGEST_WORDS)

    def said(self) -> routes.GiveFeedback:
        """The same as the API takes it."""
        slip = self.slip.rpartition("#")[2]
        return routes.GiveFeedback(**self.model_dump(exclude={"slip"}), slip=slip)


@router.get("")
def show(request: Request) -> Response:
    """The form of whoever was mentored; it is the same whatever link led here."""
    return _ask(request, NOTHING_FILLED, is_whole=True)


@router.post("", dependencies=[RoomForFeedback])
def give(request: Request, desk: routes.FeedbackDeskPart) -> Response:
    """Keep what they say."""
    return _taken_in(request, desk, is_whole=True)


@router.get("/scheme")
def show_of_scheme(request: Request) -> Response:
    """The form of whoever mentored: about the scheme alone."""
    return _ask(request, NOTHING_FILLED, is_whole=False)


@router.post("/scheme", dependencies=[RoomForFeedback])
def give_of_scheme(request: Request, desk: routes.FeedbackDeskPart) -> Response:
    """Keep what they say."""
    return _taken_in(request, desk, is_whole=False)


@router.get("/thanks")
def show_thanks(request: Request) -> Response:
    """That it was kept."""
    return page(request, "feedback_thanks.html")


def _taken_in(request: Request, desk: routes.FeedbackDeskPart, *, is_whole: bool) -> Response:
    require_from_here_for_certain(request)
    fields = request.state.form
    try:
        said = FeedbackForm.model_validate(fields).said()
        desk.take_in(said.slip, said.about_mentoring, said.about_scheme)
    except ValidationError as wrong:
        faults = faults_in(FeedbackForm, wrong)
    except DomainError as refused:
        faults = {FeedbackForm.blamed: sentence_of(refused)}
    else:
        return go_to("/feedback/thanks")
    return _ask(request, Filled(fields, faults, "feedback"), is_whole=is_whole)


def _ask(request: Request, filled: Filled, *, is_whole: bool) -> Response:
    answer = page(
        request,
        "giving_feedback.html",
        status=filled.status,
        filled=filled,
        is_whole=is_whole,
        statements=STATEMENTS,
        of_the_mentoring=OF_THE_MENTORING,
        of_the_scheme=OF_THE_SCHEME,
        choices_of=CHOICES,
    )
    answer.headers.update(SAYS_WHERE_FROM)
    return answer
