"""What is decided about the mentoring that somebody offers: of which kinds, and in which programmes."""

from collections.abc import Collection
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed
from domain.mentor_profile_events import MentorProfileEvents
from domain.relationship_events import Kind
from domain.values import Act

MATCHED_KINDS = frozenset(Kind) - {Kind.INFORMAL}
"""What a mentor can be matched for; whoever mentors informally was found by the mentee."""

USUAL_KINDS = MATCHED_KINDS - {Kind.REVERSE}
"""What somebody offers who never chose: to be guided by them is another thing than to be more senior."""


class NoSuchOffer(DomainError):
    """Choose at least one kind of mentoring that people are matched for."""


class KindIsNotTheirs(DomainError):
    """This mentor does not offer this kind of mentoring."""


class ProgrammeIsNotTheirs(DomainError):
    """This mentor does not mentor in this programme."""


class OwnLimits(NotAllowed):
    """Nobody decides about their own programmes."""


class OfferIsTheSame(DomainError):
    """This is what they offer already."""


class MentorOffer(MentorProfileEvents):
    """Decisions about what a mentor may be proposed for."""

    person: UUID
    kinds: frozenset[Kind]
    programmes: frozenset[UUID]

    def record(self, event_class: type[Aggregate.Event], act: Act, **facts: object) -> None:
        """Make and apply one event; the aggregate's own method stands before this one."""
        raise NotImplementedError

    def offer_kinds(self, kinds: Collection[Kind], act: Act) -> None:
        """Say what one offers from now on; what runs goes on."""
        chosen = frozenset(kinds)
        if not chosen or not chosen <= MATCHED_KINDS:
            raise NoSuchOffer
        if chosen == self.kinds:
            raise OfferIsTheSame
        self.record(self.KindsOffered, act, kinds=tuple(sorted(chosen)))

    def limit_programmes(self, programmes: Collection[UUID], act: Act) -> None:
        """Say where alone they mentor, or everywhere; a coordinator's order."""
        if act.actor == self.person:
            raise OwnLimits
        chosen = frozenset(programmes)
        if chosen == self.programmes:
            raise OfferIsTheSame
        self.record(self.ProgrammesLimited, act, programmes=tuple(sorted(chosen)))

    def require_offers(self, kind: Kind, programme: UUID) -> None:
        """Refuse to have them proposed for what they do not do, or where they do not."""
        if kind not in self.kinds:
            raise KindIsNotTheirs
        if self.programmes and programme not in self.programmes:
            raise ProgrammeIsNotTheirs

    def offers(self, kind: Kind, programme: UUID) -> bool:
        """Whether they may be proposed for it there."""
        return kind in self.kinds and (not self.programmes or programme in self.programmes)
