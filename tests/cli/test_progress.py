"""What a long search says about itself."""

import io
import math

import pytest
from rich.console import Console

from rebal_xl.cli.progress import Watch, state


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ((math.inf, -math.inf, 2.4), "Looking for a first plan, 2 s"),
        ((1200.0, -math.inf, 3.0), "Best $1,200.00, 3 s (Ctrl-C stops with it)"),
        ((1200.0, 1100.5, 61.0), "Best $1,200.00, bound $1,100.50, gap $99.50, 61 s (Ctrl-C stops with it)"),
        ((-50.0, -80.0, 4.0), "Best -$50.00, bound -$80.00, gap $30.00, 4 s (Ctrl-C stops with it)"),
    ],
)
def test_the_line_tells_best_cost_bound_gap_and_seconds(found, line):
    assert state(*found) == line


def test_nothing_is_shown_where_nobody_looks():
    stream = io.StringIO()
    with Watch(Console(file=stream, force_terminal=False)) as watch:
        assert watch.report(10.0, 5.0, 30.0) is False
    assert stream.getvalue() == ""


def test_on_a_terminal_the_gap_is_shown():
    stream = io.StringIO()
    with Watch(Console(file=stream, force_terminal=True, width=100)) as watch:
        watch.report(10.0, 5.0, 30.0)
    assert "gap $5.00" in stream.getvalue()
