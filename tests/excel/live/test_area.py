"""The address of a range, as Excel tells it, and the rectangle that it is."""

import pytest

from rebal_xl.excel.live.area import LAST_COLUMN, LAST_ROW, Area


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("$C$7", Area(7, 3, 7, 3)),
        ("$A$4:$F$9", Area(4, 1, 9, 6)),
        ("$A$1:$XFD$1048576", Area(1, 1, LAST_ROW, LAST_COLUMN)),
        # whole columns and whole rows, as a sheet that is used to its end has them
        ("$A:$C", Area(1, 1, LAST_ROW, 3)),
        ("$3:$7", Area(3, 1, 7, LAST_COLUMN)),
    ],
)
def test_an_address_is_a_rectangle(address: str, area: Area):
    assert Area.at(address) == area


@pytest.mark.parametrize("address", ["", "$A$1:$B$2,$D$1:$E$2", "R1C1:R2C2", "$A$1:$B", "$A", "$3", "Sheet1!$A$1"])
def test_what_is_no_single_rectangle_is_asked_for_otherwise(address: str):
    assert Area.at(address) is None
