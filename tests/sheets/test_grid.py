"""Cells kept row by row are the same cells as those kept one by one."""

from rebal_xl.sheets.grid import Cell, CellRows, FilledRow, cells_by_row

ONE_BY_ONE = {(2, 1): Cell("Joint"), (2, 3): Cell(100.0), (5, 1): Cell("IRA")}
BY_ROW = CellRows({2: FilledRow([(1, Cell("Joint")), (3, Cell(100.0))], "Joint"), 5: FilledRow([(1, Cell("IRA"))])})


def test_rows_are_a_mapping_like_any_other():
    assert dict(BY_ROW) == ONE_BY_ONE
    assert len(BY_ROW) == 3
    assert BY_ROW[2, 3] == Cell(100.0)
    assert BY_ROW.get((2, 2)) is None
    assert BY_ROW.get((9, 1), "nothing") == "nothing"
    assert (5, 1) in BY_ROW
    assert (5, 2) not in BY_ROW


def test_either_kind_is_gathered_by_row():
    assert (
        cells_by_row(ONE_BY_ONE) == cells_by_row(BY_ROW) == {2: {1: Cell("Joint"), 3: Cell(100.0)}, 5: {1: Cell("IRA")}}
    )
