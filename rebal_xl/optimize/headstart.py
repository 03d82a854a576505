"""A good plan before the proof begins, and signs of the tax rows that no plan near the best can have.

The proof ends as soon as its bound comes near the best plan known, so most of its time went into finding one. Here a
few linear programs do: every order's fixed cost is spread over the amount the last one gave it, which drops small
orders and keeps large ones; the orders that any of them used are then chosen from exactly. Fixed seeds and counts of
nodes throughout: the plan depends on the household alone.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rebal_xl.optimize.model import Model
from rebal_xl.optimize.program import INFINITY, UNIT_USD, Arrays, FloatArray, IntArray
from rebal_xl.optimize.solver import Answer, Linear, Progress, SolverError, Way, solve
from rebal_xl.optimize.tangents import with_tangents

# Yes-or-no columns below which the proof alone is as quick.
FEW_CHOICES = 100
# Linear programs, each with the fixed costs spread over the amounts of the one before; of few choices fewer.
ROUNDS, FEW_ROUNDS = 6, 3
# Nodes of the search among their orders, and the part of the gap at which it ends.
NODES, FEW_NODES, NEAR = 20, 500, 0.4
# Measured: below the root of a program so small, cuts cost more than they save.
QUICKLY = Way(cuts_at_nodes=False)
# ... and a program of few choices is at its end before a search for plans in a part of it pays.
STRAIGHT = Way(cuts_at_nodes=False, looks_for_plans=False)
# Part of the time left that it may take at most.
TIME_SHARE = 0.25
# Seconds for a plan of given orders, of which all but the signs of the tax rows is a linear program.
AT_ONCE_S = 5.0
# Ends of a search that another machine may not reach at the same place.
STOPPED = ("deadline", "cancelled")
# A sign so many gaps dearer than its opposite is not looked at on the way to a good plan (the proof does look).
HOPELESS_GAPS = 20.0
# Thousand dollars below which an amount is none.
NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Where the proof begins."""

    # the program, less what was shown to be too dear
    arrays: Arrays
    # a good plan, or what was known before
    values: FloatArray | None
    # no plan that was left out costs less, thousand dollars; infinity when none was
    floor: float
    # whether the plan was found here, and may be shown if it is near enough
    found: bool
    # the program with every order divisible and nothing left out; None beside a cone
    relaxed: Linear | None


def head_start(
    model: Model,
    arrays: Arrays,
    start: FloatArray | None,
    *,
    gap_usd: float,
    share: float,
    deadline_s: float,
    progress: Progress | None,
) -> HeadStart:
    """A plan to start the proof from; plans left out are dearer than it less `share` (0..1) of the gap.

    With few choices the proof goes to the end whatever it starts from, and plans left out are dearer than this one.
    """
    if arrays.cone is not None:
        return HeadStart(arrays, start, INFINITY, found=False, relaxed=None)
    few = few_choices(arrays)
    relaxed = Linear(arrays)
    signs = [column for name in sorted(model.tax) for column in model.tax[name].binaries]
    likely = _likely(relaxed, arrays, signs, HOPELESS_GAPS * gap_usd / UNIT_USD)
    traded = _traded(model, likely, FEW_ROUNDS if few else ROUNDS)
    answer: Answer | None = None
    with suppress(SolverError):
        answer = solve(
            _only(model, likely, traded),
            gap_usd=0.0 if few else NEAR * gap_usd,
            deadline_s=TIME_SHARE * deadline_s,
            most_nodes=FEW_NODES if few else NODES,
            start=start,
            progress=_bounded(progress, relaxed.objective),
            way=STRAIGHT if few else QUICKLY,
        )
    best = start if answer is None else _cheaper(arrays, answer.values, start)
    if answer is None or answer.status != "optimal":
        best = _at_once(model, likely, traded, best)
    stopped = answer is None or answer.status in STOPPED
    if best is None or best is start or stopped:
        return HeadStart(arrays, best, INFINITY, found=False, relaxed=relaxed)
    floor = float(arrays.cost @ best) + arrays.offset - (0.0 if few else share * gap_usd / UNIT_USD)
    kept, left_out = _certain(relaxed, arrays, signs, best, floor)
    relaxed.free()
    return HeadStart(kept, best, floor if left_out else INFINITY, found=not few, relaxed=relaxed)


def few_choices(arrays: Arrays) -> bool:
    """Whether the program is so small that it is best solved to the end, which gives one answer for every seed."""
    return arrays.cone is None and int(np.count_nonzero(arrays.integer)) < FEW_CHOICES


def _likely(relaxed: Linear, arrays: Arrays, signs: Sequence[int], too_dear: float) -> Arrays:
    """The program with every sign fixed whose opposite is dearer by `too_dear` (thousand dollars)."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    for column in signs:
        low = relaxed.with_column(column, 0.0)
        # how much dearer than that the opposite is, need not be known
        relaxed.enough = low + 2.0 * too_dear if low > -INFINITY else INFINITY
        high = relaxed.with_column(column, 1.0)
        relaxed.enough = INFINITY
        if min(low, high) == INFINITY or abs(high - low) <= too_dear:
            continue
        lower[column] = upper[column] = 0.0 if low < high else 1.0
    return replace(arrays, lower=lower, upper=upper)


def _certain(
    relaxed: Linear, arrays: Arrays, signs: Sequence[int], values: FloatArray, floor: float
) -> tuple[Arrays, bool]:
    """The program with the signs of a plan fixed, one after the other, where every plan with the opposite is dearer
    than `floor`; whether there was any."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    fixed = False
    relaxed.enough = floor
    for column in signs:
        if relaxed.with_column(column, 1.0 - values[column]) >= floor:
            lower[column] = upper[column] = values[column]
            relaxed.fix(column, float(values[column]))
            fixed = True
    return replace(arrays, lower=lower, upper=upper), fixed


def promising(model: Model, arrays: Arrays, besides: FloatArray | None = None) -> Arrays:
    """The program with only those orders that some of the linear programs used, or the plan `besides`."""
    return _only(model, arrays, _traded(model, arrays, ROUNDS), besides)


def _only(model: Model, arrays: Arrays, traded: Sequence[FloatArray], besides: FloatArray | None = None) -> Arrays:
    flags = np.concatenate((model.sells, model.buys))
    used: npt.NDArray[np.bool_] = np.zeros(len(flags), dtype=np.bool_) if besides is None else besides[flags] > 0.5
    for amounts in traded:
        used |= amounts > NOTHING
    upper = np.array(arrays.upper)
    upper[flags[~used & (arrays.lower[flags] <= 0.0)]] = 0.0
    return replace(arrays, upper=upper)


def _traded(model: Model, arrays: Arrays, rounds: int) -> list[FloatArray]:
    """The amount of every order in each of the linear programs, sales first."""
    flags = np.concatenate((model.sells, model.buys))
    amounts = np.concatenate((model.sold, model.bought))
    order_of = np.concatenate((model.position_of, len(model.sells) + np.arange(len(model.buys))))
    fixed_cost = arrays.cost[flags]
    linear, rate = Linear(with_tangents(arrays)), np.zeros(len(flags))
    found: list[FloatArray] = []
    cost = arrays.cost
    for _ in range(rounds):
        values = linear.with_cost(cost)
        if values is None:
            break
        traded = _sums(values[amounts], order_of, len(flags))
        found.append(traded)
        now = traded > NOTHING
        rate[now] = fixed_cost[now] / traded[now]
        cost = arrays.cost.copy()
        cost[flags] = 0.0
        cost[amounts] += rate[order_of]
    return found


def _at_once(
    model: Model, arrays: Arrays, traded: Sequence[FloatArray], besides: FloatArray | None
) -> FloatArray | None:
    """The plan that does just the orders of the last linear program, or of the first, where it is cheaper than the one
    `besides`: found in no time, when a search among more orders found nothing good.

    (To start every search from it was measured: it misleads as often as it helps.)
    """
    flags = np.concatenate((model.sells, model.buys))
    best = besides
    for amounts in (*traded[-1:], *traded[:1]):
        # the largest, as far as the order cap goes
        largest = np.argsort(-amounts, kind="stable")[: model.policy.most_orders]
        wanted = np.zeros(len(flags))
        wanted[largest] = amounts[largest] > NOTHING
        lower, upper = arrays.lower.copy(), arrays.upper.copy()
        lower[flags] = upper[flags] = np.clip(wanted, lower[flags], upper[flags])
        fixed = replace(arrays, lower=lower, upper=upper)
        with suppress(SolverError):
            answer = solve(fixed, gap_usd=0.0, deadline_s=AT_ONCE_S, most_nodes=NODES, way=STRAIGHT)
            best = _cheaper(arrays, answer.values, best)
    return best


def _cheaper(arrays: Arrays, first: FloatArray, second: FloatArray | None) -> FloatArray:
    return first if second is None or float(arrays.cost @ first) <= float(arrays.cost @ second) else second


def _sums(values: FloatArray, groups: IntArray, count: int) -> FloatArray:
    return np.bincount(groups, weights=values, minlength=count).astype(np.float64)


def _bounded(progress: Progress | None, bound: float) -> Progress | None:
    """Reports with the bound of all plans: the search among a few orders has one of its own."""
    if progress is None:
        return None
    told = progress
    return lambda cost_usd, _, seconds: told(cost_usd, bound * UNIT_USD, seconds)
