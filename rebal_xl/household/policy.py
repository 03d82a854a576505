"""Policy: what is wanted of a household: targets, bands, method and every rule a plan must keep."""

from dataclasses import dataclass, field, fields
from datetime import date

from rebal_xl.household.targets import Target
from rebal_xl.household.words import Length, Method, Side, Tone, WithdrawalLevel


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Cash that must leave, from the household, one treatment, one owner or one account."""

    level: WithdrawalLevel
    # which treatment, owner or account; "" for the household
    which: str
    amount_usd: float
    # day it is needed; None means now
    by: date | None = None


@dataclass(frozen=True, slots=True)
class TypedTrade:
    """A trade the advisor typed: method None chooses its lots, what-if keeps or changes it."""

    account: str
    symbol: str
    side: Side
    # shares; None when an amount in dollars is given
    quantity: float | None = None
    amount_usd: float | None = None
    lot_id: str = ""
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Covariance:
    """Yearly covariance of class returns, symmetric, classes in the order of both axes."""

    classes: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Targets and settings of one run."""

    targets: tuple[Target, ...]
    # the day the plan is made for: prices, holding periods and wash-sale windows are seen from here
    as_of: date
    method: Method = Method.OPPORTUNISTIC
    withdrawals: tuple[Withdrawal, ...] = ()
    my_trades: tuple[TypedTrade, ...] = ()
    covariance: Covariance | None = None
    # no order below the greater of dollars and share (0..1) of the account's value; full liquidations are exempt
    min_trade_usd: float = 500.0
    min_trade_weight: float = 0.0
    # what one order costs in dollars, fees and the trouble of keying it
    cost_per_order_usd: float = 10.0
    # years over which deferral and location are valued, and the yearly discount rate for it
    horizon_years: float = 10.0
    discount_rate: float = 0.05
    # lots that turn long-term within so many days are not sold at a gain
    short_term_boundary_days: int = 30
    # dividend reinvestments count as wash-sale purchases
    reinvestment_counts: bool = True
    # what one disallowed loss (per identical group) is worth avoiding, dollars
    wash_sale_cost_usd: float = 250.0
    # harvesting is off unless one is given; both must be met, per lot: dollars of loss, loss as share of basis
    harvest_usd: float | None = None
    harvest_weight: float | None = None
    # what both thresholds are multiplied by in December; the factor rises evenly from 1 in January
    harvest_december: float = 1.0
    # long-term gains may be realised to raise the basis, as far as they are taxed less now than later
    harvest_gains: bool = False
    # interest that cash earns a year (0..1)
    cash_yield: float = 0.0
    # least worth of a better location, dollars over the horizon, that is a reason to trade; None: never a reason
    location_usd: float | None = None
    # most orders of a plan; None for no cap
    most_orders: int | None = None
    # securities whose class has no target are sold
    sell_without_target: bool = False
    # household drift (0..1) allowed after trading, instead of the bands of the classes; None for the bands
    most_drift: float | None = None
    # drift is measured as tracking error (yearly, 0..1) against its own trigger and destination, not by class
    tracking: bool = False
    tracking_trigger: float = 0.01
    # None means half of the trigger
    tracking_destination: float | None = None
    # stop when the plan is proven within this many basis points of household value of the optimum
    gap_bp: float = 0.1
    # seconds after which the best plan so far is returned
    deadline_s: float = 60.0
    # an earlier year's law, chosen explicitly when the as-of year's is missing; None means the as-of year
    law_year: int | None = None
    # prices older than this many days before the as-of date are reported
    stale_price_days: int = 5
    firm: str = ""
    disclosure: str = ""
    # how the explanation speaks, and how much it says
    tone: Tone = field(default=Tone.FORMAL, repr=False)
    explanation_length: Length = field(default=Length.FULL, repr=False)
    # name of a picture (PNG or JPEG) beside the workbook, for the head of client reports; "" for none
    logo: str = field(default="", repr=False)
    # the Dashboard shows what coming nearer to the target costs; no part of what a plan is made from
    frontier_on_dashboard: bool = field(default=True, repr=False)
    # positions that hold the same are consolidated before anything is planned, as far as their tax (dollars) allows;
    # the security master says which funds track one index
    consolidate: bool = field(default=False, repr=False)
    consolidate_tax_usd: float = field(default=0.0, repr=False)
    security_master: bool = field(default=True, repr=False)

    def __repr__(self) -> str:
        """What a plan is made from, which its fingerprint is taken of: consolidating only where it is asked for."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.repr}
        if self.consolidate:
            told |= {name: getattr(self, name) for name in ("consolidate", "consolidate_tax_usd", "security_master")}
        return f"Policy({', '.join(f'{name}={value!r}' for name, value in told.items())})"

    @property
    def banded(self) -> bool:
        """Whether classes must end inside their bands, and nothing else measures drift."""
        free = self.most_drift is None and not self.tracking
        return free and self.method in (Method.OPPORTUNISTIC, Method.FULL)

    @property
    def harvests(self) -> bool:
        """Whether losses may be taken for their own sake."""
        return self.method is Method.HARVEST or self.harvest_usd is not None or self.harvest_weight is not None

    def worth_harvesting(self, loss_usd: float, basis_usd: float) -> bool:
        """Whether a lot's loss (positive dollars) meets both thresholds of the as-of month."""
        factor = 1.0 + (self.harvest_december - 1.0) * (self.as_of.month - 1) / 11.0
        least = max((self.harvest_usd or 0.0) * factor, (self.harvest_weight or 0.0) * factor * basis_usd)
        return loss_usd > 0 and loss_usd >= least - 1e-6

    @property
    def follows_tracking(self) -> bool:
        """Whether drift is measured as tracking error: by the methods that trade for drift, where it is wished for."""
        return self.tracking and self.method in (Method.OPPORTUNISTIC, Method.FULL)

    def minimum_trade_usd(self, account_usd: float) -> float:
        """Least order in an account worth `account_usd`: the greater of the dollars and the share of it."""
        return max(self.min_trade_usd, self.min_trade_weight * account_usd)

    def target_of(self, asset_class: str) -> Target | None:
        """The target of a class, None when it has none."""
        for target in self.targets:
            if target.asset_class == asset_class:
                return target
        return None
