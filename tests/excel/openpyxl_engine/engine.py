"""The engine: apps, books and sheets as xlwings expects them of an implementation."""

import itertools
import warnings
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import xlwings
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.excel.openpyxl_engine import copying
from tests.excel.openpyxl_engine.names import NamesApi
from tests.excel.openpyxl_engine.ranges import RangeImpl, TableImpl, show_rows
from tests.excel.openpyxl_engine.values import com_error, refusal

_PIDS = itertools.count(1)
CALL_REJECTED = -2147418111


class EngineImpl:
    name = "openpyxl"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = AppsImpl(self)


class AppsImpl:
    def __init__(self, engine: EngineImpl) -> None:
        self.engine = engine
        self.held: list[AppImpl] = []

    def __iter__(self):
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    def keys(self) -> list[int]:
        return [app.pid for app in self.held]

    def add(self, **_: object) -> "AppImpl":
        self.held.append(AppImpl(self.engine))
        return self.held[-1]


class AppImpl:
    """One Excel. `broken` and `tired` name what it refuses, `busy` makes it refuse everything; `log` is of switches."""

    def __init__(self, engine: EngineImpl) -> None:
        self.engine = engine
        self.pid = next(_PIDS)
        self.books = BooksImpl(self)
        self.active: BookImpl | None = None
        # None: a picture, which has no address
        self.selected: str | None = "$A$1"
        self.busy = False
        self.broken: set[str] = set()
        # what it refuses so many times, and then does
        self.shy: dict[str, int] = {}
        # what it refuses once it has done it so many times
        self.tired: dict[str, int] = {}
        self.switches = {"screen_updating": True, "enable_events": True, "display_alerts": True}
        self.switches["calculation"] = "automatic"
        self.log: list[tuple[str, object]] = []
        self.auto_correct = SimpleNamespace(AutoExpandListRange=True)
        self.clipboard: RangeImpl | None = None
        self.cut_copy_mode: object = None

    def check(self, what: str) -> None:
        """Refuse what the test wants refused."""
        if self.busy:
            raise com_error(CALL_REJECTED)
        if self.shy.get(what, 0) > 0:
            self.shy[what] -= 1
            raise refusal(f"{what} failed")
        if what in self.tired:
            self.tired[what] -= 1
        if what in self.broken or self.tired.get(what, 0) < 0:
            raise refusal(f"{what} failed")

    @property
    def hwnd(self) -> int:
        """The window in front, as Excel has it: every workbook has a window of its own."""
        return self.pid * 1000 + (self.books.held.index(self.active) if self.active else 999)

    @property
    def api(self) -> SimpleNamespace:
        self.check("Application")
        front = self.active.api if self.active else None
        selection = SimpleNamespace(**({"Address": self.selected} if self.selected else {}))
        return SimpleNamespace(ActiveWorkbook=front, Selection=selection, AutoCorrect=self.auto_correct)


def _switch(name: str) -> property:
    def read(self: AppImpl) -> object:
        self.check(name)
        return self.switches[name]

    def write(self: AppImpl, value: object) -> None:
        self.check(name)
        self.switches[name] = value
        self.log.append((name, value))

    return property(read, write)


for _name in ("screen_updating", "enable_events", "display_alerts", "calculation"):
    setattr(AppImpl, _name, _switch(_name))


class BooksImpl:
    def __init__(self, app: AppImpl) -> None:
        self.app = app
        self.held: list[BookImpl] = []

    def __iter__(self):
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    def __call__(self, key: int | str) -> "BookImpl":
        if isinstance(key, int):
            return self.held[key - 1]
        for book in self.held:
            if book.name.lower() == key.lower():
                return book
        raise KeyError(key)

    @property
    def api(self) -> SimpleNamespace:
        def add(path: str) -> SimpleNamespace:
            book = self.open(path)
            book.fullname = f"{Path(path).stem}{len(self.held)}"
            return SimpleNamespace(Name=book.name)

        return SimpleNamespace(Add=add)

    def open(self, fullname: str, update_links=None, read_only=None, *_: object) -> "BookImpl":
        self.app.check("Open")
        with warnings.catch_warnings():
            # What openpyxl cannot keep of a workbook is no matter here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(fullname, keep_vba=fullname.lower().endswith("m"))
            stored = openpyxl.load_workbook(fullname, data_only=True)
        cache = {
            sheet: {(c.row, c.column): c.value for row in stored[sheet.title].iter_rows() for c in row}
            for sheet in book.worksheets
        }
        return self._taken(BookImpl(self.app, fullname, book, cache, bool(read_only)))

    def _taken(self, book: "BookImpl") -> "BookImpl":
        self.held.append(book)
        self.app.active = book
        return book


class BookImpl:
    """A workbook. `book` is openpyxl's, `cache` what its formulas came to, by sheet."""

    def __init__(
        self, app: AppImpl, fullname: str, book: openpyxl.Workbook, cache: dict, read_only: bool = False
    ) -> None:
        self.app = app
        self.fullname = fullname
        self.book = book
        self.cache: dict[Worksheet, dict[tuple[int, int], object]] = cache
        self.read_only = read_only
        # of the old kind: a file of Excel 97-2003, and one shared by the legacy way
        self.compatible, self.shared = False, False
        self.structure_locked = bool(book.security and book.security.lockStructure)
        # what Excel last used of each sheet, where that is more than what is filled
        self.used: dict[str, tuple[int, int]] = {}

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    @property
    def api(self) -> "BookApi":
        return BookApi(self)

    @property
    def sheets(self) -> "SheetsImpl":
        return SheetsImpl(self)

    def close(self) -> None:
        self.app.books.held.remove(self)
        self.app.active = self.app.books.held[-1] if self.app.books.held else None

    def set_cell(self, sheet: str, cell: str, value: object) -> None:
        """What the advisor types, not saved."""
        self.book[sheet][cell] = value
        self.cache.get(self.book[sheet], {}).pop((self.book[sheet][cell].row, self.book[sheet][cell].column), None)


class BookApi:
    def __init__(self, impl: BookImpl) -> None:
        impl.app.check("Workbook")
        self.impl = impl
        self.FullName = impl.fullname
        self.Name = impl.name
        self.Date1904 = impl.book.epoch == CALENDAR_MAC_1904
        self.ReadOnly = impl.read_only
        self.ProtectStructure = impl.structure_locked
        self.Excel8CompatibilityMode = impl.compatible
        self.MultiUserEditing = impl.shared
        self.Names = NamesApi(impl.book, None, impl.app.check)

    @property
    def ActiveSheet(self) -> "SheetApi":
        return SheetImpl(self.impl, self.impl.book.active).api

    def Activate(self) -> None:
        self.impl.app.active = self.impl


class SheetsImpl:
    def __init__(self, book: BookImpl) -> None:
        self.book = book

    def __iter__(self):
        return (SheetImpl(self.book, sheet) for sheet in list(self.book.book.worksheets))

    def __len__(self) -> int:
        return len(self.book.book.worksheets)

    def __call__(self, key: int | str) -> "SheetImpl":
        sheets = self.book.book.worksheets
        found = sheets[key - 1] if isinstance(key, int) else next(s for s in sheets if s.title == key)
        return SheetImpl(self.book, found)


class SheetImpl:
    def __init__(self, book: BookImpl, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def api(self) -> "SheetApi":
        return SheetApi(self)

    @property
    def name(self) -> str:
        return self.sheet.title

    @name.setter
    def name(self, name: str) -> None:
        self.book.app.check("Rename")
        taken = {sheet.title.lower() for sheet in self.book.book.worksheets if sheet is not self.sheet}
        if name.lower() in taken:
            raise refusal("That name is already taken. Try a different one.")
        copying.rename_in_formulas(self.book.book, self.sheet.title, name)
        self.sheet.title = name

    @property
    def visible(self) -> int:
        return {"visible": -1, "hidden": 0, "veryHidden": 2}[self.sheet.sheet_state]

    @property
    def used_range(self) -> RangeImpl:
        rows, columns = self.book.used.get(self.name, (0, 0))
        sheet = self.sheet
        return RangeImpl(
            self, sheet.min_row, sheet.min_column, max(rows, sheet.max_row), max(columns, sheet.max_column)
        )

    @property
    def tables(self) -> list[TableImpl]:
        return [TableImpl(self, table) for table in self.sheet.tables.values()]

    def range(self, first: object, second: object = None) -> RangeImpl:
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first)
            return RangeImpl(self, top, left or 1, bottom, right or 16_384)
        return RangeImpl(self, *first, *(second or first))

    def copy(self, before: None, after: "SheetImpl") -> None:
        self.book.app.check("Copy")
        if after.book.structure_locked:
            raise refusal("Workbook is protected and cannot be changed.")
        copying.copy_sheet(self, after)

    def delete(self) -> None:
        self.book.app.check("Delete")
        copying.break_formulas(self.book.book, self.sheet)
        self.book.cache.pop(self.sheet, None)
        self.book.book.remove(self.sheet)

    def activate(self) -> None:
        self.book.book.active = self.sheet


class SheetApi:
    def __init__(self, impl: SheetImpl) -> None:
        self.impl = impl
        self.ProtectContents = impl.sheet.protection.sheet
        self.Names = NamesApi(impl.book.book, impl.sheet, impl.book.app.check)

    @property
    def FilterMode(self) -> bool:
        return bool(self.impl.sheet.auto_filter.filterColumn)

    def ShowAllData(self) -> None:
        self.impl.sheet.auto_filter.filterColumn = []
        show_rows(self.impl.sheet, self.impl.sheet.auto_filter.ref)

    def Activate(self) -> None:
        self.impl.activate()

    def Range(self, address: str) -> SimpleNamespace:
        return SimpleNamespace(Select=lambda: setattr(self.impl.book.app, "selected", address))


_ENGINE = EngineImpl()


def install() -> None:
    """Add the engine to xlwings, as an add-in would; once is enough."""
    if "openpyxl" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=_ENGINE))


def new_app() -> AppImpl:
    """One more Excel."""
    install()
    return _ENGINE.apps.add()


def open_book(path: Path, app: AppImpl | None = None) -> xlwings.Book:
    """Open a workbook, in an Excel of its own unless one is given."""
    return xlwings.Book(impl=(app or new_app()).books.open(str(path)))


def double(book: xlwings.Book) -> BookImpl:
    """What plays Excel behind an open workbook, for a test to look at and to meddle with."""
    assert isinstance(book.impl, BookImpl)
    return book.impl
