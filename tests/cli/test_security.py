"""`rebal-xl security`: looking symbols up."""

from typer.testing import CliRunner

from rebal_xl.cli.app import app


def asked(*symbols: str):
    return CliRunner().invoke(app, ["security", *symbols], env={"COLUMNS": "110"})


def test_a_symbol_is_shown_with_its_share_classes_and_source():
    result = asked("vti")
    assert result.exit_code == 0
    for part in ("VTI: Vanguard Total Stock Market", "US Total Stock", "CRSP US Total Market Index", "VTSAX", "SCHB"):
        assert part in result.output
    assert "as known on 06/30/2025" in result.output


def test_a_mix_is_shown_with_the_day_of_its_prospectus():
    result = asked("VSMGX")
    assert "36 % US Total Stock" in result.output
    assert "02/27/2023" in result.output


def test_a_symbol_that_is_not_known_is_said_and_the_others_are_shown():
    result = asked("ZZZZ", "VMFXX")
    assert result.exit_code == 1
    assert "ZZZZ is not in the security master" in result.output
    assert "money market" in result.output
