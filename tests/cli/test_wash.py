"""`wash`: the Riveras' ledger, as tables and as a document."""

from dataclasses import replace
from datetime import date

import pytest

import rebal_xl
from rebal_xl.household import Account, Lot, RecentTrade, Security, Side, TaxTreatment
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.cli.riveras import call, call_json, damaged, riveras


@pytest.fixture
def washed(tmp_path):
    """Their workbook in which the loss on VNQ of 2 November, $1,240.55 on 85 shares, was washed in three ways."""
    home = sample_household()
    taxable = sorted(one.name for one in home.accounts if one.taxable and one.name != "Joint Brokerage")[0]
    bought = (
        RecentTrade("Joint Brokerage", "VNQ", date(2026, 11, 5), Side.BUY, 17.0),
        RecentTrade(taxable, "VNQ", date(2026, 11, 6), Side.BUY, 17.0),
        RecentTrade("Alex IRA", "VNQ", date(2026, 11, 9), Side.BUY, 17.0),
    )
    lots = tuple(Lot(one.account, "VNQ", 17.0, 1_500.0, one.traded) for one in bought)
    home = replace(home, recent_trades=(*home.recent_trades, *bought), lots=(*home.lots, *lots))
    file = tmp_path / "riveras.xlsx"
    file.write_bytes(workbook_bytes(build_template(home, sample_policy())))
    return file


def test_the_loss_of_this_month_and_the_day_from_which_it_is_safe(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    held = file.read_bytes()
    result = call("wash", file)
    assert result.exit_code == 0
    (loss,) = [line for line in result.stdout.splitlines() if line.startswith("11/02/2026")]
    assert loss.split()[:2] == ["11/02/2026", "Joint"]
    assert "1,240.55" in loss
    assert "open until 12/02/2026" in loss
    (wait,) = [line for line in result.stdout.splitlines() if line.startswith("VNQ")]
    assert "12/03/2026" in wait
    assert file.read_bytes() == held


def test_each_part_of_a_loss_says_what_became_of_it(washed):
    shown = call("wash", washed).stdout
    # a fifth each: 1,240.55 / 5 = 248.11, and two fifths are left
    assert "Of $1,240.55 of losses $744.33 is disallowed, $248.11 of it for good." in shown
    for fate in ("in the custodian's basis", "add $248.11 to the basis", "lost for good", "open until"):
        assert fate in shown
    assert "496.22" in shown


def test_the_document_is_the_ledger_of_the_python_interface(washed):
    code, document = call_json("wash", washed)
    household, policy = rebal_xl.read_workbook(washed)
    ledger = rebal_xl.household_ledger(household, policy.as_of)
    told = document["wash"]
    assert code == 0
    assert (told["disallowed_usd"], told["permanent_usd"]) == (744.33, 248.11)
    (sale,) = told["sales"]
    assert (sale["allowed_usd"], sale["open_shares"], sale["open_until"]) == (496.22, 34, "2026-12-02")
    fates = [(new["in_custodian_basis_usd"], new["basis_to_add_usd"], new["permanent"]) for new in sale["replacements"]]
    assert fates == [
        (248.11, 0, False),
        (0, 248.11, False),
        (0, 0, True),
    ]
    assert [one["group"] for one in told["dates"]] == [one.group for one in ledger.dates]
    assert [one["symbol"] for one in told["reinvestments"]] == [one.symbol for one in ledger.reinvestments]


def test_as_of_moves_the_day(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    _, document = call_json("wash", file, "--as-of", "2026-12-02")
    assert document["wash"]["sales"][0]["open_until"] == "2026-12-02"
    _, document = call_json("wash", file, "--as-of", "2026-12-03")
    assert document["wash"]["sales"][0]["open_until"] is None


def test_a_household_that_took_no_loss_and_one_that_cannot_be_read(tmp_path):
    file = tmp_path / "quiet.xlsx"
    home = replace(sample_household(), recent_trades=())
    file.write_bytes(workbook_bytes(build_template(home, sample_policy())))
    assert "No loss was taken" in call("wash", file).stdout
    broken, cell = damaged(tmp_path / "riveras.xlsx")
    assert f"Holdings!{cell}" in call("wash", broken).stderr
    code, document = call_json("wash", broken)
    assert (code, document["wash"]) == (1, None)


def test_unknown_results_and_smaller_gains_are_told(tmp_path):
    home = sample_household()
    payer = home.taxpayers[0].taxpayer
    home = replace(
        home,
        accounts=(*home.accounts, *(Account(name, TaxTreatment.TAXABLE, taxpayer=payer) for name in ("Ann", "Bob"))),
        securities=(*home.securities, Security("XYZ", 10.0, (("US Large Cap", 1.0),))),
        recent_trades=(
            RecentTrade("Ann", "XYZ", date(2026, 10, 1), Side.SELL, 10.0, gain_usd=-100.0),
            RecentTrade("Bob", "XYZ", date(2026, 10, 5), Side.BUY, 10.0),
            RecentTrade("Bob", "XYZ", date(2026, 11, 5), Side.SELL, 10.0, gain_usd=250.0),
            RecentTrade("Ann", "XYZ", date(2026, 11, 6), Side.SELL, 1_234_567.0),
        ),
    )
    file = tmp_path / "parkers.xlsx"
    file.write_bytes(workbook_bytes(build_template(home, sample_policy())))
    shown = call("wash", file).stdout
    assert "write its gain in Recent Trades" in shown
    assert "1,234,567" in shown
    assert "the gain is smaller by it" in shown
    told = call_json("wash", file)[1]["wash"]
    assert [(one["gain_usd"], one["carried_in_usd"]) for one in told["smaller_gains"]] == [(250, 100)]
    assert [(one["gain_usd"], one["quantity"]) for one in told["unknown"]] == [(None, 1_234_567)]
