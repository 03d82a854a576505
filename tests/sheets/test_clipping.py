"""Nothing on any sheet is shown as ###, cut off by a neighbour, higher than its row or covered by a picture."""

from collections.abc import Callable

import pytest

from rebal_xl.sheets.results import build_results
from rebal_xl.sheets.template import build_template
from tests.sheets.edges import EDGES, Edge, sample
from tests.sheets.miller import HOUSEHOLD, LOCATION, PLAN, POLICY
from tests.sheets.test_results import PROBLEMS, WHEN
from tests.sheets.test_results_frontier import FRONTIER
from tests.sheets.test_results_overlap import REPORT as OVERLAP
from tests.tools.clipped import clipped, clipped_on

# The font that widths are measured in comes with the machine.
pytestmark = pytest.mark.hosts

every_edge = pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)


def test_the_empty_template_is_whole() -> None:
    assert clipped(build_template()) == []


@every_edge
def test_inputs_are_whole(edge: Callable[[], Edge]) -> None:
    assert clipped(edge().inputs()) == []


@every_edge
def test_results_are_whole(edge: Callable[[], Edge]) -> None:
    assert clipped(edge().results()) == []


def test_results_with_every_kind_of_table_are_whole() -> None:
    built = build_results(PLAN, HOUSEHOLD, POLICY, PROBLEMS, when=WHEN, location=LOCATION, frontier=FRONTIER)
    assert clipped(built) == []
    assert clipped(build_template(HOUSEHOLD, POLICY)) == []


def test_the_overlap_sheet_is_whole() -> None:
    built = build_results(PLAN, HOUSEHOLD, POLICY, when=WHEN, overlap=OVERLAP)
    assert clipped_on(built["Overlap"]) == []


def test_a_column_made_narrow_by_hand_is_found() -> None:
    built = sample().results()
    built["Trades"].column_dimensions["G"].width = 6
    assert any("shows as ###" in said for said in clipped(built))
