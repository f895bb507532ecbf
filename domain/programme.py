"""A scheme as the provider runs it: its kinds of mentoring, its limits and its rules."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.matching.weights import USUAL_WEIGHTS, Weights
from domain.place import MOST_SESSIONS
from domain.proposal import HOME_ZONE
from domain.relationship_events import Kind
from domain.values import Act, require_zone
from domain.working_time import USUAL_HOURS, WorkingHours

LONGEST_NAME = 120
USUAL_GROUP = 6
"""Small enough that everybody is heard."""
SMALLEST_GROUP, LARGEST_GROUP = 2, 12


class WrongSettings(DomainError):
    """A programme has a name, at least one kind of mentoring, and one to three sessions a place."""


class SettingsAreTheSame(DomainError):
    """The programme has these settings already."""


class WrongGroupSize(DomainError):
    """A group has seats for two to twelve members."""


class ConflictRule(StrEnum):
    """Rule 9: whom a programme never matches beside those with a declared conflict."""

    SAME_LINE_OR_TEAM = "same_line_or_team"
    DECLARED_ONLY = "declared_only"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a programme offers, and within which limits."""

    name: str
    kinds: tuple[Kind, ...] = (Kind.FORMAL,)
    ceiling: int = MOST_SESSIONS
    conflict_rule: ConflictRule = ConflictRule.SAME_LINE_OR_TEAM
    needs_place: bool = True
    asks_newly_qualified: bool = False
    working_hours: WorkingHours = USUAL_HOURS
    time_zone: str = HOME_ZONE

    def __post_init__(self) -> None:
        require_zone(self.time_zone)
        is_named = 0 < len(self.name.strip()) <= LONGEST_NAME
        if not (is_named and self.kinds and 1 <= self.ceiling <= MOST_SESSIONS):
            raise WrongSettings


class Programme(Aggregate):
    """What agreements are signed for; a change of settings touches no agreement that is signed."""

    TOPIC = "programme"

    class Created(Aggregate.Created):
        TOPIC = "programme.opened"
        settings: Settings

    class SettingsChanged(Aggregate.Event):
        TOPIC = "programme.settings_changed"
        settings: Settings

    class WeightsSet(Aggregate.Event):
        TOPIC = "programme.weights_set"
        weights: Weights

    class GroupSizeSet(Aggregate.Event):
        """How many members a group has at most; one that has more already keeps them."""

        TOPIC = "programme.group_size_set"
        most: int

    class InvitationsWithdrawn(Aggregate.Event):
        """Nobody gets in any more by an invitation that was issued under the programme itself by then."""

        TOPIC = "programme.invitations_withdrawn"

    @classmethod
    def open(cls, id: UUID, settings: Settings, act: Act) -> Self:
        """Begin a programme."""
        return cls.begin(id, act, settings=settings)

    @event(Created)
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.weights = USUAL_WEIGHTS
        self.weights_version = 0
        self.most_in_group = USUAL_GROUP
        self.invitations_withdrawn_at: datetime | None = None

    def change_settings(self, settings: Settings, act: Act) -> None:
        """Run it differently from now on."""
        if settings == self.settings:
            raise SettingsAreTheSame
        self.record(self.SettingsChanged, act, settings=settings)

    @event(SettingsChanged)
    def _settings_changed(self, settings: Settings) -> None:
        self.settings = settings

    def set_weights(self, weights: Weights, act: Act) -> None:
        """Say how much each aspect counts in the matching from now on; each set is another version."""
        if weights == self.weights:
            raise SettingsAreTheSame
        self.record(self.WeightsSet, act, weights=weights)

    @event(WeightsSet)
    def _weights_set(self, weights: Weights) -> None:
        self.weights = weights
        self.weights_version += 1

    def set_group_size(self, most: int, act: Act) -> None:
        """Say how many members a group has at most from now on."""
        if not SMALLEST_GROUP <= most <= LARGEST_GROUP:
            raise WrongGroupSize
        if most == self.most_in_group:
            raise SettingsAreTheSame
        self.record(self.GroupSizeSet, act, most=most)

    @event(GroupSizeSet)
    def _group_size_set(self, most: int) -> None:
        self.most_in_group = most

    def withdraw_invitations(self, act: Act) -> None:
        """End every invitation that was issued under the programme so far; those that were used stay used."""
        self.record(self.InvitationsWithdrawn, act)

    @event(InvitationsWithdrawn)
    def _invitations_withdrawn(self, timestamp: datetime) -> None:
        self.invitations_withdrawn_at = timestamp

    def lets_in_by(self, issued_at: datetime) -> bool:
        """Whether an invitation that was issued at this moment has not been withdrawn since."""
        withdrawn_at = self.invitations_withdrawn_at
        return withdrawn_at is None or issued_at > withdrawn_at

    def day(self, at: datetime) -> date:
        """The day of a moment by the calendar of its zone."""
        return at.astimezone(ZoneInfo(self.settings.time_zone)).date()


ProgrammeOpened = Programme.Created
