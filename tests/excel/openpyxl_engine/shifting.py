"""What happens to everything else when whole rows of a sheet are inserted or deleted."""

import re
from collections.abc import Iterator

from openpyxl.chart._chart import ChartBase
from openpyxl.chart.data_source import NumRef, StrRef
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?")
REF_ERROR = "#REF!"


class Shift:
    """Rows inserted before a row (count > 0) or deleted from it (count < 0) on one sheet."""

    def __init__(self, sheet: Worksheet, row: int, count: int) -> None:
        self.sheet = sheet
        self.row = row
        self.count = count

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """Where rows first to last are afterwards; None when they are gone."""
        if self.count > 0:
            return tuple(row + self.count if row >= self.row else row for row in (first, last))
        gone_to = self.row - self.count - 1
        if first >= self.row and last <= gone_to:
            return None
        start = first if first < self.row else self.row if first <= gone_to else first + self.count
        end = last if last < self.row else self.row - 1 if last <= gone_to else last + self.count
        return start, end

    def reference(self, text: str) -> str:
        """A reference to this sheet, without the sheet's name."""
        found = REFERENCE.fullmatch(text)
        if found is None:
            return text
        left, first, right, last = found.groups()
        span = self.span(int(first), int(last or first))
        if span is None:
            return REF_ERROR
        return f"{left}{span[0]}" + (f":{right}{span[1]}" if right else "")

    def formula(self, text: str, home: str) -> str:
        """A formula of the sheet called `home`."""
        if not text.startswith("="):
            return text
        tokens = Tokenizer(text).items
        for token in tokens:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                name, mark, place = token.value.rpartition("!")
                if (name.strip("'").replace("''", "'") if mark else home) == self.sheet.title:
                    token.value = f"{name}{mark}{self.reference(place)}"
        return "=" + "".join(token.value for token in tokens)

    def ref(self, text: str) -> str | None:
        """A plain range such as A4:F9; None when it is gone."""
        left, first, right, last = range_boundaries(text)
        span = self.span(first, last)
        if span is None:
            return None
        return f"{get_column_letter(left)}{span[0]}:{get_column_letter(right)}{span[1]}"


def shift_formulas(shift: Shift) -> None:
    """Formulas, names and charts of the whole workbook follow."""
    book = shift.sheet.parent
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, ArrayFormula):
                    cell.value.text = shift.formula(cell.value.text, sheet.title)
                elif cell.data_type == "f":
                    cell.value = shift.formula(str(cell.value), sheet.title)
        for chart in sheet._charts:
            for found in references(chart):
                found.f = shift.formula("=" + found.f, sheet.title)[1:]
        for name in sheet.defined_names.values():
            name.attr_text = shift.formula("=" + name.attr_text, sheet.title)[1:]
    for name in book.defined_names.values():
        name.attr_text = shift.formula("=" + name.attr_text, "")[1:]


def references(chart: ChartBase) -> Iterator[NumRef | StrRef]:
    """What a chart reads, a chart of several kinds too."""
    for part in chart._charts:
        for series in part.series:
            for held in (series.cat, series.val, series.xVal, series.yVal):
                found = held and (held.numRef or getattr(held, "strRef", None))
                if found:
                    yield found


def shift_furniture(shift: Shift) -> None:
    """Tables, merged cells, coloured rules and heights of the sheet itself follow."""
    sheet = shift.sheet
    for table in list(sheet.tables.values()):
        ref = shift.ref(table.ref)
        if ref is None:
            del sheet.tables[table.name]
            continue
        table.ref = ref
        if table.autoFilter:
            table.autoFilter.ref = ref
    for merged in list(sheet.merged_cells.ranges):
        ref = shift.ref(merged.coord)
        sheet.merged_cells.remove(merged)
        if ref is not None:
            sheet.merged_cells.add(ref)
    rules = [(str(held.sqref), held.rules) for held in sheet.conditional_formatting]
    sheet.conditional_formatting = ConditionalFormattingList()
    for ref, held in rules:
        moved = shift.ref(ref)
        for rule in held if moved else ():
            rule.formula = [shift.formula("=" + text, sheet.title)[1:] for text in rule.formula]
            sheet.conditional_formatting.add(moved, rule)
    heights = {row: held.height for row, held in sheet.row_dimensions.items() if held.height}
    hidden = {row for row, held in sheet.row_dimensions.items() if held.hidden}
    sheet.row_dimensions.clear()
    for row in sorted({*heights, *hidden}):
        span = shift.span(row, row)
        if span is not None:
            sheet.row_dimensions[span[0]].height = heights.get(row)
            sheet.row_dimensions[span[0]].hidden = row in hidden
