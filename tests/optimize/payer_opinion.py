"""A second opinion on what gains cost one taxpayer: the return with them and without, and what later years lose."""

from dataclasses import dataclass
from functools import cached_property

from rebal_xl.household import Method, Policy, TaxProfile
from tests.tax_oracle import Liability, Year, file_return

# Part of a saving that counts beyond what the losses asked for save.
UNASKED_SHARE = 0.001
# Least later federal rate when gains are taken on purpose and nobody says what they will be taxed at.
LEAST_LATER_RATE = 0.15


@dataclass
class Taken:
    """Gains and losses that a plan realises on one return, after wash sales, dollars."""

    short: float = 0.0
    long: float = 0.0
    # losses allowed, positive, and the part of them that the advisor's thresholds ask for, by term
    losses: float = 0.0
    asked_short: float = 0.0
    asked_long: float = 0.0
    # lots with a long gain alone
    long_gains: float = 0.0
    # the part of `long` that is on collectibles
    collectible: float = 0.0


class PayerOpinion:
    """One taxpayer under one policy, who also gets `given_usd` out of tax-deferred accounts."""

    def __init__(self, profile: TaxProfile, policy: Policy, given_usd: float = 0.0, every_loss: bool = True) -> None:
        self.profile, self.policy = profile, policy
        self.ordinary_usd = profile.ordinary_income_usd + given_usd
        # no loss for sale falls short of the thresholds
        self.every_loss = every_loss
        self._known: dict[tuple[float, float, float], tuple[float, float]] = {}

    def _filed(self, short: float, long: float, collectible: float) -> tuple[Liability, float]:
        """The federal return and the state's estimate with so much more short and long gain, some on collectibles."""
        p = self.profile
        bill = file_return(
            Year(
                p.status.value,
                self.ordinary_usd,
                p.qualified_dividends_usd,
                p.other_investment_income_usd,
                p.short_realized_usd + short,
                p.long_realized_usd + long,
                p.short_carryforward_usd,
                p.long_carryforward_usd,
                collectible,
            )
        )
        line7 = p.short_realized_usd + short - p.short_carryforward_usd
        line15 = p.long_realized_usd + long - p.long_carryforward_usd
        preferred = max(0.0, min(line15, line7 + line15))
        state = (p.state_long_rate or 0.0) * preferred + (p.state_short_rate or 0.0) * (bill.gain - preferred)
        return bill, state

    def _bill(self, short: float, long: float, collectible: float = 0.0) -> tuple[float, float]:
        """Tax of the year, and the loss left beyond what the year allows."""
        key = (short, long, collectible)
        if key not in self._known:
            self._known[key] = self._work_out(*key)
        return self._known[key]

    def _work_out(self, short: float, long: float, collectible: float) -> tuple[float, float]:
        bill, state = self._filed(short, long, collectible)
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
            self.ordinary_usd + interest,
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
            least = LEAST_LATER_RATE if self.policy.harvest_gains else 0.0
            later = max(least, self.income_rates[1]) + (self.profile.state_long_rate or 0.0)
        return later / float((1 + self.policy.discount_rate) ** self.policy.horizon_years)

    def _net(self, short: float, long: float, losses: float, collectible: float = 0.0) -> float:
        """This year's tax, losses carried and basis given up, against doing nothing."""
        tax, left = self._bill(short, long, collectible)
        tax_before, left_before = self._untouched
        return tax - tax_before - self.later_rate * (left - left_before) + self.later_rate * losses

    def tax_cost(self, taken: Taken) -> float:
        """What gains cost this payer: a saving counts as far as the losses asked for save it, and the basis credit."""
        credit = self.later_rate * taken.long_gains if self.policy.harvest_gains else 0.0
        net = self._net(taken.short, taken.long, taken.losses, taken.collectible) - credit
        if self.policy.method is Method.NONE or (self.harvesting and self.every_loss):
            return net
        asked = taken.asked_short + taken.asked_long
        saved = self._net(-taken.asked_short, -taken.asked_long, asked) if self.harvesting else 0.0
        floor = saved - credit
        return max(net, (1 - UNASKED_SHARE) * floor + UNASKED_SHARE * net)

    @property
    def harvesting(self) -> bool:
        """Losses are asked for, by a threshold or by the method."""
        policy = self.policy
        return policy.method is Method.HARVEST or policy.harvest_usd is not None or policy.harvest_weight is not None

    def over_limits(self, taken: Taken) -> float:
        """Dollars over the advisor's limits on net gains and on this year's tax."""
        profile = self.profile
        tax = self._bill(taken.short, taken.long, taken.collectible)[0] - self._untouched[0]
        return sum(
            max(0.0, amount - limit)
            for amount, limit in (
                (taken.short, profile.short_gain_limit_usd),
                (taken.long, profile.long_gain_limit_usd),
                (tax, profile.tax_budget_usd),
            )
            if limit is not None
        )
