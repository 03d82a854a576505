"""Defined names by Excel's own object model."""

from collections.abc import Callable

from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tests.excel.openpyxl_engine.values import refusal


class NamesApi:
    """Names of a workbook (those of its sheets included), or of one sheet."""

    def __init__(self, book: Workbook, sheet: Worksheet | None, check: Callable[[str], None]) -> None:
        self.check = check
        self.book = book
        self.sheet = sheet

    def _all(self) -> list["NameApi"]:
        owners = [self.sheet] if self.sheet is not None else [self.book, *self.book.worksheets]
        return [NameApi(owner, key) for owner in owners for key in list(owner.defined_names)]

    @property
    def Count(self) -> int:
        return len(self._all())

    def Item(self, key: int | str) -> "NameApi":
        if isinstance(key, int):
            return self._all()[key - 1]
        found = [held for held in self._all() if held.key == key]
        if not found:
            raise refusal("Application-defined or object-defined error")
        return found[0]

    def Add(self, name: str, refers_to: str) -> "NameApi":
        self.check("Names")
        owner = self.sheet if self.sheet is not None else self.book
        owner.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return NameApi(owner, name)


class NameApi:
    def __init__(self, owner: Workbook | Worksheet, key: str) -> None:
        self.owner = owner
        self.key = key

    @property
    def Name(self) -> str:
        if isinstance(self.owner, Workbook):
            return self.key
        title = self.owner.title
        quoted = title if title.isidentifier() else "'" + title.replace("'", "''") + "'"
        return f"{quoted}!{self.key}"

    @property
    def RefersTo(self) -> str:
        return "=" + self.owner.defined_names[self.key].attr_text

    @property
    def Visible(self) -> bool:
        return not self.owner.defined_names[self.key].hidden

    @Visible.setter
    def Visible(self, visible: bool) -> None:
        self.owner.defined_names[self.key].hidden = not visible

    def Delete(self) -> None:
        del self.owner.defined_names[self.key]
