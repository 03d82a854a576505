"""From household and policy to a plan: prove a bound, find whole-share orders next to it, pick lots, check everything.

1. The exact program with fractions gives the bound: no plan under these rules costs less.
2. The orders it chose are put on whole shares by a small program around its answer.
3. With harvesting off, lots are then chosen by their full tax, at the same orders.
4. The independent evaluator recomputes the plan; the gap is its cost less the bound.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from rebal_xl.household import Drift, Household, InputErrors, Method, Plan, Policy, Problem
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.assemble import assemble
from rebal_xl.optimize.evaluate import Actions, Evaluation, evaluate
from rebal_xl.optimize.model import Model, start_model
from rebal_xl.optimize.program import UNIT_USD, Arrays, FloatArray
from rebal_xl.optimize.rules.bands import add_band_rows
from rebal_xl.optimize.rules.cash import add_cash_rows
from rebal_xl.optimize.rules.gains import add_gain_rows
from rebal_xl.optimize.rules.orders import add_order_rows
from rebal_xl.optimize.rules.wash import add_wash_rows
from rebal_xl.optimize.shares import actions_of, add_whole_share_rows
from rebal_xl.optimize.solver import Progress, SolverError, solve

METHODS = (Method.OPPORTUNISTIC, Method.FULL)
# Part of the gap that the bound's solve may use up; the rest is for whole shares.
PROOF_SHARE = 0.5
# Part of the gap that breaking ties may cost at most.
TIE_SHARE = 0.05
# The evaluator and the program may differ by a dollar; more is an error in one of them.
AGREEMENT_USD = 1.0
# Orders up to which a program with every share count open is worth trying when rounding cost more than the gap.
FEW_ORDERS = 60
# Nodes after which the search over every share count ends (a count, not a time: the answer must not depend on speed).
COUNT_NODES = 2000
# Part of the gap within which the best whole shares are sought.
ROUNDING_SHARE = 0.1
# Thousand dollars by which an amount may miss its order: a hundredth of a cent.
HAIR = 1e-7


class EvaluatorDisagrees(RuntimeError):
    """The plan's recomputed cost differs from the program's: the plan must not be shown."""


def build_model(household: Household, policy: Policy, before: Drift, *, margin: bool = False) -> Model:
    """The program with all rules; `margin` keeps the room that rounding to a thousandth of a share may need."""
    model = start_model(household, policy, before, margin=margin)
    add_order_rows(model)
    add_wash_rows(model)
    add_cash_rows(model)
    add_band_rows(model)
    add_gain_rows(model)
    return model


def rebalance(household: Household, policy: Policy, *, progress: Progress | None = None, seed: int = 0) -> Plan:
    """The plan for a household under a policy.

    `progress` is called with (best cost, bound, seconds) in dollars and stops the search by returning True.
    Raises InputErrors for what cannot be planned (no tax profile, no accounts, a method not offered), LawMissing for an
    unknown tax year, EvaluatorDisagrees when the answer does not survive recomputation.
    """
    refuse_unplannable(household, policy)
    began = time.perf_counter()
    run = _Run(household, policy, measure_drift(household, policy), progress, seed)
    model = build_model(household, policy, run.before)
    arrays = model.program.finish()
    tied = _with_ties(model, arrays, run.gap_usd * TIE_SHARE)
    answer = solve(tied, gap_usd=run.gap_usd * PROOF_SHARE, deadline_s=policy.deadline_s, progress=progress, seed=seed)
    near = _polished(run, model, arrays, answer.values)
    bound_usd = (answer.bound * UNIT_USD) - run.gap_usd * TIE_SHARE - _collectible_slack(model)
    best = _whole_share_plan(run, model, near, bound_usd)
    cost = best.evaluation.cost_usd
    return assemble(
        model,
        best.actions,
        best.evaluation,
        bound_usd=min(max(bound_usd, best.bound_usd), cost),
        status=answer.status,
        seconds=time.perf_counter() - began,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same through one run."""

    household: Household
    policy: Policy
    before: Drift
    progress: Progress | None
    seed: int

    @property
    def gap_usd(self) -> float:
        """Dollars within which the plan is to be proven."""
        return max(0.01, self.policy.gap_bp * 1e-4 * self.before.value_usd)

    def evaluated(self, model: Model, actions: Actions) -> Evaluation:
        """The evaluator's figures."""
        return evaluate(self.household, self.policy, model.prices, self.before, actions)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A plan that can be ordered."""

    actions: Actions
    evaluation: Evaluation
    # bound that its own search proved, minus infinity when it proved none
    bound_usd: float = -float("inf")


def refuse_unplannable(household: Household, policy: Policy) -> None:
    """Raise InputErrors when no plan can be made of these at all."""
    problems = []
    if policy.method not in METHODS:
        offered = " and ".join(method.value for method in METHODS)
        problems.append(
            Problem(f"The method {policy.method.value} is not offered yet.", f"Choose {offered}.", code="method")
        )
    if not household.accounts:
        problems.append(Problem("The household has no accounts.", "Fill the Accounts table.", code="no-accounts"))
    if not policy.targets:
        problems.append(Problem("There are no targets.", "Fill the Targets table.", code="no-targets"))
    if problems:
        raise InputErrors(problems)


def _with_ties(model: Model, arrays: Arrays, most_usd: float) -> Arrays:
    """Make equal plans unequal by canonical rank, by `most_usd` at the very most, so that the order is always one."""
    total = sum(unit.value_usd for unit in model.choices.units)
    total += sum(max(0.0, model.household.account(name).cash_usd) for name in model.accounts)
    share = most_usd / max(1.0, 2.0 * total)
    cost = arrays.cost.copy()
    for columns in (model.sold, model.bought):
        count = len(columns)
        cost[columns] += share * np.arange(1, count + 1) / max(1, count)
    return replace(arrays, cost=cost)


def _collectible_slack(model: Model) -> float:
    """What gain on collectibles may save against the rows' tax; see ModelConstants."""
    payers = {
        unit.payer for unit in model.choices.units if unit.payer and model.household.security(unit.symbol).collectible
    }
    return sum(model.prices.payers[name].constants.collectible_slack_usd for name in payers)


def _polished(run: _Run, model: Model, arrays: Arrays, values: FloatArray) -> FloatArray:
    """The same orders with amounts and tax exactly at their optimum, checked against the evaluator."""
    fixed = _with_orders_of(model, arrays, values)
    answer = solve(fixed, gap_usd=0.0, deadline_s=run.policy.deadline_s, start=values, seed=run.seed)
    evaluation = run.evaluated(model, actions_of(model, answer.values, rounded=False))
    cost = UNIT_USD * (float(arrays.cost @ answer.values) + arrays.offset)
    inside = evaluation.cost_usd - evaluation.outside_model_usd
    if abs(inside - cost) > AGREEMENT_USD:
        raise EvaluatorDisagrees(
            f"The plan was not shown: its cost is ${cost:,.2f} in the optimizer, but ${inside:,.2f} when recomputed "
            "from its trades. Please send the log; the workbook is untouched."
        )
    return answer.values


def _with_orders_of(model: Model, arrays: Arrays, values: FloatArray) -> Arrays:
    """Only the orders of a solution, no others."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    for columns in (model.sells, model.buys):
        lower[columns] = upper[columns] = np.round(values[columns])
    return replace(arrays, lower=lower, upper=upper)


def _whole_share_plan(run: _Run, model: Model, near: FloatArray, bound_usd: float) -> _Candidate:
    """The cheapest orderable plan next to the fractional optimum."""
    found: list[_Candidate] = []

    def wanting() -> bool:
        return not found or min(map(_cost, found)) - bound_usd > run.gap_usd

    for margin in (True, False):
        if wanting():
            found += _around(run, near, margin=margin)
    few = len(model.positions) + len(model.buys) <= FEW_ORDERS
    if wanting() and (few or not found):
        found.append(_all_counts(run, None if not found else COUNT_NODES))
    best = min(found, key=_cost)
    proven = max(candidate.bound_usd for candidate in found)
    if not model.prices.harvesting:
        best = _with_best_lots(run, best)
    return _Candidate(best.actions, best.evaluation, proven)


def _cost(candidate: _Candidate) -> float:
    return candidate.evaluation.cost_usd


def _around(run: _Run, near: FloatArray, *, margin: bool) -> list[_Candidate]:
    """Whole shares next to the fractional orders, nothing else traded; none where dear shares leave no room for it."""
    model = build_model(run.household, run.policy, run.before, margin=margin)
    add_whole_share_rows(model, near)
    arrays = _with_orders_of(model, _with_ties(model, model.program.finish(), run.gap_usd * TIE_SHARE), near)
    try:
        return [_solved(run, model, arrays, min(1.0, run.gap_usd * ROUNDING_SHARE))]
    except SolverError:
        return []


def _all_counts(run: _Run, most_nodes: int | None) -> _Candidate:
    """Every order and every share count open: for small households, where one share matters."""
    model = build_model(run.household, run.policy, run.before)
    add_whole_share_rows(model, None)
    arrays = _with_ties(model, model.program.finish(), run.gap_usd * TIE_SHARE)
    answer = solve(
        arrays,
        gap_usd=run.gap_usd * PROOF_SHARE,
        deadline_s=run.policy.deadline_s,
        most_nodes=most_nodes,
        progress=run.progress,
        seed=run.seed,
    )
    actions = actions_of(model, answer.values, rounded=True)
    slack = run.gap_usd * TIE_SHARE + _collectible_slack(model)
    return _Candidate(actions, run.evaluated(model, actions), answer.bound * UNIT_USD - slack)


def _solved(run: _Run, model: Model, arrays: Arrays, gap_usd: float) -> _Candidate:
    answer = solve(arrays, gap_usd=gap_usd, deadline_s=run.policy.deadline_s, seed=run.seed)
    actions = actions_of(model, answer.values, rounded=True)
    return _Candidate(actions, run.evaluated(model, actions))


def _with_best_lots(run: _Run, best: _Candidate) -> _Candidate:
    """The same orders with lots chosen by their full tax, savings included, where that costs nothing counted."""
    if all(result.net_usd >= 0 for result in best.evaluation.payers.values()):
        return best
    model = build_model(run.household, run.policy, run.before)
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
