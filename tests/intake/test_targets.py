"""Targets and bands, models of models, and how 60, 60 % and 0.6 are told apart."""

import pytest

from rebal_xl.household import BandType, Target
from tests.intake.story import codes, noticed, only, smiths, smiths_refused

BANDS = (
    "Asset Class | Target % | Trigger | Destination | Band Type\nUS Stocks | 60% | {} | {} | {}\nUS Bonds | 40% | | |"
)


def weights(**changes):
    return {target.asset_class: target.weight for target in smiths(**changes)[1].targets}


@pytest.mark.parametrize(
    ("stocks", "bonds"), [("60%", "40%"), ("60", "40"), ("0.6", "0.4"), ("60%", "40"), ("60%", "0.4")]
)
def test_sixty_is_read_the_way_the_column_sums_to_a_hundred(stocks, bonds):
    targets = f"Asset Class | Target %\nUS Stocks | {stocks}\nUS Bonds | {bonds}"
    assert weights(Targets=targets) == {"US Stocks": 0.6, "US Bonds": 0.4}
    bare = [cell for cell, text in (("B2", stocks), ("B3", bonds)) if "%" not in text]
    readings = [notice for notice in noticed(Targets=targets) if notice.code == "percent-reading"]
    assert [notice.cell for notice in readings] == bare[:1]
    assert all("read as" in notice.message for notice in readings)


def test_what_the_column_sums_to_decides_a_half():
    # With 99.5 % beside it, 0.5 can only be half a percent.
    assert weights(Targets="Asset Class | Target %\nUS Stocks | 99.5%\nUS Bonds | 0.5")["US Bonds"] == 0.005
    assert weights(Targets="Asset Class | Target %\nUS Stocks | 50%\nUS Bonds | 0.5")["US Bonds"] == 0.5


def test_a_column_of_both_sizes_shows_how_each_was_read():
    bands = BANDS.format("20", "", "") + "\nCash | 0% | 0.5 | | Absolute"
    household, policy = smiths(Targets=bands)
    assert [target.trigger for target in policy.targets] == [0.2, None, 0.005]
    notice = only(household.notices, "percent-reading")
    assert notice.message == "Trigger holds 20 and 0.5 without a percent sign, read as 20 % and 0.5 %."


def test_a_hundred_percent_of_one_class_may_be_written_one():
    assert weights(Targets="Asset Class | Target %\nUS Stocks | 1")["US Stocks"] == 1.0
    assert weights(Targets="Asset Class | Target %\nUS Stocks | 100")["US Stocks"] == 1.0


def test_targets_sum_to_a_hundred_percent_within_rounding():
    three = "Asset Class | Target %\nUS Stocks | 33.33%\nUS Bonds | 33.33%\nCash | {}"
    assert noticed(Targets=three.format("33.34%")) == ()
    household, policy = smiths(Targets=three.format("33.33%"))
    assert sum(target.weight for target in policy.targets) == pytest.approx(1.0, abs=1e-12)
    assert codes(household.notices) == ["targets-rounded"]
    problem = only(smiths_refused(Targets=three.format("33.25%")), "targets-total")
    assert problem.place == "Targets!B2"
    assert "99.91 %" in problem.message


def test_a_class_has_one_target():
    targets = "Asset Class | Target %\nUS Stocks | 60%\nus stocks | 40%"
    assert only(smiths_refused(Targets=targets), "duplicate-class").place == "Targets!A3"


def test_every_column_of_a_target_is_read():
    _, policy = smiths(
        Targets="""
        Asset Class | Target % | Trigger | Destination | Band Type | Floor | Group
        US Stocks | 60% | 20% | 10% | relative | 30% | Equity
        US Bonds | 40% | 2% | 175 bp | Absolute | | Fixed Income
        """
    )
    assert policy.targets == (
        Target("US Stocks", 0.6, BandType.RELATIVE, trigger=0.2, destination=0.1, floor=0.3, group="Equity"),
        Target("US Bonds", 0.4, BandType.ABSOLUTE, trigger=0.02, destination=0.0175, group="Fixed Income"),
    )


def test_two_hundred_basis_points_are_asked_for():
    problem = only(smiths_refused(Targets=BANDS.format("200", "175", "Absolute")), "band-too-wide")
    assert problem.place == "Targets!C2"
    assert problem.advice == "If 200 basis points are meant, write 2 % or 200 bp."
    assert smiths(Targets=BANDS.format("200 bp", "175 bp", "Absolute"))[1].targets[0].trigger == 0.02


def test_a_relative_band_is_no_wider_than_its_target():
    assert smiths(Targets=BANDS.format("100%", "", ""))[1].targets[0].trigger == 1.0
    assert only(smiths_refused(Targets=BANDS.format("101%", "", "")), "band-too-wide").cell == "C2"


def test_the_destination_lies_inside_the_trigger():
    assert smiths(Targets=BANDS.format("20%", "20%", ""))[1].targets[0].destination == 0.2
    assert only(smiths_refused(Targets=BANDS.format("20%", "21%", "")), "destination-beyond-trigger").cell == "D2"


def test_a_5_25_band_needs_no_widths():
    assert smiths(Targets=BANDS.format("", "", "5/25"))[1].targets[0].band_type is BandType.FIVE_TWENTYFIVE
    assert codes(noticed(Targets=BANDS.format("20%", "", "5/25"))) == ["band-not-used"]


def test_a_floor_is_not_above_its_target():
    floors = "Asset Class | Target % | Floor\nUS Stocks | 60% | {}\nUS Bonds | 40% |"
    assert smiths(Targets=floors.format("60%"))[1].targets[0].floor == 0.6
    assert only(smiths_refused(Targets=floors.format("61%")), "floor-above-target").cell == "C2"


def test_classes_without_target_and_targets_without_class_are_noticed():
    notices = noticed(Targets="Asset Class | Target %\nUS Stocks | 60%\nGold | 40%")
    assert only(notices, "class-without-target").message.startswith("US Bonds is held (BND)")
    assert only(notices, "target-without-class").place == "Targets!A3"
    # Cash needs no security.
    assert noticed(Targets="Asset Class | Target %\nUS Stocks | 60%\nUS Bonds | 35%\nCASH | 5%") == ()


def test_a_class_that_only_may_be_bought_will_do():
    head = "Symbol | Asset Class | Price | Do Not Buy\n"
    funds = head + "VTI | US Stocks | 250 |\nBND | US Bonds | 75 |\nPDBC | Commodities | 200 | {}"
    basket = "Asset Class | Target %\nUS Stocks | 50%\nUS Bonds | 40%\nCommodities | 10%"
    assert noticed(Securities=funds.format("No"), Targets=basket) == ()
    assert codes(noticed(Securities=funds.format("Yes"), Targets=basket)) == ["target-without-class"]


MODELS = """
    Model | Asset Class or Model | Weight
    Balanced | Growth | 50%
    Balanced | US Bonds | 50%
    Growth | US Stocks | 80%
    Growth | US Bonds | 20%
"""
BALANCED = "Name | Value\nModel | balanced"


def test_a_model_of_models_is_multiplied_out():
    # half of 80 % are stocks; half of 20 % and the other half are bonds
    found = weights(Models=MODELS, Targets=None, Settings=BALANCED)
    assert found == {"US Bonds": pytest.approx(0.6), "US Stocks": pytest.approx(0.4)}


def test_targets_give_the_bands_of_a_model():
    bands = "Asset Class | Target % | Trigger\nUS Stocks | | 10%\nGold | | 5%"
    household, policy = smiths(Models=MODELS, Targets=bands, Settings=BALANCED)
    assert policy.targets[0] == Target("US Stocks", pytest.approx(0.4), trigger=0.1, group="Growth")
    assert policy.targets[1].trigger is None
    assert only(household.notices, "class-not-in-model").place == "Targets!A3"


def test_the_only_model_is_taken_when_nothing_else_is_said():
    household, policy = smiths(Models=MODELS, Targets=None)
    assert len(policy.targets) == 2
    assert "Balanced" in only(household.notices, "model-chosen").message
    two = "Model | Asset Class or Model | Weight\nA | US Stocks | 100%\nB | US Bonds | 100%"
    assert codes(smiths_refused(Models=two, Targets=None)) == ["no-model"]
    assert weights(Models=two)["US Stocks"] == 0.6  # Targets is there and no model is named


def test_models_that_cannot_be_are_refused():
    unknown = smiths_refused(Models=MODELS, Targets=None, Settings="Name | Value\nModel | Balance")
    assert 'Did you mean "Balanced"?' in only(unknown, "unknown-model").message
    circle = MODELS.replace("US Stocks | 80%", "Balanced | 80%")
    assert only(smiths_refused(Models=circle, Targets=None, Settings=BALANCED), "model-cycle").cell == "B4"
    short = MODELS.replace("US Stocks | 80%", "US Stocks | 70%")
    assert only(smiths_refused(Models=short, Targets=None, Settings=BALANCED), "model-total").cell == "C4"


def test_a_class_that_a_model_gives_nothing_keeps_its_target_of_nothing():
    model = "Model | Asset Class or Model | Weight\nA | US Stocks | 100%\nA | US Bonds | 0%"
    assert weights(Models=model, Targets=None) == {"US Bonds": 0.0, "US Stocks": 1.0}
