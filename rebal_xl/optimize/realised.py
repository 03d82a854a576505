"""The lots behind a plan's sales: gain, term, and the losses that the wash-sale rule disallows, share by share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rebal_xl.household import Household, Lot, LotSale, Policy
from rebal_xl.optimize.choices import is_recent, realised_usd, undated_purchases
from rebal_xl.tax.basis import basis_of, gain_of, term_of_sale
from rebal_xl.tax.wash import LossSale, Purchase, Washed, match


@dataclass(frozen=True, slots=True)
class Actions:
    """What is done: shares sold per lot (index into household.lots), shares bought, withdrawals paid."""

    sales: Mapping[int, float]
    # (account, symbol) -> shares
    purchases: Mapping[tuple[str, str], float]
    # (request number, account) -> dollars
    paid: Mapping[tuple[int, str], float]


def match_plan(household: Household, policy: Policy, actions: Actions) -> dict[int, Washed]:
    """Wash sales of the plan's loss sales, by lot index, against every purchase of the household in the window."""
    sales: list[LossSale] = []
    indexes: list[int] = []
    for index, quantity in sorted(actions.sales.items()):
        lot = household.lots[index]
        gain = _gain_usd(household, lot, quantity, policy.as_of)
        if not household.account(lot.account).taxable or gain >= 0 or quantity <= 0:
            continue
        group = household.security(lot.symbol).group
        wash_group = household.account(lot.account).wash_group
        sales.append(
            LossSale(
                lot.account, lot.symbol, group, policy.as_of, _lot_key(index), lot.acquired, quantity,
                -gain / quantity, wash_group,
            )
        )  # fmt: skip
        indexes.append(index)
    if not sales:
        return {}
    results = match(sales, _purchases(household, policy, actions))
    return dict(zip(indexes, results, strict=True))


def _purchases(household: Household, policy: Policy, actions: Actions) -> list[Purchase]:
    """Shares bought in the window and still held after the plan, and the plan's own purchases."""
    found: list[Purchase] = []
    for index, lot in enumerate(household.lots):
        left = lot.quantity - actions.sales.get(index, 0.0)
        if left > 0 and is_recent(lot, policy) and lot.acquired is not None:
            found.append(_purchase(household, lot.account, lot.symbol, lot.acquired.toordinal(), _lot_key(index), left))
    for (account, symbol), quantity in undated_purchases(household, policy).items():
        day = policy.as_of.toordinal()
        found.append(_purchase(household, account, symbol, day, f"undated {account} {symbol}", quantity))
    for (account, symbol), quantity in actions.purchases.items():
        day = policy.as_of.toordinal()
        found.append(_purchase(household, account, symbol, day, f"bought {account} {symbol}", quantity))
    return found


def _purchase(household: Household, account: str, symbol: str, day: int, key: str, quantity: float) -> Purchase:
    registration = household.account(account)
    return Purchase(
        account=account,
        symbol=symbol,
        group=household.security(symbol).group,
        acquired=date.fromordinal(day),
        lot_key=key,
        quantity=quantity,
        treatment=registration.treatment,
        wash_group=registration.wash_group,
    )


def _lot_key(index: int) -> str:
    return f"{index:07d}"


def _gain_usd(household: Household, lot: Lot, quantity: float, sold: date) -> float:
    """Gain on shares of a taxable lot; 0 where gains are not taxed or the basis is not known."""
    if lot.basis_usd is None or not household.account(lot.account).taxable:
        return 0.0
    return gain_of(lot, quantity, _proceeds_usd(household, lot, quantity), sold)[0]


def _proceeds_usd(household: Household, lot: Lot, quantity: float) -> float:
    return realised_usd(household, lot) * quantity / lot.quantity


def lot_sale(household: Household, policy: Policy, index: int, quantity: float, washed: Washed | None) -> LotSale:
    lot = household.lots[index]
    taxable = household.account(lot.account).taxable
    proceeds, gain = _proceeds_usd(household, lot, quantity), _gain_usd(household, lot, quantity, policy.as_of)
    return LotSale(
        account=lot.account,
        symbol=lot.symbol,
        lot_id=lot.lot_id,
        acquired=lot.acquired,
        quantity=quantity,
        proceeds_usd=proceeds,
        basis_usd=basis_of(lot, quantity, proceeds),
        term=term_of_sale(lot, gain, policy.as_of) if taxable else None,
        gain_usd=gain,
        disallowed_usd=washed.disallowed_usd if washed else 0.0,
        permanent_usd=washed.permanent_usd if washed else 0.0,
    )
