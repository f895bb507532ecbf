"""What read models remember of a place: its session ledger and which relationship took it."""

from functools import singledispatch
from uuid import UUID

import msgspec

from domain.place import Place
from projections.relationship_memory import RememberedLedger


class RememberedPlace(msgspec.Struct):
    """One place after all its events so far."""

    granted: int
    relationship: UUID | None = None
    reserved: list[UUID] = []
    used: list[UUID] = []

    @property
    def ledger(self) -> RememberedLedger:
        """The ledger as it is shown: counts alone."""
        return RememberedLedger(self.granted, len(self.reserved), len(self.used))


@singledispatch
def remember_place(_event: object, _known: RememberedPlace) -> None:
    """Change what is known of a place by one of its events."""


@remember_place.register
def _(event: Place.Taken, known: RememberedPlace) -> None:
    known.relationship = event.relationship


@remember_place.register
def _(_event: Place.Vacated, known: RememberedPlace) -> None:
    known.relationship = None


@remember_place.register
def _(event: Place.Extended, known: RememberedPlace) -> None:
    known.granted += event.sessions


@remember_place.register
def _(event: Place.SessionsReturned, known: RememberedPlace) -> None:
    known.granted -= event.sessions


@remember_place.register
def _(event: Place.SessionReserved, known: RememberedPlace) -> None:
    known.reserved.append(event.session)


@remember_place.register
def _(event: Place.SessionUsed, known: RememberedPlace) -> None:
    known.reserved = _without(known.reserved, event.session)
    known.used.append(event.session)


@remember_place.register
def _(event: Place.SessionReleased, known: RememberedPlace) -> None:
    known.reserved = _without(known.reserved, event.session)
    known.used = _without(known.used, event.session)


def _without(sessions: list[UUID], session: UUID) -> list[UUID]:
    return [each for each in sessions if each != session]
