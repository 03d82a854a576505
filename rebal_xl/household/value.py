"""What advice was worth: the runs of a year as the Run Log keeps them, what was carried out, and the sums over them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rebal_xl.household.words import Side, Term


class RunStatus(StrEnum):
    """What became of a run: it is only advice, and counts as far as it was carried out."""

    PROPOSED = "proposed"
    DONE = "done"
    PARTLY_DONE = "partly done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution of an order, as the custodian confirmed it."""

    account: str
    symbol: str
    side: Side
    # trade date
    filled: date
    # shares, always positive
    quantity: float
    # dollars a share, quoted as Securities quotes it
    price_usd: float
    # of a sale: the lot it was sold from; "" for the lots of the plan
    lot_id: str = ""
    # of the plan it belongs to; "" for the newest plan that has such an order
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class RunOrder:
    """One order of a run, of a sale one lot of it: what fills are held against."""

    # of the run's plan
    fingerprint: str
    account: str
    side: Side
    symbol: str
    # shares, always positive
    quantity: float
    # quoted price of the plan, dollars
    price_usd: float
    # dollars bought, or received after fees
    amount_usd: float
    # of a sale: the lot, when it was bought, its holding period on the plan's day, and the basis of the shares sold
    lot_id: str = ""
    acquired: date | None = None
    term: Term | None = None
    basis_usd: float | None = None
    # loss that the wash-sale rule disallows, positive dollars
    disallowed_usd: float = 0.0
    # tax on one more dollar of short and of long gain after the plan (0..1); None where gains are not taxed
    short_rate: float | None = None
    long_rate: float | None = None

    @property
    def key(self) -> tuple[str, str, Side]:
        """What fills are matched by."""
        return self.account, self.symbol, self.side


@dataclass(frozen=True, slots=True)
class OrdinaryWay:
    """The same rebalance done in an ordinary way, measured on the day of the run: estimates, dollars."""

    # what it adds to this year's tax
    tax_usd: float
    # losses disallowed by IRC 1091, positive
    disallowed_usd: float
    # today's worth of the tax that the plan leaves for later years beyond what this way leaves; negative: less
    later_usd: float

    def scaled(self, share: float) -> "OrdinaryWay":
        """The part of it that was carried out (0..1)."""
        return OrdinaryWay(share * self.tax_usd, share * self.disallowed_usd, share * self.later_usd)


@dataclass(frozen=True, slots=True)
class Against:
    """What a plan is held against, for the Run Log."""

    # such as "ordinary rebalancing" or "doing nothing"
    name: str
    # by each account's own lot method, and highest cost first
    own: OrdinaryWay
    hifo: OrdinaryWay


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run of the past, as the Run Log keeps it. Figures are None in rows of versions that did not keep them."""

    # None when the caller did not say
    when: datetime | None
    as_of: date
    # of rebal_xl
    version: str
    # such as "2026 law, ESTIMATE"
    law: str
    method: str
    # dollars: what the plan costs, what no plan undercuts, and the difference
    cost_usd: float
    bound_usd: float
    gap_usd: float
    # household drift, 0..1
    drift_before: float
    drift_after: float
    trades: int
    fingerprint: str
    # what became of it: a RunStatus, or whatever the advisor typed
    status: str
    # what the advisor typed beside it
    note: str = ""
    # optimal, deadline or cancelled
    proof: str = ""
    # what the plan adds to this year's tax, dollars
    tax_usd: float | None = None
    # net gains of the plan by term, after disallowed losses, dollars
    short_gain_usd: float = 0.0
    long_gain_usd: float = 0.0
    # losses of single lots, before any is disallowed; the disallowed part, and what of it is lost for good: positive
    losses_usd: float = 0.0
    disallowed_usd: float = 0.0
    permanent_usd: float = 0.0
    # None when the plan could not be compared
    against: Against | None = None
    # what the placement costs a year above the best one of the same mix, dollars
    location_before_usd: float | None = None
    location_after_usd: float | None = None
    # how many of its orders have fills, in words such as "2 of 3"
    filled: str = ""
    # order files written of it, a sentence each, parted by semicolons
    exported: str = ""
    orders: tuple[RunOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class RunValue:
    """One run as far as it was carried out, dollars."""

    run: RunEntry
    status: RunStatus
    # figured from fills, not from the status alone
    by_fills: bool
    # part carried out (0..1) of the sales that are taxed, and of all orders, by dollars
    share: float
    order_share: float
    tax_usd: float
    short_gain_usd: float
    long_gain_usd: float
    losses_usd: float
    disallowed_usd: float
    # the ordinary ways to the same extent; None where the run was not compared
    own: OrdinaryWay | None
    hifo: OrdinaryWay | None
    # cost of placement saved a year, and since the run
    location_year_usd: float
    location_usd: float
    # dollars that fills were worse than the plan's prices (negative: better), and dollars filled
    slippage_usd: float = 0.0
    filled_usd: float = 0.0

    @property
    def worth_usd(self) -> float:
        """Tax kept against each account's own method, and location so far."""
        return kept_usd(self, self.own) + self.location_usd


def saved_usd(run: RunValue, way: OrdinaryWay | None) -> float:
    """This year's tax of the other way less this one's; 0 where the run was not compared."""
    return 0.0 if way is None else way.tax_usd - run.tax_usd


def kept_usd(run: RunValue, way: OrdinaryWay | None) -> float:
    """What is saved this year less what is given back later; 0 where the run was not compared."""
    return 0.0 if way is None else saved_usd(run, way) - way.later_usd


@dataclass(frozen=True, slots=True)
class WaySum:
    """A year against one ordinary way, dollars: the sum of differences of single rebalances."""

    # this year's tax of that way, and of the plans that were compared with it
    tax_usd: float
    plan_tax_usd: float
    disallowed_usd: float
    # disallowed losses of that way less those of the plans
    avoided_usd: float
    # today's worth of later tax
    later_usd: float

    @property
    def saved_usd(self) -> float:
        """This year's tax saved; negative where the advice cost more."""
        return self.tax_usd - self.plan_tax_usd

    @property
    def kept_usd(self) -> float:
        """What is left of it after giving back later."""
        return self.saved_usd - self.later_usd


@dataclass(frozen=True, slots=True)
class ValueSoFar:
    """A household's year: what was carried out, and what it was worth against the ordinary way. Estimates."""

    household: str
    # the year's runs and fills up to this day
    as_of: date
    # runs that count, the oldest first
    runs: tuple[RunValue, ...]
    # runs of the year in the log that do not count, by reason
    proposed: int = 0
    dropped: int = 0
    # what could not be counted or should be looked at, a sentence each
    notes: tuple[str, ...] = ()
    # how many of its orders have fills, by fingerprint, such as "2 of 3"
    filled: tuple[tuple[str, str], ...] = ()

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.as_of.year

    @property
    def laws(self) -> tuple[str, ...]:
        """Tax law of the runs, such as "2026 law, ESTIMATE"."""
        return tuple(sorted({run.run.law for run in self.runs if run.run.law}))

    @property
    def seen(self) -> int:
        """Plans of the year in the log, counted or not."""
        return len(self.runs) + self.proposed + self.dropped

    @property
    def tax_usd(self) -> float:
        """What the rebalances carried out add to the year's tax."""
        return self._sum(lambda run: run.tax_usd)

    @property
    def short_gain_usd(self) -> float:
        """Net short-term gain realised."""
        return self._sum(lambda run: run.short_gain_usd)

    @property
    def long_gain_usd(self) -> float:
        """Net long-term gain realised."""
        return self._sum(lambda run: run.long_gain_usd)

    @property
    def losses_usd(self) -> float:
        """Losses taken, before any is disallowed, positive."""
        return self._sum(lambda run: run.losses_usd)

    @property
    def disallowed_usd(self) -> float:
        """The disallowed part of them, positive."""
        return self._sum(lambda run: run.disallowed_usd)

    @property
    def own(self) -> WaySum:
        """Against each account's own lot method."""
        return self._way([(run, run.own) for run in self.runs])

    @property
    def hifo(self) -> WaySum:
        """Against highest cost first in every account."""
        return self._way([(run, run.hifo) for run in self.runs])

    @property
    def location_year_usd(self) -> float:
        """Cost of placement saved, dollars a year."""
        return self._sum(lambda run: run.location_year_usd)

    @property
    def location_usd(self) -> float:
        """The same from the day of each run until now."""
        return self._sum(lambda run: run.location_usd)

    @property
    def slippage_usd(self) -> float:
        """Dollars that fills were worse than the plans' prices."""
        return self._sum(lambda run: run.slippage_usd)

    @property
    def filled_usd(self) -> float:
        """Dollars that fills moved."""
        return self._sum(lambda run: run.filled_usd)

    @property
    def worth_usd(self) -> float:
        """Tax kept against each account's own method, and location so far."""
        return self.own.kept_usd + self.location_usd

    def _sum(self, of: Callable[[RunValue], float]) -> float:
        return sum(map(of, self.runs), 0.0)

    @staticmethod
    def _way(pairs: Iterable[tuple[RunValue, OrdinaryWay | None]]) -> WaySum:
        compared = [(run, way) for run, way in pairs if way is not None]
        return WaySum(
            tax_usd=sum((way.tax_usd for _, way in compared), 0.0),
            plan_tax_usd=sum((run.tax_usd for run, _ in compared), 0.0),
            disallowed_usd=sum((way.disallowed_usd for _, way in compared), 0.0),
            avoided_usd=sum((way.disallowed_usd - run.disallowed_usd for run, way in compared), 0.0),
            later_usd=sum((way.later_usd for _, way in compared), 0.0),
        )
