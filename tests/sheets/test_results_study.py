"""The Study sheet: every figure where it belongs, noise said, pictures that refer to the sheet's own tables."""

import re
from dataclasses import replace

import pytest
from openpyxl import Workbook

from rebal_xl.household import Estimate, HappenedLine
from rebal_xl.sheets.results import RESULT_TABLES
from rebal_xl.sheets.results_sheet import MARK
from rebal_xl.sheets.results_study import CARE, CLASSES, HAPPENED, VALUE, study_workbook
from rebal_xl.sheets.save import save_workbook
from rebal_xl.study.rules import bands
from rebal_xl.study.sentences import study_sentences
from tests.sheets.reading import reopened, row_of, table_values
from tests.study.test_sentences import QUARTER, STUDY
from tests.tools.ooxml import validate

APART = replace(QUARTER, rule=bands(1), difference_usd=Estimate(9_000.0, 4_000.0, 14_000.0))
PAST = HappenedLine(bands(3), 1_234_567.891, -50.0, 0.0051, 0.02, 30.0, 5.0)
WHOLE = replace(STUDY, lines=(*STUDY.lines, APART), happened=(PAST,), history_months=312, source="past.csv")
STORY = replace(WHOLE, sentences=study_sentences(WHOLE))


@pytest.fixture(scope="module")
def results() -> Workbook:
    return reopened(study_workbook(STORY, "Example Wealth"))


def test_each_rule_has_its_value_its_difference_and_whether_that_is_noise(results: Workbook) -> None:
    assert [row["Rule"] for row in table_values(results, VALUE.name)] == [
        "Never", "Annually", "Bands, quarterly", "Bands, monthly",
    ]  # fmt: skip
    noise = row_of(results, VALUE.name, Rule="Bands, quarterly")
    assert (noise["Difference"], noise["±"], noise["From"], noise["To"]) == (-2_000, 4_000, -6_000, 2_000)
    assert noise["Beyond Noise"] == "No"
    assert row_of(results, VALUE.name, Rule="Bands, monthly")["Beyond Noise"] == "Yes"
    reference = row_of(results, VALUE.name, Rule="Annually")
    # what is compared with itself has no interval
    assert (reference["Difference"], "±" in reference, "Beyond Noise" in reference) == (0, False, False)
    assert (reference["5th Pct"], reference["95th Pct"]) == (800_000, 1_200_000)


def test_what_it_took_and_what_was_assumed(results: Workbook) -> None:
    care = row_of(results, CARE.name, Rule="Bands, quarterly")
    assert (care["Tracking Error"], care["Orders a Year"], care["Tax on the Way"]) == (0.0042, 8.25, 40_000)
    assert row_of(results, CARE.name, Rule="Never")["Lean"] == 0.002
    stock = row_of(results, CLASSES.name, **{"Asset Class": "Stock"})
    assert (stock["Taxable"], stock["Basis"], stock["Expected Return"]) == (600_000, 300_000, 0.08)
    past = row_of(results, HAPPENED.name, Rule="Bands, quarterly")
    assert (past["After-Tax Value"], past["Difference"]) == (1_234_567.89, -50)


def test_the_answer_stands_on_top_and_every_other_sentence_below(results: Workbook) -> None:
    sheet = results["Study"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert sheet["A3"].value == STORY.sentences[0]
    assert set(STORY.sentences) <= set(texts)
    assert "hypothetical" in sheet["A2"].value
    assert "1,000 paths of 20 years · seed 1 · 2026 law" in sheet["A2"].value
    assert sheet.defined_names[MARK].attr_text == '"Study"'
    assert "Example Wealth" in sheet.oddFooter.left.text


def test_pictures_refer_to_the_tables_of_the_sheet(results: Workbook) -> None:
    bars, points = results["Study"]._charts
    (series,) = bars.series
    value, care = (results["Study"].tables[table.name].ref for table in (VALUE, CARE))
    first, last = (int(number) for number in re.findall(r"\d+", value))
    letters = dict(zip([column.name for column in VALUE.columns], "ABCDEFGHIJK", strict=True))
    assert series.val.numRef.f == f"'Study'!${letters['Difference']}${first + 1}:${letters['Difference']}${last}"
    whisker = f"'Study'!${letters['±']}${first + 1}:${letters['±']}${last}"
    assert (series.errBars.plus.numRef.f, series.errBars.minus.numRef.f) == (whisker, whisker)
    row = int(re.findall(r"\d+", care)[0]) + 1
    assert [one.tx.strRef.f for one in points.series] == [f"'Study'!$A${row + step}" for step in range(4)]
    # no interval is cut off: 40,000 above and 6,000 below
    assert bars.y_axis.scaling.max >= 40_000
    assert bars.y_axis.scaling.min <= -6_000
    assert bars.y_axis.scaling.max % bars.y_axis.majorUnit == 0


def test_the_tables_are_described_and_without_a_history_there_is_none() -> None:
    assert {VALUE, CARE, HAPPENED, CLASSES} <= set(RESULT_TABLES)
    book = reopened(study_workbook(replace(STORY, happened=())))
    assert set(book["Study"].tables) == {VALUE.name, CARE.name, CLASSES.name}


def test_equal_rules_make_an_axis_all_the_same() -> None:
    same = tuple(replace(line, difference_usd=Estimate(0.0, 0.0, 0.0)) for line in STORY.lines)
    bars, _ = reopened(study_workbook(replace(STORY, lines=same)))["Study"]._charts
    assert bars.y_axis.scaling.min <= 0 < bars.y_axis.scaling.max


@pytest.mark.hosts
def test_office_has_nothing_to_object(tmp_path) -> None:
    path = tmp_path / "study.xlsx"
    save_workbook(study_workbook(STORY), path)
    assert validate(path) == []
