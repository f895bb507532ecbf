"""An invoice as CSV for accounts: every field quoted, and no field that a spreadsheet would run.

A spreadsheet takes a field that begins with one of a few characters for a formula, even a quoted one; such a
field gets an apostrophe in front, which spreadsheets show as nothing.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from api.records.funding_seen import Funding, InvoiceShown
from domain.money import Money

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADINGS = ("organisation", "invoice", "settled_until", "kind", "line", "of_invoice")
MONEY_HEADINGS = ("amount", "currency", "value_added_tax")


def invoice_csv(funding: Funding, shown: InvoiceShown) -> str:
    """A row a session, sorted by its reference, and a row for each that is credited."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow((*HEADINGS, *MONEY_HEADINGS))
    for row in _rows(funding, shown):
        writer.writerow([safe_cell(cell) for cell in row])
    return text.getvalue()


def safe_cell(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _rows(funding: Funding, shown: InvoiceShown) -> Iterator[tuple[str, ...]]:
    invoice = shown.invoice
    head = (funding.organisation.name, str(invoice.number), f"{invoice.month.first_day:%Y-%m}")
    for line in invoice.lines:
        yield (*head, "session", line.reference, str(invoice.number), *_money(invoice.price))
    for credit in shown.credits:
        price = funding.agreement.invoice(credit.number).price
        for reference in credit.references:
            yield (*head, "credit", reference, str(credit.number), *_money(price))


def _money(price: Money) -> tuple[str, str, str]:
    return str(price.decimal), price.currency, "not included"
