"""The answers of `rebal-xl read`, `import` and `mapping` as JSON; docs/json.md says what the fields mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rebal_xl.cli import figures
from rebal_xl.cli.documents import Document
from rebal_xl.files.imports import Imported, Understood
from rebal_xl.files.statements import LeftOut
from rebal_xl.intake.custodians.mapping import Mapping
from rebal_xl.intake.custodians.reconcile import amount, has_lots, is_cash, is_pending
from rebal_xl.intake.custodians.statement import FileRead
from rebal_xl.intake.rows import Row


def understood(found: Understood) -> Document:
    """What files say by themselves."""
    statement = found.statement
    return {
        "files": [_file(file) for file in statement.files],
        "holdings": [_holding(row) for row in statement.holdings],
        "left_out": _left_out(found.left_out),
        "trades": [_trade(row) for row in statement.trades],
    }


def imported(done: Imported) -> Document:
    """What an import changes in a workbook."""
    found, merge = done.found, done.found.holdings
    return {
        "cash": [
            {"account": one.account, "before_usd": figures.usd(one.in_accounts), "now_usd": figures.usd(one.in_files)}
            for one in merge.cash
        ],
        "changed": [
            {"before": _holding(before), "columns": list(columns), "now": _holding(now)}
            for before, now, columns in merge.changed
        ],
        "files": [_file(file) for file in found.statement.files],
        "gone": [_holding(row) for row in merge.gone],
        "left_out": _left_out(done.left_out),
        "lots_lost": [{"account": account, "symbol": symbol} for account, symbol in merge.lost],
        "new": [_holding(row) for row in merge.new],
        "not_written": list(merge.dropped),
        "prices": [
            {"before_usd": figures.price(one.before), "now_usd": figures.price(one.now), "symbol": one.symbol}
            for one in found.prices
        ],
        "trades": [_trade(row) for row in found.trades],
        "trades_written": not found.trades_lost,
    }


def mappings(found: Sequence[Mapping], file: Path | None) -> Document:
    """Mappings, and the file of the one that was made."""
    return {
        "file": None if file is None else str(file),
        "mappings": [
            {
                "columns": [{"column": ours or None, "header": theirs} for theirs, ours in one.columns.items()],
                "constants": [{"column": ours, "value": value} for ours, value in one.constants.items()],
                "name": one.name,
                "table": one.table,
            }
            for one in found
        ],
    }


def _left_out(files: Sequence[LeftOut]) -> list[Document]:
    return [{"file": one.name, "why": one.why} for one in files]


def _file(file: FileRead) -> Document:
    return {
        "as_of": figures.day(file.seen),
        "file": file.name,
        "layouts": list(file.layouts),
        "lots": file.lots,
        "positions": file.positions,
        "trades": file.trades,
    }


def _kind(row: Row) -> str:
    if is_pending(row):
        return "pending"
    if is_cash(row):
        return "cash"
    return "lot" if has_lots(row) else "position"


def _holding(row: Row) -> Document:
    """A lot, a position or cash, with the file (or sheet) and the line (or cell) it comes from."""
    place = row.place()
    return {
        "account": row.text("Account"),
        "acquired": figures.day(row.day("Acquired")),
        "basis_usd": figures.usd(row.number_in("Cost Basis")),
        "cost_per_share_usd": figures.price(row.number_in("Cost/Share")),
        "file": place.sheet,
        "kind": _kind(row),
        "market_value_usd": figures.usd(row.number_in("Market Value")),
        "place": place.cell,
        "price_usd": figures.price(row.number_in("Price")),
        "quantity": figures.quantity(amount(row)),
        "symbol": row.text("Symbol"),
        "term": row.text("Term") or None,
    }


def _trade(row: Row) -> Document:
    place = row.place()
    return {
        "account": row.text("Account"),
        "date": figures.day(row.day("Date")),
        "file": place.sheet,
        "gain_usd": figures.usd(row.number_in("Gain")),
        "place": place.cell,
        "price_usd": figures.price(row.number_in("Price")),
        "quantity": figures.quantity(abs(amount(row))),
        "reinvested": row.flag("Reinvested"),
        "side": row.text("Side"),
        "symbol": row.text("Symbol"),
    }
