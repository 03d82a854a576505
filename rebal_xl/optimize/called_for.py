"""What calls for gains beyond a limit, or tax beyond a budget, as far as a plan tells: what to loosen instead of it."""

from collections.abc import Iterator

from rebal_xl.household import LotSale, Method, Side, Term
from rebal_xl.optimize.broken import Break
from rebal_xl.optimize.methods import drift_is_capped, sells_without_target
from rebal_xl.optimize.minimums import ROUNDING_USD
from rebal_xl.optimize.obstacles import Obstacle, Outcome
from rebal_xl.optimize.rules.bands import without_target
from rebal_xl.optimize.rules.tracking import tracking_limit

# Bands, or securities, named one by one; more are counted.
MOST_LISTED = 3
_TERMS = {"short gains": Term.SHORT, "long gains": Term.LONG}


def calls_for_gains(outcome: Outcome, item: Break) -> list[Obstacle]:
    """What makes the plan take the gains behind a broken limit of a taxpayer; none where nothing stands out."""
    sales = _gains(outcome, item)
    if not sales:
        return []
    return list(
        dict.fromkeys(
            [*_drift(outcome, sales), *_cash(outcome, sales), *_typed(outcome, sales), *_untargeted(outcome, sales)]
        )
    )


def _gains(outcome: Outcome, item: Break) -> list[LotSale]:
    """The taxpayer's sales at a gain, of the term that is limited."""
    household, term = outcome.model.household, _TERMS.get(item.rule)
    found = []
    for sale in outcome.evaluation.lot_sales:
        account = household.account(sale.account)
        payer = household.payer(account) if account.taxable else None
        if payer is not None and payer.taxpayer == item.which and sale.gain_usd > 0 and term in (None, sale.term):
            found.append(sale)
    return found


def _drift(outcome: Outcome, sales: list[LotSale]) -> Iterator[Obstacle]:
    """Bands of classes that had to come home, or what stands in their place."""
    policy, before = outcome.model.policy, outcome.model.before
    if policy.method not in (Method.OPPORTUNISTIC, Method.FULL):
        return
    if policy.follows_tracking:
        if before.needed or (before.tracking_error or 0.0) > tracking_limit(policy, before):
            which = "destination" if before.needed else "trigger"
            yield Obstacle("the tracking error", f"raise the tracking {which}")
        return
    if drift_is_capped(policy):
        if before.household_drift > (policy.most_drift or 0.0):
            yield Obstacle("the cap on household drift", "allow more drift")
        return
    # what is sold but to raise cash is sold for no band
    sales = [sale for sale in sales if not _lacks_cash(outcome, sale.account) or _invests(outcome, sale.account)]
    if not sales:
        return
    sold = {outcome.class_of(sale.symbol) for sale in sales}
    # a class that is short is filled with the proceeds of any other
    names = [one.asset_class for one in before.lines if one.triggered and (one.drift < 0 or one.asset_class in sold)]
    if names:
        bands = f"the band{'' if len(names) == 1 else 's'} of {_listed(names, 'classes')}"
        yield Obstacle(bands, f"widen {bands}")


def _lacks_cash(outcome: Outcome, account: str) -> bool:
    """Whether an account has too little cash for its reserve and what it pays out."""
    return _pays(outcome, account) + outcome.reserve_usd(account) > outcome.starts_usd(account) + ROUNDING_USD


def _pays(outcome: Outcome, account: str) -> float:
    return sum(usd for (_, payer), usd in outcome.actions.paid.items() if payer == account)


def _invests(outcome: Outcome, account: str) -> bool:
    """Whether an account buys something, or keeps more cash than its last order brings too much."""
    household = outcome.model.household
    if any(name == account for name, _ in outcome.actions.purchases):
        return True
    steps = [household.security(symbol).unit_usd for name, symbol in outcome.sold if name == account]
    minimum = outcome.model.policy.minimum_trade_usd(household.account_value_usd(account))
    return outcome.spare_cash_usd(account) > max(minimum, *steps)


def _cash(outcome: Outcome, sales: list[LotSale]) -> Iterator[Obstacle]:
    """Withdrawals and reserves of accounts that sell at a gain and do not have the cash."""
    for name in sorted({sale.account for sale in sales}):
        if not _lacks_cash(outcome, name):
            continue
        if _pays(outcome, name) > ROUNDING_USD:
            yield Obstacle(f"the withdrawal that {name} pays", "ask for less")
        if outcome.reserve_usd(name) > ROUNDING_USD:
            yield Obstacle(f"the cash reserve of {name}", f"lower the reserve of {name}")
        if outcome.starts_usd(name) < 0:
            yield Obstacle(f"the negative cash of {name}", f"pay cash into {name}")


def _typed(outcome: Outcome, sales: list[LotSale]) -> Iterator[Obstacle]:
    """The advisor's own sales at a gain, and purchases in accounts that sell at a gain."""
    positions, accounts = {(sale.account, sale.symbol) for sale in sales}, {sale.account for sale in sales}
    for key, order in sorted(outcome.model.choices.typed.items()):
        if key in positions if order.side is Side.SELL else key[0] in accounts:
            words = f"your trade to {order.side.value.lower()} {key[1]} in {key[0]}"
            yield Obstacle(words, f"leave out {words}")


def _untargeted(outcome: Outcome, sales: list[LotSale]) -> Iterator[Obstacle]:
    policy = outcome.model.policy
    if not sells_without_target(policy):
        return
    gone = without_target(outcome.model.household, policy)
    symbols = sorted({sale.symbol for sale in sales if sale.symbol in gone})
    if symbols:
        yield Obstacle(
            f"the sale of what has no target ({_listed(symbols, 'securities')})", "turn Sell Without Target off"
        )


def _listed(names: list[str], noun: str) -> str:
    if len(names) > MOST_LISTED:
        return f"{len(names)} {noun}"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
