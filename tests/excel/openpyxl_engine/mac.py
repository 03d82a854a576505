"""
The double's other face, Excel for Mac: AppleScript references for COM objects, as xlwings sees them there.

Every word is held against xlwings' own dictionary of Excel (`mac_dict`). Values come as AppleScript gives them: lists,
dates as dates, blanks as "", an error as no value at all. Sheets are known by their place or name only, and a reference
by place means another sheet once one is added before it.
"""

import sys
from types import ModuleType

import openpyxl
import pytest
from openpyxl.utils.datetime import from_excel
from xlwings import mac_dict

from tests.excel.openpyxl_engine.engine import AppImpl, BookImpl, BooksImpl, SheetImpl, SheetsImpl
from tests.excel.openpyxl_engine.names import NamesApi
from tests.excel.openpyxl_engine.ranges import RangeApi, RangeImpl
from tests.excel.openpyxl_engine.values import ERROR_BASE, ERRORS

# appscript's own words, beside those of Excel's dictionary
OWN = {"get", "set", "properties", "missing_value"}
WORDS = OWN.union(*(
    {entry[0] for entry in getattr(mac_dict, part)}
    for part in ("classes", "enums", "properties", "elements", "commands")
))  # fmt: skip


def word(name: str) -> str:
    """A word of the dictionary."""
    assert name in WORDS, f"Excel for Mac does not know {name}"
    return name


class CommandError(Exception):
    """appscript's error."""

    def __init__(self, errornumber: int, told: str = "") -> None:
        super().__init__(told)
        self.errornumber = errornumber


class Keywords:
    """appscript.k: a keyword is its name in brackets."""

    def __getattr__(self, name: str) -> str:
        return MISSING if name == "missing_value" else f"<{word(name)}>"


class _Missing:
    """What AppleScript gives for no value."""


MISSING = _Missing()
K = Keywords()


class Reference:
    """Something of Excel's; only words of the dictionary can be asked of it."""

    __module__ = "appscript.reference"

    def __getattribute__(self, name: str) -> object:
        if not name.startswith("_"):
            word(name)
        return object.__getattribute__(self, name)


def reference(_called: str, **members: object) -> Reference:
    """A reference with these members."""
    made = type(_called, (Reference,), {"__module__": "appscript.reference"})()
    for name, value in members.items():
        object.__setattr__(made, name, value)
    return made


def value(read: object, write: object = None) -> Reference:
    """A property."""
    return reference("property", get=lambda: read() if callable(read) else read, **({"set": write} if write else {}))


class Listed:
    """Elements, by place or name."""

    def __init__(self, find: object, count: object) -> None:
        self.find, self.count = find, count

    def __getitem__(self, key: int | str) -> object:
        return self.find(key)

    def get(self) -> object:
        return [object()] * self.count() or MISSING


def named_items(names: object) -> Listed:
    """The names of a workbook or sheet."""

    def find(key: int | str) -> Reference:
        held = names()
        item = held.Item(key) if isinstance(key, int) else next(one for one in held._all() if one.key == key)
        return reference(
            "named item",
            name=value(item.Name),
            visible=value(lambda: item.Visible, lambda visible: setattr(item, "Visible", visible)),
            properties=lambda: {K.references: item.RefersTo},
            delete=item.Delete,
        )

    return Listed(find, lambda: names().Count)


def make_name(names: object) -> object:
    """`make new named item at`."""

    def make(at: Reference, new: str, with_properties: dict[str, str]) -> None:
        assert new == "<named_item>"
        names().Add(with_properties[K.name], with_properties[K.references])

    return make


def app_reference(app: AppImpl) -> Reference:
    app.check("Application")
    return reference(
        "application",
        workbooks=Listed(lambda key: book_reference(app.books(key)), lambda: len(app.books)),
        active_workbook=reference("workbook", name=value(lambda: app.active.name)),
        autocorrect_object=reference(
            "autocorrect",
            Automatically_expand_tables_as_I_type=value(
                lambda: app.auto_correct.AutoExpandListRange,
                lambda grow: setattr(app.auto_correct, "AutoExpandListRange", grow),
            ),
        ),
        selection=reference("range", get_address=lambda: app.selected),
    )


def book_reference(book: BookImpl) -> Reference:
    def names() -> NamesApi:
        return NamesApi(book.book, None, book.app.check)

    book.app.check("Workbook")
    return reference(
        "workbook",
        name=value(lambda: book.name),
        full_name=value(lambda: book.fullname),
        date_1904=value(lambda: book.book.epoch.year == 1904),
        read_only=value(book.read_only),
        protect_structure=value(book.structure_locked),
        active_sheet=reference("sheet", name=value(lambda: book.book.active.title)),
        worksheets=Listed(lambda key: sheet_reference(book.sheets(key)), lambda: len(book.sheets)),
        named_items=named_items(names),
        make=make_name(names),
        activate_object=lambda: setattr(book.app, "active", book),
    )


def sheet_reference(sheet: SheetImpl) -> Reference:
    def names() -> NamesApi:
        return NamesApi(sheet.book.book, sheet.sheet, sheet.book.app.check)

    def cells(address: str) -> Reference:
        return reference("range", select=lambda: setattr(sheet.book.app, "selected", address))

    return reference(
        "worksheet",
        protect_contents=value(lambda: sheet.sheet.protection.sheet),
        named_items=named_items(names),
        make=make_name(names),
        activate_object=sheet.activate,
        cells=Listed(cells, lambda: 0),
    )


def range_reference(cells: RangeImpl) -> Reference:
    cells.sheet.book.app.check("Range")
    com, epoch = RangeApi(cells), cells.ws.parent.epoch
    shown = {ERROR_BASE + number: text for text, number in ERRORS.items()}

    def told(held: object, cell: object) -> object:
        if held is None:
            return ""
        if isinstance(held, int) and not isinstance(held, bool):
            return MISSING
        return from_excel(held, epoch) if isinstance(held, float) and cell.is_date else held

    def rows(read: object, made: object) -> object:
        held = read if cells.shape != (1, 1) else ((read,),)
        both = [
            [made(one, cell) for one, cell in zip(*row, strict=True)] for row in zip(held, cells.cells(), strict=True)
        ]
        return both if cells.shape != (1, 1) else both[0][0]

    def write(given: object) -> None:
        com.Value2 = tuple(map(tuple, given)) if isinstance(given, list) else given

    def hidden() -> object:
        held = [bool(cells.ws.row_dimensions[row].hidden) for row in range(cells.row, cells.last_row + 1)]
        return held if len(held) > 1 else held[0]

    def linked() -> list[object]:
        return [cell for row in cells.cells() for cell in row if getattr(cell, "hyperlink", None)]

    def make(at: Reference, new: str, with_properties: dict[str, str]) -> None:
        assert new == "<hyperlink>"
        com.Hyperlinks.Add(com, with_properties[K.address], with_properties[K.sub_address])

    def formula_property(name: str) -> Reference:
        return value(
            lambda: rows(com.Formula, lambda one, _: one), lambda formula: setattr(com, name, formula)
        )  # fmt: skip

    return reference(
        "range",
        value=value(lambda: rows(com.Value2, told), write),
        string_value=value(lambda: rows(com.Value2, lambda one, _: shown.get(one, ""))),
        formula=formula_property("Formula"),
        formula2=formula_property("Formula2"),
        entire_row=reference("rows", rows=reference("rows", hidden=value(hidden))),
        hyperlinks=Listed(
            lambda key: reference("hyperlink", delete=lambda: setattr(linked()[key - 1], "hyperlink", None)),
            lambda: len(linked()),
        ),
        make=make,
    )


def _add(books: BooksImpl) -> BookImpl:
    return books._taken(BookImpl(books.app, f"Workbook{len(books.held) + 1}", openpyxl.Workbook(), {}))


def _find(sheet: SheetImpl) -> object:
    key, sheets = sheet._key, sheet.book.book.worksheets
    if isinstance(key, int):
        return sheets[key - 1]
    for one in sheets:
        if one.title.lower() == key.lower():
            return one
    raise CommandError(-1728, f"Can’t get worksheet {key}.")


def _by_key(book: BookImpl, key: int | str) -> SheetImpl:
    sheet = SheetImpl.__new__(SheetImpl)
    sheet.book, sheet._key = book, key
    return sheet


def _rename(sheet: SheetImpl, name: str) -> None:
    _RENAME(sheet, name)
    sheet._key = name


def _insert(cells: RangeImpl, shift: str, copy_origin: str) -> None:
    """New rows look like the one above: Excel for Mac cannot be told otherwise."""
    cells.sheet.book.app.check("Insert")
    cells.refuse_if_protected()
    assert shift == "down"
    cells._move(cells.shape[0])


def _merge_cells(cells: RangeImpl) -> object:
    held = _MERGED(cells)
    return MISSING if held is None else held


_RENAME = SheetImpl.name.fset
_MERGED = RangeImpl.merge_cells.fget


def play_mac(patch: pytest.MonkeyPatch) -> None:
    """Let the double show this face until the patch is undone."""
    appscript = ModuleType("appscript")
    appscript.k = K
    patch.setitem(sys.modules, "appscript", appscript)
    for kind, made in (
        (AppImpl, app_reference),
        (BookImpl, book_reference),
        (SheetImpl, sheet_reference),
        (RangeImpl, range_reference),
    ):
        patch.setattr(kind, "api", property(made))
    patch.setattr(BooksImpl, "api", None)
    patch.setattr(BooksImpl, "add", _add, raising=False)
    patch.setattr(SheetsImpl, "__iter__", lambda self: (_by_key(self.book, i + 1) for i in range(len(self))))
    patch.setattr(SheetsImpl, "__call__", lambda self, key: _by_key(self.book, key))
    patch.setattr(
        SheetImpl, "sheet", property(_find, lambda self, sheet: setattr(self, "_key", sheet.title)), raising=False
    )
    patch.setattr(SheetImpl, "name", property(SheetImpl.name.fget, _rename))
    patch.setattr(SheetImpl, "visible", property(lambda self: self.sheet.sheet_state == "visible"))
    patch.setattr(RangeImpl, "insert", _insert)
    patch.setattr(RangeImpl, "merge_cells", property(_merge_cells))
