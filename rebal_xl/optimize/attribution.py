"""What each order costs and saves by itself: what its gains and losses do to the tax, its spread, fee and order.

One order's tax is that of the plan less that of the plan without the order's gains and losses, everything else alike.
Orders meet in one return, where losses are set against gains and brackets fill up, so these figures do not add up to
the tax of the plan: of a gain and a loss that cancel, one costs and the other saves.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rebal_xl.household import Household, LotSale, Policy, Side, Trade
from rebal_xl.optimize.evaluate import CENT, Evaluation
from rebal_xl.optimize.evaluated_tax import PayerResult, payer_result
from rebal_xl.optimize.prices import Prices


def with_costs(
    trades: Iterable[Trade], household: Household, policy: Policy, prices: Prices, evaluation: Evaluation
) -> tuple[Trade, ...]:
    """The trades with their tax, later tax and trading cost filled in."""
    sales: dict[str, list[LotSale]] = defaultdict(list)
    for sale in evaluation.lot_sales:
        sales[payer_of(household, sale)].append(sale)
    return tuple(_with_cost(trade, household, policy, prices, evaluation, sales) for trade in trades)


def payer_of(household: Household, sale: LotSale) -> str:
    """Who pays for a sale's gain, "" where nobody does."""
    account = household.account(sale.account)
    payer = household.payer(account) if account.taxable else None
    return payer.taxpayer if payer else ""


def _with_cost(
    trade: Trade,
    household: Household,
    policy: Policy,
    prices: Prices,
    evaluation: Evaluation,
    sales: dict[str, list[LotSale]],
) -> Trade:
    security = household.security(trade.symbol)
    rate = security.spread_bp * 1e-4
    tax = later = 0.0
    if trade.side is Side.SELL:
        rate += security.redemption_fee
        account = household.account(trade.account)
        payer = household.payer(account) if account.taxable else None
        if payer is not None:
            tax, later = _tax_and_later(trade, household, prices, evaluation, sales[payer.taxpayer], payer.taxpayer)
    cost = trade.amount_usd * rate + policy.cost_per_order_usd
    location = _location_usd(trade, household, prices)
    return replace(trade, tax_usd=tax, later_tax_usd=later, cost_usd=cost, location_usd=location)


def _location_usd(trade: Trade, household: Household, prices: Prices) -> float:
    """Tax on distributions over the horizon that the order adds or saves, that of the cash in its stead set off."""
    held = trade.amount_usd * prices.location_usd(household, trade.account, trade.symbol)
    fee = household.security(trade.symbol).redemption_fee if trade.side is Side.SELL else 0.0
    cash = trade.amount_usd * (1.0 - fee) * prices.location_cash_usd(household, trade.account)
    return held - cash if trade.side is Side.BUY else cash - held


def _tax_and_later(
    trade: Trade,
    household: Household,
    prices: Prices,
    evaluation: Evaluation,
    sales: Sequence[LotSale],
    name: str,
) -> tuple[float, float]:
    """This year's tax, and later tax, that the order's own gains and losses bring; negative: they save."""
    mine = [sale for sale in sales if (sale.account, sale.symbol) == (trade.account, trade.symbol)]
    if all(abs(sale.gain_usd + sale.disallowed_usd) < CENT for sale in mine):
        return 0.0, 0.0
    rest = [sale for sale in sales if (sale.account, sale.symbol) != (trade.account, trade.symbol)]
    whole = evaluation.payers[name]
    without = payer_result(household, prices, name, rest)
    tax = whole.after.total_usd - without.after.total_usd
    return tax, _later_usd(whole) - _later_usd(without)


def _later_usd(result: PayerResult) -> float:
    return result.net_usd - (result.after.total_usd - result.before.total_usd)
