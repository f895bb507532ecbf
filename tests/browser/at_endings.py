"""Endings, with what people say of them: enough to be shown together, a story, suggestions, and somebody who waits."""

from dataclasses import dataclass

from domain.values import Role
from tests.feedback import ended_pair, publish_words_for_feedback, say, slip_of
from tests.live_service import LiveService
from tests.match import Match, done, give_consent
from tests.scheme import Scheme, Somebody

WORDS = "What it changed for me, in a few words.\nAnd a second line."
ENOUGH = 5


@dataclass(frozen=True)
class AtEndings:
    """Whose mentoring has ended, and what they told the scheme."""

    pairs: tuple[Match, ...]
    coordinator: Somebody
    story: str
    suggestion: str
    answered: str

    @property
    def mentor(self) -> Somebody:
        """With whom all of them were mentored."""
        return self.pairs[0].mentor

    def tours(self) -> tuple[tuple[Somebody, list[str]], ...]:
        """The pages of each of them."""
        last, teller = self.pairs[-1], self.pairs[0].mentee
        desks = ["/story-desk", f"/story-desk/{self.story}", "/suggestion-desk"]
        of_mentor = f"/mentors/{self.mentor.id}/feedback"
        seen = [
            *desks,
            f"/suggestion-desk/{self.suggestion}",
            "/evaluation",
            of_mentor,
            "/rematches",
        ]
        return (
            (self.coordinator, [*seen, "/suggestions"]),
            (last.mentee, [f"/my-mentoring/{last.relationship}/ending", "/my-story"]),
            (teller, ["/my-story", "/my-suggestions", f"/my-suggestions/{self.answered}"]),
            (self.mentor, [f"/my-caseload/{last.relationship}/ending", "/my-feedback"]),
        )


NOBODYS = ("/feedback", "/feedback/scheme", "/feedback/thanks", "/stories")


def furnish_endings(service: LiveService) -> AtEndings:
    """Five endings with one mentor, and a lot of answers about them and about the scheme; shown from Monday on."""
    scheme = service.scheme
    publish_words_for_feedback(scheme)
    first = ended_pair(scheme)
    pairs = (first, *(ended_pair(scheme, first.mentor) for _ in range(ENOUGH - 1)))
    for made in pairs:
        said = {
            "heard": "agree",
            "helped": "rather_agree",
            "mentoring_words": WORDS,
            "easy": "agree",
        }
        done(say(scheme, slip_of(made.mentee, made), **said))
        done(say(scheme, slip_of(made.mentor, made), easy="agree", scheme_words=WORDS))
    not_asked = ended_pair(scheme, first.mentor)
    rematch = {"reason": "availability"}
    done(first.mentee.post(f"/relationships/{first.relationship}/rematch", rematch))
    return _told(scheme, (*pairs, not_asked))


def _told(scheme: Scheme, pairs: tuple[Match, ...]) -> AtEndings:
    teller, coordinator = pairs[0].mentee, scheme.person(Role.COORDINATOR)
    give_consent(teller, "publish_story")
    story = str(done(teller.put("/me/story", {"words": WORDS}))["id"])
    suggestion, answered = (
        str(done(teller.post("/me/suggestions", {"words": WORDS}))["id"]) for _ in range(2)
    )
    told = {"outcome": "taken_up", "gist": WORDS, "answer": WORDS}
    done(coordinator.post(f"/suggestion-desk/{answered}/answer", told))
    return AtEndings(pairs, coordinator, story, suggestion, answered)
