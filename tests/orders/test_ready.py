"""Orders are those of the plan in the workbook, found again from what it holds: a plan that consolidates too."""

from pathlib import Path

import pytest

from rebal_xl import api
from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Side
from rebal_xl.orders.ready import get_ready
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template
from tests.cli.riveras import call
from tests.consolidate import homes


def test_a_plan_that_consolidates_leaves_with_its_consolidations(tmp_path: Path) -> None:
    file = tmp_path / "parks.xlsx"
    policy = homes.policy(consolidate=True, consolidate_tax_usd=1_500.0, frontier_on_dashboard=False)
    file.write_bytes(workbook_bytes(build_template(homes.parks(), policy)))
    household, read = api.read_workbook(file)
    plan = api.rebalance(household, read)
    api.write_plan(file, plan, in_place=True)

    ready = get_ready(file)
    told = {
        (order.trade.account, order.trade.side, order.trade.symbol, order.trade.quantity) for _, order in ready.orders
    }
    assert told == {(trade.account, trade.side, trade.symbol, trade.quantity) for trade in plan.trades}
    assert {(side, symbol) for _, side, symbol, _ in told} >= {(Side.SELL, "IVV"), (Side.BUY, "VOO")}


def test_a_plan_of_another_gap_says_where_the_gap_belongs(tmp_path: Path) -> None:
    file = tmp_path / "parks.xlsx"
    file.write_bytes(workbook_bytes(build_template(homes.parks(), homes.policy(frontier_on_dashboard=False))))
    assert call("rebalance", file, "--in-place", "--gap", "5").exit_code in (0, 3)
    with pytest.raises(FileRefused, match="--gap or --deadline, which are not kept: write these on Settings"):
        get_ready(file)
