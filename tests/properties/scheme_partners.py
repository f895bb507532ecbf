"""What two can do who found each other, at any time: a link, who comes by it, and a yes or a no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.commands import consents, partners, relationships
from domain.commands.partners import PartnerLink
from domain.person import CONTACT_PURPOSE
from domain.relationship_events import Kind
from domain.values import Compartment, Purpose
from tests.properties.scheme_commands import number, pick, seldom, usually
from tests.properties.scheme_kinds import KindsAreMixed
from tests.unit.domain.builders import sealed_for

MEANWHILE = st.sampled_from(
    ["nothing", "mentee withdraws", "partner withdraws", "conflict", "taken back", "too late"]
)


class PartnersAreFound(KindsAreMixed):
    """Somebody makes a link, somebody comes by it, and perhaps somebody else after them."""

    @rule(who=number, by=number, meanwhile=MEANWHILE, first=st.booleans(), right=usually)
    def a_partner_is_brought(
        self, who: int, by: int, meanwhile: str, *, first: bool, right: bool
    ) -> None:
        """What happens meanwhile happens before they come, or before they answer."""
        mentee = pick(self.world.mentees, who)
        id = self._asks(mentee, Kind.INFORMAL) or self._pair(who)[0]
        to, partner = PartnerLink(id, uuid4()), pick(self.world.anybody, by)
        invites = mentee if right else partner
        self._invite(invites, to)
        if first:
            self._happens_to_link(meanwhile, to, partner)
        self.world.give(partners.come, partner, to=to)
        if not first:
            self._happens_to_link(meanwhile, to, partner)
        self.world.give(partners.come, pick(self.world.anybody, by + 1), to=to)
        joins = partner if right else pick(self.world.anybody, by + 1)
        for _ in range(2):
            self.world.give(partners.join_as_partner, joins, relationship=id)
        for person in (mentee, partner):
            self._takes_part_again(person)

    @rule(who=number, consents_first=st.booleans(), by=number)
    def a_newcomer_comes(self, who: int, by: int, *, consents_first: bool) -> None:
        mentee, newcomer = pick(self.world.mentees, who), uuid4()
        id = self._asks(mentee, Kind.INFORMAL) or self._pair(who)[0]
        to = PartnerLink(id, uuid4())
        self._invite(mentee, to)
        contact = sealed_for(newcomer, Compartment.CONTACT, CONTACT_PURPOSE)
        self.world.give(partners.come_as_newcomer, newcomer, to=to, contact=contact)
        if consents_first:
            self._takes_part_again(newcomer)
        self.world.give(partners.come, pick(self.world.anybody, by), to=to)
        self.world.give(partners.join_as_partner, newcomer, relationship=id)

    @rule(which=number, by=number, again=seldom)
    def a_partner_says_no(self, which: int, by: int, *, again: bool) -> None:
        """Whoever it is; and somebody comes by the same link all the same."""
        id, pair = self._pair(which)
        what = {"relationship": id}
        says = pair.awaited or pick(self.world.anybody, by)
        self.world.give(partners.decline_as_partner, says, **what)
        link = self.world.facts.newest_link.get(id, uuid4())
        self.world.give(partners.come, pick(self.world.anybody, by), to=PartnerLink(id, link))
        if again:
            self._invite(pair.mentee, PartnerLink(id, link))

    def _invite(self, by: UUID, to: PartnerLink) -> None:
        words = sealed_for(by)
        what: dict[str, Any] = {"relationship": to.relationship, "link": to.link, "words": words}
        self.world.give(partners.invite_partner, by, **what)

    def _happens_to_link(self, meanwhile: str, to: PartnerLink, partner: UUID) -> None:
        mentee = self.world.facts.pairs[to.relationship].mentee
        about = {"relationship": to.relationship}
        happens: dict[str, Callable[[], object]] = {
            "mentee withdraws": lambda: self._withdraws(mentee),
            "partner withdraws": lambda: self._withdraws(partner),
            "conflict": lambda: self.world.give(
                relationships.declare_conflict, mentee, with_person=partner, **about
            ),
            "taken back": lambda: self.world.give(partners.withdraw_link, mentee, **about),
            "too late": lambda: self.world.pass_time(timedelta(days=15)),
        }
        happens.get(meanwhile, lambda: None)()

    def _takes_part_again(self, person: UUID) -> None:
        """Or else soon nobody would take part any more."""
        shown = self.world.words_for(Purpose.TAKE_PART)
        self.world.give(consents.give_consent, person, person=person, shown=shown)

    def _withdraws(self, person: UUID) -> None:
        what = {"person": person, "purpose": Purpose.TAKE_PART}
        before = self.world.position()
        self.world.give(consents.withdraw_consent, person, **what)
        self.world.follow(before)
