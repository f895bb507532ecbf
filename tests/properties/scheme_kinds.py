"""A programme beside the first one, whose places need no funding: for who found each other, and for groups."""

from uuid import UUID, uuid4

from domain.commands import places, programmes, relationships
from domain.programme import Settings
from domain.relationship import RequestFacts
from domain.relationship_events import Kind
from tests.properties.scheme_commands import AnybodyDoesAnything

BOTH_KINDS = Settings("Others", kinds=(Kind.INFORMAL, Kind.GROUP), needs_place=False)


class KindsAreMixed(AnybodyDoesAnything):
    """Its programme, and how somebody asks in it."""

    def __init__(self) -> None:
        super().__init__()
        self.programme = uuid4()
        what = {"id": self.programme, "settings": BOTH_KINDS}
        self.world.give(programmes.open_programme, self.world.coordinator, **what)

    def _asks(self, mentee: UUID, kind: Kind) -> UUID | None:
        """A request on a place that nobody has, if it was made."""
        facts = RequestFacts(mentee, self._free_place(), kind=kind)
        asked = self.world.give(relationships.request_relationship, mentee, facts=facts)
        return asked.subject if asked else None

    def _free_place(self) -> UUID:
        waits = {pair.place for pair in self.world.facts.pairs.values() if pair.is_open}
        for id, place in self.world.facts.places.items():
            if place.agreement == self.programme and id not in waits:
                return id
        id = uuid4()
        what = {"id": id, "agreement": self.programme, "sessions": 2}
        self.world.give(places.grant_place, self.world.coordinator, **what)
        return id
