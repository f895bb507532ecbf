"""What a place stands on: its programme, and the agreement that pays for it where one does."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Mentoring, NotFound
from domain.place import Place
from domain.programme import Programme
from domain.relationship_events import Kind
from domain.relationship_state import KindNotOffered


@dataclass(frozen=True)
class Footing:
    """The programme of a place; without an agreement nobody has to pay."""

    programme: Programme
    agreement: FundingAgreement | None = None

    @property
    def read(self) -> tuple[Aggregate, ...]:
        """What a decision that rests on this hands to the commit."""
        return (self.programme, self.agreement) if self.agreement else (self.programme,)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Which kinds of mentoring can be asked for."""
        return self.programme.settings.kinds

    @property
    def usual_kind(self) -> Kind:
        """What somebody asks for who names no kind."""
        return Kind.FORMAL if Kind.FORMAL in self.kinds else self.kinds[0]

    def require_offers(self, kind: Kind) -> None:
        """Refuse a kind of mentoring that the programme does not have."""
        if kind not in self.kinds:
            raise KindNotOffered

    def require_in_force(self, at: datetime) -> None:
        """Refuse what would begin when nobody pays for it."""
        if self.agreement is not None:
            self.agreement.require_in_force(at)

    def day(self, at: datetime) -> date:
        """The day of a moment by the calendar that holds here."""
        return (self.agreement or self.programme).day(at)

    def is_in_force(self, at: datetime) -> bool:
        """Whether something can begin now."""
        try:
            self.require_in_force(at)
        except DomainError:
            return False
        return True


def footing_under(mentoring: Mentoring, id: UUID) -> Footing:
    """What stands under an agreement, or under a programme itself; raises NotFound for any other id."""
    try:
        agreement = mentoring.load(FundingAgreement, id)
    except NotFound:
        return Footing(mentoring.load(Programme, id))
    return Footing(mentoring.load(Programme, agreement.terms.programme), agreement)


def footing_of(mentoring: Mentoring, place: UUID) -> Footing:
    """What a place stands on."""
    return footing_under(mentoring, mentoring.load(Place, place).agreement)
