"""What a column, a table and a sheet are: the vocabulary of the one description of the workbook.

Reader, checks, template, writers and documentation all follow these objects; none of them knows a column by itself.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    # quantity of shares or another plain number
    NUMBER = "number"
    # dollars
    MONEY = "money"
    # share 0..1; read from 60, 60 % or 0.6 by the cell's format and the column's total
    PERCENT = "percent"
    DATE = "date"
    # Yes/No
    FLAG = "flag"
    # one of a closed list
    CHOICE = "choice"
    WHOLE = "whole number"
    # symbols separated by commas
    SYMBOLS = "symbols"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    # header as we write it
    name: str
    kind: Kind
    # what it means, in one or two sentences: header note, documentation and error advice
    note: str
    required: bool = False
    # other headers seen in the wild
    synonyms: tuple[str, ...] = ()
    # allowed words of a CHOICE, as we write them
    choices: tuple[str, ...] = ()
    # (as written, what it means) beyond the choices, e.g. ("traditional IRA", "tax-deferred")
    choice_synonyms: tuple[tuple[str, str], ...] = ()
    # Excel number format
    number_format: str = "General"
    # width in characters
    width: float = 12.0
    # longer text of a result is wrapped at so many characters; 0 where the usual will do
    wrap_at: float = 0.0
    # what a blank cell means, in words, for the documentation
    blank: str = ""
    # least and greatest sensible value; beyond is an error
    least: float | None = None
    greatest: float | None = None
    # field of the noun it fills, e.g. "cash_usd" of Account; "" when it takes more than copying a value
    field: str = ""
    # column whose entries this one names, as "Accounts[Account]"; the template offers them as a list
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One input or result table."""

    # name of the Excel table
    name: str
    # sheet it lives on in our template
    sheet: str
    columns: tuple[Column, ...]
    # what it is for
    note: str
    # input tables are yellow; result tables are ours to rewrite
    is_input: bool = True
    # a household cannot be read without it
    required: bool = False
    synonyms: tuple[str, ...] = ()
    # a matrix: after the described columns comes one column for every name in the first column
    square: bool = False
    # found by its own name or its sheet's alone, never by its headers: these are those of another table too
    named_only: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the Settings table."""

    name: str
    kind: Kind
    note: str
    # the value the template shows; also what a missing row means
    default: str | float | bool | None = None
    choices: tuple[str, ...] = ()
    # field of Policy it fills, "" when another part reads it
    policy_field: str = ""
    number_format: str = "General"
    least: float | None = None
    greatest: float | None = None
