"""A workbook open in "Excel", reached by real COM from another process: runs on Windows (Wine), beside the engine.

The openpyxl double of tests/excel answers; this gives it Excel's names and Excel's numbers, and `fake_excel_interfaces`
Excel's interfaces with type information (by which pywin32 learns that Sheet.Copy takes Before and After). It offers
what the docstring of `rebal_xl.excel.live.host` lists and no more; Range.Value, which cuts money to four decimals,
raises.
"""

import sys
from pathlib import Path

import win32gui
from openpyxl.utils.cell import range_boundaries

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.excel.openpyxl_engine import new_app
from tests.excel.openpyxl_engine.ranges import RangeImpl
from tests.excel_hosts.fake_excel_interfaces import Excel, outside, through
from tests.excel_hosts.far import packed, unpacked, walk

CALCULATION = {"automatic": -4105, "manual": -4135, "semiautomatic": 2}
SHIFT_DOWN, SHIFT_UP, FROM_BELOW, PASTE_FORMATS = -4121, -4162, 1, -4122


def place(index):
    """A place in a collection, from 1 as Excel counts, or the name that was given instead."""
    if isinstance(index, str):
        return index
    if index < 1:
        raise IndexError("Subscript out of range")
    return int(index)


class Application(Excel):
    interface = "_Application"
    Name = "Microsoft Excel"
    ScreenUpdating, EnableEvents, DisplayAlerts = map(through, ("screen_updating", "enable_events", "display_alerts"))
    CutCopyMode = through("cut_copy_mode")

    @property
    def Hwnd(self):
        return win32gui.GetDesktopWindow()  # xlwings asks Windows whose window it is

    @property
    def AutoCorrect(self):
        return AutoCorrect(self.impl.auto_correct)

    @property
    def Workbooks(self):
        return Workbooks(self.impl)

    @property
    def ActiveWorkbook(self):
        return Workbook(self.impl.active)

    @property
    def Selection(self):
        sheet = Worksheet(Workbook(self.impl.active).first)
        return sheet.Range(self.impl.selected, None)

    @property
    def Calculation(self):
        return CALCULATION[self.impl.calculation]

    @Calculation.setter
    def Calculation(self, number):
        self.impl.calculation = {there: here for here, there in CALCULATION.items()}[number]


class AutoCorrect(Excel):
    interface = "AutoCorrect"
    AutoExpandListRange = through("AutoExpandListRange")


class Workbooks(Excel):
    interface = "Workbooks"

    def each(self):
        return [Workbook(book) for book in self.impl.books]

    @property
    def Count(self):
        return len(self.impl.books)

    def Item(self, index):
        return Workbook(self.impl.books(place(index)))

    def Open(self, Filename, UpdateLinks=None, ReadOnly=None, *_):
        return Workbook(self.impl.books.open(Filename, UpdateLinks, ReadOnly))

    def Add(self, Template):
        return Workbook(self.impl.books(self.impl.books.api.Add(Template).Name))


class Workbook(Excel):
    interface = "_Workbook"
    Name, FullName = through("name"), through("fullname")

    @property
    def Path(self):
        return self.impl.fullname.rpartition("\\")[0]

    @property
    def first(self):
        return next(sheet for sheet in self.impl.sheets if sheet.sheet is self.impl.book.active)

    @property
    def Application(self):
        return Application(self.impl.app)

    @property
    def Worksheets(self):
        return Sheets(self.impl)

    @property
    def ActiveSheet(self):
        return Worksheet(self.first)

    @property
    def Names(self):
        return Names(self.impl.api.Names)

    @property
    def Date1904(self):
        return self.impl.api.Date1904

    @property
    def ReadOnly(self):
        return self.impl.read_only

    @property
    def ProtectStructure(self):
        return self.impl.structure_locked

    @property
    def Excel8CompatibilityMode(self):
        return self.impl.compatible

    @property
    def MultiUserEditing(self):
        return self.impl.shared

    def Activate(self):
        self.impl.api.Activate()

    def Close(self, SaveChanges=None):
        self.impl.close()


class Sheets(Excel):
    interface = "Sheets"

    def each(self):
        return [Worksheet(sheet) for sheet in self.impl.sheets]

    @property
    def Count(self):
        return len(self.impl.sheets)

    def Item(self, index):
        return Worksheet(self.impl.sheets(place(index)))


class Worksheet(Excel):
    interface = "_Worksheet"
    Name, Visible = through("name"), through("visible")

    @property
    def Index(self):
        return 1 + self.impl.book.book.worksheets.index(self.impl.sheet)

    @property
    def Parent(self):
        return Workbook(self.impl.book)

    @property
    def Application(self):
        return Application(self.impl.book.app)

    @property
    def UsedRange(self):
        return Range(self.impl.used_range)

    @property
    def ListObjects(self):
        return ListObjects(self.impl)

    @property
    def Names(self):
        return Names(self.impl.api.Names)

    @property
    def ProtectContents(self):
        return bool(self.impl.api.ProtectContents)

    @property
    def FilterMode(self):
        return self.impl.api.FilterMode

    def ShowAllData(self):
        self.impl.api.ShowAllData()

    def Cells(self, row, column):
        return Range(self.impl.range((int(row), int(column))))

    def Range(self, first, second=None):
        if isinstance(first, Range):
            last = (second or first).impl
            return Range(RangeImpl(self.impl, first.impl.row, first.impl.column, last.last_row, last.last_col))
        left, top, right, bottom = range_boundaries(first.replace("$", ""))
        return Range(RangeImpl(self.impl, top, left or 1, bottom, right or 16_384))

    def Copy(self, Before, After):
        self.impl.copy(None, After.impl)

    def Delete(self):
        self.impl.delete()

    def Activate(self):
        self.impl.activate()


class ListObjects(Excel):
    interface = "ListObjects"

    def each(self):
        return [ListObject(table) for table in self.impl.tables]

    @property
    def Count(self):
        return len(self.impl.tables)

    def Item(self, index):
        return ListObject(self.impl.tables[place(index) - 1])


class ListObject(Excel):
    interface = "ListObject"
    Name, ShowHeaders, ShowTotals = through("name"), through("show_headers"), through("show_totals")
    ShowAutoFilter = through("show_autofilter")

    @property
    def Range(self):
        return Range(self.impl.range)

    def Resize(self, area):
        self.impl.resize(area.impl)


class Rows(Excel):
    """Range.Rows and Range.Columns, of which only the number is asked."""

    interface = "Range"

    @property
    def Count(self):
        return self.impl


class EntireRow(Excel):
    interface = "Range"
    Hidden = through("Hidden")


class Range(Excel):
    interface = "Range"
    Row, Column = through("row"), through("column")
    NumberFormat, RowHeight, ColumnWidth = through("number_format"), through("row_height"), through("column_width")
    MergeCells = through("merge_cells")

    @property
    def Rows(self):
        return Rows(self.impl.shape[0])

    @property
    def Columns(self):
        return Rows(self.impl.shape[1])

    @property
    def Count(self):
        return self.impl.shape[0] * self.impl.shape[1]

    @property
    def Worksheet(self):
        return Worksheet(self.impl.sheet)

    @property
    def Address(self):
        return self.impl.api.Address

    @property
    def Value(self):
        return self.impl.api.Value

    @property
    def Value2(self):
        return self.impl.api.Value2

    @Value2.setter
    def Value2(self, values):
        self.impl.api.Value2 = values

    @property
    def Formula(self):
        return self.impl.api.Formula

    @Formula.setter
    def Formula(self, formula):
        self.impl.api.Formula = formula

    @property
    def Formula2(self):
        return self.impl.api.Formula2

    @Formula2.setter
    def Formula2(self, formula):
        self.impl.api.Formula2 = formula

    @property
    def MergeArea(self):
        return Range(self.impl.merge_area)

    @property
    def EntireRow(self):
        return EntireRow(self.impl.api.EntireRow)

    @property
    def Hyperlinks(self):
        return Hyperlinks(self.impl.api.Hyperlinks)

    def Insert(self, Shift, CopyOrigin):
        assert (Shift, CopyOrigin) == (SHIFT_DOWN, FROM_BELOW)
        self.impl.insert("down", "format_from_right_or_below")

    def Delete(self, Shift):
        assert Shift == SHIFT_UP
        self.impl.delete("up")

    def ClearContents(self):
        self.impl.clear_contents()

    def UnMerge(self):
        self.impl.unmerge()

    def Copy(self, Destination):
        assert Destination is None
        self.impl.copy()

    def PasteSpecial(self, Paste, Operation, SkipBlanks, Transpose):
        assert Paste == PASTE_FORMATS
        self.impl.paste("formats", None, False, False)

    def Select(self):
        self.impl.sheet.book.app.selected = self.Address


class Names(Excel):
    interface = "Names"

    @property
    def Count(self):
        return self.impl.Count

    def Item(self, index):
        return Name(self.impl.Item(place(index)))

    def Add(self, name, refers_to):
        return Name(self.impl.Add(name, refers_to))


class Name(Excel):
    interface = "Name"
    Name, RefersTo, Visible = through("Name"), through("RefersTo"), through("Visible")

    def Delete(self):
        self.impl.Delete()


class Hyperlinks(Excel):
    interface = "Hyperlinks"

    def Delete(self):
        self.impl.Delete()

    def Add(self, Anchor, Address, SubAddress):
        self.impl.Add(Anchor, Address, SubAddress)


def open_workbook(path):
    """A workbook open in an Excel of its own: the double's book, and what COM hands to the engine."""
    book = new_app().books.open(path)
    return book, outside(Workbook(book))


class Machine(Excel):
    """Where workbooks are opened in an Excel of their own each, and a story looks behind them."""

    interface = "Machine"

    def __init__(self):
        super().__init__(None)

    def Open(self, Filename):
        return Workbook(new_app().books.open(Filename))

    def Ask(self, Book, Steps):
        return packed(walk(Book.impl, unpacked(Steps)))
