"""The door as a whole: a plain household is read without a word, and a bad one is refused with all its problems."""

import random
from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import Account, Lot, Method, Severity, Target, TaxTreatment
from rebal_xl.intake import door
from rebal_xl.sample import sample_household, sample_policy
from tests.intake.story import (
    AS_OF,
    SMITH,
    book,
    codes,
    fenced,
    only,
    read,
    refused,
    sheet,
    smith,
    smiths,
    smiths_refused,
)


def test_a_plain_household_is_read_without_a_word():
    household, policy = smiths()
    assert household.notices == ()
    assert [account.name for account in household.accounts] == ["Ann IRA", "Joint"]
    assert household.account("Ann IRA") == Account("Ann IRA", TaxTreatment.TAX_DEFERRED, owner="Ann", cash_usd=1000.0)
    assert household.lots[-1] == Lot(
        "Joint", "VTI", 100.0, 20_000.0, acquired=date(2020, 3, 16), lot_id="VTI 2020-03-16"
    )
    # 100 and 50 shares at 250, 200 at 75, and 6,000 of cash
    assert household.total_usd == 150 * 250 + 200 * 75 + 6_000
    assert policy.targets == (Target("US Stocks", 0.6), Target("US Bonds", 0.4))
    assert policy.as_of == AS_OF
    assert policy.method is Method.OPPORTUNISTIC


def test_holdings_and_targets_alone_are_a_plain_workbook():
    household, policy = read(
        """
        [Holdings]
        Account | Symbol | Quantity | Price | Asset Class | Cost Basis | Acquired
        Joint | VTI | 100 | 250 | US Stocks | 20000 | 03/16/2020
        Roth IRA | BND | 200 | 75 | US Bonds | |
        [Targets]
        Asset Class | Target %
        US Stocks | 60
        US Bonds | 40
        """
    )
    assert household.account("Joint").treatment is TaxTreatment.TAXABLE
    assert household.account("Roth IRA").treatment is TaxTreatment.ROTH
    assert household.security("VTI").class_mix == (("US Stocks", 1.0),)
    assert [target.weight for target in policy.targets] == [0.6, 0.4]
    assert codes(household.notices) == [
        "treatment-from-name",
        "treatment-from-name",
        "percent-reading",
        "no-tax-profile",
    ]
    assert all(notice.severity is Severity.NOTICE for notice in household.notices)


def test_all_problems_come_at_once_in_the_order_of_the_sheets():
    problems = smiths_refused(
        Accounts="Account | Tax Treatment\nJoint | taxible\nAnn IRA | IRA",
        Holdings="Account | Symbol | Quantity\nJoin | VTI | 100\nJoint | XYZ | ten",
        Targets="Asset Class | Target %\nUS Stocks | 60%\nUS Bonds | 50%",
    )
    assert [(problem.code, problem.place) for problem in problems] == [
        ("not-a-choice", "Accounts!B2"),
        ("unknown-account", "Holdings!A2"),
        ("not-a-number", "Holdings!C3"),
        ("targets-total", "Targets!B2"),
    ]
    assert all(problem.severity is Severity.ERROR and problem.advice for problem in problems)
    assert 'Did you mean "Joint"?' in problems[1].message


def test_an_empty_book_says_what_is_missing():
    assert codes(refused("[Sheet1]\nhello")) == ["no-holdings", "no-targets"]
    assert codes(smiths_refused(Targets=None)) == ["no-targets"]
    empty = smiths_refused(Targets="Asset Class | Target %")
    assert codes(empty) == ["no-targets"]


def test_a_household_of_nothing_is_refused():
    assert codes(
        smiths_refused(Holdings="Account | Symbol | Quantity", Accounts="Account | Tax Treatment\nJoint | taxable")
    ) == ["nothing-held"]
    household, _ = smiths(
        Holdings="Account | Symbol | Quantity", Accounts="Account | Tax Treatment | Cash\nJoint | taxable | 9000"
    )
    assert household.total_usd == 9_000.0


def test_the_as_of_date_is_the_setting_else_the_argument_else_today_in_new_york(monkeypatch):
    setting = "Name | Value\nAs Of | 05/01/2026"
    assert read(*smith(Settings=setting))[1].as_of == date(2026, 5, 1)
    assert read(*smith(), as_of=date(2026, 5, 2))[1].as_of == date(2026, 5, 2)
    assert door.read_grids(book(*smith(Settings=setting)), date(2026, 5, 4), as_of_wins=True)[1].as_of == date(
        2026, 5, 4
    )
    monkeypatch.setattr(door, "today_in_new_york", lambda: date(2026, 5, 3))
    assert read(*smith(), as_of=None)[1].as_of == date(2026, 5, 3)


def shuffled(text: str, seed: int) -> str:
    header, *rows = [line for line in text.strip().splitlines() if line.strip()]
    random.Random(seed).shuffle(rows)
    return "\n".join([header, *rows])


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_rows_never_matters(seed):
    tables = {
        **SMITH,
        "Holdings": """
            Account | Symbol | Quantity | Cost Basis | Acquired | Asset Class
            Joint | VTI | 100 | 20000 | 03/16/2020 |
            Joint | VTI | 100 | 20000 | 03/16/2020 |
            Joint | VTI | 40 | 9000 | 03/16/2020 | us stocks
            Joint | BND | 200 | 15000 | 06/10/2025 |
            Joint | BND | 10 | | Various |
            Ann IRA | VTI | 50 | | |
            Ann IRA | CASH | 700 | | |
            Ann IRA | SPAXX** | 300 | | |
            Joint | MIX | 5 | 100 | 01/05/2024 |
        """,
        "Accounts": "Account | Tax Treatment | Owner\nJoint | taxable | \nAnn IRA | IRA | Ann",
        "Securities": "Symbol | Asset Class | Price\nVTI | US Stocks | 250\nBND | US Bonds | 75\nMIX | | 20",
        "ClassMix": "Symbol | Asset Class | Weight\nMIX | US Bonds | 70%\nMIX | US Stocks | 30%",
        "RecentTrades": "Account | Symbol | Date | Side | Quantity\nJoint | VTI | 06/01/2026 | Buy | 5\n"
        "Joint | BND | 06/01/2026 | Sell | 7",
    }
    kept, _ = read(*[sheet(name, text) for name, text in tables.items()])
    mixed, _ = read(*[sheet(name, shuffled(text, seed)) for name, text in tables.items()])
    assert replace(mixed, notices=()) == replace(kept, notices=())
    assert sorted(codes(mixed.notices)) == sorted(codes(kept.notices))


def test_two_thousand_lots_are_read():
    rows = "\n".join(
        f"Joint | VTI | {1 + number % 7} | {150 + number} | {1 + number % 12:02d}/{1 + number % 28:02d}/2019"
        for number in range(2_000)
    )
    household, _ = smiths(Holdings="Account | Symbol | Quantity | Cost Basis | Acquired\n" + rows)
    assert len(household.lots) == 2_000
    assert len({lot.lot_id for lot in household.lots}) == 2_000
    assert sum(lot.basis_usd for lot in household.lots) == sum(150 + number for number in range(2_000))


def test_excel_tables_and_plain_sheets_read_the_same():
    plain, _ = smiths()
    tables, _ = read(*[fenced(f"Sheet{n}", text, name, first_row=3) for n, (name, text) in enumerate(SMITH.items())])
    assert tables == plain


def test_the_1904_date_system_moves_bare_day_numbers_only():
    # 43906 is 16 March 2020 in the 1900 system; the 1904 system counts 1,462 days fewer.
    holdings = "Account | Symbol | Quantity | Cost Basis | Acquired\nJoint | VTI | 100 | 20000 | {}"
    kept, _ = smiths(Holdings=holdings.format("43906"))
    moved, _ = read(*smith(Holdings=holdings.format("42444")), date1904=True)
    given, _ = read(*smith(Holdings=holdings.format("03/16/2020")), date1904=True)
    assert kept.lots[0].acquired == moved.lots[0].acquired == given.lots[0].acquired == date(2020, 3, 16)


def test_the_sample_household_survives_its_own_rows():
    """What the template writes of a household is read back as that household."""
    from tests.intake.template import template_book

    household, policy = sample_household(), sample_policy()
    again, wanted = door.read_grids(template_book(household, policy))
    assert wanted == policy
    # Shares that came without their history cannot be sold at a guess.
    lots = [replace(lot, locked=True) if lot.lot_id == "LT-VB-04" else lot for lot in household.lots]
    assert replace(again, notices=()) == replace(household, lots=tuple(lots), notices=())


def test_the_findings_of_one_book_are_the_same_every_time():
    assert book(*smith()) == book(*smith())
    problems = smiths_refused(Holdings="Account | Symbol | Quantity\nJoint | ZZZZ | 1\nJoint | ZZZZ | 2")
    assert only(problems, "unknown-symbol").place == "Holdings!B2"
