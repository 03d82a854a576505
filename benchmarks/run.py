"""Measure the optimizer on synthetic households, beside the rules of thumb, and write docs/benchmarks.md.

python -m benchmarks.run                      all sizes, as in the page
python -m benchmarks.run --sizes small --count 5 --no-page
"""

import argparse
import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles

from benchmarks.households import SIZES, draw_household
from benchmarks.naive import RULES
from benchmarks.page import TEXT
from rebal_xl.household import BandType, Household, Plan, Policy, Target
from rebal_xl.measure import measure_drift
from rebal_xl.optimize import rebalance
from rebal_xl.optimize.choices import find_choices
from rebal_xl.optimize.comparison import with_comparisons
from rebal_xl.optimize.evaluate import Evaluation, evaluate
from rebal_xl.optimize.frontier import frontier
from rebal_xl.optimize.prices import find_prices
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.search import build_model
from tests.optimize.crowded import crowded

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
COUNTS = {"small": 20, "medium": 10, "large": 8}
# Households of each size that are compared with the rules of thumb, which takes far longer than the plans.
RIVALS = {"small": 20, "medium": 10, "large": 3}
# Households on which every rule speaks, and households whose frontier is drawn.
CROWDED = {"small": 20, "medium": 10, "large": 3}
FRONTIERS, POINTS = 3, 10
# What a plan costs in money; prices of broken rules, idle cash and unasked losses are no money.
MONEY = ("tax", "carried losses", "basis given up", "trading", "orders", "location")
# A rule of thumb that ends this near its target counts as being there, as a share of household value.
NEAR = 0.001
CENT = 0.01


@dataclass(frozen=True, slots=True)
class Rival:
    """A rule of thumb on one household, beside the optimizer held to the same drift class by class."""

    rule: str
    value_usd: float
    tax_usd: float
    money_usd: float
    drift: float
    classes_out: int
    washed_usd: float
    keeps_rules: bool
    # the optimizer at no more drift
    our_tax_usd: float
    our_money_usd: float
    our_drift: float
    # some class ended farther from its target than under the rule of thumb
    we_gave_way: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """The optimizer on one household."""

    lots: int
    value_usd: float
    build_s: float
    total_s: float
    # the same household with fractional shares in every account
    divisible_s: float
    # of the total: the comparison with ordinary rebalancing
    compared_s: float
    gap_usd: float
    orders: int
    drift_before: float
    drift_after: float
    rivals: tuple[Rival, ...]


def measure(size: str, seed: int, with_rivals: bool) -> Measured:
    """One household: time the parts, then compare."""
    household, policy = draw_household(size, seed)
    before = measure_drift(household, policy)
    began = time.process_time()
    build_model(household, policy, before).program.finish()
    built = time.process_time()
    plan = rebalance(household, policy)
    done = time.process_time()
    rebalance(divisible(household), policy)
    in_fractions = time.process_time()
    with_comparisons(plan, household, policy, find_prices(household, policy))
    compared = time.process_time()
    rivals = [compare(household, policy, rule) for rule in RULES] if with_rivals else []
    return Measured(
        lots=len(household.lots),
        value_usd=before.value_usd,
        build_s=built - began,
        total_s=done - built,
        divisible_s=in_fractions - done,
        compared_s=compared - in_fractions,
        gap_usd=plan.gap_usd,
        orders=len(plan.trades),
        drift_before=before.household_drift,
        drift_after=plan.after.household_drift,
        rivals=tuple(rivals),
    )


def divisible(household: Household) -> Household:
    """The same household with fractional shares in every account."""
    return replace(household, accounts=tuple(replace(account, fractional=True) for account in household.accounts))


@dataclass(frozen=True, slots=True)
class Crowd:
    """The optimizer on one household on which every rule speaks."""

    lots: int
    value_usd: float
    total_s: float
    gap_usd: float
    # wanted of the proof
    most_gap_usd: float
    orders: int
    stopped: bool


def _crowd(size: str, count: int) -> tuple[list[Crowd], float]:
    """Households with every rule at once in this process, and the most memory they took, MB."""
    found = []
    for seed in range(count):
        one = crowded(size, seed)
        value = measure_drift(one.household, one.policy).value_usd
        began = time.process_time()
        plan = rebalance(one.household, one.policy)
        took = time.process_time() - began
        most = 1e-4 * one.policy.gap_bp * value
        stopped = plan.status != "optimal"
        found.append(Crowd(len(one.household.lots), value, took, plan.gap_usd, most, len(plan.trades), stopped))
    return found, _peak_mb()


def _frontiers(count: int) -> list[float]:
    """Seconds by the clock that a frontier takes in households of 250 lots, on all cores."""
    seconds = []
    for seed in range(count):
        household, policy = draw_household("medium", seed)
        began = time.perf_counter()
        frontier(household, policy, points=POINTS)
        seconds.append(time.perf_counter() - began)
    return seconds


def compare(household: Household, policy: Policy, rule: str) -> Rival:
    """A rule of thumb, and the optimizer allowed no more drift in any class than the rule left."""
    before, prices = measure_drift(household, policy), find_prices(household, policy)
    actions = RULES[rule](household, policy)
    evaluation = evaluate(household, policy, prices, before, actions)
    held = _held_to(policy, evaluation)
    plan = rebalance(household, held)
    return Rival(
        rule=rule,
        value_usd=before.value_usd,
        tax_usd=_sum(evaluation, ("tax",)),
        money_usd=_sum(evaluation, MONEY),
        drift=evaluation.after.household_drift,
        classes_out=sum(item.rule == "band" for item in evaluation.breaks),
        washed_usd=sum(sale.disallowed_usd for sale in evaluation.lot_sales),
        keeps_rules=_keeps_rules(household, policy, actions, evaluation),
        our_tax_usd=plan.tax.cost_usd,
        our_money_usd=_sum(plan, MONEY),
        our_drift=plan.after.household_drift,
        we_gave_way=bool(plan.relaxed),
    )


def _held_to(policy: Policy, evaluation: Evaluation) -> Policy:
    """The policy with every band as wide as the drift that the rule of thumb left in the class."""
    targets = []
    for target in policy.targets:
        width = max(NEAR, abs(evaluation.after.line(target.asset_class).drift))
        targets.append(
            Target(target.asset_class, target.weight, BandType.ABSOLUTE, width, width, target.floor, target.group)
        )
    return replace(policy, targets=tuple(targets))


def _keeps_rules(household: Household, policy: Policy, actions: Actions, evaluation: Evaluation) -> bool:
    """No wash sale, no lot or purchase that the policy forbids, no order below the minimum, cash as it should be."""
    choices = find_choices(household, policy)
    for_sale = {index for unit in choices.units for index in unit.lots}
    on_list = {(pair.account, pair.symbol) for pair in choices.buys}
    washed = any(sale.disallowed_usd > CENT for sale in evaluation.lot_sales)
    allowed = set(actions.sales) <= for_sale and set(actions.purchases) <= on_list
    large = all(
        shares * household.security(symbol).unit_usd >= policy.min_trade_usd
        for (_, symbol), shares in actions.purchases.items()
    )
    cash = not any(item.rule in ("withdrawal", "reserve") for item in evaluation.breaks)
    return allowed and large and cash and not washed


def _sum(priced: Evaluation | Plan, names: Sequence[str]) -> float:
    return sum(term.usd for term in priced.cost_terms if term.name in names)


def _measure_size(size: str, count: int, with_rivals: bool) -> tuple[list[Measured], float]:
    """All households of a size in this process, and the most memory it took, MB."""
    measure(size, count, with_rivals=False)  # the first of a process pays for what is loaded only once
    found = [measure(size, seed, with_rivals and seed < RIVALS[size]) for seed in range(count)]
    return found, _peak_mb()


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _spread(values: Sequence[float], digits: int = 2) -> str:
    """Median, the middle half, and the largest."""
    low, _, high = quantiles(values, n=4) if len(values) >= 4 else (min(values), 0.0, max(values))
    shown = [f"{value:.{digits}f}" for value in (median(values), low, high, max(values))]
    return "{} ({} to {}; {})".format(*shown) if len(values) >= 4 else "{} ({} to {})".format(*shown[:3])


def _crowd_table(results: dict[str, tuple[list[Crowd], float]]) -> list[str]:
    lines = [
        "| size | households | lots | total s | gap $ | gap bp | wider gap than wanted | stopped by the clock | orders "
        "| peak MB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for size, (found, peak) in results.items():
        lines.append(
            f"| {size} | {len(found)} | {median(one.lots for one in found):.0f} "
            f"| {_spread([one.total_s for one in found])} | {median(one.gap_usd for one in found):,.2f} "
            f"| {median(1e4 * one.gap_usd / one.value_usd for one in found):.3f} "
            f"| {sum(one.gap_usd > one.most_gap_usd for one in found)} | {sum(one.stopped for one in found)} "
            f"| {median(one.orders for one in found):.0f} | {peak:.0f} |"
        )
    return lines


def _timing_table(results: dict[str, tuple[list[Measured], float]]) -> list[str]:
    lines = [
        "| size | households | lots | build s | total s | gap $ (max) | gap bp | orders | drift | peak MB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for size, (found, peak) in results.items():

        def mid(pick: Callable[[Measured], float], found: list[Measured] = found) -> float:
            return median(pick(one) for one in found)

        lines.append(
            f"| {size} | {len(found)} | {mid(lambda one: one.lots):.0f} | {mid(lambda one: one.build_s):.3f} "
            f"| {_spread([one.total_s for one in found])} "
            f"| {mid(lambda one: one.gap_usd):.2f} ({max(one.gap_usd for one in found):.2f}) "
            f"| {mid(lambda one: 1e4 * one.gap_usd / one.value_usd):.3f} | {mid(lambda one: one.orders):.0f} "
            f"| {mid(lambda one: one.drift_before):.1%} to {mid(lambda one: one.drift_after):.1%} | {peak:.0f} |"
        )
    return lines


def _shares_table(results: dict[str, tuple[list[Measured], float]]) -> list[str]:
    lines = [
        "| size | households | whole shares s | fractions s | whole / fractions | comparison s |",
        "|---|---|---|---|---|---|",
    ]
    for size, (found, _) in results.items():
        lines.append(
            f"| {size} | {len(found)} | {_spread([one.total_s for one in found])} "
            f"| {_spread([one.divisible_s for one in found])} "
            f"| {_spread([one.total_s / one.divisible_s for one in found])} "
            f"| {_spread([one.compared_s for one in found], digits=3)} |"
        )
    return lines


def _rival_table(results: dict[str, tuple[list[Measured], float]]) -> list[str]:
    lines = [
        "| size | rule | tax saved $ | tax saved bp | all costs saved $ | all costs saved bp | cheaper in "
        "| drift: rule | drift: plan | rule's classes out of band | rule's loss washed $ | rule keeps the rules |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for size, (found, _) in results.items():
        for rule in RULES:
            rivals = [rival for one in found for rival in one.rivals if rival.rule == rule]
            fair = [rival for rival in rivals if not rival.we_gave_way]
            if not fair:
                continue
            taxes = [rival.tax_usd - rival.our_tax_usd for rival in fair]
            money = [rival.money_usd - rival.our_money_usd for rival in fair]
            values = [rival.value_usd for rival in fair]
            bp_tax = median(1e4 * usd / value for usd, value in zip(taxes, values, strict=True))
            bp_money = median(1e4 * usd / value for usd, value in zip(money, values, strict=True))
            lines.append(
                f"| {size} | {rule} | {median(taxes):,.0f} | {bp_tax:.1f} | {median(money):,.0f} | {bp_money:.1f} "
                f"| {sum(usd > 0 for usd in money)} of {len(fair)} "
                f"| {median(rival.drift for rival in fair):.1%} | {median(rival.our_drift for rival in fair):.1%} "
                f"| {median(rival.classes_out for rival in rivals):.1f} "
                f"| {median(rival.washed_usd for rival in rivals):,.0f} "
                f"| {sum(rival.keeps_rules for rival in rivals)} of {len(rivals)} |"
            )
    return lines


def main() -> None:
    """Run, print, and write the page unless told not to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(SIZES), help="small, medium, large")
    parser.add_argument("--count", type=int, help="households of each size")
    parser.add_argument("--no-rules", action="store_true", help="do not compare with the rules of thumb")
    parser.add_argument("--no-crowd", action="store_true", help="neither every rule at once nor frontiers; no page")
    parser.add_argument("--no-page", action="store_true", help="print only")
    wanted = parser.parse_args()
    results = {}
    for size in wanted.sizes.split(","):
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            count = wanted.count or COUNTS[size]
            results[size] = pool.submit(_measure_size, size, count, not wanted.no_rules).result()
    crowd, drawn = {}, []
    if not wanted.no_crowd:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            drawn = pool.submit(_frontiers, FRONTIERS).result()
        for size in wanted.sizes.split(","):
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                crowd[size] = pool.submit(_crowd, size, wanted.count or CROWDED[size]).result()
        sys.stdout.write("\n".join(_crowd_table(crowd)) + f"\nfrontier {_spread(drawn)}\n")
    timing, rivals = "\n".join(_timing_table(results)), "\n".join(_rival_table(results))
    shares = "\n".join(_shares_table(results))
    sys.stdout.write(f"{timing}\n\n{shares}\n\n{rivals}\n")
    if not wanted.no_page and not wanted.no_crowd:
        PAGE.parent.mkdir(exist_ok=True)
        everything = [rival for found, _ in results.values() for one in found for rival in one.rivals]
        fair = [rival for rival in everything if rival.keeps_rules and not rival.we_gave_way]
        lawful = sum(rival.money_usd < rival.our_money_usd - CENT for rival in fair)
        system = f"{platform.system()} {platform.machine()}"
        PAGE.write_text(
            TEXT.format(
                timing=timing,
                shares=shares,
                rivals=rivals,
                lawful=lawful,
                python=platform.python_version(),
                system=system,
                crowd="\n".join(_crowd_table(crowd)),
                deadline=draw_household("small", 0)[1].deadline_s,
                points=POINTS,
                cores=os.cpu_count(),
                frontiers=FRONTIERS,
                drawn=_spread(drawn),
            ),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
