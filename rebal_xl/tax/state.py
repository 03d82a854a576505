"""State tax on gains: an estimate from two marginal rates, the advisor's own or the state's default.

Linear on purpose: states differ too much for a return, and a rate an advisor can see and overwrite is honest.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.netting import NetGains

# Above this ordinary income the rates of the table's high column apply; it was computed at 3,000,000.
HIGH_INCOME_USD = 1_000_000.0


@dataclass(frozen=True, slots=True)
class StateRates:
    """Marginal state tax on gains (0..1); always an estimate."""

    # on short-term gain and on a loss deducted from other income
    short: float
    # on gain that the federal return taxes at preferential rates
    long: float
    # where they come from, for the page that shows them
    source: str


def state_rates(profile: TaxProfile, year: int) -> StateRates:
    """The profile's own rates, else the default of its state for the year and income.

    ValueError when a default is needed and the state is none. A year outside the table uses its nearest year, and
    the source says so.
    """
    short, long = profile.state_short_rate, profile.state_long_rate
    if short is not None and long is not None:
        return StateRates(short, long, "rates of the tax profile")
    default = _default_rates(profile, year)
    if short is None and long is None:
        return default
    return StateRates(
        short=default.short if short is None else short,
        long=default.long if long is None else long,
        source=f"one rate of the tax profile, else {default.source}",
    )


def state_tax_usd(rates: StateRates, gains: NetGains) -> float:
    """Estimated state tax on the year's net gain; negative where a loss is deducted from other income."""
    return rates.short * gains.ordinary_usd + rates.long * gains.preferential_usd


def _default_rates(profile: TaxProfile, year: int) -> StateRates:
    if not profile.state:
        return StateRates(0.0, 0.0, "no state given: no state tax")
    table = _table()
    code = profile.state.upper()
    if code not in table:
        raise ValueError(
            f"{profile.state} is no state of the United States. Write its two-letter code, such as CA, "
            "or leave it empty and give the marginal rates."
        )
    entry = table[code]
    years = sorted(int(name) for name in entry if name.isdigit())
    used = min(years, key=lambda each: (abs(each - year), each))
    column = _column(profile)
    short, long = entry[str(used)][column]
    return StateRates(float(short), float(long), f"{code} {used}, {column} column, {table['source']}")


def _column(profile: TaxProfile) -> str:
    if profile.ordinary_income_usd >= HIGH_INCOME_USD:
        return "high"
    return "joint" if profile.status in (FilingStatus.MFJ, FilingStatus.QSS) else "single"


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = (files("rebal_xl.tax") / "law" / "states.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
