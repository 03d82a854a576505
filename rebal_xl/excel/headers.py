"""The header row of a table argument, and the tables whose columns are told by their values where there is none."""

from collections.abc import Callable, Mapping

from rebal_xl.household import CASH_SYMBOL, TaxTreatment
from rebal_xl.intake.candidates import NAMES, Candidate, check_header
from rebal_xl.intake.find import Region
from rebal_xl.intake.findings import Findings, place_in
from rebal_xl.intake.headers import Match, spelling
from rebal_xl.intake.rows import want_of
from rebal_xl.intake.settings import is_setting
from rebal_xl.intake.values import Fault, Want, clean, read_cell
from rebal_xl.sheets.grid import Cell, CellError, Grid, cells_by_row
from rebal_xl.sheets.schema import Kind, Table
from rebal_xl.sheets.tables import ACCOUNTS, CLASS_MIX, HOLDINGS, SETTINGS, TARGETS

# A header may stand below a title and a few lines of explanation.
MOST_ROWS_ABOVE = 30


# What other arguments name: "Account" and "Symbol" -> their names in capitals.
Names = Mapping[str, frozenset[str]]


def region_of(table: Table, argument: str, grid: Grid, findings: Findings, known: Names) -> Region | None:
    """The table in its argument; None, with a finding, where nobody can say which column is which.

    `grid` has the filled cells of the argument alone, and at least one. `known` is what other arguments name.
    """
    rows = cells_by_row(grid.cells)
    first, last = min(rows), max(rows)
    best: tuple[int, Match, Candidate] | None = None
    for number in [row for row in rows if row < first + MOST_ROWS_ABOVE]:
        if best is not None and len(rows[number]) <= len(best[1].columns):
            continue  # it has too few cells to name more columns
        headers = tuple((column, _text(cell)) for column, cell in sorted(rows[number].items()))
        match = NAMES[table.name].match(headers)
        if best is None or len(match.columns) > len(best[1].columns):
            best = (number, match, Candidate(grid, number, headers, None))
    assert best is not None, "the grid has a cell"
    header, match, candidate = best
    if not match.complete and (len(match.columns) < 2 or match.own_names == 0):
        columns = sorted({column for row in rows.values() for column in row})
        told = _told_by_values(table, rows, columns, known)
        if told is not None:
            return Region(table, grid, first - 1, told, dict.fromkeys(columns, ""), last, fenced=_solid(rows, first))
        if not match.columns or _looks_like_data(rows[header], match):
            _report_no_header(table, argument, grid, first, columns[0], findings)
            return None
    check_header(candidate, match, findings)
    return Region(table, grid, header, match.columns, dict(candidate.headers), last, fenced=_solid(rows, header))


def _text(cell: Cell) -> str:
    return cell.value.strip() if isinstance(cell.value, str) else str(cell.value)


def _solid(rows: Mapping[int, object], first: int) -> bool:
    """No blank row between the first and the last: what is selected is the table and nothing else."""
    number = sum(row >= first for row in rows)
    return number == max(rows) - first + 1


def _looks_like_data(row: Mapping[int, Cell], match: Match) -> bool:
    """Numbers are no headers."""
    known = set(match.columns.values())
    return any(isinstance(cell.value, float | bool | CellError) for column, cell in row.items() if column not in known)


def _report_no_header(table: Table, argument: str, grid: Grid, row: int, column: int, findings: Findings) -> None:
    required = ", ".join(each.name for each in table.columns if each.required)
    findings.error(
        "no-header-row",
        place_in(grid, row, column),
        f"The argument {argument} has no header row, so nobody can say which column is which.",
        f"Include the row with the headers {required} in the range; of an Excel table write {table.name}[#All], "
        f"not {table.name}.",
    )


def columns_without_header(table: Table) -> tuple[str, ...]:
    """The columns that a range of the table without header row has, in order; none where it needs its header row."""
    return _TOLD[table.name][0] if table.name in _TOLD else ()


def names_in(region: Region | None, column: str) -> frozenset[str]:
    """The texts of one of our columns, in capitals."""
    number = region.columns.get(column) if region is not None else None
    if region is None or number is None:
        return frozenset()
    return frozenset(
        clean(cell.value).upper()
        for row, cells in cells_by_row(region.grid.cells).items()
        if row > region.header_row and (cell := cells.get(number)) is not None and isinstance(cell.value, str)
    )


def _told_by_values(
    table: Table, rows: Mapping[int, Mapping[int, Cell]], columns: list[int], known: Names
) -> dict[str, int] | None:
    """Column name -> column number, where the values themselves leave no doubt."""
    told = _TOLD.get(table.name)
    if told is None or columns != list(range(columns[0], columns[0] + len(told[0]))):
        return None
    names, fits = told
    whole = all(len(row) == len(columns) for row in rows.values())
    if whole and all(fits(known, {name: row[column] for name, column in zip(names, columns, strict=True)})
                     for row in rows.values()):  # fmt: skip
        return dict(zip(names, columns, strict=True))
    return None


def _is_name(cell: Cell) -> bool:
    return isinstance(cell.value, str) and not isinstance(read_cell(cell, Want(Kind.PERCENT)), float)


def _is_share(cell: Cell) -> bool:
    return not isinstance(read_cell(cell, Want(Kind.PERCENT)), Fault | None)


def _is_target(_known: Names, row: Mapping[str, Cell]) -> bool:
    return _is_name(row["Asset Class"]) and _is_share(row["Target %"])


def _is_part(_known: Names, row: Mapping[str, Cell]) -> bool:
    return _is_name(row["Symbol"]) and _is_name(row["Asset Class"]) and _is_share(row["Weight"])


def _is_account(_known: Names, row: Mapping[str, Cell]) -> bool:
    read = read_cell(row["Tax Treatment"], want_of(ACCOUNTS, ACCOUNTS.column("Tax Treatment"), False))
    return isinstance(read, str) and read in {treatment.value for treatment in TaxTreatment}


def _is_setting(_known: Names, row: Mapping[str, Cell]) -> bool:
    name = row["Name"].value
    return isinstance(name, str) and is_setting(clean(name)) and spelling(name) != spelling("Name")


def _is_lot(known: Names, row: Mapping[str, Cell]) -> bool:
    """Accounts and symbols are both text: only the other arguments can tell them apart."""
    symbols = known.get("Symbol", frozenset()) | {CASH_SYMBOL}
    held = {name: clean(cell.value).upper() for name, cell in row.items() if isinstance(cell.value, str)}
    return (
        held.get("Account") in known.get("Account", ())
        and held.get("Symbol") in symbols
        and isinstance(row["Quantity"].value, float)
    )


# table -> the columns of a range without header, in order, and whether a row of such a range fits them.
_Fits = Callable[[Names, Mapping[str, Cell]], bool]
_TOLD: Mapping[str, tuple[tuple[str, ...], _Fits]] = {
    TARGETS.name: (("Asset Class", "Target %"), _is_target),
    CLASS_MIX.name: (("Symbol", "Asset Class", "Weight"), _is_part),
    ACCOUNTS.name: (("Account", "Tax Treatment"), _is_account),
    SETTINGS.name: (("Name", "Value"), _is_setting),
    HOLDINGS.name: (("Account", "Symbol", "Quantity"), _is_lot),
}
