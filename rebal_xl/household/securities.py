"""Securities: price, class mix, identical group, and what may be done with them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Security:
    """A symbol with a price and a place in the asset allocation."""

    symbol: str
    # quoted price in dollars; a bond's is per 100 of face, see price_divisor
    price_usd: float
    # (asset class, weight 0..1), weights sum to 1; a plain security has one pair
    class_mix: tuple[tuple[str, float], ...]
    name: str = ""
    price_as_of: date | None = None
    # value = quantity * price / divisor (100 for bonds quoted per 100 of face)
    price_divisor: float = 1.0
    # orders are multiples of this many shares; 0 means the security trades in fractions
    lot_size: float = 1.0
    # securities of one group are substantially identical for IRC 1091; "" means alone
    identical_group: str = ""
    # what to buy in its stead after a loss sale
    replacement: str = ""
    # order of preference as a purchase per tax treatment (1 first, 0 never, None no opinion)
    rank_taxable: int | None = None
    rank_deferred: int | None = None
    rank_roth: int | None = None
    do_not_buy: bool = False
    # yearly distributions as a share of price (0..1 a year)
    yield_rate: float = 0.0
    # shares of those distributions (0..1): qualified dividends, exempt interest, exempt from state tax, 199A
    qualified_share: float = 0.0
    exempt_share: float = 0.0
    state_exempt_share: float = 0.0
    qbi_share: float = 0.0
    # part of the yearly growth (0..1) that the fund realises and pays out as long-term gain
    turnover_rate: float = 0.0
    # expected growth of the price a year, the part paid out included
    growth_rate: float = 0.0
    # dividends or gain distributions expected in the next 30 days, dollars a share
    expected_distribution_usd: float = 0.0
    # half the bid-ask spread, in basis points of the traded amount
    spread_bp: float = 0.0
    # redemption fee, share 0..1 of the proceeds
    redemption_fee: float = 0.0
    collectible: bool = False
    # day of the security master that filled in what the workbook leaves blank; None where it filled in nothing
    master_date: date | None = None

    @property
    def unit_usd(self) -> float:
        """Dollars of one share (or of one dollar of face)."""
        return self.price_usd / self.price_divisor

    @property
    def group(self) -> str:
        """Name of its group of substantially identical securities."""
        return self.identical_group or self.symbol

    @property
    def main_class(self) -> str:
        """The class with the largest weight (first in name order on a tie)."""
        if len(self.class_mix) == 1:
            return self.class_mix[0][0]
        return min(self.class_mix, key=lambda pair: (-pair[1], pair[0]))[0]
