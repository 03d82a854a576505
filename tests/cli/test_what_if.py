"""`what-if`: the Riveras ask what fewer orders, another target and a trade of their own would change."""

import pytest

from tests.cli.riveras import call, call_json, riveras

EDITS = (
    "--set", "Most Orders=8",
    "--target", "US Large Cap=28%",
    "--target", "US Bonds=20%",
    "--trade", "Sell,Alex IRA,BNDX,100",
)  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return riveras(tmp_path_factory.mktemp("what-if") / "riveras.xlsx")


@pytest.fixture(scope="module")
def told(file):
    code, document = call_json("what-if", file, *EDITS)
    # eight orders cannot bring every class home
    assert code in (0, 3)
    assert document["what_if"]["edited"]["relaxed"] or code == 0
    return document["what_if"]


def test_the_edits_are_told_and_done(told):
    assert told["edits"] == [
        "Most Orders is 8, it was blank.",
        "The target of US Large Cap is 28 %, it was 30 %.",
        "The target of US Bonds is 20 %, it was 18 %.",
        "Sell 100 BNDX in Alex IRA: as typed.",
    ]
    trades = told["edited"]["trades"]
    assert len(trades) <= 8
    assert ("Alex IRA", "Sell", "BNDX", 100.0) in [
        (one["account"], one["side"], one["symbol"], one["quantity"]) for one in trades
    ]


def test_the_differences_are_those_of_the_two_plans(told):
    base, edited = told["base"], told["edited"]
    assert sum(one["change_usd"] for one in told["tax"]) == pytest.approx(
        edited["tax"]["cost_usd"] - base["tax"]["cost_usd"], abs=0.02
    )
    key = ("account", "side", "symbol")
    plans = [{tuple(one[part] for part in key): one["quantity"] for one in plan["trades"]} for plan in (base, edited)]
    changed = {tuple(one[part] for part in key): one for one in told["orders"]}
    for order in {*plans[0], *plans[1]}:
        before, after = (plan.get(order, 0.0) for plan in plans)
        assert (order in changed) == (before != after)
        if order in changed:
            assert (changed[order]["base_quantity"], changed[order]["edited_quantity"]) == (before, after)
    weights = {line["asset_class"]: line["actual_weight"] for line in edited["after"]["classes"]}
    assert {one["asset_class"]: one["edited_weight"] for one in told["classes"]} == weights


def test_it_is_shown_in_tables_and_nothing_is_written(file, told):
    result = call("what-if", file, *EDITS)
    shown = " ".join(result.stdout.split())
    for sentence in told["edits"]:
        assert sentence in shown
    for heading in ("Money", "Classes after trading", "Orders that change", "30.00% -> 28.00%"):
        assert heading in shown
    assert f"{told['edited']['after']['household_drift']:.2%}" in shown
    assert [path.name for path in file.parent.iterdir()] == ["riveras.xlsx"]


def test_no_edit_changes_nothing(file):
    result = call("what-if", file)
    assert result.exit_code == 0
    assert "Nothing was edited." in result.stdout
    assert "None: both plans have the same orders." in result.stdout


def test_what_cannot_be_is_refused_all_at_once(file):
    code, document = call_json(
        "what-if", file, "--set", "Most Orders=six", "--target", "US Bonds=50%", "--trade", "Sell,Alex IRA,ZZZ,1"
    )
    assert (code, document["what_if"]) == (1, None)
    assert [problem["code"] for problem in document["problems"]] == ["not-a-number", "targets-total", "typed-trade"]


@pytest.mark.parametrize(
    "typed",
    [("--set", "Most Orders"), ("--target", "=5%"), ("--trade", "Sell,Alex IRA,BNDX"), ("--trade", "")],
)
def test_edits_of_no_form_are_a_wrong_call(file, typed):
    result = call("what-if", file, *typed)
    assert result.exit_code == 2
    assert "Write it as" in " ".join(result.stderr.replace("│", " ").split())


def test_an_account_with_a_comma_stands_in_quotes(file):
    code, document = call_json("what-if", file, "--trade", 'Sell,"Rivera, Alex",BNDX,1')
    assert code == 1
    assert "there is no account Rivera, Alex" in document["problems"][0]["message"]
