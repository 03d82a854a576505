"""What a formula is: its name, its arguments with their notes, and the function, marked for xlwings and described
for everything that must know the formulas without Excel (wrappers, documentation, tests)."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from rebal_xl.excel.tame import xlwings as xw

# Number of the category "Financial" in Excel's Function Wizard.
FINANCIAL = 1
# The Function Wizard shows no more of a note.
LONGEST_NOTE = 255

# Rows of cells, as xlwings hands them over with ndim=2; None when the argument was left out.
# (Any and no narrower type: xlwings takes type hints of a formula for converters.)
Cells = Any
# One cell.
OneCell = Any
Result = Any

_TABLE = {"ndim": 2, "err_to_str": True}
_CELL = {"err_to_str": True}

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Note:
    """What the Function Wizard says about an argument, and how it is read."""

    text: str
    # a range with rows and columns; else one cell
    table: bool = True
    # what it says in a formula that cannot do without the argument, where that is another text
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a formula."""

    name: str
    note: str
    optional: bool
    # options of xlwings' converters
    options: Mapping[str, object]

    @property
    def is_table(self) -> bool:
        """True for a range with rows and columns, False for one cell."""
        return "ndim" in self.options


@dataclass(frozen=True, slots=True)
class Formula:
    """One worksheet formula."""

    name: str
    # one or two sentences for the Function Wizard
    summary: str
    # in the order of the sheet formula
    arguments: tuple[Argument, ...]
    # takes seconds: not computed while the Function Wizard is open
    heavy: bool
    # takes converted arguments, gives rows or one value
    function: Callable[..., Any]
    # an answer that depends on more than its arguments: never kept
    cached: bool = True


def formula(notes: Mapping[str, Note], *, heavy: bool = False, cached: bool = True) -> Callable[[_Function], _Function]:
    """Make a function a worksheet formula.

    The function's docstring is its summary, its parameters are the arguments; `notes` says what each is for. ValueError
    for a text that the Function Wizard would cut off, KeyError for an argument without note.
    """

    def mark(function: _Function) -> _Function:
        described = _described(function, notes, heavy, cached)
        for argument in reversed(described.arguments):
            function = xw.arg(argument.name, doc=argument.note, **argument.options)(function)
        function = xw.ret()(function)
        function = xw.func(category=FINANCIAL, call_in_wizard=not heavy)(function)
        function.__formula__ = described  # type: ignore[attr-defined]
        return function

    return mark


def _described(function: Callable[..., Any], notes: Mapping[str, Note], heavy: bool, cached: bool) -> Formula:
    summary = inspect.cleandoc(function.__doc__ or "").replace("\n", " ")
    # xlwings takes the docstring as it stands.
    function.__doc__ = summary
    arguments = tuple(
        _argument(name, notes[name], parameter.default is not inspect.Parameter.empty)
        for name, parameter in inspect.signature(function).parameters.items()
    )
    for text in (summary, *(argument.note for argument in arguments)):
        if not text or len(text) > LONGEST_NOTE:
            raise ValueError(f"{function.__name__}: the Function Wizard shows 1 to {LONGEST_NOTE} characters: {text!r}")
    return Formula(function.__name__, summary, arguments, heavy, function, cached)


def _argument(name: str, note: Note, optional: bool) -> Argument:
    text = note.text if optional else note.needed or note.text
    return Argument(name, text, optional, _TABLE if note.table else _CELL)


def described(function: Callable[..., Any]) -> Formula:
    """The description of a function that was made a formula."""
    found: Formula = function.__formula__  # type: ignore[attr-defined]
    return found
