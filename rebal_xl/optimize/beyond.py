"""Purchases larger than usual: a search leaves them out, and what it leaves out is shown to cost more than its plan.

Hardly ever is it sensible to buy more of a security than fills the band of its class, and a program that knows the
largest sensible order is solved far quicker. But it can be: with every other class closed to purchases, say, more of
one class may break its band less than the cash would break another. So the cheapest that any plan with such a purchase
could be is bounded from below, every order divisible and free; a class whose bound lies below what was proven of the
other plans is then searched with all the money there is.
"""

from collections import defaultdict
from collections.abc import Sequence

from rebal_xl.optimize.model import Model
from rebal_xl.optimize.program import INFINITY, UNIT_USD, Arrays
from rebal_xl.optimize.solver import Linear


def least_beyond(
    model: Model, arrays: Arrays, relaxed: Linear | None = None, enough: float = INFINITY
) -> dict[str, float]:
    """What a plan costs at least that buys more of a security than the program allows, by class, thousand dollars.

    Only classes of which the program leaves out purchases; infinity where no plan is left out. `arrays` is the program
    in the costs that are compared, `relaxed` the same with every order divisible, which is changed here. A figure is
    sought no farther than to `enough`, so that a class may cost more than its own says.
    """
    left_out: dict[str, list[int]] = defaultdict(list)
    for index, pair in enumerate(model.choices.buys):
        name = model.household.security(pair.symbol).main_class
        if pair.usual_usd < pair.cap_usd and name not in model.beyond:
            left_out[name].append(index)
    if not left_out:
        return {}
    linear = relaxed or Linear(arrays)
    linear.enough = enough
    _unlimit(model, linear, [index for pairs in left_out.values() for index in pairs])
    return {
        name: linear.with_at_least(model.bought[left_out[name]], float(model.caps[left_out[name]].min()))
        for name in sorted(left_out)
    }


def _unlimit(model: Model, linear: Linear, pairs: Sequence[int]) -> None:
    """Allow purchases of these pairs up to all the money there is, for which no order is needed."""
    only_with_order = model.program.rows["bought only with an order"]
    for index in pairs:
        linear.limit(int(model.bought[index]), model.choices.buys[index].cap_usd / UNIT_USD)
        linear.free_row(only_with_order[index])


def every_class(model: Model) -> frozenset[str]:
    """All classes, to leave out nothing."""
    return frozenset(security.main_class for security in model.household.securities)
