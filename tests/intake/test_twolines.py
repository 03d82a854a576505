"""Headers in two rows: what stands under Cost is a cost, what stands under Market is a price or a value."""

import pytest

from rebal_xl.household import Household, InputErrors
from rebal_xl.intake.twolines import with_joined_headers
from rebal_xl.intake.understood import understood
from rebal_xl.sheets.grid import Grid
from tests.intake.story import book, read, sheet

TARGETS = sheet("Targets", "Asset Class | Target %\nStocks | 60%\nBonds | 40%")
ROWS = "\nAnn IRA | VTI | Stocks | 100 | 150 | 15000 | 250 | 25000 | 03/16/2020"


def held(grid: Grid) -> Household:
    return read(grid, TARGETS)[0]


def headers(grid: Grid, row: int) -> list[str]:
    joined = with_joined_headers(book(grid)).grids[0]
    return [str(cell.value) for (at, _), cell in sorted(joined.cells.items()) if at == row]


MERGED = sheet(
    "Data",
    "Account | Symbol | Asset Class | Quantity | Cost | | Market | | Purchase"
    "\n | | | | Per share | Total | Price | Value | Date" + ROWS,
    merged=((1, 5, 1, 6), (1, 7, 1, 8), (1, 1, 2, 1)),
)


def test_per_share_and_total_under_one_cost():
    household = held(MERGED)
    (lot,) = household.lots
    assert (lot.quantity, lot.basis_usd, household.security("VTI").price_usd) == (100.0, 15_000.0, 250.0)
    assert lot.acquired is not None


def test_the_total_alone_under_a_cost_that_is_not_merged():
    grid = sheet(
        "Data",
        "Account | Symbol | Class | Quantity | Price | Cost |\n | | | | | Total | Per share"
        "\nAnn IRA | VTI | Stocks | 100 | 250 | 15000 | 150",
    )
    assert held(grid).lots[0].basis_usd == 15_000.0


def test_a_cost_per_lot_of_another_kind_is_not_taken_for_the_cost():
    grid = sheet(
        "Data",
        "Account | Symbol | Class | Quantity | Price | Cost | \n | | | | | Per month | Fees"
        "\nAnn IRA | VTI | Stocks | 100 | 250 | 15 | 5",
    )
    assert held(grid).lots[0].basis_usd is None
    told = {line.header: line.column for line in understood(book(grid, TARGETS)).lines}
    assert told["Cost: Per month"] == "not read"


def test_a_price_beside_a_cost_that_is_not_merged_is_read_as_neither():
    """Nobody can say whether it is the price of the share or what was paid for one."""
    grid = sheet(
        "Data",
        "Account | Symbol | Class | Quantity | Cost |\n | | | | Total | Price"
        "\nAnn IRA | VTI | Stocks | 100 | 15000 | 250",
    )
    with pytest.raises(InputErrors) as found:
        held(grid)
    assert "price" in str(found.value).lower()


def test_a_header_wrapped_over_two_rows():
    grid = sheet(
        "Data",
        "Account | | Asset | Share | Share\nName | Ticker | Class | Quantity | Price\nAnn IRA | VTI | Stocks | 7 | 250",
    )
    assert headers(grid, 2) == ["Account Name", "Ticker", "Asset Class", "Share Quantity", "Share Price"]
    assert held(grid).lots[0].quantity == 7.0


@pytest.mark.parametrize(
    "text",
    [
        "Targets\nAsset Class | Target %\nStocks | 60%\nBonds | 40%",
        "Position | | | Value and cost\nAccount | Symbol | Quantity | Price\nAnn IRA | VTI | 3 | 250",
        "Account | Tax Treatment\nJoint | taxable\nAnn IRA | IRA",
        "Setting | Value\nMethod | Full",
        "Account | Symbol | Quantity | Cost\nJoint | VTI | 100 | 5",
    ],
    ids=["title", "band", "texts", "settings", "one row"],
)
def test_a_title_or_a_row_of_words_is_no_second_header(text: str):
    grid = sheet("Data", text)
    assert with_joined_headers(book(grid)).grids[0] is grid


def test_a_correction_is_written_beside_both_words_and_followed():
    lines = {line.header: line for line in understood(book(MERGED, TARGETS)).lines}
    assert lines["Cost Per share"].column == "Cost/Share"
    assert {line.column for line in lines.values()} >= {"Cost Basis", "Price", "Market Value", "Acquired"}
