"""Wash sales, share by share (IRC 1091, Reg. 1.1091-1 and -2, IRC 1223(3)).

A loss is disallowed as far as identical shares are bought from 30 days before to 30 days after the sale, in any account
of the same wash group. Bought by a taxable account, the loss moves into the basis of those shares; bought by an IRA,
Roth or HSA it is lost for good (Rev. Rul. 2008-5). Gains never wash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rebal_xl.household import TaxTreatment

WINDOW_DAYS = 30
# shares below which a rest of a lot is a rounding error
_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class LossSale:
    """Shares of one lot sold at a loss in a taxable account."""

    account: str
    symbol: str
    # identical group of the security
    group: str
    sold: date
    # which purchase the shares come from, unique in the household: the rest of it is no replacement (Rev. Rul. 56-602)
    lot_key: str
    # None when not known: such shares come first among the sales of a day
    acquired: date | None
    # shares
    quantity: float
    # positive dollars a share
    loss_per_share_usd: float
    # accounts of different wash groups do not wash each other's losses
    wash_group: str = ""
    # first day of the holding period where it is not the date acquired (a gift, an earlier wash sale)
    held_since: date | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """Shares bought, as far as they are still held after the sales; reinvested dividends are purchases too."""

    account: str
    symbol: str
    group: str
    acquired: date
    lot_key: str
    # shares still held
    quantity: float
    treatment: TaxTreatment
    wash_group: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Shares sold at a loss, matched with the shares that replace them."""

    # the replacement lot
    account: str
    symbol: str
    lot_key: str
    # shares matched, one for one whatever the prices
    quantity: float
    disallowed_usd: float
    # True when the replacement sits where basis does not exist: the loss is gone
    permanent: bool
    # added to the basis of the matched shares; 0 when permanent
    basis_added_usd: float
    # first day of the matched shares' holding period, the sold shares' period tacked on; None when it is not known
    held_since: date | None


@dataclass(frozen=True, slots=True)
class Washed:
    """What the rule does to one loss sale."""

    sale: LossSale
    disallowed_usd: float
    # the part of it that is lost for good
    permanent_usd: float
    matches: tuple[Match, ...]

    @property
    def allowed_usd(self) -> float:
        """The loss that counts this year, positive dollars."""
        return self.sale.quantity * self.sale.loss_per_share_usd - self.disallowed_usd


def first_safe_rebuy(sold: date) -> date:
    """The first day on which identical shares may be bought without washing a loss sale of that day."""
    return sold + timedelta(days=WINDOW_DAYS + 1)


def first_safe_loss_sale(bought: date) -> date:
    """The first day on which other identical shares may be sold at a loss after a purchase of that day."""
    return bought + timedelta(days=WINDOW_DAYS + 1)


def in_window(acquired: date, sold: date) -> bool:
    """True when a purchase falls into the 61 days around a sale."""
    return abs((acquired - sold).days) <= WINDOW_DAYS


def match(sales: Sequence[LossSale], purchases: Sequence[Purchase]) -> tuple[Washed, ...]:
    """Match loss sales with replacement purchases; one answer per sale, in the order of `sales`.

    Losses count in order of sale, on one day by original acquisition (Reg. 1.1091-1(b)), then account and lot.
    Replacements count earliest first ((c), (d)), and each share once ((e)). Convention: shares of one identical group
    match one for one, also between share classes of different price. Rows may come in any order.
    """
    left = [purchase.quantity for purchase in purchases]
    by_age = sorted(range(len(purchases)), key=lambda index: _purchase_order(purchases[index]))
    found: dict[int, Washed] = {}
    for index in sorted(range(len(sales)), key=lambda index: _sale_order(sales[index])):
        found[index] = _wash(sales[index], purchases, by_age, left)
    return tuple(found[index] for index in range(len(sales)))


def _wash(sale: LossSale, purchases: Sequence[Purchase], by_age: Sequence[int], left: list[float]) -> Washed:
    """Use up replacement shares for one sale; `left` is what remains of each purchase."""
    wanted = sale.quantity
    matches: list[Match] = []
    for index in by_age:
        if wanted <= _DUST:
            break
        bought = purchases[index]
        if left[index] <= _DUST or not _replaces(bought, sale):
            continue
        quantity = min(wanted, left[index])
        wanted -= quantity
        left[index] -= quantity
        matches.append(_matched(sale, bought, quantity))
    return Washed(
        sale=sale,
        disallowed_usd=sum(each.disallowed_usd for each in matches),
        permanent_usd=sum(each.disallowed_usd for each in matches if each.permanent),
        matches=tuple(matches),
    )


def _replaces(bought: Purchase, sale: LossSale) -> bool:
    return (
        bought.group == sale.group
        and bought.wash_group == sale.wash_group
        and bought.lot_key != sale.lot_key
        and in_window(bought.acquired, sale.sold)
    )


def _matched(sale: LossSale, bought: Purchase, quantity: float) -> Match:
    permanent = bought.treatment is not TaxTreatment.TAXABLE
    loss = quantity * sale.loss_per_share_usd
    start = sale.held_since or sale.acquired
    return Match(
        account=bought.account,
        symbol=bought.symbol,
        lot_key=bought.lot_key,
        quantity=quantity,
        disallowed_usd=loss,
        permanent=permanent,
        basis_added_usd=0.0 if permanent else loss,
        held_since=bought.acquired - (sale.sold - start) if start else None,
    )


def _sale_order(sale: LossSale) -> tuple[date, date, str, str, float, float]:
    first = sale.acquired or date.min
    return (sale.sold, first, sale.account, sale.lot_key, sale.quantity, sale.loss_per_share_usd)


def _purchase_order(bought: Purchase) -> tuple[date, str, str, float]:
    return (bought.acquired, bought.account, bought.lot_key, bought.quantity)
