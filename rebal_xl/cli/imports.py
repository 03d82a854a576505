"""`rebal-xl read`, `import` and `mapping`: custodians' files shown, brought into a workbook, and named once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from rebal_xl import words
from rebal_xl.cli import documents, import_documents
from rebal_xl.cli.guard import Exit, ending_well
from rebal_xl.cli.jobs import say_saved
from rebal_xl.cli.screen import Screen
from rebal_xl.cli.show import number_column, plain_table, say_heading, show_problems
from rebal_xl.files.imports import Imported, import_into, understand
from rebal_xl.files.mappings import keep_mapping, mapping_names, read_mapping
from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.statements import LeftOut, read_files
from rebal_xl.household import InputErrors, Problem, Severity
from rebal_xl.intake.custodians.mapping import Mapping, propose, to_document
from rebal_xl.intake.custodians.reconcile import amount, is_cash, is_pending
from rebal_xl.intake.custodians.statement import FileRead
from rebal_xl.intake.rows import Row
from rebal_xl.intake.values import plain_number

ACTIONS = ("new", "list", "show")
_LINES = 40
# Columns whose change is told lot by lot.
_TELLING = frozenset({"Quantity", "Cost Basis"})
_WRITE_MAPPING = (
    "Write behind each header which column of ours it is (Account, Symbol, Quantity, Price, Cost Basis, Acquired ...), "
    "leave the others empty, and give what the file lacks under constants."
)


def read(screen: Screen, files: Sequence[Path]) -> Exit:
    """Show what the files say."""
    with ending_well(screen, "read"):
        found = understand(files)
        if screen.as_json:
            _answer(screen, "read", found.statement.notices, {"read": import_documents.understood(found)})
            return Exit.DONE
        show_problems(screen.err, found.statement.notices)
        _show_files(screen.out, found.statement.files, found.left_out)
        _show_rows(screen.out, "Holdings", found.statement.holdings)
        _show_rows(screen.out, "Recent trades", found.statement.trades)
        return Exit.DONE


def bring_in(screen: Screen, files: Sequence[Path], into: Path, out: Path | None, *, dry_run: bool) -> Exit:
    """Import the files, and say what changed."""
    with ending_well(screen, "import"):
        imported = import_into(into, files, out, write=not dry_run)
        if screen.as_json:
            saved = imported.saved
            written = {"workbook": str(saved.path)} if saved is not None else None
            answer = {"import": import_documents.imported(imported), "written": written}
            _answer(screen, "import", imported.found.notices, answer)
            return Exit.DONE
        show_problems(screen.err, imported.found.notices)
        _show_files(screen.out, imported.found.statement.files, imported.left_out)
        _show_changes(screen.out, imported)
        if imported.saved is not None:
            say_saved(screen, "The workbook is", imported.saved)
        elif not imported.found.edits:
            screen.out.print("The files hold what the workbook holds already. Nothing was written.")
        return Exit.DONE


def mapping(screen: Screen, action: str, name: str, file: Path | None, *, force: bool) -> Exit:
    """Make, list or show mappings."""
    if action not in ACTIONS:
        raise typer.BadParameter(f"'{action}' is none of {', '.join(ACTIONS)}.")
    if action != "list" and not name:
        raise typer.BadParameter(f"give a name: rebal-xl mapping {action} NAME")
    if action == "new" and file is None:
        raise typer.BadParameter("give a name and an export: rebal-xl mapping new NAME FILE")
    with ending_well(screen, "mapping"):
        if action == "list":
            _list_mappings(screen)
        elif action == "show":
            kept = read_mapping(name)
            if screen.as_json:
                _answer(screen, "mapping", (), {"mapping": import_documents.mappings([kept], None)})
            else:
                screen.write(json.dumps(to_document(kept), indent=2))
        elif file is not None:
            _new_mapping(screen, name, file, force=force)
    return Exit.DONE


def _new_mapping(screen: Screen, name: str, file: Path, *, force: bool) -> None:
    grids = [grid for one in read_files([file]).files for grid in one.book.grids]
    if not grids:
        raise FileRefused(f"'{file.name}' holds no table.")
    made = propose(name, max(grids, key=lambda grid: len(grid.cells)))
    path = keep_mapping(made, replace=force)
    if screen.as_json:
        _answer(screen, "mapping", (), {"mapping": import_documents.mappings([made], path)})
        return
    for theirs, ours in made.columns.items():
        screen.out.print(Text(f"{theirs}: {ours or '(not read)'}"))
    screen.err.print(Text(_WRITE_MAPPING))
    screen.err.print(Text(f"The mapping is {path}"), soft_wrap=True)


def _list_mappings(screen: Screen) -> None:
    """Every mapping, and of those that cannot be used why."""
    used: list[Mapping] = []
    wrong: list[Problem] = []
    for name in mapping_names():
        try:
            used.append(read_mapping(name))
        except InputErrors as found:
            wrong += found.problems
        except FileRefused as refused:
            wrong.append(Problem(refused.sentence, sheet=name, code="file-refused"))
    if screen.as_json:
        notices = [replace(one, severity=Severity.NOTICE) for one in wrong]
        _answer(screen, "mapping", notices, {"mapping": import_documents.mappings(used, None)})
        return
    for each in used:
        columns = words.count(sum(bool(ours) for ours in each.columns.values()), "column")
        screen.out.print(Text(f"{each.name}: {columns} of {each.table}"))
    for one in wrong:
        screen.out.print(Text(f"Not used: {one}"))


def _answer(screen: Screen, command: str, notices: Sequence[Problem], answer: documents.Document) -> None:
    screen.write(documents.as_text(documents.head(command, notices, 0) | answer))


def _show_files(console: Console, files: Sequence[FileRead], left_out: Sequence[LeftOut]) -> None:
    table = plain_table()
    table.add_column("File", overflow="fold")
    table.add_column("What it is", overflow="fold")
    for name in ("Lots", "Positions", "Trades"):
        number_column(table, name)
    table.add_column("As of", no_wrap=True)
    for file in files:
        if not file.empty:
            seen = f"{file.seen:%m/%d/%Y}" if file.seen else ""
            numbers = (str(file.lots or ""), str(file.positions or ""), str(file.trades or ""))
            table.add_row(Text(file.name), Text(", ".join(file.layouts)), *numbers, seen)
    console.print(table)
    for one in left_out:
        console.print(Text(f"Left out: {one.name}: {one.why}"))


def _show_rows(console: Console, title: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    say_heading(console, title)
    counted = Counter((row.text("Account"), _held(row)) for row in rows)
    shares: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (row.text("Account"), _held(row))
        shares[key] = shares.get(key, 0.0) + amount(row)
    table = plain_table()
    table.add_column("Account", overflow="fold")
    table.add_column("Symbol", overflow="fold")
    number_column(table, "Rows")
    number_column(table, "Quantity")
    values = _values(rows)
    if values:
        number_column(table, "Market Value")
    for key, count in counted.items():
        value = [f"{values[key]:,.2f}" if key in values else ""] if values else []
        table.add_row(Text(key[0]), Text(key[1]), str(count), plain_number(round(shares[key], 4)), *value)
    console.print(table)


def _values(rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """Account and what it holds -> its dollars as the files give them, where every row of it has some."""
    values: dict[tuple[str, str], float] = {}
    unknown: set[tuple[str, str]] = set()
    for row in rows:
        key, value = (row.text("Account"), _held(row)), row.number_in("Market Value")
        value = amount(row) if value is None and is_cash(row) else value
        if value is None:
            unknown.add(key)
        else:
            values[key] = values.get(key, 0.0) + value
    return {key: value for key, value in values.items() if key not in unknown}


def _held(row: Row) -> str:
    if is_pending(row):
        return "Not settled yet"
    return "Cash" if is_cash(row) else row.text("Symbol")


def _show_changes(console: Console, imported: Imported) -> None:
    found = imported.found
    say_heading(console, "What changes")
    merge = found.holdings
    for line in _capped(f"New: {_lot(row)}" for row in merge.new):
        console.print(Text(line))
    for line in _capped(f"Gone: {_lot(row)}" for row in merge.gone):
        console.print(Text(line))
    for line in _capped(told for old, now, columns in merge.changed if (told := _changed(old, now, columns))):
        console.print(Text(line))
    others = dict.fromkeys(name for _, _, columns in merge.changed for name in columns if name not in _TELLING)
    if others:
        rows = sum(bool(set(columns) - _TELLING) for _, _, columns in merge.changed)
        console.print(Text(f"Also written for {words.count(rows, 'lot')} that the workbook has: {', '.join(others)}"))
    for account, symbol in merge.lost:
        console.print(Text(f"Lots and their dates go, since the files give the position alone: {symbol} in {account}"))
    for one in merge.cash:
        console.print(Text(f"Cash of {one.account}: ${one.in_files:,.2f}, was ${one.in_accounts:,.2f}"))
    for move in found.prices:
        before = f", was {plain_number(move.before)}" if move.before is not None else ""
        console.print(Text(f"Price of {move.symbol}: {plain_number(move.now)}{before}"))
    if found.trades:
        where = "not written: the workbook has no table RecentTrades" if found.trades_lost else "added"
        console.print(f"Recent trades {where}: {len(found.trades)}")
    if merge.dropped:
        console.print(Text(f"The table of holdings has no columns for {', '.join(merge.dropped)}."))


def _changed(old: Row, now: Row, columns: Iterable[str]) -> str:
    """What tells a lot's change, "" when only prices and what follows from them moved."""
    told = []
    for name in sorted(_TELLING.intersection(columns)):
        before, after = old.number_in(name), now.number_in(name)
        if before != after:
            told.append(f"{name} {_figure(after)}, was {_figure(before)}")
    return f"Changed: {_lot(old)}: {'; '.join(told)}" if told else ""


def _figure(number: float | None) -> str:
    return "not known" if number is None else plain_number(number)


def _capped(lines: Iterable[str]) -> list[str]:
    told = list(lines)
    more = len(told) - _LINES
    return [*told[:_LINES], f"and {words.count(more, 'more line')} like these"] if more > 0 else told


def _lot(row: Row) -> str:
    day = row.day("Acquired")
    acquired = f" of {day:%m/%d/%Y}" if day else ""
    return f"{plain_number(amount(row))} {row.text('Symbol')}{acquired} in {row.text('Account')}"
