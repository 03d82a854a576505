"""Fills from their rows: what was executed of the plans. No plan depends on them."""

from typing import Any

from rebal_xl.household import Fill
from rebal_xl.intake.accounts import AccountsRead
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.flows import known_account, side_and_shares
from rebal_xl.sheets.tables import FILLS


def read_fills(read: AccountsRead, sheets: Sheets) -> tuple[Fill, ...]:
    """Executions of known accounts; which plan and lots they belong to is for the page on value to say."""
    found = []
    for row in sheets.of(FILLS):
        if not row.whole(("Account", "Symbol", "Side", "Date", "Quantity", "Price")):
            continue
        values: dict[str, Any] = row.fields()
        values["account"] = known_account(row, read, sheets)
        values["side"], values["quantity"] = side_and_shares(row, sheets.findings, "fill")
        if values["filled"] > sheets.as_of:
            sheets.findings.notice(
                "filled-after-as-of",
                row.place("Date"),
                f"This fill is of {values['filled']:%m/%d/%Y}, after the as-of date {sheets.as_of:%m/%d/%Y}: it does "
                "not count yet.",
                "Correct the date or the setting As Of.",
            )
        found.append(Fill(**values))
    return tuple(found)
