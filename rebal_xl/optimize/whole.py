"""Whole shares: the cheapest plan that can be ordered, next to the fractional optimum, with its lots well chosen."""

import math
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from rebal_xl.optimize.beyond import every_class
from rebal_xl.optimize.evaluate import Evaluation
from rebal_xl.optimize.headstart import QUICKLY, STOPPED, STRAIGHT, few_choices, promising
from rebal_xl.optimize.model import Model, rounding_room_usd
from rebal_xl.optimize.program import UNIT_USD, Arrays, FloatArray
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.search import (
    PROOF_SHARE,
    ROUNDING_USD,
    TIE_SHARE,
    Proof,
    Run,
    with_orders_of,
    with_ties,
)
from rebal_xl.optimize.shares import actions_of, add_exact_rows, add_whole_share_rows
from rebal_xl.optimize.solver import AS_IT_STANDS, Answer, NoPlan, SolverError, Way
from rebal_xl.optimize.tangents import solve

# Orders up to which a program with every share count open is worth trying when rounding cost more than the gap.
FEW_ORDERS = 60
# Nodes after which the search over every share count ends, and with few counts, whose nodes are quick (a count, not a
# time: the answer must not depend on speed).
COUNT_NODES, MANY_NODES, FEW_COUNTS = 2_000, 20_000, 50
# The same for the search around a plan over every share of every lot, which has more counts.
EXACT_NODES = 500
# Part of the gap within which the best whole shares are sought.
ROUNDING_SHARE = 0.1
# A gap so many times the wanted one, left by a rule that whole shares broke, is worth a longer search.
FAR_OFF = 10.0
# Thousand dollars by which an amount may miss its order: a hundredth of a cent.
HAIR = 1e-7


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan that can be ordered."""

    actions: Actions
    evaluation: Evaluation
    # bound that its own search proved, minus infinity when it proved none
    bound_usd: float = -float("inf")
    # "optimal" unless the deadline or the user ended its search
    status: str = "optimal"
    # the program's own answer, from which a wider search can start, and for a wider exact search its columns by name
    values: FloatArray | None = None
    named: Mapping[str, FloatArray] | None = None
    # how much dearer it is than that answer: what whole shares of its lots cost; None beside a margin, which hides it
    rounding_usd: float | None = None

    def exact(self, gap_usd: float) -> bool:
        """Whether what could be gained by choosing shares of lots and cents exactly is little beside the gap."""
        return self.rounding_usd is not None and self.rounding_usd <= ROUNDING_SHARE * gap_usd


def whole_share_plan(run: Run, proof: Proof, *, thorough: bool = True) -> Candidate:
    """The cheapest orderable plan next to the fractional optimum.

    Without `thorough` other orders than the optimum's are tried only when these have no whole shares at all.
    """
    found: list[Candidate] = []

    def wanting() -> bool:
        return not found or min(map(_cost, found)) - proof.floor_usd > run.gap_usd

    for margin in (True, False):
        if wanting() and not (thorough and found and _far_from_kept(run, found[0])):
            found += _around(run, proof, margin=margin)
    if wanting() and found and not found[-1].exact(run.gap_usd):
        found += _around(run, proof, margin=False, exactly=True)
    if not thorough and found:
        return _finished(run, proof, found)
    if wanting() and found and min(found, key=_cost).evaluation.broken:
        # Rounding broke a rule: a further order of a few shares may keep it.
        found += _around(run, proof, margin=False, more_orders=True, start=_best_start(found))
    far_off = bool(found) and min(map(_cost, found)) - proof.floor_usd > FAR_OFF * run.gap_usd
    if wanting() and (_few_orders(proof.model) or far_off or not found):
        found += _all_counts(run, proof, found)
    return _finished(run, proof, found)


def _few_orders(model: Model) -> bool:
    return len(model.positions) + len(model.buys) <= FEW_ORDERS


def _far_from_kept(run: Run, candidate: Candidate) -> bool:
    """Whether it breaks a rule by more than room for rounding is worth: without that room it would break it too."""
    room_usd = rounding_room_usd(run.household)
    return any(item.amount_usd > room_usd for item in candidate.evaluation.broken)


def _finished(run: Run, proof: Proof, found: list[Candidate]) -> Candidate:
    """The cheapest of the candidates with its lots well chosen, and all that they proved."""
    best = min(found, key=_cost)
    proven = max(candidate.bound_usd for candidate in found)
    if not proof.model.prices.harvesting:
        best = _with_best_lots(run, proof, best)
    stopped = [each.status for each in found if each.status in STOPPED]
    return Candidate(best.actions, best.evaluation, proven, stopped[0] if stopped else proof.status)


def _cost(candidate: Candidate) -> float:
    return candidate.evaluation.cost_usd


def _best_start(known: list[Candidate]) -> FloatArray | None:
    """The cheapest plan whose search had the columns of a wider one."""
    usable = [candidate for candidate in known if candidate.values is not None]
    return min(usable, key=_cost).values if usable else None


def _around(
    run: Run,
    proof: Proof,
    *,
    margin: bool,
    more_orders: bool = False,
    exactly: bool = False,
    start: FloatArray | None = None,
) -> list[Candidate]:
    """Whole shares next to the fractional orders; none where dear shares leave no room for it.

    Nothing else is traded, unless `more_orders` lets other orders join them. Shares of every lot and thousandths of a
    share are made whole afterwards, or `exactly` what can be ordered is looked for.
    """
    near = proof.values
    model = run.model(
        orderable=True, margin=margin, beyond=proof.model.beyond, in_order=proof.model.in_order, like=proof.model
    )
    add_whole_share_rows(model, near, more_orders=more_orders, fractions=exactly)
    if exactly:
        add_exact_rows(model, near)
    arrays = with_ties(model, model.program.finish(), run.gap_usd * TIE_SHARE)
    gap_usd, most_nodes = min(1.0, run.gap_usd * ROUNDING_SHARE), EXACT_NODES if exactly else None
    if more_orders:
        gap_usd, most_nodes = run.gap_usd * PROOF_SHARE, COUNT_NODES
        arrays = promising(model, arrays, start)
    else:
        arrays = with_orders_of(model, arrays, near)
    try:
        found = _solved(run, model, arrays, gap_usd, most_nodes, start)
    except SolverError:
        return []
    # a wider search has not the columns of an exact one
    return [_by_name(model, found) if exactly else found]


def _by_name(model: Model, found: Candidate) -> Candidate:
    """The candidate with its columns by their names, since a wider search has others besides."""
    if found.values is None:
        return found
    named = {name: found.values[list(places)] for name, places in model.program.columns.items()}
    return replace(found, values=None, named=named)


def _exact_start(model: Model, width: int, known: list[Candidate]) -> FloatArray | None:
    """The cheapest plan of an exact search, in the columns of a wider one: what that one does not know is not sold."""
    usable = [candidate for candidate in known if candidate.named is not None]
    if not usable:
        return None
    named = min(usable, key=_cost).named or {}
    start = np.zeros(width)
    for name, places in model.program.columns.items():
        if name in named:
            start[list(places)] = named[name]
    return start


def _all_counts(run: Run, proof: Proof, known: list[Candidate]) -> list[Candidate]:
    """Every order and every share count open: for small households, where one share matters; of few orders every count
    of every lot too, where making those whole afterwards costs more than the gap.

    Nothing where the time is up before anything better than what is `known` was found, unless there is no plan at all:
    then none but what cash can pay and the advisor's own trades.
    """
    # what it proves must hold of every plan
    beyond = every_class(proof.model)
    model = run.model(orderable=True, beyond=beyond, in_order=proof.model.in_order, like=proof.model)
    add_whole_share_rows(model, None)
    arrays = with_ties(model, model.program.finish(), run.gap_usd * TIE_SHARE)
    most_nodes = _nodes(arrays, known) if known else None
    start = _best_start(known)
    try:
        answer = _counted(run, arrays, most_nodes, start)
    except NoPlan:
        raise
    except SolverError:
        if known:
            return []
        fewest = solve(
            with_orders_of(model, arrays, np.zeros(len(arrays.cost))), gap_usd=0.0, deadline_s=run.policy.deadline_s
        )
        answer = replace(fewest, bound=-math.inf, status="deadline")
    found = [_counted_candidate(run, model, answer)]
    left_usd = min(map(_cost, [*known, *found])) - found[0].bound_usd
    ended = found[0].status == "optimal"
    if left_usd > run.gap_usd and ended and _few_orders(model) and not found[0].exact(run.gap_usd):
        found += _all_exactly(run, proof, known)
    return found


def _nodes(arrays: Arrays, known: list[Candidate]) -> int:
    """Nodes of the search over every share count: many where they are quick, or where a rule is broken perhaps in vain.

    A cap on drift is none of those rules: the curve of a frontier has one at every point.
    """
    tiny = int(np.count_nonzero(arrays.integer)) < FEW_COUNTS
    broken = any(item.rule != "drift cap" for item in min(known, key=_cost).evaluation.broken)
    return MANY_NODES if tiny or (broken and few_choices(arrays)) else COUNT_NODES


def _all_exactly(run: Run, proof: Proof, known: list[Candidate]) -> list[Candidate]:
    """Every count of every lot, every thousandth and every cent open.

    Nothing where no plan is found in time.
    """
    beyond = every_class(proof.model)
    model = run.model(orderable=True, beyond=beyond, in_order=proof.model.in_order, like=proof.model)
    add_whole_share_rows(model, None, fractions=True)
    add_exact_rows(model, None)
    arrays = with_ties(model, model.program.finish(), run.gap_usd * TIE_SHARE)
    start = _exact_start(model, len(arrays.cost), known)
    with suppress(SolverError):
        # measured: what is not simplified takes seconds to begin with, so many are the counts of cents
        return [_counted_candidate(run, model, _counted(run, arrays, COUNT_NODES, start, other=STRAIGHT))]
    return []


def _counted(
    run: Run, arrays: Arrays, most_nodes: int | None, start: FloatArray | None, other: Way = AS_IT_STANDS
) -> Answer:
    """The best share counts, sought in two ways; where they contradict each other, the better plan and the lower bound.

    Among counts of shares HiGHS (1.11 to 1.16) was seen to lose the best plan and to call a dearer one proven, once in
    some thousands of programs, now as it simplified and now from the plan that it was given to start from.
    """
    gap_usd = run.gap_usd * PROOF_SHARE
    first = solve(
        arrays, gap_usd=gap_usd, deadline_s=run.seconds_left, most_nodes=most_nodes, start=start,
        progress=run.progress,
    )  # fmt: skip
    if first.status != "optimal":
        return first
    with suppress(SolverError):
        second = solve(
            arrays, gap_usd=gap_usd, deadline_s=run.seconds_left, most_nodes=most_nodes, progress=run.progress,
            way=other,
        )  # fmt: skip
        known = second.bound if second.status == "optimal" else second.objective
        if known < first.bound - (gap_usd + ROUNDING_USD) / UNIT_USD:
            first = replace(first, bound=min(first.bound, second.bound))
        if second.objective < first.objective:
            first = replace(first, values=second.values, objective=second.objective)
    return first


def _counted_candidate(run: Run, model: Model, answer: Answer) -> Candidate:
    candidate = _candidate(run, model, answer)
    slack = run.gap_usd * TIE_SHARE
    return replace(candidate, bound_usd=answer.bound * UNIT_USD - slack)


def _solved(
    run: Run,
    model: Model,
    arrays: Arrays,
    gap_usd: float,
    most_nodes: int | None = None,
    start: FloatArray | None = None,
) -> Candidate:
    answer = solve(
        arrays, gap_usd=gap_usd, deadline_s=run.seconds_left, most_nodes=most_nodes, start=start, way=QUICKLY
    )
    return _candidate(run, model, answer)


def _candidate(run: Run, model: Model, answer: Answer) -> Candidate:
    actions = actions_of(model, answer.values, rounded=True)
    evaluation = run.evaluated(model, actions)
    rounding_usd = evaluation.cost_usd - evaluation.outside_model_usd - answer.objective * UNIT_USD
    return Candidate(
        actions,
        evaluation,
        status=answer.status,
        values=answer.values,
        rounding_usd=None if model.margin else rounding_usd,
    )


def _with_best_lots(run: Run, proof: Proof, best: Candidate) -> Candidate:
    """The same orders with lots chosen by their full tax, savings included, where that costs nothing counted."""
    if all(result.net_usd >= 0 for result in best.evaluation.payers.values()):
        return best
    beyond = every_class(proof.model)
    model = run.model(orderable=True, beyond=beyond, in_order=proof.model.in_order, like=proof.model)
    _fix_orders(model, best.actions)
    arrays = model.program.finish()
    cost = arrays.cost.copy()
    for name, net in model.net_cost.items():
        cost[net] = 1.0
        cost[model.program.columns[f"tax cost counted {name}"]] = 0.0
    try:
        chosen = _solved(run, model, replace(arrays, cost=cost), 0.01)
    except SolverError:
        # Rounding left the orders a hair outside some row; the lots chosen before stand.
        return best
    return chosen if _cost(chosen) <= _cost(best) + 0.01 else best


def _fix_orders(model: Model, actions: Actions) -> None:
    """Rows that hold every order at its size; which lots make up a sale stays open."""
    sold: dict[tuple[str, str], float] = defaultdict(float)
    for index, quantity in actions.sales.items():
        lot = model.household.lots[index]
        sold[lot.account, lot.symbol] += quantity
    for index, key in enumerate(model.positions):
        amount = sold[key] * model.household.security(key[1]).unit_usd / UNIT_USD
        units = np.flatnonzero(model.position_of == index)
        model.program.add_row(f"order {key[0]} {key[1]}", amount - HAIR, amount + HAIR, (model.sold[units], 1.0))
    for index, pair in enumerate(model.choices.buys):
        quantity = actions.purchases.get((pair.account, pair.symbol), 0.0)
        amount = quantity * model.household.security(pair.symbol).unit_usd / UNIT_USD
        model.program.add_row(
            f"order buy {pair.account} {pair.symbol}", amount - HAIR, amount + HAIR, (int(model.bought[index]), 1.0)
        )
