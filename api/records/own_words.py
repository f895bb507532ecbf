"""Everything sealed under one person's key, in the words of a record that they take away: what it is, and where it belongs.

Every sealed field of every kind of event has its place here, or a reason why it is left out; a test holds this list against
the events. What somebody else wrote is never in it, even where it is sealed under this person's key.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from api.errors import NotThereYet
from api.records.openings import Openings, Why
from crypto.errors import Erased, SealedRecordError
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.consent import ConsentIsNotLive
from domain.mentoring import Mentoring
from domain.values import Sealed
from projections.own_words import sealed_in
from projections.own_words_questions import OwnWords, own_words
from projections.reader import NotYet, Reader

AT_ONCE = 100
"""So many are opened under one commit."""


class LeftOut(StrEnum):
    """Why something is not in somebody's answer."""

    ANOTHERS = "Somebody else wrote it, and it may be about somebody else too. Ask the data protection lead for it."
    ANOTHERS_KEY = "It lies under a key that is no person's, or another person's."
    ON_YOUR_DEVICE = (
        "It is in the notebooks or the vault of this bag, and only your own keys open it."
    )
    PASSED = "A code or a number that was of use for a moment, and says nothing."
    NOT_SUGGESTED = (
        "A draft for a coordinator about two people; what came of it is in your proposals."
    )


@dataclass(frozen=True, slots=True)
class Place:
    """What a field is to its person, and of what kind opening it is; `is_own` demands that they said it themselves."""

    what: str
    kind: RecordKind
    is_own: bool = False
    is_json: bool = False


def _said(what: str) -> Place:
    return Place(what, RecordKind.SAID_WORDS, is_own=True)


def _reached(what: str) -> Place:
    return Place(what, RecordKind.CONTACT, is_json=True)


def _form(what: str, kind: RecordKind) -> Place:
    return Place(what, kind, is_json=True)


EVIDENCE = Place("What you said with a consent", RecordKind.CONSENTS)
LINK = Place("Where to meet online", RecordKind.SESSION_DETAILS)
CONCERN, ANSWERED = "A concern of yours", "What you were answered"
PIECE = _form("Your professional development", RecordKind.PORTFOLIO)
AVAILABLE = _form("When you can meet", RecordKind.AVAILABILITY)
PROFILE = _form("What you show of yourself", RecordKind.PROFILE)
REASONS = Place("Why somebody was suggested to you", RecordKind.PREFERENCES)

FIELDS: Mapping[tuple[str, str], Place | LeftOut] = {
    ("person.registered", "contact"): _reached("How to reach you"),
    ("person.contact_changed", "contact"): _reached("How to reach you"),
    ("person.address_asked", "code"): LeftOut.PASSED,
    ("person.detail_stated", "access_needs"): Place(
        "What you need in order to take part", RecordKind.ACCESS_NEEDS
    ),
    ("person.availability_set", "availability"): AVAILABLE,
    ("person.passkey_added", "credential"): _form("A passkey of yours", RecordKind.PASSKEYS),
    ("person.profile_shared", "profile"): PROFILE,
    ("mentor_profile.applied", "words"): Place("Why you would mentor", RecordKind.PROFILE),
    ("mentor_profile.profile_published", "profile"): PROFILE,
    ("mentor_profile.detail_shared", "detail"): Place(
        "What you shared of your background", RecordKind.IDENTITY
    ),
    ("mentor_profile.availability_set", "availability"): AVAILABLE,
    ("preferences.stated", "stated"): _form("What you wish of a match", RecordKind.PREFERENCES),
    ("preferences.detail_stated", "detail"): _form(
        "What you said of backgrounds", RecordKind.IDENTITY
    ),
    ("relationship.requested", "themes"): Place("Your themes", RecordKind.PREFERENCES),
    ("relationship.requested", "preferences"): Place("What you asked for", RecordKind.PREFERENCES),
    ("relationship.requested", "identity_preference"): Place(
        "Your wish about a partner's background", RecordKind.IDENTITY
    ),
    ("relationship.partner_invited", "words"): _said("What you told whom you invited"),
    ("relationship.conflict_declared", "words"): _said("Why you cannot work with somebody"),
    ("relationship.mentor_proposed", "reasons_for_mentee"): REASONS,
    ("relationship.mentor_proposed", "reasons_for_mentor"): REASONS,
    ("relationship.proposal_declined", "words"): _said("Why you said no to a proposal"),
    ("relationship.attendance_disputed", "words"): _said("What you said of a session's record"),
    ("relationship.rematch_requested", "words"): _said("Why you asked for somebody else"),
    ("relationship.closed", "words"): _said("What you said at the end"),
    ("relationship.session_scheduled", "video_link"): LINK,
    ("relationship.session_rescheduled", "video_link"): LINK,
    ("relationship.session_link_set", "video_link"): LINK,
    ("matching_round.run", "seed"): LeftOut.PASSED,
    ("matching_round.pair_found", "reasons_for_mentee"): LeftOut.NOT_SUGGESTED,
    ("matching_round.pair_found", "reasons_for_mentor"): LeftOut.NOT_SUGGESTED,
    ("shortlist.offered", "reasons_for_mentee"): REASONS,
    ("shortlist.offered", "reasons_for_mentor"): LeftOut.NOT_SUGGESTED,
    ("shortlist.offered", "seed"): LeftOut.PASSED,
    ("shortlist.nobody_found", "words"): Place("Why nobody was found", RecordKind.PREFERENCES),
    ("consent_ledger.deferred", "evidence"): EVIDENCE,
    ("consent_ledger.given", "evidence"): EVIDENCE,
    ("consent_ledger.renewed", "evidence"): EVIDENCE,
    ("consent_ledger.refused", "evidence"): EVIDENCE,
    ("consent_ledger.withdrawn", "evidence"): EVIDENCE,
    ("remark.made", "words"): Place(CONCERN, RecordKind.CONCERN),
    ("remark.answered", "words"): Place(f"{CONCERN}: {ANSWERED}", RecordKind.CONCERN),
    ("rights_request.made", "words"): Place(
        "What you asked about your record", RecordKind.RIGHTS_REQUEST
    ),
    ("rights_request.answered", "words"): Place(ANSWERED, RecordKind.RIGHTS_REQUEST),
    ("rights_request.refused", "words"): Place(ANSWERED, RecordKind.RIGHTS_REQUEST),
    ("portfolio.piece_kept", "written"): PIECE,
    ("portfolio.piece_amended", "written"): PIECE,
    ("story.offered", "words"): Place("Your story", RecordKind.STORY),
    ("story.offered_anew", "words"): Place("Your story", RecordKind.STORY),
    ("suggestion.made", "words"): Place("What you suggested", RecordKind.SUGGESTION),
    ("suggestion.answered", "gist"): LeftOut.ANOTHERS_KEY,
    ("suggestion.answered", "answer"): LeftOut.ANOTHERS_KEY,
    ("feedback.given", "answers"): LeftOut.ANOTHERS_KEY,
    ("feedback_box.dropped", "answers"): LeftOut.ANOTHERS_KEY,
    ("feedback_stamp.made", "secret"): LeftOut.ANOTHERS_KEY,
    ("matter.opened", "facts"): LeftOut.ANOTHERS_KEY,
    ("matter.opened", "recipient"): LeftOut.ANOTHERS_KEY,
    ("enquiry.made", "contact"): LeftOut.ANOTHERS_KEY,
    ("enquiry.made", "words"): LeftOut.ANOTHERS_KEY,
    ("enquiry.replied", "words"): LeftOut.ANOTHERS_KEY,
    ("binder.item_kept", "locked_entry_key"): LeftOut.ON_YOUR_DEVICE,
    ("binder.set_entrusted", "locked_key"): LeftOut.ON_YOUR_DEVICE,
    ("binder.set_passed_on", "locked_key"): LeftOut.ON_YOUR_DEVICE,
}
"""What the service itself has sealed, by event and field."""


class TakenState(StrEnum):
    """Whether it could be opened, and if not, why; none of these passes for another."""

    OPEN = "open"
    CONSENT_NOT_LIVE = "consent_not_live"
    ERASED = "erased"
    DAMAGED = "damaged"


class WordsRow(BaseModel):
    """Something that is sealed under your own key, opened for you."""

    what: str = Field(description="What it is.")
    recorded_at: datetime
    about: UUID = Field(description="The record in which it stands.")
    state: TakenState
    said: JsonValue = Field(
        description="The words, or what was filled in; null where it is closed."
    )


class LeftOutRow(BaseModel):
    """Something that stands under your key and is not in here, and why."""

    recorded_at: datetime
    about: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    place: Place | LeftOut
    recorded_at: datetime
    stream: UUID
    value: Sealed


@dataclass(frozen=True)
class WordsTaken:
    """Finds, opens and hands out one person's words, for them alone."""

    mentoring: Mentoring
    openings: Openings
    reader: Reader
    caller: Caller
    now: datetime

    def rows(self) -> Iterator[WordsRow]:
        """All that can be theirs, in the order of the record, opened a page at a time."""
        found = [each for each in self._found() if isinstance(each.place, Place)]
        for start in range(0, len(found), AT_ONCE):
            yield from self._opened(found[start : start + AT_ONCE])

    def left_out(self) -> Iterator[LeftOutRow]:
        """What stands under their key and is somebody else's to tell."""
        for each in self._found():
            if each.place is LeftOut.ANOTHERS:
                yield LeftOutRow(
                    recorded_at=each.recorded_at, about=each.stream, reason=each.place.value
                )

    def _opened(self, found: Sequence[_Found]) -> Iterator[WordsRow]:
        wanted = [(each.value, _why(each.place)) for each in found if isinstance(each.place, Place)]
        taken = self.openings.take_out(self.caller, wanted, now=self.now)
        for each, said in zip(found, taken, strict=True):
            yield _row(each, said)

    def _found(self) -> Iterator[_Found]:
        """Each field under their key, stream by stream; a damaged stream is told as damaged elsewhere."""
        listed = sorted(self._listed(), key=lambda each: (str(each.stream), each.version))
        for stream, rows in groupby(listed, key=lambda each: each.stream):
            versions = {row.version for row in rows}
            for event in self._events(stream, versions):
                yield from _fields_of(event, self.caller.person)

    def _events(self, stream: UUID, versions: set[int]) -> list[Any]:
        first, last = min(versions), max(versions)
        events = self.mentoring.events.get(stream, gt=first - 1, lte=last)
        return [event for event in events if event.originator_version in versions]

    def _listed(self) -> Iterator[OwnWords]:
        after = 0
        while True:
            try:
                rows = own_words(self.reader, self.caller.person, after=after)
            except NotYet:
                raise NotThereYet from None
            if not rows:
                return
            yield from rows
            after = rows[-1].position


def _fields_of(event: Any, person: UUID) -> Iterator[_Found]:
    topic = type(event).TOPIC
    for name, value in sealed_in(event).items():
        if value.owner != person:
            continue
        place = FIELDS[topic, name]
        if isinstance(place, Place) and place.is_own and event.actor != person:
            place = LeftOut.ANOTHERS
        yield _Found(place, event.timestamp, event.originator_id, value)


def _why(place: Place) -> Why:
    return Why(place.kind, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)


def _row(found: _Found, said: str | Exception) -> WordsRow:
    place = found.place
    assert isinstance(place, Place)  # noqa: S101 - what is left out was sorted out before
    return WordsRow(
        what=place.what,
        recorded_at=found.recorded_at,
        about=found.stream,
        state=_state(said),
        said=_value(place, said),
    )


def _value(place: Place, said: str | Exception) -> JsonValue:
    if isinstance(said, Exception):
        return None
    found: JsonValue = json.loads(said) if place.is_json else said
    return found


def _state(said: str | Exception) -> TakenState:
    match said:
        case str():
            return TakenState.OPEN
        case ConsentIsNotLive():
            return TakenState.CONSENT_NOT_LIVE
        case Erased():
            return TakenState.ERASED
        case SealedRecordError():
            return TakenState.DAMAGED
    raise said
