"""From household and policy to a plan: prove a bound, find whole-share orders next to it, pick lots, check everything.

1. The exact program with fractions gives the bound: no plan under these rules costs less.
2. The orders it chose are put on whole shares by a small program around its answer.
3. With harvesting off, lots are then chosen by their full tax, at the same orders.
4. The independent evaluator recomputes the plan; the gap is its cost less the bound. It also prices ordinary
   account-by-account rebalancing of the same household, for comparison.
"""

import time
from dataclasses import replace

from rebal_xl.household import (
    FilingStatus,
    Household,
    InputErrors,
    Method,
    Plan,
    Policy,
    Problem,
    TaxTreatment,
    WithdrawalLevel,
)
from rebal_xl.measure.drift import measure_drift
from rebal_xl.optimize.assemble import assemble
from rebal_xl.optimize.comparison import with_comparisons
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.rules.tracking import covariance_problems
from rebal_xl.optimize.search import AGREEMENT_USD, EvaluatorDisagrees, Proof, Run, prove
from rebal_xl.optimize.solver import NoPlan, Progress
from rebal_xl.optimize.typed import refusals
from rebal_xl.optimize.whole import Candidate, whole_share_plan
from rebal_xl.tax.law import known_years
from rebal_xl.tax.state import state_rates

# Added to the seed when a search must be made in another way.
OTHER_SEED = 1009


def rebalance(household: Household, policy: Policy, *, progress: Progress | None = None, seed: int = 0) -> Plan:
    """The plan for a household under a policy.

    `progress` is called with (best cost, bound, seconds) in dollars and stops the search by returning True.
    Raises InputErrors for what cannot be planned (no tax profile, no accounts, no targets), LawMissing for an
    unknown tax year, EvaluatorDisagrees when the answer does not survive recomputation.
    """
    refuse_unplannable(household, policy)
    began = time.perf_counter()
    run = Run(household, policy, measure_drift(household, policy), progress, seed, began + policy.deadline_s)
    plan, model = find(run)
    return with_comparisons(plan, household, policy, model.prices, model.choices.sold_at_loss)


def find(run: Run) -> tuple[Plan, Model]:
    """The plan of a run that can be planned, without its comparisons, and its program. Raises as `rebalance`."""
    began = time.perf_counter()
    proof, best = _proven(run)
    cost, bound = best.evaluation.cost_usd, max(proof.bound_usd, best.bound_usd)
    plan = assemble(
        proof.model,
        best.actions,
        best.evaluation,
        bound_usd=min(bound, cost),
        status=best.status if proof.status == "optimal" else proof.status,
        seconds=time.perf_counter() - began,
    )
    return plan, proof.model


def _proven(run: Run) -> tuple[Proof, Candidate]:
    """The proof and the plan beside it.

    A plan cheaper than its bound shows that the solver cut off the optimum: its search is made again in another way.
    """
    for seed in (run.seed, run.seed + OTHER_SEED):
        again = replace(run, seed=seed)
        try:
            proof = prove(again)
        except NoPlan as impossible:
            if not any(trade.keep for trade in run.policy.my_trades):
                raise
            raise InputErrors([_typed_together()]) from impossible
        # whoever stops the search by hand does not wait for a longer one
        best = whole_share_plan(again, proof, thorough=proof.status != "cancelled")
        cost, bound = best.evaluation.cost_usd, max(proof.bound_usd, best.bound_usd)
        if bound <= cost + AGREEMENT_USD:
            return proof, best
    raise EvaluatorDisagrees(
        f"The plan was not shown: it costs ${cost:,.2f}, less than the ${bound:,.2f} proven to be the least. "
        "Please send the log; the workbook is untouched."
    )


def _typed_together() -> Problem:
    return Problem(
        "The trades of My Trades cannot all be done together: they leave too little cash in some account, or sell at a "
        "loss shares bought in the last 30 days while others of that security bought then stay.",
        "Sell more, buy less, or sell all of what was bought in the last 30 days.",
        code="typed-together",
    )


def _unknown_to_the_tax_law(household: Household, policy: Policy) -> list[Problem]:
    """Taxpayers and withdrawals that no rule knows how to treat."""
    problems = []
    payers = {payer.taxpayer: payer for account in household.accounts if (payer := household.payer(account))}
    for name, payer in sorted(payers.items()):
        if payer.status is FilingStatus.GRANTOR_TRUST:
            advice = "Add the grantor's row to TaxProfile and name it under Grantor."
            problems.append(Problem(f"{name} is a grantor trust, but no grantor pays for it.", advice, code="grantor"))
            continue
        try:
            state_rates(payer, known_years()[-1])
        except ValueError as unknown:
            advice = "Write the two letters of the state, such as CA."
            problems.append(Problem(f"{name}: {unknown}", advice, code="state"))
    treatments = {treatment.value for treatment in TaxTreatment}
    for ask in policy.withdrawals:
        if ask.level is WithdrawalLevel.TREATMENT and ask.which not in treatments:
            advice = f"Choose {', '.join(sorted(treatments))}."
            problems.append(Problem(f"A withdrawal names the treatment {ask.which}.", advice, code="treatment"))
    return problems


def refuse_unplannable(household: Household, policy: Policy) -> None:
    """Raise InputErrors when no plan can be made of these at all."""
    problems = []
    if not household.accounts:
        problems.append(Problem("The household has no accounts.", "Fill the Accounts table.", code="no-accounts"))
    problems += _unknown_to_the_tax_law(household, policy)
    if not policy.targets:
        problems.append(Problem("There are no targets.", "Fill the Targets table.", code="no-targets"))
    if household.accounts and policy.method is Method.NONE and not any(trade.keep for trade in policy.my_trades):
        advice = "Type trades in My Trades, or choose another method."
        problems.append(Problem("Method None does your own trades, but there are none.", advice, code="no-trades"))
    problems += [*refusals(household, policy), *covariance_problems(household, policy)]
    if problems:
        raise InputErrors(problems)
