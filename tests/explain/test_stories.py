"""What each hard plan must say, and what it must not."""

import re
from dataclasses import replace
from datetime import date

import pytest

from rebal_xl.explain import Told, explain
from rebal_xl.household import (
    Account,
    Length,
    Relaxation,
    Target,
    Tone,
    Withdrawal,
    WithdrawalLevel,
)
from rebal_xl.household.explanation import Explanation
from tests.explain.stories import STORIES, planned
from tests.explain.tracing import words
from tests.optimize.homes import IRA, household, lot, policy

JARGON = (
    "hifo", "fifo", "niit", "amt", "carryforward", "basis point", "trigger", "destination", "marginal", "lot by lot",
    "evaluator", "bound",
)  # fmt: skip


def story(name: str, **policy: object) -> tuple[Told, Explanation]:
    told = STORIES[name]()
    told = replace(told, policy=replace(told.policy, **policy))  # type: ignore[arg-type]
    return told, explain(told)


def section(explanation: Explanation, key: str) -> str:
    found = explanation.section(key)
    assert found is not None, key
    return "\n".join(passage.text for passage in found.passages)


def headlines(explanation: Explanation) -> dict[str, str]:
    return {headline.label: headline.figure.text for headline in explanation.headlines}


def test_nothing_to_do_is_said_calmly() -> None:
    told, explanation = story("nothing_to_do")
    assert told.plan.trades == ()
    assert [one.key for one in explanation.sections] == ["where you stand", "proposal", "next"]
    assert section(explanation, "proposal") == "Nothing calls for a trade today, and we leave everything as it is."
    assert "practically nil" in section(explanation, "where you stand")
    assert set(headlines(explanation)) == {"Household value", "Drift today"}


def test_a_shortfall_is_said_to_be_missing() -> None:
    # $9,000 wanted, $2,000 there, nothing may be sold: $7,000 is missing
    told, explanation = story("only_a_shortfall")
    assert told.plan.trades == ()
    assert explanation.section("proposal").title == "No trades today"  # type: ignore[union-attr]
    cash = section(explanation, "cash")
    assert "$2,000 is ready to be paid out from Joint." in cash
    assert "$7,000 that should come from account Joint cannot be raised" in cash
    assert explanation.section("rules") is None
    # a household that is asked for more than it has has no sensible weights
    assert "Drift today" not in headlines(explanation)
    assert "333" not in words(explanation)


@pytest.mark.parametrize(("locked", "said"), [(True, "cannot be raised under the rules"), (False, "is missing: ")])
def test_rules_are_blamed_for_missing_cash_only_where_one_is_in_the_way(locked: bool, said: str) -> None:
    # $10,000 of stock and $12,000 wanted: all of it is missing, or what the account does not hold
    home = household([Account("IRA", IRA)], [lot("IRA", "STK", 100.0, do_not_sell=locked)])
    ask = Withdrawal(WithdrawalLevel.ACCOUNT, "IRA", 12_000.0)
    told = planned(home, policy((Target("Stock", 1.0),), withdrawals=(ask,)))
    cash = section(explain(told), "cash")
    assert f"${12_000 if locked else 2_000:,} that should come from account IRA {said}" in cash
    assert ("rules we agreed on" in cash) is locked


def test_harvesting_is_said_to_defer() -> None:
    told, explanation = story("only_harvesting")
    assert told.plan.tax.cost_usd < 0
    assert explanation.section("tax").title == "What it saves in tax this year"  # type: ignore[union-attr]
    assert headlines(explanation)["Tax saved this year"] == f"${-told.plan.tax.cost_usd:,.0f}"
    losses = section(explanation, "losses")
    assert "mostly puts tax off rather than doing away with it" in losses
    assert re.search(r"save \$720 this year and cost \$[\d.]+ in later years \(10 years", losses)
    # method Harvest has no usual way to be held against
    assert "usual way" not in words(explanation)


def test_what_harvesting_is_worth_is_this_year_less_later_years() -> None:
    _, explanation = story("only_harvesting")
    now, later, net = (
        float(found.replace(",", ""))
        for found in re.search(
            r"save \$([\d,.]+) this year and cost \$([\d,.]+) in later years.*In all they save \$([\d,]+(?:\.\d+)?)\.",
            section(explanation, "losses"),
        ).groups()  # type: ignore[union-attr]
    )
    assert net == pytest.approx(now - later, abs=0.02)


def test_losses_only() -> None:
    _, explanation = story("losses_only")
    text = words(explanation)
    assert "off this year's tax" in section(explanation, "tax")
    assert "STK may be bought again from December 21, 2026." in section(explanation, "do not buy")
    assert "earlier years" not in text


def test_broken_rules_are_named_with_their_amounts() -> None:
    told, explanation = story("all_rules_relaxed")
    assert {one.rule.split(" of ")[0].split(" from ")[0] for one in told.plan.relaxed} >= {
        "Withdrawal", "Tax budget", "Limit on long gains", "Band",
    }  # fmt: skip
    rules = section(explanation, "rules")
    assert "more long-term gain than the limit allows" in rules
    assert "above the budget" in rules
    assert "cannot be raised" in section(explanation, "cash")
    # told once, where it is left alone
    assert "Stock" in section(explanation, "left alone")
    assert "Stock" not in rules
    assert "back inside" not in section(explanation, "proposal")


def test_the_usual_way_is_not_blamed_for_rules_that_the_plan_breaks_too() -> None:
    told, explanation = story("all_rules_relaxed")
    assert {"withdrawal not paid", "long gain limit", "tax budget"} <= set(told.plan.comparisons[0].breaks)
    assert "would also" not in section(explanation, "tax")
    kept = replace(told, plan=replace(told.plan, relaxed=told.plan.relaxed[:1]))
    assert "it would also pass the limit on long-term gains and pass the tax budget" in section(explain(kept), "tax")


def test_a_wash_sale_of_the_plan_is_no_fault_of_the_usual_way() -> None:
    told, explanation = story("by_hand")
    assert told.plan.comparisons[0].breaks == ("wash sale",)
    assert "would also" not in section(explanation, "tax")
    clean = replace(told, plan=replace(told.plan, lot_sales=()))
    assert "it would also waste losses by a wash sale" in section(explain(clean), "tax")


def test_value_and_tax_say_what_they_are_counted_after() -> None:
    def notes(name: str) -> dict[str, str]:
        return {one.label: one.note for one in story(name)[1].headlines}

    # $7,000 of the $9,000 cannot be paid, but the value is counted without them
    assert notes("only_a_shortfall")["Household value"] == "after all withdrawals asked for"
    assert notes("sample")["Household value"] == "after withdrawals"
    # $30,000 of income from the IRA is taxed whether or not the orders are made
    assert notes("withdrawals_from_an_ira")["Tax added this year"] == "estimate, orders alone"
    assert notes("one_account")["Tax added this year"] == "estimate"


def test_weights_beside_cash_that_is_owed_are_explained() -> None:
    # $40,000 of stock is 88.9 % and $30,000 of bonds 66.7 % of the $45,000 that stay
    _, explanation = story("withdrawals_from_an_ira")
    assert "add up to more than the whole" in section(explanation, "where you stand")
    assert "more than the whole" not in section(story("sample")[1], "where you stand")


def test_shares_of_unknown_cost_are_not_called_marked_where_reading_locked_them() -> None:
    told, explanation = story("sample")
    (lot,) = [lot for lot in told.household.lots if lot.symbol == "VB" and lot.basis_usd is None]
    lots = tuple(replace(lot, locked=True) if each is lot else each for each in told.household.lots)
    read = explain(replace(told, household=replace(told.household, lots=lots)))
    assert section(read, "left alone") == section(explanation, "left alone")
    assert "VB: shares of which the cost or the day of purchase is not known" in section(read, "left alone")


def test_sales_alone_are_not_told_to_come_before_purchases() -> None:
    assert "we enter the orders. Trades" in section(story("withdrawals_from_an_ira")[1], "next")
    assert "sales before purchases" in section(story("sample")[1], "next")


def test_consolidating_is_held_against_a_usual_way_that_does_it_too() -> None:
    assert "put the same funds together" in section(story("consolidated")[1], "tax")


@pytest.mark.parametrize("name", STORIES)
def test_money_and_classes_are_one_thing_each(name: str) -> None:
    """No plural for an amount or for one account, and no verb that a class called Bonds would not fit."""
    _, explanation = story(name)
    said = words(explanation)
    assert not re.search(r"\$[\d,.]+ are ", said)
    assert "and 1 more" not in said
    assert not re.search(r"Bonds? (?:ends|stays|makes) ", said)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("Band of US Bonds", "US Bonds ends $1,500 outside the range it should be in."),
        ("Mix of US Bonds", "US Bonds ends $1,500 away from where it was, though the mix should stay."),
        ("Cash reserve of IRA 7", "The cash of IRA 7 stays $1,500 below its reserve."),
        ("Tax budget of Ann", "The tax of Ann is $1,500 above the budget."),
        ("Limit on short gains of Ann", "Ann realizes $1,500 more short-term gain than the limit allows."),
        ("Limit on long gains of Ann", "Ann realizes $1,500 more long-term gain than the limit allows."),
        ("Most drift", "$1,500 more is away from the target than you allow."),
        ("Tracking error", "The household still strays further from its target than you allow (as if by $1,500)."),
        ("Sell VTI in IRA 7", "$1,500 of VTI in IRA 7 stays, though it has no place in the target."),
        ("Something new", "Something new: $1,500 beyond it."),
    ],
)
def test_every_rule_has_its_sentence(rule: str, said: str) -> None:
    told, _ = story("one_account")
    told = replace(told, plan=replace(told.plan, relaxed=(Relaxation(rule, 1_500.0, "", ""),)))
    assert section(explain(told), "rules") == said


def test_a_two_dollar_order() -> None:
    told, explanation = story("two_dollars")
    assert [trade.amount_usd for trade in told.plan.trades] == [pytest.approx(2.0, abs=0.01)]
    assert "We propose one order: buy $2 of BND in Roth 2." in section(explanation, "proposal")
    assert explanation.section("changes") is None
    assert "we enter the order." in section(explanation, "next")


def test_fifty_million_dollars() -> None:
    told, explanation = story("fifty_million")
    assert headlines(explanation)["Household value"] == "$50,000,000"
    # 88 % of stock to the destination, 66 %: $11,000,000 are sold
    assert "sales of $11,000,000 and purchases of $11,000,000" in section(explanation, "proposal")
    assert told.frontier is not None
    more = told.frontier.points[-1].tax_usd - told.plan.tax.cost_usd
    assert f"all the way would cost ${more:,.0f} more tax this year" in section(explanation, "proposal")


def test_one_account_has_a_name_and_is_not_counted() -> None:
    _, explanation = story("one_account")
    assert "We propose 2 orders in Joint:" in section(explanation, "proposal")
    assert "The sale is in a taxable account" in section(explanation, "why these accounts")


def test_one_taxable_account_among_others_is_told_as_one() -> None:
    _, explanation = story("fifty_million")
    assert "The other $7,000,000 is in a taxable account; there" in section(explanation, "why these accounts")
    assert "All sales are in taxable accounts" in section(story("trusts")[1], "why these accounts")


def test_a_plan_that_is_dearer_says_so() -> None:
    told, explanation = story("dearer_than_usual")
    tax = section(explanation, "tax")
    assert told.plan.tax.cost_usd - told.plan.comparisons[0].tax_usd == pytest.approx(1_500.0)
    assert "$1,500 less than this plan" in tax
    assert "the plan is not the cheaper way" in tax
    assert "This plan leaves 6.0% away from target, the usual way would leave 9.0%." in tax
    assert "Less tax than the usual way" not in headlines(explanation)
    brief = section(story("dearer_than_usual", explanation_length=Length.BRIEF)[1], "tax")
    assert "the plan is not the cheaper way" in brief


def test_a_plan_as_dear_as_the_usual_way_claims_nothing() -> None:
    _, explanation = story("as_dear_as_usual")
    assert "comes to about the same tax this year: the plan saves none" in section(explanation, "tax")
    assert "Less tax than the usual way" not in headlines(explanation)


def test_a_saving_is_that_of_the_plan() -> None:
    told, explanation = story("sample")
    saved = told.plan.comparisons[0].tax_usd - told.plan.tax.cost_usd
    assert headlines(explanation)["Less tax than the usual way"] == f"${saved:,.0f}"
    # the plan adds no tax, so that all of the usual way's is avoided
    assert f"${saved:,.0f} to this year's tax, all of which this plan avoids" in section(explanation, "tax")


def test_a_stopped_search_claims_no_proof() -> None:
    # cost less bound is $812.40, rounded up
    _, explanation = story("stopped")
    assert "a plan that is up to $813 better may exist" in section(explanation, "proposal")
    assert "no plan is more than" not in words(explanation)


def test_an_earlier_law_is_stamped() -> None:
    _, explanation = story("earlier_law")
    assert "(ESTIMATE, by the law of 2026)" in section(explanation, "tax")
    assert "2026 law stands in for a law that is not known yet" in explanation.small_print[1].text
    assert next(one for one in explanation.headlines if one.label == "Tax added this year").note == "ESTIMATE"


def test_every_return_is_told() -> None:
    told, explanation = story("trusts")
    tax = section(explanation, "tax")
    assert "for Couple and $" in tax
    assert "more for Trust of 2019." in tax
    assert sum(one.cost_usd for one in told.plan.tax.changes) == pytest.approx(told.plan.tax.cost_usd)


def test_money_out_of_an_ira_is_taxed_with_or_without_trades() -> None:
    # $30,000 at the couple's 24 % bracket
    _, explanation = story("withdrawals_from_an_ira")
    assert "adds $7,200 to this year's tax, with or without the trades" in section(explanation, "cash")
    assert "-" not in section(explanation, "where you stand").replace("non-", "")


def test_only_purchases_of_new_money() -> None:
    _, explanation = story("only_purchases")
    assert explanation.section("cash").title == "New money"  # type: ignore[union-attr]
    assert "New money of $20,000" in section(explanation, "cash")
    assert "sale" not in section(explanation, "proposal")


def test_typed_trades_are_not_called_ours() -> None:
    _, explanation = story("typed")
    assert "decided on beforehand" in section(explanation, "proposal")
    assert "this plan only makes the trades that were decided on" in section(explanation, "left alone")
    assert "The usual way is to make the same trades" in section(explanation, "tax")


def test_what_waits_is_told_with_its_day_and_looked_at_again() -> None:
    # bought 355 days before November 20, 2026: on November 30, 2025; long-term on December 1, 2026
    told, explanation = story("nearly_long_term")
    assert told.plan.waits[0].long_from == date(2026, 12, 1)
    assert "is held back until December 1, 2026" in section(explanation, "left alone")
    following = section(explanation, "next")
    assert "on December 1, 2026, when the gain on STK turns long-term" in following
    # sold on November 13; the thirtieth day after it is December 13
    assert "on December 14, 2026, when BN2 may be bought again" in following


def test_a_gain_that_is_sold_early_is_told_too() -> None:
    told, _ = story("nearly_long_term")
    sold = replace(told.plan.waits[0], sold=True)
    tax = section(explain(replace(told, plan=replace(told.plan, waits=(sold,)))), "tax")
    assert "Waiting for that day would save about $" in tax


def test_a_cap_on_drift_stands_for_the_bands() -> None:
    _, explanation = story("capped")
    assert "You allow 5% of drift. That is exceeded." in section(explanation, "where you stand")
    assert "band" not in words(explanation)


def test_tracking_error_is_explained() -> None:
    told, explanation = story("followed_by_tracking_error")
    assert told.plan.before.tracking_error is not None
    said = section(explanation, "where you stand")
    assert f"{100 * told.plan.before.tracking_error:.2f}% a year" in said
    assert "We act above 1%." in said
    mine, usual, _ = told.plan.compared
    assert mine.tracking_error is not None
    assert usual.tracking_error is not None
    here, there = (f"{round(100 * one.tracking_error, 2):g}%" for one in (mine, usual))
    both = f"may stray {here} a year from that of the target, the usual way {there}"
    assert both in section(explanation, "tax")


def test_tones_differ_and_say_the_same_numbers() -> None:
    _, formal = story("sample", tone=Tone.FORMAL)
    _, friendly = story("sample", tone=Tone.FRIENDLY)
    assert words(formal) != words(friendly)
    assert formal.headlines == friendly.headlines
    assert not re.search(r"\b\w+n't\b|we'd|you're", words(formal))
    assert re.search(r"isn't", words(friendly))


def test_long_words_of_the_trade_are_explained_or_left_out() -> None:
    for name in STORIES:
        text = words(story(name)[1]).lower()
        for jargon in JARGON:
            assert not re.search(rf"\b{jargon}\b", text), (name, jargon)
        if "band" in text:
            assert re.search(r"bands?, the room in which", text) or "outside its band" in text, name
        if "wash-sale rule" in text:
            assert "the law would then disallow the loss" in text


def test_moving_classes_between_accounts_says_what_it_saves_a_year() -> None:
    told, explanation = story("moved_for_location")
    assert told.location is not None
    saved = told.location[0].drag_usd - told.location[1].drag_usd
    assert saved > 0
    assert f"saves about ${saved:,.0f} of tax on income a year" in section(explanation, "proposal")
    # doubtful input claims nothing
    doubtful = tuple(replace(report, drag_usd=report.drag_usd + 2_000.0) for report in told.location)
    assert doubtful[0].suspect
    assert "saves about" not in section(explain(replace(told, location=doubtful)), "proposal")  # type: ignore[arg-type]


def test_a_plan_that_is_proven_best_says_only_that() -> None:
    told, _ = story("one_account")
    proven = replace(told, plan=replace(told.plan, bound_usd=told.plan.cost_usd))
    assert "no plan is better than this one" in explain(proven).small_print[-1].text


def test_a_brief_proposal_does_not_repeat_its_sums() -> None:
    _, explanation = story("one_account", explanation_length=Length.BRIEF)
    assert "Mainly, we sell Stock and buy Bond." in section(explanation, "proposal")


def test_positions_put_together_are_told() -> None:
    _, explanation = story("consolidated")
    # IVV in Joint and the IRA, IVV and SPY in the Roth
    assert (
        "Of the orders, 4 sales make your accounts simpler: what is sold there (IVV and SPY) holds the same as what is "
        "bought for it (VOO)."
    ) in section(explanation, "proposal")
    assert "simpler" not in section(story("sample")[1], "proposal")
