"""Writes the two modules that follow the formulas: a VBA function for each, and the texts of their arguments.

The wrappers only carry values; what they share is in RebalSupport.bas. They are kept in the repository beside the other
sources, and a test holds them to the formulas of today.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from rebal_xl.excel.addin.modules import ENCODING, SourceError

WRAPPERS, TEXTS = "RebalFormulas", "RebalTexts"
# This one is answered by the add-in first, and takes a cell, not its value.
WHY = "REBAL_WHY"
# The Function Wizard's category "Financial", as a procedure's attribute says it.
FINANCIAL = r" \n1"
# Excel cuts longer texts off or refuses them.
LONGEST_TEXT = 255

# An argument by one of these names would not compile, or would hide what the wrapper uses.
_RESERVED_WORDS = """
and any array as boolean byref byte byval call case const currency date debug declare dim do double each else
empty end enum erase error event exit false for friend function get global gosub goto if implements in integer
is let like long loop lset me mod name new next not nothing null object on open option optional or paramarray
preserve print private property public put raiseevent redim rem resume return rset select set single static step
stop string sub then time to true type typeof until variant wend while with withevents write xor
"""
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Argument(Protocol):
    """What a wrapper needs to know of an argument."""

    @property
    def name(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def optional(self) -> bool: ...


class Formula(Protocol):
    """What a wrapper needs to know of a formula."""

    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def arguments(self) -> Sequence[Argument]: ...
    @property
    def heavy(self) -> bool: ...


def wrappers_source(formulas: Iterable[Formula]) -> str:
    """RebalFormulas.bas: one VBA function for each formula; SourceError for what VBA could not hold."""
    head = (
        f'Attribute VB_Name = "{WRAPPERS}"\n'
        "Option Explicit\n"
        "' Written by rebal_xl.excel.addin from the formulas in Python: do not edit. Each sends the values of its\n"
        "' arguments and where they came from to the engine, and gives its answer to the cell.\n"
    )
    return head + "".join("\n" + _wrapper(formula) for formula in formulas)


def texts_source(formulas: Iterable[Formula]) -> str:
    """RebalTexts.bas: the Function Wizard's texts, told to Excel when it is ready (RebalHelp.bas)."""
    lines = [
        f'Attribute VB_Name = "{TEXTS}"',
        "Option Explicit",
        "Option Private Module",
        "' Written by rebal_xl.excel.addin from the formulas in Python: do not edit.",
        "",
        "Public Sub RebalDescribeFormulas()",
    ]
    for formula in formulas:
        notes = [_quoted(argument.note, f"{formula.name}, {argument.name}") for argument in formula.arguments]
        lines.append(f"    RebalDescribe {_quoted(formula.name, formula.name)}, _")
        summary = f"        {_quoted(formula.summary, formula.name)}"
        if not notes:
            lines.append(f"{summary}, Array()")
            continue
        lines.append(f"{summary}, Array( _")
        lines += [f"        {note}, _" for note in notes[:-1]] + [f"        {notes[-1]})"]
    return "\n".join([*lines, "End Sub"]) + "\n"


def _wrapper(formula: Formula) -> str:
    name = formula.name
    if not _IDENTIFIER.fullmatch(name):
        raise SourceError(f"{name} is no name for a VBA function")
    names = [argument.name for argument in formula.arguments]
    for argument in names:
        if not _IDENTIFIER.fullmatch(argument) or argument.lower() in _RESERVED_WORDS.split():
            raise SourceError(f"{name}: VBA does not allow an argument named {argument!r}")
    declared = ", ".join(_declared(argument) for argument in formula.arguments)
    lines = [
        f"Public Function {name}({declared}) As Variant",
        f"Attribute {name}.VB_Description = {_quoted(formula.summary, name)}",
        f'Attribute {name}.VB_ProcData.VB_Invoke_Func = "{FINANCIAL}"',
    ]
    if name == WHY:
        lines.append(f"    {name} = RebalReason({names[0]})")
    else:
        values = ", ".join(f"RebalIn({argument})" for argument in names)
        places = ", ".join(f"RebalPlace({argument})" for argument in names)
        lines.append("    On Error GoTo failed")
        if formula.heavy:
            # Excel calls before all arguments are calculated, and again afterwards.
            lines += [f"    If RebalWaits({argument}) Then Exit Function" for argument in names]
        lines += [
            f'    {name} = RebalAnswer("{name}", _',
            f"        Array({values}), _",
            f"        Array({places}))",
            "    Exit Function",
            "failed:",
            f"    {name} = RebalFailed(Err.Number, Err.Description)",
        ]
    return "\n".join([*lines, "End Function"]) + "\n"


def _declared(argument: Argument) -> str:
    return f"{'Optional ' if argument.optional else ''}ByVal {argument.name} As Variant"


def _quoted(text: str, where: str) -> str:
    """A text as a VBA literal of one line."""
    if not text or len(text) > LONGEST_TEXT or "\n" in text:
        raise SourceError(f"{where}: the Function Wizard takes one line of 1 to {LONGEST_TEXT} characters: {text!r}")
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError as error:
        raise SourceError(f"{where}: {text[error.start]!r} is not in the code page of VBA sources: {text!r}") from error
    return '"' + text.replace('"', '""') + '"'
