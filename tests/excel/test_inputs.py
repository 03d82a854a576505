"""The cells of a table argument, which are shared among its rows."""

from rebal_xl.excel.inputs import Corner, forget_households, grid_of


def held(*rows: tuple[object, ...]) -> list[list[object]]:
    grid = grid_of(rows, Corner("Holdings"))  # type: ignore[arg-type]
    return [[grid.cells[row, column].value for column in (1, 2)] for row in range(1, len(rows) + 1)]


def test_one_and_true_stay_apart_in_whatever_order_they_come():
    for rows in (((1.0, True), (True, 1.0)), ((True, 1.0), (1.0, True)), ((0.0, False), (False, 0.0))):
        forget_households()
        assert [[type(value) for value in row] for row in held(*rows)] == [
            [type(value) for value in row] for row in rows
        ]


def test_a_text_that_shows_nothing_is_no_cell_however_often_it_comes():
    grid = grid_of((("VTI", "\u200b"), ("BND", "\u200b"), ("", " ")), Corner("Holdings"))
    assert {place: cell.value for place, cell in grid.cells.items()} == {(1, 1): "VTI", (2, 1): "BND"}
