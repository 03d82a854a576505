"""The sample workbook: every lot, account and target is in it, and it is the same file every time."""

import openpyxl
import pytest

from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sample.workbook import write_sample_workbook

HOUSEHOLD = sample_household()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_sample_workbook(tmp_path_factory.mktemp("book") / "new folder" / "sample.xlsx")


@pytest.fixture(scope="module")
def tables(path):
    """Table name -> its data rows as dictionaries by header."""
    found = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        for table in sheet.tables.values():
            header, *rows = sheet[table.ref]
            names = [cell.value for cell in header]
            found[table.name] = [dict(zip(names, [cell.value for cell in row], strict=True)) for row in rows]
    return found


def test_two_workbooks_are_byte_identical(path, tmp_path):
    assert write_sample_workbook(tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_every_noun_has_its_row(tables):
    assert len(tables["Holdings"]) == len(HOUSEHOLD.lots)
    assert len(tables["Securities"]) == 35
    assert len(tables["Accounts"]) == 8
    assert len(tables["People"]) == 2
    assert len(tables["TaxProfile"]) == 2
    assert len(tables["Targets"]) == 11
    assert len(tables["RecentTrades"]) == len(HOUSEHOLD.recent_trades)
    assert len(tables["Withdrawals"]) == 1
    # VTI, VTSAX, ITOT, VXUS and FTIHX look through to two classes each, the target-date fund to six
    assert len(tables["ClassMix"]) == 5 * 2 + 6


def test_holdings_cost_what_the_lots_cost(tables):
    written = sum(row["Cost Basis"] or 0.0 for row in tables["Holdings"])
    assert written == pytest.approx(sum(lot.basis_usd or 0.0 for lot in HOUSEHOLD.lots))


def test_account_numbers_and_cusips_are_text(tables):
    (bond,) = [row for row in tables["Securities"] if row["Symbol"] == "91282CFV8"]
    assert bond["Price Divisor"] == 100
    assert all(isinstance(row["Symbol"], str) for row in tables["Holdings"])


def test_the_as_of_date_is_in_the_settings(tables):
    settings = {row["Name"]: row["Value"] for row in tables["Settings"]}
    assert settings["As Of"].date() == sample_policy().as_of
    assert settings["Household Name"] == "Rivera Household"
