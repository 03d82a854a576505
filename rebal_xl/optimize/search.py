"""The proof: the exact program with fractions, solved to a bound, and its answer checked against the evaluator.

The order in which the law washes lots costs many binaries and seldom matters. So the first program leaves it open,
which can only make it cheaper; families in which it did matter are put in order, and the program is solved again.
"""

import math
import time
from dataclasses import dataclass, replace

import numpy as np

from rebal_xl.household import Drift, Household, Policy
from rebal_xl.optimize.beyond import least_beyond
from rebal_xl.optimize.evaluate import Evaluation, evaluate
from rebal_xl.optimize.headstart import STRAIGHT, HeadStart, few_choices, head_start
from rebal_xl.optimize.model import Model, rounding_room_usd, start_model
from rebal_xl.optimize.program import INFINITY, UNIT_USD, Arrays, FloatArray
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.rules.bands import add_band_rows
from rebal_xl.optimize.rules.cash import add_cash_rows
from rebal_xl.optimize.rules.gains import add_gain_rows
from rebal_xl.optimize.rules.location import add_location_rows
from rebal_xl.optimize.rules.orders import add_order_rows
from rebal_xl.optimize.rules.tracking import add_tracking_rows
from rebal_xl.optimize.rules.typed import add_typed_rows
from rebal_xl.optimize.rules.wash import add_wash_rows
from rebal_xl.optimize.shares import NOTHING, actions_of
from rebal_xl.optimize.solver import USUAL, Answer, NoPlan, Progress, Way
from rebal_xl.optimize.tangents import solve

# Part of the gap that the bound's solve may use up; the rest is for whole shares.
PROOF_SHARE = 0.8
# Part of the gap that lots washed in order may cost a plan before its orders are sought again with that in mind.
ORDER_SHARE = 0.1
# Part of the time that is kept for whole shares.
WHOLE_SHARES_TIME = 0.15
# Part of the gap that breaking ties may cost at most.
TIE_SHARE = 0.05
# Part of their prices at which broken rules are charged first: the lower they are, the quicker the search. A plan that
# breaks none is the best at any price; one that breaks some is sought again at the full prices.
LENIENT = 0.06
# Thousand dollars by which a rule is broken that are rounding.
NOT_BROKEN = 1e-7
# The search whose plan is shown where the head start's is not good enough, whatever the seed of the proof.
PLAN_SEED = 0
# Measured: with a good plan known, presolving costs more than it saves.
ALREADY_GOOD = Way(presolve=False)
# Dollars by which the solver may call a gap closed that is not quite: far above its tolerances, or a search would be
# made again for nothing.
ROUNDING_USD = 0.01
GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
# The evaluator and the program may differ by a dollar; more is an error in one of them.
AGREEMENT_USD = 1.0
# Thousand dollars of a washed loss that are rounding.
NOTHING_WASHED = 1e-6


class EvaluatorDisagrees(RuntimeError):
    """The plan's recomputed cost differs from the program's: the plan must not be shown."""


@dataclass(frozen=True, slots=True)
class Run:
    """What stays the same through one run."""

    household: Household
    policy: Policy
    before: Drift
    progress: Progress | None
    # random seed of the proof's search; every other search has its own fixed one
    seed: int
    # reading of time.perf_counter at which the best plan so far is taken
    ends: float

    @property
    def gap_usd(self) -> float:
        """Dollars within which the plan is to be proven."""
        return max(0.01, self.policy.gap_bp * 1e-4 * self.before.value_usd)

    @property
    def seconds_left(self) -> float:
        """Until the deadline; a little always, so that every step gives an answer."""
        return max(1.0, self.ends - time.perf_counter())

    @property
    def proof_seconds_left(self) -> float:
        """The same for the proof, which leaves some for whole shares: what they break is worth more than its bound."""
        return max(1.0, self.seconds_left - WHOLE_SHARES_TIME * self.policy.deadline_s)

    def evaluated(self, model: Model, actions: Actions) -> Evaluation:
        """The evaluator's figures."""
        return evaluate(self.household, self.policy, model.prices, self.before, actions)

    def model(
        self,
        *,
        orderable: bool = False,
        margin: bool = False,
        beyond: frozenset[str] = frozenset(),
        in_order: frozenset[tuple[str, str]] = frozenset(),
        like: Model | None = None,
    ) -> Model:
        """The program with all rules; see `build_model`."""
        return build_model(
            self.household, self.policy, self.before,
            orderable=orderable, margin=margin, beyond=beyond, in_order=in_order, like=like,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """The best fractional plan, and what no plan can undercut."""

    model: Model
    values: FloatArray
    bound_usd: float
    # a bound too, often a little lower, but the same for every seed: by it whole shares are judged good enough
    floor_usd: float
    # "optimal", "deadline" or "cancelled"
    status: str


def build_model(
    household: Household,
    policy: Policy,
    before: Drift,
    *,
    orderable: bool = False,
    margin: bool = False,
    beyond: frozenset[str] = frozenset(),
    in_order: frozenset[tuple[str, str]] = frozenset(),
    like: Model | None = None,
) -> Model:
    """Columns and rows of every rule.

    `orderable` keeps purchases above the minimum after rounding to a thousandth of a share, `margin` bands and
    reserves too; families `in_order` wash their lots in the order of the law. `beyond` and `like` as in `start_model`.
    """
    model = start_model(household, policy, before, beyond, like)
    model.orderable = orderable
    model.in_order = in_order
    model.margin = rounding_room_usd(household) / UNIT_USD if margin else 0.0
    add_order_rows(model)
    add_wash_rows(model)
    add_cash_rows(model)
    add_band_rows(model)
    add_tracking_rows(model, like)
    add_gain_rows(model)
    add_location_rows(model)
    add_typed_rows(model)
    return model


def prove(run: Run) -> Proof:
    """Solve until model and evaluator agree. Raises EvaluatorDisagrees when they never do."""
    in_order: frozenset[tuple[str, str]] = frozenset()
    beyond: frozenset[str] = frozenset()
    model: Model | None = None
    found: FloatArray | None = None
    lenient = True
    while True:
        model = run.model(beyond=beyond, in_order=in_order, like=model)
        arrays = model.program.finish()
        lenient = lenient and arrays.cone is None
        full = with_ties(model, arrays, run.gap_usd * TIE_SHARE)
        tied = _leniently(model, full) if lenient else full
        start = head_start(
            model,
            tied,
            _without_orders(run, model, tied) if found is None else _again(run, model, tied, found),
            gap_usd=run.gap_usd,
            share=PROOF_SHARE,
            deadline_s=run.proof_seconds_left,
            progress=run.progress,
        )
        answer = _searched(run, tied, start)
        if lenient and answer.status == "optimal" and _breaks_rules(model, answer.values):
            lenient, found = False, answer.values
            continue
        proven = min(_proven(run, arrays, answer), start.floor)
        left_out = least_beyond(model, tied, start.relaxed, proven)
        perhaps_cheaper = {name for name, least in left_out.items() if least < proven}
        if perhaps_cheaper and answer.status == "optimal":
            beyond, found = beyond | perhaps_cheaper, answer.values
            continue
        proven = min((proven, *left_out.values()))
        values, missed_usd = _polished(run, model, arrays, full, answer.values)
        proof = _proof(run, model, arrays, values, proven, answer.status)
        if abs(missed_usd) <= AGREEMENT_USD:
            return proof
        if not _washed_families(model, values) - in_order:
            raise EvaluatorDisagrees(
                f"The plan was not shown: recomputed from its trades it costs ${missed_usd:,.2f} more than in the "
                "optimizer. Please send the log; the workbook is untouched."
            )
        ordered, missed_usd = _in_order(run, proof)
        dearer_usd = UNIT_USD * (_cost(ordered.model, ordered.values) - _cost(model, values))
        hardly = abs(missed_usd) <= AGREEMENT_USD and dearer_usd <= run.gap_usd * ORDER_SHARE
        # A search that was stopped is not made again for the order of lots, nor one whose plan it hardly touches: the
        # bound holds, since the order can only make a plan dearer.
        if hardly or (answer.status != "optimal" and missed_usd > -AGREEMENT_USD):
            return ordered
        in_order, found = ordered.model.in_order, ordered.values


def _proof(run: Run, model: Model, arrays: Arrays, values: FloatArray, proven: float, status: str) -> Proof:
    less = run.gap_usd * TIE_SHARE
    bound = floor = proven * UNIT_USD - less
    if status == "optimal" and not few_choices(arrays):
        floor = min(bound, UNIT_USD * _cost(model, values) - run.gap_usd * PROOF_SHARE - less)
    return Proof(model, values, bound, floor, status)


def _cost(model: Model, values: FloatArray) -> float:
    arrays = model.program.finish()
    return float(arrays.cost @ values) + arrays.offset


def _in_order(run: Run, proof: Proof) -> tuple[Proof, float]:
    """The orders of a plan with its lots washed in the order of the law, and amounts that mind it; how much dearer the
    evaluator still finds it."""
    missed_usd = 0.0
    while True:
        families = proof.model.in_order | _washed_families(proof.model, proof.values)
        if families == proof.model.in_order:
            return proof, missed_usd
        model = run.model(beyond=proof.model.beyond, in_order=families, like=proof.model)
        arrays = model.program.finish()
        tied = with_ties(model, arrays, run.gap_usd * TIE_SHARE)
        values, missed_usd = _polished(run, model, arrays, tied, proof.values)
        proof = replace(proof, model=model, values=values)


def _searched(run: Run, tied: Arrays, start: HeadStart) -> Answer:
    """The bound that the run's seed proves, with a plan that is the same for every seed.

    That is the plan of the head start where no plan is better by the gap, a fact that no seed can change; otherwise
    the plan of the search by seed 0. (With few choices there is one best plan, which every search ends with.)
    """
    if few_choices(tied):
        return solve(
            start.arrays, start=start.values, gap_usd=0.0, deadline_s=run.proof_seconds_left, progress=run.progress,
            seed=run.seed, way=STRAIGHT,
        )  # fmt: skip
    answer = _settled(run, tied, start, run.seed)
    kept = start.found and start.values is not None and answer.values is start.values
    if answer.status != "optimal" or run.seed == PLAN_SEED or kept:
        return answer
    usual = _settled(run, tied, start, PLAN_SEED)
    return replace(answer, values=usual.values, objective=usual.objective)


def _settled(run: Run, tied: Arrays, start: HeadStart, seed: int) -> Answer:
    """Search until the head start's plan is proven near enough, or a plan better by the gap is found.

    A search ends as soon as it has proven enough of its own best plan; a plan little better than the head start's
    says nothing of that one yet.
    """
    near_usd = gap_usd = run.gap_usd * PROOF_SHARE
    known = start.values
    while True:
        answer = solve(
            start.arrays, start=known, gap_usd=gap_usd, deadline_s=run.proof_seconds_left, progress=run.progress,
            seed=seed, way=ALREADY_GOOD if start.found else USUAL,
        )  # fmt: skip
        if not start.found or start.values is None or answer.status != "optimal":
            return answer
        cost = float(tied.cost @ start.values) + tied.offset
        if (cost - min(answer.bound, start.floor)) * UNIT_USD <= near_usd + ROUNDING_USD:
            return replace(answer, values=start.values, objective=cost)
        better_usd = (cost - answer.objective) * UNIT_USD
        if better_usd > near_usd:
            return answer
        known, gap_usd = answer.values, near_usd - better_usd


def _without_orders(run: Run, model: Model, arrays: Arrays) -> FloatArray:
    """The plan of doing nothing but paying what cash can pay: every stop, however early, then has a plan to show.

    The advisor's own trades are done; where other orders must pay for them, it is the first plan there is. Raises
    NoPlan when they contradict each other.
    """
    nothing = np.zeros(len(arrays.cost))
    try:
        return solve(with_orders_of(model, arrays, nothing), gap_usd=0.0, deadline_s=run.policy.deadline_s).values
    except NoPlan:
        if not model.choices.typed:
            raise
    free = replace(arrays, cost=nothing)
    return solve(free, gap_usd=INFINITY, deadline_s=run.policy.deadline_s).values


def _leniently(model: Model, arrays: Arrays) -> Arrays:
    """The program with broken rules at part of their price: no plan costs more by it, and what it proves holds."""
    cost = arrays.cost.copy()
    cost[[slack.column for slack in model.slacks]] *= LENIENT
    return replace(arrays, cost=cost)


def _breaks_rules(model: Model, values: FloatArray) -> bool:
    return any(values[slack.column] > NOT_BROKEN for slack in model.slacks)


def _again(run: Run, model: Model, arrays: Arrays, found: FloatArray) -> FloatArray:
    """The orders of an earlier round, whose amounts have the same columns, under the rows that came in since."""
    return solve(with_orders_of(model, arrays, found), gap_usd=0.0, deadline_s=run.policy.deadline_s).values


def _proven(run: Run, arrays: Arrays, answer: Answer) -> float:
    """The bound, or that of the program with every order divisible when the search was stopped before it had one."""
    if math.isfinite(answer.bound):
        return answer.bound
    divisible = replace(arrays, integer=np.zeros_like(arrays.integer))
    return solve(divisible, gap_usd=0.0, deadline_s=run.policy.deadline_s, seed=run.seed).objective


def with_ties(model: Model, arrays: Arrays, most_usd: float) -> Arrays:
    """Make equal plans unequal by canonical rank, by `most_usd` at the very most, so that the order is always one."""
    total = sum(unit.value_usd for unit in model.choices.units)
    accounts = [model.household.account(name) for name in model.accounts]
    total += sum(max(0.0, account.cash_usd + account.contribution_usd) for account in accounts)
    # half of it to amounts, half to orders
    share = 0.5 * most_usd / max(1.0, 3.0 * total)
    cost = arrays.cost.copy()
    flags = np.concatenate((model.sells, model.buys))
    # multiples of the golden ratio, less their whole part: no two sums of them are alike
    cost[flags] += 0.5 * most_usd / UNIT_USD / max(1, len(flags)) * (np.arange(1, len(flags) + 1) * GOLDEN % 1.0)
    paid = np.array([model.paid[key] for key in sorted(model.paid)], dtype=np.int64)
    for columns in (model.sold, model.bought, paid):
        count = len(columns)
        cost[columns] += share * np.arange(1, count + 1) / max(1, count)
    return replace(arrays, cost=cost)


def _polished(run: Run, model: Model, arrays: Arrays, tied: Arrays, values: FloatArray) -> tuple[FloatArray, float]:
    """The same orders with amounts and tax exactly at their optimum, and how much dearer the evaluator finds them."""
    answer = solve(with_orders_of(model, tied, values), gap_usd=0.0, deadline_s=run.policy.deadline_s)
    evaluation = run.evaluated(model, actions_of(model, answer.values, rounded=False))
    cost = UNIT_USD * (float(arrays.cost @ answer.values) + arrays.offset)
    return answer.values, evaluation.cost_usd - evaluation.outside_model_usd - cost


def _washed_families(model: Model, values: FloatArray) -> frozenset[tuple[str, str]]:
    return frozenset(
        model.choices.units[index].family for index, column in model.washed.items() if values[column] > NOTHING_WASHED
    )


def with_orders_of(model: Model, arrays: Arrays, values: FloatArray) -> Arrays:
    """Only the orders of a solution and the advisor's own; a flag without an amount is no order."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    sold = np.zeros(len(model.positions))
    np.add.at(sold, model.position_of, values[model.sold])
    for columns, amounts in ((model.sells, sold), (model.buys, values[model.bought])):
        chosen = np.where(amounts > NOTHING, np.round(values[columns]), 0.0)
        lower[columns] = upper[columns] = np.maximum(chosen, arrays.lower[columns])
    return replace(arrays, lower=lower, upper=upper)
