"""What a log tells of two who found each other: which link is open, who came by it, and what they said."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.relationship import Relationship
from tests.properties.scheme_facts import Facts


class PartnerFacts(Facts):
    """The same of links."""

    def __init__(self) -> None:
        super().__init__()
        self.newest_link: dict[UUID, UUID] = {}
        self._open_until: dict[UUID, datetime] = {}

    def _link_made(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        self.require("only who asked makes a link", holds=fact.actor == pair.mentee)
        takes_part = self.takes_part(pair.mentee, fact.timestamp)
        self.require("1: who makes a link takes part", holds=takes_part)
        wanted = pair.mentor is None and pair.awaited is None
        self.require("a link is made while nobody came", holds=wanted)
        self._no_link(fact)
        self.newest_link[fact.originator_id] = fact.link
        self._open_until[fact.link] = fact.expires_at

    def _came_by_link(self, fact: Any) -> None:
        pair = self.pairs[fact.originator_id]
        is_newest = self.newest_link.get(fact.originator_id) == fact.link
        until = self._open_until.pop(fact.link, None)
        in_time = until is not None and fact.timestamp < until
        self.require("a link works once and in its time", holds=is_newest and in_time)
        other = fact.actor == fact.partner != pair.mentee
        self.require("who comes is somebody else", holds=other)
        pair.awaited = fact.partner

    def _no_link(self, fact: Any) -> None:
        self.pairs[fact.originator_id].awaited = None
        self._open_until.pop(self.newest_link.get(fact.originator_id, fact.originator_id), None)

    def _partner_declined(self, fact: Any) -> None:
        self._require_awaited(fact)
        self._no_link(fact)

    def _partner_joined(self, fact: Any) -> None:
        self._require_awaited(fact)
        pair = self.pairs[fact.originator_id]
        for person in (pair.mentee, fact.partner):
            takes_part = self.takes_part(person, fact.timestamp)
            self.require("1: two who found each other take part", holds=takes_part)
        apart = fact.partner in pair.conflicts
        self.require("9: no pair across a conflict, however they met", holds=not apart)
        is_free = self.places[pair.place].taken_by is None
        self.require("1: their place is free", holds=is_free)
        pair.mentor, pair.awaited = fact.partner, None

    def _require_awaited(self, fact: Any) -> None:
        awaited = self.pairs[fact.originator_id].awaited
        answers = fact.actor == fact.partner == awaited
        self.require("only who came by the link answers", holds=answers)

    TELLING: ClassVar[dict[type, Any]] = {
        **Facts.TELLING,
        Relationship.PartnerInvited: _link_made,
        Relationship.LinkWithdrawn: _no_link,
        Relationship.PartnerCame: _came_by_link,
        Relationship.PartnerDeclined: _partner_declined,
        Relationship.PartnerJoined: _partner_joined,
    }
