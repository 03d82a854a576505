"""Lists whose account stands elsewhere, and matrices: read where nothing is guessed, else refused."""

from datetime import date

import pytest

from rebal_xl.household import InputErrors
from rebal_xl.intake import read_grids
from rebal_xl.intake.households import Choice
from rebal_xl.intake.understood import understood
from rebal_xl.sheets.grid import Grid
from tests.intake.story import AS_OF, book, cells, codes, only, read, refused, sheet

TARGETS = sheet("Targets", "Asset Class | Target %\nStocks | 60%\nBonds | 35%\nCash | 5%")
ACCOUNTS = sheet("Accounts", "Account | Tax Treatment\nJoint | taxable\nAnn IRA | IRA")


def held(*sheets: Grid | str, **more) -> set[tuple[str, str, float]]:
    household, _ = read(*sheets, TARGETS, **more)
    return {(lot.account, lot.symbol, lot.quantity) for lot in household.lots}


BLOCKS = """
Joint
Symbol | Shares | Price | Asset Class | Cost Basis | Acquired
VTI | 100 | 250 | Stocks | 20000 | 03/16/2020
Account Total | | | | 20000 |
.
Account: Ann IRA
Symbol | Shares | Price | Asset Class | Cost Basis | Acquired
VTI | 50 | 250 | Stocks | |
BND | 10 | 75 | Bonds | |
"""


def test_the_title_above_a_block_names_its_account():
    assert held(ACCOUNTS, sheet("Data", BLOCKS)) == {
        ("Joint", "VTI", 100.0),
        ("Ann IRA", "VTI", 50.0),
        ("Ann IRA", "BND", 10.0),
    }


def test_a_finding_about_the_account_points_to_its_title():
    strange = refused(ACCOUNTS, sheet("Data", BLOCKS.replace("Account: Ann IRA", "Account: Ben IRA")), TARGETS)
    assert only(strange, "unknown-account").place == "Data!A6"


def test_a_block_without_an_account_beside_others_is_refused_and_not_left_out():
    lost = refused(ACCOUNTS, sheet("Data", BLOCKS), sheet("More", "Ticker | Units\nVEA | 40"), TARGETS)
    assert only(lost, "no-account").sheet == "More"


def test_a_line_between_the_rows_names_the_account_of_those_below():
    listed = "Symbol | Shares | Price | Asset Class\nJoint\nVTI | 100 | 250 | Stocks\nAnn IRA\nBND | 10 | 75 | Bonds"
    assert held(ACCOUNTS, sheet("Data", listed)) == {("Joint", "VTI", 100.0), ("Ann IRA", "BND", 10.0)}


def test_the_tab_names_the_account():
    one, other = "Symbol | Shares | Price | Asset Class\nVTI | 100 | 250 | Stocks", "Symbol | Shares\nVTI | 7"
    assert held(ACCOUNTS, sheet("Joint", one), sheet("Ann IRA", other)) == {
        ("Joint", "VTI", 100.0),
        ("Ann IRA", "VTI", 7.0),
    }


ONCE = """
Account | Symbol | Shares | Price | Asset Class
Joint | VTI | 100 | 250 | Stocks
 | BND | 20 | 75 | Bonds
Ann IRA | VTI | 50 | 250 | Stocks
{} | BND | 10 | 75 | Bonds
"""


def test_an_account_written_once_stands_for_the_rows_below():
    assert held(ACCOUNTS, sheet("Data", ONCE.format(""))) == {
        ("Joint", "VTI", 100.0),
        ("Joint", "BND", 20.0),
        ("Ann IRA", "VTI", 50.0),
        ("Ann IRA", "BND", 10.0),
    }


def test_a_single_hole_is_a_hole():
    """Written on every row but one: whose it is, nobody knows."""
    assert only(refused(ACCOUNTS, sheet("Data", ONCE.format("Ann IRA")), TARGETS), "missing-value").cell == "A3"


MATRIX = """
Asset Class | Joint | Ann IRA | Total
Stocks | 60000 | 30000 | 90000
Bonds | 5000 | 20000 | {}
Cash | 1000 | 500 | 1500
"""


def test_a_matrix_is_held_by_class_and_what_is_taxable_is_not_sold():
    household, _ = read(ACCOUNTS, sheet("Mix", MATRIX.format("25000")), TARGETS)
    assert {(lot.account, lot.symbol, household.value_usd(lot), lot.locked) for lot in household.lots} == {
        ("Joint", "STOCKS (BY CLASS)", 60000.0, True),
        ("Joint", "BONDS (BY CLASS)", 5000.0, True),
        ("Ann IRA", "STOCKS (BY CLASS)", 30000.0, False),
        ("Ann IRA", "BONDS (BY CLASS)", 20000.0, False),
    }
    assert {account.name: account.cash_usd for account in household.accounts} == {"Joint": 1000.0, "Ann IRA": 500.0}
    assert only(household.notices, "shape-read").place == "Mix!row 1"


def test_a_matrix_that_is_not_its_own_total_is_refused():
    assert only(refused(ACCOUNTS, sheet("Mix", MATRIX.format("26000")), TARGETS), "matrix-total").cell == "D3"


def test_percentages_of_accounts_are_no_dollars():
    mix = "Asset Class | Joint | Ann IRA\nStocks | 60% | 50%\nBonds | 40% | 50%"
    assert "matrix-percent" in codes(refused(ACCOUNTS, sheet("Mix", mix), TARGETS))


def test_a_matrix_of_symbols_says_what_its_numbers_are():
    table = "Symbol | Price | Asset Class | Joint | Ann IRA\nVTI | 250 | Stocks | 100 | 50\nBND | 75 | Bonds | | 10"
    assert "matrix-units" in codes(refused(ACCOUNTS, sheet("Mix", table), TARGETS))
    assert held(ACCOUNTS, sheet("Mix", f"Shares by account\n{table}")) == {
        ("Joint", "VTI", 100.0),
        ("Ann IRA", "VTI", 50.0),
        ("Ann IRA", "BND", 10.0),
    }


TWO = """
Household | Account | Symbol | Shares | Price | Asset Class
Smith | Joint | VTI | 100 | 250 | Stocks
Jones | Jim IRA | VTI | 7 | 250 | Stocks
"""


def asked(name: str, *sheets: Grid | str) -> set[tuple[str, float]]:
    household, _ = read_grids(book(*sheets), AS_OF, choice=Choice(name))
    assert household.name == name
    return {(lot.account, lot.quantity) for lot in household.lots}


def test_one_household_of_a_list_is_asked_for_by_name():
    assert asked("Smith", sheet("Data", TWO), TARGETS) == {("Joint", 100.0)}
    assert asked("Jones", sheet("Data", TWO), TARGETS) == {("Jim IRA", 7.0)}


@pytest.mark.parametrize("name", ["", "Miller"])
def test_without_a_name_there_is_a_list_of_them(name: str):
    with pytest.raises(InputErrors) as none:
        read_grids(book(sheet("Data", TWO), TARGETS), AS_OF, choice=Choice(name))
    assert "Smith and Jones" in only(none.value.problems, "several-households").message


def test_a_sheet_for_each_household():
    def of(name: str, shares: int) -> Grid:
        text = f"""
        Account | Tax Treatment
        Joint | taxable
        .
        Asset Class | Target %
        Stocks | 100%
        .
        Account | Symbol | Shares | Price | Asset Class | Cost Basis | Acquired
        Joint | VTI | {shares} | 250 | Stocks | 100 | 03/16/2020
        """
        return Grid(name, cells(text))

    assert asked("Smith", of("Smith", 3), of("Jones", 4)) == {("Joint", 3.0)}
    assert asked("Jones", of("Smith", 3), of("Jones", 4)) == {("Joint", 4.0)}
    assert "Smith and Jones" in only(refused(of("Smith", 3), of("Jones", 4)), "several-households").message


def test_dates_of_a_block_are_dates():
    household, _ = read(ACCOUNTS, sheet("Data", BLOCKS), TARGETS)
    assert {lot.acquired for lot in household.lots} == {date(2020, 3, 16), None}


TRADES = {
    "Recent Trades": "Account | Symbol | Date | Side | Quantity\nAnn IRA | VTI | 06/01/2026 | Sell | 3",
    "Fills": "Account | Symbol | Side | Date | Quantity | Price\nAnn IRA | VTI | Sell | 06/01/2026 | 3 | 250",
    "Activity": "Account | Symbol | Trade Date | Action | Shares | Price\nAnn IRA | VTI | 06/01/2026 | Sell | 3 | 250",
    "My Trades": "Account | Symbol | Side | Quantity | Amount\nAnn IRA | VTI | Sell | 3 |",
}
CLASSES = "Asset Class | Joint | Ann IRA\nStocks | 1000 | 2000\nBonds | 500 | 0"


@pytest.mark.parametrize("name", TRADES)
def test_a_list_of_trades_beside_blocks_is_no_list_of_holdings(name: str):
    assert held(ACCOUNTS, sheet("Data", BLOCKS), sheet(name, TRADES[name])) == held(ACCOUNTS, sheet("Data", BLOCKS))


# What is typed to be traded is of securities that are held; a matrix of classes has none.
@pytest.mark.parametrize("name", [name for name in TRADES if name != "My Trades"])
def test_a_list_of_trades_beside_a_matrix_is_no_list_of_holdings(name: str):
    found = held(ACCOUNTS, sheet("Mix", CLASSES), sheet(name, TRADES[name]))
    assert len(found) == 3
    assert found == held(ACCOUNTS, sheet("Mix", CLASSES))


def test_lots_that_were_left_for_positions_are_pointed_to():
    positions = "Account | Symbol | Quantity | Asset Class | Price\nAnn IRA | VTI | 100 | Stocks | 250"
    lots = "Account | Symbol | Quantity | Cost Basis | Acquired\nAnn IRA | VTI | 100 | 15000 | 03/16/2020"
    household, _ = read(ACCOUNTS, sheet("Positions", positions), sheet("Tax lots", lots), TARGETS)
    assert "give that sheet the name Holdings" in only(household.notices, "table-not-read").advice


LIST = "Account | Symbol | Quantity | Asset Class | Price | Cost Basis{}\nAnn IRA | VTI | 100 | Stocks | 250 | {}"


@pytest.mark.parametrize(
    ("text", "basis_usd"),
    [
        (LIST.format(" ($000)", 15), 15_000.0),
        ("All figures in thousands\n" + LIST.format("", 15), 15_000.0),
        ("($000s)\n" + LIST.format("", "(0.5)").replace("(0.5)", "0.5"), 500.0),
        (LIST.format(" ($)", 15), 15.0),
        ("Annual review\n" + LIST.format("", 15), 15.0),
    ],
    ids=["header", "line above", "short line", "dollars", "another title"],
)
def test_a_list_in_thousands_is_read_in_dollars_but_for_its_prices(text: str, basis_usd: float):
    household, _ = read(ACCOUNTS, sheet("Data", text), TARGETS)
    assert (household.lots[0].basis_usd, household.security("VTI").price_usd) == (basis_usd, 250.0)
    told = [notice for notice in household.notices if "thousands of dollars" in notice.message]
    assert len(told) == (basis_usd > 15.0)


VALUED = (
    "Account | Symbol | Quantity | Asset Class | Price | Market Value | Cost Basis\nAnn IRA | VTI | 100 | Stocks | 250"
)


@pytest.mark.parametrize(
    "text",
    [
        # 100 x 250 are 25,000; a cost of 15,000 is near it, and one of 15 million is not
        f"Fees are billed on $000s\n{VALUED} | 25000 | 15000",
        "Fees are billed on $000s\n" + LIST.format("", 15000),
        "Least order: in thousands of shares\n" + LIST.format("", 15000),
        "All figures in thousands\n" + LIST.format(" (in dollars)", 15000),
    ],
    ids=["value", "cost", "shares", "header"],
)
def test_a_line_above_that_speaks_of_other_thousands_multiplies_nothing(text: str):
    household, _ = read(ACCOUNTS, sheet("Data", text), TARGETS)
    assert household.lots[0].basis_usd == 15_000.0


def test_a_value_in_thousands_is_one_where_a_line_says_so_and_shares_times_prices_agree():
    household, _ = read(ACCOUNTS, sheet("Data", f"All figures in thousands\n{VALUED} | 25 | 15"), TARGETS)
    assert household.lots[0].basis_usd == 15_000.0
    assert "value-differs" not in codes(household.notices)


@pytest.mark.parametrize("unit", [" ($K)", " ($ thousands)", " (thousands)"])
def test_thousands_have_many_spellings(unit: str):
    household, _ = read(ACCOUNTS, sheet("Data", LIST.format(unit, 15)), TARGETS)
    assert household.lots[0].basis_usd == 15_000.0


def test_what_was_read_from_thousands_is_shown():
    lines = understood(book(ACCOUNTS, sheet("Data", LIST.format(" ($000)", 15)), TARGETS)).lines
    (cost,) = [line for line in lines if line.column == "Cost Basis"]
    assert (cost.unit, cost.example) == ("dollars, from thousands", "15 → 15000")
    (price,) = [line for line in lines if line.column == "Price"]
    assert price.unit == "dollars"


BETWEEN = """
Symbol | Shares | Price | Asset Class
Joint | | |
VTI | 100 | 250 | Stocks
{} | | |
BND | 10 | 75 | Bonds
Ann IRA | | |
VTI | 5 | 250 | Stocks
"""


@pytest.mark.parametrize("line", ["Schwab 1234 (Bob)", "Bob Rollover IRA", "XXXX-5792"])
def test_rows_below_an_account_that_nobody_lists_do_not_go_to_the_account_above(line: str):
    found = refused(ACCOUNTS, sheet("Data", BETWEEN.format(line)), TARGETS)
    assert [(problem.code, problem.message) for problem in found] == [
        ("missing-value", "This row of Holdings has no Account.")
    ]


@pytest.mark.parametrize("line", ["Bonds", "Fixed income", "Bought in 2024"])
def test_a_heading_within_an_account_leaves_its_rows_where_they_are(line: str):
    assert held(ACCOUNTS, sheet("Data", BETWEEN.format(line))) == {
        ("Joint", "VTI", 100.0), ("Joint", "BND", 10.0), ("Ann IRA", "VTI", 5.0),
    }  # fmt: skip


def test_a_subtotal_of_a_matrix_that_is_not_called_one_is_refused():
    # 3,000 are 1,000 and 2,000; 500 and nothing besides are 500
    mix = "Asset Class | Joint | Ann IRA\nEquity | 3000 | 500\nStocks | 1000 | 500\nForeign | 2000 | \nBonds | 700 | 40"
    problem = only(refused(ACCOUNTS, sheet("Mix", mix), TARGETS), "matrix-subtotal")
    assert problem.cell == "A2"
    assert "Equity is the sum of Stocks and Foreign" in problem.message
    # below its parts as well, and no more where a cell differs or it is called a total
    below = (
        "Asset Class | Joint | Ann IRA\nStocks | 1000 | 500\nForeign | 2000 | \nEquity | 3000 | 500\nBonds | 700 | 40"
    )
    assert only(refused(ACCOUNTS, sheet("Mix", below), TARGETS), "matrix-subtotal").cell == "A4"
    assert len(held(ACCOUNTS, sheet("Mix", mix.replace("Equity | 3000", "Equity | 3100")))) == 7
    assert len(held(ACCOUNTS, sheet("Mix", mix.replace("Equity |", "Total Equity |")))) == 5


def test_a_cell_of_a_matrix_that_is_no_number_is_said_and_not_left_out():
    mix = "Asset Class | Joint | Ann IRA\nStocks | 1000 | '2000*\nBonds | 700 | '--"
    problem = only(refused(ACCOUNTS, sheet("Mix", mix), TARGETS), "not-a-number")
    assert problem.cell == "C2"
    assert len(held(ACCOUNTS, sheet("Mix", mix.replace("*", "")))) == 3


@pytest.mark.parametrize("targets", ["Targets", "Policy"])
def test_a_weight_beside_accounts_and_classes_is_no_target(targets: str):
    mix = """
        Account | Asset Class | Value | Weight
        Joint | Stocks | 1000 | 59%
        Joint | Bonds | 700 | 41%
        Ann IRA | Stocks | 40 | 100%
    """
    goal = sheet(targets, "Asset Class | Target %\nStocks | 60%\nBonds | 40%")
    household, policy = read(ACCOUNTS, sheet("Mix", mix), goal)
    assert {(lot.account, lot.quantity) for lot in household.lots} == {
        ("Joint", 1000.0), ("Joint", 700.0), ("Ann IRA", 40.0),
    }  # fmt: skip
    assert [target.weight for target in policy.targets] == [0.6, 0.4]
