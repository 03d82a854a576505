"""Typed trades that fills carry out: what is done must not stay in MyTrades, or the next plan does it once more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rebal_xl.household import Side
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.door import Placed
from rebal_xl.intake.rows import Row
from rebal_xl.intake.table_edits import Change, TableEdit, cell_changes
from rebal_xl.orders.fills_match import Piece
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.tables import MY_TRADES

_SHARES = 1e-6

Key = tuple[str, str, str]


def typed_trades_done(placed: Placed, pieces: Sequence[Piece]) -> list[TableEdit]:
    """Rows of MyTrades that are marked Keep, less what was filled; a row that is done is cleared."""
    # shares filled of an order by lot, and dollars of a share as the plan had them
    filled: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    unit: dict[Key, float] = {}
    for piece in pieces:
        key = piece.fill.account, piece.fill.symbol, piece.fill.side.value
        filled[key][piece.order.lot_id if piece.fill.side is Side.SELL else ""] += piece.quantity
        unit[key] = placed.household.security(piece.fill.symbol).unit_usd
    names = Spellings([account.name for account in placed.household.accounts])
    rows = [row for row in placed.sheets.of(MY_TRADES) if row.flag("Keep") is not False]
    edits = []
    for region in dict.fromkeys(id(row.region) for row in rows):
        mine = [row for row in rows if id(row.region) == region]
        changes: list[Change] = []
        # those that name a lot first: what they leave is for the others
        for row in sorted(mine, key=lambda one: not one.text("Lot ID")):
            key = names.find(row.text("Account")) or "", row.text("Symbol"), row.text("Side")
            if key in filled:
                changes += _less(row, filled[key], unit[key])
        edits.append(TableEdit.of(mine[0].region, changes))
    return edits


def _less(row: Row, filled: dict[str, float], unit_usd: float) -> Iterable[Change]:
    """The row less what was filled of it, which is taken out of `filled`."""
    lot = row.text("Lot ID")
    name, usd = ("Quantity", 1.0) if row.number_in("Quantity") is not None else ("Amount", unit_usd)
    wanted = (row.number_in(name) or 0.0) / usd
    rest = wanted
    for sold in [lot] if lot else list(filled):
        taken = min(rest, filled.get(sold, 0.0))
        filled[sold] = filled.get(sold, 0.0) - taken
        rest -= taken
    if rest >= wanted - _SHARES:
        return ()
    # an amount is planned in whole shares: less than one is left for good
    done = rest <= (_SHARES if name == "Quantity" else 1.0)
    values: Mapping[str, Value] = (
        dict.fromkeys(one for one in row.region.columns if row.cell(one) is not None)
        if done
        else {name: round(rest * usd, 6 if name == "Quantity" else 2)}
    )
    return cell_changes(row.region, row.number, values)
