"""The Wash Sales sheet: what became of the Millers' earlier losses, and which reinvestments are to come."""

from dataclasses import replace
from datetime import date

from openpyxl import Workbook

from rebal_xl.household import Household, Lot, RecentTrade, Side
from rebal_xl.sheets.results import build_results
from tests.sheets.miller import HOUSEHOLD, PLAN, POLICY
from tests.sheets.reading import reopened, table_values, texts

SOLD = date(2026, 4, 20)


def sheets(*trades: RecentTrade, lots: tuple[Lot, ...] = ()) -> Workbook:
    """The result sheets of the Millers with these trades and lots besides."""
    home: Household = replace(HOUSEHOLD, recent_trades=trades, lots=(*HOUSEHOLD.lots, *lots))
    return reopened(build_results(PLAN, home, POLICY))


def history(*trades: RecentTrade) -> list[dict[str, object]]:
    return table_values(sheets(*trades), "WashHistory")


def test_a_loss_is_told_part_by_part() -> None:
    # 40 ITOT sold at a loss of $10 a share; 10 bought again in the same account, 5 by the 401(k).
    rows = history(
        RecentTrade("00123-4", "ITOT", SOLD, Side.SELL, 40.0, gain_usd=-400.0, acquired=date(2026, 3, 21)),
        RecentTrade("00123-4", "ITOT", date(2026, 4, 22), Side.BUY, 10.0),
        RecentTrade("401k Acme", "ITOT", date(2026, 4, 23), Side.BUY, 5.0),
    )
    sale = {"Sold": SOLD, "Account": "00123-4", "Symbol": "ITOT"}
    assert rows == [
        {
            **sale,
            "Quantity": 10,
            "Loss": 100,
            "Outcome": "Moved",
            "Replaced In": "00123-4",
            "Replaced By": "ITOT",
            "Acquired": date(2026, 4, 22),
            "In Custodian's Basis": 100,
            "Basis to Add": 0,
            # held for 30 days before
            "Held Since": date(2026, 3, 23),
        },
        {
            **sale,
            "Quantity": 5,
            "Loss": 50,
            "Outcome": "Lost for good",
            "Replaced In": "401k Acme",
            "Replaced By": "ITOT",
            "Acquired": date(2026, 4, 23),
            "In Custodian's Basis": 0,
            "Basis to Add": 0,
            "Held Since": date(2026, 3, 24),
        },
        # As of 4 May another purchase would still wash the rest, through 30 days after the sale.
        {**sale, "Quantity": 25, "Loss": 250, "Outcome": "Open", "Open Until": date(2026, 5, 20)},
    ]


def test_a_loss_that_nothing_can_wash_any_more_is_allowed() -> None:
    (row,) = history(RecentTrade("00123-4", "ITOT", date(2026, 4, 3), Side.SELL, 40.0, gain_usd=-400.0))
    assert (row["Outcome"], row["Loss"]) == ("Allowed", 400)
    assert "Open Until" not in row


def test_a_sale_without_its_gain_says_so() -> None:
    (row,) = history(RecentTrade("00123-4", "ITOT", SOLD, Side.SELL, 40.0))
    assert (row["Outcome"], row["Loss"]) == ("Not known", "not known")


def test_a_replacement_sold_at_a_gain_has_a_smaller_one_where_no_custodian_adjusts() -> None:
    trades = (
        RecentTrade("00123-4", "VTI", date(2026, 4, 1), Side.SELL, 10.0, gain_usd=-100.0),
        RecentTrade("00123-4", "ITOT", date(2026, 4, 9), Side.BUY, 10.0),
        RecentTrade("00123-4", "ITOT", date(2026, 4, 29), Side.SELL, 10.0, gain_usd=300.0),
    )
    assert [row["Outcome"] for row in history(*trades)] == ["Allowed"]  # two groups
    one_group = tuple(
        replace(one, identical_group="US total") if one.symbol == "ITOT" else one for one in HOUSEHOLD.securities
    )
    home = replace(HOUSEHOLD, securities=one_group, recent_trades=trades)
    rows = table_values(reopened(build_results(PLAN, home, POLICY)), "WashHistory")
    assert [(row["Outcome"], row["Loss"]) for row in rows] == [("Moved", 100), ("Smaller gain", 100)]
    assert rows[0]["Basis to Add"] == 100


def test_reinvestments_to_come() -> None:
    # 1,000 VEA pay $0.31 each: $310 buy 6.2 shares at $50.
    workbook = sheets(
        RecentTrade("00123-4", "VEA", SOLD, Side.SELL, 10.0, gain_usd=-40.0),
        lots=(Lot("Roth Ann", "VEA", 1_000.0, reinvest=True),),
    )
    assert table_values(workbook, "ReinvestmentsExpected") == [
        {"Account": "Roth Ann", "Symbol": "VEA", "Amount": 310, "Quantity": 6.2, "Washes": "Yes"}
    ]


def test_nothing_to_tell_is_said() -> None:
    said = texts(sheets()["Wash Sales"])
    assert "No loss was taken before the plan" in said
    assert "No reinvestment is expected" in said
