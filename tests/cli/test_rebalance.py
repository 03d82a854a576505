"""`rebalance`: the Riveras' plan, where it is written, and how the command ends."""

import io
import math
import signal
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from rich.console import Console

import rebal_xl
from rebal_xl.cli import jobs
from rebal_xl.cli.show_plan import show_plan
from rebal_xl.household import Method, Tone, Withdrawal, WithdrawalLevel
from rebal_xl.sample import sample_policy
from tests.cli.riveras import call, call_json, riveras
from tests.explain.stories import STORIES


def run_log(path):
    sheet = openpyxl.load_workbook(path)["Run Log"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(index for index, row in enumerate(rows) if row[0] == "When")
    # the orders of the runs stand below, with no day in their second column
    table = rows[start + 1 : next(index for index, row in enumerate(rows) if row[0] == "Fingerprint")]
    return [dict(zip(rows[start], row, strict=True)) for row in table if row[1] is not None]


def test_the_json_says_what_the_python_interface_says(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    code, document = call_json("rebalance", file)
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    told = document["plan"]
    assert code == 0
    assert [(one["account"], one["side"], one["symbol"], one["quantity"]) for one in told["trades"]] == [
        (trade.account, trade.side.value, trade.symbol, trade.quantity) for trade in plan.trades
    ]
    assert [(one["lot_id"], one["gain_usd"]) for one in told["lots_sold"]] == [
        (sale.lot_id, round(sale.gain_usd, 2)) for sale in plan.lot_sales
    ]
    assert told["fingerprint"] == plan.fingerprint
    assert told["cost"]["total_usd"] == round(plan.cost_usd, 2)
    assert told["tax"]["cost_usd"] == round(plan.tax.cost_usd, 2)
    assert told["after"]["household_drift"] == round(plan.after.household_drift, 10)
    # Each figure is rounded to a cent by itself.
    assert told["proof"]["gap_usd"] == pytest.approx(told["cost"]["total_usd"] - told["proof"]["bound_usd"], abs=0.011)
    assert sum(term["usd"] for term in told["cost"]["terms"]) == pytest.approx(told["cost"]["total_usd"], abs=0.06)


def test_a_client_is_told_the_same_in_the_json_in_python_and_on_the_sheet(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx", tone=Tone.FRIENDLY)
    told = call_json("rebalance", file)[1]["told"]
    household, policy = rebal_xl.read_workbook(file)
    assert policy.tone is Tone.FRIENDLY
    explained = rebal_xl.explanation(household, policy, rebal_xl.rebalance(household, policy))
    assert told["title"] == explained.title
    assert [one["text"] for one in told["headlines"]] == [one.figure.text for one in explained.headlines]
    assert [(one["key"], one["sentences"]) for one in told["sections"]] == [
        (one.key, [passage.text for passage in one.passages]) for one in explained.sections
    ]
    sheet = openpyxl.load_workbook(tmp_path / "riveras rebalanced.xlsx")["Explanation"]
    page = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    for part in told["sections"]:
        assert part["title"] in page
        assert all(sentence in page for sentence in (*part["sentences"], *told["small_print"]))


def test_the_plan_is_set_beside_ordinary_rebalancing(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    told = call_json("rebalance", file)[1]["plan"]
    shown = call("rebalance", file).stdout
    assert "Beside ordinary rebalancing, account by account (estimate)" in shown
    assert len(told["comparisons"]) == 2
    for way in told["comparisons"]:
        assert way["tax_saved_usd"] == pytest.approx(way["tax_usd"] - told["tax"]["cost_usd"], abs=0.011)
        assert way["household_drift"] >= told["after"]["household_drift"] - 1e-9
        assert f"{way['tax_usd']:,.2f}" in shown


def test_the_workbook_is_left_as_it_is_and_the_plan_goes_beside_it(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    held = file.read_bytes()
    result = call("rebalance", file)
    assert result.exit_code == 0
    assert file.read_bytes() == held
    assert sorted(path.name for path in tmp_path.iterdir()) == ["riveras rebalanced.xlsx", "riveras.xlsx"]
    assert "riveras rebalanced.xlsx" in result.stderr
    sheets = openpyxl.load_workbook(tmp_path / "riveras rebalanced.xlsx").sheetnames
    assert {
        "Dashboard",
        "Explanation",
        "Drift",
        "Trades",
        "Lots Sold",
        "Execution",
        "Tax",
        "Wash Sales",
        "Checks",
        "Run Log",
    } <= set(sheets)


def test_the_tables_show_trades_lots_tax_cost_dates_and_the_proof(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    shown = call("rebalance", file).stdout
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    for heading in (
        "Trades",
        "Why",
        "Lots sold",
        "Tax of Alex and Jordan Rivera",
        "What the plan costs",
        "Do not trade",
    ):
        assert any(line.startswith(heading) for line in shown.splitlines())
    for trade in plan.trades:
        assert f"{trade.amount_usd:,.2f}" in shown
    for block in plan.wash_blocks:
        assert f"{block.safe_from:%m/%d/%Y}" in shown
    assert f"No plan under these rules is more than ${math.ceil(plan.gap_usd):,} better" in shown


@pytest.mark.parametrize("columns", [80, 100])
def test_no_symbol_and_no_figure_is_cut_or_folded(tmp_path, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    file = riveras(tmp_path / "riveras.xlsx")
    shown = call("rebalance", file).stdout
    plan = rebal_xl.rebalance(*rebal_xl.read_workbook(file))
    words = shown.split()
    assert "…" not in shown
    assert max(len(line) for line in shown.splitlines()) <= columns
    for trade in plan.trades:
        assert trade.symbol in words
        assert f"{trade.amount_usd:,.2f}" in words


def test_in_place_keeps_a_backup_and_the_previous_run(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    held = file.read_bytes()
    assert call("rebalance", file, "--in-place", "--method", "full").exit_code == 0
    (backup,) = tmp_path.glob("riveras.backup-*.xlsx")
    assert backup.read_bytes() == held

    workbook = openpyxl.load_workbook(file)
    sheet = workbook["Run Log"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "When")
    for cell in header:
        if cell.value == "Note":
            sheet.cell(cell.row + 1, cell.column).value = "Client wants to wait"
        if cell.value == "Status":
            sheet.cell(cell.row + 1, cell.column).value = "not sent"
    workbook.save(file)

    assert call("rebalance", file, "--in-place").exit_code == 0
    sheets = openpyxl.load_workbook(file).sheetnames
    assert {"Trades", "Trades (previous)"} <= set(sheets)
    newest, earlier = run_log(file)
    assert (newest["Method"], newest["Status"], newest["Note"]) == ("Opportunistic", "proposed", None)
    assert (earlier["Method"], earlier["Status"], earlier["Note"]) == ("Full", "not sent", "Client wants to wait")
    assert newest["Fingerprint"] != earlier["Fingerprint"]


def test_a_file_named_with_out_is_replaced_only_with_a_backup(tmp_path):
    file, out = riveras(tmp_path / "riveras.xlsx"), tmp_path / "plan.xlsx"
    out.write_bytes(b"the advisor's own")
    code, document = call_json("rebalance", file, "--out", out)
    assert code == 0
    assert zipfile.is_zipfile(out)
    (backup,) = tmp_path.glob("plan.backup-*.xlsx")
    assert backup.read_bytes() == b"the advisor's own"
    assert document["written"] == {"workbook": str(out), "backup": str(backup)}


def test_a_withdrawal_that_nobody_can_pay_relaxes_a_rule_and_says_so(tmp_path):
    """Ten million dollars out of a household worth three and a half."""
    wish = Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 10_000_000.0)
    file = riveras(tmp_path / "riveras.xlsx", withdrawals=(wish,))
    result = call("rebalance", file)
    assert result.exit_code == 3
    assert "Rules that no plan could keep" in result.stdout
    assert "Withdrawal from the household" in result.stdout
    assert (tmp_path / "riveras rebalanced.xlsx").exists()
    code, document = call_json("rebalance", file)
    assert code == 3
    assert "Withdrawal from the household" in {one["rule"] for one in document["plan"]["relaxed"]}


def test_ctrl_c_keeps_the_best_plan_found(tmp_path, monkeypatch):
    """Ctrl-C once, as soon as there is a plan: the search ends, the plan is shown and written, and says so."""
    file = riveras(tmp_path / "riveras.xlsx")
    find_plan = jobs.api.rebalance
    pressed = []

    def impatient(household, policy, *, progress):
        def at_first_plan(cost_usd, bound_usd, seconds):
            if math.isfinite(cost_usd) and not pressed:
                pressed.append(seconds)
                signal.raise_signal(signal.SIGINT)
            return progress(cost_usd, bound_usd, seconds)

        return find_plan(household, policy, progress=at_first_plan)

    monkeypatch.setattr(jobs.api, "rebalance", impatient)
    before = signal.getsignal(signal.SIGINT)
    code, document = call_json("rebalance", file)
    assert pressed
    assert code in (0, 3)  # the first plan found may have rules to relax
    assert document["plan"]["status"] == "cancelled"
    assert run_log(tmp_path / "riveras rebalanced.xlsx")[0]["Proof"] == "cancelled"
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_before_there_is_a_plan_writes_nothing(tmp_path, monkeypatch):
    file = riveras(tmp_path / "riveras.xlsx")

    def hopeless(household, policy, *, progress):
        signal.raise_signal(signal.SIGINT)
        assert not progress(math.inf, -math.inf, 0.1)  # there is nothing to stop with yet
        raise rebal_xl.SolverError("The solver found no plan (Interrupted by user).")

    monkeypatch.setattr(jobs.api, "rebalance", hopeless)
    result = call("rebalance", file)
    assert result.exit_code == 130
    assert "Nothing was written" in result.stderr
    assert list(tmp_path.iterdir()) == [file]


def test_a_workbook_saved_while_the_search_ran_is_not_given_a_plan_of_its_past(tmp_path, monkeypatch):
    file = riveras(tmp_path / "riveras.xlsx")
    find_plan = jobs.api.rebalance

    def slow(household, policy, *, progress):
        plan = find_plan(household, policy, progress=progress)
        riveras(file, cost_per_order_usd=25.0)
        return plan

    monkeypatch.setattr(jobs.api, "rebalance", slow)
    result = call("rebalance", file, "--in-place", "--method", "full")
    assert result.exit_code == 1
    assert "changed in the meantime" in result.stderr
    assert list(tmp_path.iterdir()) == [file]
    assert "Trades" not in openpyxl.load_workbook(file).sheetnames


@pytest.mark.parametrize(
    "options",
    [
        ("--method", "yolo"),
        ("--as-of", "31/12/2026"),
        ("--gap", "-1"),
        ("--deadline", "0"),
        ("--in-place", "--out", "x.xlsx"),
        ("--everything",),
    ],
)
def test_a_wrong_call_ends_with_2_and_writes_nothing(tmp_path, options):
    file = riveras(tmp_path / "riveras.xlsx")
    result = call("rebalance", file, *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == [file]


def test_a_method_is_understood_however_it_is_typed(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    _, document = call_json("rebalance", file, "--method", "FULL", "--gap", "5", "--deadline", "20")
    assert document["plan"]["method"] == "Full"
    assert document["plan"]["proof"]["gap_bp"] <= 5


def test_an_open_workbook_is_noticed_before_the_search_not_after(tmp_path, monkeypatch):
    file = riveras(tmp_path / "riveras.xlsx")
    (tmp_path / "~$riveras.xlsx").write_bytes(b"")
    monkeypatch.setattr(jobs.api, "rebalance", lambda *_, **__: pytest.fail("searched in vain"))
    result = call("rebalance", file, "--in-place")
    assert result.exit_code == 1
    assert "open in Excel" in result.stderr


@pytest.mark.parametrize("method", [method for method in Method if method is not Method.NONE])
def test_every_method_is_offered_and_named(method, tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    result = call("rebalance", file, "--method", method.value.replace(" ", "-").lower())
    assert result.exit_code == 0
    assert f"Rivera Household: {method.value} as of 11/20/2026" in result.stdout
    assert method.value in " ".join(call("rebalance", "--help").stdout.split())


def test_method_none_does_the_typed_trade_once_it_is_kept(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    # the sample remembers a sale of 100 BNDX, which is not kept
    assert call("rebalance", file, "--method", "none").exit_code == 1
    kept = tuple(replace(trade, keep=True) for trade in sample_policy().my_trades)
    code, document = call_json("rebalance", riveras(tmp_path / "kept.xlsx", my_trades=kept), "--method", "none")
    assert code == 0
    assert [(one["account"], one["side"], one["symbol"], one["quantity"]) for one in document["plan"]["trades"]] == [
        ("Alex IRA", "Sell", "BNDX", 100.0)
    ]


def test_ways_matched_by_tracking_error_show_it_on_the_screen():
    console = Console(record=True, width=160, file=io.StringIO())
    plan = STORIES["followed_by_tracking_error"]().plan
    show_plan(console, plan)
    said = console.export_text()
    heading = next(line for line in said.splitlines() if "All costs" in line)
    assert heading.split() == ["Way", "Tax", "All", "costs", "Drift", "after", "Tracking", "error", "Orders"]
    usual = next(line for line in said.splitlines() if line.strip().startswith("Each account's own lot method"))
    assert f"{round(100 * plan.compared[1].tracking_error, 2):.2f}%" in usual
