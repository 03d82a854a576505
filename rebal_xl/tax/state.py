"""State tax on gains: an estimate from two marginal rates and the state's own rules, or the advisor's own two rates.

No return, because states differ too much: a rate that an advisor can see and overwrite is honest. Own rates override
everything, the rules included.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.netting import NetGains
from rebal_xl.tax.state_rules import StateRule, addition, by_rates, least_addition, state_gains

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
    # what the state does to gains beyond the rates; none where the advisor gave a rate
    rules: tuple[StateRule, ...] = ()


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


def state_tax_usd(rates: StateRates, profile: TaxProfile, gains: NetGains) -> float:
    """Estimated state tax on the year's net gain; negative where a loss is deducted from other income."""
    seen = state_gains(profile, gains)
    tax = by_rates(rates.short, rates.long, seen)
    return float(tax + sum(addition(rule, rates.short, rates.long, seen) for rule in rates.rules))


def least_state_tax(rates: StateRates, profile: TaxProfile) -> tuple[float, float, float]:
    """(short rate, long rate, dollars) of a plane that state tax never falls below, for the optimizer's rows."""
    least = [least_addition(rule, rates.long, profile) for rule in rates.rules]
    more = sum(rate for rate, _ in least)
    return rates.short + more, rates.long + more, sum(dollars for _, dollars in least)


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
    source = f"{code} {used}, {column} column, {table['source']}"
    return StateRates(float(short), float(long), source, _rules(code, year))


@lru_cache(maxsize=256)
def _rules(code: str, year: int) -> tuple[StateRule, ...]:
    """The rules of a state that are in force in a year."""
    return tuple(
        StateRule(
            kind=raw["kind"],
            rate=float(raw.get("rate", 0.0)),
            usd=float(raw.get("usd", 0.0)),
            of=raw.get("of", "income"),
            source=raw["source"],
        )
        for raw in _table()[code].get("rules", [])
        if raw.get("from", year) <= year <= raw.get("to", year)
    )


def _column(profile: TaxProfile) -> str:
    if profile.ordinary_income_usd >= HIGH_INCOME_USD:
        return "high"
    return "joint" if profile.status in (FilingStatus.MFJ, FilingStatus.QSS) else "single"


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = (files("rebal_xl.tax") / "law" / "states.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
