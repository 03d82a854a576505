"""The model library: examples that come along, models of models, and a household's own targets over a model's."""

from pathlib import Path

import pytest

from rebal_xl.measure.assumptions import shipped_assumptions
from rebal_xl.measure.example_models import example_models
from rebal_xl.sheets.model_docs import model_library
from tests.intake.story import codes, only, smiths, smiths_refused

FOUR = """
    Symbol | Asset Class | Price
    VTI | US Large | 250
    VB | US Small | 270
    VXUS | International | 73
    BND | US Bonds | 75
"""
MODELS = """
    Model | Asset Class or Model | Weight
    Growth | US Stocks | 75%
    Growth | US Bonds | 15%
    Growth | Cash | 10%
"""
GROWTH = "Name | Value\nModel | Growth"


def follows(model: str) -> str:
    return f"Name | Value\nModel | {model}"


def weights(**changes):
    return {target.asset_class: target.weight for target in smiths(**changes)[1].targets}


def test_five_risk_profiles_come_along_and_sum_to_one():
    models = example_models()
    assert len(models.profiles) == 5
    for name, parts in models.models.items():
        assert name.startswith("Example: ")
        assert sum(parts.values()) == pytest.approx(1.0, abs=1e-12), name
    leaves = {part for parts in models.models.values() for part in parts if part not in models.models}
    assert shipped_assumptions().unknown(leaves) == ()
    # in order of risk
    stocks = [models.models[name]["Example: Equity"] for name in models.profiles]
    assert stocks == sorted(stocks)


def test_an_example_is_followed_by_name_in_the_words_of_the_advisor_and_said_to_be_one():
    household, policy = smiths(Securities=FOUR, Targets=None, Settings=follows("example: balanced"))
    found = {target.asset_class: target for target in policy.targets}
    # 60 % equity: 60 % of it US (75 % large, 25 % small), 40 % international in one class here; bonds are one class
    assert {name: target.weight for name, target in found.items()} == {
        "US Large": pytest.approx(0.6 * 0.6 * 0.75),
        "US Small": pytest.approx(0.6 * 0.6 * 0.25),
        "International": pytest.approx(0.6 * 0.4),
        "US Bonds": pytest.approx(0.4),
    }
    assert found["US Large"].group == "Equity > US Equity"
    notice = only(household.notices, "example-model")
    assert "an example" in notice.message
    assert "no advice" in notice.message


def test_an_example_may_be_part_of_a_model_and_is_replaced_by_one_of_the_same_name():
    mixed = "Model | Asset Class or Model | Weight\nOurs | Example: Bonds | 50%\nOurs | US Stocks | 50%"
    assert weights(Models=mixed, Targets=None, Settings=follows("Ours")) == {"US Bonds": 0.5, "US Stocks": 0.5}
    own = "Model | Asset Class or Model | Weight\nExample: Balanced | US Stocks | 100%"
    household, policy = smiths(Models=own, Targets=None, Settings=follows("Example: Balanced"))
    assert [(target.asset_class, target.weight) for target in policy.targets] == [("US Stocks", 1.0)]
    assert "example-model" not in codes(household.notices)


def test_holdings_alone_are_read_against_an_example():
    held = "Account | Symbol | Quantity | Price\nJoint | VOO | 10 | 600\nJoint | AGG | 10 | 100"
    household, policy = smiths(Securities=None, Targets=None, Holdings=held, Settings=follows("Example: Balanced"))
    classes = {target.asset_class for target in policy.targets}
    assert household.security("VOO").main_class in classes
    assert household.security("AGG").main_class in classes


def test_an_unknown_model_names_those_there_are():
    problem = only(smiths_refused(Targets=None, Settings=follows("Example: Balance")), "unknown-model")
    assert 'Did you mean "Example: Balanced"?' in problem.message
    assert "Example: Aggressive" in problem.advice


def test_a_circle_is_named_from_the_model_that_contains_itself():
    circle = "Model | Asset Class or Model | Weight\nTop | A | 100%\nA | B | 100%\nB | A | 100%"
    problem = only(smiths_refused(Models=circle, Targets=None, Settings=follows("Top")), "model-cycle")
    assert problem.message == "The model A contains itself: A in B in A."
    assert problem.place == "Models!B4"


def test_a_target_beside_a_model_overrides_it_and_the_others_share_the_rest():
    own = "Asset Class | Target % | Trigger\nUS Bonds | 32% |\nUS Stocks | | 10%"
    household, policy = smiths(Models=MODELS, Targets=own, Settings=GROWTH)
    found = {target.asset_class: target for target in policy.targets}
    # 68 % are left for what was 85 %: 75 % x 0.8 and 10 % x 0.8
    assert {name: target.weight for name, target in found.items()} == {
        "US Bonds": pytest.approx(0.32),
        "US Stocks": pytest.approx(0.60),
        "Cash": pytest.approx(0.08),
    }
    assert found["US Stocks"].trigger == 0.1
    notice = only(household.notices, "model-override")
    assert "US Bonds is 32 %, not 15 %" in notice.message
    assert "multiplied by 0.8" in notice.message
    assert notice.place == "Targets!B2"


def test_an_override_may_bring_a_class_that_the_model_does_not_have():
    own = "Asset Class | Target %\nGold | 20%"
    found = weights(Models=MODELS, Targets=own, Settings=GROWTH)
    assert found == {
        "Gold": pytest.approx(0.2),
        "US Stocks": pytest.approx(0.6),
        "US Bonds": pytest.approx(0.12),
        "Cash": pytest.approx(0.08),
    }


def test_a_whole_mix_beside_a_model_gives_way_to_the_model_with_a_notice():
    household, policy = smiths(Models=MODELS, Settings=GROWTH)
    assert {target.asset_class: target.weight for target in policy.targets} == pytest.approx(
        {"US Stocks": 0.75, "US Bonds": 0.15, "Cash": 0.1}
    )
    assert only(household.notices, "model-over-targets").place == "Targets!B2"


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ("US Stocks | 80%\nUS Bonds | 30%", "more than all"),
        ("US Stocks | 50%\nUS Bonds | 20%\nCash | 10%", "no other class to take the rest"),
    ],
)
def test_overrides_that_cannot_be_are_refused(own, why):
    problem = only(
        smiths_refused(Models=MODELS, Targets="Asset Class | Target %\n" + own, Settings=GROWTH), "override-total"
    )
    assert why in problem.message
    assert problem.place == "Targets!B2"


def test_the_page_of_the_guide_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "model-library.md"
    assert page.read_text(encoding="utf-8") == model_library()


NESTED = """
    Model | Asset Class or Model | Weight
    Equity | US | 70%
    Equity | International | 30%
    US | US Large | 80%
    US | US Small | 20%
    Growth | Equity | 60%
    Growth | US Bonds | 40%
"""


def test_groups_in_groups_of_a_model_are_multiplied_out_and_overridden():
    # 60 % x 70 % x 80 %, 60 % x 70 % x 20 %, 60 % x 30 %
    assert weights(Securities=FOUR, Models=NESTED, Targets=None, Settings=GROWTH) == {
        "US Large": pytest.approx(0.336),
        "US Small": pytest.approx(0.084),
        "International": pytest.approx(0.18),
        "US Bonds": pytest.approx(0.4),
    }
    own = "Asset Class | Target %\nUS Bonds | 50%"
    # half is left for what was 60 %
    assert weights(Securities=FOUR, Models=NESTED, Targets=own, Settings=GROWTH)["US Large"] == pytest.approx(0.28)


def test_a_part_of_a_model_is_no_class_that_could_be_overridden():
    own = "Asset Class | Target %\nequity | 30%\nUS | 20%\nUS Bonds | 40%"
    problems = [
        one
        for one in smiths_refused(Securities=FOUR, Models=NESTED, Targets=own, Settings=GROWTH)
        if one.code == "override-of-part"
    ]
    assert [one.place for one in problems] == ["Targets!A2", "Targets!A3"]
    assert "International, US Large and US Small" in problems[0].advice
    assert "US Large and US Small" in problems[1].advice
    assert "International" not in problems[1].advice


def test_a_misspelt_override_is_told_with_what_may_be_meant():
    own = "Asset Class | Target %\nUS Bondz | 40%"
    household, _ = smiths(Securities=FOUR, Models=NESTED, Targets=own, Settings=GROWTH)
    notice = only(household.notices, "model-override")
    assert 'US Bondz is no class of the model. Did you mean "US Bonds"?' in notice.message
    assert notice.place == "Targets!B2"


def test_everything_wrong_with_models_is_told_at_once():
    wrong = """
        Model | Asset Class or Model | Weight
        Growth | A | 100%
        A | B | 100%
        B | A | 100%
        Other | US Large | 70%
        Other | US Bonds | 20%
        Other | US Small | -5%
        | US Bonds | 5%
    """
    problems = smiths_refused(Securities=FOUR, Models=wrong, Targets=None, Settings=GROWTH)
    places = {one.place for one in problems}
    # the circle, a sum of 85 %, a weight below zero, and a row without its model
    assert {"Models!C5", "Models!C7", "Models!A8"} < places
    assert only(problems, "model-cycle").message == "The model A contains itself: A in B in A."
