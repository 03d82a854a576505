"""Settings: name and value, each of its own kind."""

from datetime import date

import pytest

from rebal_xl.household import Length, Method, Tone
from tests.intake.story import codes, only, smiths, smiths_refused


def policy(*rows: str):
    return smiths(Settings="Name | Value\n" + "\n".join(rows))[1]


def problem(row: str, code: str):
    found = only(smiths_refused(Settings=f"Name | Value\n{row}"), code)
    assert found.sheet == "Settings"
    return found


def test_every_setting_fills_its_field():
    found = policy(
        "Method | cash only",
        "As Of | 06/12/2026",
        "Minimum Trade $ | $250",
        "Minimum Trade % | 1%",
        "Cost per Order | 5",
        "Horizon | 20",
        "Discount Rate | 4%",
        "Short-Term Boundary Days | 45",
        "Reinvestment Counts | no",
        "Wash Sale Cost $ | 100",
        "Harvest $ | 1000",
        "Harvest % | 5%",
        "Harvest December | 0.5",
        "Harvest Gains | yes",
        "Location $ | $2,000",
        "Most Orders | 12",
        "Sell Without Target | yes",
        "Most Drift | 3%",
        "Drift Measure | tracking error",
        "Tracking Trigger | 1.5%",
        "Tracking Destination | 1%",
        "Gap | 0.5",
        "Deadline | 30",
        "Law Year | 2025",
        "Stale Price Days | 10",
        "Firm | Example Advisors",
        "Firm Logo | Our Logo.PNG",
        "Tone | friendly",
        "Explanation Length | brief",
        "Disclosure | For illustration only.",
    )
    assert (found.method, found.as_of) == (Method.CASH_ONLY, date(2026, 6, 12))
    assert (found.min_trade_usd, found.min_trade_weight, found.cost_per_order_usd) == (250.0, 0.01, 5.0)
    assert (found.horizon_years, found.discount_rate, found.short_term_boundary_days) == (20.0, 0.04, 45)
    assert (found.reinvestment_counts, found.wash_sale_cost_usd) == (False, 100.0)
    assert (found.harvest_usd, found.harvest_weight, found.harvest_gains) == (1_000.0, 0.05, True)
    assert (found.harvest_december, found.location_usd, found.most_orders) == (0.5, 2_000.0, 12)
    assert (found.sell_without_target, found.most_drift) == (True, 0.03)
    assert (found.tracking, found.tracking_trigger, found.tracking_destination) == (True, 0.015, 0.01)
    assert (found.gap_bp, found.deadline_s, found.law_year, found.stale_price_days) == (0.5, 30.0, 2025, 10)
    assert (found.firm, found.disclosure) == ("Example Advisors", "For illustration only.")
    assert (found.logo, found.tone, found.explanation_length) == ("Our Logo.PNG", Tone.FRIENDLY, Length.BRIEF)


def test_a_blank_setting_is_its_default():
    assert policy("Method |", "As Of |", "Minimum Trade $ | n/a") == policy("Firm |")


def test_location_is_no_reason_to_trade_unless_it_is_given_a_least_worth():
    assert policy("Location $ |").location_usd is None
    assert policy("Location $ | 0").location_usd == 0.0


def test_none_is_a_method():
    assert policy("Method | None").method is Method.NONE


@pytest.mark.parametrize("name", ["as-of date", "AS OF", "Today"])
def test_settings_go_by_their_names_loosely(name):
    assert policy(f"{name} | 06/12/2026").as_of == date(2026, 6, 12)


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("Method | Opportunist", "not-a-choice", "B2"),
        ("As Of | 06/12/26", "not-a-date", "B2"),
        ("As Of | 2026", "not-a-date", "B2"),
        ("Minimum Trade $ | -1", "out-of-range", "B2"),
        ("Minimum Trade % | 101%", "out-of-range", "B2"),
        ("Short-Term Boundary Days | 30.5", "not-whole", "B2"),
        ("Harvest Gains | perhaps", "not-a-flag", "B2"),
        ("Harvest December | -1", "out-of-range", "B2"),
        ("Location $ | -1", "out-of-range", "B2"),
        ("Most Orders | 2.5", "not-whole", "B2"),
        ("Most Orders | -1", "out-of-range", "B2"),
        ("Sell Without Target | maybe", "not-a-flag", "B2"),
        ("Most Drift | 101%", "out-of-range", "B2"),
        ("Deadline | 0", "out-of-range", "B2"),
        ("Deadline | =?", "formula-not-calculated", "B2"),
        ("Deadline | #REF!", "cell-error", "B2"),
        ("Minimun Trade $ | 250", "unknown-setting", "A2"),
        ("Firm | A\nFirm | B", "repeated-setting", "A3"),
    ],
)
def test_settings_that_cannot_be_are_refused(row, code, cell):
    assert problem(row, code).cell == cell


@pytest.mark.parametrize("name", ["../logo.png", "C:\\logo.png", "https://x.com/a.png", "logo.svg", "logo", ".png"])
def test_a_logo_is_the_plain_name_of_a_picture(name):
    found = problem(f"Logo | {name}", "logo")
    assert found.cell == "B2"
    assert "workbook's own folder" in found.advice


def test_how_a_client_is_told_is_formal_and_full_unless_said_otherwise():
    found = policy("Firm |")
    assert (found.tone, found.explanation_length, found.logo) == (Tone.FORMAL, Length.FULL, "")
    assert problem("Tone | Angry", "not-a-choice").cell == "B2"


def test_a_misspelt_setting_is_refused_and_a_strange_one_only_noticed():
    assert "Minimum Trade $" in problem("Minimun Trade $ | 250", "unknown-setting").advice
    household, _ = smiths(Settings="Name | Value\nFavourite colour | blue")
    assert codes(household.notices) == ["unknown-setting"]


def test_no_order_and_no_drift_at_all_are_limits_and_a_blank_is_none():
    found = policy("Most Orders | 0", "Most Drift | 0%")
    assert (found.most_orders, found.most_drift) == (0, 0.0)
    found = policy("Most Orders |", "Most Drift |")
    assert (found.most_orders, found.most_drift) == (None, None)


def test_a_bare_percent_is_read_by_what_is_believable():
    household, found = smiths(Settings="Name | Value\nDiscount Rate | 4\nMinimum Trade % | 0.5\nMost Drift | 0.5")
    # A least trade of half the account is not believable, nor half the household off target; half a percent is.
    assert (found.discount_rate, found.min_trade_weight, found.most_drift) == (0.04, 0.005, 0.005)
    assert codes(household.notices) == ["percent-reading", "percent-reading", "percent-reading"]


def test_a_bare_tracking_error_is_in_points():
    # Nobody lets a household stray by half of its value a year: 0.5 is half a percent.
    assert policy("Tracking Trigger | 0.5", "Drift Measure | TE").tracking_trigger == 0.005
    assert policy("Tracking Trigger | 0.01").tracking_trigger == 0.01


def test_drift_is_measured_by_class_unless_said_otherwise():
    assert not policy("Firm |").tracking
    assert not policy("Drift Measure | Class").tracking
    assert policy("Drift Measure | Tracking error").tracking
