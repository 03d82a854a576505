"""The workbook an advisor starts from, empty or filled from a household: built from the description alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import IntProperty
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rebal_xl.household import Household, Policy
from rebal_xl.sheets import formats, layout, looks
from rebal_xl.sheets.cells import cell_at
from rebal_xl.sheets.fill import Rows, household_rows, policy_rows, settings_rows
from rebal_xl.sheets.layout import Placed
from rebal_xl.sheets.schema import Column, Kind, Table
from rebal_xl.sheets.start import write_start
from rebal_xl.sheets.tables import INPUT_TABLES, SCHEMA_VERSION, SETTINGS, SETTINGS_ROWS

SCHEMA_NAME = "schema_version"
# Names that formulas and lists use for the columns others refer to.
LIST_NAMES: Mapping[str, str] = {
    "Accounts[Account]": "AccountNames",
    "People[Person]": "PersonNames",
    "Securities[Symbol]": "Symbols",
    "Targets[Asset Class]": "AssetClasses",
    "TaxProfile[Taxpayer]": "TaxpayerNames",
}
# Yellow rows to type in where a table has nothing yet; Excel adds more as they are filled.
BLANK_ROWS: Mapping[str, int] = {"People": 4, "TaxProfile": 3, "Holdings": 25, "Securities": 25, "RecentTrades": 15}
OTHER_BLANK_ROWS = 10
# Columns that stay in view on the left, on sheets with one table to scroll through.
FROZEN_COLUMNS: Mapping[str, int] = {"Holdings": 2, "Securities": 1, "Tax Profile": 1}

NOTE_ROW, CAPTION_ROW, HEADER_ROW = 2, 3, 4
# Empty columns between two tables of a sheet.
GAP = 1
GAP_WIDTH = 4.0
# About so many characters are still readable across a printed page.
PAGE_WIDTH = 250.0


def build_template(household: Household | None = None, policy: Policy | None = None) -> Workbook:
    """The workbook with every input table, filled from a household and a policy where they are given."""
    rows: dict[str, Rows] = {}
    if household is not None:
        rows |= household_rows(household)
    if policy is not None:
        rows |= policy_rows(policy)
    rows[SETTINGS.name] = settings_rows(household, policy)
    workbook = Workbook()
    start = workbook.active
    assert start is not None
    start.title = "Start"
    for name, tables in _sheets().items():
        sheet = workbook.create_sheet(name)
        _write_sheet(sheet, [_with_classes(table, rows.get(table.name, ())) for table in tables], rows)
    write_start(start, household.name if household is not None else "")
    _name_lists(workbook)
    workbook.defined_names[SCHEMA_NAME] = DefinedName(SCHEMA_NAME, attr_text=str(SCHEMA_VERSION))
    # The stubs are older than the property.
    workbook.custom_doc_props.append(IntProperty(name=SCHEMA_NAME, value=SCHEMA_VERSION))  # type: ignore[attr-defined]
    workbook.properties.creator = "rebal_xl"
    workbook.properties.title = (
        f"{household.name}: household workbook" if household is not None else "Household workbook"
    )
    return workbook


def _sheets() -> dict[str, list[Table]]:
    """Sheet name -> its tables, in the order of the description."""
    sheets: dict[str, list[Table]] = {}
    for table in INPUT_TABLES:
        sheets.setdefault(table.sheet, []).append(table)
    return sheets


def _with_classes(table: Table, rows: Rows) -> Table:
    """A square table with one column for every class its rows name."""
    if not table.square:
        return table
    label = table.columns[0]
    classes = [str(row[label.name]) for row in rows]
    across = [Column(name, Kind.NUMBER, "", number_format=formats.COVARIANCE, width=12) for name in classes]
    return replace(table, columns=(label, *across))


def _write_sheet(sheet: Worksheet, tables: Sequence[Table], rows: Mapping[str, Rows]) -> None:
    placed: list[Placed] = []
    gaps: dict[int, float] = {}
    left = 1
    for table in tables:
        held = rows.get(table.name, ())
        blank: Rows = [{} for _ in range(BLANK_ROWS.get(table.name, OTHER_BLANK_ROWS))]
        placed.append(layout.write_table(sheet, table, held or blank, HEADER_ROW, left))
        left = placed[-1].last_col + 1 + GAP
        gaps[left - 1] = GAP_WIDTH
    gaps.popitem()
    layout.fit_widths(sheet, placed, gaps)
    layout.write_title(sheet, sheet.title)
    frozen = FROZEN_COLUMNS.get(sheet.title, 0)
    for one in placed:
        # Beside the columns that stay in view, so that scrolling and page breaks leave it whole.
        left = one.first_col + (frozen if one is placed[0] else 0)
        layout.write_note(sheet, one.table.note, NOTE_ROW, left, None if one is placed[-1] else one.last_col)
        if len(placed) > 1:
            layout.write_caption(sheet, one.table.name, CAPTION_ROW, one.first_col)
        _annotate_headers(sheet, one)
        _offer_lists(sheet, one)
        _format_columns(sheet, one)
    _offer_settings(sheet, placed)
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{HEADER_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = looks.GOLD
    pages = math.ceil(layout.total_width(sheet) / PAGE_WIDTH)
    layout.set_up_print(sheet, HEADER_ROW, pages_wide=pages, label_columns=frozen)


def header_note(column: Column) -> str:
    """What the note on a header says: meaning, allowed words, and what an empty cell means."""
    parts = [column.note]
    if column.kind is Kind.CHOICE:
        parts.append(f"One of: {', '.join(column.choices)}.")
    if column.required:
        parts.append("Required.")
    elif column.blank:
        parts.append(f"Blank: {column.blank}.")
    return "\n".join(parts)


def _annotate_headers(sheet: Worksheet, placed: Placed) -> None:
    for number, column in enumerate(placed.table.columns, placed.first_col):
        text = header_note(column)
        if not text:
            continue
        # Pixels: a note's line holds about 45 characters.
        lines = sum(math.ceil(len(part) / 42) for part in text.splitlines()) + 1
        sheet.cell(placed.first_row, number).comment = Comment(text, "rebal_xl", height=lines * 18, width=300)


def _offer_lists(sheet: Worksheet, placed: Placed) -> None:
    for column in placed.table.columns:
        if column.choices:
            formula, what = f'"{",".join(column.choices)}"', "one of the listed words"
        elif column.refers_to:
            formula, what = LIST_NAMES[column.refers_to], f"one of {column.refers_to}"
        else:
            continue
        _offer(sheet, formula, placed.cells(column.name), f"{column.name} is usually {what}.")


def _offer_settings(sheet: Worksheet, placed: Sequence[Placed]) -> None:
    for one in placed:
        if one.table is not SETTINGS:
            continue
        for row, setting in enumerate(SETTINGS_ROWS, one.first_row + 1):
            # Only the value is typed.
            for name in ("Name", "Note"):
                cell_at(sheet, row, one.column_number(name)).fill = looks.NO_FILL
            if setting.choices:
                cell = f"{get_column_letter(one.column_number('Value'))}{row}"
                _offer(sheet, f'"{",".join(setting.choices)}"', cell, f"{setting.name} is one of the listed words.")


def _offer(sheet: Worksheet, formula: str, cells: str, advice: str) -> None:
    # A warning, not a refusal: the reader knows more spellings ("JTWROS") than a list can hold.
    offered = DataValidation(type="list", formula1=formula, allow_blank=True, errorStyle="warning")
    offered.showErrorMessage = True
    offered.errorTitle = "Not in the list"
    offered.error = advice
    offered.add(cells)
    sheet.add_data_validation(offered)


def _format_columns(sheet: Worksheet, placed: Placed) -> None:
    """Rows that are pasted below the table keep account numbers and CUSIPs as text."""
    for number, column in enumerate(placed.table.columns, placed.first_col):
        if column.number_format == formats.TEXT and placed.table is not SETTINGS:
            sheet.column_dimensions[get_column_letter(number)].number_format = formats.TEXT


def _name_lists(workbook: Workbook) -> None:
    for reference, name in LIST_NAMES.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=reference)
