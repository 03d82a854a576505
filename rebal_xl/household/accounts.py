"""Accounts, the lots in them, and the people who own them."""

from dataclasses import dataclass, field
from datetime import date

from rebal_xl.household.words import BasisMethod, LotSource, Side, TaxTreatment, Term

CASH_SYMBOL = "CASH"
CASH_CLASS = "Cash"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the household."""

    name: str
    # day of birth, for age-related deductions and RMDs; None when not given
    born: date | None = None
    # name of the spouse, "" for none
    spouse_of: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One registration at one custodian."""

    # the name or number the advisor uses; unique in the household
    name: str
    treatment: TaxTreatment
    # person who owns it, "" when not given
    owner: str = ""
    # name of the tax profile that pays for its gains; "" means the household's first profile
    taxpayer: str = ""
    custodian: str = ""
    # False: shown, but neither traded nor part of the target mix
    counts_in_target: bool = True
    # settled cash in dollars
    cash_usd: float = 0.0
    # cash that stays: the greater of dollars and share (0..1) of the account's value
    reserve_usd: float = 0.0
    reserve_weight: float = 0.0
    # nothing in it is bought or sold
    locked: bool = False
    # the only symbols that may be bought here; None means any
    menu: frozenset[str] | None = None
    # fractions of a share may be traded in securities that are otherwise bought whole
    fractional: bool = False
    # what the custodian sells when nobody names lots
    basis_method: BasisMethod = BasisMethod.FIFO
    # required minimum distribution still to be taken this year, dollars
    rmd_usd: float = 0.0
    prior_year_end_usd: float | None = None
    inherited: bool = False
    # accounts of different wash groups do not wash each other's losses; "" is the household
    wash_group: str = ""
    # cash coming in (positive), dollars
    contribution_usd: float = 0.0
    # what the custodian's order files call it; "" where that is its name. No plan depends on it
    number: str = field(default="", repr=False)

    @property
    def taxable(self) -> bool:
        """True when gains in it are taxed as they are realised."""
        return self.treatment is TaxTreatment.TAXABLE


@dataclass(frozen=True, slots=True)
class Lot:
    """Shares of one security bought on one day in one account."""

    account: str
    symbol: str
    # shares (or face amount of a bond); negative quantities are held but never traded
    quantity: float
    # total cost basis in dollars; None when the custodian does not know it
    basis_usd: float | None = None
    # first day of the holding period's acquisition (of a gift: the giver's); None for "Various" or unknown
    acquired: date | None = None
    # the custodian's own word for the holding period
    custodian_term: Term | None = None
    source: LotSource = LotSource.BUY
    locked: bool = False
    do_not_sell: bool = False
    # dividends of this position buy more shares
    reinvest: bool = False
    # least and most shares of the position (account and symbol) to hold after trading
    min_hold: float | None = None
    max_hold: float | None = None
    # the custodian's or advisor's name for the lot; made up from its place when absent
    lot_id: str = ""
    # of a gift that was worth less than the giver's basis: its whole value on the day of the gift in dollars, and that
    # day; `basis_usd` and `acquired` are the giver's (IRC 1015(a))
    gift_value_usd: float | None = None
    gifted: date | None = None


@dataclass(frozen=True, slots=True)
class RecentTrade:
    """A purchase or sale of the last weeks: what the wash-sale rule looks at."""

    account: str
    symbol: str
    traded: date
    side: Side
    # shares, always positive
    quantity: float
    price_usd: float | None = None
    # realised gain (negative: loss) of a sale in dollars, before any loss is disallowed; None when not known
    gain_usd: float | None = None
    # True when a dividend reinvestment
    reinvested: bool = False
    # of a sale: day on which the shares sold were bought; None when not known
    acquired: date | None = None
