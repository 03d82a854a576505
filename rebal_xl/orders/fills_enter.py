"""A file of executed fills entered into a copy of the workbook that holds the plan, or every reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rebal_xl.files.cellwrite import edited
from rebal_xl.files.ours import logged_runs, our_grid
from rebal_xl.files.package import Package, PackageLimits, read_bytes
from rebal_xl.files.reader import book_of
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import Saved, default_output, save_workbook
from rebal_xl.household import InputErrors, Problem, RunEntry, Severity, Side
from rebal_xl.intake.door import Placed, read_placed
from rebal_xl.intake.rows import Row
from rebal_xl.intake.settings import today_in_new_york
from rebal_xl.intake.values import listed
from rebal_xl.orders.fills_book import BookChange, change_book
from rebal_xl.orders.fills_match import Matched, OrderFilled, match_fills
from rebal_xl.orders.fills_read import FileFill, read_fills_file
from rebal_xl.orders.ready import TEXT_FILES
from rebal_xl.sheets import results_log
from rebal_xl.sheets.grid import Grid, GridBook
from rebal_xl.sheets.tables import ACCOUNTS, FILLS, HOLDINGS, MY_TRADES, RECENT_TRADES
from rebal_xl.words import count, dollars

_SHARES, _CENT = 1e-6, 0.005
# Shares that six decimals of many lots may lose.
_MORE_SHARES = 1e-4
# A fill's price over the plan's that no market explains within days.
_MOST_TIMES = 2.0


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order of a plan with fills, of which nothing was filled."""

    account: str
    symbol: str
    side: Side
    # shares
    quantity: float
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FillsEntered:
    """What a file of fills comes to."""

    workbook: Path
    file: Path
    matched: Matched
    open_orders: tuple[OpenOrder, ...]
    change: BookChange
    # only the table Fills changes
    fills_only: bool
    # the workbook has the table RecentTrades
    has_recent: bool
    # what to look at
    notices: tuple[Problem, ...]
    # the copy; None where nothing was to be written
    saved: Saved | None = None

    @property
    def slippage_usd(self) -> float:
        """Dollars that all fills together were worse than the plan; negative is better. Fees are apart."""
        return sum(order.slippage_usd for order in self.matched.orders)


def enter_fills(
    workbook: Path,
    file: Path,
    out: Path | None = None,
    *,
    write: bool = True,
    fills_only: bool = False,
    today: date | None = None,
) -> FillsEntered:
    """Match the fills with the orders of the Run Log and write a copy, `out` or '<name> filled.xlsx' beside it.

    `fills_only` writes the table Fills alone: for a workbook whose holdings a custodian's files brought up to date.
    Raises InputErrors with every problem of the file and of what it meets in the workbook, FileRefused for files that
    cannot be read or written; then nothing is written.
    """
    _refuse_target(workbook, out)
    package = Package.from_bytes(read_bytes(workbook, PackageLimits()), workbook.name)
    book = book_of(package, workbook)
    grid = our_grid(workbook, book, results_log.KIND)
    runs = logged_runs(grid) if grid is not None else ()
    if not runs:
        raise FileRefused(f"There is no plan in '{workbook.name}'. Name the workbook whose orders were exported.")
    placed = read_placed(book)
    _refuse_tables(workbook, book, placed)
    fills = read_fills_file(file, placed.household)
    matched = match_fills(placed.household, runs, fills)
    problems = list(_not_yet(matched, file, today or today_in_new_york()))
    problems += _unlikely_prices(matched, file)
    problems += [] if fills_only else _known_trades(placed, matched, file)
    change = BookChange()
    if matched.pieces:
        change = change_book(placed, matched.pieces, file.name, fills_only=fills_only)
        problems += change.problems
    if problems:
        raise InputErrors(list(dict.fromkeys(problems)))
    entered = FillsEntered(
        workbook, file, matched, tuple(_open_orders(runs, matched)), change, fills_only,
        RECENT_TRADES.name in placed.sheets.regions, (),
    )  # fmt: skip
    entered = replace(entered, notices=tuple(_notices(entered, placed)))
    if not matched.pieces:
        return entered
    made = edited(package, workbook, [edit for edit in change.edits if edit.changes])
    _proven(made, placed, change, workbook)
    if not write:
        return entered
    return replace(entered, saved=save_workbook(made.to_bytes(), out or default_output(workbook, "filled"),
                                                like=workbook))  # fmt: skip


def _refuse_target(workbook: Path, out: Path | None) -> None:
    if workbook.suffix.lower() in TEXT_FILES:
        raise FileRefused(f"'{workbook.name}' is a text file and holds no plan. Name the workbook, then the fills.")
    if out is not None and out.exists():
        same = workbook.exists() and out.resolve() == workbook.resolve()
        why = "is the workbook itself, which is never changed" if same else "is there already and is left as it is"
        raise FileRefused(f"'{out}' {why}. Choose another name with --out.")


def _refuse_tables(workbook: Path, book: GridBook, placed: Placed) -> None:
    """Fills go into cells that stand on a sheet as they were read."""
    if FILLS.name not in placed.sheets.regions:
        raise FileRefused(
            f"'{workbook.name}' has no table Fills, which remembers what was entered. Give it a sheet named Fills with "
            f"the headers {listed([column.name for column in FILLS.columns], 'and')}, and try again."
        )
    grids = {grid.name: grid for grid in book.grids}
    for table in (HOLDINGS, ACCOUNTS, FILLS, RECENT_TRADES, MY_TRADES):
        for region in placed.sheets.regions.get(table.name, ()):
            grid = grids.get(region.grid.name)
            rows = [row for row in placed.sheets.of(table) if row.region is region]
            if grid is None or region.grid.origin or not all(_stands(row, grid) for row in rows):
                raise FileRefused(
                    f"{table.name} on '{region.grid.name}' was read otherwise than its cells stand (a matrix, or "
                    "corrections on Understood), so nothing can be written there. Give it a row for each entry."
                )


def _stands(row: Row, grid: Grid) -> bool:
    """Whether a row was read from these very cells."""
    return all(grid.cells.get((row.number, column)) == row.cell(name) for name, column in row.region.columns.items())


def _problem(file: Path, fill: FileFill, code: str, message: str, advice: str = "") -> Problem:
    return Problem(message, advice, file.name, f"line {fill.line}", code=code)


def _not_yet(matched: Matched, file: Path, today: date) -> Iterator[Problem]:
    fills = {piece.fill.line: piece.fill for piece in matched.pieces} | {fill.line: fill for fill, _ in
                                                                         matched.unmatched}  # fmt: skip
    for _, fill in sorted(fills.items()):
        if fill.filled > today:
            yield _problem(file, fill, "filled-ahead", f"This fill is of {fill.filled:%m/%d/%Y}, which is to come.",
                           "Correct its date.")  # fmt: skip


def _unlikely_prices(matched: Matched, file: Path) -> Iterator[Problem]:
    """A price beyond twice or half of the plan's is a decimal point that slipped, or dollars of the whole fill."""
    for piece in {piece.fill.line: piece for piece in matched.pieces}.values():
        times = piece.fill.price_usd / piece.order.price_usd if piece.order.price_usd else 1.0
        if not 1.0 / _MOST_TIMES < times < _MOST_TIMES:
            yield _problem(
                file, piece.fill, "price-unlikely",
                f"{piece.fill.symbol} was filled at {piece.fill.price_usd:,.6g}, and the plan's price is "
                f"{piece.order.price_usd:,.6g}.",
                "Correct it: the price of one share, of a bond as Securities quotes it. Where it is right, bring the "
                "price in Securities up to date and rebalance, or enter this fill by hand.",
            )  # fmt: skip


def _known_trades(placed: Placed, matched: Matched, file: Path) -> Iterator[Problem]:
    """A trade that RecentTrades has from elsewhere is in Holdings too, as a rule: it would count twice."""
    seen: dict[tuple[object, ...], float] = {}
    for trade in placed.household.recent_trades:
        key = trade.account, trade.symbol, trade.side, trade.traded
        seen[key] = seen.get(key, 0.0) + trade.quantity
    for held in placed.household.fills:
        key = held.account, held.symbol, held.side, held.filled
        seen[key] = seen.get(key, 0.0) - held.quantity
    for fill in {piece.fill.line: piece.fill for piece in matched.pieces}.values():
        key = (*fill.key, fill.filled)
        if seen.get(key, 0.0) >= fill.quantity - _SHARES:
            seen[key] -= fill.quantity
            yield _problem(
                file, fill, "trade-known", f"RecentTrades has this trade already: {fill.side.value} "
                f"{fill.quantity:,.6g} {fill.symbol} in {fill.account} on {fill.filled:%m/%d/%Y}.",
                "Where Holdings has it too (from a custodian's files), add --fills-only; else delete that row of "
                "RecentTrades.",
            )  # fmt: skip


def _open_orders(runs: Sequence[RunEntry], matched: Matched) -> Iterator[OpenOrder]:
    """Orders of the plans concerned that no fill, of this file or before, carries out."""
    concerned = {order.fingerprint for order in matched.orders}
    touched = {(order.fingerprint, order.lots[0].key) for order in matched.orders} | matched.before
    for run in runs:
        if run.fingerprint not in concerned:
            continue
        concerned.discard(run.fingerprint)
        shares: dict[tuple[str, str, Side], float] = {}
        for order in run.orders:
            shares[order.key] = shares.get(order.key, 0.0) + order.quantity
        for (account, symbol, side), quantity in shares.items():
            if (run.fingerprint, (account, symbol, side)) not in touched:
                yield OpenOrder(account, symbol, side, quantity, run.fingerprint)


def is_partly(order: OrderFilled) -> bool:
    """Whether something of the order is still to be filled."""
    return sum(order.left()) > _SHARES


def _notices(entered: FillsEntered, placed: Placed) -> Iterator[Problem]:
    def notice(code: str, message: str, advice: str = "", fill: FileFill | None = None) -> Problem:
        cell = f"line {fill.line}" if fill else ""
        return Problem(message, advice, entered.file.name, cell, Severity.NOTICE, code)

    for fill, why in entered.matched.unmatched:
        yield notice(
            "fill-unmatched", f"{fill.side.value} {fill.quantity:,.6g} {fill.symbol} in {fill.account}: {why}. It is "
            "not entered.", fill=fill,
        )  # fmt: skip
    for fill in entered.matched.known:
        yield notice("fill-known", "The workbook has this fill already. It is not entered again.", fill=fill)
    if not entered.matched.pieces or entered.fills_only:
        return
    if not entered.has_recent:
        yield notice("no-recent-trades", "The workbook has no table RecentTrades: the wash-sale check does not see "
                     "these trades.", "Add a sheet named Recent Trades with the headers Account, Symbol, Date, Side "
                     "and Quantity.")  # fmt: skip
    last = max(piece.fill.filled for piece in entered.matched.pieces)
    given = placed.sheets.settings.get("As Of")
    if given is not None and given < last:
        yield notice("as-of-moved", f"The setting As Of becomes {last:%m/%d/%Y}, the day of the last fill; prices are "
                     "still those of before.")  # fmt: skip
    for account, (_, after) in entered.change.cash.items():
        if after < -_CENT:
            yield notice("cash-negative", f"The cash of {account} becomes {dollars(after)}: fills of its sales are "
                         "missing, or a contribution.")  # fmt: skip
    if any(edit.name == MY_TRADES.name and edit.changes for edit in entered.change.edits):
        yield notice(
            "my-trades-done", "What was filled of My Trades is taken off there, so that it is not planned again."
        )
    gains = [sold.gain_usd for sold in entered.change.sold if sold.gain_usd is not None]
    if gains:
        yield notice("gains-realised", f"Gains and losses of {count(len(gains), 'lot')}, {dollars(sum(gains))} "
                     "together, are on Recent Trades. Short and Long Realized of TaxProfile are left as they are.",
                     "Add them there unless your custodian's figures are to come.")  # fmt: skip
    washed = sum(one.order.disallowed_usd * one.quantity / one.order.quantity for one in entered.matched.pieces)
    if washed > _CENT:
        yield notice(
            "loss-washed", f"The plan expected {dollars(washed)} of these losses to be disallowed. The basis of the "
            "replacement shares is not raised here.", "Take it from your custodian's lots.",
        )  # fmt: skip


def _proven(made: Package, placed: Placed, change: BookChange, workbook: Path) -> None:
    """Read the copy as it would be read: what cannot be read, or has other shares or cash, is never written."""
    try:
        after = read_placed(book_of(made, workbook)).household
    except InputErrors as found:
        raise InputErrors([replace(one, message=f"With the fills entered: {one.message}") for one in found.problems]) \
            from found  # fmt: skip
    for (account, symbol), (shares, basis) in _wanted(placed, change).items():
        lots = after.held(account, symbol)
        held = sum(lot.quantity for lot in lots)
        if abs(held - shares) > _MORE_SHARES:
            raise FileRefused(
                f"{symbol} in {account} would be {held:,.6g} shares and not {shares:,.6g}. Look at its rows in "
                "Holdings. Nothing was written."
            )
        cost = sum(lot.basis_usd or 0.0 for lot in lots)
        if abs(cost - basis) > 0.01 * (1 + len(lots)):
            raise FileRefused(
                f"{symbol} in {account} would have a basis of {dollars(cost)} and not {dollars(basis)}: look for "
                "formulas under Cost Basis in Holdings. Nothing was written."
            )
    for account, (_, usd) in change.cash.items():
        if abs(after.account(account).cash_usd - usd) > _CENT:
            raise FileRefused(f"The cash of {account} would be {dollars(after.account(account).cash_usd)} and not "
                              f"{dollars(usd)}. Nothing was written.")  # fmt: skip


def _wanted(placed: Placed, change: BookChange) -> dict[tuple[str, str], tuple[float, float]]:
    """Account and symbol -> shares and basis that the copy must have."""
    wanted: dict[tuple[str, str], tuple[float, float]] = {}

    def add(account: str, symbol: str, shares: float, usd: float) -> None:
        before = wanted.get((account, symbol), (0.0, 0.0))
        wanted[account, symbol] = before[0] + shares, before[1] + usd

    for lot in placed.household.lots:
        add(lot.account, lot.symbol, lot.quantity, lot.basis_usd or 0.0)
    for sold in change.sold:
        part = sold.piece.quantity / sold.lot.quantity
        add(sold.lot.account, sold.lot.symbol, -sold.piece.quantity, -part * (sold.lot.basis_usd or 0.0))
    for new in change.bought:
        add(new.account, new.symbol, new.quantity, new.basis_usd)
    return wanted
