"""What executed fills change in the tables of a household's workbook: Holdings, cash, RecentTrades, Fills, As Of.

A sale takes its shares from the lots of the plan; a purchase is a lot of its own, at its price with its fees (IRC 1012,
Reg. 1.263(a)-4(e)). Everything else that stands in a row stays, and no cell with a formula is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rebal_xl.household import CASH_SYMBOL, Lot, Problem, Side
from rebal_xl.intake.custodians.reconcile import is_pending
from rebal_xl.intake.door import Placed
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import letters
from rebal_xl.intake.rows import Row
from rebal_xl.intake.table_edits import Change, TableEdit, cell_changes, free_rows
from rebal_xl.intake.values import squeeze
from rebal_xl.orders.fills_match import Piece, unit_of
from rebal_xl.orders.fills_typed import typed_trades_done
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.schema import Table
from rebal_xl.sheets.tables import ACCOUNTS, FILLS, HOLDINGS, RECENT_TRADES, SETTINGS
from rebal_xl.tax.basis import gain_of

_SHARES = 1e-6
# What is said once for a whole position, and must not go with the lot whose row says it.
_OF_POSITION = ("Min Hold", "Max Hold", "Reinvest")
# What a lot of a security says where the workbook has no Securities.
_OF_SECURITY = ("Asset Class", "Price", "Reinvest")
# What shrinks with the shares of a lot.
_OF_SHARES = ("Cost Basis", "Market Value", "Gift Value")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SoldFrom:
    """Shares that a fill took from a lot, dollars."""

    piece: Piece
    lot: Lot
    proceeds_usd: float
    # None where the basis is not known, or gains are not taxed
    gain_usd: float | None
    # shares left in the lot
    left: float


@dataclass(slots=True)
class NewLot:
    """Shares bought in one account on one day at one price."""

    account: str
    symbol: str
    acquired: date
    price_usd: float
    quantity: float = 0.0
    # price and fees
    basis_usd: float = 0.0
    lot_id: str = ""


@dataclass(slots=True)
class BookChange:
    """What the fills change, table by table."""

    sold: list[SoldFrom] = field(default_factory=list)
    bought: list[NewLot] = field(default_factory=list)
    # account -> dollars, before and after
    cash: dict[str, tuple[float, float]] = field(default_factory=dict)
    edits: list[TableEdit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def cash_of(piece: Piece) -> float:
    """Dollars that a piece brings (negative: takes) before fees."""
    usd = piece.quantity * piece.fill.price_usd * unit_of(piece.order)
    return usd if piece.fill.side is Side.SELL else -usd


def change_book(placed: Placed, pieces: Sequence[Piece], file: str, *, fills_only: bool) -> BookChange:
    """What these pieces of fills change; `file` is the fills' file. Problems are in the answer, all of them."""
    change = BookChange()
    if not fills_only:
        holdings = _Holdings(placed, file, change)
        holdings.sell([piece for piece in pieces if piece.fill.side is Side.SELL])
        holdings.buy([piece for piece in pieces if piece.fill.side is Side.BUY])
        holdings.move_cash(pieces)
        change.edits += holdings.edits()
        change.edits += _added(placed, RECENT_TRADES, _recent(change))
        change.edits += typed_trades_done(placed, pieces)
    change.edits += _added(placed, FILLS, [_fill_row(piece) for piece in pieces])
    change.edits += _as_of(placed, max(piece.fill.filled for piece in pieces))
    return change


class _Holdings:
    """The tables of lots and cash while fills go in."""

    def __init__(self, placed: Placed, file: str, change: BookChange) -> None:
        self.placed, self.file, self.change = placed, file, change
        self.lots: dict[Key, tuple[Lot, Row]] = {(one.account, one.symbol, one.lot_id): (one, row)
                                                 for one, row in placed.lots}  # fmt: skip
        self.left = {key: lot.quantity for key, (lot, _) in self.lots.items()}
        # cells by region (its sheet and header row) and row, as our columns
        self.cells: dict[tuple[str, int], dict[int, dict[str, Value]]] = defaultdict(lambda: defaultdict(dict))
        self.regions: dict[tuple[str, int], Region] = {}
        self.free: list[int] = []
        self.new_cash: list[dict[str, Value]] = []

    def write(self, region: Region, row: int, values: Mapping[str, Value]) -> None:
        """Note cells of a row; one that must change and holds a formula is a problem."""
        key = region.grid.name, region.header_row
        self.regions[key] = region
        for name, value in values.items():
            column = region.columns.get(name)
            cell = None if column is None else region.grid.cells.get((row, column))
            if column is not None and cell is not None and cell.formula:
                if name in ("Quantity", "Cash"):
                    self.change.problems.append(
                        Problem(
                            f"{name} holds a formula, and the fills change it.",
                            "Write its value there and try again.", region.grid.name, f"{letters(column)}{row}",
                            code="formula-in-the-way",
                        )
                    )  # fmt: skip
                continue
            self.cells[key][row][name] = value

    def sell(self, pieces: Iterable[Piece]) -> None:
        """Take the shares out of their lots."""
        touched: dict[Key, None] = {}
        for piece in pieces:
            key = piece.fill.account, piece.fill.symbol, piece.order.lot_id
            held = self.lots.get(key)
            left = self.left.get(key, 0.0)
            if held is None or piece.quantity > left + _SHARES:
                self._too_few(piece, left)
                continue
            lot = held[0]
            self.left[key] = left = max(0.0, left - piece.quantity)
            proceeds = cash_of(piece) - piece.fees_usd
            taxed = lot.basis_usd is not None and self.placed.household.account(lot.account).taxable
            gain = gain_of(lot, piece.quantity, proceeds, piece.fill.filled)[0] if taxed else None
            self.change.sold.append(SoldFrom(piece, lot, proceeds, gain, left))
            touched[key] = None
        self._keep_names(touched)
        for key in touched:
            self._shrink(key)

    def _too_few(self, piece: Piece, left: float) -> None:
        self.change.problems.append(
            Problem(
                f"{piece.quantity:,.6g} shares of {piece.fill.symbol} were sold from the lot {piece.order.lot_id} in "
                f"{piece.fill.account}, and Holdings has {left:,.6g} of it.",
                "Bring Holdings back to what was held on the plan's day; or, where it has these fills already, add "
                "--fills-only.",
                self.file, f"line {piece.fill.line}", code="lot-too-small",
            )
        )  # fmt: skip

    def _shrink(self, key: Key) -> None:
        lot, row = self.lots[key]
        left = self.left[key]
        if left > _SHARES:
            share = left / lot.quantity
            values: dict[str, Value] = {"Quantity": round(left, 6)}
            for name in _OF_SHARES:
                held = row.number_in(name)
                if held is not None:
                    values[name] = round(held * share, 2)
            self.write(row.region, row.number, values)
            return
        self._hand_on(key)
        ours = {name: row.cell(name) for name in row.region.columns}
        if any(cell is not None and cell.formula for cell in ours.values()):
            # the formulas stay, and would make half a row of it
            gone: dict[str, Value] = {"Quantity": 0.0}
            gone |= {name: 0.0 for name in _OF_SHARES if name in row.values}
            self.write(row.region, row.number, gone)
            return
        self.write(row.region, row.number, {name: None for name, cell in ours.items() if cell is not None})
        taken = {column for number, column in row.region.grid.cells if number == row.number}
        if taken <= set(row.region.columns.values()) and row.region is self._region(HOLDINGS):
            self.free.append(row.number)

    def _hand_on(self, key: Key) -> None:
        """What the row of a lot that is gone said of its whole position goes to another row of it."""
        row = self.lots[key][1]
        others = [held for other, (_, held) in self.lots.items()
                  if other[:2] == key[:2] and self.left[other] > _SHARES]  # fmt: skip
        for name in _OF_POSITION:
            value = row.values.get(name)
            if others and isinstance(value, bool | float) and not any(name in other.values for other in others):
                self.write(others[0].region, others[0].number, {name: value})

    def _keep_names(self, touched: Mapping[Key, None]) -> None:
        """Lots of one day are numbered; where one goes, those that stay keep their names, so that plans find them."""
        for key in touched:
            lot = self.lots[key][0]
            if self.left[key] > _SHARES:
                continue
            for other, (held, row) in self.lots.items():
                same = other[:2] == key[:2] and held.acquired == lot.acquired and self.left[other] > _SHARES
                if same and not row.text("Lot ID"):
                    self.write(row.region, row.number, {"Lot ID": other[2]})

    def buy(self, pieces: Iterable[Piece]) -> None:
        """A lot for each day and price."""
        lots: dict[tuple[object, ...], NewLot] = {}
        for piece in pieces:
            fill = piece.fill
            key = (fill.account, fill.symbol, fill.filled, fill.price_usd, fill.lot_id)
            lot = lots.setdefault(
                key, NewLot(fill.account, fill.symbol, fill.filled, fill.price_usd, lot_id=fill.lot_id)
            )
            lot.quantity = round(lot.quantity + piece.quantity, 6)
            lot.basis_usd = round(lot.basis_usd + piece.fees_usd - cash_of(piece), 2)
        self.change.bought = list(lots.values())

    def _lot_row(self, lot: NewLot) -> dict[str, Value]:
        region = self._region(HOLDINGS)
        alike = [row for key, (_, row) in self.lots.items() if key[1] == lot.symbol]
        same = [row for row in alike if row.text("Account") == lot.account]
        values: dict[str, Value] = {
            "Account": lot.account, "Symbol": lot.symbol, "Quantity": lot.quantity, "Acquired": lot.acquired,
        }  # fmt: skip
        if "Cost Basis" in region.columns:
            values["Cost Basis"] = lot.basis_usd
        else:
            unit = self.placed.household.security(lot.symbol).price_divisor
            values["Cost/Share"] = round(lot.basis_usd / lot.quantity * unit, 6)
        if lot.lot_id:
            values["Lot ID"] = lot.lot_id
        for name in _OF_SECURITY:
            told = next((row.values[name] for row in (same or alike) if name in row.values), None)
            if isinstance(told, str | float) or (isinstance(told, bool) and same):
                values[name] = told
        return values

    def move_cash(self, pieces: Iterable[Piece]) -> None:
        """What each account's fills bring and take, fill by fill in whole cents."""
        fills: dict[tuple[str, int], float] = defaultdict(float)
        fees: dict[tuple[str, int], float] = defaultdict(float)
        for piece in pieces:
            fills[piece.fill.account, piece.fill.line] += cash_of(piece)
            fees[piece.fill.account, piece.fill.line] += piece.fees_usd
        moved: dict[str, float] = defaultdict(float)
        for (account, line), usd in fills.items():
            moved[account] += round(usd, 2) - round(fees[account, line], 2)
        for account, usd in sorted(moved.items()):
            before = self.placed.household.account(account).cash_usd
            self.change.cash[account] = before, round(before + usd, 2)
            self._write_cash(account, usd)

    def _write_cash(self, account: str, usd: float) -> None:
        named = self.placed.sheets
        mine = [
            (row, held)
            for row, held in self.placed.cash
            if squeeze(row.text("Account")) == squeeze(account) and not is_pending(row)
        ]
        listed = [row for row in named.of(ACCOUNTS) if row.text("Account") == account]
        if mine and not (listed and listed[0].number_in("Cash")):
            row, held = mine[0]
            columns = [name for name in ("Quantity", "Market Value") if name in row.values] or ["Quantity"]
            self.write(row.region, row.number, dict.fromkeys(columns, round(held + usd, 2)))
        elif listed and "Cash" in listed[0].region.columns:
            before = listed[0].number_in("Cash") or 0.0
            self.write(listed[0].region, listed[0].number, {"Cash": round(before + usd, 2)})
        else:
            self.new_cash.append({"Account": account, "Symbol": CASH_SYMBOL, "Quantity": round(usd, 2)})

    def edits(self) -> list[TableEdit]:
        """Every cell of Holdings and Accounts; new lots stand where lots went, then on blank rows, then below."""
        added = [*map(self._lot_row, self.change.bought), *self.new_cash]
        if added:
            region = self._region(HOLDINGS)
            used = {row.number for row in self.placed.sheets.of(HOLDINGS) if row.region is region}
            more = free_rows(region, used, max(0, len(added) - len(self.free)))
            for row, values in zip([*sorted(self.free), *more], added, strict=False):
                self.write(region, row, values)
        return [
            TableEdit.of(
                self.regions[key],
                [one for row, values in sorted(rows.items()) for one in cell_changes(self.regions[key], row, values)],
            )
            for key, rows in self.cells.items()
        ]

    def _region(self, table: Table) -> Region:
        return self.placed.sheets.regions[table.name][0]


def _recent(change: BookChange) -> list[dict[str, Value]]:
    """Rows of the wash-sale ledger: a row for each lot sold and for each lot bought."""
    rows: list[dict[str, Value]] = []
    for sold in change.sold:
        fill = sold.piece.fill
        row: dict[str, Value] = {
            "Account": fill.account, "Symbol": fill.symbol, "Date": fill.filled, "Side": Side.SELL.value,
            "Quantity": round(sold.piece.quantity, 6), "Price": fill.price_usd,
        }  # fmt: skip
        if sold.gain_usd is not None:
            row["Gain"] = round(sold.gain_usd, 2) + 0.0
        if sold.lot.acquired is not None:
            row["Acquired"] = sold.lot.acquired
        rows.append(row)
    for lot in change.bought:
        rows.append({
            "Account": lot.account, "Symbol": lot.symbol, "Date": lot.acquired, "Side": Side.BUY.value,
            "Quantity": lot.quantity, "Price": lot.price_usd,
        })  # fmt: skip
    return rows


def _fill_row(piece: Piece) -> dict[str, Value]:
    fill = piece.fill
    row: dict[str, Value] = {
        "Account": fill.account, "Symbol": fill.symbol, "Side": fill.side.value, "Date": fill.filled,
        "Quantity": round(piece.quantity, 6), "Price": fill.price_usd, "Plan Fingerprint": piece.order.fingerprint,
    }  # fmt: skip
    if fill.side is Side.SELL:
        row["Lot ID"] = piece.order.lot_id
    return row


def _added(placed: Placed, table: Table, rows: Sequence[Mapping[str, Value]]) -> list[TableEdit]:
    """New rows of a table; none where the workbook does not have it."""
    regions = placed.sheets.regions.get(table.name, ())
    if not regions or not rows:
        return []
    region = regions[0]
    places = free_rows(region, {row.number for row in placed.sheets.of(table)}, len(rows))
    changes = [one for place, row in zip(places, rows, strict=True) for one in cell_changes(region, place, row)]
    return [TableEdit.of(region, changes)]


def _as_of(placed: Placed, last: date) -> list[TableEdit]:
    """A workbook whose As Of is before its own lots could not be read: it becomes the day of the last fill."""
    given = placed.sheets.settings.get("As Of")
    regions = placed.sheets.regions.get(SETTINGS.name, ())
    if given is None or given >= last or not regions:
        return []
    place = placed.sheets.settings.place("As Of")
    region = next(one for one in regions if one.grid.name == place.sheet)
    return [TableEdit.of(region, [Change(place.row, place.column, last, date=True)])]
