"""The overlap of a household with what consolidating it would cost and save."""

from rebal_xl.consolidate.priced import Evaluator
from rebal_xl.consolidate.steps import Step, find_steps
from rebal_xl.household import Household, Policy
from rebal_xl.household.overlap import SAME_CLASS, Consolidation, OverlapReport
from rebal_xl.measure.overlap import measure_overlap
from rebal_xl.measure.overlap_pairs import overlap_pairs
from rebal_xl.measure.tradable import dated


def overlap_report(household: Household, policy: Policy) -> OverlapReport:
    """What is held more than once, and every consolidation with its tax. Raises as `find_prices`.

    Classes that several securities carry are no overlap for that: most households mean to have them.
    """
    steps = find_steps(household, policy)
    evaluator = Evaluator(household, policy) if steps else None
    indexes = policy.security_master
    return OverlapReport(
        tuple(one for one in measure_overlap(household, indexes=indexes) if one.kind != SAME_CLASS),
        overlap_pairs(household, indexes=indexes),
        tuple(sorted((told(evaluator, step) for step in steps if evaluator), key=_order)),
    )


def told(evaluator: Evaluator, step: Step) -> Consolidation:
    """A step with its tax; without where a basis or day of purchase is not known."""
    priced = evaluator.priced((step,)) if _known(evaluator.household, step) else None
    return Consolidation(
        step.account, step.kind, step.subject, step.sold, step.keep, step.keep_why, step.amount_usd, step.bought,
        step.positions_saved, priced.gain_usd if priced else None, priced.tax_usd if priced else None,
        step.refused or (priced.refused if priced else ""),
    )  # fmt: skip


def _known(household: Household, step: Step) -> bool:
    account = household.account(step.account)
    lots = [lot for symbol in step.sold for lot in household.held(step.account, symbol)]
    if any(lot.quantity <= 0 for lot in lots):
        return False
    if not account.taxable:
        return True
    return household.payer(account) is not None and all(lot.basis_usd is not None and dated(lot) for lot in lots)


def _order(one: Consolidation) -> tuple[bool, bool, float, float, str, tuple[str, ...]]:
    """What can be done first, then what saves a position, the cheapest first, then the largest."""
    tax = float("inf") if one.tax_usd is None else round(one.tax_usd, 2)
    each = tax / one.positions_saved if one.positions_saved else tax
    return (bool(one.refused), not one.positions_saved, each, -round(one.amount_usd, 2), one.account, one.sold)
