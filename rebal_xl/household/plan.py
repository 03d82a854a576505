"""The plan: trades, the lots behind every sale, the tax bill, drift before and after, and the proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rebal_xl.household.reasons import LeftAlone, Wait
from rebal_xl.household.words import FilingStatus, Method, Side, Term


@dataclass(frozen=True, slots=True)
class Trade:
    """One order."""

    account: str
    symbol: str
    side: Side
    # shares, always positive
    quantity: float
    # quoted price, dollars
    price_usd: float
    # dollars bought or sold, always positive
    amount_usd: float
    # the whole position is sold
    closes_position: bool = False
    # why, in one sentence
    reason: str = ""
    # this year's tax with the plan less the same without this order's gains and losses, dollars; negative: it saves.
    # Orders meet in one return, so these do not add up to the plan's tax
    tax_usd: float = 0.0
    # the same for later tax: losses left for later years, and basis given up by losses taken now
    later_tax_usd: float = 0.0
    # half the spread, redemption fee, and the price of an order, dollars
    cost_usd: float = 0.0
    # tax on distributions over the horizon that a purchase in a taxable account adds, and a sale there saves (negative)
    location_usd: float = 0.0
    # what it serves, in a word: consolidation, typed, gain harvest, harvest, replacement, no target, band, drift cap,
    # tracking error, cash, location, target or room
    serves: str = ""


@dataclass(frozen=True, slots=True)
class LotSale:
    """Shares of one lot that a plan sells."""

    account: str
    symbol: str
    lot_id: str
    acquired: date | None
    quantity: float
    # after redemption fees
    proceeds_usd: float
    # basis of the shares sold; None in accounts where nobody taxes gains and none was given
    basis_usd: float | None
    # None where gains are not taxed
    term: Term | None
    # realised gain before wash sales; 0 where gains are not taxed
    gain_usd: float = 0.0
    # loss disallowed by IRC 1091, positive dollars
    disallowed_usd: float = 0.0
    # part of it that is lost for good because the replacement sits in an IRA, Roth or HSA
    permanent_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class TaxBill:
    """One taxpayer's estimated liability for the year, dollars. State figures are estimates."""

    taxpayer: str
    status: FilingStatus
    law_year: int
    # True when an earlier year's law stands in for a year whose law is not known
    estimate: bool
    # net gains of the year after netting with carryforwards (Schedule D lines 7 and 15)
    short_net_usd: float
    long_net_usd: float
    # net capital gain or allowed loss that enters the return
    gain_in_income_usd: float
    agi_usd: float
    taxable_income_usd: float
    income_tax_usd: float
    niit_usd: float
    amt_usd: float
    state_usd: float
    # losses left for next year, positive dollars, by term
    short_carryforward_usd: float
    long_carryforward_usd: float

    @property
    def federal_usd(self) -> float:
        """Income tax, NIIT and AMT."""
        return self.income_tax_usd + self.niit_usd + self.amt_usd

    @property
    def total_usd(self) -> float:
        """Federal and state."""
        return self.federal_usd + self.state_usd


@dataclass(frozen=True, slots=True)
class TaxChange:
    """A taxpayer's bill without and with the plan."""

    before: TaxBill
    after: TaxBill
    # gains of this plan alone, after disallowed losses, dollars by term
    short_gain_usd: float
    long_gain_usd: float
    # marginal tax on one more dollar of short and long gain after the plan (0..1)
    short_marginal_rate: float = 0.0
    long_marginal_rate: float = 0.0
    # withdrawals from tax-deferred accounts that both bills hold as ordinary income, and the tax they bring, dollars
    distributions_usd: float = 0.0
    distributions_tax_usd: float = 0.0

    @property
    def cost_usd(self) -> float:
        """What the plan adds to (or takes off) this year's tax."""
        return self.after.total_usd - self.before.total_usd


@dataclass(frozen=True, slots=True)
class PlanTax:
    """The plan's tax, one change per taxpayer."""

    changes: tuple[TaxChange, ...] = ()

    @property
    def cost_usd(self) -> float:
        """Tax of the plan over all taxpayers, dollars this year."""
        return sum(change.cost_usd for change in self.changes)

    @property
    def distributions_tax_usd(self) -> float:
        """Tax on withdrawals from tax-deferred accounts, dollars this year: the same with or without the plan."""
        return sum(change.distributions_tax_usd for change in self.changes)


@dataclass(frozen=True, slots=True)
class DriftLine:
    """One asset class: where it is, where it should be, and its band."""

    asset_class: str
    actual_usd: float
    # weights 0..1 of household value
    actual_weight: float
    target_weight: float
    # band edges as weights; None for a class without band
    trigger_low: float | None = None
    trigger_high: float | None = None
    destination_low: float | None = None
    destination_high: float | None = None
    group: str = ""

    @property
    def drift(self) -> float:
        """Actual minus target weight."""
        return self.actual_weight - self.target_weight

    @property
    def triggered(self) -> bool:
        """Outside the trigger band."""
        if self.trigger_low is None or self.trigger_high is None:
            return False
        return not self.trigger_low - WEIGHT_TOLERANCE <= self.actual_weight <= self.trigger_high + WEIGHT_TOLERANCE

    @property
    def in_destination(self) -> bool:
        """Inside the destination band; True for a class without band."""
        if self.destination_low is None or self.destination_high is None:
            return True
        low, high = self.destination_low - WEIGHT_TOLERANCE, self.destination_high + WEIGHT_TOLERANCE
        return low <= self.actual_weight <= high

    @property
    def status(self) -> str:
        """What the Drift sheet says about the class."""
        if self.trigger_low is None:
            return "no band"
        if self.triggered:
            return "above band" if self.drift > 0 else "below band"
        return "in destination" if self.in_destination else "in band"


# One thousandth of a basis point: rounding of weights, not a band width.
WEIGHT_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a household is from its target."""

    # value of the accounts that count, after flows, dollars
    value_usd: float
    lines: tuple[DriftLine, ...]
    # half the sum of absolute drifts, 0..1
    household_drift: float
    # yearly standard deviation of (household minus target) returns; None where no covariance of its classes is known
    tracking_error: float | None = None
    # (account, asset class, dollars), cash included; only non-zero entries
    by_account: tuple[tuple[str, str, float], ...] = ()
    # tracking error beyond which trades are called for, instead of the triggers of the classes; None for these
    tracking_trigger: float | None = None

    @property
    def followed_error(self) -> float | None:
        """The tracking error where that is what drift is measured by, else None."""
        return None if self.tracking_trigger is None else self.tracking_error

    @property
    def needed(self) -> bool:
        """True when some class is outside its trigger band, or the tracking error beyond its own trigger."""
        if self.tracking_trigger is not None and self.tracking_error is not None:
            return self.tracking_error > self.tracking_trigger + WEIGHT_TOLERANCE
        return any(line.triggered for line in self.lines)

    @property
    def outside(self) -> tuple[str, ...]:
        """Classes outside their trigger band."""
        return tuple(line.asset_class for line in self.lines if line.triggered)

    def line(self, asset_class: str) -> DriftLine:
        """The line of one class; KeyError when the household knows no such class."""
        for line in self.lines:
            if line.asset_class == asset_class:
                return line
        raise KeyError(asset_class)


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One part of what a plan costs, in dollars (negative: a saving)."""

    name: str
    usd: float


# Cost terms that do not come from the trades themselves: prices of distance to target, and of rules that had to give.
PRICES = ("distance", "relaxed rules")
# Cost terms that somebody pays in dollars, now or later: what different ways to rebalance are compared by.
PAID = ("tax", "carried losses", "basis given up", "trading", "orders", "location")


def paid_usd(terms: Iterable[CostTerm]) -> float:
    """What is paid in dollars, now or later: tax, later tax, spreads and fees, orders, location."""
    return sum(term.usd for term in terms if term.name in PAID)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What rebalancing the same household in one way costs and leaves: estimates, by the same evaluator."""

    name: str
    # what it adds to this year's tax, dollars
    tax_usd: float
    # what is paid in dollars, now or later; see paid_usd
    cost_usd: float
    # half the sum of absolute drifts afterwards, 0..1
    household_drift: float
    orders: int
    # losses disallowed by IRC 1091, and the part lost for good, positive dollars
    disallowed_usd: float = 0.0
    permanent_usd: float = 0.0
    # classes outside their trigger afterwards
    classes_out: tuple[str, ...] = ()
    # rules it breaks, in short words
    breaks: tuple[str, ...] = ()
    # tracking error afterwards, a year; None where trades do not follow it
    tracking_error: float | None = None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A rule that no plan could keep, by how much it gives, and what to loosen."""

    # the rule's name in the advisor's words, e.g. "Band of US Large"
    rule: str
    # how much, dollars
    amount_usd: float
    # one sentence for the advisor
    sentence: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the advisor must know about the plan or its input."""

    # the subject: wash sale, locked, price, tax, solver …
    topic: str
    sentence: str
    account: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class WashBlock:
    """A security that must not be bought until a date, or a lot whose loss would be washed."""

    symbol: str
    group: str
    # "do not buy" after a loss sale, "do not sell at a loss" after a purchase
    rule: str
    # first day on which it is safe again
    safe_from: date
    because: str
    # accounts it concerns: every account of the household, the IRAs included
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: what to trade, what it costs, and how close to the best possible it is proven to be."""

    household: str
    as_of: date
    method: Method
    trades: tuple[Trade, ...]
    lot_sales: tuple[LotSale, ...]
    tax: PlanTax
    before: Drift
    after: Drift
    # what the plan costs, dollars: tax, trading, location, deferral, and priced relaxations; parts in cost_terms
    cost_usd: float
    # no plan under these rules costs less than this
    bound_usd: float
    cost_terms: tuple[CostTerm, ...] = ()
    relaxed: tuple[Relaxation, ...] = ()
    notices: tuple[Notice, ...] = ()
    wash_blocks: tuple[WashBlock, ...] = ()
    # cash per account after the plan, dollars
    cash_after: tuple[tuple[str, float], ...] = ()
    # withdrawals paid per account, dollars
    withdrawals_paid: tuple[tuple[str, float], ...] = ()
    # fingerprint of inputs, rules, law and code version
    fingerprint: str = ""
    law_year: int = 0
    law_estimate: bool = False
    # "optimal" (within the gap), "deadline" or "cancelled"
    status: str = "optimal"
    solve_seconds: float = 0.0
    # the same household rebalanced in ordinary ways, at no less drift (or tracking error, where that is followed) than
    # this plan leaves; under methods Cash only and None with the same flows or trades, wherever these end
    comparisons: tuple[Comparison, ...] = ()
    # short-term gains that turn long-term soon, sold or held back
    waits: tuple[Wait, ...] = ()
    # classes that end outside their trigger band
    left_alone: tuple[LeftAlone, ...] = ()

    @property
    def compared(self) -> tuple[Comparison, ...]:
        """This plan in the terms of a comparison, then the others; empty when there are none."""
        if not self.comparisons:
            return ()
        washed = sum(sale.disallowed_usd for sale in self.lot_sales)
        mine = Comparison(
            name="This plan",
            tax_usd=self.tax.cost_usd,
            cost_usd=self.paid_usd,
            household_drift=self.after.household_drift,
            orders=len(self.trades),
            disallowed_usd=washed,
            permanent_usd=sum(sale.permanent_usd for sale in self.lot_sales),
            classes_out=self.after.outside,
            breaks=tuple(item.rule for item in self.relaxed),
            tracking_error=self.after.followed_error,
        )
        return (mine, *self.comparisons)

    def tax_saved_usd(self, other: Comparison) -> float:
        """This year's tax of the other way less this plan's, dollars: measured on this household, an estimate."""
        return other.tax_usd - self.tax.cost_usd

    @property
    def money_terms(self) -> tuple[CostTerm, ...]:
        """The parts of the cost without prices of distance and broken rules; some only rank plans, see `paid_terms`."""
        return tuple(term for term in self.cost_terms if term.name not in PRICES)

    @property
    def money_usd(self) -> float:
        """What plans are ranked by, dollars; no plan that keeps the rules as well has less than this minus the gap."""
        return sum(term.usd for term in self.money_terms)

    @property
    def paid_terms(self) -> tuple[CostTerm, ...]:
        """The parts of the cost that somebody pays in dollars, now or later."""
        return tuple(term for term in self.cost_terms if term.name in PAID)

    @property
    def paid_usd(self) -> float:
        """What is paid in dollars, now or later."""
        return paid_usd(self.cost_terms)

    @property
    def gap_usd(self) -> float:
        """Dollars by which a better plan could still exist."""
        return max(0.0, self.cost_usd - self.bound_usd)
