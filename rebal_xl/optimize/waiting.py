"""Waiting: short-term gains that turn long-term within ninety days, and the tax that waiting saves.

Both what the plan sells today and what the rule for nearly long-term lots holds back. Each saving is exact for its lot
alone, at today's price and this year's rates, with everything else as in the plan; savings of several lots do not
simply add up.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from rebal_xl.household import Household, LotSale, Method, Policy, Term, Wait
from rebal_xl.household.counts import shares_in_words
from rebal_xl.optimize.attribution import payer_of
from rebal_xl.optimize.choices import NEARLY_LONG, not_for_sale
from rebal_xl.optimize.evaluate import Evaluation
from rebal_xl.optimize.evaluated_tax import payer_result
from rebal_xl.optimize.prices import Prices
from rebal_xl.optimize.realised import lot_sale
from rebal_xl.optimize.typed import typed_orders
from rebal_xl.tax.holding import long_term_from

# Days ahead that are looked at.
MOST_DAYS = 90
# Shares bought longer ago are long-term already.
YEAR_DAYS = 366
# Savings below so many dollars are not told.
LEAST_USD = 1.0


def waits(household: Household, policy: Policy, prices: Prices, evaluation: Evaluation) -> tuple[Wait, ...]:
    """Every wait that saves a dollar or more, the largest saving first."""
    found = [*_sold(household, policy, prices, evaluation), *_held_back(household, policy, prices, evaluation)]
    return tuple(sorted(found, key=lambda wait: (-wait.saved_usd, wait.account, wait.symbol, wait.lot_id, wait.days)))


def _sold(household: Household, policy: Policy, prices: Prices, evaluation: Evaluation) -> Iterator[Wait]:
    for sale in evaluation.lot_sales:
        later = _turns(sale, policy.as_of)
        if later is None:
            continue
        others = [one for one in evaluation.lot_sales if one is not sale]
        saved = _saved_usd(household, prices, others, sale)
        if saved >= LEAST_USD:
            yield _wait(sale, later, policy.as_of, saved, sold=True)


def _held_back(household: Household, policy: Policy, prices: Prices, evaluation: Evaluation) -> Iterator[Wait]:
    if policy.method is Method.NONE:
        # nothing but what is typed is for sale, with or without the rule
        return
    typed = typed_orders(household, policy)
    for index, lot in enumerate(household.lots):
        if (lot.account, lot.symbol) in typed:
            continue
        # the day first: it is known sooner than whether anything holds the lot back
        if lot.acquired is None or lot.acquired < policy.as_of - timedelta(days=YEAR_DAYS):
            continue
        if not_for_sale(household, policy, lot) != NEARLY_LONG:
            continue
        sale = lot_sale(household, policy, index, lot.quantity, None)
        later = _turns(sale, policy.as_of)
        if later is None:
            continue
        saved = _saved_usd(household, prices, list(evaluation.lot_sales), sale)
        if saved >= LEAST_USD:
            yield _wait(sale, later, policy.as_of, saved, sold=False)


def _turns(sale: LotSale, as_of: date) -> date | None:
    """The day on which the gain turns long-term; None for what is no short gain, or not soon long."""
    if sale.term is not Term.SHORT or sale.gain_usd <= 0 or sale.acquired is None:
        return None
    later = long_term_from(sale.acquired)
    return later if 0 < (later - as_of).days <= MOST_DAYS else None


def _saved_usd(household: Household, prices: Prices, others: list[LotSale], sale: LotSale) -> float:
    """Tax of the year with the sale short-term less that with it long-term."""
    name = payer_of(household, sale)
    short = payer_result(household, prices, name, [*others, sale])
    long = payer_result(household, prices, name, [*others, replace(sale, term=Term.LONG)])
    return short.after.total_usd - long.after.total_usd


def _wait(sale: LotSale, later: date, as_of: date, saved_usd: float, *, sold: bool) -> Wait:
    days = (later - as_of).days
    count = "1 day" if days == 1 else f"{days} days"
    what = f"{shares_in_words(sale.quantity)} {sale.symbol} in {sale.account}"
    if sold:
        sentence = (
            f"Wait {count} and save ${saved_usd:,.2f}: {what} are sold at a short-term gain of ${sale.gain_usd:,.2f}, "
            f"which is long-term from {later:%m/%d/%Y}."
        )
    else:
        sentence = (
            f"Held back for {count}: {what} have a gain of ${sale.gain_usd:,.2f}, which is long-term from "
            f"{later:%m/%d/%Y}. Waiting saves ${saved_usd:,.2f} against selling today."
        )
    if later.year > as_of.year:
        sentence += f" The tax then belongs to {later.year}."
    return Wait(
        account=sale.account,
        symbol=sale.symbol,
        lot_id=sale.lot_id,
        quantity=sale.quantity,
        gain_usd=sale.gain_usd,
        long_from=later,
        days=days,
        saved_usd=saved_usd,
        sold=sold,
        sentence=sentence,
    )
