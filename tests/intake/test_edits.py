"""Edits typed for a what-if: read like a workbook's cells, told in words, refused all at once."""

import pytest

from rebal_xl.household import Method, Policy, Side, TypedTrade
from rebal_xl.intake.edits import Edits, read_edits
from tests.intake.story import smiths

HOUSEHOLD, POLICY = smiths()


def edited(**typed) -> Policy:
    """The Smiths' policy after edits that can all be read."""
    found = read_edits(HOUSEHOLD, POLICY, Edits(**typed))
    assert found.problems == ()
    return found.policy


def said(**typed) -> tuple[str, ...]:
    return read_edits(HOUSEHOLD, POLICY, Edits(**typed)).sentences


def refused(**typed) -> list[str]:
    found = read_edits(HOUSEHOLD, POLICY, Edits(**typed))
    assert found.policy == POLICY
    return [problem.code for problem in found.problems]


def test_nothing_typed_changes_nothing():
    assert edited() == POLICY


@pytest.mark.parametrize(
    ("name", "text", "field", "value", "sentence"),
    [
        ("Method", "cash only", "method", Method.CASH_ONLY, "Method is Cash only, it was Opportunistic."),
        ("min trade $", "$1,250", "min_trade_usd", 1_250.0, "Minimum Trade $ is $1,250.00, it was $500.00."),
        ("Most Orders", "5", "most_orders", 5, "Most Orders is 5, it was blank."),
        ("Most Drift", "3%", "most_drift", 0.03, "Most Drift is 3 %, it was blank."),
        ("Harvest Gains", "yes", "harvest_gains", True, "Harvest Gains is Yes, it was No."),
        ("Drift Measure", "Tracking error", "tracking", True, "Drift Measure is Tracking error, it was Class."),
    ],
)
def test_a_setting_is_read_as_in_its_cell_and_told(name, text, field, value, sentence):
    assert getattr(edited(settings=((name, text),)), field) == value
    assert said(settings=((name, text),)) == (sentence,)


def test_a_blank_value_is_the_default_again():
    policy = edited(settings=(("Most Orders", "5"), ("Minimum Trade $", "1000"), ("Drift Measure", "Tracking error")))
    again = Edits(settings=(("Most Orders", ""), ("Minimum Trade $", ""), ("Drift Measure", "")))
    assert read_edits(HOUSEHOLD, policy, again).policy == POLICY


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("Most Orders", "five", "not-a-number"),
        ("Most Orders", "-1", "out-of-range"),
        ("Method", "Opportunism", "not-a-choice"),
        ("Minimun Trade $", "250", "unknown-setting"),
        ("Favourite colour", "blue", "unknown-setting"),
        ("As Of", "06/30/2026", "fixed-setting"),
        ("Model", "Growth", "fixed-setting"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name, text, code):
    assert refused(settings=((name, text),)) == [code]


def test_targets_keep_their_bands_and_sum_to_100_percent():
    policy = edited(targets=(("us stocks", "70%"), ("US Bonds", "30")))
    assert [(target.asset_class, target.weight) for target in policy.targets] == [("US Stocks", 0.7), ("US Bonds", 0.3)]
    assert said(targets=(("US Stocks", "70%"), ("US Bonds", "30%"))) == (
        "The target of US Stocks is 70 %, it was 60 %.",
        "The target of US Bonds is 30 %, it was 40 %.",
    )
    policy = edited(targets=(("US Stocks", "50%"), ("Cash", "10%")))
    assert policy.target_of("Cash").weight == pytest.approx(0.10)
    assert policy.target_of("US Bonds") == POLICY.target_of("US Bonds")


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ((("US Stocks", "70%"),), "targets-total"),
        ((("US Stocks", "much"), ("US Bonds", "40%")), "not-a-number"),
        ((("US Stonks", "60%"),), "unknown-class"),
    ],
)
def test_targets_that_cannot_be_are_refused(targets, code):
    assert refused(targets=targets) == [code]


def test_trades_are_read_in_shares_and_dollars_beside_those_of_the_workbook():
    household, policy = smiths(MyTrades="Account | Symbol | Side | Quantity\nJoint | VTI | Sell | 1")
    edits = Edits(
        trades=(("Sell", "joint", "bnd", "100"), ("buy", "Joint", "VTI", "$5000"), ("S", "Joint", "VTI", "2", "A"))
    )
    found = read_edits(household, policy, edits)
    assert found.policy.my_trades == (
        TypedTrade("Joint", "VTI", Side.SELL, quantity=1.0),
        TypedTrade("Joint", "BND", Side.SELL, quantity=100.0),
        TypedTrade("Joint", "VTI", Side.BUY, amount_usd=5_000.0),
        TypedTrade("Joint", "VTI", Side.SELL, quantity=2.0, lot_id="A"),
    )
    assert found.sentences == (
        "Sell 100 BND in Joint: as typed.",
        "Buy $5,000.00 of VTI in Joint: as typed.",
        "Sell 2 VTI in Joint, lot A: as typed.",
    )


@pytest.mark.parametrize(
    "trade", [("Swap", "Joint", "VTI", "5"), ("Sell", "Joint", "VTI", "some"), ("Sell", "Joint", "VTI", "")]
)
def test_trades_that_say_nothing_are_refused(trade):
    assert refused(trades=(trade,)) == ["trade-text"]


def test_everything_wrong_is_said_at_once():
    found = read_edits(
        HOUSEHOLD,
        POLICY,
        Edits(
            settings=(("Most Orders", "five"), ("Horizon", "12")),
            targets=(("US Stocks", "70%"),),
            trades=(("Swap", "Joint", "VTI", "5"),),
        ),
    )
    assert [problem.code for problem in found.problems] == ["not-a-number", "targets-total", "trade-text"]
    # no cell of a workbook is to blame
    assert {problem.place for problem in found.problems} == {""}
    # what can be read is read
    assert found.policy.horizon_years == 12.0
