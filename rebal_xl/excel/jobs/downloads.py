"""
What custodians' files say is held, each share once: the rows of every file, without what two of them tell twice.

A custodian offers one file of positions and one of lots. Chosen together, the lots count where they add up to the
position, and the position counts where there are no lots. Whatever does not add up is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rebal_xl.api import TEXT_FILES
from rebal_xl.excel.live.refusal import BookRefused
from rebal_xl.files.csvbook import read_csv_book
from rebal_xl.files.reader import read_book
from rebal_xl.household import InputErrors
from rebal_xl.intake.book import Spellings
from rebal_xl.intake.datarows import TOTAL_START
from rebal_xl.intake.find import find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.holdings import CASH_WORDS, PENDING_WORDS
from rebal_xl.intake.rows import Row, read_rows
from rebal_xl.intake.values import CORE_MARK, clean, plain_number, squeeze
from rebal_xl.sheets.grid import Cell, Grid, GridBook, cells_by_row
from rebal_xl.sheets.tables import HOLDINGS
from rebal_xl.words import count

# Schwab names the account in a line above the table, and in no column.
_SCHWAB_TITLE = re.compile(r"Positions for account (?P<account>.+?) as of ", re.IGNORECASE)
_LAST_DIGITS = re.compile(r"\s*\.\.\.\d{3,4}$")
# Vanguard keeps an account's cash in this fund and, unlike Fidelity, does not mark it.
_VANGUARD_COLUMNS = frozenset({"investmentname", "symbol", "shares", "totalvalue"})
_VANGUARD_CASH = "VMFXX"
# Shares in a file may be rounded to thousandths.
_ROUNDING = 0.0005
_TOLD = 5
_CASH = "cash"

# (account, symbol), the cash of an account together
Position = tuple[str, str]


def read_downloads(paths: Sequence[Path], spellings: Spellings) -> tuple[Row, ...]:
    """The rows of holdings in the files; `spellings` are the accounts of the workbook.

    Raises InputErrors for cells that cannot be read, BookRefused for a file without holdings and for files that tell
    one position twice without agreeing.
    """
    chosen = tuple(dict.fromkeys(paths))
    missing = [path for path in chosen if not path.is_file()]
    if missing:
        raise BookRefused(f"There is no file '{missing[0]}'. Nothing was imported.")
    grids = _grids(chosen)
    files = GridBook(None, tuple(grid for _, grid in grids))
    findings = Findings.of(files)
    regions = find_tables(files, findings).get(HOLDINGS.name, ())
    rows = read_rows(HOLDINGS, regions, findings)
    if findings.errors:
        raise InputErrors(findings.errors)
    if not rows:
        raise BookRefused("These files hold no holdings: no header row with Account, Symbol and Quantity was found.")
    read = {row.region.grid.name for row in rows}
    for path in chosen:
        if not any(grid.name in read for source, grid in grids if source == path):
            raise BookRefused(
                f"'{path.name}' holds no holdings: no header row with Account, Symbol and Quantity was found in it. "
                "Leave it out. Nothing was imported."
            )
    return _once(rows, spellings)


def account_names(rows: Iterable[Row], spellings: Spellings) -> dict[str, str]:
    """What the files call each account -> the workbook's name for it, or the same where it has none.

    Schwab puts the last digits of the number behind the name; they may go where the name alone tells the account.
    """
    written = dict.fromkeys(row.text("Account") for row in rows)
    found = {name: spellings.find(name) for name in written}
    taken = Counter(filter(None, found.values()))
    shorter = {name: spellings.find(_LAST_DIGITS.sub("", name)) for name in written if found[name] is None}
    taken.update(filter(None, shorter.values()))
    return {name: found[name] or ((short := shorter[name]) and taken[short] == 1 and short) or name for name in written}


def is_cash(row: Row) -> bool:
    """Whether the row is an account's cash."""
    cell = row.cell("Symbol")
    if cell is None or not isinstance(cell.value, str):
        return False
    written = clean(cell.value)
    return written.endswith(CORE_MARK) or squeeze(written) in CASH_WORDS | PENDING_WORDS


def is_pending(row: Row) -> bool:
    """Whether the row is money that is not settled yet."""
    cell = row.cell("Symbol")
    return cell is not None and isinstance(cell.value, str) and squeeze(clean(cell.value)) in PENDING_WORDS


def has_lots(row: Row) -> bool:
    """Whether the row's table is one of lots; a file of positions has no column for the day they were acquired."""
    return "Acquired" in row.region.columns


def amount(row: Row) -> float:
    """Shares, or dollars of cash, which custodians may give as a value only."""
    quantity = row.number_in("Quantity")
    if quantity is None and is_cash(row):
        quantity = row.number_in("Market Value")
    return quantity or 0.0


def add_up(lots: Iterable[Row], position: Iterable[Row]) -> bool:
    """Whether lots make a position, each figure rounded as custodians do."""
    figures = [*(amount(row) for row in lots), *(-amount(row) for row in position)]
    return abs(sum(figures)) <= _ROUNDING * (len(figures) + 1)


def _grids(paths: Sequence[Path]) -> list[tuple[Path, Grid]]:
    texts = [path for path in paths if path.suffix.lower() in TEXT_FILES]
    held = read_csv_book(texts).grids if texts else ()
    grids = [(path, _marked_cash(_with_account(grid))) for path, grid in zip(texts, held, strict=True)]
    for path in paths:
        if path not in texts:
            grids += [(path, replace(grid, name=f"{path.stem} {grid.name}")) for grid in read_book(path).grids]
    return grids


def _with_account(grid: Grid) -> Grid:
    """Schwab's positions with a column for the account that the line above each table names."""
    cells = dict(grid.cells)
    column = max((held for _, held in cells), default=0) + 1
    account, inside = "", False
    for row, held in sorted(cells_by_row(grid.cells).items()):
        texts = [clean(cell.value) for _, cell in sorted(held.items()) if isinstance(cell.value, str)]
        first = next(filter(None, texts), "")
        title = _SCHWAB_TITLE.match(first)
        if title is not None:
            account, inside = title["account"], False
        elif account and not inside:
            inside = "symbol" in map(squeeze, texts)
            if inside:
                cells[row, column] = Cell("Account")
        elif account and len(texts) > 1 and not TOTAL_START.match(first):
            cells[row, column] = Cell(account)
    return replace(grid, cells=cells)


def _marked_cash(grid: Grid) -> Grid:
    """Vanguard's holdings with the settlement fund marked as the cash it is."""
    column = 0
    cells = dict(grid.cells)
    for row, held in sorted(cells_by_row(grid.cells).items()):
        names = {squeeze(cell.value): number for number, cell in held.items() if isinstance(cell.value, str)}
        if "symbol" in names:
            column = names["symbol"] if names.keys() >= _VANGUARD_COLUMNS else 0
        elif column in held and clean(str(held[column].value)).upper() == _VANGUARD_CASH:
            cells[row, column] = Cell(_VANGUARD_CASH + CORE_MARK)
    return replace(grid, cells=cells)


def _once(rows: Sequence[Row], spellings: Spellings) -> tuple[Row, ...]:
    """The rows without positions that lots of another file make up. Raises BookRefused for what does not agree."""
    names = account_names(rows, spellings)
    positions: dict[Position, list[Row]] = {}
    for row in rows:
        account = names[row.text("Account")]
        positions.setdefault((account, _CASH if is_cash(row) else row.text("Symbol")), []).append(row)
    # accounts of which a file gives whole positions, and that file
    whole = {account: row for (account, _), held in positions.items() for row in held if not has_lots(row)}
    twice: dict[tuple[str, str], list[Position]] = {}
    wrong: list[str] = []
    dropped: set[tuple[str, int]] = set()
    for position, held in positions.items():
        lots, totals = [row for row in held if has_lots(row)], [row for row in held if not has_lots(row)]
        for kind in (lots, totals):
            files = _files(kind)
            if len(files) > 1:
                twice.setdefault((files[0], files[1]), []).append(position)
        if lots and (totals or (position[0] in whole and position[1] != _CASH)):
            if not add_up(lots, totals):
                wrong.append(_difference(position, lots, totals, whole[position[0]]))
            dropped |= {(row.region.grid.name, row.number) for row in totals}
    _refuse(twice, wrong)
    return tuple(row for row in rows if (row.region.grid.name, row.number) not in dropped)


def _files(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row.region.grid.name for row in rows))


def _difference(position: Position, lots: Sequence[Row], totals: Sequence[Row], whole: Row) -> str:
    account, symbol = position
    added, held = (plain_number(round(sum(map(amount, rows)), 4)) for rows in (lots, totals))
    other = whole.region.grid.name
    stands = f"{other} has {held}" if totals else f"{other} has none"
    return f"{symbol} in {account}: lots of {added} in {_files(lots)[0]}, {stands}"


def _refuse(twice: Mapping[tuple[str, str], Sequence[Position]], wrong: Sequence[str]) -> None:
    if twice:
        (one, other), positions = next(iter(twice.items()))
        account, symbol = positions[0]
        more = len(positions) - 1
        also = f", and so {'does' if more == 1 else 'do'} {count(more, 'more position')}" if more else ""
        raise BookRefused(
            f"{symbol} in {account} stands in {one} and in {other}{also}; together they would count twice. Choose one "
            "of the two files. Nothing was imported."
        )
    if wrong:
        rest = f"\nand {count(len(wrong) - _TOLD, 'more position')}" if len(wrong) > _TOLD else ""
        raise BookRefused(
            "The lots do not add up to the positions. Download both files on the same day, or choose the file of the "
            "lots alone. Nothing was imported.\n" + "\n".join(wrong[:_TOLD]) + rest
        )
