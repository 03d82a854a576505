"""Matrices of accounts and asset classes, or of accounts and securities, and lists of classes without securities.

Dollars of a class are held as shares, at one dollar each, of a security that stands for the class. Where an account is
taxable nobody knows what they cost, so that they count and are not sold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rebal_xl.household import CASH_SYMBOL
from rebal_xl.intake.blocks import Block, Rows
from rebal_xl.intake.candidates import NAMES, Candidate
from rebal_xl.intake.findings import Findings, place_in
from rebal_xl.intake.matrix_checks import Matrix, Spot, may_be_read
from rebal_xl.intake.naming import (
    CASH_CLASSES,
    SHARES_WORD,
    Names,
    amount,
    is_percent,
    is_total,
    scale_of,
    sounds_like_an_account,
    text_of,
)
from rebal_xl.intake.values import plain_number, squeeze
from rebal_xl.sheets.grid import Cell, Grid
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS

# What the symbol of a security that stands for a class ends in.
BY_CLASS = " (BY CLASS)"
HEADERS = ("Account", "Symbol", "Quantity", "Asset Class", "Price")


@dataclass(slots=True)
class _Virtual:
    """Rows of holdings put together from cells that stand elsewhere."""

    grid: Grid
    header: int
    cells: dict[Spot, Cell] = field(default_factory=dict)
    origin: dict[Spot, Spot] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    count: int = 0

    def add(self, values: Sequence[tuple[Cell | None, Spot]]) -> None:
        """One row; each value with the cell that says it."""
        self.count += 1
        row = self.header + self.count
        for number, (cell, spot) in enumerate(values, 1):
            if cell is not None:
                self.cells[row, number] = cell
            self.origin[row, number] = spot
        if values[2][1][0] in self.grid.hidden_rows:
            self.hidden.add(row)

    def candidate(self, headers: Sequence[str], spot: Spot, told: str) -> Candidate:
        """The rows under headers of ours."""
        for number, header in enumerate(headers, 1):
            self.cells[self.header, number] = Cell(header)
            self.origin[self.header, number] = spot
        grid = replace(
            self.grid, cells=self.cells, tables=(), merged=(), hidden_rows=frozenset(self.hidden), origin=self.origin
        )
        return Candidate(grid, self.header, tuple(enumerate(headers, 1)), None, told)


def matrices_of(grid: Grid, rows: Rows, names: Names, findings: Findings) -> list[Candidate]:
    """The matrices of a sheet as lists of holdings; one that cannot be read without a guess is an error."""
    found: list[Candidate] = []
    done = 0
    for header in sorted(rows):
        cells = rows[header]
        if header <= done:
            continue
        if len(cells) < 3 and not (len(cells) == 2 and len(names.accounts) == 1):
            continue
        for read in (_classes_down, _classes_across, _securities_down):
            held = read(grid, rows, header, names, findings)
            if held is not None:
                found += held
                done = max((row for one in held for row, _ in one.grid.origin.values()), default=header + 2)
                break
    return found


def by_class(candidate: Candidate, block: Block, grid: Grid) -> Candidate:
    """A list of classes and dollars with the securities that stand for the classes."""
    last = max(number for number, _ in candidate.headers)
    symbol, quantity, price = last + 1, last + 2, last + 3
    what, value = block.filled
    scale = scale_of(grid, candidate.row, [text for _, text in candidate.headers])
    cells, origin = dict(candidate.grid.cells), dict(candidate.grid.origin)
    origin |= {(candidate.row, number): (candidate.row, what) for number in (symbol, quantity, price)}
    for (row, number), cell in list(cells.items()):
        name = text_of(cell) if number == what else ""
        if not name or is_total(name) or not candidate.row < row <= block.last_row or (row, value) not in cells:
            continue
        cash = squeeze(name) in CASH_CLASSES
        cells[row, symbol] = Cell(CASH_SYMBOL if cash else f"{name}{BY_CLASS}", "@")
        cells[row, quantity] = _scaled(cells[row, value], scale)
        if not cash:
            cells[row, price] = Cell(1.0)
        origin |= {(row, symbol): (row, what), (row, quantity): (row, value), (row, price): (row, value)}
    headers = (*candidate.headers, (symbol, "Symbol"), (quantity, "Quantity"), (price, "Price"))
    said = "; ".join(
        filter(None, (candidate.told, f"it names classes and dollars{_in(scale)}, which are held by class"))
    )
    return Candidate(replace(candidate.grid, cells=cells, origin=origin), candidate.row, headers, None, said)


def _classes_down(grid: Grid, rows: Rows, header: int, names: Names, findings: Findings) -> list[Candidate] | None:
    """Classes in the first column, accounts across."""
    cells = rows[header]
    corner = min(cells)
    found = NAMES[HOLDINGS.name].column_of(text_of(cells[corner])) if text_of(cells[corner]) else None
    heads = found is not None and found[1].name == "Asset Class"
    down = _names_down(rows, header, corner, names)
    for start in () if heads or sum(bool(names.asset_class(name)) for name in down.values()) >= 2 else (corner - 1,):
        # The corner may be empty.
        down = _names_down(rows, header, start, names)
        if start < 1 or sum(bool(names.asset_class(name)) for name in down.values()) < 2:
            return None
        corner = start
    across = _accounts_across(cells, corner, names)
    if len(across) < (1 if names.accounts else 2) or not down:
        return None
    matrix = Matrix(grid, rows, header, corner, across, down)
    if not any(amount(rows[row].get(column)) for row in down for column in across) or not may_be_read(
        matrix, names, findings
    ):
        return [] if any(is_percent(rows[row].get(column)) for row in down for column in across) else None
    scale = scale_of(grid, header, [text_of(cells.get(corner))])
    virtual = _Virtual(grid, header)
    for row, name in down.items():
        for column, account in across.items():
            cell = rows[row].get(column)
            if amount(cell):
                _hold(
                    virtual, (account, (header, column)), (name, (row, corner)), (_scaled(cell, scale), (row, column))
                )
    told = (
        f"the matrix of {len(down)} classes and {len(across)} accounts was read in dollars{_in(scale)}, held by class"
    )
    return [virtual.candidate(HEADERS, (header, corner), told), *_treatments(matrix, names)]


def _classes_across(grid: Grid, rows: Rows, header: int, names: Names, findings: Findings) -> list[Candidate] | None:
    """Accounts in the first column, classes across."""
    cells = rows[header]
    corner = min(cells)
    texts = {column: text_of(cell) for column, cell in cells.items() if column > corner}
    across = {column: names.asset_class(text) for column, text in texts.items() if names.asset_class(text)}
    columns = NAMES[ACCOUNTS.name].match([(column, text_of(cell)) for column, cell in cells.items()]).columns
    if columns.get("Account") != corner:
        return None
    aside: tuple[int, ...] = ()
    if "Tax Treatment" in columns and columns.get("Cash") in across:
        # The Accounts table that this is as well reads it.
        aside = (columns["Cash"],)
        del across[columns["Cash"]]
    across |= {
        column: text for column, text in texts.items() if squeeze(text) == "cash" and "Tax Treatment" not in columns
    }
    if len(across) < 2:
        return None
    down = {row: name for row, name in _texts_below(rows, header, corner).items() if not is_total(name)}
    matrix = Matrix(grid, rows, header, corner, across, down, aside)
    if not down or not may_be_read(matrix, names, findings):
        return [] if down else None
    scale = scale_of(grid, header, [text_of(cells[corner])])
    virtual = _Virtual(grid, header)
    for row, account in down.items():
        for column, name in across.items():
            cell = rows[row].get(column)
            if amount(cell):
                named = (names.account(account) or account, (row, corner))
                _hold(virtual, named, (name, (header, column)), (_scaled(cell, scale), (row, column)))
    told = (
        f"the matrix of {len(down)} accounts and {len(across)} classes was read in dollars{_in(scale)}, held by class"
    )
    return [virtual.candidate(HEADERS, (header, corner), told)]


def _securities_down(grid: Grid, rows: Rows, header: int, names: Names, findings: Findings) -> list[Candidate] | None:
    """Symbols in a column, shares in a column for each account."""
    cells = rows[header]
    columns = NAMES[HOLDINGS.name].match([(column, text_of(cell)) for column, cell in cells.items()]).columns
    if "Symbol" not in columns or {"Account", "Quantity"} & columns.keys():
        return None
    corner = columns["Symbol"]
    known = set(columns.values())
    across = {c: name for c, name in _accounts_across(cells, corner, names).items() if c not in known}
    down = {row: name for row, name in _texts_below(rows, header, corner).items() if not is_total(name)}
    if len(across) < (1 if names.accounts else 2) or not down:
        return None
    matrix = Matrix(grid, rows, header, corner, across, down)
    words = [text_of(cells[column]) for column in (corner, *across)]
    if not any(SHARES_WORD.search(text) for text in (*words, *_above(rows, header))):
        findings.error(
            "matrix-units",
            place_in(grid, header, corner),
            "This matrix of symbols and accounts does not say whether its numbers are shares or dollars.",
            'Write "Shares" into the line above it if they are shares. Dollars alone do not tell how many there are.',
        )
        return []
    if not may_be_read(matrix, names, findings):
        return []
    virtual = _Virtual(grid, header)
    extra = [name for name in ("Asset Class", "Price") if name in columns]
    for row, symbol in down.items():
        for column, account in across.items():
            cell = rows[row].get(column)
            if amount(cell):
                beside = [(rows[row].get(columns[name]), (row, columns[name])) for name in extra]
                virtual.add(
                    [
                        (Cell(account, "@"), (header, column)),
                        (Cell(symbol, "@"), (row, corner)),
                        (cell, (row, column)),
                        *beside,
                    ]
                )
    told = f"the matrix of {len(down)} securities and {len(across)} accounts was read in shares"
    return [virtual.candidate((*HEADERS[:3], *extra), (header, corner), told)]


def _hold(virtual: _Virtual, account: tuple[str, Spot], held: tuple[str, Spot], value: tuple[Cell, Spot]) -> None:
    cash = squeeze(held[0]) in CASH_CLASSES
    symbol = CASH_SYMBOL if cash else f"{held[0]}{BY_CLASS}"
    virtual.add(
        [
            (Cell(account[0], "@"), account[1]),
            (Cell(symbol, "@"), held[1]),
            value,
            (None if cash else Cell(held[0], "@"), held[1]),
            (None if cash else Cell(1.0), value[1]),
        ]
    )


def _accounts_across(cells: Mapping[int, Cell], corner: int, names: Names) -> dict[int, str]:
    """Column -> account, of the headers that name one."""
    found: dict[int, str] = {}
    for column, cell in sorted(cells.items()):
        text = text_of(cell) or (plain_number(cell.value) if isinstance(cell.value, float) else "")
        if column <= corner or is_total(text):
            continue
        name = names.account(text)
        if not name and sounds_like_an_account(text) and NAMES[HOLDINGS.name].column_of(text) is None:
            # Where there is an Accounts table, this one is missing from it, and that is said.
            name = text
        if name and name not in found.values():
            found[column] = name
    return found


def _texts_below(rows: Rows, header: int, column: int) -> dict[int, str]:
    """Row -> its text in a column, until two rows in a row have none."""
    found: dict[int, str] = {}
    missed = 0
    for row in range(header + 1, max(rows, default=0) + 1):
        cell = rows.get(row, {}).get(column)
        text = text_of(cell)
        missed = 0 if text else missed + 1
        if missed > 1:
            break
        if text and len(rows[row]) > 1:
            found[row] = text
    return found


def _names_down(rows: Rows, header: int, column: int, names: Names) -> dict[int, str]:
    """Row -> class, without totals and without the lines that tell of the accounts."""
    found = {}
    for row, text in _texts_below(rows, header, column).items():
        about = NAMES[ACCOUNTS.name].column_of(text)
        if is_total(text) or (about is not None and about[1].name != "Cash" and not names.asset_class(text)):
            continue
        found[row] = names.asset_class(text) or text
    return found


def _treatments(matrix: Matrix, names: Names) -> list[Candidate]:
    """The tax treatments that a line of the matrix tells, where there is no Accounts table."""
    for row in range(matrix.header + 1, matrix.header + 3):
        cells = matrix.rows.get(row, {})
        about = NAMES[ACCOUNTS.name].column_of(text_of(cells.get(matrix.corner)))
        if names.accounts or about is None or about[1].name != "Tax Treatment":
            continue
        virtual = _Virtual(matrix.grid, matrix.header)
        for column, account in matrix.across.items():
            spots = ((matrix.header, column), (row, column))
            virtual.add([(Cell(account, "@"), spots[0]), (cells.get(column), spots[1]), (None, spots[1])])
        return [
            virtual.candidate(("Account", "Tax Treatment"), (row, matrix.corner), "the matrix tells the treatments")
        ]
    return []


def _above(rows: Rows, header: int) -> list[str]:
    return [
        text_of(cell)
        for row in range(max(1, header - 3), header)
        for cell in rows.get(row, {}).values()
        if text_of(cell)
    ]


def _scaled(cell: Cell | None, scale: float) -> Cell:
    assert cell is not None
    value = amount(cell)
    return cell if scale == 1.0 or value is None else Cell(round(value * scale, 6), cell.number_format)


def _in(scale: float) -> str:
    return "" if scale == 1.0 else f" times {scale:,.0f}"
