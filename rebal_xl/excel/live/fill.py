"""Cells of the advisor's own table, written at his word: text as text, days as his workbook counts them."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from rebal_xl.excel.live.area import Area, HostValue
from rebal_xl.excel.live.host import OpenBook, OpenSheet
from rebal_xl.excel.live.keep import keep_before
from rebal_xl.excel.live.read import read_tab
from rebal_xl.excel.live.refusal import BookRefused, why_refused
from rebal_xl.files.numbers import number_format
from rebal_xl.intake.table_edits import Change
from rebal_xl.sheets import formats
from rebal_xl.sheets.cells import Value
from rebal_xl.sheets.grid import TableRange


def fill_table(book: OpenBook, sheet: OpenSheet, table: TableRange, changes: Sequence[Change], keep_as: str) -> str:
    """Write the cells; the table grows over empty rows below it where they lie there.

    The sheet as it was is kept beside as `keep_as`; returns the name that the copy got. Raises BookRefused, with
    nothing written, for a protected sheet or workbook, or when something stands below the table.
    """
    book.refuse_unless_writable()
    if sheet.protected:
        raise BookRefused(
            f"The sheet '{sheet.name}' is protected. Unprotect it (Review > Unprotect Sheet), and try again."
        )
    last = max(table.last_row, *(change.row for change in changes))
    if last > table.last_row:
        _refuse_occupied(book, sheet, table, last)
    epoch = CALENDAR_MAC_1904 if book.date1904 else CALENDAR_WINDOWS_1900
    with book.steady():
        kept = keep_before(book, sheet, table, keep_as)
        try:
            _show_rows(sheet, table)
            if last > table.last_row:
                grown = Area(table.first_row, table.first_col, last, table.last_col)
                next(held for held in sheet.tables if held.name == table.name).resize(sheet, grown)
            for run in _runs(changes):
                area = Area(run[0].row, run[0].column, run[-1].row, run[0].column)
                _format(sheet, area, run)
                values = [[_given(change.value, epoch)] for change in run]
                sheet.write(area, values)
                _refuse_unless_written(sheet, area, values)
        except Exception as error:
            told = error.sentence if isinstance(error, BookRefused) else why_refused(error)
            raise BookRefused(
                f"Writing stopped half-way. {told or 'Something unexpected went wrong.'} "
                f"{sheet.name} as it was is on the sheet {kept}."
            ) from error
    return kept


def _show_rows(sheet: OpenSheet, table: TableRange) -> None:
    """Excel writes the first of several values into every row that a filter leaves visible."""
    for held in sheet.tables:
        if held.name == table.name:
            held.clear_filter()
    sheet.clear_filter()


def _refuse_unless_written(sheet: OpenSheet, area: Area, values: Sequence[Sequence[HostValue]]) -> None:
    if all(_same(held[0], meant[0]) for held, meant in zip(sheet.values(area), values, strict=True)):
        return
    raise BookRefused(
        f"Excel did not take the values as they are into {area.address} of '{sheet.name}'. Close the workbook without "
        "saving, open it again, take every filter off (Data > Clear), and try again."
    )


def _same(held: HostValue, meant: HostValue) -> bool:
    if isinstance(held, float | int) and isinstance(meant, float | int):
        return math.isclose(held, meant, rel_tol=1e-12)
    if isinstance(held, str) and isinstance(meant, str):
        # A leading apostrophe only says that text follows.
        return held.removeprefix("'") == meant.removeprefix("'")
    return held in (None, "") and meant in (None, "")


def _refuse_occupied(book: OpenBook, sheet: OpenSheet, table: TableRange, last: int) -> None:
    cells = read_tab(book, sheet).cells
    below = any(table.last_row < row <= last and table.first_col <= col <= table.last_col for row, col in cells)
    if table.totals_rows or below:
        raise BookRefused(
            f"{table.name} needs {last - table.last_row} more rows, and something stands below it. Make room there "
            "and try again. Nothing was written."
        )


def _runs(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes of one column in rows that follow each other, of one kind of value."""
    runs: list[list[Change]] = []
    for change in sorted(changes, key=lambda one: (one.column, one.row)):
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and (last.column, last.row + 1) == (change.column, change.row)
            and isinstance(last.value, str) == isinstance(change.value, str)
        ):
            runs[-1].append(change)
        else:
            runs.append([change])
    return runs


def _format(sheet: OpenSheet, area: Area, run: Sequence[Change]) -> None:
    """Text must be text before it comes; a day must look like one."""
    code = sheet.number_format(area)
    if isinstance(run[0].value, str):
        if code != formats.TEXT:
            sheet.format_numbers(area, formats.TEXT)
    elif code == formats.TEXT and any(change.value is not None for change in run):
        sheet.format_numbers(area, formats.DATE if run[0].date else "General")
    elif run[0].date and (code is None or not number_format(code).date):
        sheet.format_numbers(area, formats.DATE)


def _given(value: Value, epoch: datetime.datetime) -> HostValue:
    if isinstance(value, datetime.date):
        return float(to_excel(value, epoch))  # type: ignore[no-untyped-call]
    if isinstance(value, bool):
        return formats.FLAG_WORDS[0] if value else formats.FLAG_WORDS[1]
    return value
