"""The plan that consolidates is written into its workbook, run after run, and Overlap goes with what it shows."""

from pathlib import Path

import openpyxl

from rebal_xl import api
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.consolidate import homes


def planned(file: Path) -> list[str]:
    household, policy = api.read_workbook(file)
    api.write_plan(file, api.rebalance(household, policy), in_place=True)
    return openpyxl.load_workbook(file).sheetnames


def test_run_after_run_in_one_workbook(tmp_path: Path) -> None:
    file = tmp_path / "parks.xlsx"
    policy = homes.policy(consolidate=True, consolidate_tax_usd=1_500.0, frontier_on_dashboard=False)
    file.write_bytes(workbook_bytes(build_template(homes.parks(), policy)))
    # what Settings says comes back as it was
    _, read = api.read_workbook(file)
    assert (read.consolidate, read.consolidate_tax_usd, read.security_master) == (True, 1_500.0, True)
    for _ in range(2):
        names = planned(file)
        assert names.count("Overlap") == 1
        assert names.index("Overlap") == names.index("Location") + 1
    rows = [row for row in openpyxl.load_workbook(file)["Trades"].iter_rows(values_only=True) if row]
    assert sum("Consolidates IVV into VOO" in str(row) for row in rows) == 4
