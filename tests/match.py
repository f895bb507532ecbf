"""A matched pair of the scheme, brought about through the API step by step."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.values import Role
from tests.funding import signed_agreement
from tests.scheme import Scheme, Somebody

PURPOSES = ("take_part", "share_profile", "identity_preference")


@dataclass(frozen=True)
class Match:
    """Who is in it, and what was made."""

    coordinator: Somebody
    mentee: Somebody
    mentor: Somebody
    place: UUID
    relationship: UUID
    proposal: UUID


def done(answer: Any) -> Any:
    """The body of an answer that must have been carried out."""
    assert answer.status_code < 300, answer.text
    return answer.json()


def publish_notices(scheme: Scheme) -> None:
    """Publish words for what a match needs consent to."""
    lead = scheme.person(Role.DATA_PROTECTION_LEAD)
    for purpose in PURPOSES:
        body = {"purpose": purpose, "version": 1, "language": "en", "text": f"About {purpose}."}
        done(lead.post("/notices", body))


def give_consent(person: Somebody, *purposes: str) -> None:
    """Say yes under the newest words, in whichever language there are some."""
    for purpose in purposes:
        notice = done(person.get(f"/notices/{purpose}"))["notices"][0]
        body = {"purpose": purpose, "notice_version": notice["version"]}
        words = {"language": notice["language"], "digest": notice["digest"]}
        done(person.post("/me/consents", body | words))


def welcome_mentor(coordinator: Somebody, mentor: Somebody, *, words: str) -> None:
    """Let somebody apply, be approved and show themselves."""
    give_consent(mentor, "take_part", "share_profile")
    done(mentor.post("/me/mentor-profile", {"words": words}))
    done(coordinator.post(f"/mentor-profiles/{mentor.id}/approval"))
    profile = {"display_name": "Zelda", "words": words}
    done(mentor.put("/me/mentor-profile/published", profile))
    done(mentor.put("/me/mentor-profile/capacity", {"capacity": 2}))


def granted_place(coordinator: Somebody, sessions: int = 3) -> str:
    """A place under an agreement of its own."""
    agreement = signed_agreement(lambda path, body: done(coordinator.post(path, body)))
    granted = {"agreement": agreement, "sessions": sessions}
    return str(done(coordinator.post("/places", granted))["id"])


def propose(
    scheme: Scheme, *, words: str = "Zanzibar-quill.", mentor: Somebody | None = None
) -> Match:
    """A request with an open proposal, of a mentor who is welcomed for it unless one is given."""
    coordinator, mentee = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTEE)
    if mentor is None:
        mentor = scheme.person(Role.MENTOR)
        welcome_mentor(coordinator, mentor, words=words)
    give_consent(mentee, "take_part", "identity_preference")
    place = granted_place(coordinator)
    asked = {"place": place, "themes": words, "preferences": words, "identity_preference": words}
    relationship = done(mentee.post("/relationships", asked))["id"]
    proposal = {"mentor": str(mentor.id), "reasons_for_mentee": words, "reasons_for_mentor": words}
    path = f"/relationships/{relationship}/proposals"
    made = done(coordinator.post(path, proposal))["made"]
    ids = UUID(place), UUID(relationship), UUID(made)
    return Match(coordinator, mentee, mentor, *ids)


def match(
    scheme: Scheme, *, words: str = "Zanzibar-quill.", mentor: Somebody | None = None
) -> Match:
    """A proposal that both accepted."""
    made = propose(scheme, words=words, mentor=mentor)
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/acceptance"
    for party in (made.mentee, made.mentor):
        done(party.post(path, {"version": 1}))
    return made


def matched_again(scheme: Scheme, first: Match) -> Match:
    """The same mentee, whose first relationship is closed, matched on the same place with another mentor."""
    mentor = scheme.person(Role.MENTOR)
    welcome_mentor(first.coordinator, mentor, words="Zanzibar-quill.")
    give_consent(mentor, "take_part")
    asked = {"place": str(first.place)}
    relationship = UUID(done(first.mentee.post("/relationships", asked))["id"])
    offered = {"mentor": str(mentor.id), "reasons_for_mentee": "a", "reasons_for_mentor": "b"}
    proposals = f"/relationships/{relationship}/proposals"
    proposal = UUID(done(first.coordinator.post(proposals, offered))["made"])
    for party in (first.mentee, mentor):
        done(party.post(f"{proposals}/{proposal}/acceptance", {"version": 1}))
    return replace(first, mentor=mentor, relationship=relationship, proposal=proposal)
