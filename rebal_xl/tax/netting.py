"""Schedule D: netting of short and long gains with carryforwards, the loss limit, and what is carried on.

IRC 1222 (netting by term), 1211(b) (3,000 of net loss against other income) and 1212(b) (carryover keeps its term).
Losses are negative in lines, carryforwards and allowed losses positive.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetGains:
    """Schedule D of one year, dollars."""

    # line 7: net short-term gain after the carryforward; line 15: net long-term gain likewise
    short_usd: float
    long_usd: float
    # line 18: the part of long-term gain taxed at up to 28 %
    collectible_usd: float
    # what enters the return: line 16, or minus line 21 when line 16 is a loss
    in_income_usd: float
    # taxed at preferential rates: the smaller of lines 15 and 16, never below zero
    preferential_usd: float

    @property
    def total_usd(self) -> float:
        """Line 16."""
        return self.short_usd + self.long_usd

    @property
    def allowed_loss_usd(self) -> float:
        """Line 21, a positive number."""
        return max(0.0, -self.in_income_usd)

    @property
    def ordinary_usd(self) -> float:
        """The part taxed like other income; negative when a loss is deducted from other income."""
        return self.in_income_usd - self.preferential_usd


@dataclass(frozen=True, slots=True)
class Carryover:
    """Losses carried to the next year, positive dollars by term."""

    short_usd: float
    long_usd: float


def net_gains(
    short_usd: float,
    long_usd: float,
    *,
    loss_limit_usd: float,
    short_carryforward_usd: float = 0.0,
    long_carryforward_usd: float = 0.0,
    collectible_usd: float = 0.0,
) -> NetGains:
    """Net the year's gains by term.

    `long_usd` includes `collectible_usd`; carryforwards are losses of earlier years as positive dollars.
    """
    line_7 = short_usd - short_carryforward_usd
    line_15 = long_usd - long_carryforward_usd
    line_16 = line_7 + line_15
    # 28% Rate Gain Worksheet: long carryovers and a net short loss are set against collectibles first
    line_18 = max(0.0, collectible_usd - long_carryforward_usd + min(0.0, line_7))
    return NetGains(
        short_usd=line_7,
        long_usd=line_15,
        collectible_usd=line_18,
        in_income_usd=max(line_16, -loss_limit_usd),
        preferential_usd=max(0.0, min(line_15, line_16)),
    )


def carry_over(gains: NetGains, taxable_income_usd: float) -> Carryover:
    """Capital Loss Carryover Worksheet, 13 lines.

    `taxable_income_usd` is taxable income, negative when deductions exceed income: a loss that saved no tax because
    there was no income is not used up. A trust adds its exemption back (IRC 1212(b)(2)(B)).
    """
    if gains.total_usd >= 0.0:
        return Carryover(0.0, 0.0)
    line_2 = gains.allowed_loss_usd
    line_3 = max(0.0, taxable_income_usd + line_2)
    line_4 = min(line_2, line_3)
    line_5 = max(0.0, -gains.short_usd)
    line_6 = max(0.0, gains.long_usd)
    line_8 = max(0.0, line_5 - (line_4 + line_6))
    line_9 = max(0.0, -gains.long_usd)
    line_10 = max(0.0, gains.short_usd)
    line_11 = max(0.0, line_4 - line_5)
    line_13 = max(0.0, line_9 - (line_10 + line_11))
    return Carryover(short_usd=line_8, long_usd=line_13)
