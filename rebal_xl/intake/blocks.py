"""Lists whose account does not stand beside each row: in a title above, in a line between, on the sheet's tab, or once
for many rows. The account is put beside each row, and said where it was found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rebal_xl.intake.candidates import Candidate
from rebal_xl.intake.findings import Findings, letters, place_in
from rebal_xl.intake.headers import Match
from rebal_xl.intake.naming import LONGEST_NAME, Names, is_total, named_in_title, sounds_like_an_account, text_of
from rebal_xl.intake.values import plain_number
from rebal_xl.sheets.grid import Cell, Grid, cells_by_row
from rebal_xl.sheets.tables import ACCOUNTS, HOLDINGS, SECURITIES, TARGETS

# A title stands at most so many rows above the header.
REACH = 5
# The last digits of an account's number, and no year.
_DIGITS = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{3,}")
Rows = Mapping[int, Mapping[int, Cell]]


@dataclass(frozen=True, slots=True)
class Block:
    """A list on a sheet: its header row and the rows that belong to it."""

    candidate: Candidate
    columns: Mapping[str, int]
    last_row: int

    @property
    def span(self) -> tuple[int, int]:
        """First and last column."""
        return min(self.candidate.numbers), max(self.candidate.numbers)

    @property
    def filled(self) -> tuple[int, int]:
        """The two columns that every row of data fills: what is held, and how much of it."""
        what = "Symbol" if "Symbol" in self.columns else "Asset Class"
        return self.columns[what], self.columns["Quantity" if "Quantity" in self.columns else "Market Value"]


def blocks_of(candidates: Sequence[Candidate], rows: Rows) -> Iterator[Block]:
    """The lists of a sheet that hold symbols and quantities, or classes and dollars; each ends where another starts."""
    wanted = [(candidate, columns) for candidate in candidates if (columns := _columns(candidate)) is not None]
    narrow = [(c, columns) for c, columns in wanted if not any(_inside(other, c) for other, _ in wanted)]
    last = max(rows, default=0)
    for candidate, columns in narrow:
        below = [
            other.row
            for other in candidates
            if other.row > candidate.row and _overlap(other, candidate) and _is_header(other)
        ]
        end = min(below, default=last + 1) - 1
        if candidate.fence is not None:
            end = candidate.fence.last_row - candidate.fence.totals_rows
        yield Block(candidate, columns, end)


def _columns(candidate: Candidate) -> Mapping[str, int] | None:
    match = candidate.match(HOLDINGS)
    by_security = {"Symbol", "Quantity"} <= match.columns.keys()
    by_class = {"Asset Class", "Market Value"} <= match.columns.keys() and not {
        "Symbol",
        "Quantity",
    } & match.columns.keys()
    if by_class and _is_targets(candidate, match):
        return None
    return match.columns if by_security or by_class else None


def _is_targets(candidate: Candidate, holdings: Match) -> bool:
    """Whether a list of classes is that of the targets: a Weight beside accounts is what they hold, and no target."""
    targets = candidate.match(TARGETS)
    if not targets.complete:
        return False
    said = dict(candidate.headers)[targets.columns["Target %"]]
    return "Account" not in holdings.columns or "target" in said.casefold()


def _is_header(candidate: Candidate) -> bool:
    """Texts only, and two of them names of columns of one table: no row of data."""
    cells = [candidate.grid.cells.get((candidate.row, number)) for number, _ in candidate.headers]
    known = (candidate.match(table) for table in (HOLDINGS, TARGETS, ACCOUNTS, SECURITIES))
    return all(text_of(cell) for cell in cells) and any(len(match.columns) >= 2 for match in known)


def _inside(other: Candidate, candidate: Candidate) -> bool:
    """The other one is a part of this row: two lists stand side by side."""
    return other.row == candidate.row and set(other.numbers) < set(candidate.numbers)


def _overlap(one: Candidate, other: Candidate) -> bool:
    return min(one.numbers) <= max(other.numbers) and max(one.numbers) >= min(other.numbers)


def with_account(block: Block, names: Names, grid: Grid, rows: Rows) -> Candidate | None:
    """The list with its account beside each row, None where nothing names it."""
    start, word = _account_above(block, names, grid, rows)
    told: dict[int, tuple[str, tuple[int, int]]] = {}
    current = start
    named_between = False
    for row in range(block.candidate.row + 1, block.last_row + 1):
        cells = _in_span(rows.get(row, {}), block.span)
        if not cells:
            continue
        if all(column in cells for column in block.filled):
            if current is not None and not is_total(_first_text(cells)):
                told[row] = current
            continue
        found = _line_between(block, row, cells, names, rows)
        if found is not None:
            current, named_between = found, True
        elif _names_a_stranger(cells, names):
            # What stands below it belongs to nobody that Accounts knows, and must not go to the account above.
            current = None
    if not told:
        return None
    accounts = list(dict.fromkeys(name for name, _ in told.values()))
    if named_between:
        word = "the lines between its rows"
    named = ", ".join(accounts[:4]) + (f" and {len(accounts) - 4} more" if len(accounts) > 4 else "")
    said = f"the account of each row ({named}) was taken from {word}"
    return _beside(block, rows, told, said)


def _account_above(
    block: Block, names: Names, grid: Grid, rows: Rows
) -> tuple[tuple[str, tuple[int, int]] | None, str]:
    """The account that a title above names, else the sheet's name, with the cell and the words for it."""
    found: list[tuple[str, tuple[int, int], bool]] = []
    for row in range(block.candidate.row - 1, max(block.candidate.row - 1 - REACH, 0), -1):
        cells = _in_span(rows.get(row, {}), block.span)
        texts = [(column, text_of(cells[column])) for column in sorted(cells) if text_of(cells[column])]
        if not texts:
            continue
        if all(column in cells for column in block.filled) and len(cells) > 2:
            break
        name, certain = named_in_title([text for _, text in texts], names)
        if name:
            found.append((name, (row, texts[0][0]), certain))
    tab = names.account(grid.name)
    best = next((one for one in found if one[2]), None)
    if best is None and tab:
        return (tab, (block.candidate.row, 0)), f"the sheet's name {grid.name}"
    if best is None and sounds_like_an_account(grid.name) and not names.accounts:
        return (grid.name.strip(), (block.candidate.row, 0)), f"the sheet's name {grid.name}"
    best = best or next(iter(found), None)
    if best is None:
        return None, ""
    return (best[0], best[1]), f"the title in {letters(best[1][1])}{best[1][0]}"


def _names_a_stranger(cells: Mapping[int, Cell], names: Names) -> bool:
    """A line with one text that sounds like an account, or has its digits, and is none of Accounts."""
    texts = [text_of(cell) for cell in cells.values()]
    if len(texts) != 1 or not names.accounts or is_total(texts[0]) or names.asset_class(texts[0]):
        return False
    return sounds_like_an_account(texts[0]) or (len(texts[0]) <= LONGEST_NAME and _DIGITS.search(texts[0]) is not None)


def _line_between(
    block: Block, row: int, cells: Mapping[int, Cell], names: Names, rows: Rows
) -> tuple[str, tuple[int, int]] | None:
    """The account that a line between rows of data names."""
    texts = [(column, text_of(cells[column])) for column in sorted(cells) if text_of(cells[column])]
    if not texts or len(texts) > 2:
        return None
    name, certain = named_in_title([text for _, text in texts], names)
    if not name or (not certain and len(cells) > 1):
        return None
    below = _in_span(rows.get(row + 1, {}), block.span) or _in_span(rows.get(row + 2, {}), block.span)
    if not all(column in below for column in block.filled):
        return None
    return name, (row, texts[0][0])


def filled_down(block: Block, rows: Rows, grid: Grid) -> Candidate | None:
    """A list whose account is written once for the rows below it; None where every row has one, or a hole is a hole."""
    column = block.columns["Account"]
    told: dict[int, tuple[str, tuple[int, int]]] = {}
    named: list[tuple[str, int]] = []
    followed: list[int] = []
    fresh = False
    merged = {
        row: top
        for top, left, bottom, right in grid.merged
        if left <= column <= right
        for row in range(top, bottom + 1)
    }
    for row in range(block.candidate.row + 1, block.last_row + 1):
        cells = _in_span(rows.get(row, {}), block.span)
        if not all(number in cells for number in block.filled):
            # Behind a total, a name must come again.
            fresh = fresh or (bool(cells) and is_total(_first_text(cells)))
            continue
        written = cells.get(column)
        text = _name_in(written)
        if is_total(text):
            continue
        if text:
            if named and named[-1][0] == text and named[-1][1] not in followed and row not in merged:
                return None
            named.append((text, row))
            fresh = False
        elif named and (not fresh or merged.get(row) == named[-1][1]):
            told[row] = (named[-1][0], (named[-1][1], column))
            if named[-1][1] not in followed:
                followed.append(named[-1][1])
        else:
            return None
    certain = told and all(merged.get(row) == place[0] for row, (_, place) in told.items())
    alone = len(named) == 1 and len(told) >= 2
    once = len({text for text, _ in named}) == len(named)
    if not told or not (certain or (once and (alone or len(followed) >= 2))):
        return None
    cells_now = {(row, number): cell for row, cells in rows.items() for number, cell in cells.items()}
    origin = dict(grid.origin)
    for row, (name, place) in told.items():
        cells_now[row, column] = Cell(name, "@")
        origin[row, column] = place
    said = f"an account written once stands for the {len(told)} rows below it that leave it out"
    return replace(block.candidate, grid=replace(grid, cells=cells_now, origin=origin), told=said)


def _name_in(cell: Cell | None) -> str:
    if cell is None or cell.value is None:
        return ""
    return plain_number(cell.value) if isinstance(cell.value, float) else text_of(cell)


def _beside(block: Block, rows: Rows, told: Mapping[int, tuple[str, tuple[int, int]]], said: str) -> Candidate:
    """The block alone, with one more column for the account."""
    candidate = block.candidate
    first, last = block.span
    column = last + 1
    header = candidate.row
    cells = {
        (row, number): cell
        for row in sorted(rows)
        if header <= row <= block.last_row
        for number, cell in _in_span(rows[row], block.span).items()
    }
    origin = {(header, column): (header, first)}
    for row, (name, place) in told.items():
        cells[row, column] = Cell(name, "@")
        origin[row, column] = place
    grid = replace(candidate.grid, cells=cells, tables=(), origin=origin)
    return Candidate(grid, header, (*candidate.headers, (column, "Account")), None, said)


def _in_span(cells: Mapping[int, Cell], span: tuple[int, int]) -> dict[int, Cell]:
    return {
        number: cell
        for number, cell in cells.items()
        if span[0] <= number <= span[1] and not (isinstance(cell.value, str) and not text_of(cell))
    }


def _first_text(cells: Mapping[int, Cell]) -> str:
    return next((text for column in sorted(cells) if (text := text_of(cells[column]))), "")


def rows_of(grid: Grid) -> Rows:
    """Row -> its cells by column."""
    return cells_by_row(grid.cells)


def report_untold(block: Block, findings: Findings) -> None:
    """A list that nothing gives an account to, beside lists that have one, would silently be missing."""
    findings.error(
        "no-account",
        place_in(block.candidate.grid, block.candidate.row),
        "This list of holdings names no account: neither a column, nor a title above it, nor the sheet's name does.",
        'Write the account\'s name above it, as "Account: …", or delete the list if it does not count.',
    )
