"""What a mentee sees of their own mentoring; the reasons for their match stay sealed as they came."""

from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from domain.relationship_events import Cadence, EndingTold, Kind, Mode
from domain.relationship_events import RelationshipEvents as Happened
from domain.relationship_state import Stage
from domain.values import Sealed
from projections.log import Entry
from projections.party_view import (
    PartyAgreement,
    PartyMemory,
    PartySession,
    agreement_of,
    ending_of,
    note_who,
    sessions_of,
)
from projections.read_model import ReadModel
from projections.relationship_book import TOPICS
from projections.relationship_memory import RememberedLedger, RememberedProposal
from projections.relationship_view import RelationshipView, view_queries
from projections.shelf import as_json


class OwnMemory(PartyMemory):
    """A relationship with the reasons that the mentee was given for it, and whether a proposal ended unanswered."""

    reasons: Sealed | None = None
    has_lost_proposal: bool = False


class OwnProposal(msgspec.Struct):
    """The open proposal; its reasons are opened for the mentee apart from this."""

    id: UUID
    version: int
    expires_at: datetime
    mentor: UUID
    accepted_by_you: bool
    accepted_by_mentor: bool


class OwnRelationship(msgspec.Struct):
    """One relationship as its mentee sees it.

    `link_expires_at` is that of the link for a partner whom the mentee found, where there is one.
    `place` is null if the place is unknown, `notebook` until a first note was prepared. `version`
    is what an order on the relationship names as read, `position` that of the last change.
    """

    id: UUID
    version: int
    position: int
    stage: Stage
    since: datetime
    kind: Kind
    mode: Mode
    cadence: Cadence
    requested_at: datetime
    mentor: UUID | None
    group: UUID | None
    proposal: OwnProposal | None
    agreement: PartyAgreement
    sessions: list[PartySession]
    place: RememberedLedger | None
    notebook: UUID | None
    closed_for: EndingTold | None
    rematch_wanted_by_you: bool
    has_lost_proposal: bool
    is_ending_offered: bool
    link_expires_at: datetime | None
    has_partner_come: bool


LOST = (
    Happened.ProposalDeclined,
    Happened.ProposalExpired,
    Happened.ProposalSuperseded,
    Happened.PartnerDeclined,
)
"""How a proposal ends without a match; what the mentee did themselves is no news to them."""


def own_view(known: OwnMemory) -> OwnRelationship:
    """The document of one relationship."""
    return OwnRelationship(
        id=known.id,
        version=known.version,
        position=known.changed_position,
        stage=known.stage,
        since=known.since,
        kind=known.kind,
        mode=known.mode,
        cadence=known.cadence,
        requested_at=known.requested_at,
        mentor=known.mentor,
        group=known.group,
        proposal=_proposal(known.mentee, known.proposal) if known.proposal else None,
        agreement=agreement_of(known, known.mentee, known.mentor),
        sessions=sessions_of(known, known.mentee),
        place=known.ledger,
        notebook=known.notebook,
        closed_for=ending_of(known, known.mentee),
        rematch_wanted_by_you=known.mentee in known.rematch_wanted_by,
        has_lost_proposal=known.has_lost_proposal,
        is_ending_offered=known.is_ending_offered,
        link_expires_at=known.link_expires_at,
        has_partner_come=known.partner is not None,
    )


def note_besides(known: OwnMemory, entry: Entry) -> None:
    """Reasons stay with a match that came of them, and go with a proposal that ended."""
    note_who(known, entry)
    if isinstance(entry.event, Happened.PartnerInvited):
        known.has_lost_proposal = False
    if isinstance(entry.event, Happened.MentorProposed):
        known.reasons = entry.event.reasons_for_mentee
        known.has_lost_proposal = False
    elif known.proposal is None and known.mentor is None:
        known.reasons = None
    if isinstance(entry.event, LOST) and entry.event.actor != known.mentee:
        known.has_lost_proposal = True


def _proposal(mentee: UUID, proposal: RememberedProposal) -> OwnProposal:
    return OwnProposal(
        id=proposal.id,
        version=proposal.version,
        expires_at=proposal.expires_at,
        mentor=proposal.mentor,
        accepted_by_you=mentee in proposal.accepted_by,
        accepted_by_mentor=proposal.mentor in proposal.accepted_by,
    )


DECODER = msgspec.json.Decoder(OwnRelationship)
"""Reads a stored document again."""

VIEW = RelationshipView(
    memory=OwnMemory,
    document=own_view,
    columns={
        "mentees": lambda known: known.mentee,
        "reasons": lambda known: known.reasons and as_json(known.reasons),
    },
)

MY_MENTORING = ReadModel(
    name="my_mentoring",
    version=8,
    tables=("my_mentoring", "my_mentoring_place"),
    queries=view_queries(__file__),
    topics=TOPICS,
    apply=partial(VIEW.apply, besides=note_besides),
)
