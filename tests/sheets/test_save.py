"""A saved workbook is the same bytes for the same content, and sound by the rules of Office."""

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook

from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.save import save_workbook, workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.measure.parkers import FILLED, LOG
from tests.sheets.dashboards import PLANS
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.test_results import PROBLEMS, WHEN
from tests.sheets.test_results_frontier import FRONTIER
from tests.sheets.test_results_value import TODAY
from tests.tools.ooxml import validate


def test_the_same_household_gives_the_same_bytes() -> None:
    assert workbook_bytes(build_template(HOUSEHOLD, POLICY)) == workbook_bytes(build_template(HOUSEHOLD, POLICY))


def test_fonts_are_written_in_the_order_of_the_schema() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(build_template()))) as package:
        styles = etree.fromstring(package.read("xl/styles.xml"))
    orders = [[etree.QName(child).localname for child in font] for font in styles.iter("{*}font")]
    assert ["b", "sz", "color", "name"] in [[tag for tag in order if tag in "b sz color name"] for order in orders]
    for order in orders:
        # Bold first, the size before the colour, the name after both (ECMA-376 part 1, 18.8.22).
        ranks = [("b", "i", "u", "sz", "color", "name", "family", "scheme").index(tag) for tag in order]
        assert ranks == sorted(ranks)


def test_account_numbers_as_text_are_no_mistake_in_excels_eyes() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(build_template(HOUSEHOLD)))) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 14
        for name in sheets:
            children = [etree.QName(child).localname for child in etree.fromstring(package.read(name))]
            assert children.count("ignoredErrors") == 1
            if "tableParts" in children:
                assert children.index("ignoredErrors") < children.index("tableParts")


@pytest.mark.hosts
def test_microsofts_validator_finds_nothing(tmp_path: Path) -> None:
    for name, workbook in {
        "empty": build_template(),
        "household": build_template(HOUSEHOLD, POLICY),
        "results": build_results(PLAN, HOUSEHOLD, POLICY, PROBLEMS, when=WHEN, location=LOCATION),
        "frontier": build_results(PLAN, HOUSEHOLD, POLICY, location=LOCATION, frontier=FRONTIER),
        "many": build_results(PLANS["40 classes in 30 accounts"][0], HOUSEHOLD, POLICY),
        "nothing": build_results(PLANS["nothing"][0], HOUSEHOLD, POLICY),
        "a year": build_results(TODAY, FILLED, POLICY, previous_log=LOG),
    }.items():
        path = tmp_path / f"{name}.xlsx"
        save_workbook(workbook, path)
        assert load_workbook(path).sheetnames == workbook.sheetnames
        assert validate(path) == []
