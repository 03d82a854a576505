"""`study`: the Riveras' answer on the screen, as a document and in a workbook; every wrong option and cell at once."""

from pathlib import Path

import openpyxl
import pytest

from tests.cli.riveras import call, call_json, damaged, riveras
from tests.files.test_studies import history
from tests.sheets.reading import table_values

FEW = ("--paths", 60, "--years", 4)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return riveras(tmp_path_factory.mktemp("study") / "riveras.xlsx")


def test_the_answer_the_tables_and_the_workbook(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "answer.xlsx"
    result = call("study", file, *FEW, "--out", out)
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "For this mix, looking quarterly with your bands kept the tracking error at" in said
    assert "No rule is claimed to add return" in said
    assert str(out) in result.stderr.replace("\n", "")
    assert [row["Rule"] for row in table_values(openpyxl.load_workbook(out), "StudyValue")][:2] == ["Never", "Annually"]


def test_the_document_is_the_same_from_the_same_seed_and_fits_its_schema(file: Path, tmp_path: Path) -> None:
    asked = ("study", file, *FEW, "--policies", "never,6m,bands-90d", "--reference", "6m", "--out", tmp_path / "a.xlsx")
    code, first = call_json(*asked)
    assert code == 0
    assert first["study"] == call_json(*asked)[1]["study"]
    assert first["study"] != call_json(*asked, "--seed", 2)[1]["study"]
    assert [line["rule"] for line in first["study"]["lines"]] == ["Never", "Semiannually", "Bands, quarterly"]
    assert first["study"]["reference"] == "Semiannually"
    for line in first["study"]["lines"]:
        found = line["difference_usd"]
        assert line["distinguishable"] is not (found["low"] <= 0 <= found["high"])


def test_a_history_and_a_step_up(file: Path, tmp_path: Path) -> None:
    past = history(tmp_path / "past.csv")
    code, told = call_json("study", file, *FEW, "--returns", past, "--step-up", "--out", tmp_path / "a.xlsx")
    assert code == 0
    assert (told["study"]["history_months"], told["study"]["step_up"]) == (36, True)
    # every class had the same returns: no mix strays from the target's
    assert {line["tracking_error"]["mean"] for line in told["study"]["lines"]} == {0.0}
    assert [line["rule"] for line in told["study"]["happened"]] == [line["rule"] for line in told["study"]["lines"]]


def test_wrong_options_and_wrong_cells_are_said_together(tmp_path: Path) -> None:
    file, cell = damaged(tmp_path / "damaged.xlsx")
    past = history(tmp_path / "past.csv", cell="x")
    code, told = call_json(
        "study", file, "--returns", past, "--policies", "often,bands-45d", "--reference", "sometimes"
    )
    assert code == 1
    assert [(one["sheet"], one["cell"]) for one in told["problems"]] == [
        ("--policies", ""), ("--policies", ""), ("--reference", ""), ("Holdings", cell), ("past", "line 6"),
    ]  # fmt: skip
    assert told["study"] is told["written"] is None
    assert not list(tmp_path.glob("* study*"))


def test_impossible_numbers_are_said_together(file: Path) -> None:
    code, told = call_json("study", file, "--paths", 1, "--years", 99, "--seed", -3, "--reference", "6m")
    assert code == 1
    assert [one["sheet"] for one in told["problems"]] == ["--reference", "--paths", "--years", "--seed"]


def test_the_households_own_workbook_is_never_written_over(file: Path) -> None:
    before = file.read_bytes()
    assert call("study", file, *FEW, "--out", file).exit_code == 1
    assert file.read_bytes() == before
