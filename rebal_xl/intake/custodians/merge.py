"""
What files change in a table of holdings, cell by cell.

Rows of accounts that the files do not name stay as they are. A lot that is in the table and in a file keeps its row,
with everything else written in it; cells with formulas are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rebal_xl.intake.custodians.reconcile import Position, add_up, amount, has_lots, is_cash, is_pending
from rebal_xl.intake.find import Region
from rebal_xl.intake.rows import Row
from rebal_xl.intake.table_edits import Change, cell_changes, free_rows, range_of
from rebal_xl.intake.values import CORE_MARK, clean
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.grid import Cell, cells_by_row

# Part of a value by which prices rounded to cents may be off.
_ABOUT = 0.01
# Dollars that are no difference.
CENT = 0.005


@dataclass(frozen=True, slots=True)
class CashDiffers:
    """An account whose cash is another one in the files than in Accounts, in dollars."""

    account: str
    in_files: float
    in_accounts: float


@dataclass(slots=True)
class HoldingsMerge:
    """What the files would change in the table of holdings."""

    changes: list[Change] = field(default_factory=list)
    # account -> (rows in the table, rows in the files)
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    # columns of the files that the table does not have
    dropped: list[str] = field(default_factory=list)
    # positions of the files, without dates, that take the place of lots
    lost: list[Position] = field(default_factory=list)
    cash: list[CashDiffers] = field(default_factory=list)
    # lots that are in the files and not in the table, and the reverse; rows of cash are among them
    new: list[Row] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    # lots in both, with the columns that differ: (row of the table, row of the file, columns)
    changed: list[tuple[Row, Row, tuple[str, ...]]] = field(default_factory=list)


def merge_holdings(
    region: Region, held: Sequence[Row], files: Sequence[Row], cash: Mapping[str, float]
) -> HoldingsMerge:
    """Hold the rows of the table against those of the files; accounts go by one name in both.

    `cash` is the dollars of the accounts whose cash Accounts gives: it stays there, and is written in no other place.
    """
    columns = dict.fromkeys(name for row in files for name in row.region.columns)
    classes = {row.text("Symbol"): row.text("Asset Class") for row in reversed(held) if row.text("Asset Class")}
    there = {*region.columns, *({"Cost Basis"} if "Cost/Share" in region.columns else ())}
    dropped = [name for name in columns if name not in there]
    merging = _Merging(HoldingsMerge(dropped=dropped), region, classes)
    old, new = _by_account(held), _by_account(files)
    for account, rows in new.items():
        merging.account(account, old.get(account, []), rows, cash.get(account))
    merging.place({row.number for row in held})
    return merging.merge


def _by_account(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.text("Account"), []).append(row)
    return found


def row_values(row: Row, account: str) -> dict[str, Value]:
    """A row as cells hold it, by our column names; what the custodian says it does not know stays in his words."""
    values: dict[str, Value] = {}
    for name, value in row.values.items():
        raw = row.cell(name)
        written = clean(raw.value) if raw is not None and isinstance(raw.value, str) else ""
        if name == "Account":
            values[name] = account
        elif name == "Symbol" and written.endswith(CORE_MARK):
            # The mark says that it is the account's cash.
            values[name] = written
        elif isinstance(value, str | float | bool) or hasattr(value, "year"):
            values[name] = value  # type: ignore[assignment]
        else:
            values[name] = written
    if is_cash(row):
        # Cash that comes as a value only counts all the same where the table has no such column.
        values["Quantity"] = amount(row)
    return values


class _Merging:
    """Accounts of the files on their way into the table."""

    def __init__(self, merge: HoldingsMerge, region: Region, classes: Mapping[str, str]) -> None:
        self.merge = merge
        self.region = region
        # symbol -> its class, where the table says it; it must not go with the lot whose row said it
        self.classes = classes
        # rows of the table that no lot needs any more, and lots that have no row yet
        self.free: list[int] = []
        self.added: list[dict[str, Value]] = []

    def account(self, name: str, old: Sequence[Row], new: Sequence[Row], cash: float | None) -> None:
        """Lots that are in both keep their rows; what is left of either is collected.

        `cash` is what Accounts gives, in dollars: it stays there, and is written in no other place.
        """
        if cash is not None:
            in_files = [amount(row) for row in new if is_cash(row) and not is_pending(row)]
            new = [row for row in new if not is_cash(row)]
            if in_files and abs(sum(in_files) - cash) >= CENT:
                self.merge.cash.append(CashDiffers(name, sum(in_files), cash))
        if not any(is_cash(row) for row in new):
            # Files of lots never tell the cash.
            old = [row for row in old if not is_cash(row)]
        self.merge.rows[name] = (len(old), len(new))
        known, lost = _lots_without_news(old, new)
        self.merge.lost += [(name, symbol) for symbol in lost]
        old = [row for row in old if row.text("Symbol") not in known or is_cash(row)]
        new = [row for row in new if row.text("Symbol") not in known or is_cash(row)]
        pairs = _pairs(old, new)
        for row in new:
            values = row_values(row, name)
            kept = pairs.get(row.region.grid.name, {}).get(row.number)
            if "Cost/Share" in self.region.columns and "Cost Basis" in values and "Cost/Share" not in values:
                each = _cost_of_a_share(row)
                said = kept is None or "Cost/Share" in row_values(kept, name)
                if each is not None and (said or "Cost Basis" not in self.region.columns):
                    values["Cost/Share"] = each
            if kept is None:
                if row.text("Symbol") in self.classes:
                    values.setdefault("Asset Class", self.classes[row.text("Symbol")])
                self.added.append(values)
                self.merge.new.append(row)
                continue
            now = row_values(kept, name)
            differ = {column: value for column, value in values.items() if now.get(column) != value}
            written = self._change(kept.number, differ)
            if written:
                self.merge.changed.append((kept, row, written))
        used = {kept.number for held in pairs.values() for kept in held.values()}
        left = [row for row in old if row.number not in used]
        self.merge.gone += left
        self.free += [row.number for row in left]

    def place(self, used: set[int]) -> None:
        """Put new lots where lots went away, then on blank rows of the table, then below it."""
        # What the advisor wrote beside a lot is about that lot and no other.
        filled = cells_by_row(self.region.grid.cells)
        noted = {row for row in self.free if self._has_notes(filled.get(row, {}))}
        free = sorted(set(self.free) - noted)
        more = free_rows(self.region, used, max(0, len(self.added) - len(free)))
        places = [*free, *more][: len(self.added)]
        reused = set(places)
        for row, values in zip(places, self.added, strict=True):
            empty: dict[str, Value] = dict.fromkeys(self._filled(row)) if row in free else {}
            self._change(row, {**empty, **values})
        for row in sorted((*free, *noted)):
            if row not in reused:
                self._change(row, dict.fromkeys(self._filled(row)))

    def _has_notes(self, cells: Mapping[int, Cell]) -> bool:
        """Whether a row holds something typed in a column of the advisor's own."""
        table, ours = range_of(self.region), set(self.region.columns.values())
        columns = range(table.first_col, table.last_col + 1)
        return any(column in columns and column not in ours and not cell.formula for column, cell in cells.items())

    def _change(self, row: int, values: Mapping[str, Value]) -> tuple[str, ...]:
        """Note the cells to write; the columns that the table has and that hold no formula there."""
        changes = list(cell_changes(self.region, row, values))
        self.merge.changes += changes
        written = {change.column for change in changes}
        return tuple(name for name in values if self.region.columns.get(name) in written)

    def _filled(self, row: int) -> Iterable[str]:
        return [name for name, column in self.region.columns.items() if (row, column) in self.region.grid.cells]


def _cost_of_a_share(row: Row) -> float | None:
    """What a file's basis is for each share, so that an older cost of a share does not contradict it.

    Quoted as the price is: of a bond per 100 of face.
    """
    basis, price, shares = row.number_in("Cost Basis"), row.number_in("Price"), amount(row)
    if basis is None or shares == 0.0:
        return None
    value = row.number_in("Market Value") or 0.0
    per_100 = price is not None and value > 0.0 and abs(price * shares / value / 100.0 - 1.0) < _ABOUT
    return round(basis / shares * (100.0 if per_100 else 1.0), 6)


def _lots_without_news(old: Sequence[Row], new: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Symbols with lots in the table of which the files give the position alone, in order of symbol.

    First those whose lots make the position, so that they stay; then those whose lots it takes the place of.
    """
    lots = {row.text("Symbol") for row in new if has_lots(row)}
    known: list[str] = []
    lost: list[str] = []
    for symbol in sorted({row.text("Symbol") for row in new if not is_cash(row)} - lots):
        held = [row for row in old if row.text("Symbol") == symbol]
        dated = len(held) > 1 or any(row.day("Acquired") for row in held)
        if dated:
            stays = add_up(held, [row for row in new if row.text("Symbol") == symbol])
            (known if stays else lost).append(symbol)
    return known, lost


def _pairs(old: Sequence[Row], new: Sequence[Row]) -> dict[str, dict[int, Row]]:
    """File and line of a new row -> the row of the table that is the same lot.

    Of several lots of one day, those of one name belong together, then those of one quantity, then those in order.
    """
    pairs: dict[str, dict[int, Row]] = {}
    left_old, left_new = list(old), list(new)
    for alike in (_same_name, _same_quantity, _same_day):
        waiting: dict[tuple[object, ...], list[Row]] = {}
        for row in left_old:
            waiting.setdefault(alike(row), []).append(row)
        rest: list[Row] = []
        for row in left_new:
            same = waiting.get(alike(row))
            if same:
                pairs.setdefault(row.region.grid.name, {})[row.number] = same.pop(0)
            else:
                rest.append(row)
        left_old = [row for rows in waiting.values() for row in rows]
        left_new = rest
    return pairs


def _same_day(row: Row) -> tuple[object, ...]:
    return row.text("Symbol"), row.day("Acquired")


def _same_quantity(row: Row) -> tuple[object, ...]:
    return *_same_day(row), amount(row)


def _same_name(row: Row) -> tuple[object, ...]:
    # A lot without a name is like no other.
    name = row.text("Lot ID")
    return (*_same_day(row), name) if name else (row.region.grid.name, row.number)
