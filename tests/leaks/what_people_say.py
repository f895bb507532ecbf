"""What people say of mentoring: a story, suggestions and feedback, with a sentinel in each; most of it is for few."""

from uuid import UUID

from api.embedded_postgres.processes import wait_until
from tests.leaks.cast import COORDINATOR, LEAD, MENTEES, MENTORS, Cast
from tests.leaks.recording import NOBODY

NOTICE = "We keep what is needed to see how mentoring goes."
PURPOSES = ("feedback", "publish_story")
OWN_STORY, STORY = "GET /api/v1/me/story", "GET /api/v1/story-desk/{id}/words"
SUGGESTION = "GET /api/v1/suggestion-desk/{id}/words"
OWN_SUGGESTION = "GET /api/v1/me/suggestions/{id}/words"
SUGGESTIONS, OWN_SUGGESTIONS = "GET /api/v1/suggestions", "GET /api/v1/me/suggestions"
PATIENCE_SECONDS = 60.0


class WhatPeopleSay:
    """Says it all."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._say = cast.sentinels

    def while_it_goes_on(self) -> None:
        """A story that waits to be looked at, and a suggestion that is answered to all."""
        for purpose in PURPOSES:
            body = {"purpose": purpose, "version": 1, "language": "en", "text": NOTICE}
            self._cast.post(LEAD, "/notices", body)
        self._tell_a_story("kwame")
        self._suggest("amara")

    def after_an_ending(self, mentee: str, relationship: UUID) -> None:
        """Feedback by a slip: what lies in a box is for nobody."""
        self._consent(mentee, "feedback")
        slip = self._cast.post(mentee, f"/relationships/{relationship}/feedback-slip")["slip"]
        said = {
            "slip": slip,
            "heard": "agree",
            "mentoring_words": self._say.words("feedback about a mentor"),
            "scheme_words": self._say.words("feedback about the scheme"),
        }
        self._cast.post(NOBODY, "/feedback", said)
        self._cast.client(NOBODY).post("/feedback", json=said | {"slip": slip[:-8]})

    def _tell_a_story(self, mentee: str) -> None:
        self._consent(mentee, "publish_story")
        shown = [(mentee, OWN_STORY), (COORDINATOR, STORY)]
        words = self._say.long_words(f"story of {mentee}", shown)
        story = self._cast.put(mentee, "/me/story", {"words": words})["id"]
        self._cast.get(mentee, "/me/story")
        self._cast.get(COORDINATOR, f"/story-desk/{story}/words")

    def _suggest(self, mentee: str) -> None:
        shown = [(mentee, OWN_SUGGESTION), (COORDINATOR, SUGGESTION)]
        words = self._say.words(f"suggestion of {mentee}", shown)
        made = self._cast.post(mentee, "/me/suggestions", {"words": words})["id"]
        self._cast.get(mentee, f"/me/suggestions/{made}/words")
        self._cast.get(COORDINATOR, f"/suggestion-desk/{made}/words")
        everybody = (*MENTEES, *MENTORS, COORDINATOR)
        read = [*((who, SUGGESTIONS) for who in everybody), (mentee, OWN_SUGGESTIONS)]
        told = {
            "outcome": "taken_up",
            "gist": self._say.words(f"gist of the suggestion of {mentee}", read),
            "answer": self._say.words(f"answer to the suggestion of {mentee}", read),
        }
        self._cast.post(COORDINATOR, f"/suggestion-desk/{made}/answer", told)
        assert wait_until(self._is_told, PATIENCE_SECONDS)
        for who in everybody:
            self._cast.get(who, "/suggestions")
        self._cast.get(mentee, "/me/suggestions")

    def _is_told(self) -> bool:
        return bool(self._cast.get(COORDINATOR, "/suggestions")["suggestions"])

    def _consent(self, who: str, purpose: str) -> None:
        (notice,) = self._cast.get(who, f"/notices/{purpose}")["notices"]
        body = {
            "purpose": purpose,
            "notice_version": notice["version"],
            "language": notice["language"],
            "digest": notice["digest"],
        }
        self._cast.post(who, "/me/consents", body)
