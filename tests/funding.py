"""An agreement to grant places under: a programme, an organisation, and what it bought."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.commands.funding import sign_agreement
from domain.commands.organisations import register_organisation
from domain.commands.programmes import open_programme
from domain.funding_terms import Terms
from domain.mentoring import Mentoring, Order
from domain.money import Money
from domain.programme import Settings
from domain.values import Act

PRICE = Money(95_00)
A_YEAR = timedelta(days=365)

Give = Callable[[str, dict[str, Any]], Any]
"""Posts a body to a path and answers what was told."""


def terms_of(
    programme: UUID, *, places: int = 100, sessions_per_place: int = 3, around: date | None = None
) -> Terms:
    """Terms in force for a year before and after a day, today unless it is given."""
    day = around or datetime.now(UTC).date()
    return Terms(programme, places, sessions_per_place, PRICE, day - A_YEAR, day + A_YEAR)


def signed_by_commands(
    mentoring: Mentoring, act: Act, *, places: int = 100, sessions_per_place: int = 3
) -> UUID:
    """An agreement recorded with the commands alone."""
    order = lambda: Order(act, uuid4())  # noqa: E731 - three orders by one act
    programme = open_programme(mentoring, order(), id=uuid4(), settings=Settings("Any")).subject
    buyer = register_organisation(mentoring, order(), id=uuid4(), name="Fernley").subject
    terms = terms_of(
        programme, places=places, sessions_per_place=sessions_per_place, around=act.at.date()
    )
    return sign_agreement(mentoring, order(), id=uuid4(), organisation=buyer, terms=terms).subject


def signed_agreement(give: Give, **terms: int) -> str:
    """An agreement recorded through the API by a coordinator's requests."""
    return str(give("/agreements", agreement_body(give, **terms))["id"])


def agreement_body(give: Give, *, places: int = 100, sessions_per_place: int = 3) -> dict[str, Any]:
    """What is sent to sign one, for a programme and an organisation that are made for it."""
    programme = give("/programmes", {"name": "Thinking things through"})["id"]
    organisation = give("/organisations", {"name": "Borough of Fernley"})["id"]
    today = datetime.now(UTC).date()
    terms = {
        "programme": programme,
        "places": places,
        "sessions_per_place": sessions_per_place,
        "price_minor_units": PRICE.minor_units,
        "starts_on": str(today - A_YEAR),
        "ends_on": str(today + A_YEAR),
    }
    return {"organisation": organisation, "terms": terms}
