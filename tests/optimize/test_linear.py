"""A linear program solved again with small changes gives what it would give solved afresh."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from benchmarks.households import draw_household
from rebal_xl.measure import measure_drift
from rebal_xl.optimize.beyond import least_beyond
from rebal_xl.optimize.program import INFINITY, Arrays, Program
from rebal_xl.optimize.search import build_model
from rebal_xl.optimize.solver import Linear

# Room for the tolerances of two solvers, in the program's thousands of dollars.
ROOM = 1e-6


def drawn(seed: int, columns: int = 12, rows: int = 8) -> Arrays:
    """A program with a constant, bounded, that a known point satisfies."""
    random = np.random.default_rng(seed)
    program = Program(offset=float(random.uniform(-5.0, 5.0)))
    upper = random.uniform(1.0, 4.0, columns)
    program.add_columns("x", columns, 0.0, upper, random.uniform(-1.0, 1.0, columns))
    inside = upper * random.uniform(0.0, 1.0, columns)
    for row in range(rows):
        values = random.uniform(-1.0, 1.0, columns)
        program.add_row(f"row {row}", -INFINITY, float(values @ inside) + 0.1, (np.arange(columns), values))
    return program.finish()


def by_scipy(arrays: Arrays, at_least: tuple[list[int], float] | None = None) -> float:
    """The least cost, found by another way into a solver; infinity where there is none."""
    matrix, limits = arrays.matrix.toarray(), arrays.row_upper
    kept = np.isfinite(limits)
    matrix, limits = matrix[kept], limits[kept]
    if at_least is not None:
        row = np.zeros(len(arrays.cost))
        row[at_least[0]] = -1.0
        matrix, limits = np.vstack((matrix, row)), np.append(limits, -at_least[1])
    found = linprog(arrays.cost, matrix, limits, bounds=list(zip(arrays.lower, arrays.upper, strict=True)))
    return float(found.fun) + arrays.offset if found.status == 0 else INFINITY


@pytest.mark.parametrize("seed", range(20))
def test_each_answer_is_that_of_the_changed_program_alone(seed: int) -> None:
    arrays = drawn(seed)
    linear = Linear(arrays)
    assert linear.objective == pytest.approx(by_scipy(arrays), abs=ROOM)
    upper = arrays.upper.copy()
    for column in range(0, 12, 3):
        fixed = replace(arrays, lower=arrays.lower.copy(), upper=upper.copy())
        fixed.lower[column] = fixed.upper[column] = 0.5
        assert linear.with_column(column, 0.5) == pytest.approx(by_scipy(fixed), abs=ROOM)
        wanted = ([column, column + 1], 1.5)
        alone = replace(arrays, upper=upper)
        assert linear.with_at_least(np.array(wanted[0]), 1.5) == pytest.approx(by_scipy(alone, wanted), abs=ROOM)
        upper[column] = 5.0
        linear.limit(column, 5.0)


@pytest.mark.parametrize("seed", range(20))
def test_what_was_fixed_is_let_go_of(seed: int) -> None:
    arrays = drawn(seed)
    linear = Linear(arrays)
    linear.fix(2, 0.25)
    fixed = replace(arrays, lower=arrays.lower.copy(), upper=arrays.upper.copy())
    fixed.lower[2] = fixed.upper[2] = 0.25
    assert linear.with_at_least(np.array([4, 5]), 1.0) == pytest.approx(by_scipy(fixed, ([4, 5], 1.0)), abs=ROOM)
    # a look at another value leaves it fixed
    linear.with_column(2, 0.75)
    assert linear.with_at_least(np.array([4, 5]), 1.0) == pytest.approx(by_scipy(fixed, ([4, 5], 1.0)), abs=ROOM)
    linear.free()
    assert linear.with_at_least(np.array([4, 5]), 1.0) == pytest.approx(by_scipy(arrays, ([4, 5], 1.0)), abs=ROOM)


@pytest.mark.parametrize("seed", range(40))
def test_no_answer_is_sought_beyond_what_is_enough(seed: int) -> None:
    arrays = drawn(seed)
    linear = Linear(arrays)
    for column in range(12):
        exact = by_scipy(arrays, ([column, (column + 5) % 12], 2.0))
        for enough in (exact - 0.5, exact + 0.5) if exact < INFINITY else (3.0,):
            linear.enough = enough
            found = linear.with_at_least(np.array([column, (column + 5) % 12]), 2.0)
            # never above the true cost, and never said to be cheap when it is not
            assert found <= exact + ROOM
            assert found >= min(exact, enough) - ROOM


@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_out_of_a_search_is_bounded_alike_from_a_program_already_solved(seed: int) -> None:
    home, rules = draw_household("small", seed)
    model = build_model(home, rules, measure_drift(home, rules))
    arrays = model.program.finish()
    afresh = least_beyond(model, arrays)
    used = Linear(arrays)
    for name in sorted(model.tax):
        for column in model.tax[name].binaries:
            used.fix(column, 1.0)
    used.free()
    enough = sorted(afresh.values())[len(afresh) // 2]
    again = least_beyond(model, arrays, used, enough)
    assert again.keys() == afresh.keys()
    for name, least in afresh.items():
        assert again[name] <= least + 1e-4
        assert again[name] >= min(least, enough) - 1e-4
