"""The advisor's own sheet as it was before we write on it, beside it: Excel cannot undo what a program wrote."""

from __future__ import annotations

from rebal_xl.excel.live.area import Area
from rebal_xl.excel.live.host import OpenBook, OpenSheet
from rebal_xl.excel.live.ours import our_tabs
from rebal_xl.excel.live.write import his_formulas, is_mentioned
from rebal_xl.files.references import free_sheet_name, free_table_name
from rebal_xl.files.workbookxml import MARK
from rebal_xl.sheets.grid import TableRange


def keep_before(book: OpenBook, sheet: OpenSheet, table: TableRange, title: str) -> str:
    """Copy the sheet beside itself, as a sheet of ours that no input is read from; returns the copy's name.

    The copy of the last time goes, unless the advisor's own cells refer to it: then it is his.
    """
    texts = list(his_formulas(book))
    older = [tab.sheet for tab in our_tabs(book) if tab.kind == title]
    kept = sheet.copy_after(sheet)
    try:
        for tab in older:
            _let_go(tab, texts)
        kept.set_name(MARK, f'="{title}"')
        kept.name = free_sheet_name(title, {tab.name for tab in book.sheets} - {kept.name})
        area = Area(table.first_row, table.first_col, table.last_row, table.last_col)
        taken = {name.name for name in book.names} | {held.name for tab in book.sheets for held in tab.tables}
        for copied in kept.tables:
            if copied.area == area:
                copied.name = free_table_name(f"{table.name}_before", taken - {copied.name})
    except Exception:
        kept.delete()
        raise
    return kept.name


def _let_go(sheet: OpenSheet, texts: list[str]) -> None:
    if is_mentioned(sheet, texts):
        sheet.delete_name(MARK)
    else:
        sheet.delete()
