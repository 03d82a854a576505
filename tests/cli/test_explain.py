"""`explain`: a small household whose limit on long gains costs money, as text and as a document."""

from pathlib import Path

import pytest

import rebal_xl
from rebal_xl.household import Account, BandType, Target
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.cli.riveras import call, call_json, damaged
from tests.optimize.homes import IRA, TAXABLE, banded, bond, days_ago, household, lot, policy, profile, stock

# As `banded`, with a band for bonds that a workbook may hold.
RULES = policy((banded(0.60)[0], Target("Bond", 0.40, BandType.ABSOLUTE, 0.4, 0.4)))


@pytest.fixture
def limited(tmp_path: Path) -> Path:
    """80 % of stock against a destination of 66 %; $400 of long gain are allowed where $1,400 would be cheapest.

    A long gain is taxed at 18.8 %, a short one at 27.8 % (see tests/optimize/test_waiting.py): $90 for $1,000.
    """
    held = [
        lot("Joint", "STK", 400.0, 36_000.0),
        lot("Joint", "STK", 400.0, 36_000.0, acquired=days_ago(100)),
        lot("Joint", "BND", 400.0, 20_000.0),
    ]
    home = household(
        [Account("Joint", TAXABLE)], held, [stock(), bond()], taxpayers=(profile(long_gain_limit_usd=400.0),)
    )
    file = tmp_path / "limited.xlsx"
    file.write_bytes(workbook_bytes(build_template(home, RULES)))
    return file


def test_orders_rules_and_the_proof_are_shown_and_nothing_is_written(limited: Path) -> None:
    held = limited.read_bytes()
    result = call("explain", limited)
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "Long gain limit of Couple, raised from $400 to $1,400: saves $90." in shown
    assert "Sell STK, Joint" in shown
    free = "saves no money that could be told from the gaps of the plans, and from prices that nobody pays"
    assert f"Loosening these {free}: " in shown
    assert "No plan under these rules is more than" in shown
    assert limited.read_bytes() == held
    assert list(limited.parent.iterdir()) == [limited]


def test_the_document_holds_the_rules_and_the_orders(limited: Path) -> None:
    code, document = call_json("explain", limited)
    told = document["explanation"]
    assert code == 0
    rule = next(one for one in told["rules"]["binding"] if one["rule"] == "Long gain limit of Couple")
    assert rule["saves_usd"] == pytest.approx(90.0, abs=0.5)
    assert rule["mends"] == []
    assert told["rules"]["not_tried"] == []
    sold = next(one for one in told["trades"] if one["side"] == "Sell")
    # $400 long and $1,000 short
    assert sold["tax_usd"] == pytest.approx(0.188 * 400.0 + 0.278 * 1_000.0, abs=0.5)
    assert told["tax"]["cost_usd"] == pytest.approx(sold["tax_usd"])


def test_the_document_says_what_the_python_interface_says(limited: Path) -> None:
    household, rules = rebal_xl.read_workbook(limited)
    plan = rebal_xl.rebalance(household, rules)
    seen: list[str] = []
    costs = rebal_xl.binding_rules(household, rules, plan, progress=lambda number, total, rule: bool(seen.append(rule)))
    _, document = call_json("explain", limited)
    told = document["explanation"]["rules"]
    assert [one["sentence"] for one in told["binding"]] == [one.sentence for one in costs.binding]
    assert told["free"] == list(costs.free)
    assert set(seen) == {*(one.rule for one in costs.binding), *costs.free}


def test_rules_that_cannot_be_kept_end_with_their_code_and_say_what_would_mend_them(tmp_path: Path) -> None:
    held = [lot("IRA", "STK", 900.0, locked=True), lot("IRA", "BND", 200.0)]
    file = tmp_path / "locked.xlsx"
    file.write_bytes(workbook_bytes(build_template(household([Account("IRA", IRA)], held), RULES)))
    result = call("explain", file)
    assert result.exit_code == 3
    assert "Locked lots in IRA (STK), lifted: Band of Stock is kept." in " ".join(result.stdout.split())


def test_a_workbook_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    broken, cell = damaged(tmp_path / "riveras.xlsx")
    code, document = call_json("explain", broken)
    assert (code, document["explanation"]) == (1, None)
    assert any(problem["cell"] == cell for problem in document["problems"])
