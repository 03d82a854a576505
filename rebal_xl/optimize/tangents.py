"""Solving a program that may hold a cone: tangents are added where an answer undercuts it, until none does.

First with every order divisible, which is quick; then the program itself, the amounts of whose orders are each time put
right by themselves. An answer is exact to a cent, so that no conic solver could better its amounts by more.
"""

import time
from dataclasses import replace

import numpy as np
from scipy import sparse

from rebal_xl.optimize.cone import Cone
from rebal_xl.optimize.program import INFINITY, UNIT_USD, Arrays, FloatArray
from rebal_xl.optimize.solver import USUAL, Answer, Progress, Way
from rebal_xl.optimize.solver import solve as solve_rows

# Dollars by which the cost of an answer may fall short of what its tracking error costs.
EXACT_USD = 0.01
# Part of the gap that the program with its orders may use; the rest is for putting its amounts right.
ORDERS_SHARE = 0.8
# Tangents added to one program one after the other; a few suffice, and rounding must not go on for ever.
MOST_TANGENTS = 200


def solve(
    arrays: Arrays,
    *,
    gap_usd: float,
    deadline_s: float,
    start: FloatArray | None = None,
    most_nodes: int | None = None,
    progress: Progress | None = None,
    seed: int = 0,
    way: Way = USUAL,
) -> Answer:
    """Minimise, cone included; the rest as `solver.solve`."""
    if arrays.cone is None:
        return solve_rows(
            arrays, gap_usd=gap_usd, deadline_s=deadline_s, start=start, most_nodes=most_nodes, progress=progress,
            seed=seed, way=way,
        )  # fmt: skip
    began = time.perf_counter()
    divisible = replace(arrays, integer=np.zeros_like(arrays.integer))
    best = _exact(divisible, arrays.cone, deadline_s, seed)
    if not arrays.integer.any():
        return best
    bound, found = -INFINITY, None
    while True:
        answer = solve_rows(
            with_tangents(arrays), gap_usd=gap_usd * ORDERS_SHARE, deadline_s=deadline_s - time.perf_counter() + began,
            start=start, most_nodes=most_nodes, progress=progress, seed=seed, way=way,
        )  # fmt: skip
        bound, known = max(bound, answer.bound), len(arrays.cone.slopes)
        mended = _exact(_with_whole(divisible, arrays, answer.values), arrays.cone, deadline_s, seed)
        if found is None or mended.objective < found.objective:
            found = mended
        closed = (found.objective - bound) * UNIT_USD <= gap_usd or len(arrays.cone.slopes) == known
        if closed or answer.status != "optimal":
            seconds = time.perf_counter() - began
            return Answer(found.values, found.objective, bound, answer.status, seconds)
        start = found.values


def with_tangents(arrays: Arrays) -> Arrays:
    """The program with every tangent found so far: z - 2 a y + a^2 r >= 0 for each entry y with slope a."""
    cone = arrays.cone
    if cone is None or not cone.slopes:
        return arrays
    slopes, times = np.concatenate(cone.slopes), len(cone.slopes)
    rows = np.arange(len(slopes))
    columns = (np.tile(cone.parts, times), np.tile(cone.entries, times), np.full(len(rows), cone.length))
    values = (np.ones(len(rows)), -2.0 * slopes, slopes**2)
    block = sparse.csr_matrix(
        (np.concatenate(values), (np.tile(rows, 3), np.concatenate(columns))),
        shape=(len(rows), arrays.matrix.shape[1]),
    )
    return replace(
        arrays,
        matrix=sparse.csr_matrix(sparse.vstack((arrays.matrix, block))),
        row_lower=np.concatenate((arrays.row_lower, np.zeros(len(rows)))),
        row_upper=np.concatenate((arrays.row_upper, np.full(len(rows), INFINITY))),
    )


def _exact(divisible: Arrays, cone: Cone, deadline_s: float, seed: int) -> Answer:
    """The optimum of a program without whole numbers, its tracking error paid in full."""
    for _ in range(MOST_TANGENTS):
        answer = solve_rows(with_tangents(divisible), gap_usd=0.0, deadline_s=deadline_s, seed=seed)
        if cone.missed(answer.values) * UNIT_USD <= EXACT_USD:
            break
        cone.touch(answer.values)
    return answer


def _with_whole(divisible: Arrays, arrays: Arrays, values: FloatArray) -> Arrays:
    """Every whole number as in an answer, the rest free."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[arrays.integer] = upper[arrays.integer] = values[arrays.integer]
    return replace(divisible, lower=lower, upper=upper)
