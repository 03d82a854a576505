"""The Parkers' year summed up: what was carried out counts, once, and as far as it was; the rest is said."""

from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.household import Fill, Household, RunEntry, RunStatus, Side, ValueSoFar
from rebal_xl.measure.value import by_month, run_status, value_so_far
from rebal_xl.measure.value_words import headline, not_counted, reading
from tests.measure.parkers import (
    AUGUST,
    FILLED,
    FILLS,
    HOUSEHOLD,
    LOG,
    MARCH,
    MARCH_AGAIN,
    MAY,
    NEW_YEARS_EVE,
    OCTOBER,
    run,
)


def year(*log: RunEntry, home: Household = HOUSEHOLD, as_of: date = NEW_YEARS_EVE) -> ValueSoFar:
    return value_so_far(home, log, as_of)


def sold(quantity: float, price: float, day: date = date(2026, 8, 4), **more: str) -> Fill:
    return Fill("Joint", "VTI", Side.SELL, day, quantity, price, **more)


def with_fills(*fills: Fill) -> Household:
    return replace(HOUSEHOLD, fills=fills)


def test_the_parkers_year_adds_up() -> None:
    told = year(*LOG, home=FILLED)
    assert [one.run.fingerprint for one in told.runs] == ["march", "august", "october"]
    # March 1,200. August: half of the sale filled, half of -108 is -54; at a dollar more 30 shares of the long lot gain
    # $30 more at 15 % and 20 of the short one $20 less loss at 24 %: -54 + 4.50 + 4.80 = -44.70. October 700.
    assert [one.tax_usd for one in told.runs] == [1_200.0, pytest.approx(-44.70), 700.0]
    assert told.tax_usd == pytest.approx(1_855.30)
    # own methods: 3,000 + half of 500 + 400 = 3,650; HIFO: 1,500 + half of 200 + 650 = 2,250
    assert told.own.tax_usd == pytest.approx(3_650.0)
    assert told.hifo.tax_usd == pytest.approx(2_250.0)
    # 3,650 - 1,855.30, and 2,250 - 1,855.30
    assert told.own.saved_usd == pytest.approx(1_794.70)
    assert told.hifo.saved_usd == pytest.approx(394.70)
    # given back later: 1,100 + half of 60 - 120 = 1,010; 180 + half of 20 - 10 = 180
    assert told.own.later_usd == pytest.approx(1_010.0)
    assert told.hifo.later_usd == pytest.approx(180.0)
    assert told.own.kept_usd == pytest.approx(784.70)
    assert told.hifo.kept_usd == pytest.approx(214.70)


def test_gains_and_losses_are_those_of_the_fills_where_there_are_fills() -> None:
    told = year(*LOG, home=FILLED)
    # August: 30 shares of L1 bring 30 x (121 - 100) = 630 long; 20 of L2 20 x (121 - 150) = -580 short
    assert told.short_gain_usd == pytest.approx(0.0 - 580.0 + 1_000.0)
    assert told.long_gain_usd == pytest.approx(8_000.0 + 630.0 + 3_000.0)
    assert told.losses_usd == pytest.approx(500.0 + 580.0 + 250.0)
    assert told.disallowed_usd == pytest.approx(100.0)


def test_wash_sales_avoided_are_the_ordinary_ways_less_the_plans() -> None:
    told = year(*LOG, home=FILLED)
    # March 2,000 - 0, August half of 800 - 0, October 0 - 100
    assert told.own.avoided_usd == pytest.approx(2_000.0 + 400.0 - 100.0)
    assert told.hifo.avoided_usd == pytest.approx(0.0 + 0.0 + 200.0)


def test_location_is_saved_by_the_day_since_each_run() -> None:
    told = year(*LOG, home=FILLED)
    # March saves 900 - 400 = 500 a year, 304 days; August 400 - 640 = -240, 11/24 of its dollars, 150 days
    assert (NEW_YEARS_EVE - MARCH.as_of).days == 304
    assert (NEW_YEARS_EVE - AUGUST.as_of).days == 150
    assert told.location_year_usd == pytest.approx(500.0 - 240.0 * 11 / 24)
    assert told.location_usd == pytest.approx(500.0 * 304 / 365 - 110.0 * 150 / 365)
    assert told.worth_usd == pytest.approx(784.70 + 500.0 * 304 / 365 - 110.0 * 150 / 365)


def test_slippage_is_what_fills_were_worse_than_the_plans_prices() -> None:
    told = year(*LOG, home=FILLED)
    # 50 shares sold a dollar dearer: -50; 100 bought ten cents dearer: +10
    assert told.slippage_usd == pytest.approx(-40.0)
    assert told.filled_usd == pytest.approx(50 * 121.0 + 100 * 50.10)
    # 40 / 11,060 = 36.2 basis points
    assert any("$40.00 better (36.2 basis points" in sentence for sentence in reading(told))
    (august,) = (one for one in told.runs if one.by_fills)
    # 6,000 of 12,000 sold; 6,000 + 5,000 of 24,000 in all
    assert (august.share, august.order_share) == (pytest.approx(0.5), pytest.approx(11 / 24))
    assert august.status is RunStatus.PARTLY_DONE
    assert told.filled == (("august", "2 of 2"),)


def test_the_headline_says_what_it_was_worth_and_before_what() -> None:
    told = year(*LOG, home=FILLED)
    worth = 784.70 + 500.0 * 304 / 365 - 110.0 * 150 / 365
    assert f"3 rebalances carried out are worth ${worth:,.2f} against each account's own lot method" in headline(told)
    # 394.70 - 180 instead of 784.70
    assert f"(${worth - 784.70 + 214.70:,.2f} against highest cost first)" in headline(told)
    located = 500.0 * 304 / 365 - 110.0 * 150 / 365
    assert (
        f"$1,794.70 of tax saved this year, $1,010.00 to be given back later and ${located:,.2f} saved by location"
    ) in headline(told)
    assert "hypothetical, before advisory fees" in headline(told)
    assert any("not a simulated other history" in sentence for sentence in reading(told))


def test_the_same_plan_twice_in_a_day_counts_once() -> None:
    assert year(MARCH_AGAIN, MARCH).tax_usd == 1_200.0
    # the newer row is only proposed, the older one was done
    both = year(replace(MARCH, status="proposed"), MARCH)
    assert (both.tax_usd, both.proposed) == (1_200.0, 0)
    # of two that are done the newer is told
    assert year(MARCH_AGAIN, MARCH).runs[0].run.note == "sent to Ana"


def test_two_different_plans_of_a_day_count_both_and_are_told() -> None:
    told = year(replace(MARCH, fingerprint="other"), MARCH)
    # the one found first comes first
    assert [one.run.fingerprint for one in told.runs] == ["march", "other"]
    assert told.tax_usd == 2_400.0
    assert any(note.startswith("2 different plans of 03/02/2026 are marked done") for note in told.notes)


def test_dropped_and_proposed_runs_do_not_count() -> None:
    told = year(replace(OCTOBER, status=""), MAY, MARCH)
    assert (told.tax_usd, told.proposed, told.dropped, told.notes) == (1_200.0, 1, 1, ())
    assert not_counted(told) == (
        "1 run of the year proposed and not counted.",
        "1 run of the year dropped and not counted.",
    )


def test_a_year_without_runs_says_what_to_do() -> None:
    told = year()
    assert (told.worth_usd, told.seen) == (0.0, 0)
    assert "mark the runs that were carried out as done" in headline(told)
    # 13 months later nothing of 2026 is of the year
    assert year(*LOG, home=FILLED, as_of=date(2027, 1, 31)).runs == ()


def test_runs_and_fills_after_the_as_of_day_do_not_count_yet() -> None:
    told = year(*LOG, home=FILLED, as_of=date(2026, 8, 3))
    assert [one.run.fingerprint for one in told.runs] == ["march"]
    # August is partly done, and its fills are of tomorrow
    assert any("partly done and has no fills" in note for note in told.notes)


def test_advice_that_cost_more_is_said_so_plainly() -> None:
    told = year(OCTOBER)
    # 400 - 700 = -300 of tax; the plan leaves $120 less for later: -300 + 120
    assert told.worth_usd == pytest.approx(-180.0)
    # HIFO: 650 - 700 + 10
    assert "cost $180.00 more than the ordinary way by each account's own lot method" in headline(told)
    assert "($40.00 more than by highest cost first)" in headline(told)
    assert "$300.00 of tax paid more this year and $120.00 less tax left for later." in headline(told)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("done", RunStatus.DONE),
        (" DONE ", RunStatus.DONE),
        ("Partly-Done", RunStatus.PARTLY_DONE),
        ("", RunStatus.PROPOSED),
        ("dropped.", RunStatus.DROPPED),
        ("not done", None),
        ("doen", None),
        ("=done", None),
        ("done?", None),
        ('=HYPERLINK("x")', None),
    ],
)
def test_statuses_are_read_whatever_their_case_and_never_guessed(text: str, status: RunStatus | None) -> None:
    assert run_status(text) is status


def test_a_status_misspelt_is_not_counted_and_told_with_what_was_meant() -> None:
    told = year(replace(MARCH, status="doen"))
    assert told.runs == ()
    (note,) = told.notes
    assert 'The status "doen" of the run of 03/02/2026 (Opportunistic) is none of proposed, done' in note
    assert note.endswith('it is not counted. Did you mean "done"?')


def test_a_run_logged_before_tax_was_kept_is_told_and_not_counted() -> None:
    told = year(replace(MARCH, tax_usd=None, against=None))
    assert told.runs == ()
    assert "kept no tax figures: it is not counted" in told.notes[0]


def test_a_run_that_could_not_be_compared_counts_its_tax_and_no_saving() -> None:
    told = year(replace(MARCH, against=None), OCTOBER)
    assert told.tax_usd == 1_900.0
    # October alone: 700 against 400
    assert (told.own.plan_tax_usd, told.own.saved_usd) == (700.0, -300.0)
    assert any("could not be compared" in note for note in told.notes)


def test_fills_that_match_no_plan_are_told_and_not_counted() -> None:
    strange = (
        sold(10.0, 130.0, date(2026, 6, 1)),  # before the August plan
        sold(10.0, 130.0, date(2026, 9, 3)),  # 31 days after it
        Fill("IRA", "BND", Side.BUY, date(2026, 8, 4), 5.0, 50.0),  # no such order
        sold(10.0, 130.0, fingerprint="nobody"),  # no such plan
    )
    told = year(replace(AUGUST, status="done"), home=with_fills(*strange))
    assert told.notes[0].startswith("4 of the fills match no order of a plan")
    assert "IRA" not in told.notes[0]
    # and the plan counts by its status
    assert (told.tax_usd, told.runs[0].by_fills) == (-108.0, False)


def test_a_fill_on_the_thirtieth_day_still_belongs_to_its_plan() -> None:
    told = year(AUGUST, home=with_fills(sold(100.0, 120.0, date(2026, 9, 2))))
    assert (date(2026, 9, 2) - AUGUST.as_of).days == 30
    assert told.runs[0].by_fills
    # all sold at the plan's price: the plan's own tax
    assert told.tax_usd == pytest.approx(-108.0)


def test_a_fill_without_fingerprint_belongs_to_the_newest_plan_that_orders_it() -> None:
    later = replace(
        AUGUST, as_of=date(2026, 8, 10), fingerprint="later",
        orders=tuple(replace(order, fingerprint="later") for order in AUGUST.orders),
    )  # fmt: skip
    fill = sold(100.0, 120.0, date(2026, 8, 12))
    assert [one.run.fingerprint for one in year(later, AUGUST, home=with_fills(fill)).runs] == ["later"]
    named = replace(fill, fingerprint="august")
    assert [one.run.fingerprint for one in year(later, AUGUST, home=with_fills(named)).runs] == ["august"]
    # a dropped plan is passed over
    dropped = replace(later, status="dropped")
    assert [one.run.fingerprint for one in year(dropped, AUGUST, home=with_fills(fill)).runs] == ["august"]


def test_a_lot_that_a_fill_names_is_the_one_that_is_sold() -> None:
    told = year(AUGUST, home=with_fills(sold(40.0, 120.0, lot_id="L2")))
    # 40 x (120 - 150)
    assert (told.short_gain_usd, told.long_gain_usd) == (pytest.approx(-1_200.0), 0.0)
    # 4,800 of 12,000 is 40 %: 40 % of -108 is -43.20; realised -1,200 short at 24 %, of which the plan's 40 % are
    # 0.15 x 480 - 0.24 x 480 = -43.20: what differs is -288 + 43.20, together -288
    assert told.tax_usd == pytest.approx(-0.24 * 1_200.0)


def test_a_lot_outside_the_plan_is_looked_up_in_holdings() -> None:
    # L9 was bought in 2019 at 7,200 / 80 = $90: 10 x (121 - 90) long
    told = year(AUGUST, home=with_fills(sold(10.0, 121.0, lot_id="L9")))
    assert (told.short_gain_usd, told.long_gain_usd) == (0.0, pytest.approx(310.0))
    unknown = year(AUGUST, home=with_fills(sold(10.0, 121.0, lot_id="gone")))
    assert (unknown.short_gain_usd, unknown.long_gain_usd) == (0.0, 0.0)
    assert any("names the lot gone" in note for note in unknown.notes)


def test_a_loss_that_turned_long_between_plan_and_fill_is_long() -> None:
    # L2 was bought on 02/02/2026 and is long from 02/03/2027
    plan = replace(AUGUST, as_of=date(2027, 1, 20))
    for day, gains in ((date(2027, 2, 2), (-1_200.0, 0.0)), (date(2027, 2, 3), (0.0, -1_200.0))):
        told = year(plan, home=with_fills(sold(40.0, 120.0, day, lot_id="L2")), as_of=date(2027, 3, 1))
        assert (told.short_gain_usd, told.long_gain_usd) == gains


def test_fills_beyond_the_order_are_told_and_not_counted() -> None:
    told = year(AUGUST, home=with_fills(sold(70.0, 120.0), sold(45.0, 120.0, date(2026, 8, 5))))
    assert told.tax_usd == pytest.approx(-108.0)
    assert any("Fills sell 15 shares of VTI in Joint more than the 100 ordered" in note for note in told.notes)


def test_a_disallowed_loss_is_scaled_with_its_lot() -> None:
    long_lot, short_lot, buy = AUGUST.orders
    washed = replace(AUGUST, orders=(long_lot, replace(short_lot, disallowed_usd=400.0), buy), disallowed_usd=400.0)
    told = year(washed, home=with_fills(sold(20.0, 120.0, lot_id="L2")))
    # half of the lot: a loss of 600, of which 200 is disallowed
    assert (told.losses_usd, told.disallowed_usd, told.short_gain_usd) == (600.0, 200.0, -400.0)


def test_contradictions_between_status_and_fills_are_told_and_the_fills_count() -> None:
    done = year(replace(AUGUST, status="done"), home=FILLED)
    assert any("is marked done, but has fills for 46% of its orders" in note for note in done.notes)
    assert done.tax_usd == pytest.approx(-44.70)
    named = with_fills(*(replace(fill, fingerprint="august") for fill in FILLS))
    dropped = year(replace(AUGUST, status="dropped"), home=named)
    assert any("is marked dropped, but has fills for 46%" in note for note in dropped.notes)
    assert (dropped.tax_usd, dropped.dropped) == (pytest.approx(-44.70), 0)


def test_a_bonds_price_is_per_hundred_of_face_as_in_the_plan() -> None:
    order = replace(AUGUST.orders[0], symbol="BOND", quantity=10_000.0, price_usd=98.0, amount_usd=9_800.0,
                    basis_usd=9_500.0)  # fmt: skip
    fill = Fill("Joint", "BOND", Side.SELL, date(2026, 8, 4), 10_000.0, 97.5)
    told = year(run(date(2026, 8, 3), "bond", "done", orders=(order,)), home=with_fills(fill))
    assert (told.long_gain_usd, told.slippage_usd) == (pytest.approx(250.0), pytest.approx(50.0))


def test_months_add_up_to_the_year_and_those_to_come_are_empty() -> None:
    months = by_month(year(*LOG, home=FILLED, as_of=date(2026, 11, 2)))
    saved = [None if month is None else month["saved"] for month in months]
    # March 1,800; August 250 + 44.70; October -300
    assert saved == [0.0, 0.0, *[1_800.0] * 5, *[pytest.approx(2_094.70)] * 2, *[pytest.approx(1_794.70)] * 2, None]
    assert months[10] is not None
    assert months[10]["kept"] == pytest.approx(784.70)
