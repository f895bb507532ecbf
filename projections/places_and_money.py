"""Places and money: what each agreement's sessions came to, month by month, and who may be shown it.

Beside it stands which places an agreement pays for and which relationships rest on them, for the
service's own duties alone: no page reads it.
"""

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any
from uuid import UUID

import aiosql

from domain.funding_agreement import FundingAgreement
from domain.organisation import Organisation
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections.log import Entry
from projections.money_memory import KnownAgreement, KnownPlace, Ledgers
from projections.read_model import ReadModel, Tables, topics_of
from projections.shelf import Load, Shelf, as_json


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Fold a batch into the rows that it is about."""
    agreements = Shelf(KnownAgreement, _load(tables, "remembered_agreements"))
    ledgers = Ledgers(agreements, Shelf(KnownPlace, _load(tables, "remembered_places")))
    ledgers.fetch(_streams(entries, Place), _named_agreements(entries))
    for entry in entries:
        change(entry.event, ledgers, entry.position)
    _write_ledgers(tables, ledgers)
    _write_months(tables, ledgers)
    _write_relations(tables, ledgers)


@singledispatch
def change(_event: object, _ledgers: Ledgers, _position: int) -> None:
    """Note what one event changes."""


@change.register
def _(event: FundingAgreement.Created, ledgers: Ledgers, position: int) -> None:
    terms = event.terms
    known = KnownAgreement(
        id=event.originator_id,
        organisation=event.organisation,
        position=position,
        time_zone=terms.time_zone,
        ends_on=terms.ends_on,
        bought=terms.sessions,
    )
    ledgers.agreements.put(known.id, known)


@change.register
def _(event: FundingAgreement.Amended, ledgers: Ledgers, _position: int) -> None:
    if agreement := ledgers.agreement(event.originator_id):
        agreement.take_on(event.terms)


@change.register
def _(event: FundingAgreement.Ended, ledgers: Ledgers, _position: int) -> None:
    if agreement := ledgers.agreement(event.originator_id):
        agreement.has_ended = True


@change.register
def _(event: FundingAgreement.InvoiceRaised, ledgers: Ledgers, _position: int) -> None:
    if agreement := ledgers.agreement(event.originator_id):
        month = ledgers.month(agreement, event.timestamp)
        month.lines += len(event.lines)
        month.invoiced += event.amount.minor_units


@change.register
def _(event: FundingAgreement.InvoicePaid, ledgers: Ledgers, _position: int) -> None:
    if agreement := ledgers.agreement(event.originator_id):
        ledgers.month(agreement, event.timestamp).paid += event.amount.minor_units


@change.register
def _(event: FundingAgreement.InvoiceCredited, ledgers: Ledgers, _position: int) -> None:
    if agreement := ledgers.agreement(event.originator_id):
        ledgers.month(agreement, event.timestamp).credited += event.amount.minor_units


@change.register
def _(event: Place.Created, ledgers: Ledgers, _position: int) -> None:
    ledgers.places.put(event.originator_id, KnownPlace(event.agreement))
    if agreement := ledgers.agreement(event.agreement):
        agreement.places += 1
        agreement.granted += event.sessions


@change.register
def _(event: Place.Extended, ledgers: Ledgers, _position: int) -> None:
    if found := ledgers.place(event.originator_id):
        found[1].granted += event.sessions


@change.register
def _(event: Place.SessionsReturned, ledgers: Ledgers, _position: int) -> None:
    if found := ledgers.place(event.originator_id):
        found[1].granted -= event.sessions


@change.register
def _(event: Place.SessionReserved, ledgers: Ledgers, _position: int) -> None:
    if found := ledgers.place(event.originator_id):
        place, agreement = found
        place.reserved.append(event.session)
        agreement.reserved += 1


@change.register
def _(event: Place.SessionUsed, ledgers: Ledgers, _position: int) -> None:
    if found := ledgers.place(event.originator_id):
        place, agreement = found
        place.reserved.remove(event.session)
        place.used.append(event.session)
        agreement.reserved -= 1
        agreement.used += 1
        ledgers.month(agreement, event.timestamp).used += 1


@change.register
def _(event: Place.SessionReleased, ledgers: Ledgers, _position: int) -> None:
    if found := ledgers.place(event.originator_id):
        place, agreement = found
        if event.session in place.used:
            place.used.remove(event.session)
            agreement.used -= 1
        else:
            place.reserved.remove(event.session)
            agreement.reserved -= 1
        agreement.released += 1
        ledgers.month(agreement, event.timestamp).released += 1


@change.register
def _(event: Relationship.Created, ledgers: Ledgers, _position: int) -> None:
    ledgers.requested[event.originator_id] = event.place


@change.register
def _(event: Happened.Closed, ledgers: Ledgers, _position: int) -> None:
    ledgers.closed.append(event.originator_id)


@change.register
def _(event: Organisation.SponsorContactNamed, ledgers: Ledgers, _position: int) -> None:
    ledgers.contacts[event.originator_id, event.person] = True


@change.register
def _(event: Organisation.SponsorContactEnded, ledgers: Ledgers, _position: int) -> None:
    ledgers.contacts[event.originator_id, event.person] = False


def _streams(entries: Sequence[Entry], kind: type[Any]) -> list[UUID]:
    prefix = f"{kind.TOPIC}."
    return [entry.stream for entry in entries if entry.topic.startswith(prefix)]


def _named_agreements(entries: Sequence[Entry]) -> list[UUID]:
    granted = (entry.event for entry in entries if isinstance(entry.event, Place.Created))
    return [*_streams(entries, FundingAgreement), *(event.agreement for event in granted)]


def _write_ledgers(tables: Tables, ledgers: Ledgers) -> None:
    if agreements := list(ledgers.agreements.changed.values()):
        tables.run(
            "keep_agreements",
            ids=[each.id for each in agreements],
            positions=[each.position for each in agreements],
            organisations=[each.organisation for each in agreements],
            over_at=[each.over_at for each in agreements],
            memories=[as_json(each) for each in agreements],
        )
    if places := ledgers.places.changed:
        tables.run(
            "keep_places",
            ids=list(places),
            agreements=[each.agreement for each in places.values()],
            memories=[as_json(each) for each in places.values()],
        )


def _write_months(tables: Tables, ledgers: Ledgers) -> None:
    if not ledgers.months:
        return
    counts = list(ledgers.months.values())
    tables.run(
        "add_to_months",
        agreements=[agreement for agreement, _ in ledgers.months],
        months=[month for _, month in ledgers.months],
        used=[each.used for each in counts],
        released=[each.released for each in counts],
        lines=[each.lines for each in counts],
        invoiced=[each.invoiced for each in counts],
        paid=[each.paid for each in counts],
        credited=[each.credited for each in counts],
    )


def _write_relations(tables: Tables, ledgers: Ledgers) -> None:
    if ledgers.requested:
        requested = ledgers.requested
        tables.run("keep_requests", ids=list(requested), places=list(requested.values()))
    if ledgers.closed:
        tables.run("close", ids=ledgers.closed)
    for (organisation, person), is_contact in ledgers.contacts.items():
        query = "name_contact" if is_contact else "end_contact"
        tables.run(query, organisation=organisation, person=person)


def _load(tables: Tables, query: str) -> Load:
    return lambda ids: tables.run(query, ids=ids).fetchall()


PLACES_AND_MONEY = ReadModel(
    name="places_and_money",
    version=1,
    tables=(
        "places_and_money",
        "places_and_money_month",
        "places_and_money_place",
        "places_and_money_relationship",
        "places_and_money_contact",
    ),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change),
    apply=apply,
)
