"""The reference of the workbook in Markdown, generated from the description, so that it is never out of date.

`python -m rebal_xl.sheets.docs docs/workbook-reference.md` writes it.
"""

import sys
from collections.abc import Sequence

from rebal_xl.sheets.markdown import table_of, write_page
from rebal_xl.sheets.results import RESULT_TABLES
from rebal_xl.sheets.schema import Column, Kind, Setting, Table
from rebal_xl.sheets.tables import FURTHER_TABLES, INPUT_TABLES, SETTINGS, SETTINGS_ROWS

INTRODUCTION = """\
# Workbook reference

Every table, column and setting of a household workbook. This page is generated from the description that the reader,
the checks, the template and the writers follow.

Tables are Excel tables, found by their name; where a workbook has none, by a row of headers. Names of tables, columns
and choices are compared without case, spaces or punctuation, and the other names in the tables below are understood as
well. Column order is free; other columns are kept and ignored. **Bold** columns are required. Dollars are plain
numbers; percents may be written as 60 %, 60 or 0.6; dates are written month/day/year.
"""

RESULTS_NOTE = """\
Result sheets carry a hidden mark and are rewritten whole on every run; nothing is typed there. They hold values only.
"""


def workbook_reference() -> str:
    """The whole page."""
    parts = [INTRODUCTION, "## Input tables\n"]
    parts += [_table_part(table) for table in INPUT_TABLES if table is not SETTINGS]
    parts += [_table_part(table) for table in FURTHER_TABLES]
    parts += [_settings_part(), "## Result tables\n", RESULTS_NOTE]
    parts += [_table_part(table) for table in RESULT_TABLES]
    return "\n".join(parts).rstrip() + "\n"


def _table_part(table: Table) -> str:
    facts = [f"Sheet {table.sheet}."]
    if table.required:
        facts.append("Required.")
    if table.synonyms:
        facts.append(f"Also called {', '.join(table.synonyms)}.")
    lines = [f"### {table.name}\n", f"{table.note}\n", f"{' '.join(facts)}\n"]
    if table.is_input:
        lines.append(
            table_of(("Column", "Holds", "Meaning", "Blank means", "Also called"), map(_input_row, table.columns))
        )
    else:
        lines.append(table_of(("Column", "Holds", "Meaning"), (_input_row(column)[:3] for column in table.columns)))
    lines.extend(_choices(column) for column in table.columns if column.choice_synonyms)
    return "\n".join(lines)


def _input_row(column: Column) -> Sequence[str]:
    name = f"**{column.name}**" if column.required else column.name
    return (name, _holds(column), column.note, column.blank, ", ".join(column.synonyms))


def _holds(column: Column | Setting) -> str:
    if column.kind is Kind.FLAG:
        return "Yes or No"
    if column.kind is Kind.CHOICE:
        return ", ".join(column.choices)
    return ("dollars" if column.kind is Kind.MONEY else column.kind.value) + _limits(column)


def _limits(column: Column | Setting) -> str:
    def shown(value: float) -> str:
        return f"{value:.0%}" if column.kind is Kind.PERCENT else f"{value:g}"

    if column.least is not None and column.greatest is not None:
        return f", {shown(column.least)} to {shown(column.greatest)}"
    if column.least is not None:
        return f", at least {shown(column.least)}"
    return f", at most {shown(column.greatest)}" if column.greatest is not None else ""


def _choices(column: Column) -> str:
    meanings: dict[str, list[str]] = {choice: [] for choice in column.choices}
    for word, meaning in column.choice_synonyms:
        meanings[meaning].append(word)
    rows = ((choice, ", ".join(words)) for choice, words in meanings.items() if words)
    return f"What {column.name} understands:\n\n" + table_of((column.name, "Also written"), rows)


def _settings_part() -> str:
    lines = [f"### {SETTINGS.name}\n", f"{SETTINGS.note}\n", f"Sheet {SETTINGS.sheet}. Columns Name and Value.\n"]
    rows = ((row.name, _holds(row), row.note, _default(row)) for row in SETTINGS_ROWS)
    return "\n".join([*lines, table_of(("Name", "Value", "Meaning", "Default"), rows)])


def _default(row: Setting) -> str:
    if row.default is None:
        return ""
    if isinstance(row.default, bool):
        return "Yes" if row.default else "No"
    if isinstance(row.default, str):
        return row.default
    if row.kind is Kind.PERCENT:
        return f"{row.default * 100:g}%"
    return f"{'$' if row.kind is Kind.MONEY else ''}{row.default:g}"


def main(arguments: Sequence[str]) -> int:
    """Write the page to the given path; returns the exit code."""
    return write_page(arguments, workbook_reference, "docs/workbook-reference.md")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
