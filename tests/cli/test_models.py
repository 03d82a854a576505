"""`rebalance` and `check` on a workbook that follows a model of models, as an advisor would write it."""

from pathlib import Path

import openpyxl
import pytest

from tests.cli.riveras import call, call_json

ACCOUNTS = [("Account", "Tax Treatment", "Cash"), ("IRA", "tax-deferred", 5_000.0)]
HOLDINGS = [
    ("Account", "Symbol", "Quantity"),
    ("IRA", "VTI", 100.0),
    ("IRA", "VB", 50.0),
    ("IRA", "BND", 500.0),
    ("IRA", "VXUS", 200.0),
]
SECURITIES = [
    ("Symbol", "Asset Class", "Price"),
    ("VTI", "US Large", 250.0),
    ("VB", "US Small", 270.0),
    ("VXUS", "International", 73.0),
    ("BND", "US Bonds", 75.0),
]
MODELS = [
    ("Model", "Asset Class or Model", "Weight"),
    ("Equity", "US", 0.7),
    ("Equity", "International", 0.3),
    ("US", "US Large", 0.8),
    ("US", "US Small", 0.2),
    ("Growth", "Equity", 0.6),
    ("Growth", "US Bonds", 0.4),
]
SETTINGS = [("Name", "Value"), ("Model", "Growth"), ("As Of", "11/20/2026"), ("Method", "Full")]


def written(file: Path, **changed: list[tuple[object, ...]]) -> Path:
    """A workbook of plain sheets; `changed` are sheets by name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {"Accounts": ACCOUNTS, "Holdings": HOLDINGS, "Securities": SECURITIES, "Models": MODELS,
              "Settings": SETTINGS} | changed  # fmt: skip
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def targets(document: dict[str, object]) -> dict[str, float]:
    lines = document["plan"]["before"]["classes"]  # type: ignore[index]
    return {line["asset_class"]: line["target_weight"] for line in lines if line["target_weight"]}


def test_a_nested_model_is_rebalanced_to(tmp_path: Path) -> None:
    code, document = call_json("rebalance", written(tmp_path / "home.xlsx"), "--out", tmp_path / "plan.xlsx")
    assert code == 0
    assert targets(document) == {
        "US Large": pytest.approx(0.6 * 0.7 * 0.8),
        "US Small": pytest.approx(0.6 * 0.7 * 0.2),
        "International": pytest.approx(0.6 * 0.3),
        "US Bonds": pytest.approx(0.4),
    }
    ended = {line["asset_class"]: line["actual_weight"] for line in document["plan"]["after"]["classes"]}
    # to whole shares of $270 at most, a few of them in $95,600
    assert ended["US Large"] == pytest.approx(0.336, abs=0.01)
    assert "Drift" in openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames


def test_a_household_differs_from_its_model(tmp_path: Path) -> None:
    own = [("Asset Class", "Target %"), ("US Bonds", 0.5)]
    code, document = call_json(
        "rebalance", written(tmp_path / "home.xlsx", Targets=own), "--out", tmp_path / "plan.xlsx"
    )
    assert code == 0
    # half is left for the 60 % of the others
    assert targets(document)["US Large"] == pytest.approx(0.336 * 0.5 / 0.6)


def test_a_class_of_which_nothing_is_left_ends_at_nothing(tmp_path: Path) -> None:
    # $5,050 of cash buys 69 shares of $73, $5,037, and $13 are left of $86,650; then exactly $5,037 leaves nothing
    accounts = [ACCOUNTS[0], ("IRA", "tax-deferred", 69 * 73.0)]
    half = [("Asset Class", "Target %"), ("International", 1.0)]
    file = written(
        tmp_path / "home.xlsx",
        Accounts=accounts,
        Holdings=[HOLDINGS[0], HOLDINGS[4]],
        Models=[MODELS[0]],
        Targets=half,
        Settings=[SETTINGS[0], *SETTINGS[2:]],
    )
    result = call("rebalance", file, "--out", tmp_path / "plan.xlsx")
    assert result.exit_code == 0
    (cash,) = [line for line in result.stdout.splitlines() if line.startswith("Cash ")]
    # target, before (5,037 of 19,637), after
    assert cash.split()[1:4] == ["0.00%", "25.65%", "0.00%"]


def test_every_problem_of_models_and_symbols_at_once(tmp_path: Path) -> None:
    models = [MODELS[0], ("Growth", "A", 0.9), ("A", "B", 1.0), ("B", "A", 1.0)]
    held = [*HOLDINGS, ("IRA", "ZZQQ", 5.0)]
    result = call("check", written(tmp_path / "home.xlsx", Models=models, Holdings=held))
    shown = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert "The model A contains itself: A in B in A." in shown
    assert "The weights of the model Growth sum to 90 %." in shown
    assert "ZZQQ is held but has no asset class anywhere." in shown
    assert "ZZQQ has no price." in shown
