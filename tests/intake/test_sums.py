"""Exports write a position and, below it, its lots: the shares count once."""

from pathlib import Path

import pytest

from rebal_xl.files.imports import understand
from rebal_xl.household import InputErrors
from tests.intake.custodians.files import put
from tests.intake.story import codes, only, smiths, smiths_refused

LOTS = """
    Account | Symbol | Quantity | Cost Basis | Acquired
    Joint | VTI | {} | {} | {}
    Joint | VTI | 60 | 10000 | 03/16/2020
    Joint | VTI | 50.5 | 11000 | 03/16/2021
"""


@pytest.mark.parametrize("day", ["", "Various"])
def test_the_row_of_a_position_above_its_lots_is_refused(day: str):
    # 60 + 50.5
    problem = only(smiths_refused(Holdings=LOTS.format("110.5", "21000", day)), "position-and-lots")
    assert problem.place == "Holdings!C2"
    assert "its 2 lots with days together" in problem.message


@pytest.mark.parametrize(
    ("shares", "day"),
    [("110", "Various"), ("111", ""), ("110.5", "03/16/2019"), ("60", "")],
)
def test_other_shares_and_shares_with_a_day_are_lots_of_their_own(shares: str, day: str):
    household, _ = smiths(Holdings=LOTS.format(shares, "21000", day))
    assert sum(lot.quantity for lot in household.lots) == float(shares) + 110.5


@pytest.mark.parametrize(("cost", "refused"), [("10000", True), ("9000", False), ("", False)])
def test_one_lot_as_large_as_another_is_its_position_where_the_cost_is_the_same_too(cost: str, refused: bool):
    holdings = (
        "Account | Symbol | Quantity | Cost Basis | Acquired\n"
        f"Joint | VTI | 60 | {cost} | Various\nJoint | VTI | 60 | 10000 | 03/16/2020"
    )
    if refused:
        assert codes(smiths_refused(Holdings=holdings)) == ["position-and-lots"]
    else:
        assert len(smiths(Holdings=holdings)[0].lots) == 2


def test_a_file_of_lots_with_the_position_above_them_is_refused(tmp_path: Path):
    lots = (
        "Account,Symbol,Quantity,Price,Cost Basis,Date Acquired\n"
        "X123,VTI,110.5,300,21000,Various\nX123,VTI,60,300,10000,03/16/2020\nX123,VTI,50.5,300,11000,03/16/2021\n"
    )
    with pytest.raises(InputErrors) as found:
        understand(put(tmp_path, export=lots))
    assert codes(found.value.problems) == ["position-and-lots"]
