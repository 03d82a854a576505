"""Losses worth taking: the lots of taxable accounts whose loss meets the thresholds, and what speaks against it.

A loss on shares held for a year or less is worth more than a long-term one, so that the days until the lot turns
long-term matter; a purchase of identical shares in the last 30 days would wash the loss (IRC 1091).
"""

from dataclasses import dataclass
from datetime import date

from rebal_xl.household import Household, Lot, Policy, Term
from rebal_xl.tax.basis import basis_of, has_two_bases, term_of_sale
from rebal_xl.tax.holding import long_term_from
from rebal_xl.tax.ledger import household_ledger


@dataclass(frozen=True, slots=True)
class Loss:
    """One lot whose loss is worth taking."""

    lot: Lot
    value_usd: float
    basis_usd: float
    # positive dollars
    loss_usd: float
    # None where neither a date nor the custodian's word is known
    term: Term | None
    # first day on which the loss is long-term; None when it is so already, or nobody knows
    long_from: date | None
    # days from the as-of date until then
    days_to_long: int | None
    # first day on which the loss is not washed by an earlier purchase; None: today
    safe_from: date | None

    @property
    def loss_share(self) -> float:
        """The loss as a share of the basis (0..1)."""
        return self.loss_usd / self.basis_usd


def losses_worth_taking(household: Household, policy: Policy) -> tuple[Loss, ...]:
    """The lots that may be sold at a loss that meets the policy's thresholds, the largest loss first.

    Locked accounts and lots, and lots without a basis, are left out. A lot bought in the window is itself no reason to
    wait: the rest of one purchase replaces nothing of it (Rev. Rul. 56-602).
    """
    ledger = household_ledger(household, policy.as_of, reinvestments_count=policy.reinvestment_counts)
    waiting = {(dates.wash_group, dates.group): dates for dates in ledger.dates}
    found: list[Loss] = []
    for lot in household.lots:
        account = household.account(lot.account)
        value = household.value_usd(lot)
        basis = basis_of(lot, lot.quantity, value) if lot.quantity > 0.0 else None
        if not account.taxable or account.locked or lot.locked or lot.do_not_sell or basis is None:
            continue
        if not policy.worth_harvesting(basis - value, basis):
            continue
        dates = waiting.get((account.wash_group, household.security(lot.symbol).group))
        # The shares of the only purchase in the window do not wash their own loss.
        own = lot.quantity if dates is not None and lot.acquired == dates.last_purchase else 0.0
        others = dates is not None and dates.bought_shares - own > 1e-6
        later = _long_from(lot, policy.as_of)
        found.append(
            Loss(
                lot=lot,
                value_usd=value,
                basis_usd=basis,
                loss_usd=basis - value,
                term=term_of_sale(lot, value - basis, policy.as_of),
                long_from=later,
                days_to_long=None if later is None else (later - policy.as_of).days,
                safe_from=dates.sell_at_loss_from if dates is not None and others else None,
            )
        )
    return tuple(sorted(found, key=lambda loss: (-loss.loss_usd, loss.lot.account, loss.lot.symbol, loss.lot.lot_id)))


def _long_from(lot: Lot, as_of: date) -> date | None:
    """First day on which a loss on the lot is long-term; None when it is, or when the day is not known."""
    start = lot.gifted if has_two_bases(lot) and lot.gifted is not None else lot.acquired
    if start is None or term_of_sale(lot, -1.0, as_of) is not Term.SHORT:
        return None
    return long_term_from(start)
