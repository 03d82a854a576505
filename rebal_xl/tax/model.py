"""The constants from which the optimizer builds its tax rows, and the tax they stand for.

The rows know what moves with gains (taxable social security, shrinking deductions) for the regular tax, and for the
NIIT where one of its two arguments is the smaller one throughout. The alternative minimum tax takes it where it is
lowest, so the rows' tax is never above the bill: a sound bound. The minimum tax is in, but for gains that only unused
deductions shelter from the regular tax.
"""

from dataclasses import dataclass

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax.law import Bracket, Law
from rebal_xl.tax.liability import income_with, year_gains
from rebal_xl.tax.moving import Kink, kinks, moved
from rebal_xl.tax.ordinary import schedule_tax_usd
from rebal_xl.tax.state import least_state_tax, state_rates


@dataclass(frozen=True, slots=True)
class ModelConstants:
    """One taxpayer's figures for the optimizer, dollars and shares of one."""

    taxpayer: str
    law_year: int
    # taxable ordinary income without gains and qualified dividends; negative when deductions exceed it
    ordinary_usd: float
    qualified_dividends_usd: float
    # what gains move of taxable and adjusted gross income, from the lowest net gain upwards
    moving: tuple[Kink, ...]
    # adjusted gross income and net investment income without gains
    agi_usd: float
    investment_income_usd: float
    # net loss that may be set against other income
    loss_limit_usd: float
    # gains so far less carryforwards, by term: where the plan's gains start from
    short_start_usd: float
    long_start_usd: float
    # taxable income up to which preferential income is taxed at 0 % and at 15 %
    zero_rate_top_usd: float
    fifteen_rate_top_usd: float
    # 0 %, 15 % and 20 %
    gain_rates: tuple[float, float, float]
    brackets: tuple[Bracket, ...]
    niit_threshold_usd: float
    niit_rate: float
    state_short_rate: float
    state_long_rate: float
    # what the estimate of state tax lies below its rates, zero or negative: gains that a state leaves free
    state_constant_usd: float
    # alternative minimum taxable income without gains (IRC 55); only gains move it
    minimum_taxable_usd: float
    amt_exemption_usd: float
    # what married people filing separately add at most once their exemption is gone; 0 for others
    amt_most_added_usd: float
    amt_phaseout_start_usd: float
    amt_phaseout_rate: float
    # 26 % and 28 %, and where the second begins
    amt_rates: tuple[float, float]
    amt_28_over_usd: float
    # end of the 24 % bracket, beyond which gain on collectibles is taxed at its own rate (IRC 1(h)(4))
    top_of_24_usd: float
    collectibles_rate: float
    # long losses carried in, which are set against gain on collectibles first
    long_carryforward_usd: float

    def tax_usd(
        self, short_gain_usd: float = 0.0, long_gain_usd: float = 0.0, collectible_gain_usd: float = 0.0
    ) -> float:
        """What the rows charge for extra gains: income tax, alternative minimum tax, NIIT and state.

        `collectible_gain_usd` is the part of `long_gain_usd` from collectibles.
        """
        short = self.short_start_usd + short_gain_usd
        long = self.long_start_usd + long_gain_usd
        net = short + long
        in_income = max(net, -self.loss_limit_usd)
        preferential = max(0.0, min(long, net))
        moved_taxable, moved_agi = moved(self.moving, in_income)
        base = self.ordinary_usd + moved_taxable + in_income - preferential
        taxable = self.ordinary_usd + moved_taxable + self.qualified_dividends_usd + in_income
        _, middle, high = self.gain_rates
        low_top, middle_top = self.zero_rate_top_usd, self.fifteen_rate_top_usd
        # the Schedule D Tax Worksheet; without collectibles `stacked` and `scheduled` are the base
        rest = max(0.0, collectible_gain_usd - self.long_carryforward_usd + min(0.0, short))
        collectible = min(preferential, rest)
        stacked = base + collectible
        scheduled = max(base, min(stacked, self.top_of_24_usd))
        at_top_rate = stacked - scheduled
        on_gains = middle * (max(0.0, taxable - low_top) - max(0.0, stacked - low_top)) + (high - middle) * (
            max(0.0, taxable - at_top_rate - middle_top) - max(0.0, scheduled - middle_top)
        )
        ordinary = schedule_tax_usd(self.brackets, scheduled) + self.collectibles_rate * at_top_rate
        income_tax = min(ordinary + on_gains, schedule_tax_usd(self.brackets, taxable))
        # Form 6251 taxes gains like the worksheet and puts its own two rates on the rest
        minimum = self.minimum_schedule_usd(in_income, preferential - collectible)
        if minimum > 0.0:
            income_tax = max(income_tax, minimum + on_gains)
        # one floor serves both: a negative investment income also makes the minimum negative
        room = self.agi_usd - self.niit_threshold_usd + (moved_agi if self.niit_by_income else 0.0)
        over = in_income + min(self.investment_income_usd, room)
        state = self.state_short_rate * (in_income - preferential) + self.state_long_rate * preferential
        return income_tax + self.niit_rate * max(0.0, over) + state + self.state_constant_usd

    @property
    def niit_by_income(self) -> bool:
        """Whether income over the threshold is the smaller argument of the NIIT, whatever moves (IRC 1411(a)(1))."""
        most = max(kink.agi_usd for kink in self.moving)
        return self.agi_usd - self.niit_threshold_usd + most <= self.investment_income_usd

    def minimum_schedule_usd(self, in_income_usd: float, preferential_usd: float) -> float:
        """Tentative minimum tax on what is not preferential, collectibles among it."""
        total = self.minimum_taxable_usd + in_income_usd
        over = self.amt_phaseout_rate * (total - self.amt_phaseout_start_usd)
        exempt = self.amt_exemption_usd - min(max(0.0, over), self.amt_exemption_usd + self.amt_most_added_usd)
        base = max(0.0, total - exempt - preferential_usd - self.qualified_dividends_usd)
        low, high = self.amt_rates
        return low * base + (high - low) * max(0.0, base - self.amt_28_over_usd)


def model_constants(profile: TaxProfile, law: Law, lowest_gain_usd: float = 0.0) -> ModelConstants:
    """Constants that are exact at the lowest gain a plan can realise and never above the bill from there on.

    `lowest_gain_usd` is the least total of extra gains (short plus long, so usually negative) within reach.
    ValueError for a grantor trust and for an unknown state.
    """
    figures = law.of(profile.status)
    start = year_gains(profile, 0.0, 0.0, law)
    lowest = year_gains(profile, 0.0, lowest_gain_usd, law).in_income_usd
    income = income_with(profile, lowest, law)
    # whoever may itemize may do so for the minimum tax's sake
    other_way = income_with(profile, lowest, law, larger=False)
    short_rate, long_rate, constant = least_state_tax(state_rates(profile, law.year), profile)
    return ModelConstants(
        taxpayer=profile.taxpayer,
        law_year=law.year,
        ordinary_usd=income.taxable_usd - lowest - profile.qualified_dividends_usd,
        qualified_dividends_usd=profile.qualified_dividends_usd,
        moving=kinks(profile, lowest, law),
        agi_usd=income.agi_usd - lowest,
        investment_income_usd=income.investment_usd - lowest,
        loss_limit_usd=figures.loss_limit_usd,
        short_start_usd=start.short_usd,
        long_start_usd=start.long_usd,
        zero_rate_top_usd=figures.zero_rate_top_usd,
        fifteen_rate_top_usd=figures.fifteen_rate_top_usd,
        gain_rates=law.gain_rates,
        brackets=figures.brackets,
        niit_threshold_usd=figures.niit_threshold_usd,
        niit_rate=law.niit_rate,
        state_short_rate=short_rate,
        state_long_rate=long_rate,
        state_constant_usd=constant,
        minimum_taxable_usd=min(income.minimum_taxable_usd, other_way.minimum_taxable_usd) - lowest,
        amt_exemption_usd=figures.amt_exemption_usd,
        amt_most_added_usd=figures.amt_exemption_usd if profile.status is FilingStatus.MFS else 0.0,
        amt_phaseout_start_usd=figures.amt_phaseout_start_usd,
        amt_phaseout_rate=law.amt_phaseout_rate,
        amt_rates=law.amt_rates,
        amt_28_over_usd=figures.amt_28_over_usd,
        top_of_24_usd=figures.top_of_24_usd,
        collectibles_rate=law.collectibles_rate,
        long_carryforward_usd=profile.long_carryforward_usd,
    )
