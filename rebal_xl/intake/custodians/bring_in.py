"""What files change in a whole workbook: holdings and cash, prices, and the trades of the last weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rebal_xl.household import InputErrors, Problem
from rebal_xl.intake.corrections import corrected
from rebal_xl.intake.custodians.mapping import Mapping as Named
from rebal_xl.intake.custodians.merge import HoldingsMerge, merge_holdings
from rebal_xl.intake.custodians.reconcile import amount, is_cash
from rebal_xl.intake.custodians.statement import File, Statement, read_statement, refuse_unknown
from rebal_xl.intake.custodians.together import accounts_by_number
from rebal_xl.intake.custodians.whose import Whose, listed_accounts
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings, Place
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.share_classes import one_spelling, symbols_of
from rebal_xl.intake.table_edits import Change, TableEdit, cell_changes, changed_cells, free_rows
from rebal_xl.intake.twolines import with_joined_headers
from rebal_xl.intake.values import plain_number
from rebal_xl.intake.writable import check_writable
from rebal_xl.sheets.grid import GridBook
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, RECENT_TRADES, SECURITIES

# Prices closer than this part of themselves are one price.
_SAME_PRICE = 1e-9
_WITH_SYMBOLS = (SECURITIES, HOLDINGS, RECENT_TRADES)
_TRADE_COLUMNS = ("Account", "Symbol", "Date", "Side", "Quantity")


@dataclass(frozen=True, slots=True)
class PriceMove:
    """A price that the files change."""

    symbol: str
    before: float | None
    now: float


@dataclass(frozen=True, slots=True)
class Import:
    """What importing some files into a workbook comes to."""

    statement: Statement
    edits: tuple[TableEdit, ...]
    holdings: HoldingsMerge
    prices: tuple[PriceMove, ...]
    # trades that RecentTrades did not have; `trades_lost` where the workbook has no such table
    trades: tuple[Row, ...]
    trades_lost: bool
    notices: tuple[Problem, ...]


def plan_import(book: GridBook, files: Sequence[File], mappings: Sequence[Named] = ()) -> Import:
    """What the files would change in the workbook; nothing is written here.

    Raises InputErrors for everything wrong in the files, for accounts that the workbook does not have, and for a
    workbook without a table of holdings.
    """
    findings = Findings.of(book)
    region, regions, rows = _tables(book, findings)
    accounts, held = rows[ACCOUNTS.name], rows[HOLDINGS.name]
    symbols = symbols_of(row for table in _WITH_SYMBOLS for row in rows[table.name])
    whose = Whose(listed_accounts(accounts), [] if accounts else [row.text("Account") for row in held])
    statement = read_statement(files, whose, mappings, symbols)
    if whose.spellings.names:
        refuse_unknown(statement, whose)
    named = [_as_listed(row, whose) for row in held]
    cash = {row.text("Account"): given for row in accounts if (given := row.number_in("Cash")) is not None}
    merge = merge_holdings(region, named, statement.holdings, cash)
    prices = _prices(statement.holdings)
    if merge.cash:
        check_writable(ACCOUNTS, regions, book, findings)
        if findings.errors:
            raise InputErrors(findings.errors)
    edits = [TableEdit.of(region, (*merge.changes, *_other_prices(named, merge, prices)))]
    if accounts:
        edits.append(TableEdit.of(accounts[0].region, _cash_changes(accounts, merge)))
    moves = _price_moves(rows[SECURITIES.name], prices)
    if moves:
        securities = rows[SECURITIES.name]
        edits.append(TableEdit.of(securities[0].region, _price_changes(securities, prices, statement.seen)))
    trades = _new_trades(statement.trades, [_as_listed(row, whose) for row in rows[RECENT_TRADES.name]])
    recent = next(iter(regions.get(RECENT_TRADES.name, ())), None)
    if trades and recent is not None:
        edits.append(TableEdit.of(recent, _added(recent, trades, rows[RECENT_TRADES.name])))
    return Import(
        statement,
        tuple(edit for edit in edits if edit.changes),
        merge,
        tuple(moves),
        tuple(trades),
        bool(trades) and recent is None,
        statement.notices,
    )


def _tables(
    book: GridBook, findings: Findings
) -> tuple[Region, Mapping[str, Sequence[Region]], dict[str, tuple[Row, ...]]]:
    """The table of holdings, every table's regions, and the rows of those that an import knows.

    Read as the advisor's corrections say. Raises InputErrors also for holdings that nobody can write to.
    """
    regions = find_tables(corrected(with_joined_headers(book), findings), findings)
    rows = {
        table.name: read_rows(table, regions.get(table.name, ())[:1], findings, book.date1904)
        for table in (ACCOUNTS, *_WITH_SYMBOLS)
    }
    region = check_writable(HOLDINGS, regions, book, findings)
    if not regions.get(HOLDINGS.name):
        findings.error("no-holdings", Place(), "The workbook has no table of holdings to write to.",
                       "Begin with: rebal-xl new")  # fmt: skip
    if findings.errors or region is None:
        raise InputErrors(findings.errors)
    rows |= one_spelling({table.name: rows[table.name] for table in _WITH_SYMBOLS}, Findings())
    return region, regions, accounts_by_number(rows, Findings())


def _as_listed(row: Row, whose: Whose) -> Row:
    name = whose.spellings.find(row.text("Account"))
    return row if name is None else row._replace(values={**row.values, "Account": name})


def _cash_changes(accounts: Sequence[Row], merge: HoldingsMerge) -> Iterable[Change]:
    given = {one.account: one.in_files for one in merge.cash}
    for row in accounts:
        if row.text("Account") in given:
            yield from changed_cells(row, {"Cash": round(given[row.text("Account")], 2)})


def _prices(holdings: Sequence[Row]) -> dict[str, float]:
    """Symbol -> the price that the files give the most shares of."""
    shares: dict[str, dict[float, float]] = {}
    for row in holdings:
        price = row.number_in("Price")
        if price and not is_cash(row):
            held = shares.setdefault(row.text("Symbol"), {})
            held[price] = held.get(price, 0.0) + abs(amount(row))
    return {symbol: min(held, key=lambda price: (-held[price], price)) for symbol, held in shares.items()}


def _moved(before: float | None, now: float) -> bool:
    return before is None or abs(before - now) > _SAME_PRICE * now


def _price_moves(securities: Sequence[Row], prices: Mapping[str, float]) -> list[PriceMove]:
    return [
        PriceMove(symbol, row.number_in("Price"), prices[symbol])
        for row in securities
        if (symbol := row.text("Symbol")) in prices and _moved(row.number_in("Price"), prices[symbol])
    ]


def _price_changes(securities: Sequence[Row], prices: Mapping[str, float], seen: date | None) -> Iterable[Change]:
    for row in securities:
        price = prices.get(row.text("Symbol"))
        if price is None:
            continue
        if _moved(row.number_in("Price"), price):
            yield from changed_cells(row, {"Price": price})
        if seen is not None:
            yield from changed_cells(row, {"Price As Of": seen})


def _other_prices(held: Sequence[Row], merge: HoldingsMerge, prices: Mapping[str, float]) -> Iterable[Change]:
    """The same price for lots of accounts that the files do not name, where Holdings writes prices."""
    for row in held:
        price = prices.get(row.text("Symbol"))
        if price is not None and row.text("Account") not in merge.rows and "Price" in row.values:
            yield from changed_cells(row, {"Price": price})


def _new_trades(trades: Sequence[Row], known: Sequence[Row]) -> list[Row]:
    """Trades that the table does not have, each as often as the files give it more."""
    have: dict[tuple[object, ...], int] = {}
    for row in known:
        have[_trade(row)] = have.get(_trade(row), 0) + 1
    new = []
    for row in trades:
        key = _trade(row)
        if have.get(key, 0) > 0:
            have[key] -= 1
        else:
            new.append(row)
    return new


def _trade(row: Row) -> tuple[object, ...]:
    shares = plain_number(round(abs(row.number_in("Quantity") or 0.0), 4))
    return row.text("Account"), row.text("Symbol"), row.day("Date"), row.text("Side"), shares


def _added(region: Region, trades: Sequence[Row], known: Sequence[Row]) -> Iterable[Change]:
    """Trades on the blank rows of their table, then below it."""
    places = free_rows(region, {row.number for row in known}, len(trades))
    for place, row in zip(places, trades, strict=True):
        values = {name: value for name, value in row.values.items() if isinstance(value, str | float | bool | date)}
        if isinstance(quantity := values.get("Quantity"), float):
            values["Quantity"] = abs(quantity)
        yield from cell_changes(region, place, values)
