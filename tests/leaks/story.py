"""The whole scheme once, in two phases, with a sentinel in every place where a person can put text."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.funding import signed_agreement
from tests.leaks.cast import COORDINATOR, LEAD, MENTEES, MENTORS, Cast, pairs
from tests.leaks.own_devices import OwnDevices
from tests.leaks.what_people_say import WhatPeopleSay

ZONE = "Europe/London"
NOTICE = "We keep what is needed to arrange your mentoring."
PURPOSES = ("take_part", "share_profile", "identity_preference", "reminders", "calendar")
PROFILE = "GET /api/v1/mentor-profiles/{id}"
REQUESTED_WORDS = "GET /api/v1/relationships/{id}/requested-words"
SAID_WORDS = "GET /api/v1/relationships/{id}/said-words"
PROPOSAL = "GET /api/v1/relationships/{id}/proposal"
VIDEO_LINK = "GET /api/v1/relationships/{id}/sessions/{id}/video-link"
SAFEGUARDING = "sven"
CONCERN, OWN_CONCERN = "GET /api/v1/concerns/{id}/words", "GET /api/v1/me/concerns/{id}/words"
REQUEST = "GET /api/v1/rights-requests/{id}/words"
OWN_REQUEST = "GET /api/v1/me/rights-requests/{id}/words"
PIECE, PAPER = "GET /api/v1/me/cpd/pieces/{id}", "GET /api/v1/me/cpd/paper"
PIECES = "GET /api/v1/me/cpd/pieces"
DISCLOSURE = "GET /api/v1/disclosures/{id}/words"
SAID = [(COORDINATOR, SAID_WORDS)]
SEES_PROFILE = {"grace": ("amara", "joy"), "samir": ("leila", "kwame"), "newcomer": ()}


class Story:
    """Tells what happens; what later steps need is remembered by name."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.say = cast.sentinels
        self.relationships: dict[str, UUID] = {}
        self.sessions: dict[str, UUID] = {}
        self.proposals: dict[str, UUID] = {}
        self.places: dict[str, UUID] = {}
        self.own_devices = OwnDevices(cast)
        self.says = WhatPeopleSay(cast)

    def three_weeks_ago(self, started_at: datetime) -> None:
        """Everybody joins; pairs are proposed, matched, refused; sessions are planned; notes begin."""
        for purpose in PURPOSES:
            body = {"purpose": purpose, "version": 1, "language": "en", "text": NOTICE}
            self.cast.post(LEAD, "/notices", body)
        for mentor in MENTORS:
            self._welcome(mentor)
        for mentee in MENTEES:
            self._consent(mentee, *(set(PURPOSES) - {"share_profile"}))
            self._request(mentee)
        self._keep_apart("amara", "samir")
        for mentee, mentor in (("amara", "grace"), ("leila", "samir")):
            self._match(mentee, mentor)
            for days in (2, 40, 90):
                self._plan(mentee, mentor, started_at, days)
        self._move("amara", "grace", started_at)
        self._refuse("joy", "samir")
        self._propose("joy", "grace")
        self._look_at_profile("grace", ("joy",))
        self.own_devices.write_notes(self.relationships["amara"], "amara", "grace")

    def today(self) -> None:
        """Sessions lie behind, one is disputed; a proposal is open; everybody looks at what is theirs."""
        self._attend("amara", "grace")
        self._propose("kwame", "samir")
        for mentee in MENTEES:
            self._look_at_own(mentee)
        for unmatched in ("joy", "kwame"):
            self._look_at_request(unmatched)
        for mentor, mentees in SEES_PROFILE.items():
            self._look_at_profile(mentor, [each for each in mentees if each != "joy"])
        for who in self.cast.members:
            self.cast.get(COORDINATOR, f"/people/{self.cast.id(who)}/contact")
        for who in (*MENTEES, *MENTORS):
            self.cast.get(who, f"/people/{self.cast.id(who)}/contact")
        self.own_devices.write_more_notes(self.relationships["amara"], "amara", "grace")
        self._worry("amara")
        self._ask_of_own_record("leila")
        self._disclose("amara", "grace")
        for who in ("amara", "grace"):
            self._develop(who)
        self.says.while_it_goes_on()

    def endings(self) -> None:
        """One pair closes, one person withdraws; the clerk does the rest."""
        words = self.say.long_words("closing words of amara", SAID)
        path = f"/relationships/{self.relationships['amara']}/closing"
        self.cast.post("amara", path, {"reason": "no_fault", "words": words})
        self.says.after_an_ending("amara", self.relationships["amara"])
        words = self.say.words("closing words of the coordinator", SAID)
        path = f"/relationships/{self.relationships['stranger']}/closing"
        self.cast.post(COORDINATOR, path, {"reason": "no_fault", "words": words})
        for mentee in ("amara", "stranger", "joy"):
            self.cast.get(COORDINATOR, f"{self._path(mentee)}/said-words")
        self.cast.post("joy", "/me/consents/identity_preference/withdrawal")
        self.cast.post("leila", "/me/consents/take_part/withdrawal")

    def _worry(self, mentee: str) -> None:
        shown = [(COORDINATOR, CONCERN), (mentee, OWN_CONCERN)]
        words = self.say.long_words(f"concern of {mentee}", shown)
        body = {"category": "conduct", "desk": "coordinator", "words": words}
        made = self.cast.post(mentee, "/me/concerns", body)["id"]
        self.cast.get(COORDINATOR, f"/concerns/{made}/words")
        answer = self.say.words(f"answer to the concern of {mentee}", shown[1:])
        self.cast.post(COORDINATOR, f"/concerns/{made}/closing", {"words": answer})
        self.cast.get(mentee, f"/me/concerns/{made}/words")

    def _ask_of_own_record(self, mentee: str) -> None:
        shown = [(LEAD, REQUEST), (mentee, OWN_REQUEST)]
        body = {"kind": "objection", "words": self.say.words(f"request of {mentee}", shown)}
        made = self.cast.post(mentee, "/me/rights-requests", body)["id"]
        self.cast.get(LEAD, f"/rights-requests/{made}/words")
        refused = {
            "reason": "legal_duty",
            "words": self.say.words(f"refusal to {mentee}", shown[1:]),
        }
        self.cast.post(LEAD, f"/rights-requests/{made}/refusal", refused)
        self.cast.get(mentee, f"/me/rights-requests/{made}/words")

    def _develop(self, who: str) -> None:
        shown = [(who, each) for each in (PIECE, PAPER, PIECES)]
        body = {
            "kind": "course",
            "done_on": "2026-03-02",
            "title": self.say.short(f"title of a piece of {who}", shown),
            "about": self.say.long_words(f"piece of {who}", shown),
            "learned": self.say.words(f"what {who} learned", shown),
        }
        self.cast.post(who, "/me/cpd/check", {k: body[k] for k in ("title", "about", "learned")})
        made = self.cast.post(who, "/me/cpd/pieces", body)["made"]
        self.cast.get(who, f"/me/cpd/pieces/{made}")
        for path in ("/me/cpd/paper?year=2025", "/me/record"):
            self.cast.client(who).get(path).raise_for_status()

    def _disclose(self, mentee: str, mentor: str) -> None:
        shown = [(SAFEGUARDING, DISCLOSURE)]
        body = {
            "ground": "serious_harm",
            "facts": self.say.words(f"facts of the disclosure about {mentee}", shown),
            "recipient": self.say.short(f"recipient of the disclosure about {mentee}", shown),
            "mentee_is_told": True,
        }
        made = self.cast.post(mentor, f"{self._path(mentee)}/disclosures", body)["id"]
        self.cast.get(SAFEGUARDING, f"/disclosures/{made}/words")
        self.cast.get(mentee, "/me/disclosures")

    def _consent(self, who: str, *purposes: str) -> None:
        for purpose in purposes:
            body = {
                "purpose": purpose,
                "notice_version": 1,
                "language": "en",
                "digest": hashlib.sha256(NOTICE.encode()).hexdigest(),
            }
            self.cast.post(who, "/me/consents", body)

    def _welcome(self, mentor: str) -> None:
        own = pairs((COORDINATOR, mentor), PROFILE)
        shown = [*own, *pairs(SEES_PROFILE[mentor], PROFILE)]
        self._consent(mentor, "take_part", "share_profile")
        words = self.say.long_words(f"application of {mentor}", own)
        self.cast.post(mentor, "/me/mentor-profile", {"words": words})
        self.cast.post(COORDINATOR, f"/mentor-profiles/{self.cast.id(mentor)}/approval")
        profile = {
            "display_name": self.say.person_name(f"display name of {mentor}", shown),
            "words": self.say.long_words(f"words of {mentor}", shown),
        }
        self.cast.put(mentor, "/me/mentor-profile/published", profile)
        self.cast.put(mentor, "/me/mentor-profile/capacity", {"capacity": 3})

    def _request(self, mentee: str) -> None:
        shown = [(COORDINATOR, REQUESTED_WORDS)]
        grant = {"agreement": self._agreement(), "sessions": 3}
        self.places[mentee] = UUID(self.cast.post(COORDINATOR, "/places", grant)["id"])
        body = {
            "place": str(self.places[mentee]),
            "themes": self.say.long_words(f"themes of {mentee}", shown),
            "preferences": self.say.short(f"preferences of {mentee}", shown),
            "identity_preference": self.say.words(f"identity preference of {mentee}", shown),
        }
        requested = self.cast.post(mentee, "/relationships", body)
        self.relationships[mentee] = UUID(requested["id"])
        self.cast.get(COORDINATOR, f"{self._path(mentee)}/requested-words")

    def _agreement(self) -> str:
        return signed_agreement(partial(self.cast.post, COORDINATOR))

    def _keep_apart(self, mentee: str, mentor: str) -> None:
        words = self.say.words("conflict words of the mentee", SAID)
        body = {"with_person": str(self.cast.id(mentor)), "words": words}
        self.cast.post(mentee, f"{self._path(mentee)}/conflicts", body)

    def _propose(self, mentee: str, mentor: str) -> None:
        body: dict[str, Any] = {"mentor": str(self.cast.id(mentor)), "rank": 1}
        for part, who in (("mentee", mentee), ("mentor", mentor)):
            name = f"reasons for {who} in the proposal of {mentor} to {mentee}"
            body[f"reasons_for_{part}"] = self.say.words(name, [(who, PROPOSAL)])
        made = self.cast.post(COORDINATOR, f"{self._path(mentee)}/proposals", body)["made"]
        self.proposals[mentee] = UUID(made)
        for who in (mentee, mentor):
            self.cast.get(who, f"{self._path(mentee)}/proposal")

    def _match(self, mentee: str, mentor: str) -> None:
        self._propose(mentee, mentor)
        for who in (mentee, mentor):
            path = f"{self._path(mentee)}/proposals/{self.proposals[mentee]}/acceptance"
            self.cast.post(who, path, {"version": 1})
        for who in (mentee, mentor):
            self.cast.post(who, f"{self._path(mentee)}/agreement", {"version": 1})

    def _refuse(self, mentee: str, mentor: str) -> None:
        self._propose(mentee, mentor)
        words = self.say.long_words("refusal words of the mentor", SAID)
        body = {"version": 1, "reason": "not_now", "words": words}
        path = f"{self._path(mentee)}/proposals/{self.proposals[mentee]}/refusal"
        self.cast.post(mentor, path, body)

    def _plan(self, mentee: str, mentor: str, started_at: datetime, days: int) -> None:
        link = self._link(mentee, mentor, f"day {days}")
        body = {**_hour(started_at, days), "video_link": link}
        made = self.cast.post(mentor, f"{self._path(mentee)}/sessions", body)["made"]
        self.sessions[f"{mentee} on day {days}"] = UUID(made)
        self._look_at_link(mentee, mentor, days)

    def _move(self, mentee: str, mentor: str, started_at: datetime) -> None:
        link = self._link(mentee, mentor, "the new day")
        body = {**_hour(started_at, 47), "video_link": link}
        path = f"{self._path(mentee)}/sessions/{self.sessions[f'{mentee} on day 40']}"
        self.cast.post(mentee, f"{path}/reschedule", body)
        self._look_at_link(mentee, mentor, 40)

    def _attend(self, mentee: str, mentor: str) -> None:
        path = f"{self._path(mentee)}/sessions/{self.sessions[f'{mentee} on day 2']}"
        self.cast.post(mentor, f"{path}/attendance", {"minutes": 60})
        words = self.say.words("dispute words of the mentee", SAID)
        self.cast.post(mentee, f"{path}/dispute", {"words": words})
        self.cast.get(COORDINATOR, f"{self._path(mentee)}/said-words")
        body = {"outcome": "mentor_absent", "reason": "dispute_upheld"}
        self.cast.post(COORDINATOR, f"{path}/correction", body)

    def _look_at_request(self, mentee: str) -> None:
        self.cast.get(COORDINATOR, f"{self._path(mentee)}/requested-words")

    def _look_at_own(self, mentee: str) -> None:
        self.cast.get(mentee, self._path(mentee))
        self.cast.get(mentee, "/my-mentoring")

    def _look_at_profile(self, mentor: str, mentees: Sequence[str]) -> None:
        path = f"/mentor-profiles/{self.cast.id(mentor)}"
        for who in (COORDINATOR, mentor):
            self.cast.get(who, path)
        for mentee in mentees:
            self.cast.get(mentee, path, relationship=str(self.relationships[mentee]))

    def _look_at_link(self, mentee: str, mentor: str, days: int) -> None:
        path = f"{self._path(mentee)}/sessions/{self.sessions[f'{mentee} on day {days}']}"
        for who in (mentee, mentor):
            self.cast.get(who, f"{path}/video-link")

    def _link(self, mentee: str, mentor: str, day: str) -> str:
        shown = pairs((mentee, mentor), VIDEO_LINK)
        return self.say.link(f"video link of {mentee} for {day}", shown)

    def _path(self, mentee: str) -> str:
        return f"/relationships/{self.relationships[mentee]}"


def _hour(base: datetime, days: int) -> dict[str, str]:
    """An hour of a weekday that many days on."""
    day: date = (base + timedelta(days=days)).date()
    while day.weekday() > 4:
        day += timedelta(days=1)
    starts_at = datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "time_zone": ZONE,
    }
