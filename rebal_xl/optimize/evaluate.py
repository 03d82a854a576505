"""The independent evaluator: every figure of a plan recomputed from lots and trades, without the program.

What a plan costs, in dollars (`cost_usd` is the sum; doing nothing in a household without broken rules costs 0):
  tax                 bill of every taxpayer with the plan less the bill without it (`tax.tax_bill`, all worksheets),
                      gains after disallowed losses; both with the income that withdrawals out of IRAs bring
  carried losses      - carry price * change of (net gain in income - net gain), the loss left beyond the yearly limit
  basis given up      + deferral price * losses taken and allowed: the later tax that the higher basis would have saved;
                      less the same for long gains taken, when gains may be harvested
  unasked losses      where a taxpayer's three above sum to less than they would for the losses that qualify for
                      harvesting alone (0 while harvesting is off) and credited gains, 99.9 % of the excess is undone
  wash sales          policy.wash_sale_cost_usd for every family of identical securities with a disallowed loss
  trading             half the spread of every amount traded, and redemption fees
  orders              policy.cost_per_order_usd each
  location            after-tax yearly drag over the horizon of what is bought in taxable accounts less what is sold
                      there; of a net saving 0.1 %, or all of it where it may be a reason to trade and is worth it
  buy ranks           5 basis points of what is bought for every rank below the first
  idle cash           10 cents a dollar of cash beyond reserve and cash target (and, while nothing calls for trades,
                      beyond what was idle before)
  distance            method Full: every dollar off target, summed over the classes with a target; five times that for
                      dollars beyond the target, seen from where the class was. Method Cash only: 5 cents a dollar.
                      Where drift is measured as tracking error: every dollar of that instead
  relaxed rules       dollars by which a rule is broken, times its price (optimize/prices.py)
Under method None, which only does the advisor's own trades, nothing from location down exists and every saving counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rebal_xl.household import CostTerm, Drift, Household, LotSale, Policy
from rebal_xl.measure.drift import measure_drift
from rebal_xl.measure.exposure import held_shares
from rebal_xl.measure.tradable import traded
from rebal_xl.optimize.broken import NOTHING_USD, Break, class_usd, find_breaks, tracking_usd
from rebal_xl.optimize.choices import family, qualifies
from rebal_xl.optimize.evaluated_tax import PayerResult, payer_result, tax_terms
from rebal_xl.optimize.methods import class_goals, least_location_usd, only_typed
from rebal_xl.optimize.prices import HALF_A_CENT, IDLE_CASH_PRICE, Prices, counted_location_usd, rank_price
from rebal_xl.optimize.realised import Actions, lot_sale, match_plan
from rebal_xl.optimize.rules.cash import idle_cash_allowed_usd
from rebal_xl.optimize.rules.tracking import tracking_price

# Less than this is rounding of a sum.
CENT = 0.01
# A rule broken by less is the rounding of an order, priced but not worth a sentence.
WORTH_TELLING_USD = 0.05


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A plan in figures."""

    cost_terms: tuple[CostTerm, ...]
    breaks: tuple[Break, ...]
    lot_sales: tuple[LotSale, ...]
    payers: Mapping[str, PayerResult]
    after: Drift
    # account -> dollars
    cash: Mapping[str, float]
    # what the terms left out of the program's tax rows add to the cost; never negative
    outside_model_usd: float

    @property
    def cost_usd(self) -> float:
        """Sum of all terms."""
        return sum(term.usd for term in self.cost_terms)

    @property
    def broken(self) -> tuple[Break, ...]:
        """Rules broken by more than the rounding of an order; of what is to be paid or kept in cash, every cent."""
        return tuple(
            item
            for item in self.breaks
            if item.amount_usd > (HALF_A_CENT if item.rule in ("withdrawal", "reserve") else WORTH_TELLING_USD)
        )


def evaluate(household: Household, policy: Policy, prices: Prices, before: Drift, actions: Actions) -> Evaluation:
    """Recompute cash, drift, gains, wash sales, tax and every cost term of `actions`."""
    washed = match_plan(household, policy, actions)
    sold = sorted(actions.sales.items())
    lot_sales = tuple(lot_sale(household, policy, index, quantity, washed.get(index)) for index, quantity in sold)
    qualifying = [prices.harvesting and qualifies(household, policy, household.lots[index]) for index, _ in sold]
    holdings, cash = shares_after(household, actions), cash_after(household, actions)
    after = measure_drift(household, policy, holdings=holdings, cash=cash)
    payers = {name: payer_result(household, prices, name, lot_sales, qualifying) for name in prices.payers}
    breaks = find_breaks(household, policy, prices, before, after, holdings, cash, actions, payers)
    terms, outside = tax_terms(prices, payers)
    terms += _trading_terms(household, policy, actions)
    families = {family(household, s.account, s.symbol) for s in lot_sales if s.disallowed_usd > NOTHING_USD}
    terms.append(CostTerm("wash sales", policy.wash_sale_cost_usd * len(families)))
    if not only_typed(policy):
        terms += _placing_terms(household, policy, prices, before, actions, cash)
    if any(goal.over_price or goal.under_price for goal in class_goals(policy, before)):
        terms.append(CostTerm("distance", _distance_usd(policy, before, after)))
    elif tracking_price(policy):
        terms.append(CostTerm("distance", tracking_price(policy) * tracking_usd(after)))
    terms.append(CostTerm("relaxed rules", sum(item.amount_usd * item.price for item in breaks)))
    return Evaluation(tuple(terms), breaks, lot_sales, payers, after, cash, outside)


def shares_after(household: Household, actions: Actions) -> dict[tuple[str, str], float]:
    shares = held_shares(household)
    for index, quantity in actions.sales.items():
        shares[household.lots[index].account, household.lots[index].symbol] -= quantity
    for key, quantity in actions.purchases.items():
        shares[key] = shares.get(key, 0.0) + quantity
    return shares


def cash_after(household: Household, actions: Actions) -> dict[str, float]:
    """Cash of every account: what is there and comes in, plus sales, less purchases and withdrawals."""
    cash = {account.name: account.cash_usd + account.contribution_usd for account in household.accounts}
    for index, quantity in actions.sales.items():
        lot = household.lots[index]
        security = household.security(lot.symbol)
        cash[lot.account] += quantity * security.unit_usd * (1.0 - security.redemption_fee)
    for (account, symbol), quantity in actions.purchases.items():
        cash[account] -= quantity * household.security(symbol).unit_usd
    for (_, account), dollars in actions.paid.items():
        cash[account] -= dollars
    return cash


def _trading_terms(household: Household, policy: Policy, actions: Actions) -> list[CostTerm]:
    trading = 0.0
    sold: set[tuple[str, str]] = set()
    for index, quantity in actions.sales.items():
        lot = household.lots[index]
        security = household.security(lot.symbol)
        trading += quantity * security.unit_usd * (security.spread_bp * 1e-4 + security.redemption_fee)
        sold.add((lot.account, lot.symbol))
    for (_, symbol), quantity in actions.purchases.items():
        security = household.security(symbol)
        trading += quantity * security.unit_usd * security.spread_bp * 1e-4
    orders = policy.cost_per_order_usd * (len(sold) + len(actions.purchases))
    return [CostTerm("trading", trading), CostTerm("orders", orders)]


def _placing_terms(
    household: Household, policy: Policy, prices: Prices, before: Drift, actions: Actions, cash: Mapping[str, float]
) -> list[CostTerm]:
    """Where things lie: location, the advisor's ranks, cash left idle."""
    change = ranks = 0.0
    for index, quantity in actions.sales.items():
        lot = household.lots[index]
        usd = quantity * household.security(lot.symbol).unit_usd
        kept = usd * (1.0 - household.security(lot.symbol).redemption_fee)
        change -= usd * prices.location_usd(household, lot.account, lot.symbol)
        change += kept * prices.location_cash_usd(household, lot.account)
    for (account, symbol), quantity in actions.purchases.items():
        security = household.security(symbol)
        amount = quantity * security.unit_usd
        change += amount * prices.location_usd(household, account, symbol)
        change -= amount * prices.location_cash_usd(household, account)
        ranks += amount * rank_price(security, household.account(account).treatment)
    lying = sum(cash[account.name] for account in household.accounts if traded(account))
    idle = max(0.0, lying - idle_cash_allowed_usd(household, policy, before))
    return [
        CostTerm("location", counted_location_usd(change, least_location_usd(policy))),
        CostTerm("buy ranks", ranks),
        CostTerm("idle cash", IDLE_CASH_PRICE * idle),
    ]


def _distance_usd(policy: Policy, before: Drift, after: Drift) -> float:
    total = 0.0
    for goal in class_goals(policy, before):
        off = class_usd(after, goal.asset_class) - goal.target_weight * before.value_usd
        total += goal.over_price * max(0.0, off) + goal.under_price * max(0.0, -off)
    return total
