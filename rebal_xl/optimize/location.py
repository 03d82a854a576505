"""Asset location: what the placement of a household's mix costs a year, against the best and the worst placement."""

from collections import defaultdict
from dataclasses import replace

from rebal_xl.household import (
    CASH_CLASS,
    CASH_SYMBOL,
    Household,
    LocationLine,
    LocationReport,
    Lot,
    Plan,
    Policy,
    Problem,
    Severity,
    Side,
)
from rebal_xl.optimize.placement import Placement, extreme_usd, find_placement
from rebal_xl.optimize.prices import find_prices
from rebal_xl.optimize.program import FloatArray
from rebal_xl.optimize.swaps import next_moves

# Shares that are none.
DUST = 1e-6
HALF_A_CENT = 0.005


def find_location(household: Household, policy: Policy, *, moves: bool = True) -> LocationReport:
    """The report on the household as it stands; without `moves` it does not look for swaps.

    Raises InputErrors when a taxable account has no tax profile, LawMissing for a year without law, ValueError for an
    unknown state.
    """
    prices = find_prices(household, policy, ())
    placement = find_placement(household, policy, prices)
    best, worst = extreme_usd(placement), extreme_usd(placement, worst=True)
    now = placement.drag_usd(placement.usd)
    return LocationReport(
        value_usd=float(placement.usd.sum()),
        drag_usd=now,
        # to the last digit the household's own placement is never outside the two
        best_usd=min(now, placement.drag_usd(best)),
        worst_usd=max(now, placement.drag_usd(worst)),
        horizon_years=policy.horizon_years,
        annuity=prices.annuity,
        lines=tuple(_lines(household, placement, best)),
        moves=next_moves(household, policy, prices, placement) if moves else (),
    )


def suspect_input(report: LocationReport) -> tuple[Problem, ...]:
    """A notice where a better location would be worth more than can be believed."""
    if not report.suspect:
        return ()
    advice = "Check Yield, Qualified %, Growth and Turnover of what is held, and the income of TaxProfile."
    return (Problem(report.doubt, advice, "Securities", severity=Severity.NOTICE, code="location-suspect"),)


def household_after(household: Household, plan: Plan) -> Household:
    """The household once the plan's orders are done: its lots, its cash, and the gains on its taxpayers' returns."""
    left = {index: lot.quantity for index, lot in enumerate(household.lots)}
    for sale in plan.lot_sales:
        wanted = sale.quantity
        for index, lot in enumerate(household.lots):
            told = (sale.account, sale.symbol, sale.lot_id, sale.acquired)
            if (lot.account, lot.symbol, lot.lot_id, lot.acquired) == told:
                taken = min(wanted, max(0.0, left[index]))
                left[index] -= taken
                wanted -= taken
    lots = [_rest(lot, left[index]) for index, lot in enumerate(household.lots)]
    bought = [
        Lot(trade.account, trade.symbol, trade.quantity, trade.amount_usd, plan.as_of)
        for trade in plan.trades
        if trade.side is Side.BUY
    ]
    cash, changes = dict(plan.cash_after), {change.after.taxpayer: change for change in plan.tax.changes}
    return replace(
        household,
        accounts=tuple(
            replace(account, cash_usd=cash[account.name], contribution_usd=0.0) if account.name in cash else account
            for account in household.accounts
        ),
        lots=tuple(lot for lot in (*lots, *bought) if abs(lot.quantity) > DUST),
        taxpayers=tuple(
            replace(
                profile,
                short_realized_usd=profile.short_realized_usd + changes[profile.taxpayer].short_gain_usd,
                long_realized_usd=profile.long_realized_usd + changes[profile.taxpayer].long_gain_usd,
            )
            if profile.taxpayer in changes
            else profile
            for profile in household.taxpayers
        ),
    )


def _rest(lot: Lot, quantity: float) -> Lot:
    """What is left of a lot, with its part of the basis."""
    if quantity == lot.quantity:
        return lot
    kept, basis, given = quantity / lot.quantity, lot.basis_usd, lot.gift_value_usd
    return replace(
        lot,
        quantity=quantity,
        basis_usd=None if basis is None else basis * kept,
        gift_value_usd=None if given is None else given * kept,
    )


def _lines(household: Household, placement: Placement, best: FloatArray) -> list[LocationLine]:
    """Dollars and drag by account and class."""
    figures: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row, account in enumerate(placement.accounts):
        for column, symbol in enumerate(placement.symbols):
            mix = ((CASH_CLASS, 1.0),) if symbol == CASH_SYMBOL else household.security(symbol).class_mix
            usd, wanted = float(placement.usd[row, column]), float(best[row, column])
            for asset_class, weight in mix:
                line = figures[account, asset_class]
                line[0] += weight * usd
                line[1] += weight * wanted
                line[2] += weight * usd * float(placement.drag[row, column])
    return [
        LocationLine(account, asset_class, *line)
        for (account, asset_class), line in sorted(figures.items())
        if max(abs(line[0]), abs(line[1])) >= HALF_A_CENT
    ]
