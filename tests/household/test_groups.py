"""Groups of classes added up from their classes."""

import pytest

from rebal_xl.household.groups import group_path, group_views
from rebal_xl.household.plan import DriftLine


def line(name: str, usd: float, target: float, group: str) -> DriftLine:
    return DriftLine(name, usd, usd / 1000.0, target, group=group)


def test_a_group_is_the_sum_of_its_classes_and_of_the_groups_in_it():
    lines = (
        line("US Large", 300, 0.336, "Equity > US"),
        line("US Bonds", 400, 0.4, ""),
        line("International", 200, 0.18, "Equity"),
        line("US Small", 100, 0.084, "Equity > US"),
    )
    views = {view.name: view for view in group_views(lines)}
    assert list(views) == ["Equity", "Equity > US"]
    assert views["Equity"].actual_usd == 600
    assert views["Equity"].target_weight == pytest.approx(0.6)
    # 60 % held and 60 % wanted; of it US stocks 40 % held and 42 % wanted
    assert views["Equity"].drift == pytest.approx(0.0)
    assert views["Equity > US"].drift == pytest.approx(-0.02)
    assert views["Equity > US"].classes == ("US Large", "US Small")


def test_classes_without_groups_have_none():
    assert group_views((line("US Stocks", 1000, 1.0, ""),)) == ()


def test_a_path_is_read_with_or_without_blanks():
    assert group_path("Equity>US > Small") == ("Equity", "US", "Small")
    assert group_path("") == ()
