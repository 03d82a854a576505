"""OFX statements: SGML and XML, positions, lots, cash and trades; files built to do harm are refused."""

import re
from datetime import date

import pytest

from rebal_xl.files.imports import household_of_files, understand
from rebal_xl.files.refusal import FileRefused
from tests.intake.custodians import files as made
from tests.intake.custodians.test_layouts import layouts, rows, trades

HELD = [
    ("X98765432", "VTI", 10.0, date(2020, 3, 2), 1_500.0),
    ("X98765432", "VTI", 3.0, date(2026, 4, 20), 900.0),
    ("X98765432", "VBTLX", 40.25, None, None),
    ("X98765432", "ACME 04/17/2027 55.00 C", -1.0, None, None),
    ("X98765432", "CASH", 1_234.56, None, None),
]


def as_xml(sgml: str) -> str:
    """The same statement as OFX 2 writes it: every value closed."""
    body = re.sub(r"<(\w+)>([^<\n]+)", r"<\1>\2</\1>", sgml).replace("<MEMO>", "<MEMO></MEMO>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"?>\n'
    return head + body.strip()


@pytest.mark.parametrize("text", [made.OFX_SGML, as_xml(made.OFX_BODY)], ids=["sgml", "xml"])
def test_positions_lots_cash_and_trades_are_read(tmp_path, text):
    path = tmp_path / "statement.qfx"
    path.write_text(text)
    found = understand([path])
    assert layouts(found) == [("OFX statement",)]
    assert found.statement.seen == date(2026, 5, 4)
    assert sorted(rows(found.statement), key=str) == sorted(HELD, key=str)
    assert trades(found.statement) == [
        ("X98765432", "VTI", date(2026, 4, 20), "Buy", 3.0, 300.0, False),
        ("X98765432", "VBTLX", date(2026, 4, 21), "Sell", 5.0, 9.8, False),
        ("X98765432", "VBTLX", date(2026, 4, 22), "Buy", 0.25, 9.8, True),
    ]
    household, _ = household_of_files([path], date(2026, 5, 4))
    # 13 at $300, 40.25 at $9.80, one short contract of a hundred at $1.20, and the cash
    assert household.account_value_usd("X98765432") == pytest.approx(3_900 + 394.45 - 120 + 1_234.56)
    assert household.recent_trades[1].gain_usd == -12.5


def test_a_statement_in_one_line_is_read_too(tmp_path):
    path = tmp_path / "statement.ofx"
    path.write_text(made.OFX_SGML.split("<OFX>")[0] + made.OFX_BODY.replace("\n", ""))
    assert sorted(rows(understand([path]).statement), key=str) == sorted(HELD, key=str)


def test_a_problem_names_its_line(tmp_path):
    path = tmp_path / "statement.ofx"
    path.write_text(made.OFX_SGML.replace("<UNITS>40.25", "<UNITS>many"))
    line = made.OFX_SGML.split("<POSMF>")[0].count("\n") + 1
    with pytest.raises(ValueError, match=rf"statement!line {line}: Quantity"):
        understand([path])


def test_entities_and_depth_do_no_harm(tmp_path):
    laughs = tmp_path / "laughs.ofx"
    laughs.write_text('<?OFX OFXHEADER="200"?><!DOCTYPE OFX [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><OFX>&b;</OFX>')
    deep = tmp_path / "deep.ofx"
    deep.write_text("OFXHEADER:100\n<OFX>" + "<A>" * 100_000)
    bank = tmp_path / "bank.ofx"
    bank.write_text("OFXHEADER:100\n<OFX><BANKMSGSRSV1></BANKMSGSRSV1></OFX>")
    for path, why in ((laughs, "DTD"), (deep, "deeper"), (bank, "no investment statement")):
        with pytest.raises(FileRefused, match=why):
            understand([path])
