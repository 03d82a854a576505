"""What several sections ask of a plan, with the path to each answer."""

from collections.abc import Sequence

from rebal_xl.explain import figures
from rebal_xl.explain.told import Told
from rebal_xl.household import Side, TaxTreatment, Trade
from rebal_xl.household.explanation import Figure

SALES, PURCHASES = "plan.trades[side='Sell']", "plan.trades[side='Buy']"
# What an order serves that puts positions together: see Trade.serves.
CONSOLIDATION = "consolidation"
TAXED, UNTAXED = "[account.taxable=True]", "[account.taxable=False]"


def trades(told: Told, side: Side, *, taxable: bool | None = None, asset_class: str | None = None) -> list[Trade]:
    """Orders of one side, in taxable accounts or others, of one class."""
    return [
        trade
        for trade in told.plan.trades
        if trade.side is side
        and (taxable is None or told.household.account(trade.account).taxable is taxable)
        and (asset_class is None or told.household.security(trade.symbol).main_class == asset_class)
    ]


def traded(told: Told, side: Side, *, taxable: bool | None = None, asset_class: str | None = None) -> Figure:
    """Their dollars."""
    path = SALES if side is Side.SELL else PURCHASES
    path += "" if taxable is None else TAXED if taxable else UNTAXED
    path += "" if asset_class is None else f"[class={asset_class!r}]"
    held = trades(told, side, taxable=taxable, asset_class=asset_class)
    return figures.usd(sum(trade.amount_usd for trade in held), f"sum({path}.amount_usd)")


def taxed(orders: Sequence[Trade]) -> str:
    """What the accounts of these orders are called, in which gains are taxed."""
    return "a taxable account" if len({order.account for order in orders}) == 1 else "taxable accounts"


def sheltered(told: Told, orders: Sequence[Trade]) -> str:
    """What the accounts of these orders are called, in which nobody taxes gains."""
    accounts = {order.account for order in orders}
    kinds = {told.household.account(account).treatment for account in accounts}
    if kinds == {TaxTreatment.HSA}:
        return "a health savings account" if len(accounts) == 1 else "health savings accounts"
    if TaxTreatment.HSA in kinds:
        return "retirement and health savings accounts"
    return "a retirement account" if len(accounts) == 1 else "retirement accounts"
