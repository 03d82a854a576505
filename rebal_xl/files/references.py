"""
Formulas that follow a renamed sheet or table.
Our sheets are built under plain names; where the advisor already has such a sheet or table, ours is renamed and
every formula, chart and link inside our sheets must say the new name. Texts and other workbooks are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

MAX_SHEET_NAME = 31

_SHEET_OF = re.compile(r"(?:'(?P<quoted>(?:[^']|'')*)'|(?P<plain>[^'!]+))!")
_PLAIN_SHEET = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*|[RrCc]")
_TOKEN = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")              # a text
  | (?P<quoted>'(?:[^']|'')*')(?=!)       # a sheet name in quotes
  | (?P<span>[A-Za-z_][\w.]*:[A-Za-z_][\w.]*)(?=!)   # two unquoted sheet names: a span of sheets
  | (?P<word>[\w\\.?]+)                   # a name, a number, a cell, an unquoted sheet name
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Renames:
    """Old name -> new name, for sheets and tables; names are compared without case."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(old != new for names in (self.sheets, self.tables) for old, new in names.items())

    def formula(self, formula: str) -> str:
        """The formula (with or without its "=") with every renamed sheet and table."""
        if not self:
            return formula
        sheets = {old.lower(): new for old, new in self.sheets.items() if old != new}
        tables = {old.lower(): new for old, new in self.tables.items() if old != new}
        out: list[str] = []
        position = 0
        while position < len(formula):
            if formula[position] == "[":
                end = _bracket_end(formula, position)
                out.append(formula[position:end])
                position = end
                continue
            match = _TOKEN.match(formula, position)
            if match is None:
                out.append(formula[position])
                position += 1
                continue
            out.append(self._token(match, formula, sheets, tables))
            position = match.end()
        return "".join(out)

    def location(self, location: str, theirs: Collection[str] = ()) -> str:
        """A hyperlink's place in the workbook, e.g. "Trades!A1"; left alone on a sheet of the advisor's, `theirs`."""
        match = _SHEET_OF.match(location)
        sheet = "" if match is None else (match["plain"] or match["quoted"].replace("''", "'"))
        return location if sheet.lower() in theirs else self.formula(location)

    def _token(self, match: re.Match[str], formula: str, sheets: dict[str, str], tables: dict[str, str]) -> str:
        token = match[0]
        before, after = formula[match.start() - 1 : match.start()], formula[match.end() : match.end() + 1]
        if match["text"]:
            # HYPERLINK("#Trades!A1", …): the only text that names a sheet for us.
            return '"#' + self.formula(token[2:-1]) + '"' if token.startswith('"#') else token
        if match["quoted"]:
            held = token[1:-1].replace("''", "'")
            first, last = _renamed_span(held, sheets)
            same = held == (first if last is None else f"{first}:{last}")
            return token if same or "[" in held else quoted_sheet(first, last)
        if match["span"]:
            return token if before == "]" else quoted_sheet(*_renamed_span(token, sheets))
        if after == "!" and before != "]":
            return quoted_sheet(sheets[token.lower()]) if token.lower() in sheets else token
        if after not in ("(", "!") and token.lower() in tables:
            return tables[token.lower()]
        return token


def quoted_sheet(first: str, last: str | None = None) -> str:
    """A sheet name (or a span of sheets) as formulas write it, with quotes where they need them."""
    name = first if last is None else f"{first}:{last}"
    plain = all(_PLAIN_SHEET.fullmatch(part) and not _LOOKS_LIKE_CELL.fullmatch(part) for part in name.split(":"))
    return name if plain else "'" + name.replace("'", "''") + "'"


def free_sheet_name(wanted: str, taken: set[str], suffix: str = " (rebal)") -> str:
    """`wanted`, or with " (rebal)", " (rebal 2)" … so that no sheet has it yet; at most 31 characters."""
    held = {name.lower() for name in taken}
    if wanted.lower() not in held:
        return wanted[:MAX_SHEET_NAME]
    number = 1
    while True:
        ending = suffix if number == 1 else f"{suffix[:-1]} {number})"
        name = wanted[: MAX_SHEET_NAME - len(ending)].rstrip() + ending
        if name.lower() not in held:
            return name
        number += 1


def free_table_name(wanted: str, taken: set[str], suffix: str = "") -> str:
    """`wanted`, or with "_2", "_3" … so that no table or defined name has it yet."""
    held = {name.lower() for name in taken}
    name, number = wanted + suffix, 1
    while name.lower() in held:
        number += 1
        name = f"{wanted}{suffix}_{number}"
    return name


def _bracket_end(formula: str, start: int) -> int:
    """Behind the "]" that closes the "[" at `start`; an apostrophe escapes a bracket in a column's name."""
    depth, position = 0, start
    while position < len(formula):
        letter = formula[position]
        if letter == "'":
            position += 1
        elif letter == "[":
            depth += 1
        elif letter == "]":
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    return len(formula)


def _renamed_span(held: str, sheets: dict[str, str]) -> tuple[str, str | None]:
    if held.lower() in sheets:
        return sheets[held.lower()], None
    first, colon, last = held.partition(":")
    if not colon:
        return held, None
    return sheets.get(first.lower(), first), sheets.get(last.lower(), last)
