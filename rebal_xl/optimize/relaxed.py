"""Sentences for rules that had to give: which, by how much, and what to loosen."""

from rebal_xl.household import Drift, Household, Relaxation
from rebal_xl.optimize.broken import Break
from rebal_xl.optimize.choices import Choices


def relaxations(
    household: Household, before: Drift, after: Drift, choices: Choices, breaks: tuple[Break, ...]
) -> tuple[Relaxation, ...]:
    """One relaxation per broken rule, the most important first."""
    ordered = sorted(breaks, key=lambda item: (-item.price, -item.amount_usd, item.rule, item.which))
    return tuple(_relaxation(household, before, after, choices, item) for item in ordered)


def _relaxation(household: Household, before: Drift, after: Drift, choices: Choices, item: Break) -> Relaxation:
    dollars = f"${item.amount_usd:,.2f}"
    match item.rule:
        case "withdrawal":
            return Relaxation(
                f"Withdrawal from {item.which}",
                item.amount_usd,
                f"{dollars} of the withdrawal from {item.which} cannot be raised there within the other rules.",
                "Unlock lots or accounts, lower the reserve, or ask for less.",
            )
        case "reserve":
            return Relaxation(
                f"Cash reserve of {item.which}",
                item.amount_usd,
                f"The cash of {item.which} stays {dollars} below its reserve.",
                "Lower the reserve or unlock something that can be sold.",
            )
        case "band":
            return _band(household, before, after, choices, item)
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


def _band(household: Household, before: Drift, after: Drift, choices: Choices, item: Break) -> Relaxation:
    line, goal = after.line(item.which), before.line(item.which)
    side = "above" if item.side > 0 else "below"
    which = "destination" if goal.triggered else "trigger"
    edges = (goal.destination_low, goal.destination_high) if goal.triggered else (goal.trigger_low, goal.trigger_high)
    low, high = (0.0 if edge is None else edge for edge in edges)
    share = item.amount_usd / after.value_usd if after.value_usd else 0.0
    rules = _rules_in_the_way(household, choices, item)
    because = f" In the way: {rules}." if rules else ""
    return Relaxation(
        f"Band of {item.which}",
        item.amount_usd,
        f"{item.which} ends at {line.actual_weight:.2%}, {share:.2%} of the household (${item.amount_usd:,.2f}) "
        f"{side} its {which} band of {low:.2%} to {high:.2%}.{because}",
        "Widen the band, unlock holdings, or allow more securities to be bought.",
    )


def _rules_in_the_way(household: Household, choices: Choices, item: Break) -> str:
    """What keeps the class where it is: holdings that may not be sold, or nothing of the class that may be bought."""
    of_class = {s.symbol for s in household.securities if any(name == item.which for name, _ in s.class_mix)}
    if item.side < 0 and not any(pair.symbol in of_class for pair in choices.buys):
        return "no account may buy anything of this class"
    held: dict[str, float] = {}
    for refusal in choices.refusals:
        # Too much of a class is held by its own shares; too little also by shares of others that cannot make room.
        if refusal.value_usd > 0 and (item.side < 0 or refusal.symbol in of_class):
            held[refusal.rule] = held.get(refusal.rule, 0.0) + refusal.value_usd
    top = sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    return ", ".join(f"{rule} (${value:,.0f})" for rule, value in top)
