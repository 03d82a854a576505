"""A couple's year as a picture: what each line rests on, and how much room is left, by arithmetic shown here."""

import pytest
from hypothesis import given, settings

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import Law, load_law, tax_bill
from rebal_xl.tax.liability import best_return, year_gains
from rebal_xl.tax.picture import state_origin, year_picture
from rebal_xl.tax.room import room_left
from tests.tax.households import any_profiles, couple, dollars, laws, single, trust

LAW = load_law(2026)


class TestTheGainsOfAYear:
    """Wages of 250,000, a short gain of 10,000 and a long gain of 60,000."""

    @pytest.mark.parametrize(
        ("year", "taxable", "income_tax", "total"),
        [(2024, 290_800, 50_477, 53_137), (2025, 288_500, 49_534, 52_194), (2026, 287_800, 48_868, 51_528)],
    )
    def test_the_bill_line_by_line(self, year: int, taxable: float, income_tax: float, total: float):
        seen = year_picture(couple(), 10_000, 60_000, law=load_law(year))
        assert seen.line("agi_usd").usd == 320_000
        assert seen.line("taxable_income_usd").usd == pytest.approx(taxable)
        assert seen.line("deductions_usd").usd == pytest.approx(320_000 - taxable)
        assert seen.line("income_tax_usd").usd == pytest.approx(income_tax)
        # 3.8 % of the lesser of 70,000 of gains and 320,000 - 250,000
        assert seen.line("niit_usd").usd == pytest.approx(2_660)
        assert seen.line("total_usd").usd == pytest.approx(total)

    def test_where_the_lines_come_from(self):
        seen = year_picture(couple(), 10_000, 60_000, law=LAW)
        assert [(line.key, line.source) for line in seen.lines] == [
            ("short_net_usd", "Schedule D line 7"),
            ("long_net_usd", "Schedule D line 15"),
            ("gain_in_income_usd", "Schedule D line 16, Form 1040 line 7a"),
            ("taxable_benefits_usd", "Form 1040 line 6b"),
            ("agi_usd", "Form 1040 line 11a"),
            ("deductions_usd", "Schedule A or standard deduction, senior deduction"),
            ("taxable_income_usd", "Form 1040 line 15"),
            ("income_tax_usd", "Qualified Dividends and Capital Gain Tax Worksheet line 25"),
            ("niit_usd", "Form 8960 line 17"),
            ("amt_usd", "Form 6251 line 11"),
            ("federal_usd", "sum of the three taxes above"),
            ("state_usd", "no state given"),
            ("total_usd", "federal and state"),
            ("short_carryforward_usd", "Capital Loss Carryover Worksheet line 8"),
            ("long_carryforward_usd", "Capital Loss Carryover Worksheet line 13"),
        ]
        # the form of 2024 had one line 7 and one line 11
        earlier = year_picture(couple(), 10_000, 60_000, law=load_law(2024))
        assert earlier.line("gain_in_income_usd").source == "Schedule D line 16, Form 1040 line 7"
        assert earlier.line("agi_usd").source == "Form 1040 line 11"

    def test_the_next_dollar(self):
        # 227,800 of other taxable income lies in the 24 % bracket of 2026 (211,400 to 403,550)
        seen = year_picture(couple(), 10_000, 60_000, law=LAW)
        assert (seen.short_marginal_rate, seen.long_marginal_rate) == (
            pytest.approx(0.24 + 0.038),
            pytest.approx(0.15 + 0.038),
        )

    def test_the_room_left_in_the_15_percent_band(self):
        room = year_picture(couple(), 10_000, 60_000, law=LAW).room
        assert (room.absorbed_usd, room.ordinary_usd, room.at_low_rate_usd) == (0, 0, 0)
        assert room.at_middle_rate_usd == pytest.approx(613_700 - 287_800)
        assert room.before_niit_usd == 0


class TestLosses:
    def test_a_net_loss_is_deducted_carried_on_and_waits_for_gains(self):
        # 10,000 - 60,000 = -50,000: 3,000 against wages, 47,000 carried on as long-term loss
        seen = year_picture(couple(), 10_000, -60_000, law=LAW)
        assert seen.line("gain_in_income_usd").usd == -3_000
        assert seen.line("gain_in_income_usd").source == "Schedule D line 21, Form 1040 line 7a"
        assert seen.line("long_carryforward_usd").usd == 47_000
        assert seen.line("income_tax_usd").source == "rate schedule (Form 1040 line 16)"
        room = seen.room
        assert room.absorbed_usd == 47_000
        # the next 3,000 replace what wages are reduced by, and 10,000 more let the short-term gain come up
        assert room.ordinary_usd == 13_000
        assert room.at_low_rate_usd == 0
        # then income is 260,000 - 32,200 = 227,800
        assert room.at_middle_rate_usd == pytest.approx(613_700 - 227_800)
        assert room.before_niit_usd == 250_000 - 247_000

    def test_carryforwards_used_and_left_by_term(self):
        # short: -8,000 + 2,000 = -6,000; long: 4,000 - 5,000 = -1,000; 3,000 of the short loss goes against wages
        seen = year_picture(couple(short_carryforward_usd=8_000, long_carryforward_usd=5_000), 2_000, 4_000, law=LAW)
        assert (seen.bill.short_carryforward_usd, seen.bill.long_carryforward_usd) == (3_000, 1_000)
        assert (seen.short_carryforward_used_usd, seen.long_carryforward_used_usd) == (5_000, 4_000)

    def test_a_year_that_adds_losses_uses_none(self):
        seen = year_picture(couple(long_carryforward_usd=5_000), 0, -9_000, law=LAW)
        # 14,000 - 3,000
        assert seen.bill.long_carryforward_usd == 11_000
        assert seen.long_carryforward_used_usd == 0


class TestRoomAtZero:
    def test_wages_and_dividends_below_the_band(self):
        # 60,000 + 5,000 - 32,200 = 32,800 of taxable income; the 0 % band ends at 98,900, the 15 % band at 613,700
        room = room_left(couple(60_000, qualified_dividends_usd=5_000), 0, 0, LAW)
        assert room.at_low_rate_usd == pytest.approx(98_900 - 32_800)
        assert room.at_middle_rate_usd == pytest.approx(613_700 - 98_900)
        assert room.before_niit_usd == 250_000 - 65_000

    def test_unused_deductions_make_room(self):
        # no income at all: 16,100 of deductions lie idle
        assert room_left(single(0), 0, 0, LAW).at_low_rate_usd == pytest.approx(49_450 + 16_100)

    def test_social_security_fills_it_as_gains_grow(self):
        # provisional income 30,000 + 20,000: 6,000 + 85 % of 6,000 = 11,100 of benefits is taxed, and 85 cents more
        # with every dollar of gain, up to 85 % of 40,000 = 34,000. Deductions: 32,200 + 2 x 1,650 + 2 x 6,000 = 47,500.
        # 30,000 + 34,000 + gain - 47,500 = 98,900 at a gain of 82,400; income of 146,400 shrinks no senior deduction.
        pair = couple(30_000, social_security_usd=40_000, aged_65=2)
        assert room_left(pair, 0, 0, LAW).at_low_rate_usd == pytest.approx(82_400)
        seen = year_picture(pair, 0, 82_400, law=LAW)
        assert seen.line("taxable_benefits_usd").usd == pytest.approx(34_000)
        assert seen.line("taxable_income_usd").usd == pytest.approx(98_900)
        assert seen.line("deductions_usd").usd == pytest.approx(47_500)

    @settings(max_examples=150)
    @given(any_profiles(), laws, dollars(-100_000, 400_000), dollars(-100_000, 400_000))
    def test_the_ends_of_the_bands_are_where_taxable_income_meets_them(
        self, profile: TaxProfile, law: Law, short: float, long: float
    ):
        room, figures = room_left(profile, short, long, law), law.of(profile.status)
        begun = long + room.absorbed_usd + room.ordinary_usd

        def taxable(gain: float) -> float:
            return best_return(profile, year_gains(profile, short, gain, law), law).income.taxable_usd

        ends = ((begun, room.at_low_rate_usd, figures.zero_rate_top_usd),
                (begun + room.at_low_rate_usd, room.at_middle_rate_usd, figures.fifteen_rate_top_usd))  # fmt: skip
        for start, width, top in ends:
            if width > 0.01:
                assert taxable(start + width) == pytest.approx(top, abs=0.01)
            else:
                assert taxable(start) >= top - 0.02


class TestStates:
    @pytest.mark.parametrize(
        ("given", "origin", "source"),
        [
            ({}, "none", "no state given"),
            ({"state": "CA"}, "default", "default: marginal estimate of law/states.toml"),
            ({"state": "CA", "state_short_rate": 0.11, "state_long_rate": 0.1}, "own", "the tax profile's own rates"),
            (
                {"state": "CA", "state_long_rate": 0.1},
                "mixed",
                "one rate of the tax profile, else the default of law/states.toml",
            ),
        ],
    )
    def test_a_default_is_called_one(self, given: dict[str, object], origin: str, source: str):
        profile = couple(**given)
        assert state_origin(profile) == origin
        assert year_picture(profile, 0, 1_000, law=LAW).line("state_usd").source == source


class TestOtherForms:
    def test_collectibles_bring_the_schedule_d_tax_worksheet(self):
        seen = year_picture(couple(), 0, 20_000, law=LAW, collectible_gain_usd=10_000)
        assert seen.line("income_tax_usd").source == "Schedule D Tax Worksheet line 47"
        # 24 % of 10,000 instead of 15 %, which is below 28 %
        assert seen.bill.income_tax_usd - tax_bill(couple(), 0, 20_000, law=LAW).income_tax_usd == pytest.approx(900)

    def test_a_trust_has_forms_of_its_own(self):
        # 10,000 of interest less 100 of exemption and 1,000 of costs; 20,000 of long gain
        seen = year_picture(trust(10_000, itemized_deductions_usd=1_000), 0, 20_000, law=LAW)
        assert seen.line("income_tax_usd").source == "Schedule D (Form 1041) line 45"
        assert seen.line("niit_usd").source == "Form 8960 line 21"
        assert seen.line("deductions_usd").usd == pytest.approx(1_100)
        assert seen.line("agi_usd").usd == pytest.approx(28_900)
        assert seen.medicare is None

    def test_a_grantor_trust_has_no_year_of_its_own(self):
        with pytest.raises(ValueError, match="grantor"):
            year_picture(TaxProfile("Trust", FilingStatus.GRANTOR_TRUST), law=LAW)


def test_medicare_is_shown_apart_from_the_bill():
    # 200,000 + 10,000 of exempt interest + 9,000 of gain is over 218,000: two premiums of 81.20 + 14.50 a month more
    pair = couple(200_000, aged_65=2, tax_exempt_interest_usd=10_000)
    seen = year_picture(pair, 0, 9_000, law=LAW, tax_year=2027)
    assert seen.medicare is not None
    assert (seen.medicare.premium_year, seen.medicare.yearly_usd) == (2029, pytest.approx(2 * 12 * 95.70))
    assert seen.bill == tax_bill(pair, 0, 9_000, law=LAW)
    assert year_picture(couple(), law=LAW).medicare is None
