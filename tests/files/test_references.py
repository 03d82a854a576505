"""Formulas follow a renamed sheet or table, and nothing else that looks like one."""

import pytest

from rebal_xl.files.references import Renames, free_sheet_name, free_table_name

RENAMES = Renames({"Drift": "Drift (rebal)", "Tax": "Ana's tax"}, {"RebalDrift": "RebalDrift_2"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Drift!A1", "'Drift (rebal)'!A1"),
        ("=SUM('drift'!$B$2:$B$9)", "=SUM('Drift (rebal)'!$B$2:$B$9)"),
        ("Tax!A1*2", "'Ana''s tax'!A1*2"),
        ("Drift:Tax!A1", "'Drift (rebal):Ana''s tax'!A1"),
        ("'Drift:Tax'!A1", "'Drift (rebal):Ana''s tax'!A1"),
        ("(Drift!$A$1,Drift!$A$3)", "('Drift (rebal)'!$A$1,'Drift (rebal)'!$A$3)"),
        ("RebalDrift[[#This Row],[Drift]]", "RebalDrift_2[[#This Row],[Drift]]"),
        ("ROWS(rebaldrift)", "ROWS(RebalDrift_2)"),
        ("RebalDrift[A]:RebalDrift[B]", "RebalDrift_2[A]:RebalDrift_2[B]"),
        ('HYPERLINK("#Drift!A1","Drift!A1")', 'HYPERLINK("#\'Drift (rebal)\'!A1","Drift!A1")'),
    ],
)
def test_what_follows(before: str, after: str):
    assert RENAMES.formula(before) == after


@pytest.mark.parametrize(
    "formula",
    [
        '"Drift!A1 and RebalDrift[Drift]"',
        "[1]Drift!A1",
        "'[book.xlsx]Drift'!A1",
        "MyDrift!A1+Drift.x!A1",
        "RebalDrift(1)",
        "Other[RebalDrift]",
        "Other[Drift!A1]",
        "Other[it''s [Drift]",
        "Drift",
        "1.5E+3+A1",
        "'Other sheet'!A1",
    ],
)
def test_what_stays(formula: str):
    assert RENAMES.formula(formula) == formula


def test_free_names():
    assert free_sheet_name("Drift", {"Holdings"}) == "Drift"
    assert free_sheet_name("Drift", {"drift"}) == "Drift (rebal)"
    assert free_sheet_name("Drift", {"drift", "Drift (Rebal)"}) == "Drift (rebal 2)"
    long = "A sheet name of thirty-one lett"
    # 31 characters less " (rebal)" leave 23.
    assert free_sheet_name(long, {long}) == "A sheet name of thirty-" + " (rebal)"
    assert free_table_name("RebalDrift", {"REBALDRIFT", "rebaldrift_2"}) == "RebalDrift_3"
