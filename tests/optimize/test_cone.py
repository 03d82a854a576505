"""The cone of the tracking error: rows touch it, never cut into it, and answers that undercut it are put right."""

from dataclasses import replace

import numpy as np
import pytest

from rebal_xl.optimize.cone import Cone
from rebal_xl.optimize.program import INFINITY, Program, Term
from rebal_xl.optimize.tangents import EXACT_USD, solve, with_tangents


def program_with(price: float, beyond_price: float, limit: float) -> tuple[Program, Cone]:
    """Three entries, their parts, the length and what is beyond a limit; money in thousands."""
    program = Program()
    entries = program.add_columns("entry", 3, -INFINITY)
    parts = program.add_columns("part", 3)
    length = program.add_column("length", cost=price)
    beyond = program.add_column("beyond", cost=beyond_price)
    program.add_row("parts", -INFINITY, 0.0, (parts, 1.0), (length, -1.0))
    program.add_row("limit", -INFINITY, limit, (length, 1.0), (beyond, -1.0))
    program.cone = Cone(entries, parts, length, beyond, limit, price, beyond_price)
    return program, program.cone


def test_no_tangent_cuts_off_a_point_of_the_cone() -> None:
    program, cone = program_with(1.0, 30.0, 5.0)
    draw = np.random.default_rng(4)
    for _ in range(20):
        cone.touch(np.concatenate((draw.normal(size=3), np.zeros(5))))
    arrays = with_tangents(program.finish())
    for _ in range(200):
        entries = draw.normal(size=3) * 10.0 ** draw.uniform(-3, 3)
        length = float(np.linalg.norm(entries))
        # The length split as it should be, with nothing to spare.
        values = np.concatenate((entries, entries**2 / length, [length, max(0.0, length - 5.0)]))
        rows = arrays.matrix @ values
        assert (rows >= arrays.row_lower - 1e-9 * length).all()
        assert (rows <= arrays.row_upper + 1e-9 * length).all()
    # With the least bit of length missing, a tangent at the point's own slopes is broken.
    cone.touch(values)
    values[cone.length] *= 0.999
    values[cone.parts] *= 0.999
    tight = with_tangents(program.finish())
    assert (tight.matrix @ values < tight.row_lower - 1e-9).any()


def test_the_length_of_a_given_vector_is_found() -> None:
    # Entries 3, -4 and 12: the length is 13, two beyond a limit of 11 at 30 each, and 13 at 1 each.
    program, cone = program_with(1.0, 30.0, 11.0)
    for column, value in zip(cone.entries, (3.0, -4.0, 12.0), strict=True):
        program.add_row("given", value, value, (int(column), 1.0))
    answer = solve(program.finish(), gap_usd=0.0, deadline_s=10.0)
    assert answer.objective == pytest.approx(13.0 + 60.0, abs=2e-5)
    assert answer.values[cone.length] == pytest.approx(13.0, abs=2e-5)
    assert cone.missed(answer.values) * 1000.0 <= EXACT_USD


def test_the_cheapest_way_into_a_ball_is_found() -> None:
    # From (30, 40, 0) into a ball of radius 5 at 1 a dollar moved along an axis and 30 a dollar beyond: 70 less what is
    # left of x and y, and x + y is largest on the ball where they are alike, 5 / sqrt(2) each.
    program, cone = program_with(0.0, 30.0, 5.0)
    start = np.array([30.0, 40.0, 0.0])
    moved = program.add_columns("moved", 3, 0.0, INFINITY, 1.0)
    places = np.arange(3)
    program.add_rows("end", 3, start, start, Term(places, cone.entries), Term(places, moved))
    answer = solve(program.finish(), gap_usd=0.0, deadline_s=10.0)
    side = 5.0 / np.sqrt(2.0)
    assert answer.objective == pytest.approx(70.0 - 2.0 * side, abs=2e-5)


def test_with_whole_steps_the_bound_is_kept_and_the_cost_is_true() -> None:
    # Steps of 2 from (9, 9, 0) towards a ball of radius 7, at 10 a step: four steps end at (5, 5), 0.0711 beyond it,
    # which costs 2.13 at 30 each; a fifth step would be inside and cost 10.
    program, cone = program_with(0.0, 30.0, 7.0)
    steps = program.add_columns("steps", 2, 0.0, 4.0, 10.0, integer=True)
    for place, column in enumerate(cone.entries):
        if place < 2:
            program.add_row("end", 9.0, 9.0, (int(column), 1.0), (int(steps[place]), 2.0))
        else:
            program.add_row("flat", 0.0, 0.0, (int(column), 1.0))
    answer = solve(program.finish(), gap_usd=0.01, deadline_s=10.0)
    assert answer.values[steps] == pytest.approx([2.0, 2.0])
    assert answer.objective == pytest.approx(40.0 + 30.0 * (np.sqrt(50.0) - 7.0), abs=2e-5)
    assert answer.bound <= answer.objective + 1e-9
    assert (answer.objective - answer.bound) * 1000.0 <= 0.02


def test_without_a_cone_it_is_the_plain_solver() -> None:
    program, _ = program_with(1.0, 30.0, 5.0)
    plain = replace(program.finish(), cone=None)
    assert solve(plain, gap_usd=0.0, deadline_s=10.0).objective == 0.0
