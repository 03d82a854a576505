"""A workbook open in "Excel", reached by real COM from another process: runs on Windows (Wine), beside the engine.

The openpyxl double of tests/excel answers; this gives it Excel's names, Excel's interfaces with type information (by
which pywin32 learns that Sheet.Copy takes Before and After), and Excel's numbers. It offers what the docstring of
`rebal_xl.excel.live.host` lists and no more; Range.Value, which cuts money to four decimals, raises.
"""

import sys
import tempfile
from pathlib import Path

import pythoncom
import pywintypes
import win32gui
import winerror
from openpyxl.utils.cell import get_column_letter, range_boundaries
from win32com.server.exception import COMException
from win32com.server.policy import BasicWrapPolicy
from win32com.server.util import NewEnum, unwrap, wrap

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.excel.openpyxl_engine import new_app
from tests.excel.openpyxl_engine.ranges import RangeImpl

LEFT_OUT = -2147352572
NEW_ENUM = -4
GET, PUT, CALL = pythoncom.INVOKE_PROPERTYGET, pythoncom.INVOKE_PROPERTYPUT, pythoncom.INVOKE_FUNC
CALCULATION = {"automatic": -4105, "manual": -4135, "semiautomatic": 2}
SHIFT_DOWN, SHIFT_UP, FROM_BELOW, PASTE_FORMATS = -4121, -4162, 1, -4122

# Excel's interfaces: identifier, and members. "=" marks what can be set, parentheses what takes named arguments.
OPEN = (
    "Filename UpdateLinks ReadOnly Format Password WriteResPassword IgnoreReadOnlyRecommended Origin Delimiter "
    "Editable Notify Converter AddToMru Local CorruptLoad"
)
INTERFACES = {
    "_Application": ("000208D5", "Name Hwnd Workbooks ActiveWorkbook Selection ScreenUpdating= EnableEvents= "
                     "DisplayAlerts= Calculation= CutCopyMode="),
    "Workbooks": ("000208DB", f"Item(Index) Count Open({OPEN}) Add(Template)"),
    "_Workbook": ("000208DA", "Name FullName Path Application Worksheets ActiveSheet Names Date1904 ReadOnly "
                  "ProtectStructure Activate() Close(SaveChanges)"),
    "Sheets": ("000208D7", "Item(Index) Count"),
    "_Worksheet": ("000208D8", "Name= Visible Index Parent Application Cells(RowIndex ColumnIndex) Range(Cell1 Cell2) "
                   "UsedRange ListObjects Names ProtectContents Copy(Before After) Delete() Activate()"),
    "ListObjects": ("00024470", "Item(Index) Count"),
    "ListObject": ("00024471", "Name= Range ShowHeaders ShowTotals Resize(Range)"),
    "Range": ("00020846", "Row Column Rows Columns Count Worksheet Address Value Value2= Formula= Formula2= "
              "NumberFormat= Insert(Shift CopyOrigin) Delete(Shift) ClearContents() MergeCells MergeArea UnMerge() "
              "RowHeight= ColumnWidth= Copy(Destination) PasteSpecial(Paste Operation SkipBlanks Transpose) "
              "EntireRow Hidden Hyperlinks Select()"),
    "Names": ("000208B8", "Item(Index) Count Add(Name RefersTo)"),
    "Name": ("000208B9", "Name RefersTo Visible= Delete()"),
    "Hyperlinks": ("00024430", "Delete() Add(Anchor Address SubAddress)"),
}  # fmt: skip


def members(text):
    """Name, ways to invoke it, and named arguments, of each member in a line of INTERFACES."""
    while text := text.strip():
        head = text.split(" ", 1)[0].split("(", 1)[0]
        text = text[len(head) :]
        if text.startswith("("):
            inner, _, text = text[1:].partition(")")
            yield head, (CALL,), tuple(inner.split())
        else:
            yield head.rstrip("="), (GET, PUT) if head.endswith("=") else (GET,), ()


def type_information():
    """Excel's interfaces as a type library; gives name -> (ITypeInfo, member's lower-case name -> number and name)."""
    path = str(Path(tempfile.mkdtemp()) / "fake excel.tlb")
    library = pythoncom.CreateTypeLib2(3, path)  # 64-bit
    library.SetGuid(pywintypes.IID("{00020813-0000-0000-C000-0000000000FF}"))
    library.SetName("FakeExcel")
    numbers = {}
    for name, (start, text) in INTERFACES.items():
        made = library.CreateTypeInfo(name, pythoncom.TKIND_DISPATCH)
        made.SetGuid(pywintypes.IID(f"{{{start}-0000-0000-C000-000000000046}}"))
        numbers[name] = {}
        place = 0
        for number, (member, kinds, arguments) in enumerate(members(text), 1):
            numbers[name][member.lower()] = (0 if member == "Item" else number, member)
            for kind in kinds:
                made.AddFuncDesc(place, described(0 if member == "Item" else number, kind, arguments))
                if kind != PUT:
                    made.SetFuncAndParamNames(place, (member, *arguments))
                place += 1
        made.LayOut()
    library.SaveAllChanges()
    loaded = pythoncom.LoadTypeLib(path)
    found = {}
    for name, (start, _) in INTERFACES.items():
        identifier = pywintypes.IID(f"{{{start}-0000-0000-C000-000000000046}}")
        found[name] = (loaded.GetTypeInfoOfGuid(identifier), numbers[name])
    return found


def described(number, kind, arguments):
    """One member for the type library; everything is a VARIANT, every argument may be left out."""
    made = pythoncom.FUNCDESC()
    made.memid, made.funckind, made.invkind, made.callconv = number, pythoncom.FUNC_DISPATCH, kind, 4
    given = ("value",) if kind == PUT else arguments
    optional = 0 if kind == PUT else pythoncom.PARAMFLAG_FOPT
    made.args = [(pythoncom.VT_VARIANT, pythoncom.PARAMFLAG_FIN | optional, None) for _ in given]
    made.rettype = (pythoncom.VT_VARIANT, 0, None)
    made.cParamsOpt, made.wFuncFlags = (0 if kind == PUT else len(given)), 0
    return made


TYPES = type_information()


class Policy(BasicWrapPolicy):
    """Calls the attributes that have Excel's names."""

    def _wrap_(self, object):
        self._obj_ = object
        self._type_, self._members_ = TYPES[object.interface]
        self._names_ = dict(self._members_.values())
        self._com_interfaces_ = [pythoncom.IID_IDispatch]

    def _GetTypeInfoCount_(self):
        return 1

    def _GetTypeInfo_(self, index, lcid):
        return 0, self._type_

    def _getidsofnames_(self, names, lcid):
        if names[0].lower() not in self._members_:
            raise COMException(scode=winerror.DISP_E_UNKNOWNNAME)
        return (self._members_[names[0].lower()][0],)

    def _invokeex_(self, number, lcid, flags, args, kwargs, provider):
        given = [inside(value) for value in args]
        try:
            if number == NEW_ENUM:
                return NewEnum([outside(each) for each in self._obj_.each()])
            if number not in self._names_:
                raise COMException(scode=winerror.DISP_E_MEMBERNOTFOUND)
            if flags & (PUT | pythoncom.INVOKE_PROPERTYPUTREF):
                setattr(self._obj_, self._names_[number], given[0])
                return None
            held = getattr(self._obj_, self._names_[number])
            return outside(held(*given) if callable(held) else held)
        except COMException:
            raise
        except Exception as wrong:
            raise COMException(desc=str(wrong), scode=winerror.E_FAIL) from wrong


def inside(value):
    """An argument: objects of ours as they are, what was left out as None."""
    if value == LEFT_OUT:
        return None
    if isinstance(value, pythoncom.TypeIIDs[pythoncom.IID_IDispatch]):
        return unwrap(value)
    return value


def outside(value):
    """A result: objects wrapped; a table in a tuple, since a bare one is a result with output parameters."""
    if isinstance(value, Excel):
        return wrap(value, usePolicy=Policy)
    return (value,) if isinstance(value, tuple) else value


class Excel:
    """An object of Excel's, over one of the double's."""

    interface = ""

    def __init__(self, impl):
        self.impl = impl


def through(name):
    """A property that the double calls by another name."""
    return property(lambda self: getattr(self.impl, name), lambda self, value: setattr(self.impl, name, value))


class Application(Excel):
    interface = "_Application"
    Name = "Microsoft Excel"
    ScreenUpdating, EnableEvents, DisplayAlerts = map(through, ("screen_updating", "enable_events", "display_alerts"))
    CutCopyMode = through("cut_copy_mode")

    @property
    def Hwnd(self):
        return win32gui.GetDesktopWindow()  # xlwings asks Windows whose window it is

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


class Workbooks(Excel):
    interface = "Workbooks"

    @property
    def Count(self):
        return len(self.impl.books)

    def Item(self, index):
        return Workbook(self.impl.books(index))

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
        return Worksheet(self.impl.sheets(int(index) if isinstance(index, float) else index))


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

    def Cells(self, row, column):
        return Range(self.impl.range((int(row), int(column))))

    def Range(self, first, second):
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
        return ListObject(self.impl.tables[int(index) - 1])


class ListObject(Excel):
    interface = "ListObject"
    Name, ShowHeaders, ShowTotals = through("name"), through("show_headers"), through("show_totals")

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
        here = f"${get_column_letter(self.impl.column)}${self.impl.row}"
        return here if self.Count == 1 else f"{here}:${get_column_letter(self.impl.last_col)}${self.impl.last_row}"

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
        return Name(self.impl.Item(int(index)))

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
