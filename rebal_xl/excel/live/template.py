"""
The input sheets of the template in an open workbook, a new workbook, and a sheet of example formulas.

Sheets are copied one by one. A sheet whose name or tables the advisor has already is left out: his own count.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

from rebal_xl.excel.live.area import Area
from rebal_xl.excel.live.host import OpenBook, new_in_running_excel
from rebal_xl.excel.live.write import beside
from rebal_xl.files.workbookxml import MARK
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import LIST_NAMES, build_template

TEMPLATE_FILE = "rebal_xl template.xlsx"
START = "Start"
FORMULAS_TAB = "Rebal Formulas"
# Excel's column width, in characters.
LABEL_WIDTH = 44.0


@dataclass(slots=True)
class Inserted:
    """What became of the template's sheets."""

    # tabs that were copied
    tabs: list[str] = field(default_factory=list)
    # tabs left out, because the workbook has such a sheet or such a table
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Example:
    """One formula of the example sheet."""

    label: str
    formula: str
    # rows to leave for what it spills, its own included
    rows: int = 1


def insert_template(book: OpenBook, only: Sequence[str] = ()) -> Inserted:
    """Copy the template's input sheets (`only` these, where given) behind the last tab.

    Raises BookRefused, with nothing written, where the workbook forbids it.
    """
    book.refuse_unless_writable()
    built = build_template()
    tabs = {sheet.name.lower() for sheet in book.sheets}
    tables = {table.name.lower() for sheet in book.sheets for table in sheet.tables}
    done = Inserted()
    wanted: list[str] = []
    for sheet in built.worksheets:
        if sheet.title == START or (only and sheet.title not in only):
            continue
        clash = sheet.title.lower() in tabs or tables & {name.lower() for name in sheet.tables}
        (done.kept if clash else wanted).append(sheet.title)
    if wanted:
        with book.steady():
            _copy(book, built, wanted)
        done.tabs = wanted
    return done


def _copy(book: OpenBook, built: Workbook, wanted: list[str]) -> None:
    added = []
    before = {name.name.lower() for name in book.names if name.sheet is None}
    try:
        with beside(book, built, TEMPLATE_FILE) as opened:
            for sheet in opened.sheets:
                if sheet.name in wanted:
                    added.append(sheet.copy_after(book.sheets[-1]))
        _mend_names(book, before)
    except Exception:
        for sheet in reversed(added):
            sheet.delete()
        raise


def _mend_names(book: OpenBook, before: set[str]) -> None:
    """The lists in the copied cells use names, which Excel lets point to the file that they were copied from."""
    tables = {table.name for sheet in book.sheets for table in sheet.tables}
    meant = {
        name: reference
        for reference, name in LIST_NAMES.items()
        if name.lower() not in before and reference.partition("[")[0] in tables
    }
    for came in book.names:
        if came.sheet is None and came.name.lower() not in before and came.name not in meant:
            book.delete_name(came.name)
    for name, reference in meant.items():
        book.set_name(name, f"={reference}")


def new_workbook(book: OpenBook | None) -> str:
    """A new workbook made from the template, not saved yet; returns its name."""
    return open_new(book, build_template(), TEMPLATE_FILE)


def open_new(book: OpenBook | None, built: Workbook, file_name: str) -> str:
    """A workbook of ours as a new one, not saved yet, in the Excel of `book`, else in the running one; its name."""
    folder = Path(tempfile.mkdtemp(prefix="rebal_xl "))
    try:
        path = folder / file_name
        path.write_bytes(workbook_bytes(built))
        made = book.add_from(path) if book is not None else new_in_running_excel(path)
        return made.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def insert_formulas(book: OpenBook, examples: Sequence[Example], places: Mapping[str, str]) -> str:
    """A sheet with example formulas, each with a line that says what it gives; returns its name.

    `places` are the names of arguments and the ranges that stand for them, for the note on top. Raises BookRefused,
    with nothing written, where the workbook forbids it.
    """
    book.refuse_unless_writable()
    built = Workbook()
    sheet = built.active
    assert sheet is not None
    sheet.title = FORMULAS_TAB
    with book.steady(), beside(book, built, "rebal_xl formulas.xlsx") as opened:
        made = opened.sheets[0].copy_after(book.sheets[-1])
        try:
            made.set_name(MARK, f'="{FORMULAS_TAB}"')
            made.write(Area(1, 1, 1, 1), [["Formulas to start from"]])
            told = ", ".join(f"{name} is {place}" for name, place in places.items())
            made.write(Area(2, 1, 2, 1), [[f"Change them or copy them to where you need them. Here {told}."]])
            row = 4
            for example in examples:
                made.write(Area(row, 1, row, 1), [[example.label]])
                made.write_formula(row, 2, example.formula)
                row += example.rows + 1
            made.widen(1, LABEL_WIDTH)
        except Exception:
            made.delete()
            raise
        return made.name
