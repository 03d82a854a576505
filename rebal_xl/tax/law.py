"""Federal law of one year: brackets, thresholds and deductions per filing status, read from law/<year>.toml.

A year is one file, every figure in it was published, and nothing is extrapolated: a missing year is refused, and an
advisor who wants a plan all the same names an earlier year's law, which is then marked an estimate everywhere.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from rebal_xl.household import FilingStatus

_FOLDER = files("rebal_xl.tax") / "law"


class LawMissing(ValueError):
    """The tax law of a year is not among the law files."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """One step of a rate schedule: `rate` applies to income above `over_usd`."""

    rate: float
    # lower edge, dollars of taxable income
    over_usd: float
    # tax on everything below that edge, dollars
    tax_below_usd: float


@dataclass(frozen=True, slots=True)
class StatusLaw:
    """The figures of one filing status, dollars of the year."""

    status: FilingStatus
    brackets: tuple[Bracket, ...]
    # taxable income up to which long-term gains and qualified dividends are taxed at 0 % and at 15 %
    zero_rate_top_usd: float
    fifteen_rate_top_usd: float
    standard_deduction_usd: float
    # added to it for each filer aged 65 or more, and again for each who is blind
    aged_or_blind_addition_usd: float
    # deduction of a trust in lieu of a personal exemption (IRC 642(b))
    exemption_usd: float
    # deduction of each filer aged 65 or more, and the income from which it shrinks
    senior_deduction_usd: float
    senior_phaseout_start_usd: float
    # most state and local tax that may be deducted, the income from which it shrinks, and how far
    salt_cap_usd: float
    salt_phaseout_start_usd: float
    salt_floor_usd: float
    niit_threshold_usd: float
    # net capital loss that may be set against other income (IRC 1211(b))
    loss_limit_usd: float
    amt_exemption_usd: float
    amt_phaseout_start_usd: float
    # alternative minimum tax base above which 28 % instead of 26 % applies
    amt_28_over_usd: float
    # provisional income above which up to 50 % and up to 85 % of social security is taxed (IRC 86(c))
    social_security_bases_usd: tuple[float, float]

    @property
    def top_of_24_usd(self) -> float:
        """Where the 24 % bracket ends (Schedule D Tax Worksheet line 19)."""
        return next(upper.over_usd for lower, upper in pairwise(self.brackets) if lower.rate == 0.24)

    @property
    def start_of_37_usd(self) -> float:
        """Where the top bracket begins (IRC 68, IRC 1411(a)(2))."""
        return self.brackets[-1].over_usd


@dataclass(frozen=True, slots=True)
class Limits:
    """Yearly limits that are no part of the tax computation, dollars, or shares of adjusted gross income."""

    gift_exclusion_usd: float
    estate_exclusion_usd: float
    qualified_charitable_distribution_usd: float
    charity_floor_agi: float
    charity_cash_agi: float
    charity_appreciated_agi: float


@dataclass(frozen=True, slots=True)
class Law:
    """Federal law of one year; rates are shares of one."""

    year: int
    statuses: tuple[StatusLaw, ...]
    # on long-term gains and qualified dividends: the low, middle and high rate
    gain_rates: tuple[float, float, float]
    collectibles_rate: float
    niit_rate: float
    # low and high rate of the alternative minimum tax, and how fast its exemption shrinks
    amt_rates: tuple[float, float]
    amt_phaseout_rate: float
    salt_phaseout_rate: float
    senior_phaseout_rate: float
    # share of itemized deductions lost to income in the top bracket (IRC 68)
    itemized_reduction_rate: float
    # parts of social security taxed above the first and second base
    social_security_rates: tuple[float, float]
    limits: Limits
    # (figure, where it was published): "brackets", or "non-grantor trust.brackets" where a status differs
    sources: tuple[tuple[str, str], ...]

    def of(self, status: FilingStatus) -> StatusLaw:
        """The figures of a filing status; ValueError for a grantor trust, which files no return of its own."""
        if status is FilingStatus.GRANTOR_TRUST:
            raise ValueError(
                "A grantor trust has no tax bill of its own: its grantor is taxed on it (IRC 671). "
                "Use the grantor's tax profile."
            )
        for figures in self.statuses:
            if figures.status is status:
                return figures
        raise LawMissing(f"The law of {self.year} has no figures for {status}.")

    def source_of(self, figure: str, status: FilingStatus | None = None) -> str:
        """Where a figure of `StatusLaw` or `Law` was published, e.g. source_of("brackets", FilingStatus.TRUST)."""
        published = dict(self.sources)
        return published.get(f"{status}.{figure}") or published[figure]


@lru_cache(maxsize=1)
def known_years() -> tuple[int, ...]:
    """Years whose law is known, ascending."""
    found = (re.fullmatch(r"(\d{4})\.toml", entry.name) for entry in _FOLDER.iterdir())
    return tuple(sorted(int(match[1]) for match in found if match))


@lru_cache(maxsize=16)
def load_law(year: int) -> Law:
    """The law of a year; LawMissing when there is no file for it."""
    if year not in known_years():
        raise LawMissing(_missing(year))
    text = (_FOLDER / f"{year}.toml").read_text(encoding="utf-8")
    return _law(tomllib.loads(text))


def law_for(year: int, chosen: int | None = None) -> tuple[Law, bool]:
    """The law to use for a tax year, and whether it is another year's and so an estimate.

    `chosen` is the year an advisor named on purpose; None asks for the year's own law.
    """
    return load_law(year if chosen is None else chosen), chosen is not None and chosen != year


def _missing(year: int) -> str:
    years = known_years()
    known = ", ".join(str(each) for each in years)
    earlier = max((each for each in years if each < year), default=years[-1])
    return (
        f"The tax law of {year} is not known here: there is law for {known}. "
        f"To plan all the same, write {earlier} in Settings[Law Year]; "
        f"figures are then marked {earlier} law, ESTIMATE. "
        f"To add the year, copy the file {earlier}.toml of rebal_xl/tax/law to {year}.toml "
        f"and type the published figures of {year} with their sources."
    )


def _law(raw: dict[str, Any]) -> Law:
    rates, limits = raw["rates"], raw["limits"]
    low, middle, high = (float(rate) for rate in rates["gain"])
    lost, of = rates["itemized_reduction"]
    return Law(
        year=raw["year"],
        statuses=tuple(_status(FilingStatus(name), figures) for name, figures in raw["status"].items()),
        gain_rates=(low, middle, high),
        collectibles_rate=float(rates["collectibles"]),
        niit_rate=float(rates["niit"]),
        amt_rates=_pair(rates["amt"]),
        amt_phaseout_rate=float(rates["amt_phaseout"]),
        salt_phaseout_rate=float(rates["salt_phaseout"]),
        senior_phaseout_rate=float(rates["senior_phaseout"]),
        itemized_reduction_rate=lost / of,
        social_security_rates=_pair(rates["social_security"]),
        limits=Limits(
            gift_exclusion_usd=float(limits["gift_exclusion"]),
            estate_exclusion_usd=float(limits["estate_exclusion"]),
            qualified_charitable_distribution_usd=float(limits["qualified_charitable_distribution"]),
            charity_floor_agi=float(limits["charity_floor_agi"]),
            charity_cash_agi=float(limits["charity_cash_agi"]),
            charity_appreciated_agi=float(limits["charity_appreciated_agi"]),
        ),
        sources=tuple(_sources(raw["sources"])),
    )


def _status(status: FilingStatus, raw: dict[str, Any]) -> StatusLaw:
    return StatusLaw(
        status=status,
        brackets=_brackets(raw["brackets"]),
        social_security_bases_usd=_pair(raw["social_security_bases"]),
        **{
            f"{figure}_usd": float(raw[figure])
            for figure in (
                "zero_rate_top",
                "fifteen_rate_top",
                "standard_deduction",
                "aged_or_blind_addition",
                "exemption",
                "senior_deduction",
                "senior_phaseout_start",
                "salt_cap",
                "salt_phaseout_start",
                "salt_floor",
                "niit_threshold",
                "loss_limit",
                "amt_exemption",
                "amt_phaseout_start",
                "amt_28_over",
            )
        },
    )


def _brackets(raw: list[list[float]]) -> tuple[Bracket, ...]:
    steps: list[Bracket] = []
    over = tax = 0.0
    for rate, up_to in raw:
        steps.append(Bracket(rate=float(rate), over_usd=over, tax_below_usd=tax))
        tax += float(rate) * (float(up_to) - over)
        over = float(up_to)
    return tuple(steps)


def _pair(raw: list[float]) -> tuple[float, float]:
    first, second = raw
    return float(first), float(second)


def _sources(raw: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in raw.items():
        found += _sources(value, f"{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return found
