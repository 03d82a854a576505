"""What Excel makes of a value that is written, and what it hands out."""

import datetime
import re

from openpyxl.cell.cell import Cell
from openpyxl.utils.datetime import from_excel, to_excel
from openpyxl.worksheet.formula import ArrayFormula

ERROR_BASE = -2146828288
ERRORS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
}  # fmt: skip
# Text that Excel takes for a number: the CUSIPs 037833100 and 12345E108 too.
NUMBER = re.compile(r"\s*[-+]?\$?(\d[\d,]*\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
PERCENT = re.compile(r"\s*[-+]?\d+(\.\d+)?%\s*")
DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class com_error(Exception):
    """Excel's refusal, shaped as pywin32's."""

    def __init__(self, hresult: int, told: str = "") -> None:
        super().__init__(hresult, "Exception occurred.", (0, "Microsoft Excel", told, None, 0, -2146827284), None)
        self.hresult = hresult


def refusal(told: str) -> com_error:
    """What Excel answers when it will not."""
    return com_error(-2147352567, told)


def handed_out(value: object, epoch: datetime.datetime) -> object:
    """A cell's value as Value2 gives it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / 86_400
    if isinstance(value, datetime.date | datetime.time):
        return float(to_excel(value, epoch))
    if isinstance(value, str) and value in ERRORS:
        return ERROR_BASE + ERRORS[value]
    return str(value)


def typed(cell: Cell) -> object:
    """What was typed into a cell: its formula, or its constant."""
    held = cell.value
    return held.text if isinstance(held, ArrayFormula) else held


def is_formula(cell: Cell) -> bool:
    """Whether a cell calculates."""
    return cell.data_type == "f" or isinstance(cell.value, ArrayFormula)


def put(cell: Cell, value: object, epoch: datetime.datetime) -> None:
    """Write as Excel does over COM: text is parsed unless the cell is formatted as text."""
    if value is None or value == "":
        cell.value = None
        return
    if isinstance(value, bool):
        cell.value = value
        return
    if type(value) is float:
        cell.value = from_excel(value, epoch) if cell.is_date else value
        return
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} does not go to Excel: floats, text and booleans only")
    if cell.number_format == "@":
        cell.value = value
        cell.data_type = "s"
    elif value.startswith("'"):
        cell.value, cell.quotePrefix = value[1:], True
        cell.data_type = "s"
    elif value.startswith(("=", "+", "-", "@")) and not NUMBER.fullmatch(value):
        # Excel makes a formula of these four signs.
        cell.value = value if value.startswith("=") else f"={value}"
    elif NUMBER.fullmatch(value):
        cell.value = float(value.replace(",", "").replace("$", ""))
    elif PERCENT.fullmatch(value):
        cell.value = float(value.strip()[:-1]) / 100
    elif day := DAY.fullmatch(value):
        month, number, year = map(int, day.groups())
        cell.value = datetime.datetime(year, month, number)  # noqa: DTZ001 - Excel knows no zones
    else:
        cell.value = value
        cell.data_type = "s"
