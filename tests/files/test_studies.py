"""A study's files: household and returns in, with the problems of both at once; a workbook of its own out."""

from pathlib import Path

import openpyxl
import pytest

from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.studies import read_returns, read_study, study_path, write_study
from rebal_xl.household import InputErrors
from rebal_xl.sample import sample_policy
from rebal_xl.study import Wishes, how_often
from tests.cli.riveras import damaged, riveras

CLASSES = [target.asset_class for target in sample_policy().targets]


def history(path: Path, months: int = 36, cell: str = "") -> Path:
    """Monthly returns of the Riveras' classes: every class 1 % up in one month and 0.5 % down in the next."""
    rows = [",".join(["Month", *CLASSES])]
    for month in range(months):
        value = "1%" if month % 2 else "-0.5%"
        rows.append(",".join([f"{2015 + month // 12}-{month % 12 + 1:02d}", *[value] * len(CLASSES)]))
    if cell:
        rows[5] = rows[5].replace("%", cell, 1)
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_returns_come_from_a_file_of_their_own_else_from_the_workbooks_table(tmp_path: Path) -> None:
    file = riveras(tmp_path / "riveras.xlsx")
    assert read_study(file).history is None
    given = read_study(file, returns=history(tmp_path / "past.csv"))
    assert (given.history.source, len(given.history.rows)) == ("past.csv", 36)
    workbook = openpyxl.load_workbook(file)
    sheet = workbook.create_sheet("Returns")
    for line in (tmp_path / "past.csv").read_text(encoding="utf-8").splitlines():
        sheet.append(line.split(","))
    workbook.save(file)
    assert read_study(file).history.rows == given.history.rows


def test_the_problems_of_both_files_are_said_at_once(tmp_path: Path) -> None:
    file, cell = damaged(tmp_path / "damaged.xlsx")
    with pytest.raises(InputErrors) as refused:
        read_study(file, returns=history(tmp_path / "past.csv", cell="x"))
    assert [(problem.sheet, problem.cell) for problem in refused.value.problems] == [
        ("Holdings", cell),
        ("past", "line 6"),
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"\x00\xff\xfe\x00 no text"])
def test_a_file_that_is_no_such_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = riveras(tmp_path / "riveras.xlsx")
    for name in ("past.csv", "past.xlsx"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FileRefused, match="past"):
            read_study(file, returns=tmp_path / name)


def test_a_bomb_and_an_external_entity_are_refused(tmp_path: Path) -> None:
    file = riveras(tmp_path / "riveras.xlsx")
    huge = tmp_path / "past.csv"
    huge.write_text("Month,A\n" + '"' + "x" * 200_000 + "\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="past"):
        read_study(file, returns=huge)


def test_read_returns_alone(tmp_path: Path) -> None:
    found = read_returns(history(tmp_path / "past.csv"), sample_policy())
    assert found.classes == tuple(CLASSES)


def test_the_study_goes_into_a_workbook_of_its_own(tmp_path: Path) -> None:
    file = riveras(tmp_path / "riveras.xlsx")
    before = file.read_bytes()
    given = read_study(file)
    study = how_often(given.household, given.policy, Wishes(paths=20, years=2))
    first, second = (write_study(file, study, None) for _ in range(2))
    assert [first.path.name, second.path.name] == ["riveras study.xlsx", "riveras study 2.xlsx"]
    assert openpyxl.load_workbook(first.path).sheetnames == ["Study"]
    # the same study is the same bytes
    assert first.path.read_bytes() == second.path.read_bytes()
    assert file.read_bytes() == before
    kept = write_study(file, study, first.path)
    assert kept.backup.read_bytes() == second.path.read_bytes()


def test_where_a_study_cannot_go_is_said_before_it_is_made(tmp_path: Path) -> None:
    file = riveras(tmp_path / "riveras.xlsx")
    with pytest.raises(FileRefused, match=r"must end in \.xlsx"):
        study_path(file, tmp_path / "study.xlsm")
    with pytest.raises(FileRefused, match="a workbook of its own"):
        study_path(file, file)
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(FileRefused, match="is a folder"):
        study_path(file, tmp_path / "folder.xlsx")
    # whatever the household is kept in
    assert study_path(tmp_path / "home.csv", None).name == "home study.xlsx"
