"""Tax profiles: what a taxpayer's return looks like before this plan's trades."""

from dataclasses import dataclass

from rebal_xl.household.words import FilingStatus


@dataclass(frozen=True, slots=True)
class TaxProfile:
    """One return: status, income of the year without this plan, realised gains so far, carryforwards."""

    taxpayer: str
    status: FilingStatus
    # two-letter state code, "" for none given
    state: str = ""
    # tax year whose law applies; None means the year of the as-of date
    law_year: int | None = None
    # wages, interest, planned IRA withdrawals: all ordinary income except gains and qualified dividends, dollars
    ordinary_income_usd: float = 0.0
    qualified_dividends_usd: float = 0.0
    tax_exempt_interest_usd: float = 0.0
    # the part of ordinary income that is net investment income (IRC 1411), dollars; dividends above are added by us
    other_investment_income_usd: float = 0.0
    social_security_usd: float = 0.0
    # None means the standard deduction; state and local tax is given apart because it is capped
    itemized_deductions_usd: float | None = None
    state_local_tax_usd: float = 0.0
    # filers aged 65 or more at year end (0, 1 or 2), and blind
    aged_65: int = 0
    blind: int = 0
    # gains realised so far this year (negative: losses), dollars
    short_realized_usd: float = 0.0
    long_realized_usd: float = 0.0
    # losses carried in from earlier years as positive dollars, by term
    short_carryforward_usd: float = 0.0
    long_carryforward_usd: float = 0.0
    # the advisor's own marginal state rates (0..1); None means the state's default
    state_short_rate: float | None = None
    state_long_rate: float | None = None
    # most short and long net gain this plan may realise, and most tax it may cost, dollars; None for no limit
    short_gain_limit_usd: float | None = None
    long_gain_limit_usd: float | None = None
    tax_budget_usd: float | None = None
    # expected later rates (0..1), for what deferral is worth; None means today's marginal long-term rate
    future_ordinary_rate: float | None = None
    future_gain_rate: float | None = None
    magi_two_years_ago_usd: float | None = None
    # a grantor trust's taxpayer, when the profile is of that type
    grantor: str = ""
