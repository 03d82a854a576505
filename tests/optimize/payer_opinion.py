"""A second opinion on what gains cost one taxpayer: the return with them and without, and what later years lose."""

from functools import cached_property

from rebal_xl.household import Policy, TaxProfile
from tests.tax_oracle import Liability, Year, file_return

# Part of a saving that counts while harvesting is off.
UNASKED_SHARE = 0.001


class PayerOpinion:
    """One taxpayer under one policy."""

    def __init__(self, profile: TaxProfile, policy: Policy) -> None:
        self.profile, self.policy = profile, policy

    def _filed(self, short: float, long: float) -> tuple[Liability, float]:
        """The federal return and the state's estimate with so much more short and long gain."""
        p = self.profile
        bill = file_return(
            Year(
                p.status.value,
                p.ordinary_income_usd,
                p.qualified_dividends_usd,
                p.other_investment_income_usd,
                p.short_realized_usd + short,
                p.long_realized_usd + long,
                p.short_carryforward_usd,
                p.long_carryforward_usd,
            )
        )
        line7 = p.short_realized_usd + short - p.short_carryforward_usd
        line15 = p.long_realized_usd + long - p.long_carryforward_usd
        preferred = max(0.0, min(line15, line7 + line15))
        state = (p.state_long_rate or 0.0) * preferred + (p.state_short_rate or 0.0) * (bill.gain - preferred)
        return bill, state

    def _bill(self, short: float, long: float) -> tuple[float, float]:
        """Tax of the year, and the loss left beyond what the year allows."""
        bill, state = self._filed(short, long)
        p = self.profile
        net = p.short_realized_usd - p.short_carryforward_usd + p.long_realized_usd - p.long_carryforward_usd
        return bill.total + state, bill.gain - (net + short + long)

    @cached_property
    def _untouched(self) -> tuple[float, float]:
        return self._bill(0.0, 0.0)

    def _federal(self, interest: float, dividends: float) -> float:
        """Federal tax before the plan, with so much more interest and qualified dividends."""
        p = self.profile
        year = Year(
            p.status.value,
            p.ordinary_income_usd + interest,
            p.qualified_dividends_usd + dividends,
            p.other_investment_income_usd + interest,
            p.short_realized_usd,
            p.long_realized_usd,
            p.short_carryforward_usd,
            p.long_carryforward_usd,
        )
        return file_return(year).total

    @cached_property
    def income_rates(self) -> tuple[float, float]:
        """Federal tax on one more dollar of interest and of qualified dividends."""
        base = self._federal(0.0, 0.0)
        return self._federal(1.0, 0.0) - base, self._federal(0.0, 1.0) - base

    @cached_property
    def later_rate(self) -> float:
        """What a dollar of basis given up costs: the later gain rate, discounted over the horizon."""
        later = self.profile.future_gain_rate
        if later is None:
            later = self.income_rates[1] + (self.profile.state_long_rate or 0.0)
        return later / float((1 + self.policy.discount_rate) ** self.policy.horizon_years)

    def tax_cost(self, short: float, long: float, losses: float) -> float:
        """This year's tax, basis given up and losses carried, against doing nothing; unasked savings hardly count."""
        tax, left = self._bill(short, long)
        tax_before, left_before = self._untouched
        net = tax - tax_before - self.later_rate * (left - left_before) + self.later_rate * losses
        return net if net >= 0 or self.policy.harvest_usd is not None else UNASKED_SHARE * net

    def over_limits(self, short: float, long: float) -> float:
        """Dollars over the advisor's limits on net gains and on this year's tax."""
        profile, tax = self.profile, self._bill(short, long)[0] - self._untouched[0]
        return sum(
            max(0.0, amount - limit)
            for amount, limit in (
                (short, profile.short_gain_limit_usd),
                (long, profile.long_gain_limit_usd),
                (tax, profile.tax_budget_usd),
            )
            if limit is not None
        )
