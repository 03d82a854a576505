"""Lots: what they cost, when they were bought, and which of them only count and are not traded."""

from datetime import date

import pytest

from rebal_xl.household import Lot, LotSource, Term
from rebal_xl.intake.lots import lot_of
from tests.intake.story import codes, noticed, only, read, refused, sheet, smith, smiths, smiths_refused

HEAD = "Account | Symbol | Quantity | Cost Basis | Cost/Share | Acquired | Term | Source\n"


def lots(*rows: str, **changes):
    return smiths(Holdings=HEAD + "\n".join(rows), **changes)[0].lots


def notices(*rows: str, **changes):
    return noticed(Holdings=HEAD + "\n".join(rows), **changes)


def problems(*rows: str, **changes):
    return smiths_refused(Holdings=HEAD + "\n".join(rows), **changes)


def test_cost_per_share_times_shares_is_the_basis():
    (lot,) = lots("Joint | vti | 1,200.5 | | $200.00 | Mar-15-2020 | |")
    assert (lot.symbol, lot.quantity, lot.basis_usd, lot.acquired) == ("VTI", 1200.5, 240_100.0, date(2020, 3, 15))


def test_basis_and_cost_per_share_must_tie_within_rounding():
    # 8 shares at a cost of 108.98 rounded to cents are 871.84; at 108.985 they would be 871.88
    (lot,) = lots("Joint | VTI | 8 | 871.84 | 108.98 | 03/15/2020 | |")
    assert lot.basis_usd == 871.84
    # 3,000 x 33.33 is 99,990; the rounding of half a cent a share allows 15 dollars
    assert lots("Joint | VTI | 3000 | 100000 | 33.33 | 03/15/2020 | |")[0].basis_usd == 100_000.0
    problem = only(problems("Joint | VTI | 100 | 200 | 200 | 03/15/2020 | |"), "basis-conflict")
    assert problem.place == "Holdings!D2"
    assert "20000" in problem.message


def test_a_column_of_costs_per_share_under_the_name_cost_basis_is_refused():
    rows = [f"Joint | VTI | {shares} | {cost} | | 03/1{day}/2020 | |" for shares, cost, day in PER_SHARE]
    problem = only(problems(*rows), "basis-unclear")
    assert problem.place == "Holdings!D2"
    assert "Cost/Share" in problem.advice
    # Both columns filled leave no doubt.
    sure = [
        f"Joint | VTI | {shares} | {cost} | {cost / shares:.4f} | 03/1{day}/2020 | |" for shares, cost, day in PER_SHARE
    ]
    assert len(lots(*sure)) == 3


# shares, dollars, day: VTI costs 250, so that 200 dollars are about one share's cost
PER_SHARE = ((100, 200, 1), (50, 210, 2), (400, 190, 3))


def test_a_single_odd_basis_is_noticed_and_taken_as_written():
    rows = ["Joint | VTI | 100 | 200 | | 03/15/2020 | |", "Joint | VTI | 50 | 10000 | | 03/15/2021 | |"]
    assert only(notices(*rows), "basis-suspicious").place == "Holdings!D2"
    assert sum(lot.basis_usd for lot in lots(*rows)) == 10_200.0
    # An old lot: 100 shares for 1,000, four times today's price of one share
    assert notices("Joint | VTI | 100 | 1000 | | 03/15/1996 | |") == ()


def test_totals_under_the_name_cost_per_share_are_refused_as_a_column():
    rows = [f"Joint | VTI | {n}00 | | {n * 20000} | 03/15/2020 | |" for n in (1, 2, 3)]
    assert only(problems(*rows), "basis-unclear").place == "Holdings!E2"
    assert only(notices(rows[0], "Joint | VTI | 50 | | 200 | 03/15/2020 | |"), "basis-suspicious").cell == "E2"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Joint | VTI | 100 | | | 03/15/2020 | |", "the cost basis is not known"),
        ("Joint | VTI | 100 | Incomplete | | 03/15/2020 | |", "the cost basis is not known"),
        ("Joint | VTI | 100 | 20000 | | Various | |", "the date acquired is not known"),
        ("Joint | VTI | 100 | 20000 | | | |", "the date acquired is not known"),
        ("Joint | VTI | 100 | n/a | | -- | |", "the cost basis is not known and the date acquired is not known"),
        ("Joint | VTI | -100 | 20000 | | 03/15/2020 | |", "the quantity is negative"),
    ],
)
def test_what_cannot_be_sold_without_a_guess_counts_and_is_locked(row, why):
    (lot,) = lots(row)
    assert lot.locked
    notice = only(notices(row), "lot-locked")
    assert notice.place == "Holdings!B2"
    assert notice.message.endswith(f"are not traded: {why}.")


def test_the_custodians_term_or_an_inheritance_stands_in_for_the_date():
    (long,) = lots("Joint | VTI | 100 | 20000 | | Various | Long Term |")
    assert (long.locked, long.acquired, long.custodian_term) == (False, None, Term.LONG)
    (unknown,) = lots("Joint | VTI | 100 | 20000 | | 03/15/2020 | Various |")
    assert (unknown.locked, unknown.custodian_term) == (False, None)
    (inherited,) = lots("Joint | VTI | 100 | 20000 | | | | inherited")
    assert (inherited.locked, inherited.source) == (False, LotSource.INHERITED)


def test_where_nobody_taxes_gains_nothing_is_missed():
    for treatment in ("IRA", "Roth", "HSA", "401k"):
        accounts = f"Account | Tax Treatment\nJoint | {treatment}"
        household, _ = smiths(Accounts=accounts, Holdings=HEAD + "Joint | VTI | 100 | | | Various | |")
        assert not household.lots[0].locked
        assert household.notices == ()


def test_options_are_held_and_never_traded():
    household, _ = smiths(
        Holdings="""
        Account | Symbol | Quantity | Price | Market Value | Cost Basis | Acquired
        Joint | VTI | 100 | | | 20000 | 03/15/2020
        Joint | ACME 04/17/2026 55.00 C | -2 | 1.25 | -250 | | 01/05/2026
        """
    )
    option = household.lots[0]
    # A contract covers 100 shares: 2 x 100 x 1.25 = 250 are owed.
    assert household.value_usd(option) == -250.0
    assert (option.locked, option.basis_usd, option.acquired) == (True, None, None)
    assert household.security(option.symbol).do_not_buy
    assert "it is an option" in only(household.notices, "lot-locked").message


def test_the_date_counts_where_the_custodian_says_otherwise():
    # Bought on 15 June 2025 shares are short-term on 15 June 2026 and long-term a day later (Rev. Rul. 66-7).
    assert notices("Joint | VTI | 100 | 20000 | | 06/15/2025 | Short |") == ()
    notice = only(notices("Joint | VTI | 100 | 20000 | | 06/15/2025 | Long |"), "term-differs")
    assert notice.place == "Holdings!G2"
    assert notices("Joint | VTI | 100 | 20000 | | 06/14/2025 | Long |") == ()
    assert notices("Joint | VTI | 100 | 20000 | | 06/01/2026 | Long | inherited") == ()


def test_a_lot_cannot_be_bought_after_the_as_of_date():
    assert lots("Joint | VTI | 100 | 20000 | | 06/15/2026 | |")[0].acquired == date(2026, 6, 15)
    problem = only(problems("Joint | VTI | 100 | 20000 | | 06/16/2026 | |"), "acquired-after-as-of")
    assert problem.place == "Holdings!F2"


def test_split_fills_are_one_notice_for_a_position():
    rows = [f"Joint | VTI | {shares} | {shares * 200} | | 03/15/2020 | |" for shares in (10, 20, 30)]
    notice = only(notices(*rows, "Joint | VTI | 10 | 2100 | | 03/15/2020 | |"), "split-fills")
    assert notice.message.startswith("3 lots of VTI in Joint")
    assert notices(rows[0], "Joint | VTI | 10 | 2000 | | 03/16/2020 | |") == ()


def test_lots_without_a_name_get_one_from_their_day():
    names = [
        lot.lot_id
        for lot in lots(
            "Joint | VTI | 10 | 2000 | | 03/16/2020 | |",
            "Joint | VTI | 20 | 4400 | | 03/16/2020 | |",
            "Ann IRA | VTI | 5 | | | | |",
        )
    ]
    assert names == ["VTI undated", "VTI 2020-03-16", "VTI 2020-03-16 #2"]


def test_a_lot_id_is_used_once_in_a_position():
    holdings = (
        "Account | Symbol | Quantity | Lot ID\nJoint | BND | 1 | A\nAnn IRA | VTI | 2 | A\nAnn IRA | VTI | 1 | {}"
    )
    assert len(smiths(Holdings=holdings.format("B"))[0].lots) == 3
    assert only(smiths_refused(Holdings=holdings.format("A")), "duplicate-lot").place == "Holdings!D4"


def test_unknown_accounts_and_symbols_are_refused_with_a_suggestion():
    problem = only(problems("Jiont | VTI | 100 | 20000 | | 03/15/2020 | |"), "unknown-account")
    assert (problem.place, 'Did you mean "Joint"?' in problem.message) == ("Holdings!A2", True)
    problem = only(problems("Joint | VTI1 | 100 | 20000 | | 03/15/2020 | |"), "unknown-symbol")
    assert (problem.place, 'Did you mean "VTI"?' in problem.message) == ("Holdings!B2", True)


def test_an_unknown_account_is_one_problem_however_many_lots_it_has():
    rows = [f"Schwab 77 | VTI | {shares} | 200 | | 03/15/2020 | |" for shares in (1, 2, 3)]
    problem = only(problems(*rows, "Schwab 77 | CASH | 5 | | | | |"), "unknown-account")
    assert (problem.place, "4 rows name it" in problem.message) == ("Holdings!A2", True)


def test_a_row_of_no_shares_is_mentioned_and_left_out():
    assert codes(notices("Joint | VTI | 0 | 0 | | 03/15/2020 | |", "Ann IRA | VTI | 1 | | | | |")) == ["zero-quantity"]


def test_a_market_value_that_does_not_tie_is_noticed():
    holdings = "Account | Symbol | Quantity | Market Value\nAnn IRA | VTI | 100 | {}"
    # 100 x 250 = 25,000; half a percent of the value given is allowed
    assert noticed(Holdings=holdings.format("25120")) == ()
    assert only(noticed(Holdings=holdings.format("25130")), "value-differs").place == "Holdings!D2"


def test_a_bond_without_its_price_divisor_is_refused():
    holdings = "Account | Symbol | Quantity | Market Value\nAnn IRA | 91282CFV8 | 60000 | 59100"
    bond = "Symbol | Asset Class | Price | Price Divisor\n91282CFV8 | US Bonds | 98.50 | {}"
    household, _ = smiths(Holdings=holdings, Securities=bond.format("100"))
    assert household.value_usd(household.lots[0]) == pytest.approx(59_100.0)
    problem = only(smiths_refused(Holdings=holdings, Securities=bond.format("")), "price-divisor")
    assert "Write 100 as its Price Divisor" in problem.advice


def test_the_least_and_the_most_to_hold_concern_the_whole_position():
    holdings = (
        "Account | Symbol | Quantity | Min Hold | Max Hold\nAnn IRA | VTI | 10 | {} | {}\nAnn IRA | VTI | 20 | {} |"
    )
    assert smiths(Holdings=holdings.format(5, 25, ""))[0].lots[0].min_hold == 5.0
    assert only(smiths_refused(Holdings=holdings.format(5, 25, 6)), "hold-conflict").place == "Holdings!D3"
    assert only(smiths_refused(Holdings=holdings.format(26, 25, "")), "hold-conflict").place == "Holdings!D2"


def test_flags_and_sources_of_a_lot():
    household, _ = smiths(
        Holdings="Account | Symbol | Quantity | Locked | Do Not Sell | Reinvest? | Source\n"
        "Ann IRA | VTI | 1 | x | y | Yes | dividend reinvestment"
    )
    (lot,) = household.lots
    assert (lot.locked, lot.do_not_sell, lot.reinvest, lot.source) == (True, True, True, LotSource.REINVESTED)


@pytest.mark.parametrize(
    ("quantity", "code"),
    [("=?", "formula-not-calculated"), ("#N/A", "cell-error"), ("TRUE", "not-a-number"), ("2e15", "number-too-large")],
)
def test_cells_that_hold_no_quantity_are_named(quantity, code):
    assert only(problems(f"Joint | VTI | {quantity} | 1 | | 03/15/2020 | |"), code).place == "Holdings!C2"


def test_a_row_without_quantity_is_refused_even_with_a_value():
    holdings = "Account | Symbol | Quantity | Market Value\nAnn IRA | VTI | | 25000\nAnn IRA | BND | 1 | 75"
    assert only(smiths_refused(Holdings=holdings), "missing-value").place == "Holdings!C2"


def test_a_file_of_positions_and_a_file_of_lots_do_not_count_twice():
    lots_file = sheet("lots", HEAD + "Joint | VTI | 60 | 9000 | | 03/15/2020 | |", kind="csv")
    more_lots = sheet("more", HEAD + "Joint | BND | 5 | 300 | | 03/15/2020 | |", kind="csv")
    positions = sheet("positions", "Account | Symbol | Quantity\njoint | VTI | 60\nJoint | BND | 5", kind="csv")
    rest = smith(Holdings=None)
    assert len(read(*rest, lots_file, more_lots)[0].lots) == 2
    household, _ = read(*rest, lots_file, positions)
    assert [(lot.symbol, lot.quantity, lot.basis_usd) for lot in household.lots] == [
        ("BND", 5.0, None),
        ("VTI", 60.0, 9_000.0),
    ]
    told = next(notice for notice in household.notices if notice.code == "no-lots")
    assert "the lots of BND in Joint" in told.message


def test_a_file_of_positions_that_disagrees_with_the_lots_is_refused():
    lots_file = sheet("lots", HEAD + "Joint | VTI | 60 | 9000 | | 03/15/2020 | |", kind="csv")
    positions = sheet("positions", "Account | Symbol | Quantity\njoint | VTI | 61", kind="csv")
    (problem,) = refused(*smith(Holdings=None), lots_file, positions)
    assert "lots of 60 in lots, positions has 61" in problem.message


class TestGiftsWithTwoBases:
    HEAD = "Account | Symbol | Quantity | Cost Basis | Acquired | Source | Gift Value | Gift Date\n"

    def lots(self, row: str):
        return smiths(Holdings=self.HEAD + row)[0].lots

    def test_value_and_day_of_the_gift_are_read(self):
        (lot,) = self.lots("Joint | VTI | 100 | 30000 | 03/15/2020 | gift | 22000 | 12/24/2024")
        assert (lot.gift_value_usd, lot.gifted) == (22_000.0, date(2024, 12, 24))
        assert (lot.basis_usd, lot.acquired) == (30_000.0, date(2020, 3, 15))

    def test_they_belong_to_gifts_alone(self):
        row = self.HEAD + "Joint | VTI | 100 | 30000 | 03/15/2020 | | 22000 | 12/24/2024"
        assert only(smiths_refused(Holdings=row), "gift-without-source").place == "Holdings!G2"

    def test_nobody_gives_before_buying(self):
        row = self.HEAD + "Joint | VTI | 100 | 30000 | 03/15/2020 | gift | 22000 | 03/14/2020"
        assert only(smiths_refused(Holdings=row), "gift-date-order").place == "Holdings!H2"

    def test_without_the_day_of_the_gift_the_term_of_a_loss_is_noticed(self):
        row = "Joint | VTI | 100 | 30000 | 03/15/2020 | gift | 22000 |"
        assert only(noticed(Holdings=self.HEAD + row), "gift-date-missing").place == "Holdings!H2"

    def test_a_gift_worth_more_than_its_basis_needs_no_day(self):
        row = "Joint | VTI | 100 | 20000 | 03/15/2020 | gift | 22000 |"
        assert "gift-date-missing" not in codes(noticed(Holdings=self.HEAD + row))


def test_a_lot_made_from_its_values_is_that_of_its_class():
    values = {"account": "IRA", "symbol": "VTI", "quantity": 3.0, "lot_id": "L1", "locked": True}
    assert lot_of(values) == Lot(**values)
    assert hash(lot_of(values)) == hash(Lot(**values))


def test_what_was_received_for_shares_sold_short_is_no_cost_whatever_its_sign():
    holdings = "Account | Symbol | Quantity | Cost Basis | Acquired\nJoint | VTI | -10 | -2500 | 01/02/2026"
    household, _ = smiths(Holdings=holdings + "\nJoint | BND | 10 | 700 | 01/02/2026")
    short = next(lot for lot in household.lots if lot.symbol == "VTI")
    assert (short.quantity, short.basis_usd, short.locked) == (-10.0, None, True)
    assert codes(smiths_refused(Holdings=holdings.replace("-10", "10"))) == ["out-of-range"]


@pytest.mark.parametrize(
    "symbol", ["SPY 12/18/26 C600", "SPY 12/18/2026 $600 CALL", "SPY 18DEC26 600 C", "SPY261218C00600000"]
)
def test_an_option_counts_a_hundred_shares_a_contract_however_it_is_written(symbol: str):
    holdings = f"Account | Symbol | Quantity | Price | Market Value\nJoint | {symbol} | 2 | 12.50 | 2500"
    household, _ = smiths(Holdings=holdings)
    # 2 contracts of 100 at 12.50
    assert household.value_usd(household.lots[0]) == pytest.approx(2_500.0)
    assert household.lots[0].locked
