"""The door for tables that are found already: what a question leaves out is not missed, and formats may be unknown."""

from datetime import date

import pytest

from rebal_xl.household import BandType, InputErrors
from rebal_xl.intake.door import read_profiles, read_regions
from rebal_xl.intake.find import Region, find_tables
from rebal_xl.intake.findings import Findings
from rebal_xl.sheets.grid import Cell, Grid, GridBook
from rebal_xl.sheets.tables import HOLDINGS, TARGETS
from tests.intake.story import cells

DAY = date(2026, 6, 15)
LOTS = """
    Account   | Symbol | Quantity | Asset Class | Price
    Roth IRA  | VTI    | 60       | Stock       | 100
    Roth IRA  | BND    | 40       | Bond        | 100
"""


def found(kind: str = "sheet", **tables: str) -> tuple[dict[str, tuple[Region, ...]], Findings]:
    """Sheets by name, as the search finds them."""
    book = GridBook(None, tuple(Grid(name, cells(text), kind=kind) for name, text in tables.items()))
    findings = Findings.of(book)
    return find_tables(book, findings), findings


def test_targets_are_missed_only_where_the_question_needs_them():
    regions, findings = found(Holdings=LOTS)
    household, policy = read_regions(regions, findings, as_of=DAY, needed=(HOLDINGS,))
    assert [lot.symbol for lot in household.lots] == ["BND", "VTI"]
    assert policy.targets == ()
    regions, findings = found(Holdings=LOTS)
    with pytest.raises(InputErrors) as refused:
        read_regions(regions, findings, as_of=DAY, needed=(HOLDINGS, TARGETS))
    assert [problem.code for problem in refused.value.problems] == ["no-targets"]


def test_profiles_need_no_household():
    regions, findings = found(TaxProfile="Taxpayer | Type | State\n Miller | MFJ | Texas")
    (profile,) = read_profiles(regions, findings)
    assert (profile.taxpayer, profile.state) == ("Miller", "TX")
    regions, findings = found(TaxProfile="Taxpayer | Type | State\n Miller | MFJ | Texsa")
    with pytest.raises(InputErrors, match="Did you mean Texas"):
        read_profiles(regions, findings)


@pytest.mark.parametrize(("kind", "told"), [("sheet", True), ("values", False), ("array", False)])
def test_a_share_is_no_guess_where_nobody_can_see_the_format(kind, told):
    targets = "Asset Class | Target %\n Stock | 0.6\n Bond | 0.4"
    household, policy = read_regions(*found(kind, Holdings=LOTS, Targets=targets), as_of=DAY)
    assert [target.weight for target in policy.targets] == [0.6, 0.4]
    assert any(notice.code == "percent-reading" for notice in household.notices) is told


def test_points_are_a_guess_everywhere():
    targets = "Asset Class | Target %\n Stock | 60\n Bond | 40"
    household, policy = read_regions(*found("values", Holdings=LOTS, Targets=targets), as_of=DAY)
    assert [target.weight for target in policy.targets] == [0.6, 0.4]
    assert any(notice.code == "percent-reading" for notice in household.notices)


def test_the_25th_of_may_is_5_25_also_where_it_is_a_number():
    # 25 May 2026 is day 46167 of the 1900 system, and 1,462 days less in the 1904 system
    for serial, date1904 in ((46_167.0, False), (44_705.0, True)):
        regions, findings = found("values", Holdings=LOTS, Targets="Asset Class | Target % | Band Type\n Stock | 1 | x")
        (region,) = regions["Targets"]
        region.grid.cells[2, 3] = Cell(serial)
        _, policy = read_regions(regions, findings, date1904, DAY)
        assert policy.targets[0].band_type is BandType.FIVE_TWENTYFIVE
