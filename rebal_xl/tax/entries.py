"""What a wash-sale ledger says: losses and what replaced them, gains to report smaller, days from which it is safe.

A custodian adjusts for the same account and security only (Reg. 1.6045-1(d)(6)(iii)); every entry tells what its
figures hold already from what only the taxpayer can add.
"""

from dataclasses import dataclass
from datetime import date

from rebal_xl.tax.wash import first_safe_rebuy


@dataclass(frozen=True, slots=True)
class Replacement:
    """Shares that replace as many shares sold at a loss."""

    account: str
    symbol: str
    acquired: date
    # names of the lots in which the purchase is held, as far as it is
    lot_ids: tuple[str, ...]
    reinvested: bool
    # shares matched, one for one
    quantity: float
    disallowed_usd: float
    # True in an IRA, Roth, HSA or 401(k): the loss is gone for good (Rev. Rul. 2008-5)
    permanent: bool
    # part of the loss that the custodian's own basis of these shares already holds: same account, same security
    in_custodian_basis_usd: float
    # part of it that nobody but the taxpayer adds to their basis; 0 when permanent
    basis_to_add_usd: float
    # first day of their holding period, the sold shares' tacked on (IRC 1223(3)); None when not known
    held_since: date | None


@dataclass(frozen=True, slots=True)
class LedgerSale:
    """Shares sold at a loss, and what became of the loss."""

    account: str
    symbol: str
    group: str
    sold: date
    # None when not known
    acquired: date | None
    quantity: float
    # positive dollars, with what came over from earlier wash sales
    loss_usd: float
    # part of the loss that came over and that the custodian's gain does not know
    carried_in_usd: float
    disallowed_usd: float
    # part of it that is lost for good
    permanent_usd: float
    replacements: tuple[Replacement, ...]
    # shares that a purchase could still wash, and the last day on which it would; None when that time is over
    open_shares: float
    open_until: date | None

    @property
    def allowed_usd(self) -> float:
        """The loss that counts, as things stand, positive dollars."""
        return self.loss_usd - self.disallowed_usd

    @property
    def safe_rebuy(self) -> date:
        """First day on which identical shares may be bought without washing this loss."""
        return first_safe_rebuy(self.sold)


@dataclass(frozen=True, slots=True)
class OtherSale:
    """Shares sold with a result that is not known, or at a gain that earlier wash sales make smaller."""

    account: str
    symbol: str
    group: str
    sold: date
    quantity: float
    # as the custodian says; None when not known
    gain_usd: float | None
    # basis from earlier wash sales that the custodian does not know: the gain is smaller by it
    carried_in_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class SafeDates:
    """From which days on one group of identical securities may be traded freely again."""

    group: str
    wash_group: str
    # securities of the group
    symbols: tuple[str, ...]
    # first day on which buying washes no loss taken; None: today
    buy_from: date | None = None
    # the loss that a purchase before would wash, dollars, and the day of the last sale of it
    open_loss_usd: float = 0.0
    last_loss_sale: date | None = None
    # first day on which other shares may be sold at a loss; None: today
    sell_at_loss_from: date | None = None
    # shares bought in the window, still held and no replacement yet; where, and the last day
    bought_shares: float = 0.0
    bought_in: tuple[str, ...] = ()
    last_purchase: date | None = None


@dataclass(frozen=True, slots=True)
class ExpectedReinvestment:
    """Shares that a distribution of the next 30 days will buy."""

    account: str
    symbol: str
    group: str
    usd: float
    shares: float
    # True while the group has a loss that the purchase would wash
    washes: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every loss in sight, and what is still open on a day."""

    as_of: date
    # in order of sale
    sales: tuple[LedgerSale, ...]
    # taxable sales whose gain is not given: taken for losses where it is a matter of waiting
    unknown: tuple[OtherSale, ...] = ()
    # gains to report smaller than the custodian does
    smaller_gains: tuple[OtherSale, ...] = ()
    # groups that have to wait for something
    dates: tuple[SafeDates, ...] = ()
    reinvestments: tuple[ExpectedReinvestment, ...] = ()

    @property
    def disallowed_usd(self) -> float:
        """All losses disallowed."""
        return sum(sale.disallowed_usd for sale in self.sales)

    @property
    def permanent_usd(self) -> float:
        """The part of them that is lost for good."""
        return sum(sale.permanent_usd for sale in self.sales)
