"""What one person states for the matching, on each side on which they take part; sealed, and never read here."""

from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed, SealedForAnotherPurpose
from domain.relationship_events import Part
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Purpose, Sealed


class NotYourPreferences(NotAllowed):
    """Only the person can say what they wish of the matching."""


class NothingToTakeBack(DomainError):
    """You have said nothing here that could be taken back."""


class Preferences(Aggregate):
    """One for each person; what they say anew replaces what they said before on that side."""

    TOPIC = "preferences"

    class Created(Aggregate.Created):
        TOPIC = "preferences.begun"
        person: UUID

    class Stated(Aggregate.Event):
        TOPIC = "preferences.stated"
        part: Part
        stated: Sealed

    class DetailStated(Aggregate.Event):
        TOPIC = "preferences.detail_stated"
        part: Part
        detail: Sealed

    class DetailTakenBack(Aggregate.Event):
        TOPIC = "preferences.detail_taken_back"
        part: Part

    @staticmethod
    def id_of(person: UUID) -> UUID:
        """The id of a person's preferences."""
        return uuid5(person, "preferences")

    @classmethod
    def begin_for(cls, person: UUID, act: Act) -> Self:
        """Begin, once; the person's own order."""
        if act.actor != person:
            raise NotYourPreferences
        return cls.begin(cls.id_of(person), act, person=person)

    @event(Created)
    def __init__(self, person: UUID) -> None:
        self.person = person
        self.stated: dict[Part, Sealed] = {}
        self.details: dict[Part, Sealed] = {}
        self.has_ever_stated_detail = False

    def state(self, part: Part, stated: Sealed, act: Act) -> None:
        """Say what one wishes on one side, under the consent to take part."""
        self._require_own(act)
        require_sealed_for(self.person, Compartment.PERSONAL, stated)
        if stated.purpose != Purpose.TAKE_PART:
            raise SealedForAnotherPurpose
        self.record(self.Stated, act, part=part, stated=stated)

    @event(Stated)
    def _stated(self, part: Part, stated: Sealed) -> None:
        self.stated[part] = stated

    def state_detail(self, part: Part, detail: Sealed, act: Act) -> None:
        """Say something of one's background, or wish something of the other's, under that consent alone."""
        self._require_own(act)
        require_sealed_for(self.person, Compartment.SPECIAL, detail)
        if detail.purpose != Purpose.IDENTITY_PREFERENCE:
            raise SealedForAnotherPurpose
        self.record(self.DetailStated, act, part=part, detail=detail)

    @event(DetailStated)
    def _detail_stated(self, part: Part, detail: Sealed) -> None:
        self.details[part] = detail
        self.has_ever_stated_detail = True

    def take_detail_back(self, part: Part, act: Act) -> None:
        """Let what was said of backgrounds count for nothing from now on."""
        self._require_own(act)
        if part not in self.details:
            raise NothingToTakeBack
        self.record(self.DetailTakenBack, act, part=part)

    @event(DetailTakenBack)
    def _detail_taken_back(self, part: Part) -> None:
        self.details.pop(part, None)

    def _require_own(self, act: Act) -> None:
        if act.actor != self.person:
            raise NotYourPreferences


PreferencesBegun = Preferences.Created
