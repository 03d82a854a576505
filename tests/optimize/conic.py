"""A second opinion on the amounts of a plan's orders: the program with its cone, solved by an interior-point solver.

Clarabel (Apache License 2.0) solves second-order cone programs; it shares nothing with the tangents or with HiGHS.
"""

import clarabel
import numpy as np
import numpy.typing as npt
from scipy import sparse

from rebal_xl.optimize.program import Arrays

Floats = npt.NDArray[np.float64]


def least_cost(arrays: Arrays, fixed: Floats) -> float:
    """Least cost (thousand dollars) with every whole number as in `fixed`, and the cone itself instead of tangents."""
    cone = arrays.cone
    assert cone is not None
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[arrays.integer] = upper[arrays.integer] = fixed[arrays.integer]
    each = sparse.identity(len(lower), format="csr")
    matrix = sparse.vstack((arrays.matrix, each), format="csr")
    low, high = np.concatenate((arrays.row_lower, lower)), np.concatenate((arrays.row_upper, upper))
    same = low == high
    above, below = ~same & np.isfinite(high), ~same & np.isfinite(low)
    length = -each[[cone.length, *cone.entries]]
    stacked = sparse.vstack((matrix[same], matrix[above], -matrix[below], length), format="csc")
    limits = np.concatenate((low[same], high[above], -low[below], np.zeros(length.shape[0])))
    cones = [
        clarabel.ZeroConeT(int(same.sum())),
        clarabel.NonnegativeConeT(int(above.sum() + below.sum())),
        clarabel.SecondOrderConeT(length.shape[0]),
    ]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-9
    nothing = sparse.csc_matrix((len(lower), len(lower)))
    answer = clarabel.DefaultSolver(nothing, arrays.cost, stacked, limits, cones, settings).solve()
    assert answer.status == clarabel.SolverStatus.Solved
    return float(answer.obj_val) + arrays.offset
