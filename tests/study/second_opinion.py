"""One household on one path by plain loops over classes and lots: what the arrays of the study must agree with.

Written apart from `rebal_xl.study`: every purchase is a lot with its month, netting follows the lines of Schedule D,
bands are worked out class by class.
"""

from dataclasses import dataclass, field

from rebal_xl.household import LookRule, Target
from rebal_xl.measure import band_of


@dataclass
class Position:
    """A class in the taxable part."""

    usd: float
    basis: float
    # (month bought, shares) and the price of a share; what was there at the start was bought long ago
    lots: list[list[float]] = field(default_factory=list)
    price: float = 1.0


@dataclass
class Path:
    """What became of a household."""

    value_usd: float = 0.0
    tax_paid_usd: float = 0.0
    tax_at_end_usd: float = 0.0
    turnover: float = 0.0
    orders: int = 0
    rebalances: int = 0
    apart: list[float] = field(default_factory=list)
    widest: float = 0.0
    # dollars sold within a year of their purchase
    short_usd: float = 0.0


def walk(targets: list[Target], terms, taxable, basis, sheltered, rule: LookRule, growth, step_up=False) -> Path:
    """`growth[month][class]` are growth factors; `terms` as of the study."""
    size, tax = len(targets), terms.tax
    wanted = [target.weight for target in targets]
    held = [Position(taxable[i], basis[i], [[-1000.0, taxable[i]]]) for i in range(size)]
    safe = list(sheltered)
    found = Path()
    short = long = income = owed = 0.0
    carried = (tax.short_carryforward_usd, tax.long_carryforward_usd)

    def total():
        return sum(one.usd for one in held) + sum(safe)

    def sell(position, usd, spread, month):
        """(short gain, long gain): the oldest shares go first, at average basis."""
        if usd <= 0.0:
            return 0.0, 0.0
        gain = usd * (1.0 - spread) - position.basis * usd / position.usd
        wanted_shares, young = usd / position.price, 0.0
        left = wanted_shares
        while left > 1e-12 and position.lots:
            lot = position.lots[0]
            taken = min(left, lot[1])
            # a year to the day is not more than a year
            young += taken if month - lot[0] <= 12 else 0.0
            lot[1] -= taken
            left -= taken
            if lot[1] <= 1e-12:
                position.lots.pop(0)
        position.basis -= position.basis * usd / position.usd
        position.usd -= usd
        part = young / wanted_shares
        found.short_usd += usd * part
        return gain * part, gain * (1.0 - part)

    def buy(position, spend, spread, month):
        value = spend * (1.0 - spread)
        position.usd += value
        position.basis += spend
        position.lots.append([month, value / position.price])

    for month, factors in enumerate(growth, 1):
        before = total()
        weights = [(held[i].usd + safe[i]) / before for i in range(size)]
        found.apart.append(sum((weights[i] - wanted[i]) * (factors[i] - 1.0) for i in range(size)))
        for i, position in enumerate(held):
            position.usd *= factors[i]
            safe[i] *= factors[i]
            out = terms.payout[i] / 12.0
            position.price *= factors[i] * (1.0 - out)
            dividend = out * position.usd
            position.basis += dividend
            position.lots.append([month, dividend / position.price])
            income += position.usd * terms.payout_tax[i] / 12.0
        if month < len(growth) and month % 12 == 0:
            due, carried = schedule_d(short, long, carried, tax)
            due += income + owed
            short = long = income = 0.0
            worth = sum(position.usd for position in held)
            paid = min(due, worth) if worth > 0.0 else 0.0
            owed = due - paid
            found.tax_paid_usd += paid
            for usd, position in [(position.usd, position) for position in held]:
                part = paid * usd / worth if worth > 0.0 else 0.0
                if part > 0.0:
                    gained = sell(position, part, 0.0, month)
                    short, long = short + gained[0], long + gained[1]
                elif part < 0.0:
                    buy(position, -part, 0.0, month)
        now = total()
        weights = [(held[i].usd + safe[i]) / now for i in range(size)]
        found.widest = max(found.widest, 0.5 * sum(abs(weights[i] - wanted[i]) for i in range(size)))
        if month == len(growth) or not rule.every_months or month % rule.every_months:
            continue
        goal = banded(weights, targets) if rule.banded else wanted
        moves = [goal[i] * now - held[i].usd - safe[i] for i in range(size)]
        if max(abs(move) for move in moves) < 0.005:
            continue
        sales = [max(0.0, -move) for move in moves]
        buys = [max(0.0, move) for move in moves]
        inside = [min(sales[i], safe[i]) for i in range(size)]
        share = sum(inside) / sum(sales)
        outside = [sales[i] - inside[i] for i in range(size)]
        kept_in = _kept(inside, terms.half_spread)
        kept_out = _kept(outside, terms.half_spread)
        for i, position in enumerate(held):
            spread = terms.half_spread[i]
            safe[i] += buys[i] * share * kept_in * (1.0 - spread) - inside[i]
            gained = sell(position, min(outside[i], position.usd), spread, month)
            short, long = short + gained[0], long + gained[1]
            buy(position, buys[i] * (1.0 - share) * kept_out, spread, month)
        legs = [*inside, *outside, *(one * share for one in buys), *(one * (1.0 - share) for one in buys)]
        found.orders += sum(leg >= 0.005 for leg in legs)
        found.rebalances += 1
        found.turnover += sum(sales) / now
    worth = total()
    for position in held if not step_up else ():
        gained = sell(position, position.usd, 0.0, len(growth))
        short, long = short + gained[0], long + gained[1]
    due, _ = schedule_d(short, long, carried, tax)
    found.tax_at_end_usd = due + income + owed + sum(safe) * terms.deferred_share * tax.ordinary
    found.value_usd = worth - found.tax_at_end_usd
    return found


def schedule_d(short, long, carried, tax):
    """(tax, carryforwards) of a year, by the lines of the form and its Capital Loss Carryover Worksheet."""
    line_7, line_15 = short - carried[0], long - carried[1]
    if line_7 + line_15 >= 0.0:
        if line_7 >= 0.0 and line_15 >= 0.0:
            return tax.short_gain * line_7 + tax.long_gain * line_15, (0.0, 0.0)
        rate = tax.short_gain if line_7 >= 0.0 else tax.long_gain
        return rate * (line_7 + line_15), (0.0, 0.0)
    deducted = min(tax.loss_limit_usd, -(line_7 + line_15))
    short_loss = max(0.0, -line_7 - max(0.0, line_15))
    long_loss = max(0.0, -line_15 - max(0.0, line_7))
    from_short = min(deducted, short_loss)
    return -tax.short_gain * deducted, (short_loss - from_short, long_loss - (deducted - from_short))


def banded(weights, targets):
    """Weights after a look at the bands."""
    bands = [band_of(target) for target in targets]
    goal = list(weights)
    for i, band in enumerate(bands):
        if weights[i] > band.trigger_high + 1e-7:
            goal[i] = band.destination_high
        elif weights[i] < band.trigger_low - 1e-7:
            goal[i] = band.destination_low
    rest = 1.0 - sum(goal)
    wanted = [target.weight for target in targets]
    room = [max(0.0, (wanted[i] - goal[i]) if rest > 0.0 else (goal[i] - wanted[i])) for i in range(len(goal))]
    if sum(room) <= 0.0:
        return goal
    return [goal[i] + rest * room[i] / sum(room) for i in range(len(goal))]


def _kept(sales, spread):
    sold = sum(sales)
    return sum(sale * (1.0 - spread[i]) for i, sale in enumerate(sales)) / sold if sold > 0.0 else 0.0
