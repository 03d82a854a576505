"""What keeps a class, the household, or an account's cash from where it should be: the rules in the way.

Shares held back are named only where what is free to be sold does not cover what is missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor

from rebal_xl.household import CASH_CLASS
from rebal_xl.optimize.broken import Break, class_usd
from rebal_xl.optimize.choices import family
from rebal_xl.optimize.evaluate import Evaluation
from rebal_xl.optimize.held_back import HeldBack, held_back, lots_held, still_free
from rebal_xl.optimize.methods import class_goals
from rebal_xl.optimize.minimums import ROUNDING_USD, Room, TooSmall, too_small
from rebal_xl.optimize.model import Model, rounding_room_usd
from rebal_xl.optimize.payers import asked_accounts, not_asked
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.rules.cash import reserve_usd
from rebal_xl.optimize.tradable import step_of
from rebal_xl.optimize.unbought import refusals_to_buy

# As many rules about lots and securities are named, those with the most dollars first.
MOST_NAMED = 3
# Dollars that a rule is in the way of, what it is, what to do about it.
Said = tuple[float, str, str]
# Part of a step that is rounding of a sum.
STEP_DUST = 1e-6


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
        return held_back(self.model, self.actions)

    @cached_property
    def sold(self) -> dict[tuple[str, str], float]:
        """Dollars that the plan sells, by account and symbol."""
        household, usd = self.model.household, defaultdict[tuple[str, str], float](float)
        for index, quantity in self.actions.sales.items():
            lot = household.lots[index]
            usd[lot.account, lot.symbol] += quantity * household.security(lot.symbol).unit_usd
        return dict(usd)

    @cached_property
    def losses(self) -> frozenset[tuple[str, str]]:
        """Families that the plan sells at a loss, which it does not buy."""
        units, sales = self.model.choices.units, self.actions.sales
        return frozenset(one.family for one in units if one.at_loss and any(lot in sales for lot in one.lots))

    @cached_property
    def bought_elsewhere(self) -> dict[tuple[str, str], float]:
        """Dollars of lots at a loss that stay because the plan buys the same, by account and symbol."""
        household, usd = self.model.household, defaultdict[tuple[str, str], float](float)
        families = {family(household, *key) for key in self.actions.purchases}
        for unit in self.model.choices.units:
            if unit.at_loss and unit.family in families and not any(lot in self.actions.sales for lot in unit.lots):
                usd[unit.account, unit.symbol] += unit.value_usd
        return dict(usd)

    def class_of(self, symbol: str) -> str:
        """The main class of a security, "" being cash."""
        return self.model.household.security(symbol).main_class if symbol else CASH_CLASS

    def symbols_of(self, asset_class: str) -> set[str]:
        """Securities that hold anything of a class."""
        securities = self.model.household.securities
        return {one.symbol for one in securities if any(name == asset_class for name, _ in one.class_mix)}

    def asked(self, withdrawal: Break) -> frozenset[str]:
        """Accounts that a withdrawal asks, or would ask were they not locked."""
        return asked_accounts(self.model.household, self.model.policy, withdrawal.which)

    def reserve_usd(self, account: str) -> float:
        """Cash that is to stay in an account."""
        return reserve_usd(self.model.household, self.model.household.account(account))

    def starts_usd(self, account: str) -> float:
        """Cash of an account before the plan, contributions included."""
        found = self.model.household.account(account)
        return found.cash_usd + found.contribution_usd

    def spare_cash_usd(self, account: str) -> float:
        """Cash beyond the reserve of an account after the plan."""
        return max(0.0, -self.short_cash_usd(account))

    def short_cash_usd(self, account: str) -> float:
        """Cash that an account lacks after the plan, for reserve and withdrawals; negative where it has more."""
        unpaid = (one for one in self.evaluation.broken if one.rule == "withdrawal" and account in self.asked(one))
        missing = sum(one.amount_usd for one in unpaid)
        return self.reserve_usd(account) + missing - self.evaluation.cash[account]

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

    def width_usd(self, asset_class: str) -> float:
        """Dollars between the ends of the range in which a class should end; 0 where there is none."""
        goals = class_goals(self.model.policy, self.model.before)
        ranges = ((goal.low, goal.high) for goal in goals if goal.asset_class == asset_class)
        widths = [high - low for low, high in ranges if low is not None and high is not None]
        return max(widths, default=0.0) * self.model.before.value_usd


def class_obstacles(outcome: Outcome, asset_class: str, *, too_much: bool, off_usd: float) -> list[Obstacle]:
    """Rules that keep a class `off_usd` dollars from where it should be; none when none stands out."""
    rooms = _rooms(outcome, asset_class, too_much=too_much)
    minimum = too_small(outcome.model.policy, rooms, off_usd, more_is_fine=False)
    shares = _whole_shares(outcome, asset_class, off_usd, too_much=too_much)
    others = (_unsold if too_much else _unbought)(outcome, asset_class, off_usd)
    return [*order_cap(outcome), *_minimum(minimum, others), *shares, *_largest(others)]


def household_obstacles(outcome: Outcome, off_usd: float | None = None) -> list[Obstacle]:
    """Rules that keep the household as a whole from its target, those of the class that is furthest off first.

    `off_usd` are the dollars that would have to move between classes, where that is known.
    """
    found, small = order_cap(outcome), list[Obstacle]()
    value = outcome.evaluation.after.value_usd
    policy = outcome.model.policy
    lines = [one for one in outcome.evaluation.after.lines if policy.target_of(one.asset_class) is not None]
    for line in sorted(lines, key=lambda one: (-abs(one.drift), one.asset_class)):
        too_much, off = line.drift > 0, abs(line.actual_weight - line.target_weight) * value
        found += _largest((_unsold if too_much else _unbought)(outcome, line.asset_class, off))
        if off_usd is not None and off >= off_usd:
            rooms = _rooms(outcome, line.asset_class, too_much=too_much)
            minimum = too_small(policy, rooms, off_usd, more_is_fine=False)
            small += [Obstacle(minimum.words, minimum.advice)] if minimum is not None and minimum.all_of_it else []
    # other rules keep classes from one another's money: the minimum is named where none does
    return list(dict.fromkeys(found or small))[: MOST_NAMED + 1]


def withdrawal_obstacles(outcome: Outcome, item: Break) -> list[Obstacle]:
    """Rules that keep a withdrawal from being raised: what they hold back in the accounts that are asked, and which
    accounts are not asked at all."""
    model = outcome.model
    return _cash_obstacles(
        outcome,
        outcome.asked(item),
        item.amount_usd,
        not_asked(model.household, model.policy, item.which, _could_pay(outcome)),
    )


def reserve_obstacles(outcome: Outcome, item: Break) -> list[Obstacle]:
    """Rules that keep an account from filling its reserve; a withdrawal that it cannot pay comes first."""
    first = [
        one.which for one in outcome.evaluation.broken if one.rule == "withdrawal" and item.which in outcome.asked(one)
    ]
    if first and not order_cap(outcome):
        return [Obstacle(f"the withdrawal from {which}, which comes first", "ask for less") for which in first]
    return _cash_obstacles(outcome, frozenset({item.which}), item.amount_usd)


def holding_obstacles(outcome: Outcome, position: str, left_usd: float) -> list[Obstacle]:
    """Rules that keep a position ("VTI in Joint Brokerage"), of which `left_usd` stays, from being sold whole."""
    mine = [one for one in outcome.held if f"{one.symbol} in {one.account}" == position]
    # all of it is to go, so no Min Hold is low enough
    advice = {"lower Min Hold": "remove Min Hold"}
    others = [(usd, words, advice.get(way, way)) for usd, words, way in lots_held(mine, outcome.model.policy)]
    rooms = [_sale(outcome, key) for key in outcome.free if f"{key[1]} in {key[0]}" == position]
    minimum = _minimum(too_small(outcome.model.policy, rooms, left_usd, more_is_fine=False), others)
    return [*minimum, *_largest(others)] or order_cap(outcome)


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


def _could_pay(outcome: Outcome) -> dict[str, float]:
    """Dollars by account that a plan could still pay: spare cash, and what could be sold."""
    usd = {name: outcome.spare_cash_usd(name) for name in outcome.model.accounts}
    for (account, _), free in outcome.free.items():
        usd[account] += free
    return usd


def _cash_obstacles(
    outcome: Outcome, accounts: frozenset[str], off_usd: float, elsewhere: Iterable[Said] = ()
) -> list[Obstacle]:
    """Why `accounts` cannot raise so many dollars; `elsewhere` says why others do not."""
    policy = outcome.model.policy
    rooms = [_sale(outcome, key) for key in outcome.free if key[0] in accounts]
    others: list[Said] = []
    if sum(usd for (account, _), usd in outcome.free.items() if account in accounts) < off_usd - ROUNDING_USD:
        held = (one for one in outcome.held if one.account in accounts)
        others = [*lots_held(held, policy), *elsewhere]
    minimum = too_small(policy, rooms, off_usd, more_is_fine=True)
    found = [*order_cap(outcome), *_minimum(minimum, others), *_largest(others)]
    # nothing else: then raising more than is missing must break other rules, or is not for method Cash only
    return found or _minimum(too_small(policy, rooms, off_usd, more_is_fine=False), others)


def _minimum(found: TooSmall | None, others: Sequence[Said]) -> list[Obstacle]:
    """The minimum trade, unless lowering it brings but a part of what is missing and other rules hold back more."""
    if found is None or not found.outweighs(max((usd for usd, _, _ in others), default=0.0)):
        return []
    return [Obstacle(found.words, found.advice)]


def _rooms(outcome: Outcome, asset_class: str, *, too_much: bool) -> list[Room]:
    """What more could be sold of a class of which there is too much, or else bought; of cash the other way round."""
    of_class = outcome.symbols_of(asset_class)
    everything = {one.symbol for one in outcome.model.household.securities}
    cash = asset_class == CASH_CLASS
    symbols = everything - of_class if cash else of_class
    if too_much != cash:
        return [
            _sale(outcome, key) for key in outcome.free if key[1] in symbols and key not in outcome.actions.purchases
        ]
    money = _money(outcome, everything if cash else of_class)
    found: dict[str, Room] = {}
    for pair in outcome.model.choices.buys:
        key = (pair.account, pair.symbol)
        refused = key in outcome.model.choices.typed or key in outcome.sold or pair.family in outcome.losses
        if pair.symbol in symbols and not refused:
            bought = key in outcome.actions.purchases
            most = min(money.get(pair.account, 0.0), _left_to_buy(outcome, key, pair.cap_usd))
            room = _room(outcome, key, most, ordered=bought)
            # the same money buys one of them
            best = found.get(pair.account, room)
            found[pair.account] = max(best, room, key=lambda one: (one.most_usd - one.least_usd, one.most_usd))
    return list(found.values())


def _sale(outcome: Outcome, key: tuple[str, str]) -> Room:
    """What more could be sold of a position (account, symbol): whole shares, or all of it where that closes it."""
    model = outcome.model
    units = [unit.value_usd for unit in model.choices.units if (unit.account, unit.symbol) == key]
    sold = outcome.sold.get(key, 0.0)
    closable = key in model.choices.closable
    usd = max(0.0, outcome.free[key] - outcome.bought_elsewhere.get(key, 0.0))
    closes = closable and usd + sold >= sum(units) - ROUNDING_USD
    return _room(outcome, key, usd, ordered=sold > 0, whole_usd=sum(units) if closable else None, closes=closes)


def _room(
    outcome: Outcome,
    key: tuple[str, str],
    usd: float,
    *,
    ordered: bool,
    whole_usd: float | None = None,
    closes: bool = False,
) -> Room:
    """Room for an order of up to `usd`; a sale of the whole position, `whole_usd`, may be below the minimum."""
    household = outcome.model.household
    account_usd = household.account_value_usd(key[0])
    minimum = outcome.model.policy.minimum_trade_usd(account_usd)
    step = step_of(household, *key) * household.security(key[1]).unit_usd
    if closes:
        most = usd
    elif step > 0:
        most = floor(usd / step + STEP_DUST) * step
    else:
        # the thousandths to which orders in fractions are rounded
        most = max(0.0, usd - rounding_room_usd(household))
    least = 0.0 if ordered else minimum if whole_usd is None else min(minimum, whole_usd)
    return Room(key[0], account_usd, most, least, minimum)


def _whole_shares(outcome: Outcome, asset_class: str, off_usd: float, *, too_much: bool) -> list[Obstacle]:
    """Shares so large that one of them is more than is missing, and takes the class beyond its other edge."""
    household, choices = outcome.model.household, outcome.model.choices
    of_class = outcome.symbols_of(asset_class)
    steps = [
        step_of(household, place.account, place.symbol) * household.security(place.symbol).unit_usd
        for place in (choices.units if too_much else choices.buys)
        if place.symbol in of_class
    ]
    share = min(steps, default=0.0)
    if share <= off_usd + outcome.width_usd(asset_class):
        return []
    return [Obstacle(f"whole shares of ${share:,.0f}", "trade in fractions")]


def _unsold(outcome: Outcome, asset_class: str, off_usd: float) -> list[Said]:
    """What holds a class's own shares back, where the free ones do not cover the excess."""
    of_class = outcome.symbols_of(asset_class)
    free = sum(usd for (_, symbol), usd in outcome.free.items() if symbol in of_class)
    if free >= off_usd - ROUNDING_USD:
        return []
    held = [one for one in outcome.held if one.symbol in of_class]
    return lots_held(held, outcome.model.policy)


def _unbought(outcome: Outcome, asset_class: str, off_usd: float) -> list[Said]:
    """Why too little of a class is bought: accounts with money may not buy it, or too little money is free."""
    model = outcome.model
    household, of_class = model.household, outcome.symbols_of(asset_class)
    if not of_class:
        return [(off_usd, "no security of this class in the table Securities", "add a security of the class")]
    money = _money(outcome, of_class)
    room: dict[str, float] = defaultdict(float)
    for pair in model.choices.buys:
        key = (pair.account, pair.symbol)
        if pair.symbol in of_class and key not in model.choices.typed:
            room[pair.account] += _left_to_buy(outcome, key, pair.cap_usd)
    if sum(min(usd, room[name]) for name, usd in money.items()) >= off_usd - ROUNDING_USD:
        return []
    barred = {name: usd - room[name] for name, usd in money.items() if usd - room[name] > ROUNDING_USD}
    found = refusals_to_buy(household, model.policy, model.choices, of_class, barred)
    held = [
        one
        for one in outcome.held
        if one.symbol not in of_class and outcome.surplus.get(outcome.class_of(one.symbol), 1.0) > 0
    ]
    return [*found, *lots_held(held, model.policy)]


def _left_to_buy(outcome: Outcome, key: tuple[str, str], cap_usd: float) -> float:
    """Dollars that could be bought of a security beyond the plan."""
    bought = outcome.actions.purchases.get(key, 0.0) * outcome.model.household.security(key[1]).unit_usd
    return max(0.0, cap_usd - bought)


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
    # what reserve and withdrawals lack comes first
    money = {name: usd - max(0.0, outcome.short_cash_usd(name)) for name, usd in money.items()}
    return {name: usd for name, usd in money.items() if usd > ROUNDING_USD}


def _largest(said: Iterable[Said]) -> list[Obstacle]:
    ordered = sorted(said, key=lambda one: (-one[0], one[1]))
    return [Obstacle(words, advice) for usd, words, advice in ordered[:MOST_NAMED] if usd > 0]
