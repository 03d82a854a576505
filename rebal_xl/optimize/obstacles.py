"""What keeps a class, the household, or an account's cash from where it should be: the rules in the way.

Shares held back are named only where what is free to be sold does not cover what is missing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from rebal_xl.household import CASH_CLASS
from rebal_xl.measure.flows import withdrawal_requests
from rebal_xl.optimize.broken import Break, class_usd
from rebal_xl.optimize.evaluate import Evaluation
from rebal_xl.optimize.held_back import HeldBack, held_back, lots_held, still_free
from rebal_xl.optimize.methods import class_goals
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.rules.cash import reserve_usd
from rebal_xl.optimize.tradable import step_of, traded
from rebal_xl.optimize.unbought import refusals_to_buy

# As many rules about lots and securities are named, those with the most dollars first.
MOST_NAMED = 3
# Free shares that fall short by so much cover what is missing: rounding.
ROUNDING_USD = 0.01


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule in the way."""

    # what it is, in short words
    words: str
    # what to do about it, to follow "or"
    advice: str


@dataclass(frozen=True)
class Outcome:
    """A plan, and what it leaves to be done."""

    model: Model
    evaluation: Evaluation
    actions: Actions
    # number of its orders
    orders: int

    @cached_property
    def free(self) -> dict[tuple[str, str], float]:
        """Dollars that could be sold beyond the plan, by account and symbol."""
        return still_free(self.model, self.actions)

    @cached_property
    def held(self) -> tuple[HeldBack, ...]:
        """What rules keep from being sold."""
        return held_back(self.model)

    def class_of(self, symbol: str) -> str:
        """The main class of a security, "" being cash."""
        return self.model.household.security(symbol).main_class if symbol else CASH_CLASS

    def symbols_of(self, asset_class: str) -> set[str]:
        """Securities that hold anything of a class."""
        securities = self.model.household.securities
        return {one.symbol for one in securities if any(name == asset_class for name, _ in one.class_mix)}

    def spare_cash_usd(self, account: str) -> float:
        """Cash beyond the reserve of an account after the plan."""
        household = self.model.household
        return max(0.0, self.evaluation.cash[account] - reserve_usd(household, household.account(account)))

    @cached_property
    def surplus(self) -> dict[str, float]:
        """Dollars of each class with a range beyond the low end of that range, after the plan."""
        value, after = self.model.before.value_usd, self.evaluation.after
        goals = class_goals(self.model.policy, self.model.before)
        return {
            goal.asset_class: max(0.0, class_usd(after, goal.asset_class) - goal.low * value)
            for goal in goals
            if goal.low is not None
        }


def class_obstacles(outcome: Outcome, asset_class: str, *, too_much: bool, off_usd: float) -> list[Obstacle]:
    """Rules that keep a class `off_usd` dollars from where it should be; none when none stands out."""
    found = [*order_cap(outcome), *_too_small(outcome, asset_class, off_usd, too_much=too_much)]
    return found + (_unsold if too_much else _unbought)(outcome, asset_class, off_usd)


def household_obstacles(outcome: Outcome) -> list[Obstacle]:
    """Rules that keep the household as a whole from its target, those of the class that is furthest off first."""
    found = order_cap(outcome)
    value = outcome.evaluation.after.value_usd
    policy = outcome.model.policy
    lines = [one for one in outcome.evaluation.after.lines if policy.target_of(one.asset_class) is not None]
    for line in sorted(lines, key=lambda one: (-abs(one.drift), one.asset_class)):
        off = abs(line.actual_weight - line.target_weight) * value
        found += (_unsold if line.drift > 0 else _unbought)(outcome, line.asset_class, off)
    return list(dict.fromkeys(found))[: MOST_NAMED + 1]


def withdrawal_obstacles(outcome: Outcome, item: Break) -> list[Obstacle]:
    """Rules that keep a withdrawal from being raised: what they hold back in the accounts that are asked."""
    household, policy = outcome.model.household, outcome.model.policy
    # locked accounts would be asked as well, were they not locked
    opened = replace(household, accounts=tuple(replace(one, locked=False) for one in household.accounts))
    asked = {name for one in withdrawal_requests(opened, policy) if one.label == item.which for name in one.accounts}
    return _cash_obstacles(outcome, asked, item.amount_usd)


def reserve_obstacles(outcome: Outcome, item: Break) -> list[Obstacle]:
    """Rules that keep an account from filling its reserve."""
    return _cash_obstacles(outcome, {item.which}, item.amount_usd)


def holding_obstacles(outcome: Outcome, position: str) -> list[Obstacle]:
    """Rules that keep a position ("VTI in Joint Brokerage") from being sold whole."""
    mine = [one for one in outcome.held if f"{one.symbol} in {one.account}" == position]
    return _largest(lots_held(mine, outcome.model.policy)) or order_cap(outcome)


def higher_rules(outcome: Outcome, price: float) -> list[str]:
    """Broken rules that outrank one of this price, with what they are about."""
    broken = [item for item in outcome.evaluation.broken if item.price > price]
    return list(dict.fromkeys(f"{item.rule} of {item.which}" for item in broken))


def order_cap(outcome: Outcome) -> list[Obstacle]:
    """The cap on orders, where the plan has used it up."""
    most = outcome.model.policy.most_orders
    if most is None or outcome.orders < most:
        return []
    return [Obstacle(f"the cap of {most} order{'' if most == 1 else 's'}", "raise Most Orders")]


def _cash_obstacles(outcome: Outcome, accounts: set[str], off_usd: float) -> list[Obstacle]:
    free = sum(usd for (account, _), usd in outcome.free.items() if account in accounts)
    if free >= off_usd - ROUNDING_USD:
        return order_cap(outcome)
    held = [one for one in outcome.held if one.account in accounts]
    return [*order_cap(outcome), *_largest(lots_held(held, outcome.model.policy))]


def _too_small(outcome: Outcome, asset_class: str, off_usd: float, *, too_much: bool) -> list[Obstacle]:
    """Orders and shares too large for what is missing."""
    household, policy, choices = outcome.model.household, outcome.model.policy, outcome.model.choices
    found = []
    accounts = [one for one in household.accounts if traded(one)]
    least = min((policy.minimum_trade_usd(household.account_value_usd(one.name)) for one in accounts), default=0.0)
    if off_usd < least:
        found.append(Obstacle(f"the minimum trade of ${least:,.0f}", f"lower Minimum Trade to ${int(off_usd):,}"))
    of_class = outcome.symbols_of(asset_class)
    steps = [
        step_of(household, place.account, place.symbol) * household.security(place.symbol).unit_usd
        for place in (choices.units if too_much else choices.buys)
        if place.symbol in of_class
    ]
    share = min(steps, default=0.0)
    if off_usd < share:
        found.append(Obstacle(f"whole shares of ${share:,.0f}", "trade in fractions"))
    return found


def _unsold(outcome: Outcome, asset_class: str, off_usd: float) -> list[Obstacle]:
    """What holds a class's own shares back, where the free ones do not cover the excess."""
    of_class = outcome.symbols_of(asset_class)
    free = sum(usd for (_, symbol), usd in outcome.free.items() if symbol in of_class)
    if free >= off_usd - ROUNDING_USD:
        return []
    held = [one for one in outcome.held if one.symbol in of_class]
    return _largest(lots_held(held, outcome.model.policy))


def _unbought(outcome: Outcome, asset_class: str, off_usd: float) -> list[Obstacle]:
    """Why too little of a class is bought: accounts with money may not buy it, or too little money is free."""
    model = outcome.model
    household, of_class = model.household, outcome.symbols_of(asset_class)
    if not of_class:
        return [Obstacle("no security of this class in the table Securities", "add a security of the class")]
    money = _money(outcome, of_class)
    room: dict[str, float] = defaultdict(float)
    for pair in model.choices.buys:
        if pair.symbol in of_class and (pair.account, pair.symbol) not in model.choices.typed:
            bought = outcome.actions.purchases.get((pair.account, pair.symbol), 0.0)
            left = pair.cap_usd - bought * household.security(pair.symbol).unit_usd
            room[pair.account] += max(0.0, left)
    if sum(min(usd, room[name]) for name, usd in money.items()) >= off_usd - ROUNDING_USD:
        return []
    barred = {name: usd - room[name] for name, usd in money.items() if usd - room[name] > ROUNDING_USD}
    found = refusals_to_buy(household, model.policy, model.choices, of_class, barred)
    held = [
        one
        for one in outcome.held
        if one.symbol not in of_class and outcome.surplus.get(outcome.class_of(one.symbol), 1.0) > 0
    ]
    return _largest([*found, *lots_held(held, model.policy)])


def _money(outcome: Outcome, of_class: set[str]) -> dict[str, float]:
    """Dollars by account with which more of a class could be bought: spare cash, and what other classes can spare."""
    money = {name: outcome.spare_cash_usd(name) for name in outcome.model.accounts}
    can_spare = dict(outcome.surplus)
    for (account, symbol), usd in outcome.free.items():
        if symbol not in of_class:
            asset_class = outcome.class_of(symbol)
            taken = min(usd, can_spare.get(asset_class, usd))
            if asset_class in can_spare:
                can_spare[asset_class] -= taken
            money[account] += taken
    return {name: usd for name, usd in money.items() if usd > ROUNDING_USD}


def _largest(said: Iterable[tuple[float, str, str]]) -> list[Obstacle]:
    ordered = sorted(said, key=lambda one: (-one[0], one[1]))
    return [Obstacle(words, advice) for usd, words, advice in ordered[:MOST_NAMED] if usd > 0]
