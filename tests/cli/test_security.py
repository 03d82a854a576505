"""`rebal-xl security`: looking symbols up."""

import json

from typer.testing import CliRunner

from rebal_xl.cli.app import app
from rebal_xl.measure.security_master import security_master
from tests.cli.schema_check import findings, schema


def asked(*symbols: str):
    return CliRunner().invoke(app, ["security", *symbols], env={"COLUMNS": "160"})


def test_a_symbol_is_shown_with_its_share_classes_and_the_source_of_each_fact():
    result = asked("vti")
    assert result.exit_code == 0
    for part in ("VTI: Vanguard Total Stock Market", "US Total Stock", "CRSP U.S. Total Market Index", "VTSAX", "ITOT"):
        assert part in result.output
    for source in ("Vanguard ETFs and their CRSP target indexes", "FinanceDatabase", "Proposed by rule"):
        assert source in result.output


def test_a_mix_is_shown_with_its_documents():
    result = asked("VSMGX")
    assert "36 % US Total Stock" in result.output
    assert "Oblivious Investor" in result.output


def test_what_no_source_says_is_shown_as_not_known():
    assert "not known" in asked("FCNTX").output


def test_a_symbol_that_is_not_known_is_said_and_the_others_are_shown():
    result = asked("ZZZZ", "VMFXX")
    assert result.exit_code == 1
    assert "ZZZZ is not in the security master" in result.output
    assert "money market" in result.output


def test_every_symbol_fits_the_schema():
    result = asked(*security_master().funds, "--json")
    assert result.exit_code == 0
    document, whole = json.loads(result.stdout), schema("security")
    assert findings(document, whole, whole) == []
    assert len(document["security"]["symbols"]) == len(security_master().funds)


def test_the_document_says_kinds_of_source_and_null_for_what_is_not_known():
    result = asked("agg", "FCNTX", "VBIAX", "ZZZZ", "--json")
    assert result.exit_code == 1
    document, whole = json.loads(result.stdout), schema("security")
    assert findings(document, whole, whole) == []
    assert [(one["code"], one["severity"]) for one in document["problems"]] == [("unknown-symbol", "error")]
    agg, contrafund, balanced = document["security"]["symbols"]
    assert agg["classes"] == [{"name": "US Total Bond", "weight": 1.0}]
    assert [one["kind"] for one in agg["classes_sources"]] == ["name"]
    assert agg["index_source"]["kind"] == "document"
    assert (contrafund["classes"], contrafund["index"], contrafund["replacement"]) == ([], None, None)
    assert (balanced["classes_as_of"], len(balanced["classes"])) == ("2024-09-30", 2)
