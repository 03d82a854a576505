"""Excel's interfaces for `fake_excel_com`: their type information, and the policy by which COM reaches its objects."""

import tempfile
from pathlib import Path

import pythoncom
import pywintypes
import winerror
from win32com.server.exception import COMException
from win32com.server.policy import BasicWrapPolicy
from win32com.server.util import NewEnum, unwrap, wrap

from tests.excel.openpyxl_engine.values import com_error

LEFT_OUT = -2147352572
NEW_ENUM = -4
GET, PUT, CALL = pythoncom.INVOKE_PROPERTYGET, pythoncom.INVOKE_PROPERTYPUT, pythoncom.INVOKE_FUNC

# Excel's interfaces: identifier, and members. "=" marks what can be set, parentheses what takes named arguments.
OPEN = (
    "Filename UpdateLinks ReadOnly Format Password WriteResPassword IgnoreReadOnlyRecommended Origin Delimiter "
    "Editable Notify Converter AddToMru Local CorruptLoad"
)
INTERFACES = {
    "_Application": ("000208D5", "Name Hwnd Workbooks ActiveWorkbook Selection ScreenUpdating= EnableEvents= "
                     "DisplayAlerts= Calculation= CutCopyMode= AutoCorrect"),
    "AutoCorrect": ("000208D4", "AutoExpandListRange="),
    "Machine": ("0002FFFF", "Open(Filename) Ask(Book Steps)"),
    "Workbooks": ("000208DB", f"Item(Index) Count Open({OPEN}) Add(Template)"),
    "_Workbook": ("000208DA", "Name FullName Path Application Worksheets ActiveSheet Names Date1904 ReadOnly "
                  "ProtectStructure Excel8CompatibilityMode MultiUserEditing Activate() Close(SaveChanges)"),
    "Sheets": ("000208D7", "Item(Index) Count"),
    "_Worksheet": ("000208D8", "Name= Visible Index Parent Application Cells(RowIndex ColumnIndex) Range(Cell1 Cell2) "
                   "UsedRange ListObjects Names ProtectContents FilterMode ShowAllData() Copy(Before After) Delete() "
                   "Activate()"),
    "ListObjects": ("00024470", "Item(Index) Count"),
    "ListObject": ("00024471", "Name= Range ShowHeaders ShowTotals ShowAutoFilter= Resize(Range)"),
    "Range": ("00020846", "Row Column Rows Columns Count Worksheet Address Value Value2= Formula= Formula2= "
              "NumberFormat= Insert(Shift CopyOrigin) Delete(Shift) ClearContents() MergeCells MergeArea UnMerge() "
              "RowHeight= ColumnWidth= Copy(Destination) PasteSpecial(Paste Operation SkipBlanks Transpose) "
              "EntireRow Hidden Hyperlinks Select()"),
    "Names": ("000208B8", "Item(Index) Count Add(Name RefersTo)"),
    "Name": ("000208B9", "Name RefersTo Visible= Delete()"),
    "Hyperlinks": ("00024430", "Delete() Add(Anchor Address SubAddress)"),
}  # fmt: skip

# The type library lies in a folder of this name, and stays: Windows keeps it open until the process has ended.
FOLDER = "rebal fake excel "


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
    path = str(Path(tempfile.mkdtemp(prefix=FOLDER)) / "fake excel.tlb")
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
        except com_error as refused:
            told = refused.args[2]
            # that something went wrong is said by there being a description; what did is a number of its own
            scode = told[5] if refused.hresult == winerror.DISP_E_EXCEPTION else refused.hresult
            raise COMException(desc=told[2], scode=scode) from refused
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
