"""What is done with proposals, up to the match: rules 1 and 8."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.footing import Footing, footing_of, footing_under
from domain.commands.loading import (
    find_ledger,
    load_ledgers_of_words,
    load_live_ledger,
    load_subject,
)
from domain.commands.notebooks import earlier_requests, notebooks_of_predecessors
from domain.commands.seats import Seat, find_seat
from domain.consent import ConsentIsNotLive, ConsentLedger
from domain.group import Group
from domain.mentor_profile import MentorNotAvailable, MentorProfile, NoCapacity, NotApproved
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place
from domain.proposal import DeclineReason, Offer, SupersededReason
from domain.relationship import Relationship
from domain.values import Purpose, Sealed


@dataclass(frozen=True)
class Answer:
    """Which version of which proposal is answered."""

    relationship: UUID
    proposal: UUID
    version: int


def propose_mentor(
    mentoring: Mentoring, order: Order, *, relationship: UUID, offer: Offer
) -> Recorded:
    """Offer an available mentor who offers this kind here; a coordinator's order.

    Both must have consented to take part, and nothing that was declared or ended here keeps them apart.
    """
    subject = load_subject(mentoring, order, Relationship, relationship)
    programme = footing_of(mentoring, subject.place).programme
    profile = mentoring.load(MentorProfile, MentorProfile.id_of(offer.mentor))
    profile.require_offers(subject.kind, programme.id)
    seat = find_seat(mentoring, subject, programme, offer.group)
    profile.require_available(group=offer.group)
    if seat is not None:
        seat.require_for(offer.mentor)
    for earlier in earlier_requests(mentoring, subject):
        earlier.require_not_parted(subject.mentee, offer.mentor)
    ledgers = [
        load_live_ledger(mentoring, order, person, Purpose.TAKE_PART)
        for person in (subject.mentee, offer.mentor)
    ]
    subject.propose_mentor(offer, order.act)
    seated = seat.read if seat else ()
    return mentoring.commit(order, subject, read=(*ledgers, profile, *seated))


def accept_proposal(mentoring: Mentoring, order: Order, *, answer: Answer) -> Recorded:
    """Say yes; a party's order. The second yes matches.

    If capacity, place or consent has gone by then, the proposal is taken back instead: that is
    recorded, not refused.
    """
    subject = load_subject(mentoring, order, Relationship, answer.relationship)
    own = load_live_ledger(mentoring, order, order.act.actor, Purpose.TAKE_PART)
    subject.accept_proposal(answer.proposal, answer.version, order.act)
    if not subject.is_accepted_by_both:
        return mentoring.commit(order, subject, read=[own])
    needs = _load_needs(mentoring, subject)
    obstacle = needs.obstacle(order.act.at)
    if obstacle is None:
        return _commit_match(mentoring, order, subject, needs)
    subject.supersede_proposal(obstacle, order.act)
    return mentoring.commit(order, subject, read=needs.all_read)


def decline_proposal(
    mentoring: Mentoring,
    order: Order,
    *,
    answer: Answer,
    reason: DeclineReason,
    words: Sealed | None = None,
) -> Recorded:
    """Say no, without fault; a party's order."""
    subject = load_subject(mentoring, order, Relationship, answer.relationship)
    subject.require_proposal(answer.proposal, answer.version)
    subject.decline_proposal(answer.proposal, reason=reason, words=words, act=order.act)
    return mentoring.commit(order, subject, read=load_ledgers_of_words(mentoring, order, words))


def expire_proposal(mentoring: Mentoring, order: Order, *, answer: Answer) -> Recorded:
    """End a proposal whose time is over; the clerk's order.

    Raises NoSuchProposal once it was answered, taken back or expired: then nothing is left to do.
    """
    subject = load_subject(mentoring, order, Relationship, answer.relationship)
    subject.expire_proposal(answer.proposal, answer.version, order.act)
    return mentoring.commit(order, subject)


def match(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Match what both accepted, or refuse with the exact condition of rule 1 that fails."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.require_unmatched()
    needs = _load_needs(mentoring, subject)
    needs.require_consents(order.act.at)
    needs.footing.require_in_force(order.act.at)
    return _commit_match(mentoring, order, subject, needs)


@dataclass(frozen=True)
class _Needs:
    """What a match rests on beside the relationship itself."""

    mentee_ledger: ConsentLedger | None
    mentor_ledger: ConsentLedger | None
    profile: MentorProfile
    place: Place
    footing: Footing
    seat: Seat | None

    @property
    def ledgers(self) -> list[ConsentLedger]:
        """The ledgers there are; somebody without one has consented to nothing."""
        return [ledger for ledger in (self.mentee_ledger, self.mentor_ledger) if ledger]

    @property
    def all_read(self) -> list[Aggregate]:
        """Everything that a decision against the match rests on."""
        seated = self.seat.read if self.seat else ()
        return [*self.ledgers, self.profile, self.place, *self.footing.read, *seated]

    def require_consents(self, at: datetime) -> None:
        """Refuse unless both take part."""
        if not (_takes_part(self.mentee_ledger, at) and _takes_part(self.mentor_ledger, at)):
            raise ConsentIsNotLive

    def obstacle(self, at: datetime) -> SupersededReason | None:
        """What stands in the way, in words that tell neither party why the other cannot."""
        if not _takes_part(self.mentee_ledger, at):
            return SupersededReason.MENTEE_UNAVAILABLE
        if not (_takes_part(self.mentor_ledger, at) and self._has_room()):
            return SupersededReason.MENTOR_UNAVAILABLE
        if self.place.relationship is not None or not self.footing.is_in_force(at):
            return SupersededReason.NO_FREE_PLACE
        return self.seat.obstacle(self.profile.person) if self.seat else None

    def _has_room(self) -> bool:
        try:
            self.profile.require_available(group=self.seat.id if self.seat else None)
        except (NotApproved, MentorNotAvailable, NoCapacity):
            return False
        return True


def _takes_part(ledger: ConsentLedger | None, at: datetime) -> bool:
    return ledger is not None and ledger.is_live(Purpose.TAKE_PART, at)


def _load_needs(mentoring: Mentoring, subject: Relationship) -> _Needs:
    mentor = subject.open_proposal.mentor
    place = mentoring.load(Place, subject.place)
    footing = footing_under(mentoring, place.agreement)
    return _Needs(
        mentee_ledger=find_ledger(mentoring, subject.mentee),
        mentor_ledger=find_ledger(mentoring, mentor),
        profile=mentoring.load(MentorProfile, MentorProfile.id_of(mentor)),
        place=place,
        footing=footing,
        seat=find_seat(mentoring, subject, footing.programme, subject.offered_group),
    )


def _commit_match(
    mentoring: Mentoring, order: Order, subject: Relationship, needs: _Needs
) -> Recorded:
    subject.match(order.act)
    changed: list[Aggregate] = [subject, needs.place]
    read = [*needs.ledgers, *needs.footing.read]
    if needs.seat is None:
        needs.profile.engage(subject.id, order.act)
    else:
        changed.append(_seated(needs.profile, needs.seat, order))
        read.extend(needs.seat.members)
    (changed if needs.profile.pending_events else read).append(needs.profile)
    needs.place.take(subject.id, order.act)
    changed.extend(notebooks_of_predecessors(mentoring, order, subject))
    return mentoring.commit(order, *changed, read=read)


def _seated(profile: MentorProfile, seat: Seat, order: Order) -> Group:
    """The group with its newest member; the whole of it takes one unit of capacity."""
    if seat.id not in profile.engaged:
        profile.engage(seat.id, order.act)
    return seat.take(profile.person, order.act)
