"""The program as it is put together: numbers and arrays alike end where they were asked to."""

import numpy as np

from rebal_xl.optimize.program import INFINITY, Program, Term


def test_columns_take_one_number_for_all_or_one_for_each():
    program = Program()
    several = program.add_columns("several", 3, 0.0, np.array([1.0, 2.0, 3.0]), np.array([5.0]))
    single = program.add_column("single", -INFINITY, 4.0, 6.0)
    flag = program.add_binary("flag", 7.0)
    arrays = program.finish()
    assert (several.tolist(), single, flag) == ([0, 1, 2], 3, 4)
    assert arrays.lower.tolist() == [0.0, 0.0, 0.0, -INFINITY, 0.0]
    assert arrays.upper.tolist() == [1.0, 2.0, 3.0, 4.0, 1.0]
    assert arrays.cost.tolist() == [5.0, 5.0, 5.0, 6.0, 7.0]
    assert arrays.integer.tolist() == [False, False, False, False, True]
    assert list(program.names()) == ["several[0]", "several[1]", "several[2]", "single", "flag"]


def test_rows_take_blocks_and_single_columns():
    program = Program()
    columns, extra = program.add_columns("columns", 2), program.add_column("extra")
    program.add_row("one", 1.0, 2.0, (extra, 3.0), (columns, np.array([4.0, 5.0])))
    program.add_rows("two", 2, 0.0, np.array([6.0, 7.0]), Term(np.arange(2), columns, -1.0), Term(1, extra, 8.0))
    arrays = program.finish()
    assert arrays.matrix.toarray().tolist() == [[4.0, 5.0, 3.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 8.0]]
    assert arrays.row_lower.tolist() == [1.0, 0.0, 0.0]
    assert arrays.row_upper.tolist() == [2.0, 6.0, 7.0]
    assert program.rows == {"one": range(1), "two": range(1, 3)}


def test_terms_of_one_column_are_summed_and_zeros_left_out():
    program = Program()
    column, other = program.add_column("column"), program.add_column("other")
    program.add_row("row", 0.0, 0.0, (column, 1.0), (column, 2.0), (other, 0.0))
    matrix = program.finish().matrix
    assert (matrix.toarray().tolist(), matrix.nnz) == ([[3.0, 0.0]], 1)


def test_an_empty_program_has_no_rows_and_no_columns():
    assert Program().finish().matrix.shape == (0, 0)
