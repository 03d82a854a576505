"""Headers that stand in two rows, such as Cost over Per share and Total, joined into the lower row.

A header below another is read as both say together. Where that names no column of ours, it is not read: a cost of one
share must not be taken for the cost of the lot.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from rebal_xl.intake.candidates import LONGEST_HEADER, NAMES
from rebal_xl.intake.headers import spelling, without_signs
from rebal_xl.intake.naming import text_of
from rebal_xl.sheets.grid import Cell, Grid, GridBook, cells_by_row
from rebal_xl.sheets.tables import ACCOUNTS, CLASS_MIX, HOLDINGS, RECENT_TRADES, SECURITIES, TARGETS

TABLES = (HOLDINGS, ACCOUNTS, SECURITIES, TARGETS, CLASS_MIX, RECENT_TRADES)
Row = Mapping[int, Cell]

# What a header may be about, by its spellings.
COST, VALUE, BOUGHT, GAIN, GOAL = "cost", "value", "bought", "gain", "goal"
ABOUT = {
    COST: ("cost", "cost basis", "basis", "tax cost", "original cost", "adjusted cost", "cost information", "paid"),
    VALUE: ("value", "market", "market value", "current", "current value", "valuation", "market information", "today"),
    BOUGHT: ("purchase", "purchased", "acquisition", "acquired", "bought", "opened", "open"),
    GAIN: ("gain", "gains", "gain/loss", "unrealized", "unrealized gain", "unrealized gain/loss", "profit", "income"),
    GOAL: ("target", "targets", "goal", "policy"),
}
_TOPICS = {spelling(word): topic for topic, words in ABOUT.items() for word in words}
# What the header below may add, by its spellings without signs.
EACH, ALL, DAY, SHARE_OF = "each", "all", "day", "share of"
ADDS = {
    EACH: ("per share", "share", "per unit", "unit", "each", "price", "unit cost", "average", "avg", "average price"),
    ALL: ("total", "amount", "basis", "value", "total cost", "cost", "total value", "lot"),
    DAY: ("date", "day", "on", "date acquired", "purchase date"),
    SHARE_OF: ("weight", "allocation"),
}
_ADDS = {without_signs(spelling(word)): adds for adds, words in ADDS.items() for word in words}
_SIGNS = {"$": ALL, "%": SHARE_OF}
# Words that are headers of their own as well: under a cell that is not merged nobody knows which of the two they are.
ALONE = ("price", "value", "date")
MEANING = {
    (COST, EACH): "Cost/Share",
    (COST, ALL): "Cost Basis",
    (VALUE, EACH): "Price",
    (VALUE, ALL): "Market Value",
    (BOUGHT, EACH): "Cost/Share",
    (BOUGHT, ALL): "Cost Basis",
    (BOUGHT, DAY): "Acquired",
    (GOAL, SHARE_OF): "Target %",
}


def with_joined_headers(book: GridBook) -> GridBook:
    """The book with the headers of two rows in the lower of them."""
    grids = tuple(_joined(grid) if grid.kind == "sheet" and not grid.ours else grid for grid in book.grids)
    return book if all(new is old for new, old in zip(grids, book.grids, strict=True)) else replace(book, grids=grids)


def _joined(grid: Grid) -> Grid:
    rows = cells_by_row(grid.cells)
    found: dict[int, dict[int, str]] = {}
    for upper in sorted(rows):
        if upper + 1 in rows and upper not in found and not _in_table(grid, upper):
            texts = _two_lines(grid, upper, rows[upper], rows[upper + 1])
            if texts:
                found[upper + 1] = texts
    if not found:
        return grid
    cells = {(row, number): cell for row, held in rows.items() for number, cell in held.items()}
    for lower, texts in found.items():
        for number, text in texts.items():
            cells.pop((lower - 1, number), None)
            cells[lower, number] = Cell(text)
    lines = {row for lower in found for row in (lower - 1, lower)}
    merged = tuple(one for one in grid.merged if not (one[0] in lines and one[2] in lines))
    return replace(grid, cells=cells, merged=merged)


def _in_table(grid: Grid, row: int) -> bool:
    # The header of an Excel table is one row.
    return any(fence.first_row - 1 <= row <= fence.last_row for fence in grid.tables)


def _two_lines(grid: Grid, upper: int, top: Row, below: Row) -> dict[int, str]:
    """Column -> what the two rows say together; nothing where they are no header of two rows."""
    if not _are_words(top.values()) or not _are_words(below.values()):
        return {}
    over = _over(grid, upper, top, below)
    both = [number for number in below if number in over]
    told = {number: _together(*over[number], text_of(below[number])) for number in both}
    if not any(told.values()):
        return {}
    texts = {number: text_of(cell) for number, cell in top.items()}
    texts |= {number: text_of(cell) for number, cell in below.items()}
    texts |= {number: text for number, text in told.items() if text}
    joined, alone = _known(texts), _known({number: text_of(cell) for number, cell in below.items()})
    return texts if joined >= 2 and joined >= alone - len(both) else {}


def _are_words(cells: Collection[Cell]) -> bool:
    """Texts alone, none a sentence or a number."""
    # Most rows hold a number, and are left at that.
    if not all(isinstance(cell.value, str) for cell in cells):
        return False
    texts = [text_of(cell) for cell in cells]
    return bool(texts) and all(
        0 < len(text) < LONGEST_HEADER and (any(map(str.isalpha, text)) or text in _SIGNS) for text in texts
    )


def _over(grid: Grid, upper: int, top: Row, below: Row) -> dict[int, tuple[str, bool]]:
    """Column -> the header above it, and whether that is certain: the cell itself, or the merged cell it lies under.

    Where nothing is merged, the last header on the left reaches over what only adds to it.
    """
    found: dict[int, tuple[str, bool]] = {}
    merged = {left: right for first, left, last, right in grid.merged if first == last == upper}
    for number, cell in sorted(top.items()):
        found[number] = text_of(cell), True
        if number in merged:
            found |= {after: (text_of(cell), True) for after in range(number + 1, merged[number] + 1)}
            continue
        after = number + 1
        while after not in top and _adds(text_of(below.get(after))):
            found[after] = text_of(cell), False
            after += 1
    return found


def _adds(under: str) -> str:
    """What a header adds to the one above it, "" where it stands for itself."""
    key = spelling(under)
    return _SIGNS.get(key) or (_ADDS.get(without_signs(key), "") if key else "")


def _together(over: str, certain: bool, under: str) -> str:
    """The header that two texts mean together, "" where the lower one stands for itself."""
    topic, adds = _TOPICS.get(spelling(over)), _adds(under)
    if topic is None:
        return _of_both(over, under)
    if not adds:
        return "" if _of_both(under, "") else f"{over}: {under}"
    meant = MEANING.get((topic, adds))
    if meant is None or (not certain and spelling(under) in ALONE):
        # Named, so that it is told, and of no column of ours.
        return f"{over}: {under}"
    return _of_both(over, under, meant) or meant


def _of_both(over: str, under: str, meant: str = "") -> str:
    """The two texts as a header that names a column of ours, `meant` where that is given; "" where they name none."""
    for text in (f"{over} {under}", f"{under} {over}"):
        columns = [found[1].name for table in TABLES if (found := NAMES[table.name].column_of(text)) is not None]
        if columns and (not meant or set(columns) == {meant}):
            return text
    return ""


def _known(texts: Mapping[int, str]) -> int:
    """How many columns of the table that they fit best these headers name."""
    return max(len(NAMES[table.name].match(sorted(texts.items())).columns) for table in TABLES)
