"""A taxpayer's year, over either arithmetic: what depends on the net gain alone is a table of it, the rest is choices.

Read from the law files by its own reading: netting (IRC 1222, 1211), Social Security (86), deductions (63, 68, 151,
164), rates on stacked gains (1(h)), Form 6251, Form 8960, and two state rates. Thousands of dollars.
"""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.second_model.arithmetic import Arithmetic, Numbers, Value, least, most

K = 1_000.0
TRUST, SEPARATE = "non-grantor trust", "MFS"


@dataclass(frozen=True)
class Bill:
    """A year's bill with what the plan's price needs of it."""

    income_tax: Value
    investment_tax: Value
    state: Value
    # losses beyond what is in income
    carried: Value

    @property
    def federal(self) -> Value:
        """Income tax, AMT in it, and net investment income tax."""
        return self.income_tax + self.investment_tax

    @property
    def total(self) -> Value:
        """Federal and state."""
        return self.federal + self.state


class Law:
    """The figures of one year and filing status."""

    def __init__(self, folder: Path, year: int, status: str) -> None:
        raw = tomllib.loads((folder / f"{year}.toml").read_text(encoding="utf-8"))
        self.rates: dict[str, Any] = raw["rates"]
        self.figures: dict[str, Any] = raw["status"][status]

    def usd(self, name: str) -> float:
        """A figure in thousands of dollars."""
        return float(self.figures[name]) / K

    @cached_property
    def brackets(self) -> list[tuple[float, float]]:
        """(up to, rate)."""
        return [(float(top) / K, float(rate)) for rate, top in self.figures["brackets"]]

    def schedule(self, income: float) -> float:
        """Ordinary tax."""
        edges = [0.0, *(top for top, _ in self.brackets)]
        return sum(
            rate * max(0.0, min(income, top) - low)
            for (low, top), (_, rate) in zip(pairwise(edges), self.brackets, strict=True)
        )

    def gain_rates(self, income: float) -> float:
        """Tax at 15 % and 20 % on income above the two thresholds."""
        _, middle, high = self.rates["gain"]
        above = [max(0.0, income - self.usd(name)) for name in ("zero_rate_top", "fifteen_rate_top")]
        return float(middle * above[0] + (high - middle) * above[1])

    def two_rates(self, base: float) -> float:
        """The schedule of the alternative minimum tax."""
        low, high = self.rates["amt"]
        return float(low * base + (high - low) * max(0.0, base - self.usd("amt_28_over")))


class Payer:
    """One taxpayer: bills for any gains."""

    def __init__(self, profile: Any, folder: Path, year: int, extra_income_usd: float = 0.0) -> None:
        self.profile = profile
        self.name: str = profile.taxpayer
        self.law = Law(folder, year, profile.status)
        self.trust, self.separate = profile.status == TRUST, profile.status == SEPARATE
        # income without gains
        self.ordinary = (profile.ordinary_income_usd + extra_income_usd) / K
        self.dividends = profile.qualified_dividends_usd / K
        self.investment = profile.other_investment_income_usd / K
        self.itemized = None if profile.itemized_deductions_usd is None else profile.itemized_deductions_usd / K
        self.short_start = (profile.short_realized_usd - profile.short_carryforward_usd) / K
        self.long_start = (profile.long_realized_usd - profile.long_carryforward_usd) / K
        if profile.state_short_rate is None or profile.state_long_rate is None:
            raise ValueError("The second model knows no state's own rules: give both rates.")
        self.state = (profile.state_short_rate, profile.state_long_rate)

    # What the year's net gain decides alone

    def in_income(self, net: float) -> float:
        """Net gain, or the loss that may be deducted (IRC 1211(b))."""
        return max(net, -self.law.usd("loss_limit"))

    def income(self, net: float) -> float:
        """Adjusted gross income."""
        other = self.ordinary + self.dividends + self.in_income(net)
        if self.trust:
            return other - (self.itemized or 0.0) - self.law.usd("exemption")
        return other + self._benefits(other)

    def _benefits(self, other: float) -> float:
        benefits = self.profile.social_security_usd / K
        half, eighty_five = self.law.rates["social_security"]
        first, second = (float(base) / K for base in self.law.figures["social_security_bases"])
        provisional = other + self.profile.tax_exempt_interest_usd / K + half * benefits
        tier = half * max(0.0, min(provisional, second) - first)
        return float(
            min(min(tier, half * benefits) + eighty_five * max(0.0, provisional - second), eighty_five * benefits)
        )

    def deduction(self, income: float, itemizing: bool) -> tuple[float, float]:
        """Off regular and off alternative minimum taxable income."""
        law, profile = self.law, self.profile
        cap = law.usd("salt_cap") - law.rates["salt_phaseout"] * max(0.0, income - law.usd("salt_phaseout_start"))
        taxes = min(profile.state_local_tax_usd / K, max(cap, law.usd("salt_floor")))
        if self.trust:
            return taxes, 0.0
        shrunk = law.rates["senior_phaseout"] * max(0.0, income - law.usd("senior_phaseout_start"))
        senior = profile.aged_65 * max(0.0, law.usd("senior_deduction") - shrunk)
        if not itemizing:
            additions = law.usd("aged_or_blind_addition") * (profile.aged_65 + profile.blind)
            return law.usd("standard_deduction") + additions + senior, 0.0
        assert self.itemized is not None
        lost, of = law.rates["itemized_reduction"]
        allowed = self.itemized + taxes
        top = law.brackets[-2][0]
        return allowed - lost / of * min(allowed, max(0.0, income - top)) + senior, self.itemized

    def taxable(self, net: float, itemizing: bool) -> float:
        """Taxable income."""
        income = self.income(net)
        return max(0.0, income - self.deduction(income, itemizing)[0])

    def minimum_base(self, net: float, itemizing: bool) -> float:
        """Form 6251 line 6: alternative minimum taxable income beyond the exemption."""
        income, law = self.income(net), self.law
        base = income - self.deduction(income, itemizing)[1] + (law.usd("exemption") if self.trust else 0.0)
        exemption, start, rate = law.usd("amt_exemption"), law.usd("amt_phaseout_start"), law.rates["amt_phaseout"]
        if self.separate:
            base += min(exemption, rate * max(0.0, base - start - exemption / rate))
        return float(max(0.0, base - max(0.0, exemption - rate * max(0.0, base - start))))

    def investment_tax(self, net: float) -> float:
        """Form 8960."""
        invested = max(0.0, self.investment + self.dividends + self.in_income(net))
        return float(
            self.law.rates["niit"] * min(invested, max(0.0, self.income(net) - self.law.usd("niit_threshold")))
        )

    # The bill

    def bill(self, short: Value, long: Value, sums: Arithmetic) -> Bill:
        """With gains of the plan, short and long, on top of the year's own."""
        name = self.name
        long_net = self.long_start + long
        net = self.short_start + short + long_net
        smaller = least(sums, long_net, net, f"smaller gain {name}")
        preferential = sums.ramp(smaller, f"preferential {name}")
        ways = [False] if self.trust or self.itemized is None else [False, True]
        functions = [self.in_income, self.investment_tax]
        for way in ways:
            functions += self._functions(way)
        in_income, investment_tax, *rest = sums.table(net, functions, f"net {name}")
        taxes = [
            self._income_tax(rest[5 * place : 5 * place + 5], preferential, way, sums) for place, way in enumerate(ways)
        ]
        income_tax = taxes[0] if len(taxes) == 1 else least(sums, taxes[0], taxes[1], f"deduction {name}")
        state = self.state[0] * (in_income - preferential) + self.state[1] * preferential
        return Bill(income_tax, investment_tax, state, in_income - net)

    def _functions(self, way: bool) -> list[Any]:
        law = self.law
        return [
            lambda net: self.taxable(net, way),
            lambda net: law.schedule(self.taxable(net, way)),
            lambda net: law.gain_rates(self.taxable(net, way)),
            lambda net: self.minimum_base(net, way),
            lambda net: law.two_rates(self.minimum_base(net, way)),
        ]

    def _income_tax(self, looked_up: list[Value], gains: Value, way: bool, sums: Arithmetic) -> Value:
        """Qualified Dividends and Capital Gain Tax Worksheet, then Form 6251 Part III."""
        taxable, on_all, on_gains, minimum_base, minimum_on_all = looked_up
        law, label = self.law, f"{self.name} {'itemizing' if way else 'standard'}"
        preferential = self.dividends + gains
        base = sums.ramp(taxable - preferential, f"base {label}")
        zero, fifteen = law.usd("zero_rate_top"), law.usd("fifteen_rate_top")
        below, band, to_zero = sums.table(
            base,
            [
                lambda base: law.schedule(base) - law.gain_rates(base),
                lambda base: max(0.0, fifteen - max(zero, base)),
                lambda base: max(0.0, zero - base),
            ],
            f"base {label}",
        )
        regular = least(sums, below + on_gains, on_all, f"worksheet {label}")
        stacked = least(sums, minimum_base, preferential, f"minimum gains {label}")
        rest = minimum_base - stacked
        (on_rest,) = sums.table(rest, [law.two_rates], f"minimum rest {label}")
        at_zero = least(sums, to_zero, stacked, f"minimum at zero {label}")
        at_middle = least(sums, stacked - at_zero, band, f"minimum at middle {label}")
        _, middle, high = law.rates["gain"]
        by_parts = on_rest + middle * at_middle + high * (stacked - at_zero - at_middle)
        tentative = least(sums, by_parts, minimum_on_all, f"minimum {label}")
        return most(sums, tentative, regular, f"income tax {label}")

    # Rates of the year without the plan

    def plain(self, short: float = 0.0, long: float = 0.0) -> Bill:
        """The bill in numbers."""
        return self.bill(short, long, Numbers())

    def with_more(self, **more: float) -> "Payer":
        """The same taxpayer with more of some income (attributes and thousands of dollars)."""
        other = object.__new__(Payer)
        other.__dict__.update(self.__dict__)
        for name, value in more.items():
            setattr(other, name, getattr(self, name) + value)
        return other

    @cached_property
    def before(self) -> Bill:
        """The year without the plan."""
        return self.plain()

    def _more(self, *incomes: str) -> Bill:
        """What one more dollar of some income adds, as a share of it."""
        after = self.with_more(**dict.fromkeys(incomes, 1.0 / K)).plain()
        return Bill(
            K * (after.income_tax - self.before.income_tax),
            K * (after.investment_tax - self.before.investment_tax),
            0,
            0,
        )

    @cached_property
    def interest(self) -> Bill:
        """Of interest."""
        return self._more("ordinary", "investment")

    @cached_property
    def dividend_rate(self) -> float:
        """Federal tax on one more dollar of qualified dividends."""
        return float(self._more("dividends").federal)


def all_payers(profiles: list[Any], folder: Path, year: int, extra_usd: dict[str, float]) -> dict[str, Payer]:
    """Everybody who files a return of their own."""
    return {
        profile.taxpayer: Payer(profile, folder, year, extra_usd.get(profile.taxpayer, 0.0))
        for profile in profiles
        if profile.status != "grantor trust"
    }
