"""Sentences for rules that had to give: which, by how much, and what to loosen."""

from rebal_xl.household import Method, Relaxation
from rebal_xl.optimize.broken import Break
from rebal_xl.optimize.evaluate import Evaluation
from rebal_xl.optimize.methods import MIX_ROOM, class_goals
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.obstacles import class_obstacles, household_obstacles, order_cap


def relaxations(model: Model, evaluation: Evaluation, orders: int) -> tuple[Relaxation, ...]:
    """One relaxation per broken rule of a plan with so many orders, the most important first."""
    ordered = sorted(evaluation.broken, key=lambda item: (-item.price, -item.amount_usd, item.rule, item.which))
    return tuple(_relaxation(model, evaluation, item, orders) for item in ordered)


def _relaxation(model: Model, evaluation: Evaluation, item: Break, orders: int) -> Relaxation:
    dollars = f"${item.amount_usd:,.2f}"
    capped = _because(order_cap(model.policy, orders))
    match item.rule:
        case "withdrawal":
            return Relaxation(
                f"Withdrawal from {item.which}",
                item.amount_usd,
                f"{dollars} of the withdrawal from {item.which} cannot be raised there within the other rules.{capped}",
                "Unlock lots or accounts, lower the reserve, or ask for less.",
            )
        case "reserve":
            return Relaxation(
                f"Cash reserve of {item.which}",
                item.amount_usd,
                f"The cash of {item.which} stays {dollars} below its reserve.{capped}",
                "Lower the reserve or unlock something that can be sold.",
            )
        case "band" if model.policy.method is Method.LOCATION:
            return _mix(model, evaluation, item, orders)
        case "band":
            return _band(model, evaluation, item, orders)
        case "drift cap":
            return _drift_cap(model, evaluation, item, orders)
        case "without target":
            return _without_target(model, item, orders)
        case "tracking error":
            return _tracking(model, evaluation, item, orders)
        case "tax budget":
            return Relaxation(
                f"Tax budget of {item.which}",
                item.amount_usd,
                f"The plan costs {item.which} {dollars} more tax than the budget allows.",
                "Raise the tax budget or widen the bands.",
            )
        case _:
            return Relaxation(
                f"Limit on {item.rule} of {item.which}",
                item.amount_usd,
                f"The plan realises {dollars} more {item.rule.replace('gains', 'gain')} for {item.which} than allowed.",
                "Raise the limit or widen the bands.",
            )


def _because(rules: str | list[str]) -> str:
    named = rules if isinstance(rules, str) else ", ".join(rules)
    return f" In the way: {named}." if named else ""


def _in_the_way(model: Model, item: Break, orders: int) -> str:
    return _because(
        class_obstacles(
            model.household, model.policy, model.choices, item.which,
            too_much=item.side > 0, off_usd=item.amount_usd, orders=orders,
        )
    )  # fmt: skip


def _off(model: Model, evaluation: Evaluation, item: Break) -> str:
    """Where a class ends, and how far outside its range."""
    value = evaluation.after.value_usd
    share = item.amount_usd / value if value else 0.0
    side = "above" if item.side > 0 else "below"
    weight = next((one.actual_weight for one in evaluation.after.lines if one.asset_class == item.which), 0.0)
    return f"{item.which} ends at {weight:.2%}, {share:.2%} of the household (${item.amount_usd:,.2f}) {side}"


def _range(model: Model, asset_class: str) -> str:
    """The range in which a class should end."""
    goal = next(one for one in class_goals(model.policy, model.before) if one.asset_class == asset_class)
    return f"{goal.low or 0.0:.2%} to {goal.high or 0.0:.2%}"


def _band(model: Model, evaluation: Evaluation, item: Break, orders: int) -> Relaxation:
    band = "destination" if model.before.line(item.which).triggered else "trigger"
    which = f"its {band} band of"
    if model.policy.method is Method.HARVEST:
        which = "where method Harvest lets it end, in its band or no further out than it was:"
    return Relaxation(
        f"Band of {item.which}",
        item.amount_usd,
        f"{_off(model, evaluation, item)} {which} {_range(model, item.which)}.{_in_the_way(model, item, orders)}",
        "Widen the band, unlock holdings, or allow more securities to be bought.",
    )


def _mix(model: Model, evaluation: Evaluation, item: Break, orders: int) -> Relaxation:
    return Relaxation(
        f"Mix of {item.which}",
        item.amount_usd,
        f"{_off(model, evaluation, item)} the {_range(model, item.which)} within which method Location keeps it, "
        f"{MIX_ROOM:.2%} around where it was.{_in_the_way(model, item, orders)}",
        "Choose another method for withdrawals and reserves that change the mix, or unlock holdings.",
    )


def _drift_cap(model: Model, evaluation: Evaluation, item: Break, orders: int) -> Relaxation:
    most = model.policy.most_drift or 0.0
    because = _because(household_obstacles(model.policy, model.choices, orders))
    return Relaxation(
        "Most drift",
        item.amount_usd,
        f"Household drift ends at {evaluation.after.household_drift:.2%}, where {most:.2%} is the most "
        f"(${item.amount_usd:,.2f} too much).{because}",
        "Allow more drift, unlock holdings, or allow more securities to be bought.",
    )


def _without_target(model: Model, item: Break, orders: int) -> Relaxation:
    """A holding that should be gone, and the rules that keep it."""
    mine = [one for one in model.choices.refusals if f"{one.symbol} in {one.account}" == item.which and one.value_usd]
    rules = sorted({one.rule for one in mine}) or order_cap(model.policy, orders)
    return Relaxation(
        f"Sell {item.which}",
        item.amount_usd,
        f"${item.amount_usd:,.2f} of {item.which} stays, though its class has no target.{_because(rules)}",
        "Unlock it, give its class a target, or turn Sell Without Target off.",
    )


def _tracking(model: Model, evaluation: Evaluation, item: Break, orders: int) -> Relaxation:
    which = "destination" if model.before.needed else "trigger"
    after = evaluation.after
    ends, share = after.tracking_error or 0.0, item.amount_usd / after.value_usd
    because = _because(household_obstacles(model.policy, model.choices, orders))
    return Relaxation(
        "Tracking error",
        item.amount_usd,
        f"The tracking error ends at {ends:.2%} a year, {share:.2%} of the household (${item.amount_usd:,.2f}) above "
        f"its {which} of {ends - share:.2%}.{because}",
        f"Raise the tracking {which}, unlock holdings, or allow more securities to be bought.",
    )
