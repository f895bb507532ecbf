"""What becomes of money: closed months billed, invoices paid, and a line that was asked about taken off now and then."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.people import Person
from api.simulate.plan import ZONE, opening_on
from api.simulate.remembered import Agreement, Life
from api.simulate.tally import Happened
from api.simulate.world import World

SETTLED_AFTER = timedelta(days=2)
"""Into the next month: by then most of what happened is confirmed."""
LONGER_THAN_A_MONTH = timedelta(days=31)


def life_of_accounts(world: World) -> Life:
    """Each month, bill the one before under every agreement."""
    chance, coordinator = world.plan.chance("accounts"), world.coordinators[0]
    month = world.plan.begins_at.astimezone(ZONE).date().replace(day=1)
    while True:
        following = (month + LONGER_THAN_A_MONTH).replace(day=1)
        yield after(opening_on(following + SETTLED_AFTER), (0, 1), chance)
        for agreement in world.agreements:
            if not agreement.is_settled:
                _bill(world, coordinator, agreement, month)
        month = following


def _bill(world: World, who: Person, agreement: Agreement, month: date) -> None:
    """Raise an invoice; too few places wait for the next month, which is nobody's mistake."""
    is_last = agreement.is_over
    body = {"month": month.isoformat(), "is_last": is_last}
    step = f"invoice-{agreement.number}-{month}"
    if world.door.act(who, f"{agreement.path}/invoices", body, step=step) is None:
        world.note(Happened.CARRIED_OVER)
        return
    agreement.invoices += 1
    agreement.is_settled = is_last
    world.note(Happened.INVOICES)
    world.door.look(agreement.sponsor, f"{agreement.path}/figures")
    world.begin(_life_of_invoice(world, who, agreement, agreement.invoices), world.clock())


def _life_of_invoice(world: World, who: Person, agreement: Agreement, number: int) -> Life:
    """It is read, perhaps asked about, and paid."""
    chance = world.plan.chance(f"invoice {agreement.number} {number}")
    path, key = f"{agreement.path}/invoices/{number}", f"{agreement.number}-{number}"
    yield after(world.clock(), rates.INVOICE_IS_READ_AFTER, chance)
    if chance.random() < rates.LINE_IS_QUESTIONED and world.does(
        who, f"{path}/credit", lambda: _a_line(world, who, path), step=f"credit-{key}"
    ):
        world.note(Happened.CREDITS)
    yield after(world.clock(), rates.PAYMENT_TAKES, chance)
    if world.does(who, f"{path}/payment", step=f"pay-{key}"):
        world.note(Happened.PAYMENTS)


def _a_line(world: World, who: Person, invoice: str) -> dict[str, Any]:
    """References are random, so it is found by what it stands for, which is the same each time."""
    table = csv.DictReader(StringIO(world.door.read(who, f"{invoice}/csv")))
    billed = [row["line"] for row in table if row["kind"] == "session"]
    stands_for = lambda line: world.door.read(who, f"{invoice}/lines/{line}")["session"]  # noqa: E731 - used as a key, once
    return {"references": [min(billed, key=stands_for)]}
