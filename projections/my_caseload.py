"""What a mentor sees: their relationships, and how they stand; of an open proposal only that it is theirs.

Nothing sealed is kept, and of a mentee nothing but the id once the two are matched.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from domain.erasure import Erasure
from domain.mentor_profile import MentorProfile
from domain.mentor_profile_events import ProfileStage
from domain.relationship_events import Cadence, EndingTold, Kind, Mode
from domain.relationship_state import Stage
from projections.log import Entry
from projections.mentor_memory import RememberedMentor, remember_mentor
from projections.party_view import (
    PartyAgreement,
    PartyMemory,
    PartySession,
    agreement_of,
    ending_of,
    note_who,
    sessions_of,
)
from projections.read_model import ReadModel, Tables, topics_of
from projections.relationship_book import TOPICS
from projections.relationship_memory import RememberedLedger
from projections.relationship_view import RelationshipView, view_queries
from projections.shelf import Shelf, as_json

TOPICS_OF_MENTORS = topics_of(remember_mentor) | {
    MentorProfile.Created.TOPIC,
    Erasure.CarriedOut.TOPIC,
}


class CaseloadMemory(PartyMemory):
    """A relationship with the mentor in whose caseload it is: the matched one, the proposed one, or who came by a link."""

    shown_to: UUID | None = None


class CaseloadProposal(msgspec.Struct):
    """The open proposal; what the other party answered is theirs to tell."""

    id: UUID
    version: int
    expires_at: datetime
    accepted_by_you: bool


class CaseloadRelationship(msgspec.Struct):
    """One relationship as its mentor, or the proposed one, sees it.

    Until the two are matched the mentee and the place are null. `is_asked` tells somebody who came by a link that
    the mentee waits for their yes or no. `version` is what an order on the
    relationship names as read, `position` that of the last change.
    """

    id: UUID
    version: int
    position: int
    stage: Stage
    since: datetime
    kind: Kind
    mode: Mode
    cadence: Cadence
    mentee: UUID | None
    group: UUID | None
    proposal: CaseloadProposal | None
    agreement: PartyAgreement
    sessions: list[PartySession]
    place: RememberedLedger | None
    notebook: UUID | None
    closed_for: EndingTold | None
    rematch_wanted_by_you: bool
    is_ending_offered: bool
    is_asked: bool


class MentorStanding(msgspec.Struct):
    """How a mentor stands with the scheme; `free` is how many more relationships they can take."""

    stage: ProfileStage
    is_published: bool
    capacity: int
    free: int


def caseload_view(known: CaseloadMemory) -> CaseloadRelationship | None:
    """The document of one relationship; none while it is in nobody's caseload."""
    mentor = known.shown_to
    if mentor is None:
        return None
    is_matched = known.mentor is not None
    return CaseloadRelationship(
        id=known.id,
        version=known.version,
        position=known.changed_position,
        stage=known.stage,
        since=known.since,
        kind=known.kind,
        mode=known.mode,
        cadence=known.cadence,
        mentee=known.mentee if is_matched else None,
        group=known.group,
        proposal=_proposal(known, mentor),
        agreement=agreement_of(known, mentor, known.mentee),
        sessions=sessions_of(known, mentor),
        place=known.ledger if is_matched else None,
        notebook=known.notebook if is_matched else None,
        closed_for=ending_of(known, mentor),
        rematch_wanted_by_you=mentor in known.rematch_wanted_by,
        is_ending_offered=known.is_ending_offered,
        is_asked=known.partner is not None,
    )


def _proposal(known: CaseloadMemory, mentor: UUID) -> CaseloadProposal | None:
    proposal = known.proposal
    if proposal is None:
        return None
    return CaseloadProposal(
        proposal.id, proposal.version, proposal.expires_at, mentor in proposal.accepted_by
    )


class Mentors:
    """The mentors whom a batch is about."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known = Shelf(
            RememberedMentor, lambda ids: tables.run("remembered_mentors", ids=ids).fetchall()
        )

    def note(self, entries: Sequence[Entry]) -> None:
        """Fold what mentors' own profiles tell; who was erased is forgotten with everything."""
        for entry in entries:
            event = entry.event
            if isinstance(event, MentorProfile.Created):
                self._known.put(entry.stream, _newcomer(event, entry))
            elif isinstance(event, Erasure.CarriedOut):
                self._forget(event.streams)
            elif (known := self._known.get(entry.stream)) is not None:
                remember_mentor(event, known)
                self._change(entry.stream, known, entry.position)

    def lose(self, mentor: UUID, position: int) -> None:
        """Note that a relationship left somebody's caseload: they see a change, though no row of theirs has it."""
        profile = MentorProfile.id_of(mentor)
        known = self._known.get(profile)
        if known is not None:
            self._change(profile, known, position)

    def write(self) -> None:
        """Write the mentors who changed."""
        changed = self._known.changed
        if changed:
            self._tables.run(
                "keep_mentors",
                ids=list(changed),
                mentors=[known.person for known in changed.values()],
                changed=[known.changed_position for known in changed.values()],
                applied=[known.position for known in changed.values()],
                takes=[known.takes for known in changed.values()],
                memories=list(map(as_json, changed.values())),
                documents=[as_json(_standing(known)) for known in changed.values()],
            )

    def _change(self, profile: UUID, known: RememberedMentor, position: int) -> None:
        known.changed_position = max(position, known.changed_position)
        self._known.put(profile, known)

    def _forget(self, streams: Iterable[UUID]) -> None:
        gone = list(streams)
        self._known.forget(gone)
        self._tables.run("forget_mentors", ids=gone)


def _newcomer(event: MentorProfile.Created, entry: Entry) -> RememberedMentor:
    return RememberedMentor(event.person, entry.position, entry.position)


def _standing(known: RememberedMentor) -> MentorStanding:
    return MentorStanding(known.stage, known.is_published, known.capacity, known.free)


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Fold a batch into the rows of relationships and of mentors."""
    mentors = Mentors(tables)
    mentors.note([each for each in entries if each.topic in TOPICS_OF_MENTORS])
    about_them = [each for each in entries if each.topic in TOPICS]
    if about_them:
        VIEW.apply(tables, about_them, partial(_note_besides, mentors))
    mentors.write()


def _note_besides(mentors: Mentors, known: CaseloadMemory, entry: Entry) -> None:
    note_who(known, entry)
    before, proposed = known.shown_to, known.proposal.mentor if known.proposal else None
    known.shown_to = known.mentor or proposed or _asked(known)
    if before is not None and before != known.shown_to:
        mentors.lose(before, entry.position)


def _asked(known: CaseloadMemory) -> UUID | None:
    return known.partner if known.closed_for is None else None


DECODER = msgspec.json.Decoder(CaseloadRelationship)
"""Reads a stored document again."""

VIEW = RelationshipView(
    memory=CaseloadMemory,
    document=caseload_view,
    columns={"mentors": lambda known: known.shown_to},
)

MY_CASELOAD = ReadModel(
    name="my_caseload",
    version=4,
    tables=("my_caseload", "my_caseload_place", "my_caseload_mentor"),
    queries=view_queries(__file__),
    topics=TOPICS | TOPICS_OF_MENTORS,
    apply=apply,
)
