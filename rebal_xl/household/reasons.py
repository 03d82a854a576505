"""Why a plan is what it is, as data with sentences: what to wait for, what was left alone, which rules cost money."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Wait:
    """Shares at a short-term gain that soon turn long-term, and what waiting for that day saves."""

    account: str
    symbol: str
    lot_id: str
    # shares that the plan sells, or that it holds back
    quantity: float
    # gain on them today, dollars
    gain_usd: float
    # first day on which their sale is long-term, and how many days after the as-of date
    long_from: date
    days: int
    # this year's tax with the gain short less that with the gain long, everything else alike, dollars
    saved_usd: float
    # True: the plan sells them today; False: it holds them back until then
    sold: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A class that ends outside its band, and why."""

    asset_class: str
    # weight after the plan (0..1), and dollars outside the trigger band
    weight: float
    outside_usd: float
    sentence: str


@dataclass(frozen=True, slots=True)
class BindingRule:
    """A rule that costs money: what a plan under a looser one would save, found by solving again."""

    # the rule in the advisor's words, e.g. "Long gain limit of Ann"
    rule: str
    # how it was loosened, e.g. "raised from $5,000 to $6,000"
    step: str
    # what the plan pays, now or later, less what the plan under the looser rule pays, dollars; see `paid_usd`
    saves_usd: float
    # the saving is right within so many dollars: the gaps of both plans, and what differs in prices that nobody pays
    within_usd: float
    # (part of what is paid, dollars saved in it), the largest first
    parts: tuple[tuple[str, float], ...]
    # rules that no plan could keep and that the looser rule lets be kept, wholly or better
    mends: tuple[str, ...]
    sentence: str
    # rules that are kept less well for it, and how much further from its target the household ends
    worsens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCosts:
    """Which rules of a plan cost money, found by loosening them one by one."""

    # the largest saving first
    binding: tuple[BindingRule, ...] = ()
    # rules whose looser form saves no money that can be told from the gaps and from prices that nobody pays
    free: tuple[str, ...] = ()
    # rules of which nothing is known: the time was up, the search was stopped, or it found no answer
    not_tried: tuple[str, ...] = ()
