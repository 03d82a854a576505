"""Classes that a plan leaves outside their trigger band, each with the reason in a sentence."""

from rebal_xl.household import DriftLine, LeftAlone, Method
from rebal_xl.optimize.evaluate import Evaluation
from rebal_xl.optimize.methods import drift_is_capped
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.obstacles import class_obstacles

# Why a method does not mend bands.
NOT_FOR_BANDS = {
    Method.CASH_ONLY: "method Cash only invests and raises cash, and sells or buys nothing for a band's sake",
    Method.HARVEST: "method Harvest takes losses, and only keeps classes from getting further out",
    Method.LOCATION: "method Location moves classes between accounts, and keeps the household's mix",
    Method.NONE: "method None does only the orders that were typed",
}


def left_alone(model: Model, evaluation: Evaluation, orders: int) -> tuple[LeftAlone, ...]:
    """Every class outside its trigger after a plan with so many orders, the furthest out first."""
    value = evaluation.after.value_usd
    found = [_left(model, evaluation, line, value, orders) for line in evaluation.after.lines if line.triggered]
    return tuple(sorted(found, key=lambda one: (-one.outside_usd, one.asset_class)))


def _left(model: Model, evaluation: Evaluation, line: DriftLine, value_usd: float, orders: int) -> LeftAlone:
    assert line.trigger_low is not None
    assert line.trigger_high is not None
    too_much = line.drift > 0
    edge = line.trigger_high if too_much else line.trigger_low
    outside = abs(line.actual_weight - edge) * value_usd
    before = next((one for one in model.before.lines if one.asset_class == line.asset_class), line)
    was = "" if abs(before.actual_weight - line.actual_weight) < 5e-5 else f" (was {before.actual_weight:.2%})"
    side = "above" if too_much else "below"
    why = _why(model, evaluation, line, outside, orders)
    sentence = (
        f"{line.asset_class} ends at {line.actual_weight:.2%}{was}, ${outside:,.0f} {side} its band of "
        f"{line.trigger_low:.2%} to {line.trigger_high:.2%}: {why}."
    )
    return LeftAlone(line.asset_class, line.actual_weight, outside, sentence)


def _why(model: Model, evaluation: Evaluation, line: DriftLine, outside_usd: float, orders: int) -> str:
    policy, after = model.policy, evaluation.after
    if policy.method in NOT_FOR_BANDS:
        return NOT_FOR_BANDS[policy.method]
    if drift_is_capped(policy):
        return (
            f"a cap on household drift stands in place of bands, and it ends at {after.household_drift:.2%} against "
            f"{policy.most_drift:.2%}"
        )
    rules = class_obstacles(
        model.household, policy, model.choices, line.asset_class,
        too_much=line.drift > 0, off_usd=outside_usd, orders=orders,
    )  # fmt: skip
    if rules:
        return f"in the way: {rules}"
    first = dict.fromkeys(item.rule for item in evaluation.broken if item.which != line.asset_class)
    if first:
        return f"other rules come first ({', '.join(first)})"
    return "no order that the rules allow brings it nearer"
