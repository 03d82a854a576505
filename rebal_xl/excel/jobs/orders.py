"""Orders: the orders and lots of the last plan, from our sheets, as a CSV file to key in or to upload from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rebal_xl import api
from rebal_xl.excel.jobs.base import Ask, Desk, Done, Inputs, read_inputs
from rebal_xl.excel.jobs.planning import LAST_PLAN
from rebal_xl.excel.live.host import OpenBook
from rebal_xl.excel.live.ours import our_tabs
from rebal_xl.excel.live.read import read_open_book, read_tab
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.save import save_workbook
from rebal_xl.household import InputErrors, Method
from rebal_xl.intake.values import plain_number
from rebal_xl.optimize.assemble import fingerprint
from rebal_xl.sheets import results_log
from rebal_xl.sheets.cells import FORMULA_SIGNS
from rebal_xl.sheets.grid import Grid
from rebal_xl.sheets.results_log import RunEntry
from rebal_xl.sheets.results_trades import LOTS_KIND, TRADES_KIND
from rebal_xl.words import count

HEADER = (
    "Account", "Side", "Symbol", "Name", "Quantity", "Lot", "Acquired", "Term", "Order Quantity", "Whole Position",
    "Price (estimate)", "Amount (estimate)",
)  # fmt: skip
_STAGE = "orders"
YES = frozenset({"yes", "y", "true", "6", "ok"})

Row = Mapping[str, object]


def begin_orders(book: OpenBook, answer: str, desk: Desk) -> Done | Ask:
    """Ask where to, after a question where the workbook is not the plan's any more; then save."""
    grids = {tab.kind: read_tab(book, tab.sheet) for tab in our_tabs(book) if not tab.previous}
    if TRADES_KIND not in grids:
        raise BookRefused("There is no plan in this workbook yet. Press Rebalance first.")
    runs = api.logged_runs(grids[results_log.KIND]) if results_log.KIND in grids else ()
    said = answer.strip()
    if not said:
        desk.memory[_STAGE] = "asked" if _stale(book, runs, desk) else "sure"
        if desk.memory[_STAGE] == "asked":
            day = f" of {runs[0].as_of:%m/%d/%Y}" if runs else ""
            return Ask("yesno", f"The workbook does not hold what the plan{day} was made from. Save its orders anyway?")
        return _where()
    if desk.memory.get(_STAGE) == "asked":
        desk.memory[_STAGE] = "sure"
        return _where() if said.lower() in YES else Done("No orders were saved.")
    rows = order_rows(_rows(grids[TRADES_KIND]), _rows(grids.get(LOTS_KIND)))
    if not rows:
        return Done("The last plan has no orders.")
    path = _free(Path(said), runs[0].as_of if runs else None)
    save_workbook(as_csv(rows), path)
    return Done(
        f"{count(len(rows), 'line')} saved in {path}. Prices and amounts are estimates; check every order before you "
        "send it."
    )


def order_rows(trades: Sequence[Row], lots: Sequence[Row]) -> list[Row]:
    """A line for each lot of a sale and for each purchase."""
    rows: list[Row] = []
    for trade in trades:
        if trade.get("Side") not in ("Buy", "Sell"):
            continue
        common = {name: trade.get(name) for name in ("Account", "Side", "Symbol", "Name")}
        common |= {"Order Quantity": trade.get("Quantity"), "Whole Position": trade.get("Whole Position") or ""}
        common["Price (estimate)"] = trade.get("Price")
        mine = [lot for lot in lots if _sells(trade, lot)] if trade.get("Side") == "Sell" else []
        for lot in mine:
            told = {name: lot.get(name) for name in ("Quantity", "Lot", "Acquired", "Term")}
            rows.append(common | told | {"Amount (estimate)": lot.get("Proceeds")})
        if not mine:
            rows.append(common | {"Quantity": trade.get("Quantity"), "Amount (estimate)": trade.get("Amount")})
    return rows


def as_csv(rows: Sequence[Row]) -> bytes:
    """The lines as Excel and custodians read them; no cell can be taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow([safe(row.get(name)) for name in HEADER])
    return text.getvalue().encode("utf-8-sig")


def safe(value: object) -> str:
    """A value as text; text that a spreadsheet would calculate gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        return plain_number(round(float(value), 6))
    if isinstance(value, date):
        return f"{value:%m/%d/%Y}"
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _where() -> Ask:
    return Ask("folder", "Where should the orders be saved?")


def _rows(grid: Grid | None) -> Sequence[Row]:
    return api.table_rows(grid.cells, grid.tables[0]) if grid is not None and grid.tables else ()


def _sells(trade: Row, lot: Row) -> bool:
    return (lot.get("Account"), lot.get("Symbol")) == (trade.get("Account"), trade.get("Symbol"))


def _stale(book: OpenBook, runs: Sequence[RunEntry], desk: Desk) -> bool:
    """Whether the workbook's values are other ones than those of the last plan, as far as that can be told."""
    last = desk.memory.get(LAST_PLAN)
    day = last.policy.as_of if isinstance(last, Inputs) else runs[0].as_of if runs else None
    try:
        now = read_inputs(read_open_book(book, ours=False), day)
    except InputErrors:
        return True
    if isinstance(last, Inputs):
        return now.fingerprint != last.fingerprint
    if not runs:
        return True
    methods = [method for method in Method if method.value == runs[0].method]
    return all(
        fingerprint(now.household, replace(now.policy, method=method)) != runs[0].fingerprint for method in methods
    )


def _free(folder: Path, day: date | None) -> Path:
    """A file name that is not taken yet. Raises BookRefused when there is no such folder."""
    if not folder.is_dir():
        raise BookRefused(f"There is no folder '{folder}'. Choose another one; no orders were saved.")
    stem = re.sub(r"[^\w -]", "", f"orders {day:%Y-%m-%d}" if day else "orders")
    path, number = folder / f"{stem}.csv", 2
    while path.exists():
        path, number = folder / f"{stem} {number}.csv", number + 1
    return path
