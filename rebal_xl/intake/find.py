"""Where the input tables stand in a book: by Excel table name, by the sheet's name, or by their header row.

An Excel table of our name is certain. A sheet named like a table is searched for its header row. Elsewhere a
header row counts only when it has every required column, and goes to the table it fits best, so that last
year's copy of the holdings is not taken for a list of securities.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress

from rebal_xl.intake.candidates import (
    LEAST_MATCHES,
    NAMES,
    Candidate,
    candidates_of,
    check_header,
    headers_of,
    headings_behind_blanks,
    matched,
    named_ranges,
)
from rebal_xl.intake.doubles import by_value, with_second_symbols
from rebal_xl.intake.findings import Findings, Place, how_to_ask, place_in
from rebal_xl.intake.headers import Match, name_key
from rebal_xl.intake.shapes import reshaped
from rebal_xl.intake.thousands import in_dollars
from rebal_xl.intake.values import listed
from rebal_xl.sheets.grid import Grid, GridBook, TableRange, cells_by_row
from rebal_xl.sheets.schema import Table
from rebal_xl.sheets.tables import (
    ACCOUNTS,
    CLASS_MIX,
    HOLDINGS,
    INPUT_TABLES,
    RECENT_TRADES,
    SECURITIES,
    SETTINGS,
    TARGETS,
    TAX_PROFILE,
)

# Tables that headers alone can tell.
BY_HEADERS = tuple(table for table in INPUT_TABLES if not table.named_only)
# Tables whose columns nobody else uses together; the others are common words and need three names of our own.
TELLING = frozenset(table.name for table in (ACCOUNTS, HOLDINGS, SECURITIES, CLASS_MIX, TARGETS, TAX_PROFILE))
LEAST_OWN_NAMES = 3
# More header rows of one table than any custodian repeats in a file.
MOST_HEADER_ROWS = 300
# What our result sheets are called; an advisor's sheet of that name is no input either.
RESULT_SHEETS = frozenset(
    name_key(name)
    for name in (
        "Dashboard", "Drift", "Frontier", "Trades", "Lots Sold", "Tax Bill", "Location", "Overlap", "Wash Sales",
        "Explanation", "Value So Far", "Checks", "Run Log",
    )
)  # fmt: skip
_RESULT_COPY = re.compile(r"\((rebal( \d+)?|previous)\)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Region:
    """One input table as it stands on a sheet; rows and columns are 1-based and inclusive."""

    table: Table
    grid: Grid
    header_row: int
    # name of our column -> column number of the sheet
    columns: Mapping[str, int]
    # header text of every column of the range, ours or not
    headers: Mapping[int, str]
    last_row: int
    # the Excel table or named range it is, where its end is certain
    fenced: bool = False

    def place(self, row: int = 0, column: str = "") -> Place:
        """The place of a row (the header when none is given) and of one of our columns."""
        return place_in(self.grid, row or self.header_row, self.columns.get(column, 0))


@dataclass(slots=True)
class _Search:
    """What is found so far."""

    book: GridBook
    findings: Findings
    regions: dict[str, list[Region]] = field(default_factory=dict)
    # header rows in use: (sheet, row, first column, last column)
    taken: list[tuple[str, int, int, int]] = field(default_factory=list)

    def take(self, candidate: Candidate, match: Match) -> None:
        match = by_value(candidate, match)
        table, sheet = match.table, next((one for one in self.book.grids if one.name == candidate.grid.name), None)
        grid, units = in_dollars(candidate, match, sheet or candidate.grid)
        grid = with_second_symbols(grid, candidate.row, match)
        check_header(candidate, match, self.findings)
        last = candidate.fence.last_row - candidate.fence.totals_rows if candidate.fence else _last_row(grid)
        self.regions.setdefault(table.name, []).append(
            Region(
                table, grid, candidate.row, match.columns, dict(candidate.headers), last, candidate.fence is not None
            )
        )
        if candidate.told:
            self.findings.notice("shape-read", place_in(grid, candidate.row), f"{table.name}: {candidate.told}.")
        if units:
            self.findings.notice("shape-read", place_in(grid, candidate.row), f"{table.name}: read {units}.")
        if numbers := candidate.numbers:
            self.taken.append((grid.name, candidate.row, min(numbers), max(numbers)))

    def is_taken(self, candidate: Candidate) -> bool:
        numbers = candidate.numbers
        if not numbers:
            # It stands nowhere by itself, so it is known by its cells.
            return any(region.grid.origin is candidate.grid.origin for held in self.regions.values() for region in held)
        return any(
            sheet == candidate.grid.name and row == candidate.row and first <= max(numbers) and last >= min(numbers)
            for sheet, row, first, last in self.taken
        )


def find_tables(
    book: GridBook, findings: Findings, pick: Callable[[Sequence[str]], str] = lambda names: ""
) -> dict[str, tuple[Region, ...]]:
    """Every input table of the book by its name; several regions only for one table that continues.

    Problems with headers are added to the findings; a table that is not there is simply absent. Where several sheets
    hold a household each, `pick` is asked with their names which one is meant; "" for none of them.
    """
    search = _Search(book, findings)
    grids = [grid for grid in book.grids if not grid.ours and not _RESULT_COPY.search(grid.name)]
    plain = {grid.name: tuple(candidates_of(grid)) for grid in grids}
    grids = _of_one_household(search, grids, plain, pick)
    _by_table_name(search, grids)
    candidates = reshaped(grids, {grid.name: plain[grid.name] for grid in grids}, findings, RESULT_SHEETS)
    _by_sheet_name(search, grids, candidates)
    _anywhere(search, grids, candidates)
    _nearly(search, grids, candidates)
    return {name: _ended(regions, search) for name, regions in search.regions.items()}


def _of_one_household(
    search: _Search,
    grids: Sequence[Grid],
    candidates: Mapping[str, tuple[Candidate, ...]],
    pick: Callable[[Sequence[str]], str],
) -> list[Grid]:
    """The sheets without those that hold another household, all its tables on one sheet."""
    tabs = [grid for grid in grids if not grid.hidden and grid.kind == "sheet" and _is_household(candidates[grid.name])]
    if len(tabs) < 2:
        return list(grids)
    names = [grid.name for grid in tabs]
    taken = pick(names)
    if not taken:
        search.findings.error(
            "several-households",
            place_in(tabs[1]),
            f"Several sheets hold a household each: {listed(names, 'and')}.",
            how_to_ask(names[0]),
        )
        taken = names[0]
    return [grid for grid in grids if grid.name == taken or grid not in tabs]


def _is_household(candidates: Sequence[Candidate]) -> bool:
    """True for holdings, accounts and targets, each whole, on one sheet."""
    best = [match.table for candidate in candidates if (match := _telling_match(candidate)) is not None]
    return HOLDINGS in best and TARGETS in best and ACCOUNTS in best


def _by_table_name(search: _Search, grids: Sequence[Grid]) -> None:
    fences = [(grid, fence) for grid in grids for fence in (*grid.tables, *named_ranges(search.book, grid))]
    for table in INPUT_TABLES:
        for keys in ({name_key(table.name)}, {name_key(name) for name in table.synonyms}):
            found = [(grid, fence) for grid, fence in fences if _fence_key(fence.name) in keys]
            exact = [pair for pair in found if name_key(pair[1].name) in keys] or found
            usable = [pair for pair in exact if _fits(table, *pair, certain=name_key(table.name) in keys)]
            if len(usable) > 1:
                names = listed([f"{fence.name} on {grid.name}" for grid, fence in usable], "and")
                search.findings.error(
                    "ambiguous-table",
                    place_in(usable[1][0], usable[1][1].first_row),
                    f"Several Excel tables could be {table.name}: {names}.",
                    f"Name the one that counts {table.name} and give the others another name.",
                )
            if usable:
                _take_fence(search, table, *usable[0])
                break


def _fence_key(name: str) -> str:
    # Excel numbers the tables of a copied sheet: Holdings2, Holdings_1.
    return re.sub(r"\d+$", "", name_key(name))


def _fits(table: Table, grid: Grid, fence: TableRange, certain: bool) -> bool:
    match = NAMES[table.name].match(headers_of(grid, fence))
    return match.complete or (certain and (table.required or len(match.columns) > 0))


def _take_fence(search: _Search, table: Table, grid: Grid, fence: TableRange) -> None:
    headers = headers_of(grid, fence)
    candidate = Candidate(grid, fence.first_row, headers or ((fence.first_col, ""),), fence)
    if fence.header_rows == 0:
        search.findings.error(
            "no-header-row",
            place_in(grid, fence.first_row, fence.first_col),
            f"The Excel table {fence.name} shows no header row, so its columns have no names.",
            "Tick Header Row on the Table Design tab.",
        )
        search.taken.append((grid.name, fence.first_row, fence.first_col, fence.last_col))
        search.regions.setdefault(table.name, [])
        return
    search.take(candidate, candidate.match(table))


def _by_sheet_name(search: _Search, grids: Sequence[Grid], candidates: Mapping[str, tuple[Candidate, ...]]) -> None:
    for table in INPUT_TABLES:
        if table.name in search.regions:
            continue
        for names in ((table.name,), table.synonyms, (table.sheet,)):
            keys = {name_key(name) for name in names}
            sheets = [grid for grid in grids if name_key(grid.name) in keys]
            certain = names == (table.name,)
            if any(_take_best(search, table, candidates[grid.name], certain) for grid in sheets):
                break


def _take_best(search: _Search, table: Table, candidates: Sequence[Candidate], certain: bool) -> bool:
    """Take the header rows of a sheet that fit a table best; an incomplete one only where the sheet's name is ours."""
    matches = [(candidate, candidate.match(table)) for candidate in candidates if not search.is_taken(candidate)]
    least = 1 if certain else LEAST_MATCHES
    whole = [
        (candidate, match)
        for candidate, match in matches
        if match.complete and len(match.columns) >= least and _is_best(candidate, match)
    ]
    if whole:
        widest = max(len(match.columns) for _, match in whole)
        best = next(match for _, match in whole if len(match.columns) == widest)
        fit = [pair for pair in whole if pair[1].columns == best.columns or pair[0].told]
        _take_all(search, fit)
        return True
    partial = [(candidate, match) for candidate, match in matches if _is_best(candidate, match)]
    if not certain or not partial:
        return False
    candidate, match = max(partial, key=lambda pair: (len(pair[1].columns), -pair[0].row))
    search.take(candidate, match)
    return True


def _is_best(candidate: Candidate, match: Match) -> bool:
    """No other table with all its required columns has more columns in that row; a sheet's own name comes first."""
    return match.table.named_only or not any(
        other.complete and len(other.columns) > len(match.columns)
        for other in (candidate.match(table) for table in BY_HEADERS if table is not match.table)
    )


def _anywhere(search: _Search, grids: Sequence[Grid], candidates: Mapping[str, tuple[Candidate, ...]]) -> None:
    found: dict[str, list[tuple[Candidate, Match]]] = {}
    for grid in grids:
        if grid.hidden or _is_result(grid):
            continue
        for candidate in candidates[grid.name]:
            best = None if search.is_taken(candidate) else _telling_match(candidate)
            if best is not None:
                found.setdefault(best.table.name, []).append((candidate, best))
    for name, pairs in found.items():
        if name in search.regions:
            # Files that were handed over together are read together, whatever one of them is called.
            # So are the parts of one list: an account to a block, or to a sheet.
            csv = all(_is_csv(region.grid) for region in search.regions[name])
            parts = all(region.grid.origin for region in search.regions[name])
            joins = [(csv and _is_csv(found.grid)) or (parts and found.told != "") for found, _ in pairs]
            _mention_unread(search, compress(pairs, (not joined for joined in joins)))
            _take_all(search, list(compress(pairs, joins)))
            continue
        sheets = {candidate.grid.name for candidate, _ in pairs}
        csv = all(_is_csv(candidate.grid) or candidate.told for candidate, _ in pairs)
        if len(sheets) > 1 and not csv:
            second = next(candidate for candidate, _ in pairs if candidate.grid.name != pairs[0][0].grid.name)
            search.findings.error(
                "ambiguous-table",
                place_in(second.grid, second.row),
                f"Several sheets could be the {name}: {listed(sorted(sheets), 'and')}.",
                f"Call the one that counts {name}.",
            )
        _take_all(search, [pair for pair in pairs if csv or pair[0].grid.name == pairs[0][0].grid.name])


def _is_result(grid: Grid) -> bool:
    # A file may be called trades.csv.
    return not _is_csv(grid) and name_key(grid.name) in RESULT_SHEETS


def _is_csv(grid: Grid) -> bool:
    return grid.kind == "csv"


def _take_all(search: _Search, pairs: Sequence[tuple[Candidate, Match]]) -> None:
    if len(pairs) > MOST_HEADER_ROWS:
        candidate, match = pairs[MOST_HEADER_ROWS]
        search.findings.error(
            "too-many-header-rows",
            place_in(candidate.grid, candidate.row),
            f"More than {MOST_HEADER_ROWS} header rows of {match.table.name} were found.",
            "Keep one header row, with all rows below it.",
        )
        # One is enough to be told what is wrong.
        pairs = pairs[:1]
    for candidate, match in pairs:
        if not search.is_taken(candidate):
            search.take(candidate, match)


def _nearly(search: _Search, grids: Sequence[Grid], candidates: Mapping[str, tuple[Candidate, ...]]) -> None:
    """Take the nearest thing to a table that no household can do without, so that its missing columns are named."""
    for table in (table for table in INPUT_TABLES if table.required and table.name not in search.regions):
        matches = [
            (candidate, candidate.match(table))
            for grid in grids
            if not grid.hidden and not _is_result(grid)
            for candidate in candidates[grid.name]
            if not search.is_taken(candidate)
        ]
        near = [pair for pair in matches if len(pair[1].columns) > len(pair[1].missing) and _is_best(*pair)]
        if near:
            candidate, match = max(near, key=lambda pair: len(pair[1].columns))
            search.take(candidate, match)


def _telling_match(candidate: Candidate) -> Match | None:
    """The table that a header row outside our sheets fits best, when it is beyond doubt one of ours."""
    return _telling_headers(candidate.headers)


@lru_cache(maxsize=4096)
def _telling_headers(headers: tuple[tuple[int, str], ...]) -> Match | None:
    # A file may repeat its header row thousands of times.
    matches = [matched(table.name, headers) for table in BY_HEADERS]
    best = max(matches, key=lambda match: (len(match.columns), match.complete, match.own_names))
    if not best.complete:
        return None
    telling = best.table.name in TELLING or best.table.name == RECENT_TRADES.name
    if best.table.name == SETTINGS.name or len(best.columns) < LEAST_MATCHES:
        return None
    return best if telling or best.own_names >= LEAST_OWN_NAMES else None


def _mention_unread(search: _Search, pairs: Iterable[tuple[Candidate, Match]]) -> None:
    for candidate, match in pairs:
        if len(match.columns) >= LEAST_OWN_NAMES:
            region = search.regions[match.table.name]
            read = f"; {match.table.name} was read from {region[0].grid.name}" if region else ""
            search.findings.notice(
                "table-not-read",
                place_in(candidate.grid, candidate.row),
                f"This also looks like {match.table.name} and was not read{read}.",
                _lots_advice(match, region) or "Nothing to do if it is an old copy or a report.",
            )


def _lots_advice(match: Match, read: Sequence[Region]) -> str:
    """What to do where the lots were left for the positions, "" elsewhere."""
    days = any("Acquired" in region.columns for region in read)
    if match.table is not HOLDINGS or days or "Acquired" not in match.columns:
        return ""
    return f"It has days of purchase: give that sheet the name {HOLDINGS.name} if its lots are to be read."


def _last_row(grid: Grid) -> int:
    return max(cells_by_row(grid.cells), default=0)


def _ended(regions: Sequence[Region], search: _Search) -> tuple[Region, ...]:
    """Regions that stop where the next table on the same columns starts."""
    return tuple(region if region.fenced else _ended_region(region, search) for region in regions)


def _ended_region(region: Region, search: _Search) -> Region:
    own = [number for number in region.headers if (region.header_row, number) not in region.grid.origin]
    if not own:
        return region
    first, last = min(own), max(own)
    below = [
        row
        for sheet, row, left, right in search.taken
        if sheet == region.grid.name and row > region.header_row and left <= last and right >= first
    ]
    if region.table is HOLDINGS:
        below += headings_behind_blanks(region.grid, region.header_row, (first, last))
    end = min(below, default=region.last_row + 1) - 1
    return Region(region.table, region.grid, region.header_row, region.columns, region.headers, end, region.fenced)
