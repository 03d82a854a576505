"""Classes that a plan leaves outside their trigger band, each with the reason in a sentence."""

from rebal_xl.household import DriftLine, LeftAlone, Method
from rebal_xl.optimize.methods import drift_is_capped
from rebal_xl.optimize.obstacles import Outcome, class_obstacles, higher_rules
from rebal_xl.optimize.prices import BAND_PRICE

# Why a method does not mend bands.
NOT_FOR_BANDS = {
    Method.CASH_ONLY: "method Cash only invests and raises cash, and sells or buys nothing for a band's sake",
    Method.HARVEST: "method Harvest takes losses, and only keeps classes from getting further out",
    Method.LOCATION: "method Location moves classes between accounts, and keeps the household's mix",
    Method.NONE: "method None does only the orders that were typed",
}


def left_alone(outcome: Outcome) -> tuple[LeftAlone, ...]:
    """Every class outside its trigger after a plan, the furthest out first."""
    found = [_left(outcome, line) for line in outcome.evaluation.after.lines if line.triggered]
    return tuple(sorted(found, key=lambda one: (-one.outside_usd, one.asset_class)))


def _left(outcome: Outcome, line: DriftLine) -> LeftAlone:
    assert line.trigger_low is not None
    assert line.trigger_high is not None
    too_much = line.drift > 0
    edge = line.trigger_high if too_much else line.trigger_low
    outside = abs(line.actual_weight - edge) * outcome.evaluation.after.value_usd
    before = next((one for one in outcome.model.before.lines if one.asset_class == line.asset_class), line)
    was = "" if abs(before.actual_weight - line.actual_weight) < 5e-5 else f" (was {before.actual_weight:.2%})"
    side = "above" if too_much else "below"
    why = _why(outcome, line, outside)
    sentence = (
        f"{line.asset_class} ends at {line.actual_weight:.2%}{was}, ${outside:,.0f} {side} its band of "
        f"{line.trigger_low:.2%} to {line.trigger_high:.2%}: {why}."
    )
    return LeftAlone(line.asset_class, line.actual_weight, outside, sentence)


def _why(outcome: Outcome, line: DriftLine, outside_usd: float) -> str:
    policy, after = outcome.model.policy, outcome.evaluation.after
    if policy.method in NOT_FOR_BANDS:
        return NOT_FOR_BANDS[policy.method]
    if drift_is_capped(policy):
        return (
            f"a cap on household drift stands in place of bands, and it ends at {after.household_drift:.2%} against "
            f"{policy.most_drift:.2%}"
        )
    rules = class_obstacles(outcome, line.asset_class, too_much=line.drift > 0, off_usd=outside_usd)
    if rules:
        return f"in the way: {', '.join(one.words for one in rules)}"
    own = max((item.price for item in outcome.evaluation.broken if item.which == line.asset_class), default=BAND_PRICE)
    first = higher_rules(outcome, own)
    if first:
        return f"more important rules had to give as well ({', '.join(first)})"
    return "no order that the rules allow brings it nearer"
