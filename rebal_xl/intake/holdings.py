"""Lots and cash from the rows of Holdings: what can be traded, and what is only counted.

A lot of a taxable account whose basis or date nobody knows, an option, a short position: they count, they are
locked, and they are listed. Where nobody taxes gains, a missing basis or date is nothing to mention.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rebal_xl.household import Account, Lot, LotSource, Security, Term
from rebal_xl.intake.accounts import AccountsRead
from rebal_xl.intake.basis import Cost, basis_usd, check_readings
from rebal_xl.intake.bonds import check_bonds
from rebal_xl.intake.book import Sheets
from rebal_xl.intake.lots import PlacedLot, Positions, check_positions, lot_of, named
from rebal_xl.intake.naming import is_percent
from rebal_xl.intake.rows import Row
from rebal_xl.intake.securities import is_option
from rebal_xl.intake.sums import check_sums
from rebal_xl.intake.values import CORE_MARK, clean, plain_number, squeeze
from rebal_xl.intake.worth import room_usd
from rebal_xl.sheets.tables import HOLDINGS
from rebal_xl.tax import term
from rebal_xl.tax.basis import has_two_bases

# How custodians call the row of an account's cash.
CASH_WORDS = frozenset({"cash", "cashcashinvestments", "cashandcashinvestments", "cashandcashequivalents"})
PENDING_WORDS = frozenset({"pendingactivity"})
SOURCES = {source.value: source for source in LotSource}
# The columns that say how a sale would be taxed.
_TAXED_BY = {"Cost Basis", "Cost/Share", "Acquired", "Term"}


@dataclass(frozen=True, slots=True)
class HoldingRows:
    """The rows of Holdings, told apart."""

    # settled cash, with its dollars
    cash: tuple[tuple[Row, float], ...]
    # everything else that could be read
    lots: tuple[Row, ...]


def split_rows(sheets: Sheets) -> HoldingRows:
    """Cash rows, and rows of securities; a row without a quantity is a problem unless it is cash with a value."""
    cash: list[tuple[Row, float]] = []
    lots: list[Row] = []
    for row in sheets.of(HOLDINGS):
        amount = row.number_in("Quantity")
        if _is_cash(row):
            value = row.number_in("Market Value")
            cash.append((row, amount if amount is not None else value or 0.0))
        elif amount is not None:
            lots.append(row)
            _refuse_percent(row, sheets)
        elif "Quantity" not in row.broken and "Quantity" in row.region.columns:
            sheets.findings.error(
                "missing-value",
                row.place("Quantity"),
                f"This row of {row.text('Symbol') or HOLDINGS.name} has no Quantity.",
                "Write the number of shares, or clear the row.",
            )
    return HoldingRows(tuple(cash), tuple(lots))


def _refuse_percent(row: Row, sheets: Sheets) -> None:
    """Shares that are shown as 60 % are a weight, and no shares."""
    cell = row.cell("Quantity")
    if cell is not None and isinstance(cell.value, float) and is_percent(cell):
        sheets.findings.error(
            "not-a-number",
            row.place("Quantity"),
            f"Quantity: {plain_number(round(cell.value * 100.0, 6))} % is a percentage where a number is expected.",
            "Write shares; a list of weights needs them, or dollars by class.",
        )


def _is_cash(row: Row) -> bool:
    cell = row.cell("Symbol")
    return cell is not None and isinstance(cell.value, str) and _names_cash(cell.value)


@lru_cache(maxsize=8192)
def _names_cash(written: str) -> bool:
    return squeeze(clean(written)) in CASH_WORDS | PENDING_WORDS or clean(written).endswith(CORE_MARK)


def read_cash(rows: HoldingRows, read: AccountsRead, sheets: Sheets) -> dict[str, float]:
    """Account -> dollars of its cash rows."""
    cash: dict[str, float] = {}
    for row, amount in rows.cash:
        name = read.spellings.find(row.text("Account"))
        if name is None:
            continue
        if name in read.cash_given and name not in cash:
            sheets.findings.error(
                "cash-twice",
                row.place("Quantity"),
                f"The cash of {name} is given here and in Accounts ({read.places[name].cell}).",
                "Delete one: the row in Holdings, or the Cash in Accounts.",
            )
        cash[name] = cash.get(name, 0.0) + amount
    return cash


def check_accounts(read: AccountsRead, sheets: Sheets) -> None:
    """Report every account of Holdings that is not in Accounts, once, with how many rows name it."""
    unknown: dict[str, list[Row]] = {}
    for row in sheets.of(HOLDINGS):
        written = row.text("Account")
        if written and read.spellings.find(written) is None:
            unknown.setdefault(written, []).append(row)
    for written, rows in unknown.items():
        more = f" {len(rows)} rows name it." if len(rows) > 1 else ""
        sheets.findings.error(
            "unknown-account",
            rows[0].place("Account"),
            f'The account "{written}" is not in Accounts.{read.spellings.hint(written)}{more}',
            "Add it to Accounts with its tax treatment, or correct the name.",
        )


def check_files(read: AccountsRead, sheets: Sheets) -> None:
    """A custodian's file of positions and its file of lots tell the same shares; read together they count twice."""
    first: dict[tuple[str, str], Row] = {}
    twice: dict[tuple[str, str], list[Row]] = {}
    for row in sheets.of(HOLDINGS):
        account = read.spellings.find(row.text("Account")) or row.text("Account")
        known = first.setdefault((account, row.text("Symbol")), row)
        apart = known.region.grid is not row.region.grid
        if apart and not (row.region.grid.origin and known.region.grid.name == row.region.grid.name):
            twice.setdefault((known.region.grid.name, row.region.grid.name), []).append(row)
    for (one, other), rows in twice.items():
        sheets.findings.error(
            "position-twice",
            rows[0].place("Symbol"),
            f"{rows[0].text('Symbol')} in {rows[0].text('Account')} stands in {one} and in {other}"
            f"{f', and so do {len(rows) - 1} more rows' if len(rows) > 1 else ''}; together they would count twice.",
            "Keep the file with the lots, and leave out the one with the positions.",
        )


def read_lots(
    rows: HoldingRows, read: AccountsRead, securities: Mapping[str, Security], sheets: Sheets
) -> tuple[PlacedLot, ...]:
    """Every lot with its row, named, and locked where it cannot be sold without a guess."""
    positions: Positions = {}
    costs: list[Cost] = []
    for row in rows.lots:
        name = read.spellings.find(row.text("Account"))
        quantity, security = row.number_in("Quantity"), securities.get(row.text("Symbol"))
        if quantity == 0.0:
            sheets.findings.notice(
                "zero-quantity",
                row.place("Quantity"),
                f"This row of {row.text('Symbol')} holds no shares; it was not read.",
            )
            continue
        if name is None or quantity is None or security is None:
            continue
        cost = Cost(
            row,
            quantity,
            security.unit_usd,
            security.price_divisor,
            row.number_in("Cost Basis"),
            row.number_in("Cost/Share"),
        )
        account = read.accounts[name]
        lot = _lot(row, account, cost, sheets)
        positions.setdefault((lot.account, lot.symbol), []).append((lot, row))
        if account.taxable:
            costs.append(cost)
        _check_value(row, quantity, security, sheets)
    check_readings(costs, sheets.findings)
    check_bonds(rows.lots, securities, sheets)
    check_sums(rows.lots, sheets.findings, lambda row: read.spellings.find(row.text("Account")) or row.text("Account"))
    check_positions(positions, sheets)
    return named(positions, sheets)


def _lot(row: Row, account: Account, cost: Cost, sheets: Sheets) -> Lot:
    values: dict[str, Any] = row.fields()
    values["account"] = account.name
    if "custodian_term" in values:
        values["custodian_term"] = Term(values["custodian_term"])
    values["source"] = SOURCES[values.get("source", LotSource.BUY)]
    values["acquired"] = _acquired(row, sheets)
    values["basis_usd"] = basis_usd(cost, sheets.findings)
    lot = lot_of(values)
    if lot.custodian_term is not None:
        _check_term(lot, lot.custodian_term, row, sheets)
    if lot.gift_value_usd is not None or lot.gifted is not None:
        _check_gift(lot, row, sheets)
    why = _why_locked(lot, account, row)
    if why:
        sheets.findings.notice(
            "lot-locked",
            row.place("Symbol"),
            f"{plain_number(lot.quantity)} {lot.symbol} in {account.name} count but are not traded: {why}.",
            "Fill in what is missing if they may be sold." if lot.quantity > 0.0 and not is_option(lot.symbol) else "",
        )
        values["locked"] = True
        if lot.quantity < 0.0:
            values["basis_usd"] = values["acquired"] = None
        lot = lot_of(values)
    return lot


def _acquired(row: Row, sheets: Sheets) -> date | None:
    acquired = row.day("Acquired")
    if acquired is not None and acquired > sheets.as_of:
        sheets.findings.error(
            "acquired-after-as-of",
            row.place("Acquired"),
            f"This lot of {row.text('Symbol')} was acquired on {acquired:%m/%d/%Y}, after the as-of date "
            f"{sheets.as_of:%m/%d/%Y}.",
            "Correct the date, or the setting As Of.",
        )
    return acquired


def _check_gift(lot: Lot, row: Row, sheets: Sheets) -> None:
    """Two bases belong to gifts alone, and a loss on one needs the day of the gift."""
    column = "Gift Date" if lot.gift_value_usd is None else "Gift Value"
    if lot.source is not LotSource.GIFT:
        sheets.findings.error(
            "gift-without-source",
            row.place(column),
            f"{column} of {lot.symbol} is filled in, but the source of the lot is {lot.source.value}.",
            f"Write {LotSource.GIFT.value} under Source, or clear {column}.",
        )
        return
    days = (lot.acquired, lot.gifted, sheets.as_of)
    if any(earlier and later and earlier > later for earlier, later in pairwise(days)):
        sheets.findings.error(
            "gift-date-order",
            row.place("Gift Date"),
            f"The gift of {lot.symbol} cannot have been made before its giver acquired it, nor after the as-of date.",
            "Correct Gift Date or Acquired.",
        )
    if has_two_bases(lot) and lot.gifted is None:
        sheets.findings.notice(
            "gift-date-missing",
            row.place("Gift Date"),
            f"{lot.symbol} was worth less than its giver paid, and Gift Date is empty: a loss on it is given the "
            "holding period of a gain, which may call a short-term loss long-term.",
            "Write the day of the gift.",
        )


def _why_locked(lot: Lot, account: Account, row: Row) -> str:
    """Why a lot cannot be sold without a guess; "" when it can."""
    if is_option(lot.symbol):
        return "it is an option"
    if lot.quantity < 0.0:
        return "the quantity is negative"
    if not account.taxable or (lot.basis_usd is not None and lot.acquired is not None) or row.broken & _TAXED_BY:
        return ""
    undated = lot.acquired is None and lot.custodian_term is None and lot.source is not LotSource.INHERITED
    date_word = "the date acquired is not known" if undated else ""
    basis_word = "the cost basis is not known" if lot.basis_usd is None else ""
    return " and ".join(filter(None, (basis_word, date_word)))


def _check_term(lot: Lot, theirs: Term, row: Row, sheets: Sheets) -> None:
    if lot.acquired is None or lot.acquired > sheets.as_of:
        return
    ours = Term.LONG if lot.source is LotSource.INHERITED else term(lot.acquired, sheets.as_of)
    if ours is not theirs:
        sheets.findings.notice(
            "term-differs",
            row.place("Term"),
            f"The custodian calls this lot of {lot.symbol} {theirs.value}, but acquired on "
            f"{lot.acquired:%m/%d/%Y} it is {ours.value} on {sheets.as_of:%m/%d/%Y}; the date counts.",
            "Check the date acquired and the source.",
        )


def _check_value(row: Row, quantity: float, security: Security, sheets: Sheets) -> None:
    """Compare the market value with quantity times price."""
    given = row.number_in("Market Value")
    if given is None:
        return
    ours = quantity * security.unit_usd
    allowed = room_usd(quantity, given, 1.0 / security.price_divisor)
    if abs(ours - given) <= allowed:
        return
    for factor, word in ((100.0, "a hundred times"), (0.01, "a hundredth of")):
        if given != 0.0 and abs(ours - given * factor) <= allowed * max(1.0, factor):
            sheets.findings.error(
                "price-divisor",
                row.place("Market Value"),
                f"{plain_number(quantity)} {security.symbol} at {plain_number(security.price_usd)} are "
                f"{plain_number(round(ours, 2))}, {word} the market value {plain_number(given)}.",
                f"Write {plain_number(security.price_divisor * factor)} as its Price Divisor in Securities (100 for "
                "bonds quoted per 100 of face).",
            )
            return
    sheets.findings.notice(
        "value-differs",
        row.place("Market Value"),
        f"The market value {plain_number(given)} is not {plain_number(quantity)} {security.symbol} times "
        f"{plain_number(security.price_usd)} ({plain_number(round(ours, 2))}).",
        "Quantity and price count; check them.",
    )
