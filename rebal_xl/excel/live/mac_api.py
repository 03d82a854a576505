"""
Excel for Mac's own objects under the names that `host` asks for on Windows: there Excel speaks AppleScript, not COM.

Each class answers what the docstring of `host` lists under "Excel's own", and no more. The words of AppleScript are
those of xlwings' dictionary of Excel (`xlwings.mac_dict`), and are used as xlwings itself uses them where it does.
No Mac was at hand to run this on: it is tested against a double that speaks the same dictionary.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from rebal_xl.excel.tame import xlwings

# Excel's xlErr numbers as COM hands them out: the form in which `read` expects errors.
_ERROR_BASE = -2146828288
_ERRORS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
    "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CONNECT!": 2046, "#BLOCKED!": 2047, "#UNKNOWN!": 2048, "#FIELD!": 2049,
    "#CALC!": 2050,
}  # fmt: skip
_UNKNOWN_ERROR = _ERROR_BASE + 2999
# AppleScript's own numbers: macOS does not allow it; no answer in time; the program is not running.
NOT_ALLOWED, TIMED_OUT, NOT_RUNNING = -1743, -1712, -600
_REFUSALS = {
    NOT_ALLOWED: "macOS does not let rebal_xl control Excel. Allow it under System Settings > Privacy & Security > "
    "Automation, and try again.",
    TIMED_OUT: "Excel did not answer: a cell is being edited or a dialog is open. Press Enter or Esc, close the "
    "dialog, and try again.",
    NOT_RUNNING: "Excel is not running any more.",
}


def speaks_applescript(api: object) -> bool:
    """Whether an `.api` of xlwings is one of Excel for Mac."""
    return type(api).__module__.partition(".")[0] == "appscript"


def native(held: Any) -> Any:
    """Excel's own object behind an xlwings App, Book, Sheet or Range, on a Mac with its names on Windows."""
    api = held.api
    if not speaks_applescript(api):
        return api
    if isinstance(held, xlwings.Range):
        return MacRange(api, held.sheet.book)
    kinds = {xlwings.App: MacApp, xlwings.Book: MacBook, xlwings.Sheet: MacSheet}
    return kinds[type(held)](api)


def pinned(sheet: Any) -> Any:
    """An xlwings Sheet by its name: on a Mac they are listed by their places, which change as sheets come and go."""
    return sheet.book.sheets[sheet.name] if speaks_applescript(sheet.api) else sheet


def is_mac_refusal(error: BaseException) -> bool:
    """Whether Excel for Mac itself refused; appscript's class is known by its name, since it exists there only."""
    return any(kind.__name__ == "CommandError" for kind in type(error).__mro__)


def why_mac_refused(error: BaseException) -> str:
    """Its refusal as a sentence."""
    told = _REFUSALS.get(getattr(error, "errornumber", 0))
    return told or f"Excel refused: {' '.join(str(error).split())[:300]}"


def new_book(app: Any) -> Any:
    """A new workbook with one empty sheet, as an xlwings.Book; None where Excel makes one of a file by itself."""
    return app.books.add() if speaks_applescript(app.api) else None


def _words() -> Any:
    """appscript's keywords; it exists on a Mac only."""
    import appscript

    return appscript.k


class MacApp:
    """Excel."""

    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def ActiveWorkbook(self) -> MacBook:
        """The workbook in front. Its name is asked for now: a reference would follow the front."""
        return MacBook(self._xl.workbooks[self._xl.active_workbook.name.get()])

    @property
    def Selection(self) -> _Selection:
        """The selected cells; fails where no cells are selected."""
        return _Selection(self._xl.selection.get_address())

    @property
    def AutoCorrect(self) -> _AutoCorrect:
        """What Excel does by itself."""
        return _AutoCorrect(self._xl.autocorrect_object)


class _AutoCorrect:
    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def AutoExpandListRange(self) -> Any:
        """Whether tables grow by themselves; None where Excel does not say."""
        try:
            return self._xl.Automatically_expand_tables_as_I_type.get()
        except Exception as error:
            if not is_mac_refusal(error):
                raise
            return None

    @AutoExpandListRange.setter
    def AutoExpandListRange(self, grow: Any) -> None:
        try:
            if grow is not None:
                self._xl.Automatically_expand_tables_as_I_type.set(grow)
        except Exception as error:
            if not is_mac_refusal(error):
                raise


class _Selection:
    def __init__(self, address: str) -> None:
        self.Address = address


class MacBook:
    """A workbook."""

    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def Name(self) -> Any:
        """The file's name."""
        return self._xl.name.get()

    @property
    def FullName(self) -> Any:
        """The file with its folder."""
        return self._xl.full_name.get()

    @property
    def Date1904(self) -> Any:
        """Whether its days count from 1904."""
        return self._xl.date_1904.get()

    @property
    def ReadOnly(self) -> Any:
        """Whether it can only be read."""
        return self._xl.read_only.get()

    @property
    def ProtectStructure(self) -> Any:
        """Whether no sheet can be added."""
        return self._xl.protect_structure.get()

    @property
    def ActiveSheet(self) -> MacSheet:
        """The sheet in front, by its name."""
        return MacSheet(self._xl.worksheets[self._xl.active_sheet.name.get()])

    @property
    def Names(self) -> MacNames:
        """The names of the workbook and of its sheets."""
        return MacNames(self._xl)

    def Activate(self) -> None:
        """Bring it to the front."""
        self._xl.activate_object()


class MacSheet:
    """A worksheet."""

    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def ProtectContents(self) -> Any:
        """Whether its cells are protected."""
        return self._xl.protect_contents.get()

    @property
    def Names(self) -> MacNames:
        """The names of this sheet alone."""
        return MacNames(self._xl)

    def Activate(self) -> None:
        """Bring it to the front."""
        self._xl.activate_object()

    def Range(self, address: str) -> _Selectable:
        """Some of its cells."""
        return _Selectable(self._xl.cells[address])


class _Selectable:
    def __init__(self, xl: Any) -> None:
        self._xl = xl

    def Select(self) -> None:
        self._xl.select()


class MacNames:
    """Defined names of a workbook or of a sheet."""

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    @property
    def Count(self) -> int:
        """How many."""
        held = self._owner.named_items.get()
        return 0 if held == _words().missing_value else len(held)

    def Item(self, number: int) -> MacName:
        """One of them, counted from 1."""
        return MacName(self._owner.named_items[number])

    def Add(self, name: str, refers_to: str) -> MacName:
        """Define a name."""
        k = _words()
        properties = {k.references: refers_to, k.name: name}
        self._owner.make(at=self._owner, new=k.named_item, with_properties=properties)
        return MacName(self._owner.named_items[name])


class MacName:
    """A defined name."""

    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def Name(self) -> Any:
        """What it is called, with its sheet where it belongs to one."""
        return self._xl.name.get()

    @property
    def RefersTo(self) -> Any:
        """The formula."""
        # As xlwings asks for it: alone the property cannot be read.
        return self._xl.properties().get(_words().references)

    @property
    def Visible(self) -> Any:
        """Whether Excel lists it."""
        return self._xl.visible.get()

    @Visible.setter
    def Visible(self, visible: bool) -> None:
        self._xl.visible.set(visible)

    def Delete(self) -> None:
        """Delete it."""
        self._xl.delete()


class MacRange:
    """Cells."""

    def __init__(self, xl: Any, book: Any) -> None:
        self._xl = xl
        self._book = book

    @property
    def Value2(self) -> Any:
        """The values as COM gives them: floats, dates as day numbers, errors as integers; but blanks as ""."""
        return _as_com(list(self._values()))

    @Value2.setter
    def Value2(self, values: Any) -> None:
        if isinstance(values, tuple):
            self._xl.value.set([["" if value is None else value for value in row] for row in values])
        else:
            self._xl.value.set("" if values is None else values)

    @property
    def Formula(self) -> Any:
        """What was typed."""
        return _as_com([tuple(row) for row in _rows(self._xl.formula.get())])

    @Formula.setter
    def Formula(self, formula: str) -> None:
        self._xl.formula.set(formula)

    @property
    def Formula2(self) -> Any:
        """What was typed, without the signs of formulas that do not spill."""
        return _as_com([tuple(row) for row in _rows(self._xl.formula2.get())])

    @Formula2.setter
    def Formula2(self, formula: str) -> None:
        self._xl.formula2.set(formula)

    @property
    def EntireRow(self) -> _Rows:
        """The rows that the cells stand in."""
        return _Rows(self._xl)

    @property
    def Hyperlinks(self) -> _Links:
        """The links on the cells."""
        return _Links(self._xl)

    def _values(self) -> Iterator[tuple[Any, ...]]:
        """The rows; AppleScript says of an error only that it is no value, so the text that it shows is asked for."""
        rows, missing = _rows(self._xl.value.get()), _words().missing_value
        epoch: datetime.datetime | None = None
        shown: list[list[Any]] | None = None
        for number, row in enumerate(rows):
            told: list[Any] = []
            for offset, value in enumerate(row):
                if isinstance(value, datetime.date | datetime.time):
                    epoch = epoch or self._epoch()
                    told.append(float(to_excel(value, epoch)))  # type: ignore[no-untyped-call]
                elif value is None or isinstance(value, bool | str):
                    told.append(value)
                elif value == missing:
                    shown = _rows(self._xl.string_value.get()) if shown is None else shown
                    text = str(shown[number][offset] or "")
                    told.append(_ERROR_BASE + _ERRORS[text] if text in _ERRORS else _UNKNOWN_ERROR if text else None)
                else:
                    told.append(float(value))
            yield tuple(told)

    def _epoch(self) -> datetime.datetime:
        return CALENDAR_MAC_1904 if self._book.api.date_1904.get() else CALENDAR_WINDOWS_1900


class _Rows:
    def __init__(self, xl: Any) -> None:
        self._xl = xl

    @property
    def Hidden(self) -> bool | None:
        held = self._xl.entire_row.rows.hidden.get()
        if not isinstance(held, list):
            return None if held == _words().missing_value else bool(held)
        return bool(held[0]) if all(one == held[0] for one in held) else None


class _Links:
    def __init__(self, xl: Any) -> None:
        self._xl = xl

    def Delete(self) -> None:
        held = self._xl.hyperlinks.get()
        for number in range(0 if held == _words().missing_value else len(held), 0, -1):
            self._xl.hyperlinks[number].delete()

    def Add(self, anchor: MacRange, address: str, place: str) -> None:
        k = _words()
        self._xl.make(at=self._xl, new=k.hyperlink, with_properties={k.address: address, k.sub_address: place})


def _rows(held: Any) -> list[list[Any]]:
    """What AppleScript gives for cells, as rows; it gives one cell as its value, and one row as a list."""
    if not isinstance(held, list):
        return [[held]]
    return held if held and isinstance(held[0], list) else [held]


def _as_com(rows: list[tuple[Any, ...]]) -> Any:
    """Rows as COM gives them; it gives one cell as its value."""
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else tuple(rows)
