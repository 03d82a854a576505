"""A taxpayer's year as a picture: every line with the form it comes from, what the next dollar costs, the room left.

Lines of Form 1040 are those of the 2024 form for 2024, and of the 2025 form for later years, whose forms may not be
published while the year runs. A trust's lines are named where its own forms number them.
"""

from dataclasses import dataclass

from rebal_xl.household import FilingStatus, TaxBill, TaxProfile
from rebal_xl.tax.law import Law
from rebal_xl.tax.liability import best_return, marginal_rates, tax_bill, year_gains
from rebal_xl.tax.medicare import MedicareSurcharge, surcharge_after
from rebal_xl.tax.netting import NetGains
from rebal_xl.tax.room import Room, room_left
from rebal_xl.tax.social_security import taxable_benefits_usd
from rebal_xl.tax.state import StateRates, state_rates

# The form of 2025 splits lines 7 and 11 of Form 1040.
_SPLIT_LINES_FROM = 2025


@dataclass(frozen=True, slots=True)
class YearLine:
    """One line of a year."""

    # stable short name, as the attribute of `TaxBill` where there is one
    key: str
    # as people read it
    name: str
    usd: float
    # the form or worksheet and its line, or where an estimate comes from
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is near: room, a rate of the next dollar, a loss used up."""

    # stable short name
    key: str
    name: str
    # dollars, or a rate 0..1 where `is_rate`
    value: float
    # the rule behind it
    source: str
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class YearPicture:
    """A taxpayer's year: the bill, where its lines come from, and what is near."""

    bill: TaxBill
    lines: tuple[YearLine, ...]
    # losses of earlier years that are gone by the end of this one, positive dollars by term
    short_carryforward_used_usd: float
    long_carryforward_used_usd: float
    # tax on one more dollar of short-term and of long-term gain (0..1)
    short_marginal_rate: float
    long_marginal_rate: float
    room: Room
    state: StateRates
    # what this year's income does to Medicare premiums two years on, no part of the bill; None where nobody is 65
    medicare: MedicareSurcharge | None

    def line(self, key: str) -> YearLine:
        """The line of that key; KeyError when there is none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Carryforwards used, rates of the next dollar, the room left and Medicare, in the order of a page."""
        return (*_used_and_next(self), *_room_measures(self.room), *_medicare_measures(self.medicare))


def year_picture(
    profile: TaxProfile,
    short_gain_usd: float = 0.0,
    long_gain_usd: float = 0.0,
    *,
    law: Law,
    estimate: bool = False,
    collectible_gain_usd: float = 0.0,
    tax_year: int | None = None,
    bill: TaxBill | None = None,
) -> YearPicture:
    """The year with extra gains on top of what the profile has realised so far; arguments as of `tax_bill`.

    `tax_year` is the year of the return where another year's law stands in, `bill` the bill where it is known.
    ValueError for a grantor trust, whose grantor pays, and for an unknown state.
    """
    if bill is None:
        bill = tax_bill(
            profile,
            short_gain_usd,
            long_gain_usd,
            law=law,
            estimate=estimate,
            collectible_gain_usd=collectible_gain_usd,
        )
    gains = year_gains(profile, short_gain_usd, long_gain_usd, law, collectible_gain_usd)
    short_rate, long_rate = marginal_rates(profile, short_gain_usd, long_gain_usd, law)
    person = profile.status is not FilingStatus.TRUST
    return YearPicture(
        bill=bill,
        lines=(_person_lines if person else _trust_lines)(profile, bill, gains, law),
        short_carryforward_used_usd=max(0.0, profile.short_carryforward_usd - bill.short_carryforward_usd),
        long_carryforward_used_usd=max(0.0, profile.long_carryforward_usd - bill.long_carryforward_usd),
        short_marginal_rate=short_rate,
        long_marginal_rate=long_rate,
        room=room_left(profile, short_gain_usd, long_gain_usd, law),
        state=state_rates(profile, law.year),
        medicare=surcharge_after(profile, bill, tax_year or law.year) if person and profile.aged_65 else None,
    )


def _used_and_next(picture: YearPicture) -> tuple[Measure, ...]:
    used = "carried in less carried forward"
    rates = "federal and state, phase-outs included"
    return (
        Measure("short_used", "Short-term carryforward used", picture.short_carryforward_used_usd, used),
        Measure("long_used", "Long-term carryforward used", picture.long_carryforward_used_usd, used),
        Measure("short_rate", "Tax on the next dollar of short gain", picture.short_marginal_rate, rates, True),
        Measure("long_rate", "Tax on the next dollar of long gain", picture.long_marginal_rate, rates, True),
    )


def _room_measures(room: Room) -> tuple[Measure, ...]:
    middle = "up to where 20 % begins (IRC 1(h))"
    return (
        Measure("absorbed", "Long gain that losses absorb", room.absorbed_usd, "losses beyond IRC 1211(b)"),
        Measure("ordinary", "Long gain in place of losses", room.ordinary_usd, "taxed as ordinary income"),
        Measure("at_low_rate", "Further long gain at 0 %", room.at_low_rate_usd, "up to the end of the 0 % band"),
        Measure("at_middle_rate", "Further long gain at 15 %", room.at_middle_rate_usd, middle),
        Measure("before_niit", "Income before NIIT can begin", room.before_niit_usd, "threshold of Form 8960"),
    )


def _medicare_measures(medicare: MedicareSurcharge | None) -> tuple[Measure, ...]:
    if medicare is None:
        return ()
    year = medicare.premium_year
    steps = f"IRMAA steps of {medicare.steps_of}{', ESTIMATE' if medicare.estimate else ''}; not in the tax"
    surcharge = Measure("medicare", f"Medicare surcharge in {year}", medicare.yearly_usd, steps)
    if medicare.next_step_over_usd is None:
        return (surcharge,)
    left = max(0.0, medicare.next_step_over_usd - medicare.income_usd)
    return (surcharge, Measure("medicare_room", "Income before its next step", left, steps))


def _person_lines(profile: TaxProfile, bill: TaxBill, gains: NetGains, law: Law) -> tuple[YearLine, ...]:
    split = "a" if law.year >= _SPLIT_LINES_FROM else ""
    other = profile.ordinary_income_usd + profile.qualified_dividends_usd + gains.in_income_usd
    benefits = taxable_benefits_usd(
        profile.social_security_usd, other, profile.tax_exempt_interest_usd, law.of(profile.status), law
    )
    income = best_return(profile, gains, law).income
    return (
        YearLine("short_net_usd", "Net short-term gain", bill.short_net_usd, "Schedule D line 7"),
        YearLine("long_net_usd", "Net long-term gain", bill.long_net_usd, "Schedule D line 15"),
        YearLine(
            "gain_in_income_usd",
            "Gain or allowed loss in income",
            bill.gain_in_income_usd,
            f"Schedule D line {'21' if bill.gain_in_income_usd < 0.0 else '16'}, Form 1040 line 7{split}",
        ),
        YearLine("taxable_benefits_usd", "Taxable Social Security", benefits, "Form 1040 line 6b"),
        YearLine("agi_usd", "Adjusted gross income", bill.agi_usd, f"Form 1040 line 11{split}"),
        YearLine(
            "deductions_usd",
            "Deductions",
            income.agi_usd - income.taxable_usd,
            "Schedule A or standard deduction, senior deduction",
        ),
        YearLine("taxable_income_usd", "Taxable income", bill.taxable_income_usd, "Form 1040 line 15"),
        YearLine("income_tax_usd", "Income tax", bill.income_tax_usd, _income_tax_source(profile, gains)),
        YearLine("niit_usd", "Net investment income tax", bill.niit_usd, "Form 8960 line 17"),
        YearLine("amt_usd", "Alternative minimum tax", bill.amt_usd, "Form 6251 line 11"),
        *_sums(profile, bill),
        YearLine(
            "short_carryforward_usd",
            "Short-term loss carried forward",
            bill.short_carryforward_usd,
            "Capital Loss Carryover Worksheet line 8",
        ),
        YearLine(
            "long_carryforward_usd",
            "Long-term loss carried forward",
            bill.long_carryforward_usd,
            "Capital Loss Carryover Worksheet line 13",
        ),
    )


def _trust_lines(profile: TaxProfile, bill: TaxBill, gains: NetGains, law: Law) -> tuple[YearLine, ...]:
    schedule, carryover = "Schedule D (Form 1041)", "Capital Loss Carryover Worksheet (Form 1041)"
    exempt = law.of(profile.status).exemption_usd
    income = best_return(profile, gains, law).income
    costs = (profile.itemized_deductions_usd or 0.0) + exempt
    return (
        YearLine("short_net_usd", "Net short-term gain", bill.short_net_usd, f"{schedule} line 17"),
        YearLine("long_net_usd", "Net long-term gain", bill.long_net_usd, f"{schedule} line 18a"),
        YearLine(
            "gain_in_income_usd",
            "Gain or allowed loss in income",
            bill.gain_in_income_usd,
            f"{schedule} line {'20' if bill.gain_in_income_usd < 0.0 else '19'}, Form 1041 line 4",
        ),
        YearLine("taxable_benefits_usd", "Taxable Social Security", 0.0, "none: a trust has no benefits"),
        YearLine("agi_usd", "Adjusted gross income", bill.agi_usd, "IRC 67(e): after costs and exemption"),
        YearLine(
            "deductions_usd",
            "Deductions",
            costs + income.agi_usd - income.taxable_usd,
            "Form 1041: costs, taxes and exemption",
        ),
        YearLine("taxable_income_usd", "Taxable income", bill.taxable_income_usd, "Form 1041 line 23"),
        YearLine("income_tax_usd", "Income tax", bill.income_tax_usd, _income_tax_source(profile, gains)),
        YearLine("niit_usd", "Net investment income tax", bill.niit_usd, "Form 8960 line 21"),
        YearLine("amt_usd", "Alternative minimum tax", bill.amt_usd, "Schedule I (Form 1041)"),
        *_sums(profile, bill),
        YearLine("short_carryforward_usd", "Short-term loss carried forward", bill.short_carryforward_usd, carryover),
        YearLine("long_carryforward_usd", "Long-term loss carried forward", bill.long_carryforward_usd, carryover),
    )


def _sums(profile: TaxProfile, bill: TaxBill) -> tuple[YearLine, ...]:
    return (
        YearLine("federal_usd", "Federal tax", bill.federal_usd, "sum of the three taxes above"),
        YearLine("state_usd", "State tax on gains (estimate)", bill.state_usd, _state_source(profile)),
        YearLine("total_usd", "Total tax", bill.total_usd, "federal and state"),
    )


def state_origin(profile: TaxProfile) -> str:
    """Whose state rates count: the profile's "own", the state's "default", "mixed" for one of each, or "none"."""
    given = (profile.state_short_rate is not None) + (profile.state_long_rate is not None)
    if given == 0:
        return "default" if profile.state else "none"
    return "own" if given == 2 else "mixed"


def _state_source(profile: TaxProfile) -> str:
    return {
        "none": "no state given",
        "own": "the tax profile's own rates",
        "mixed": "one rate of the tax profile, else the default of law/states.toml",
        "default": "default: marginal estimate of law/states.toml",
    }[state_origin(profile)]


def _income_tax_source(profile: TaxProfile, gains: NetGains) -> str:
    """The worksheet that `stacked_tax` follows."""
    trust = profile.status is FilingStatus.TRUST
    if gains.collectible_usd > 0.0 and gains.long_usd > 0.0 and gains.total_usd > 0.0:
        return "Schedule D Tax Worksheet" + (" (Form 1041)" if trust else " line 47")
    if gains.preferential_usd > 0.0 or profile.qualified_dividends_usd > 0.0:
        if trust:
            return "Schedule D (Form 1041) line 45"
        return "Qualified Dividends and Capital Gain Tax Worksheet line 25"
    return "rate schedule (Form 1041 Schedule G)" if trust else "rate schedule (Form 1040 line 16)"
