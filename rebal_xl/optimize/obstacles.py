"""What keeps a class, or the household, from where it should be: the rules in the way, with their dollars."""

from rebal_xl.household import Household, Policy
from rebal_xl.optimize.choices import Choices
from rebal_xl.optimize.tradable import step_of, traded

# The rule's name among the refusals of purchases.
SOLD_AT_LOSS = "sold at a loss in the last 30 days"
# As many rules are named, the largest first.
MOST_NAMED = 3


def class_obstacles(
    household: Household,
    policy: Policy,
    choices: Choices,
    asset_class: str,
    *,
    too_much: bool,
    off_usd: float,
    orders: int,
) -> str:
    """Rules that keep a class where it is, in short words; "" when none stands out.

    `off_usd` is how far it is off, `orders` the number of orders in the plan.
    """
    of_class = {s.symbol for s in household.securities if any(name == asset_class for name, _ in s.class_mix)}
    if not too_much and not any(pair.symbol in of_class for pair in choices.buys):
        return _nothing_to_buy(household, choices, of_class)
    # Too much of a class is held by its own shares; too little also by shares of others that cannot make room.
    held = _held_back(choices, of_class if too_much else None)
    least = min(
        (policy.minimum_trade_usd(household.account_value_usd(one.name)) for one in household.accounts if traded(one)),
        default=0.0,
    )
    small = [f"the minimum trade of ${least:,.0f}"] if off_usd < least else []
    share = _least_share_usd(household, choices, of_class, too_much=too_much)
    small += [f"whole shares of ${share:,.0f}"] if off_usd < share else []
    return ", ".join([*order_cap(policy, orders), *small, *held])


def _least_share_usd(household: Household, choices: Choices, of_class: set[str], *, too_much: bool) -> float:
    """Dollars of the smallest step in which the class can be sold (too much of it) or bought; 0 where none can."""
    places = choices.units if too_much else choices.buys
    steps = (
        step_of(household, place.account, place.symbol) * household.security(place.symbol).unit_usd
        for place in places
        if place.symbol in of_class
    )
    return min(steps, default=0.0)


def household_obstacles(policy: Policy, choices: Choices, orders: int) -> str:
    """Rules that keep the household as a whole from its target."""
    return ", ".join([*order_cap(policy, orders), *_held_back(choices, None)])


def order_cap(policy: Policy, orders: int) -> list[str]:
    """The cap on orders, where the plan has used it up."""
    if policy.most_orders is None or orders < policy.most_orders:
        return []
    return [f"the cap of {policy.most_orders} order{'' if policy.most_orders == 1 else 's'}"]


def _nothing_to_buy(household: Household, choices: Choices, of_class: set[str]) -> str:
    waiting = [one for one in choices.refusals if one.rule == SOLD_AT_LOSS and one.symbol in of_class]
    if not waiting:
        return "no account may buy anything of this class"
    groups = {household.security(one.symbol).group for one in waiting}
    safe = min(day for (_, group), day in choices.sold_at_loss.items() if group in groups)
    named = ", ".join(sorted({one.symbol for one in waiting}))
    return f"{named} {SOLD_AT_LOSS}: not to be bought before {safe:%m/%d/%Y}"


def _held_back(choices: Choices, symbols: set[str] | None) -> list[str]:
    """Rules that hold shares of these securities (None: of any) back, with their dollars, the largest first."""
    held: dict[str, float] = {}
    for refusal in choices.refusals:
        if refusal.value_usd > 0 and (symbols is None or refusal.symbol in symbols):
            held[refusal.rule] = held.get(refusal.rule, 0.0) + refusal.value_usd
    top = sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
    return [f"{rule} (${value:,.0f})" for rule, value in top]
