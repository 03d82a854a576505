"""What a long search says about itself."""

import io
import math
import signal

import pytest
from rich.console import Console

from rebal_xl.cli.progress import Watch, state


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ((math.inf, -math.inf, 2.4), "Looking for a first plan, 2 s"),
        ((1200.0, -math.inf, 3.0), "Best $1,200.00, 3 s (Ctrl-C keeps it)"),
        ((1200.0, 1100.5, 61.0), "Best $1,200.00, bound $1,100.50, gap $99.50, 61 s (Ctrl-C keeps it)"),
        # Before anything is decided every rule is broken, at a price.
        (
            (15_146_646.29, 95.08, 0.6),
            "Best $15,146,646, bound $95.08, gap $15,146,551, 1 s (Ctrl-C keeps it)",
        ),
        ((-50.0, -80.0, 4.0), "Best -$50.00, bound -$80.00, gap $30.00, 4 s (Ctrl-C keeps it)"),
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


def test_ctrl_c_waits_for_a_first_plan_and_stops_with_it():
    with Watch(Console(file=io.StringIO(), force_terminal=False)) as watch:
        assert watch.report(10.0, 5.0, 1.0) is False
        signal.raise_signal(signal.SIGINT)
        assert watch.report(math.inf, -math.inf, 1.0) is False
        assert watch.report(10.0, 5.0, 1.0) is True


def test_beside_the_plan_ctrl_c_goes_on_without():
    looking, stopping = io.StringIO(), io.StringIO()
    with Watch(Console(file=looking, force_terminal=True, width=120)) as watch:
        assert watch.beside(2, 7, 3.0) is False
    assert "What coming nearer costs: 2 of 7 plans, 3 s (Ctrl-C goes on without)" in looking.getvalue()
    with Watch(Console(file=stopping, force_terminal=True, width=120)) as watch:
        signal.raise_signal(signal.SIGINT)
        assert watch.beside(2, 7, 4.0) is True
    assert "Stopping with the plan and what stands beside it" in stopping.getvalue()
