"""What keeps a class, the household, or an account's cash from where it should be: the rules in the way.

Shares held back are named only where what is free to be sold does not cover what is missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import floor, inf

from rebal_xl.household import CASH_CLASS, Method
from rebal_xl.measure.tradable import step_of
from rebal_xl.optimize.broken import Break
from rebal_xl.optimize.held_back import HeldBack, lots_held, own_trade
from rebal_xl.optimize.minimums import ROUNDING_USD, Room, TooSmall, too_small
from rebal_xl.optimize.model import rounding_room_usd
from rebal_xl.optimize.outcome import Outcome
from rebal_xl.optimize.payers import not_asked
from rebal_xl.optimize.unbought import refusals_to_buy
from rebal_xl.optimize.ways import Obstacle, Rule, Way, all_needed, in_the_way

__all__ = [
    "Obstacle",
    "Outcome",
    "class_obstacles",
    "higher_rules",
    "holding_obstacles",
    "household_obstacles",
    "order_cap",
    "reserve_obstacles",
    "withdrawal_obstacles",
]
# Obstacles of the household as a whole that are named.
MOST_NAMED = 4
# Part of a step that is rounding of a sum.
STEP_DUST = 1e-6


def class_obstacles(outcome: Outcome, asset_class: str, *, too_much: bool, off_usd: float) -> list[Obstacle]:
    """Rules that keep a class `off_usd` dollars from where it should be; none when none stands out."""
    shares = _whole_shares(outcome, asset_class, off_usd, too_much=too_much)
    return [*all_needed(order_cap(outcome), _of_class(outcome, asset_class, off_usd, too_much=too_much)), *shares]


def _of_class(outcome: Outcome, asset_class: str, off_usd: float, *, too_much: bool) -> list[Obstacle]:
    """What holds a class back, or keeps it from being bought; where nothing does, the minimum trade."""
    selling = too_much != (asset_class == CASH_CLASS)
    ways, missing = (_unsold if selling else _unbought)(outcome, asset_class, off_usd)
    held = in_the_way(ways, missing, outcome.left_to_spare(asset_class)) if missing > ROUNDING_USD else []
    if order_cap(outcome):
        # what is freed takes an order as well; with more orders, money finds room and other sizes
        return held
    # method Location keeps a mix in which every class has about as little room
    banded = outcome.model.policy.method is not Method.LOCATION
    nowhere = _nowhere(outcome, asset_class, off_usd) if too_much and banded else None
    if nowhere is not None:
        return all_needed(nowhere, held)
    if missing > ROUNDING_USD and not held:
        return []
    rooms = _rooms(outcome, asset_class, too_much=too_much, lifted=missing > ROUNDING_USD)
    minimum = too_small(outcome.model.policy, rooms, off_usd, more_is_fine=False)
    return all_needed(_minimum(minimum), held)


def household_obstacles(outcome: Outcome, off_usd: float | None = None) -> list[Obstacle]:
    """Rules that keep the household as a whole from its target, those of the class that is furthest off first.

    `off_usd` are the dollars that would have to move between classes, where that is known.
    """
    if capped := order_cap(outcome):
        return capped
    found, small = list[Obstacle](), list[Obstacle]()
    value = outcome.evaluation.after.value_usd
    policy = outcome.model.policy
    lines = [one for one in outcome.evaluation.after.lines if policy.target_of(one.asset_class) is not None]
    for line in sorted(lines, key=lambda one: (-abs(one.drift), one.asset_class)):
        too_much, off = line.drift > 0, abs(line.actual_weight - line.target_weight) * value
        ways, missing = (_unsold if too_much else _unbought)(outcome, line.asset_class, min(off, off_usd or off))
        if missing > ROUNDING_USD:
            # how much of a class has to move is not known: what is held back is in the way, not a part of it
            spare = outcome.left_to_spare(line.asset_class)
            found += [replace(one, partly=False) for one in in_the_way(ways, missing, spare)]
        elif off_usd is not None and off >= off_usd:
            rooms = _rooms(outcome, line.asset_class, too_much=too_much)
            small += _minimum(too_small(policy, rooms, off_usd, more_is_fine=False))
    # other rules keep classes from one another's money: the minimum is named where none does
    return list(dict.fromkeys(found or small))[:MOST_NAMED]


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
    free = sum(usd for key, usd in outcome.free.items() if f"{key[1]} in {key[0]}" == position)
    missing = left_usd - free
    if missing > ROUNDING_USD:
        # all of it is to go, so no Min Hold is low enough
        ways = lots_held(mine, outcome.model.policy, {"lower Min Hold": "remove Min Hold"})
        return all_needed(_cap_unless_sold(outcome, position), in_the_way(ways, missing))
    rooms = [_sale(outcome, key) for key in outcome.free if f"{key[1]} in {key[0]}" == position]
    minimum = _minimum(too_small(outcome.model.policy, rooms, left_usd, more_is_fine=False))
    return all_needed(_cap_unless_sold(outcome, position), minimum)


def _cap_unless_sold(outcome: Outcome, position: str) -> list[Obstacle]:
    """The cap on orders, where it is used up and selling the position would take one more."""
    sold = any(f"{symbol} in {account}" == position for account, symbol in outcome.sold)
    return [] if sold else order_cap(outcome)


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
    outcome: Outcome, accounts: frozenset[str], off_usd: float, elsewhere: Iterable[Way] = ()
) -> list[Obstacle]:
    """Why `accounts` cannot raise so many dollars; `elsewhere` says why others do not."""
    policy = outcome.model.policy
    rooms = [_sale(outcome, key) for key in outcome.free if key[0] in accounts]
    ways: list[Way] = []
    missing = off_usd - sum(usd for (account, _), usd in outcome.free.items() if account in accounts)
    if missing > ROUNDING_USD:
        held = (one for one in outcome.held if one.account in accounts)
        ways = [*lots_held(held, policy), *elsewhere]
    if capped := order_cap(outcome):
        return all_needed(capped, in_the_way(ways, missing))
    minimum = _minimum(too_small(policy, rooms, off_usd, more_is_fine=True), partly=not ways)
    found = [*minimum, *in_the_way(ways, missing)]
    # nothing else: then raising more than is missing must break other rules, or is not for method Cash only
    return found or _minimum(too_small(policy, rooms, off_usd, more_is_fine=False), partly=True)


def _minimum(found: TooSmall | None, *, partly: bool = False) -> list[Obstacle]:
    """The minimum trade, where lowering it brings all that is missing; where it may be, also where it brings a part."""
    if found is None or not (partly or found.all_of_it):
        return []
    return [Obstacle(found.words, found.advice, not found.all_of_it)]


def _rooms(outcome: Outcome, asset_class: str, *, too_much: bool, lifted: bool = False) -> list[Room]:
    """What more could be sold of a class of which there is too much, or else bought; of cash the other way round.

    `lifted`: with what rules hold back.
    """
    of_class = outcome.symbols_of(asset_class)
    everything = {one.symbol for one in outcome.model.household.securities}
    cash = asset_class == CASH_CLASS
    symbols = everything - of_class if cash else of_class
    if too_much != cash:
        sales = [key for key in outcome.free if key[1] in symbols and key not in outcome.actions.purchases]
        if cash:
            return [_no_more(_sale(outcome, key), outcome.surplus.get(outcome.class_of(key[1]), inf)) for key in sales]
        return [replace(_sale(outcome, key, lifted=lifted), share=outcome.share(key[1], asset_class)) for key in sales]
    money = _money(outcome, everything if cash else of_class)
    found: dict[str, Room] = {}
    for pair in outcome.model.choices.buys:
        key = (pair.account, pair.symbol)
        refused = key in outcome.model.choices.typed or key in outcome.sold or pair.family in outcome.losses
        if pair.symbol in symbols and not refused:
            bought = key in outcome.actions.purchases
            most = min(money.get(pair.account, 0.0), _left_to_buy(outcome, key, pair.cap_usd))
            if cash:
                most = min(most, outcome.headroom_usd(outcome.class_of(pair.symbol)))
            room = _room(outcome, key, most, ordered=bought)
            # the same money buys one of them
            best = found.get(pair.account, room)
            found[pair.account] = max(best, room, key=lambda one: (one.most_usd - one.least_usd, one.most_usd))
    return list(found.values())


def _no_more(room: Room, usd: float) -> Room:
    return replace(room, most_usd=min(room.most_usd, usd))


def _sale(outcome: Outcome, key: tuple[str, str], *, lifted: bool = False) -> Room:
    """What more could be sold of a position (account, symbol): whole shares, or all of it where that closes it."""
    model = outcome.model
    units = [unit.value_usd for unit in model.choices.units if (unit.account, unit.symbol) == key]
    held = sum(one.usd for one in outcome.held if (one.account, one.symbol) == key) if lifted else 0.0
    sold, closable = outcome.sold.get(key, 0.0), key in model.choices.closable
    usd = max(0.0, outcome.free[key] + held - outcome.bought_elsewhere.get(key, 0.0))
    whole = sum(units)
    if lifted:
        whole, closable = model.household.security(key[1]).unit_usd * _shares(outcome, key), True
    closes = closable and usd + sold >= whole - ROUNDING_USD
    return _room(outcome, key, usd, ordered=sold > 0, whole_usd=whole if closable else None, closes=closes)


def _shares(outcome: Outcome, key: tuple[str, str]) -> float:
    return sum(lot.quantity for lot in outcome.model.household.held(*key))


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


def _unsold(outcome: Outcome, asset_class: str, off_usd: float) -> tuple[list[Way], float]:
    """What holds a class's own shares back, and dollars by which the free ones do not cover the excess.

    Of cash there is too little: what holds other classes back that can spare it.
    """
    cash = asset_class == CASH_CLASS
    parts = {one.symbol: outcome.share(one.symbol, asset_class) for one in outcome.model.household.securities}
    if cash:
        free = sum(_money(outcome, outcome.symbols_of(asset_class)).values())
        return lots_held(_sparing(outcome, asset_class), outcome.model.policy), off_usd - free
    free = sum(usd * parts[symbol] for (_, symbol), usd in outcome.free.items())
    held = [replace(one, usd=one.usd * parts.get(one.symbol, 0.0)) for one in outcome.held]
    return lots_held([one for one in held if one.usd > 0], outcome.model.policy), off_usd - free


def _sparing(outcome: Outcome, asset_class: str) -> list[HeldBack]:
    """What is held back of other classes that can spare it, where its account may buy the class."""
    of_class, surplus = outcome.symbols_of(asset_class), outcome.left_to_spare(asset_class)
    return [
        replace(one, out_of=outcome.class_of(one.symbol))
        for one in outcome.held
        if one.symbol not in of_class
        and surplus.get(outcome.class_of(one.symbol), 1.0) > ROUNDING_USD
        and (asset_class == CASH_CLASS or outcome.buys(one.account, asset_class))
    ]


def _unbought(outcome: Outcome, asset_class: str, off_usd: float) -> tuple[list[Way], float]:
    """Why too little of a class is bought, accounts with money may not buy it or too little money is free, and
    dollars by which it is too little. Of cash there is too much, and nothing is known."""
    model = outcome.model
    if asset_class == CASH_CLASS:
        return [], 0.0
    household, of_class = model.household, outcome.symbols_of(asset_class)
    if not of_class:
        none = Rule("no security of this class in the table Securities", "add a security of the class", counted=False)
        return [Way(off_usd, (none,))], off_usd
    money = _money(outcome, of_class)
    room: dict[str, float] = defaultdict(float)
    for pair in model.choices.buys:
        key = (pair.account, pair.symbol)
        if pair.symbol in of_class and key not in model.choices.typed:
            room[pair.account] += _left_to_buy(outcome, key, pair.cap_usd)
    missing = off_usd - sum(min(usd, room[name]) for name, usd in money.items())
    barred = {name: usd - room[name] for name, usd in money.items() if usd - room[name] > ROUNDING_USD}
    found = refusals_to_buy(household, model.policy, model.choices, of_class, barred)
    typed = [
        Way(usd * outcome.share(key[1], asset_class), (own_trade(*key),))
        for key, usd in outcome.sold.items()
        if key in model.choices.typed and key[1] in of_class
    ]
    return [*found, *typed, *lots_held(_sparing(outcome, asset_class), model.policy)], missing


def _nowhere(outcome: Outcome, asset_class: str, off_usd: float) -> list[Obstacle] | None:
    """Why what a sale brings, or cash that is there, can be put nowhere; None where it can.

    Accounts with shares of the class may put it into what they buy, as far as their classes may grow, or leave it cash.
    """
    cash = asset_class == CASH_CLASS
    of_class = outcome.symbols_of(asset_class)
    usd: dict[str, float] = defaultdict(float)
    for name in outcome.model.accounts if cash else ():
        usd[name] = outcome.spare_cash_usd(name)
    for one in outcome.held:
        if one.symbol in of_class:
            usd[one.account] += one.usd * outcome.share(one.symbol, asset_class)
    for (account, symbol), free in outcome.free.items():
        if symbol in of_class:
            usd[account] += free * outcome.share(symbol, asset_class)
    names = [
        one.asset_class for one in outcome.evaluation.after.lines if one.asset_class not in (asset_class, CASH_CLASS)
    ]
    places = {name: min(outcome.headroom_usd(name), _buyable_usd(outcome, name, usd)) for name in names}
    lacking = sum(max(0.0, outcome.short_cash_usd(name)) for name in usd if usd[name] > 0)
    kept = 0.0 if cash else outcome.headroom_usd(CASH_CLASS) + lacking
    if kept + sum(places.values()) >= off_usd - ROUNDING_USD:
        return None
    household, policy, choices = outcome.model.household, outcome.model.policy, outcome.model.choices
    money = "it" if cash else "what a sale would bring"
    for name in sorted(names, key=lambda one: (places[one] - outcome.headroom_usd(one), one)):
        barred = {account: held for account, held in usd.items() if held > 0 and not outcome.buys(account, name)}
        missing = min(off_usd, outcome.headroom_usd(name) - places[name])
        refusals = refusals_to_buy(household, policy, choices, outcome.symbols_of(name), barred)
        found = in_the_way(refusals, missing) if missing > ROUNDING_USD else []
        if found:
            return [
                replace(one, words=f"no room for {money} but in {name} ({one.words})", partly=False) for one in found
            ]
    return []


def _buyable_usd(outcome: Outcome, asset_class: str, usd: Mapping[str, float]) -> float:
    """Dollars, of those in accounts, that these could put into a class."""
    return sum(held for account, held in usd.items() if held > 0 and outcome.buys(account, asset_class))


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
