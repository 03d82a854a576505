"""Lists of holdings in shapes that no header row alone explains, turned into the one shape that is read.

Nothing here is tried where a workbook has a list of holdings with accounts, symbols and quantities in columns, except
that an account written once stands for the rows below it.
"""

from collections.abc import Mapping, Sequence

from rebal_xl.intake.blocks import Block, blocks_of, filled_down, report_untold, rows_of, with_account
from rebal_xl.intake.candidates import Candidate
from rebal_xl.intake.findings import Findings
from rebal_xl.intake.headers import name_key
from rebal_xl.intake.matrices import by_class, matrices_of
from rebal_xl.intake.naming import Names, names_of
from rebal_xl.sheets.grid import Grid
from rebal_xl.sheets.tables import ACCOUNTS, FILLS, HOLDINGS, MY_TRADES, RECENT_TRADES, TARGETS

ByGrid = Mapping[str, tuple[Candidate, ...]]


def reshaped(grids: Sequence[Grid], candidates: ByGrid, findings: Findings, skip: frozenset[str]) -> ByGrid:
    """The header rows of each sheet, with those of lists that had to be put into shape.

    `skip` are the keys of sheets whose lists are results, not inputs. What looks like holdings but cannot be read
    without a guess is an error.
    """
    usable = [grid for grid in grids if grid.kind == "sheet" and not grid.hidden and name_key(grid.name) not in skip]
    found = {name: list(held) for name, held in candidates.items()}
    whole = (one for held in candidates.values() for one in held if one.match(HOLDINGS).complete)
    if not all(map(_is_of_trades, whole)):
        for grid in usable:
            _fill_down(grid, found[grid.name])
        return {name: tuple(held) for name, held in found.items()}
    if not usable:
        return candidates
    names = names_of(candidate for held in candidates.values() for candidate in held)
    untold: list[Block] = []
    told = 0
    for grid in usable:
        rows = rows_of(grid)
        for block in blocks_of(found[grid.name], rows):
            if _is_of_trades(block.candidate):
                continue
            shaped = _shaped(block, grid, names)
            if shaped is None:
                untold.append(block)
            else:
                found[grid.name] = [one for one in found[grid.name] if not _covers(one, block)]
                found[grid.name].append(shaped)
                told += 1
        matrices = matrices_of(grid, rows, names, findings) if not told else []
        headers = {one.row for one in matrices}
        found[grid.name] = [one for one in found[grid.name] if one.row not in headers or _is_whole(one)] + matrices
    for block in untold if told else ():
        report_untold(block, findings)
    return {name: tuple(held) for name, held in found.items()}


def _is_of_trades(candidate: Candidate) -> bool:
    """Whether a header row with accounts, symbols and shares is that of a list of trades and not of holdings."""
    most = len(candidate.match(HOLDINGS).columns)
    named = name_key(candidate.grid.name)
    return any(
        match.complete
        and (len(match.columns) > most or named in {name_key(name) for name in (match.table.name, match.table.sheet)})
        for match in map(candidate.match, (RECENT_TRADES, FILLS, MY_TRADES))
    )


def _fill_down(grid: Grid, held: list[Candidate]) -> None:
    rows = rows_of(grid)
    for block in blocks_of(held, rows):
        if "Account" not in block.columns or not block.candidate.match(HOLDINGS).complete:
            continue
        filled = filled_down(block, rows, grid)
        if filled is not None:
            held[held.index(block.candidate)] = filled


def _shaped(block: Block, grid: Grid, names: Names) -> Candidate | None:
    if "Account" not in block.columns:
        shaped = with_account(block, names, grid, rows_of(grid))
    else:
        shaped = filled_down(block, rows_of(grid), grid) or block.candidate
    if shaped is None or "Symbol" in block.columns:
        return shaped
    return by_class(shaped, block, grid)


def _is_whole(candidate: Candidate) -> bool:
    """A header row that is another table as well: the targets beside a matrix, the treatments of its accounts."""
    return any(candidate.match(table).complete for table in (TARGETS, ACCOUNTS))


def _covers(candidate: Candidate, block: Block) -> bool:
    """The header row of a block, whole or wider: it must not be read a second time."""
    return candidate.row == block.candidate.row and bool(set(candidate.numbers) & set(block.candidate.numbers))
