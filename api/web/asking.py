"""Asking for mentoring: one form, in which nothing needs to be said but for which place."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.auth.callers import MenteeCaller
from api.dependencies import CommandResult, ReaderPart
from api.records.words import LONGEST_WORDS
from api.routes import relationships
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.pair_view import CADENCE_CHOICES
from api.web.party import Party, PartyPart, SenderPart
from domain.commands.footing import footing_of, footing_under
from domain.commands.loading import find_ledger
from domain.errors import DomainError
from domain.mentoring import NotFound
from domain.place import Place
from domain.programme import Settings
from domain.relationship_events import Cadence, Kind, Mode
from domain.values import Purpose
from projections.joining_questions import places_of
from projections.reader import NotYet, Reader

router = APIRouter(prefix="/my-mentoring/request", include_in_schema=False, dependencies=[ReadForm])

KINDS = {
    Kind.FORMAL: "Somebody with experience, whom you look for on my behalf",
    Kind.REVERSE: "Somebody newer to the work than I am, whose view I would like to learn from",
    Kind.FOR_DIVERSITY: "Somebody who shares, or does not share, parts of my background, as I wish",
    Kind.GROUP: "A small group that thinks things through together",
    Kind.INFORMAL: "Somebody whom I have found myself",
}
"""What somebody would like, in the words in which they would say it."""

MODES = {Mode.VIRTUAL: "By video", Mode.IN_PERSON: "In person"}


class NoSuchPlace(DomainError):
    """We do not know this place. Check the reference with whoever gave it to you."""


class SeveralKinds(DomainError):
    """With this place you can ask for more than one kind of mentoring; say below what you would like."""


class RequestForm(TypedForm):
    """What somebody asks for; all words are sealed before they are kept."""

    faults: ClassVar[Mapping[str, str]] = {
        "place": "Enter the reference of your place: 32 letters and digits, with or without hyphens.",
        "themes": "Write at most 4,000 characters.",
        "preferences": "Write at most 4,000 characters.",
        "identity_preference": "Write at most 4,000 characters.",
        "kind": "Choose what you would like.",
        "mode": "Choose how you would like to meet.",
        "cadence": "Choose how often you would like to meet.",
    }
    blamed: ClassVar[str] = "place"

    place: UUID
    kind: Kind | None = None
    mode: Mode = Mode.VIRTUAL
    cadence: Cadence = Cadence.MONTHLY
    themes: str | None = Field(default=None, max_length=LONGEST_WORDS)
    preferences: str | None = Field(default=None, max_length=LONGEST_WORDS)
    identity_preference: str | None = Field(default=None, max_length=LONGEST_WORDS)


@router.get("")
def show(caller: MenteeCaller, party: PartyPart, reader: ReaderPart) -> Response:
    """The form; whoever has a place that is free asks for that."""
    place = _own_free_place(reader, caller.person)
    return _page(party, Filled({"place": str(place)}, form="request") if place else NOTHING_FILLED)


@router.get("/{place}")
def show_for_place(place: UUID, caller: MenteeCaller, party: PartyPart) -> Response:
    """The form, for somebody who was invited to a place."""
    return _page(party, Filled({"place": str(place)}, form="request"))


@router.post("")
def request(caller: MenteeCaller, sender: SenderPart) -> Response:
    """Ask."""

    def carry(form: RequestForm) -> CommandResult:
        body = relationships.RequestMentoring(**form.model_dump())
        try:
            if form.kind is None and len(footing_of(sender.party.mentoring, form.place).kinds) > 1:
                raise SeveralKinds
            return relationships.request(body, *sender.carried_with_words)
        except NotFound:
            raise NoSuchPlace from None

    party = sender.party
    return carried_out(party.request, RequestForm, carry, lambda filled: _page(party, filled))


def _own_free_place(reader: Reader, mentee: UUID) -> UUID | None:
    """The place that they were invited to, unless there are several or it is not shown yet."""
    try:
        free = [each.place for each in places_of(reader, mentee) if each.relationship is None]
    except NotYet:
        return None
    return free[0] if len(free) == 1 else None


def _settings(party: Party, place: str) -> Settings | None:
    """What the programme of a place is like that is theirs to ask with; none where that is not known yet."""
    try:
        found = party.mentoring.load(Place, UUID(place))
        found.require_open_to(party.caller.person)
        return footing_under(party.mentoring, found.agreement).programme.settings
    except (ValueError, DomainError):
        return None


def _page(party: Party, filled: Filled = NOTHING_FILLED) -> Response:
    ledger = find_ledger(party.mentoring, party.caller.person)
    settings = _settings(party, filled.fields.get("place", ""))

    def is_live(purpose: Purpose) -> bool:
        return ledger is not None and ledger.is_live(purpose, party.now)

    return party.page(
        "request.html",
        filled=filled,
        takes_part=is_live(Purpose.TAKE_PART),
        may_say_identity=is_live(Purpose.IDENTITY_PREFERENCE),
        kinds={kind: words for kind, words in KINDS.items() if settings and kind in settings.kinds},
        asks_newly_qualified=settings is not None and settings.asks_newly_qualified,
        modes=MODES,
        cadences=CADENCE_CHOICES,
    )
