"""HiGHS, called directly: absolute gap, bound at a stop, start solution, progress and cancel.

One thread always: the answer must not depend on the machine (and a second thread does not help at this size).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import highspy
import numpy as np
import numpy.typing as npt

from rebal_xl.optimize.program import INFINITY, UNIT_USD, Arrays, FloatArray, IntArray

# Called with (best cost so far, bound, seconds) in dollars; returning True asks to stop with the best plan so far.
Progress = Callable[[float, float, float], bool]


# Seconds after which a linear program of this size has gone astray.
LONGEST_S = 60.0


# What HiGHS says of rows that contradict each other; the program's objective is bounded, so both mean that.
NO_PLAN = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


class SolverError(RuntimeError):
    """HiGHS came back without an answer to a problem that always has one."""


class NoPlan(SolverError):
    """No values satisfy the rows: only the advisor's own trades can contradict each other so."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a search is made. It changes how long the search takes, never what it may call proven."""

    # simplify the program first
    presolve: bool = True
    # look for cuts below the root of the tree too
    cuts_at_nodes: bool = True
    # look for plans in smaller programs at the root, where no good one is known yet
    looks_for_plans: bool = True
    # how near to whole a whole number must be: 1e-8, or ten times that
    exact: bool = True


USUAL = Way()
# Nothing simplified, and whole numbers taken a little less exactly: another way through the same program.
AS_IT_STANDS = Way(presolve=False, exact=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found, money in the program's unit."""

    values: FloatArray
    objective: float
    # proven lower bound on the objective
    bound: float
    # "optimal", "deadline" or "cancelled"
    status: str
    seconds: float


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
    """Minimise; stops within `gap_usd` dollars of the optimum, at the deadline, or when `progress` says so.

    `most_nodes` ends the search after so many nodes, which unlike a deadline gives the same answer on any machine.

    Raises NoPlan when the rows contradict each other, SolverError when nothing was found in time or HiGHS fails.
    """
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    _set_options(highs, gap_usd / UNIT_USD, deadline_s, seed)
    highs.setOptionValue("presolve", "choose" if way.presolve else "off")
    # Not tighter: at 1e-9 HiGHS 1.15 was seen to cut off the optimum (once in some 7,000 tiny households).
    highs.setOptionValue("mip_feasibility_tolerance", 1e-8 if way.exact else 1e-7)
    highs.setOptionValue("mip_allow_cut_separation_at_nodes", way.cuts_at_nodes)
    highs.setOptionValue("mip_heuristic_run_root_reduced_cost", way.looks_for_plans)
    if most_nodes is not None:
        highs.setOptionValue("mip_max_nodes", most_nodes)
    if highs.passModel(_model(arrays)) == highspy.HighsStatus.kError:
        raise SolverError("The solver refused the model.")
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    cancelled = _watch(highs, progress)
    began = time.perf_counter()
    if highs.run() == highspy.HighsStatus.kError:
        raise SolverError("The solver stopped with an error.")
    seconds = time.perf_counter() - began
    status = _status(highs.getModelStatus(), cancelled)
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        failure = NoPlan if highs.getModelStatus() in NO_PLAN else SolverError
        raise failure(f"The solver found no plan ({highs.modelStatusToString(highs.getModelStatus())}).")
    whole = bool(arrays.integer.any())
    bound = info.mip_dual_bound if whole else info.objective_function_value
    values = np.array(highs.getSolution().col_value)
    return Answer(_rounded(values, arrays.integer), info.objective_function_value, float(bound), status, seconds)


class Linear:
    """A program with every whole number divisible, solved again and again with small changes, each from the last."""

    def __init__(self, arrays: Arrays) -> None:
        """Solve it as it stands."""
        # a cost no answer need be dearer than: where one is, that is found sooner, and told as this cost
        self.enough = INFINITY
        self._lower, self._upper = arrays.lower.copy(), arrays.upper.copy()
        self._fixed: dict[int, float] = {}
        self._highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.silent()
        _set_options(self._highs, 0.0, LONGEST_S, 0)
        self._highs.setOptionValue("presolve", "off")
        self._highs.passModel(_model(replace(arrays, integer=np.zeros_like(arrays.integer))))
        self.objective = self._run()

    def with_column(self, column: int, value: float) -> float:
        """The least cost with one column at a value, infinity when that cannot be."""
        self._highs.changeColBounds(column, value, value)
        found = self._run()
        self._reset(column)
        return found

    def with_at_least(self, columns: IntArray, value: float) -> float:
        """The least cost with a sum of columns at a value or above it, infinity when that cannot be."""
        row, count = self._highs.getNumRow(), len(columns)
        self._highs.addRow(value, INFINITY, count, columns.astype(np.int32), np.ones(count))
        found = self._run()
        # a row that asks for nothing, unlike one that is gone, leaves the next solve where this one ended
        self.free_row(row)
        return found

    def fix(self, column: int, value: float) -> None:
        """Keep a column at a value from now on."""
        self._fixed[column] = value
        self._reset(column)

    def free(self) -> None:
        """Let go of what was fixed."""
        columns = sorted(self._fixed)
        self._fixed.clear()
        for column in columns:
            self._reset(column)

    def limit(self, column: int, upper: float) -> None:
        """Give a column another upper bound."""
        self._upper[column] = upper
        self._reset(column)

    def free_row(self, row: int) -> None:
        """Ask nothing of a row any more."""
        self._highs.changeRowBounds(row, -INFINITY, INFINITY)

    def with_cost(self, cost: FloatArray) -> FloatArray | None:
        """The cheapest answer under other costs, which stay; None when there is none."""
        self._highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        return None if self._run() == INFINITY else np.array(self._highs.getSolution().col_value)

    def _reset(self, column: int) -> None:
        fixed = self._fixed.get(column)
        lower, upper = (self._lower[column], self._upper[column]) if fixed is None else (fixed, fixed)
        self._highs.changeColBounds(column, lower, upper)

    def _run(self) -> float:
        self._highs.setOptionValue("objective_bound", self.enough)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kObjectiveBound:
            return self.enough
        if status == highspy.HighsModelStatus.kOptimal:
            return float(self._highs.getInfo().objective_function_value)
        # Only what cannot be is too dear; of what was not solved nothing is known.
        return INFINITY if status == highspy.HighsModelStatus.kInfeasible else -INFINITY


def _rounded(values: FloatArray, integer: npt.NDArray[np.bool_]) -> FloatArray:
    values[integer] = np.round(values[integer])
    return values


def _set_options(highs: highspy.Highs, gap: float, deadline_s: float, seed: int) -> None:
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", seed)
    highs.setOptionValue("mip_abs_gap", gap)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("time_limit", max(0.1, deadline_s))
    # Tight feasibility: a thousandth of a cent instead of a tenth of a dollar.
    highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
    highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
    # Measured: these heuristics cost more than they bring on household models.
    highs.setOptionValue("mip_heuristic_run_rins", False)
    highs.setOptionValue("mip_heuristic_run_rens", False)
    highs.setOptionValue("mip_heuristic_run_feasibility_jump", False)
    # Costs of equal choices are made unequal (`search.with_ties`): there is no symmetry to look for.
    highs.setOptionValue("mip_detect_symmetry", False)
    # ... and restarts too: the head start has found what they would.
    highs.setOptionValue("mip_allow_restart", False)


def _model(arrays: Arrays) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    rows, columns = arrays.matrix.shape
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = arrays.cost, arrays.lower, arrays.upper
    lp.row_lower_, lp.row_upper_ = arrays.row_lower, arrays.row_upper
    lp.offset_ = arrays.offset
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    # these go over number by number, and a list's numbers are quicker to come by than an array's
    lp.a_matrix_.start_ = arrays.matrix.indptr.tolist()
    lp.a_matrix_.index_ = arrays.matrix.indices.tolist()
    lp.a_matrix_.value_ = arrays.matrix.data.tolist()
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    if arrays.integer.any():
        lp.integrality_ = [kinds[flag] for flag in arrays.integer.tolist()]
    return lp


def _watch(highs: highspy.Highs, progress: Progress | None) -> list[bool]:
    """Report improving plans and listen for a wish to stop; the returned list holds one True when stopped."""
    stopped: list[bool] = []
    if progress is None:
        return stopped

    def on_interrupt(event: highspy.HighsCallbackEvent) -> None:
        data = event.data_out
        wish = progress(data.mip_primal_bound * UNIT_USD, data.mip_dual_bound * UNIT_USD, data.running_time)
        # There is always a plan soon; stopping before it would leave nothing to show.
        if wish and data.mip_primal_bound < highspy.kHighsInf:
            if not stopped:
                stopped.append(True)
            event.interrupt()

    highs.cbMipInterrupt.subscribe(on_interrupt)
    return stopped


def _status(model_status: highspy.HighsModelStatus, cancelled: list[bool]) -> str:
    if cancelled:
        return "cancelled"
    if model_status == highspy.HighsModelStatus.kOptimal:
        return "optimal"
    if model_status in (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kInterrupt):
        return "deadline"
    return str(model_status).rsplit(".", maxsplit=1)[-1]
