"""Sheets copied, renamed and deleted as Excel does it."""

import datetime
import re
from copy import copy, deepcopy

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.datetime import from_excel, to_excel
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.files.references import Renames, quoted_sheet
from tests.excel.openpyxl_engine.shifting import references

# What a look of one workbook, given to a cell of another that has a look, is there: numbers of openpyxl's lists.
Looks = dict[tuple[tuple[int, ...] | None, tuple[int, ...] | None], StyleArray]


def copy_sheet(source: object, after: object) -> None:
    """A copy behind another sheet, of this workbook or another; it becomes the active one."""
    book, old = after.book.book, source.sheet
    taken = {sheet.title.lower() for sheet in book.worksheets}
    title, number = old.title, 1
    while title.lower() in taken:
        number += 1
        title = f"{old.title[: 31 - len(f' ({number})')]} ({number})"
    new = book.create_sheet(title, book.index(after.sheet) + 1)
    _copy_cells(old, new)
    _copy_furniture(old, new, book)
    for key, name in source.book.book.defined_names.items() if source.book is not after.book else ():
        # Names that the copied cells use come along, pointing to where they come from.
        if key not in book.defined_names:
            book.defined_names[key] = DefinedName(key, attr_text=f"'[{source.book.name}]'!{name.attr_text}")
    after.book.cache[new] = dict(source.book.cache.get(old, {}))
    book.active = new
    after.book.app.active = after.book


def _copy_cells(old: Worksheet, new: Worksheet) -> None:
    looks: Looks = {}
    for row in old.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            made = new.cell(cell.row, cell.column)
            made.value = _counted_anew(cell.value, old.parent.epoch, new.parent.epoch)
            made.data_type = cell.data_type
            _copy_look(cell, made, looks)
            if cell.hyperlink:
                made.hyperlink = copy(cell.hyperlink)
            if cell.comment:
                made.comment = copy(cell.comment)


def _counted_anew(value: object, old: datetime.datetime, new: datetime.datetime) -> object:
    """Excel copies the number of a day, whatever day the other workbook counts from."""
    if old != new and isinstance(value, datetime.date):
        return from_excel(to_excel(value, old), new)
    return copy(value)


def _copy_look(cell: Cell, made: Cell, looks: Looks) -> None:
    """A few looks are those of many cells: what came of one is what comes of the next."""
    key = (cell._style and tuple(cell._style), made._style and tuple(made._style))
    if key in looks:
        made._style = copy(looks[key])
        return
    for part in ("font", "fill", "border", "alignment", "protection"):
        setattr(made, part, copy(getattr(cell, part)))
    made.number_format = cell.number_format
    made.quotePrefix = cell.quotePrefix
    looks[key] = copy(made._style)


def copy_looks(old: Worksheet, new: Worksheet, first: int, last: int, columns: int) -> None:
    """Formats of whole rows, as PasteSpecial gives them: merging and coloured rules too."""
    looks: Looks = {}
    for row in range(first, last + 1):
        for column in range(1, columns + 1):
            cell, made = old.cell(row, column), new.cell(row, column)
            if isinstance(cell, Cell) and isinstance(made, Cell):
                _copy_look(cell, made, looks)
    for merged in old.merged_cells.ranges:
        new.merge_cells(str(merged))
    new.conditional_formatting = ConditionalFormattingList()
    for held in old.conditional_formatting:
        for rule in held.rules:
            new.conditional_formatting.add(str(held.sqref), copy(rule))


def _copy_furniture(old: Worksheet, new: Worksheet, book: Workbook) -> None:
    for key, held in old.column_dimensions.items():
        new.column_dimensions[key].width = held.width
    for row, held in old.row_dimensions.items():
        new.row_dimensions[row].height = held.height
    for merged in old.merged_cells.ranges:
        new.merge_cells(str(merged))
    for held in old.conditional_formatting:
        for rule in held.rules:
            new.conditional_formatting.add(str(held.sqref), copy(rule))
    for offered in old.data_validations.dataValidation:
        new.add_data_validation(copy(offered))
    for held in old.row_breaks.brk:
        new.row_breaks.append(copy(held))
    for chart in old._charts:
        made = deepcopy(chart)
        for found in references(made):
            found.f = Renames({old.title: new.title}).formula(found.f)
        new.add_chart(made)
    new.sheet_state = old.sheet_state
    for key, name in old.defined_names.items():
        text = Renames({old.title: new.title}).formula(name.attr_text)
        new.defined_names[key] = DefinedName(key, attr_text=text, hidden=name.hidden)
    taken = {table.displayName.lower() for sheet in book.worksheets for table in sheet.tables.values()}
    for table in old.tables.values():
        made = deepcopy(table)
        name, number = table.displayName, 1
        while name.lower() in taken:
            # Excel numbers the tables of a copy: Trades, Trades2, Trades24 …
            number += 1
            name = f"{table.displayName}{number}"
        taken.add(name.lower())
        made.displayName = made.name = name
        made.id = 1 + max((t.id for sheet in book.worksheets for t in sheet.tables.values()), default=0)
        new.add_table(made)


def rename_in_formulas(book: Workbook, old: str, new: str) -> None:
    """Every formula that named the sheet follows."""
    renames = Renames({old: new})
    _each_formula(book, renames.formula)


def break_formulas(book: Workbook, gone: Worksheet) -> None:
    """Every formula that named the sheet shows #REF!."""
    named = re.compile(re.escape(quoted_sheet(gone.title)) + r"!\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?", re.IGNORECASE)
    _each_formula(book, lambda text: named.sub("#REF!", text))


def _each_formula(book: Workbook, change: object) -> None:
    for sheet in book.worksheets:
        for cell in sheet._cells.values():
            if isinstance(cell.value, ArrayFormula):
                cell.value.text = change(cell.value.text)
            elif cell.data_type == "f":
                cell.value = change(cell.value)
        for found in (found for chart in sheet._charts for found in references(chart)):
            found.f = change(found.f)
    for owner in (book, *book.worksheets):
        for name in owner.defined_names.values():
            name.attr_text = change(name.attr_text)
