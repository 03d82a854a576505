"""From figures to the plan: orders with their reasons, notices, do-not-buy dates, tax changes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rebal_xl import __version__
from rebal_xl.household import (
    Household,
    Method,
    Notice,
    Plan,
    PlanTax,
    Policy,
    Side,
    TaxChange,
    Trade,
)
from rebal_xl.measure.exposure import held_shares
from rebal_xl.measure.flows import asked_requests, distributions_usd
from rebal_xl.optimize.attribution import with_costs
from rebal_xl.optimize.choices import WASH_WINDOW_DAYS
from rebal_xl.optimize.evaluate import CENT, Evaluation
from rebal_xl.optimize.held_back import words_of
from rebal_xl.optimize.left_alone import left_alone
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.obstacles import Outcome
from rebal_xl.optimize.prices import with_distributions
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.reasons import Facts, find_facts, reason_of
from rebal_xl.optimize.relaxed import relaxations
from rebal_xl.optimize.waiting import waits
from rebal_xl.optimize.wash_notices import wash_blocks, wash_notices, with_plan
from rebal_xl.tax.ledger import household_ledger
from rebal_xl.tax.liability import marginal_rates, tax_bill


def assemble(
    model: Model, actions: Actions, evaluation: Evaluation, *, bound_usd: float, status: str, seconds: float
) -> Plan:
    """The plan of evaluated actions."""
    household, policy = model.household, model.policy
    after = with_plan(household, actions, evaluation, policy.as_of)
    ledger = household_ledger(after, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    washes = wash_notices(household, model.choices.ledger, ledger, evaluation)
    trades = with_costs(_trades(model, actions, evaluation), household, policy, model.prices, evaluation)
    outcome = Outcome(model, evaluation, actions, len(trades))
    return Plan(
        household=household.name,
        as_of=policy.as_of,
        method=policy.method,
        trades=trades,
        lot_sales=evaluation.lot_sales,
        tax=_tax(model, evaluation),
        before=model.before,
        after=evaluation.after,
        cost_usd=evaluation.cost_usd,
        bound_usd=bound_usd,
        cost_terms=evaluation.cost_terms,
        relaxed=relaxations(outcome),
        notices=tuple(_notices(model, evaluation, washes, status)),
        wash_blocks=wash_blocks(after, ledger),
        cash_after=tuple(sorted(evaluation.cash.items())),
        withdrawals_paid=_paid(actions),
        fingerprint=fingerprint(household, policy),
        law_year=model.prices.law.year,
        law_estimate=model.prices.law_estimate,
        status=status,
        solve_seconds=seconds,
        waits=waits(household, policy, model.prices, evaluation),
        left_alone=left_alone(outcome),
    )


def fingerprint(household: Household, policy: Policy) -> str:
    """Short hash of everything the answer depends on: inputs, rules, law year and code version."""
    # A set prints in another order in every process; its sorted members do not.
    accounts = [(replace(account, menu=None), account.menu and sorted(account.menu)) for account in household.accounts]
    told = (household.lots, household.securities, household.taxpayers, household.people, household.recent_trades)
    text = repr((accounts, *told))
    return hashlib.sha256(f"{__version__}\n{text}\n{policy!r}".encode()).hexdigest()[:16]


def _paid(actions: Actions) -> tuple[tuple[str, float], ...]:
    paid: dict[str, float] = defaultdict(float)
    for (_, account), dollars in actions.paid.items():
        paid[account] += dollars
    return tuple(sorted(paid.items()))


def _trades(model: Model, actions: Actions, evaluation: Evaluation) -> tuple[Trade, ...]:
    """Orders by account, sales first, by symbol."""
    household = model.household
    sold: dict[tuple[str, str], float] = defaultdict(float)
    for index, quantity in actions.sales.items():
        sold[household.lots[index].account, household.lots[index].symbol] += quantity
    held, facts = held_shares(household), find_facts(model, actions, evaluation)
    trades = [
        _trade(facts, key, Side.SELL, quantity, closes=abs(held[key] - quantity) < 1e-6)
        for key, quantity in sold.items()
    ]
    trades += [_trade(facts, key, Side.BUY, quantity, closes=False) for key, quantity in actions.purchases.items()]
    return tuple(sorted(trades, key=lambda trade: (trade.account, trade.side is Side.BUY, trade.symbol)))


def _trade(facts: Facts, key: tuple[str, str], side: Side, quantity: float, *, closes: bool) -> Trade:
    account, symbol = key
    security = facts.household.security(symbol)
    reason = reason_of(facts, side, key)
    return Trade(
        account=account,
        symbol=symbol,
        side=side,
        quantity=round(quantity, 6),
        price_usd=security.price_usd,
        amount_usd=round(quantity * security.unit_usd, 2),
        closes_position=closes,
        reason=reason.sentence,
        serves=reason.serves,
    )


def _tax(model: Model, evaluation: Evaluation) -> PlanTax:
    """Every taxpayer's change, those too who own nothing taxable but withdraw from tax-deferred accounts."""
    prices, taken = model.prices, distributions_usd(model.household, model.policy)
    law, estimate = prices.law, prices.law_estimate
    profiles = {one.taxpayer: one for one in model.household.taxpayers}
    changes = []
    for name in sorted({*evaluation.payers, *taken}):
        profile, result = with_distributions(profiles[name], taken), evaluation.payers.get(name)
        gains = (result.short_gain_usd, result.long_gain_usd) if result else (0.0, 0.0)
        before = result.before if result else tax_bill(profile, law=law)
        untaken = tax_bill(profiles[name], law=law).total_usd if name in taken else before.total_usd
        change = TaxChange(
            replace(before, estimate=estimate),
            replace(result.after if result else before, estimate=estimate),
            *gains,
            *marginal_rates(profile, *gains, law),
            distributions_usd=taken.get(name, 0.0),
            distributions_tax_usd=before.total_usd - untaken,
        )
        changes.append(change)
    return PlanTax(tuple(changes))


def _left_unpaid(household: Household, policy: Policy) -> Iterator[Notice]:
    """Method None pays nothing but what the advisor's own trades are for: what is wanted besides is told."""
    for request in asked_requests(household, policy):
        wanted = f"${request.amount_usd:,.2f} wanted from {request.label}"
        sentence = f"Method None pays no withdrawals: {wanted} is not planned."
        yield Notice("withdrawal", sentence)


def _notices(model: Model, evaluation: Evaluation, washes: Iterable[Notice], status: str) -> list[Notice]:
    policy = model.policy
    notices = []
    if status == "deadline":
        notices.append(
            Notice("solver", "The time limit was reached: this is the best plan found so far, and it may differ "
                   "on another run. Raise Deadline on Settings for a proof.")
        )  # fmt: skip
    if status == "cancelled":
        notices.append(Notice("solver", "Stopped on request: this is the best plan found so far."))
    for sale in evaluation.lot_sales:
        if sale.disallowed_usd > CENT:
            kind = "lost for good" if sale.permanent_usd > CENT else "added to the basis of the shares bought"
            sentence = (
                f"${sale.disallowed_usd:,.2f} of the loss on {sale.symbol} is disallowed because shares were bought in "
                f"the last {WASH_WINDOW_DAYS} days; it is {kind}."
            )
            notices.append(Notice("wash sale", sentence, sale.account, sale.symbol))
    if policy.method is Method.NONE:
        notices += _left_unpaid(model.household, policy)
    notices += washes
    held_back: dict[str, list[float]] = defaultdict(list)
    for refusal in model.choices.refusals:
        if refusal.value_usd > 0:
            held_back[refusal.rule].append(refusal.value_usd)
    for rule, values in sorted(held_back.items()):
        if rule != "nothing to sell":
            words, _ = words_of(rule, policy)
            lots = f"1 lot {words}" if len(values) == 1 else f"{len(values)} lots {words}"
            stay = "stays as it is" if len(values) == 1 else "stay as they are"
            notices.append(Notice("not for sale", f"{lots} (${sum(values):,.2f}) {stay}."))
    return notices
