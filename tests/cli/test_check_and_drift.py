"""`check` and `drift`: what is wrong with the Riveras' workbook and where, and how far they are from their target."""

from dataclasses import replace

import pytest

import rebal_xl
from rebal_xl.cli.show import summary
from rebal_xl.household import Drift, DriftLine
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template
from tests.cli.riveras import call, call_json, damaged, riveras


def test_a_workbook_with_nothing_wrong_passes_with_its_notices(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    result = call("check", file)
    assert result.exit_code == 0
    # The sample leaves the basis of the trust's old shares open, on purpose.
    assert "VB in Living Trust" in result.stdout
    assert "0 errors" in result.stdout


def test_a_word_in_place_of_a_number_is_named_with_its_cell_and_changes_nothing(tmp_path):
    file, cell = damaged(tmp_path / "riveras.xlsx")
    held = file.read_bytes()
    for command in ("check", "drift", "rebalance"):
        result = call(command, file)
        assert result.exit_code == 1
        shown = result.stdout if command == "check" else result.stderr
        assert f"Holdings!{cell}" in shown
        assert "a dozen" in shown
        code, document = call_json(command, file)
        assert code == 1
        assert ("Holdings", cell) in {(one["sheet"], one["cell"]) for one in document["problems"]}
    assert file.read_bytes() == held
    assert list(tmp_path.iterdir()) == [file]


def test_errors_come_before_notices(tmp_path):
    file, _ = damaged(tmp_path / "riveras.xlsx")
    kinds = [line.split()[0] for line in call("check", file).stdout.splitlines() if line[:1].isalpha()]
    assert kinds == sorted(kinds, key=["Error", "Notice"].index)
    assert "Error" in kinds


def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "letter.xlsx"
    file.write_bytes(b"Dear client,")
    for command in ("check", "drift", "rebalance"):
        result = call(command, file)
        assert result.exit_code == 1
        assert "letter.xlsx" in result.stderr
        assert "Traceback" not in result.stderr
        code, document = call_json(command, file)
        assert code == 1
        assert [one["code"] for one in document["problems"]] == ["file-refused"]


def test_check_says_what_only_the_optimizer_would_miss(tmp_path):
    """A method that is not offered, and a year whose law is not known, are problems before any search."""
    file = riveras(tmp_path / "riveras.xlsx")
    code, document = call_json("check", file, "--as-of", "2031-01-05")
    assert code == 1
    assert [one["code"] for one in document["problems"] if one["severity"] == "error"] == ["law-missing"]


def test_drift_is_that_of_the_python_interface(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    code, document = call_json("drift", file)
    measured = rebal_xl.drift(*rebal_xl.read_workbook(file))
    told = document["drift"]
    assert code == 0
    assert told["household_drift"] == round(measured.household_drift, 10)
    assert told["needed"] is measured.needed
    assert [(one["asset_class"], one["status"]) for one in told["classes"]] == [
        (line.asset_class, line.status) for line in measured.lines
    ]
    assert [one["actual_usd"] for one in told["classes"]] == [round(line.actual_usd, 2) for line in measured.lines]
    # Dollars are cents, so their total may be off by half a cent per class.
    assert sum(one["actual_usd"] for one in told["classes"]) == pytest.approx(told["value_usd"], abs=0.06)


def test_the_drift_table_shows_every_class_with_its_band_and_every_account(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    shown = call("drift", file).stdout
    # 30 % with a trigger of 20 % of target: 24 to 36 %.
    line = next(line for line in shown.splitlines() if line.startswith("US Large Cap"))
    assert "24.0 - 36.0%" in line
    assert "above band" in line
    for account in rebal_xl.read_workbook(file)[0].accounts:
        assert account.name in shown


def test_a_day_that_is_asked_for_wins_over_the_workbooks(tmp_path):
    file = riveras(tmp_path / "riveras.xlsx")
    for typed in ("2026-11-25", "11/25/2026"):
        _, document = call_json("drift", file, "--as-of", typed)
        assert document["drift"]["as_of"] == "2026-11-25"


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ((0.60, 0.40), "The household is 0.00% away from its target. Every class is inside its band"),
        # 75 against a band of 48 to 72 %, 25 against one of 32 to 48 %; drift (15 + 15) / 2.
        ((0.75, 0.25), "The household is 15.00% away from its target. 2 classes are outside their bands."),
    ],
)
def test_the_household_in_a_sentence(weights, sentence):
    stocks, bonds = weights
    lines = (
        DriftLine("Stocks", stocks * 1000, stocks, 0.60, 0.48, 0.72, 0.54, 0.66),
        DriftLine("Bonds", bonds * 1000, bonds, 0.40, 0.32, 0.48, 0.36, 0.44),
    )
    measured = Drift(1000.0, lines, 0.5 * sum(abs(line.drift) for line in lines))
    assert summary(measured).plain.startswith(sentence)


def test_a_household_that_follows_its_tracking_error_is_told_of_that_and_not_of_bands():
    line = DriftLine("US Stocks", 70_000.0, 0.70, 0.60)
    within = Drift(100_000.0, (line,), 0.10, 0.0099, (), 0.01)
    assert "tracking error of 0.99% a year, within its trigger of 1.00%: nothing" in summary(within).plain
    beyond = Drift(100_000.0, (line,), 0.10, 0.0101, (), 0.01)
    assert "tracking error of 1.01% a year, beyond its trigger of 1.00%." in summary(beyond).plain
    assert "band" not in summary(beyond).plain


def test_the_workbook_says_how_drift_is_measured_and_json_the_trigger(tmp_path):
    file = tmp_path / "riveras.xlsx"
    followed = replace(sample_policy(), tracking=True, tracking_trigger=0.015)
    save_workbook(build_template(sample_household(), followed), file)
    _, document = call_json("drift", file)
    drift = document["drift"]
    assert drift["tracking_trigger"] == 0.015
    assert drift["tracking_error"] > 0.015
    assert drift["needed"]
    assert {one["status"] for one in drift["classes"]} == {"no band"}
    assert call_json("drift", riveras(tmp_path / "by class.xlsx"))[1]["drift"]["tracking_trigger"] is None
