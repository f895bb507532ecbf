"""Which names somebody's own record knows of and they can read: for the check of what they write for themselves.

Whatever they could not open on their own pages now is not in it, so the check tells nobody a name by trying. A partner's name
is used by the service alone, is shown to nobody, and is recorded as such a use, once an hour; the partner reads of it.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from api.records.openings import Openings, Use, Why
from api.records.profiles import Shown
from crypto.errors import SealedRecordError
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.confidential_words import KnownNames
from domain.consent import ConsentIsNotLive
from domain.funding_agreement import FundingAgreement
from domain.mentor_profile import MentorProfile
from domain.mentoring import Mentoring, NotFound, Order
from domain.organisation import Organisation
from domain.person import Person
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_state import Stage
from domain.values import Act, Role, Sealed
from projections.participation import ListedPart, Participation
from projections.reader import NotYet, Reader

MOST_RELATIONSHIPS = 20
PARTS = {Role.MENTEE: ListedPart.MENTEE, Role.MENTOR: ListedPart.MENTOR}


@dataclass(frozen=True)
class Acquaintance:
    """Gathers them for one writer."""

    mentoring: Mentoring
    openings: Openings
    reader: Reader
    caller: Caller
    now: datetime

    def known_names(self) -> KnownNames:
        """Partners by the names that they show; of the employer, to whoever is its own, the organisation's."""
        partners, organisations = [], []
        for relationship in self._relationships():
            # What is damaged, erased or closed by now gives no name; the check goes on without it.
            with suppress(SealedRecordError, NotFound, ConsentIsNotLive):
                partners += self._partner_of(relationship)
            if self.caller.role is Role.MENTEE:
                with suppress(SealedRecordError, NotFound):
                    organisations.append(self._organisation_of(relationship.place))
        return KnownNames(partners, organisations)

    def _relationships(self) -> Iterator[Relationship]:
        for listed in self._listed():
            with suppress(SealedRecordError, NotFound):
                yield self.mentoring.load(Relationship, listed.relationship)

    def _listed(self) -> list[Participation]:
        part = PARTS.get(self.caller.role)
        with suppress(NotYet):
            listed = self.reader.participation_of(self.caller.person)
            found = [each for each in listed if each.part is part]
            return sorted(found, key=lambda each: not each.is_open)[:MOST_RELATIONSHIPS]
        return []

    def _partner_of(self, relationship: Relationship) -> list[str]:
        sealed = self._profile_of_partner(relationship)
        if sealed is None:
            return []
        kind, purpose = RecordKind.PROFILE, AccessPurpose.OWN_RECORD
        use = Use(Why(kind, purpose, Authority.CONSENT, relationship.id))
        # Once an hour, however often it is asked: nobody fills another's register by saving again and again.
        hour = f"names compared for {self.caller.person} at {self.now:%Y-%m-%d %H}"
        order = Order(Act(self.caller.person, self.now), uuid5(relationship.id, hour))
        shown_to = (self.caller.person,)
        text = self.openings.use(self.caller, sealed, use, order=order, shown_to=shown_to)
        return [msgspec.json.decode(text, type=Shown).display_name]

    def _profile_of_partner(self, relationship: Relationship) -> Sealed | None:
        """As on their pages: a mentor's also after the end, a mentee's while they work together."""
        if self.caller.role is Role.MENTEE:
            mentor = relationship.mentor
            profile_id = MentorProfile.id_of(mentor) if mentor else None
            return self.mentoring.load(MentorProfile, profile_id).published if profile_id else None
        if relationship.stage is Stage.CLOSED:
            return None
        return self.mentoring.load(Person, relationship.mentee).shared_profile

    def _organisation_of(self, place: UUID) -> str:
        agreement = self.mentoring.load(Place, place).agreement
        organisation = self.mentoring.load(FundingAgreement, agreement).organisation
        return self.mentoring.load(Organisation, organisation).name
