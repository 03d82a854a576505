"""The study: what several ways of looking at a household cost and keep, over many paths of returns."""

from dataclasses import dataclass
from datetime import date

from rebal_xl.household.problems import Problem


@dataclass(frozen=True, slots=True)
class LookRule:
    """When a household is looked at, and what is done then."""

    # as people call it: "Annually", "Bands, quarterly"
    name: str
    # months from one look to the next; 0 for never
    every_months: int
    # a look trades only what its bands call for; else all the way to the target
    banded: bool = False


@dataclass(frozen=True, slots=True)
class ReturnHistory:
    """Total returns of asset classes, month after month without a gap, as an advisor supplied them."""

    classes: tuple[str, ...]
    # first day of the first month
    first: date
    # one row a month, one return a class, 0.01 for one percent
    rows: tuple[tuple[float, ...], ...]
    # where it came from: the name of a file or sheet
    source: str = ""
    # findings made while it was read
    notices: tuple[Problem, ...] = ()

    @property
    def last(self) -> date:
        """First day of the last month."""
        months = self.first.year * 12 + self.first.month - 1 + len(self.rows) - 1
        return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over the paths, and the 95 % confidence interval of that mean."""

    mean: float
    low: float
    high: float

    @property
    def spans_zero(self) -> bool:
        """Whether the mean cannot be told from nothing at all."""
        return self.low <= 0.0 <= self.high

    @property
    def half_width(self) -> float:
        """What the mean may be off, either way."""
        return 0.5 * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """How single paths differ: one in twenty lies below `p5`, one in two below `p50`."""

    p5: float
    p25: float
    p50: float
    p75: float
    p95: float


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One rule over all paths."""

    rule: LookRule
    # after-tax value at the end, dollars of then
    value_usd: Estimate
    value_spread: Percentiles
    # that value less the reference rule's on the same path
    difference_usd: Estimate
    difference_spread: Percentiles
    # paths (0..1) that ended with more than under the reference rule
    better: float
    # yearly standard deviation of household less target returns (0..1)
    tracking_error: Estimate
    # household drift (0..1) at the end of a month before trading: of the average month, and of a path's widest
    drift: float
    widest_drift: float
    # yearly standard deviation (0..1) of the mix held, on average: how much risk was run
    volatility: float
    # expected return (0..1 a year) of the mix held, on average, less that of the target: what drift leaned towards
    lean: float
    # sales a year as a share (0..1) of the household; those that only pay tax are not counted
    turnover: float
    # tax on income and realised gains over the years, and on what is left at the end, dollars
    tax_paid_usd: Estimate
    tax_at_end_usd: Estimate
    # half-spreads paid, dollars
    cost_usd: float
    # looks that traded, and orders (one class in the taxable or in the sheltered part), a year
    rebalances: float
    orders: float


@dataclass(frozen=True, slots=True)
class HappenedLine:
    """One rule over the history as it happened: a single path, which has no interval."""

    rule: LookRule
    value_usd: float
    difference_usd: float
    tracking_error: float
    turnover: float
    tax_paid_usd: float
    orders: float


@dataclass(frozen=True, slots=True)
class StudyClass:
    """What the study took a class for."""

    asset_class: str
    target: float
    # dollars at the start, after today's trades, and the basis of the taxable part
    taxable_usd: float
    sheltered_usd: float
    basis_usd: float
    # mean and standard deviation of a year's return (0..1)
    expected_return: float
    volatility: float
    # paid out a year as a share of value, and the tax on that a year, in a taxable account
    payout: float
    payout_tax: float


@dataclass(frozen=True, slots=True)
class StudyTax:
    """The rates (0..1) at which the study taxes, all of them marginal rates of today."""

    short_gain: float
    long_gain: float
    # on money that leaves tax-deferred accounts at the end
    ordinary: float
    # net loss a year that may be set against other income, and losses carried in by term, dollars
    loss_limit_usd: float
    short_carryforward_usd: float = 0.0
    long_carryforward_usd: float = 0.0
    law_year: int = 0
    law_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Study:
    """What looking more or less often did to a household, over many paths of monthly returns."""

    household: str
    as_of: date
    # the first sentence is the answer to "how often should we rebalance?"
    sentences: tuple[str, ...]
    lines: tuple[StudyLine, ...]
    # name of the rule that the others are compared with
    reference: str
    classes: tuple[StudyClass, ...]
    tax: StudyTax
    paths: int
    years: int
    seed: int
    # gains are not taxed at the end: heirs take the assets at their value (IRC 1014)
    step_up: bool
    # dollars at the start, the part (0..1) in taxable accounts, and the tax-deferred part of the rest
    start_usd: float
    taxable_share: float
    deferred_share: float
    # where the returns are from
    source: str
    # months of history; 0 for simulated returns
    history_months: int = 0
    happened: tuple[HappenedLine, ...] = ()

    def line(self, name: str) -> StudyLine:
        """The line of a rule; KeyError when it was not studied."""
        for line in self.lines:
            if line.rule.name == name:
                return line
        raise KeyError(name)
