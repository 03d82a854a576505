"""`tax`: a couple's year from the options alone, and the Riveras' as it stands in their workbook."""

from dataclasses import replace

import pytest

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from rebal_xl.tax import load_law, tax_bill
from tests.cli.riveras import call, call_json, damaged, riveras

COUPLE = ("--status", "MFJ", "--ordinary", "250000", "--short", "10000", "--long", "60000")


def told(*arguments: object) -> dict:
    """The one return of a document."""
    code, document = call_json("tax", *arguments)
    assert code == 0
    (taxpayer,) = document["tax"]["taxpayers"]
    return taxpayer


@pytest.mark.parametrize(("year", "income_tax", "total"), [
    (2024, 50_477, 53_137), (2025, 49_534, 52_194), (2026, 48_868, 51_528),
])  # fmt: skip
def test_wages_of_250000_and_gains_of_70000(year, income_tax, total):
    # three public tax calculators agree on these to the dollar; NIIT is 3.8 % of 70,000
    one = told(*COUPLE, "--year", year)
    bill = one["bill"]
    assert (bill["income_tax_usd"], bill["niit_usd"], bill["total_usd"]) == (income_tax, 2_660, total)
    assert (one["tax_year"], one["law"]) == (year, {"estimate": False, "year": year})
    assert {line["key"]: line["usd"] for line in one["lines"]}["total_usd"] == total


def test_the_tables_say_where_lines_come_from_and_what_is_near():
    shown = call("tax", *COUPLE, "--year", "2026", "--state", "California").stdout
    assert "Tax of this return for 2026 (MFJ, CA, 2026 law)" in shown
    assert "Qualified Dividends and Capital Gain Tax Worksheet line 25" in shown
    assert "default: marginal estimate of law/states.toml" in shown
    # 24 % + 3.8 % + 9.3 % of California, and 15 % + 3.8 % + 9.3 %
    assert "37.10%" in shown
    assert "28.10%" in shown
    # 613,700 - 287,800
    assert "325,900.00" in shown


def test_a_loss_is_deducted_and_carried_forward():
    # 10,000 - 60,000 = -50,000, of which 3,000 is deducted
    one = told("--status", "married filing jointly", "--year", "2026", "--ordinary", "$250,000", "--short", "10000",
               "--long", "-60000")  # fmt: skip
    assert (one["bill"]["gain_in_income_usd"], one["bill"]["long_carryforward_usd"]) == (-3_000, 47_000)
    assert one["room"]["absorbed_usd"] == 47_000
    assert one["carryforward_used"] == {"long_usd": 0, "short_usd": 0}


def test_room_in_the_zero_band_and_losses_of_earlier_years():
    # 60,000 - 32,200 = 27,800 of taxable income; the 0 % band ends at 98,900; 10,000 of gain meets 10,000 of loss
    one = told("--status", "MFJ", "--year", "2026", "--ordinary", "60000", "--long", "10000",
               "--long-carryforward", "10000")  # fmt: skip
    assert one["room"]["at_low_rate_usd"] == 98_900 - 27_800
    assert one["room"]["before_niit_usd"] == 250_000 - 60_000
    assert one["carryforward_used"]["long_usd"] == 10_000


def test_every_option_reaches_the_bill():
    one = told("--status", "MFJ", "--year", "2026", "--ordinary", "150000", "--qualified-dividends", "5000",
               "--short", "4000", "--long", "90000", "--collectible", "20000", "--short-carryforward", "1000",
               "--long-carryforward", "2000", "--social-security", "40000", "--tax-exempt-interest", "3000",
               "--niit-income", "12000", "--itemized", "30000", "--salt", "25000", "--aged-65", "2", "--blind", "1",
               "--state", "CA", "--state-short-rate", "10%", "--state-long-rate", "0.08")  # fmt: skip
    profile = TaxProfile(
        "Anybody", FilingStatus.MFJ, "CA", None, 150_000, 5_000, 3_000, 12_000, 40_000, 30_000, 25_000, 2, 1,
        short_carryforward_usd=1_000, long_carryforward_usd=2_000, state_short_rate=0.1, state_long_rate=0.08,
    )  # fmt: skip
    bill = tax_bill(profile, 4_000, 90_000, law=load_law(2026), collectible_gain_usd=20_000)
    for name, usd in one["bill"].items():
        assert usd == pytest.approx(getattr(bill, name), abs=0.005), name
    assert one["state_rates"]["origin"] == "own"
    # both are on Medicare
    assert (one["medicare"]["people"], one["medicare"]["premium_year"]) == (2, 2028)


def test_the_riveras_year_as_it_stands(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    held = file.read_bytes()
    code, document = call_json("tax", file)
    assert code == 0
    home, policy = sample_household(), sample_policy()
    payers = [one for one in home.taxpayers if one.status is not FilingStatus.GRANTOR_TRUST]
    assert [one["taxpayer"] for one in document["tax"]["taxpayers"]] == [one.taxpayer for one in payers]
    assert document["tax"]["household"] == home.name
    bill = tax_bill(payers[0], law=load_law(policy.as_of.year))
    assert document["tax"]["taxpayers"][0]["bill"]["total_usd"] == pytest.approx(bill.total_usd, abs=0.005)
    shown = call("tax", file).stdout
    assert f"{bill.total_usd:,.2f}" in shown
    assert file.read_bytes() == held


def test_an_earlier_years_law_is_stamped(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx", law_year=2025)
    assert "(MFJ, CA, 2025 law, ESTIMATE)" in call("tax", file).stdout
    assert call_json("tax", file)[1]["tax"]["taxpayers"][0]["law"] == {"estimate": True, "year": 2025}


def test_a_year_without_law_and_workbooks_without_an_answer(tmp_path):
    code, document = call_json("tax", "--status", "single", "--year", "2031")
    assert (code, document["tax"]) == (1, None)
    assert document["problems"][0]["code"] == "law-missing"
    assert "The tax law of 2031 is not known here" in call("tax", *COUPLE, "--year", "2031").stderr
    broken, cell = damaged(tmp_path / "riveras.xlsx")
    result = call("tax", broken)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"Holdings!{cell}" in result.stderr
    sheltered = tmp_path / "sheltered.xlsx"
    home = sample_household()
    kept = tuple(replace(one, taxpayer="") for one in home.accounts if not one.taxable)
    names = {one.name for one in kept}
    home = replace(
        home, accounts=kept, taxpayers=(), people=(),
        lots=tuple(lot for lot in home.lots if lot.account in names),
        recent_trades=tuple(one for one in home.recent_trades if one.account in names),
    )  # fmt: skip
    sheltered.write_bytes(workbook_bytes(build_template(home, sample_policy())))
    code, document = call_json("tax", sheltered)
    assert (code, document["problems"][0]["code"]) == (1, "no-tax-profile")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--status", "bob"), "there is no filing status 'bob'"),
        (("--status", "living trust"), "write the filing status of its grantor"),
        (("--status", "MFJ", "--state", "Kalifornia"), "Did you mean California?"),
        (("--status", "MFJ", "--year", "26"), "Write four digits, such as 2026."),
        (("--status", "MFJ", "--ordinary", "lots"), "'lots' is no amount of dollars"),
        (("--status", "MFJ", "--short-carryforward", "-5"), "must not be negative"),
        (("--status", "MFJ", "--state-long-rate", "9.3"), "Write it as 9.3% or 0.093."),
        (("--status", "MFJ", "--aged-65", "3"), "--aged-65"),
        (("--status", "MFJ", "--as-of", "2026-11-20"), "--as-of goes with FILE"),
        (("household.xlsx", "--long", "0"), "FILE holds the tax profiles"),
        (("household.xlsx", "--year", "2026"), "FILE holds the tax profiles"),
        ((), "give FILE, or --status"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(options, sentence):
    result = call("tax", *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in result.stderr


def test_without_a_year_it_is_this_one(monkeypatch):
    from datetime import date

    from rebal_xl.cli import tax

    monkeypatch.setattr(tax, "today_in_new_york", lambda: date(2025, 3, 1))
    assert told(*COUPLE)["bill"]["total_usd"] == 52_194
