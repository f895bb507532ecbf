"""Folds a batch of events into what is remembered of relationships and their places.

Loads what the batch touches with one query a table and writes it back with one; so catching up costs
opening and folding, not a round trip an event. What was erased is absent, and absent things stay so.
"""

from collections.abc import Sequence
from typing import Any, Generic
from uuid import UUID

from domain.notebook import Notebook
from domain.place import Place
from domain.relationship import Relationship
from projections.log import Entry
from projections.place_memory import RememberedPlace, remember_place
from projections.read_model import Tables, topics_of
from projections.relationship_memory import ARelationship, remember, remember_request
from projections.shelf import Load, Shelf, as_json

TOPICS = (
    topics_of(remember)
    | topics_of(remember_place)
    | {Relationship.Created.TOPIC, Place.Created.TOPIC, Notebook.Created.TOPIC}
)
"""What a book reads."""


class Book(Generic[ARelationship]):
    """The relationships and places of one batch."""

    def __init__(self, kind: type[ARelationship], tables: Tables) -> None:
        self._kind = kind
        self._tables = tables
        self._relationships = Shelf(kind, _load(tables, "remembered_relationships"))
        self._places = Shelf(RememberedPlace, _load(tables, "remembered_places"))

    def fetch(self, entries: Sequence[Entry]) -> None:
        """Load at once what the entries are about."""
        streams: dict[bool, list[UUID]] = {True: [], False: []}
        for entry in entries:
            event: Any = entry.event
            streams[entry.topic.startswith(Place.TOPIC + ".")].append(event.originator_id)
        self._relationships.fetch(streams[False])
        self._places.fetch(streams[True])

    def note(self, entry: Entry) -> ARelationship | None:
        """Fold one entry; answers the relationship that it is about, if that is known."""
        event: Any = entry.event
        match event:
            case Relationship.Created():
                return self._request(event, entry.position)
            case Notebook.Created():
                return self._begin_notebook(event, entry.position)
            case Place.Created():
                self._places.put(event.originator_id, RememberedPlace(event.sessions))
                return None
        if type(event).TOPIC.startswith(Place.TOPIC + "."):
            return self._change_place(event, entry.position)
        return self._change_relationship(event, entry.position)

    def changed(self) -> list[ARelationship]:
        """The relationships to write."""
        return list(self._relationships.changed.values())

    def write_places(self) -> None:
        """Write the places that changed."""
        changed = self._places.changed
        if changed:
            rows = list(map(as_json, changed.values()))
            self._tables.run("keep_places", ids=list(changed), memories=rows)

    def _request(self, event: Relationship.Created, position: int) -> ARelationship:
        known = remember_request(self._kind, event, position)
        place = self._places.get(known.place)
        known.ledger = place.ledger if place else None
        self._relationships.put(known.id, known)
        return known

    def _begin_notebook(self, event: Notebook.Created, position: int) -> ARelationship | None:
        known = self._relationships.get(event.relationship)
        if known is not None:
            known.notebook, known.changed_position = event.originator_id, position
            self._relationships.put(known.id, known)
        return known

    def _change_place(self, event: Any, position: int) -> ARelationship | None:
        place = self._places.get(event.originator_id)
        if place is None:
            return None
        remember_place(event, place)
        self._places.put(event.originator_id, place)
        known = self._relationships.get(place.relationship) if place.relationship else None
        if known is not None:
            known.ledger, known.changed_position = place.ledger, position
            self._relationships.put(known.id, known)
        return known

    def _change_relationship(self, event: Any, position: int) -> ARelationship | None:
        known = self._relationships.get(event.originator_id)
        if known is None:
            return None
        remember(event, known)
        known.settle(event, position)
        self._relationships.put(known.id, known)
        return known


def _load(tables: Tables, query: str) -> Load:
    return lambda ids: tables.run(query, ids=ids).fetchall()
