"""Sentences for rules that had to give: which, by how much, and what to loosen."""

from collections.abc import Sequence

from rebal_xl.household import CASH_CLASS, Method, Relaxation
from rebal_xl.optimize.broken import Break
from rebal_xl.optimize.called_for import calls_for_gains
from rebal_xl.optimize.methods import MIX_ROOM, class_goals
from rebal_xl.optimize.obstacles import (
    Obstacle,
    Outcome,
    class_obstacles,
    holding_obstacles,
    household_obstacles,
    reserve_obstacles,
    withdrawal_obstacles,
)
from rebal_xl.optimize.payers import ASK_BY_NAME

# How measure/flows.py ends the label of what RMD $ asks.
REQUIRED = "(required minimum distribution)"
# How the sentence of a withdrawal ends where rules are in its way.
WITHIN_RULES = "within the other rules"
# Accounts worth less than this after paying are empty.
NOTHING_LEFT_USD = 1.0


def relaxations(outcome: Outcome) -> tuple[Relaxation, ...]:
    """One relaxation per broken rule of a plan, the most important first."""
    ordered = sorted(outcome.evaluation.broken, key=lambda item: (-item.price, -item.amount_usd, item.rule, item.which))
    return tuple(_relaxation(outcome, item) for item in ordered)


def _relaxation(outcome: Outcome, item: Break) -> Relaxation:
    dollars = f"${item.amount_usd:,.2f}"
    match item.rule:
        case "withdrawal":
            return _withdrawal(outcome, item)
        case "reserve":
            rules = reserve_obstacles(outcome, item)
            return Relaxation(
                f"Cash reserve of {item.which}",
                item.amount_usd,
                f"The cash of {item.which} stays {dollars} below its reserve.{_because(rules)}",
                _advice(rules, "lower the reserve"),
            )
        case "band" if outcome.model.policy.method is Method.LOCATION:
            return _mix(outcome, item)
        case "band":
            return _band(outcome, item)
        case "drift cap":
            return _drift_cap(outcome, item)
        case "without target":
            return _without_target(outcome, item)
        case "tracking error":
            return _tracking(outcome, item)
        case "tax budget":
            calls = calls_for_gains(outcome, item)
            return Relaxation(
                f"Tax budget of {item.which}",
                item.amount_usd,
                f"The plan costs {item.which} {dollars} more tax than the budget allows.{_called_for(calls)}",
                _loosen(calls, "raise the tax budget"),
            )
        case _:
            calls = calls_for_gains(outcome, item)
            return Relaxation(
                f"Limit on {item.rule} of {item.which}",
                item.amount_usd,
                f"The plan realises {dollars} more {item.rule.replace('gains', 'gain')} for {item.which} than allowed."
                f"{_called_for(calls)}",
                _loosen(calls, "raise the limit"),
            )


def _because(rules: Sequence[Obstacle]) -> str:
    if not rules:
        return ""
    way = "In the way of a part of it" if all(one.partly for one in rules) else "In the way"
    return f" {way}: {', '.join(one.words for one in rules)}."


def _called_for(calls: Sequence[Obstacle]) -> str:
    return f" What calls for it: {', '.join(one.words for one in calls)}." if calls else ""


def _loosen(calls: Sequence[Obstacle], limit: str) -> str:
    """What to do about a limit; where several things call for gains, one of them alone may not help."""
    if len(calls) < 2:
        return _advice(calls, limit)
    ways = "; ".join(dict.fromkeys(one.advice for one in calls))
    return f"{limit[0].upper()}{limit[1:]}, or loosen what calls for it: {ways}."


def _advice(rules: Sequence[Obstacle], otherwise: str) -> str:
    """What to do about the rules in the way, or else about the rule itself."""
    ways = [*dict.fromkeys(one.advice for one in rules), otherwise]
    text = f"{', '.join(ways[:-1])}, or {ways[-1]}" if len(ways) > 1 else otherwise
    return f"{text[0].upper()}{text[1:]}."


def _withdrawal(outcome: Outcome, item: Break) -> Relaxation:
    """What is missing of a withdrawal, and the rules in the way; where there are none, how it comes to be missing."""
    household, dollars = outcome.model.household, f"${item.amount_usd:,.2f}"
    rules, asked = withdrawal_obstacles(outcome, item), outcome.asked(item)
    paid = sum(usd for (_, account), usd in outcome.actions.paid.items() if account in asked)
    worth = sum(household.account_value_usd(name) + household.account(name).contribution_usd for name in asked)
    if rules:
        how = f"cannot be raised there {WITHIN_RULES}.{_because(rules)}"
    elif not asked:
        how = "is asked of no account."
    elif paid >= worth - NOTHING_LEFT_USD:
        how = "is more than the accounts asked hold."
    else:
        how = "is not raised there."
    if item.which.endswith(REQUIRED):
        otherwise = f"lower RMD $ of the account by {dollars}"
    else:
        otherwise = f"ask for {dollars} less" if asked else ASK_BY_NAME
    return Relaxation(
        f"Withdrawal from {item.which}",
        item.amount_usd,
        f"{dollars} of the withdrawal from {item.which} {how}",
        _advice([one for one in rules if one.advice != otherwise], otherwise),
    )


def _in_the_way(outcome: Outcome, item: Break) -> list[Obstacle]:
    return class_obstacles(outcome, item.which, too_much=item.side > 0, off_usd=item.amount_usd)


def _off(outcome: Outcome, item: Break) -> str:
    """Where a class ends, and how far outside its range."""
    after = outcome.evaluation.after
    share = item.amount_usd / after.value_usd if after.value_usd else 0.0
    side = "above" if item.side > 0 else "below"
    weight = next((one.actual_weight for one in after.lines if one.asset_class == item.which), 0.0)
    return f"{item.which} ends at {weight:.2%}, {share:.2%} of the household (${item.amount_usd:,.2f}) {side}"


def _range(outcome: Outcome, asset_class: str) -> str:
    """The range in which a class should end."""
    goals = class_goals(outcome.model.policy, outcome.model.before)
    goal = next(one for one in goals if one.asset_class == asset_class)
    if outcome.model.policy.method is Method.LOCATION and asset_class == CASH_CLASS:
        # cash may be used up: its low end is no limit of anybody's
        return f"{goal.high or 0.0:.2%}"
    return f"{goal.low or 0.0:.2%} to {goal.high or 0.0:.2%}"


def _band(outcome: Outcome, item: Break) -> Relaxation:
    band = "destination" if outcome.model.before.line(item.which).triggered else "trigger"
    which = f"its {band} band of"
    if outcome.model.policy.method is Method.HARVEST:
        which = "where method Harvest lets it end, in its band or no further out than it was:"
    rules = _in_the_way(outcome, item)
    return Relaxation(
        f"Band of {item.which}",
        item.amount_usd,
        f"{_off(outcome, item)} {which} {_range(outcome, item.which)}.{_because(rules)}",
        _advice(rules, "widen the band"),
    )


def _mix(outcome: Outcome, item: Break) -> Relaxation:
    rules = _in_the_way(outcome, item)
    room = f"up to {MIX_ROOM:.2%} more than" if item.which == CASH_CLASS else f"{MIX_ROOM:.2%} around where"
    was = "there was" if item.which == CASH_CLASS else "it was"
    return Relaxation(
        f"Mix of {item.which}",
        item.amount_usd,
        f"{_off(outcome, item)} the {_range(outcome, item.which)} within which method Location keeps it, "
        f"{room} {was}.{_because(rules)}",
        _advice(rules, "choose another method for withdrawals and reserves that change the mix"),
    )


def _drift_cap(outcome: Outcome, item: Break) -> Relaxation:
    most = outcome.model.policy.most_drift or 0.0
    rules = household_obstacles(outcome, item.amount_usd)
    return Relaxation(
        "Most drift",
        item.amount_usd,
        f"Household drift ends at {outcome.evaluation.after.household_drift:.2%}, where {most:.2%} is the most "
        f"(${item.amount_usd:,.2f} too much).{_because(rules)}",
        _advice(rules, "allow more drift"),
    )


def _without_target(outcome: Outcome, item: Break) -> Relaxation:
    """A holding that should be gone, and the rules that keep it."""
    rules = holding_obstacles(outcome, item.which, item.amount_usd)
    return Relaxation(
        f"Sell {item.which}",
        item.amount_usd,
        f"${item.amount_usd:,.2f} of {item.which} stays, though its class has no target.{_because(rules)}",
        _advice(rules, "give its class a target or turn Sell Without Target off"),
    )


def _tracking(outcome: Outcome, item: Break) -> Relaxation:
    which = "destination" if outcome.model.before.needed else "trigger"
    after = outcome.evaluation.after
    ends, share = after.tracking_error or 0.0, item.amount_usd / after.value_usd
    rules = household_obstacles(outcome)
    return Relaxation(
        "Tracking error",
        item.amount_usd,
        f"The tracking error ends at {ends:.2%} a year, {share:.2%} of the household (${item.amount_usd:,.2f}) above "
        f"its {which} of {ends - share:.2%}.{_because(rules)}",
        _advice(rules, f"raise the tracking {which}"),
    )
