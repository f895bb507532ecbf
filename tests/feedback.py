"""People whose mentoring has ended, and what they say of it by their slips."""

from typing import Any

from domain.values import Role
from tests.match import Match, done, give_consent, match, publish_notices
from tests.scheme import Scheme, Somebody

FURTHER = ("feedback", "publish_story")


def publish_further_notices(scheme: Scheme) -> None:
    """Publish words for what a match, feedback and stories need consent to."""
    publish_notices(scheme)
    publish_words_for_feedback(scheme)


def publish_words_for_feedback(scheme: Scheme) -> None:
    """The same for feedback and stories alone."""
    lead = scheme.person(Role.DATA_PROTECTION_LEAD)
    for purpose in FURTHER:
        body = {"purpose": purpose, "version": 1, "language": "en", "text": f"About {purpose}."}
        done(lead.post("/notices", body))


def ended_pair(scheme: Scheme, mentor: Somebody | None = None) -> Match:
    """A pair whose mentoring ended without fault; both may be asked how it went."""
    made = match(scheme, mentor=mentor)
    give_consent(made.mentee, "feedback")
    if mentor is None:
        give_consent(made.mentor, "feedback")
    path = f"/relationships/{made.relationship}/closing"
    done(made.mentee.post(path, {"reason": "no_fault"}))
    return made


def slip_of(party: Somebody, made: Match) -> str:
    """The slip that somebody takes after an ending."""
    path = f"/relationships/{made.relationship}/feedback-slip"
    return str(done(party.post(path))["slip"])


def say(scheme: Scheme, slip: str, **answers: Any) -> Any:
    """Say how it went, as anybody could who holds the slip."""
    return scheme.anybody.post("/feedback", json={"slip": slip, **answers})
