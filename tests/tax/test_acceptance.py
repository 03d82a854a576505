"""Twenty-five households whose federal tax is known to the cent, 2024 to 2026."""

import json
from pathlib import Path
from typing import Any

import pytest

from rebal_xl.household import FilingStatus, TaxProfile
from rebal_xl.tax import load_law, tax_bill

CASES = json.loads((Path(__file__).parent / "data" / "federal_acceptance_cases.json").read_text())["cases"]
STATUSES = {"single": "single", "mfj": "MFJ", "mfs": "MFS", "hoh": "HoH", "qss": "QSS"}


def test_all_cases_are_here():
    assert len(CASES) == 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['year']} {case['name']}")
def test_bill_is_exact(case: dict[str, Any]):
    given, expected = case["inputs"], case["expect"]
    other_dividends = given.get("ord_div", 0.0) - given.get("qual_div", 0.0)
    profile = TaxProfile(
        taxpayer="Household",
        status=FilingStatus(STATUSES[given["status"]]),
        ordinary_income_usd=given.get("wages", 0.0) + other_dividends,
        qualified_dividends_usd=given.get("qual_div", 0.0),
        other_investment_income_usd=other_dividends,
        short_carryforward_usd=given.get("st_carry", 0.0),
        long_carryforward_usd=given.get("lt_carry", 0.0),
    )
    bill = tax_bill(
        profile,
        given.get("st", 0.0),
        given.get("lt", 0.0),
        law=load_law(case["year"]),
        collectible_gain_usd=given.get("collect", 0.0),
    )
    found = {
        "agi": bill.agi_usd,
        "taxable": bill.taxable_income_usd,
        "income_tax": bill.income_tax_usd,
        "niit": bill.niit_usd,
        "amt": bill.amt_usd,
        "total": bill.federal_usd,
        "l7": bill.short_net_usd,
        "l15": bill.long_net_usd,
        "l21": max(0.0, -bill.gain_in_income_usd),
        "carry_st": bill.short_carryforward_usd,
        "carry_lt": bill.long_carryforward_usd,
    }
    assert found == pytest.approx({name: expected[name] for name in found}, abs=1e-6)
