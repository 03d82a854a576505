"""Orders and wash sales: what a plan may do at all, over either arithmetic. Thousands of dollars."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tests.second_model.arithmetic import CENT, Arithmetic, Value, least, total
from tests.second_model.bill import K
from tests.second_model.facts import Facts
from tests.second_model.purchases import Position, kept_in_window, purchases

# Orders in fractions are so to a thousandth of a share.
THOUSANDTH = 0.001


@dataclass(frozen=True)
class Plan:
    """Amounts in either arithmetic, thousands of dollars."""

    # by place in facts.units
    sold: list[Value]
    bought: dict[Position, Value]
    # (place in facts.asks, account)
    paid: dict[tuple[int, str], Value]


class Orders:
    """The rules of one household's orders."""

    def __init__(self, facts: Facts, sums: Arithmetic, plan: Plan, *, whole: bool) -> None:
        self.facts, self.sums, self.plan, self.whole = facts, sums, plan, whole
        self.policy = facts.policy
        self.pairs = purchases(facts)
        # what of each unit's sale is washed, by its place
        self.washed: dict[int, Value] = {}
        self.sell_flags: dict[Position, Value] = {}
        self.buy_flags: dict[Position, Value] = {}

    # Orders

    def keep_orders(self) -> None:
        """Least and most of every order, and how many."""
        facts, sums, plan = self.facts, self.sums, self.plan
        for position, places in facts.positions.items():
            worth = sum(facts.units[place].worth for place in places)
            amount = total(plan.sold[place] for place in places)
            floor = facts.minimum(position[0])
            if position in facts.closable:
                floor = min(floor, worth)
            if position in facts.typed:
                floor = 0.0
            self.sell_flags[position] = sums.flag(f"sell {position}", amount, floor, worth)
            least_held = facts.limits(position)[0]
            if least_held is not None and position not in facts.typed:
                spare = max(0.0, facts.shares(position) - least_held) * facts.price(position[1])
                sums.require(f"least held {position}", amount, high=spare)
        for pair, most in self.pairs.items():
            floor = 0.0 if pair in facts.typed else facts.minimum(pair[0])
            self.buy_flags[pair] = sums.flag(f"buy {pair}", plan.bought[pair], floor, most)
            if pair in self.sell_flags and not self._may_be_bought_back(pair):
                sums.require(f"not both {pair}", self.sell_flags[pair] + self.buy_flags[pair], high=1.0)

        if self.policy.most_orders is not None:
            orders = total([*self.sell_flags.values(), *self.buy_flags.values()])
            sums.require("most orders", orders, high=float(max(self.policy.most_orders, len(facts.typed))))
        self._typed()
        if self.whole:
            self._whole_shares()

    def _typed(self) -> None:
        """The advisor's own trades at their size."""
        facts, sums, sold = self.facts, self.sums, self.plan.sold
        for position, typed in facts.typed.items():
            amount = typed.shares * facts.price(position[1])
            flag = self.sell_flags[position] if typed.sells else self.buy_flags[position]
            sums.require(f"typed order {position}", flag, 1.0, 1.0)
            if not typed.sells:
                sums.require(f"typed {position}", self.plan.bought[position], amount, amount)
                continue
            places = facts.positions[position]
            sums.require(f"typed {position}", total(sold[place] for place in places), amount, amount)
            for place in places:
                named = sum(typed.of_lots.get(index, 0.0) for index in facts.units[place].lots)
                sums.require(f"typed lot {position} {place}", sold[place], low=named * facts.units[place].price)

    def _may_be_bought_back(self, pair: Position) -> bool:
        """Long gains may be taken and the security bought back, where that is asked for."""
        units = [self.facts.units[place] for place in self.facts.positions[pair]]
        return bool(self.policy.harvest_gains and any(unit.long and unit.rate > 0.0 for unit in units))

    def _whole_shares(self) -> None:
        facts = self.facts
        amounts = [
            (position, total(self.plan.sold[place] for place in places), position in facts.closable)
            for position, places in facts.positions.items()
        ]
        amounts += [(pair, self.plan.bought[pair], False) for pair in self.pairs]
        for place, ((account, symbol), amount, closable) in enumerate(amounts):
            if (account, symbol) in facts.typed:
                continue
            shares = 0.0 if facts.accounts[account].fractional else facts.securities[symbol].lot_size
            units = facts.positions.get((account, symbol), [])
            held = sum(facts.units[unit].worth for unit in units) if closable else None
            self.sums.whole(f"{place} {account} {symbol}", amount, (shares or THOUSANDTH) * facts.price(symbol), held)
            if shares and place < len(facts.positions) and len(units) > 1:
                self._whole_lots(f"{account} {symbol}", units, shares * facts.price(symbol))
        for (number, account), amount in self.plan.paid.items():
            self.sums.whole(f"cents {number} {account}", amount, CENT, None)

    def _whole_lots(self, label: str, units: Sequence[int], step: float) -> None:
        """Whole shares of every lot, or all of it; of one lot a part, where that makes the order whole."""
        cuts = [
            self.sums.cut(f"lot {place} {label}", self.plan.sold[place], step, self.facts.units[place].worth)
            for place in units
        ]
        self.sums.require(f"one lot cut {label}", total(cuts), high=1.0)

    # Wash sales

    def wash_sales(self) -> Value:
        """Price of wash sales; what of each sale is washed is kept for the tax."""
        facts = self.facts
        losses: dict[tuple[str, str], list[int]] = defaultdict(list)
        recents: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, unit in enumerate(facts.units):
            family = facts.family(*unit.position)
            if unit.at_loss:
                losses[family].append(place)
            if unit.recent:
                recents[family].append(place)
        kept = kept_in_window(facts)
        return total(
            self._family(family, losses[family], recents[family], kept.get(family, 0.0)) for family in sorted(losses)
        )

    def _family(self, family: tuple[str, str], losses: list[int], recents: list[int], kept: float) -> Value:
        """Nothing identical is bought beside a loss; shares of the window wash, earliest sale first."""
        facts, sums, sold = self.facts, self.sums, self.plan.sold
        most = sum(facts.units[place].worth for place in losses)
        taken = sums.flag(f"loss {family}", total(sold[place] for place in losses), 0.0, most)
        for pair, flag in self.buy_flags.items():
            if facts.family(*pair) == family and pair not in facts.typed:
                sums.require(f"no rebuy {pair}", flag + taken, high=1.0)
        if not recents and kept <= 0.0:
            return 0.0
        self._young_losses([place for place in losses if facts.units[place].recent], recents, kept)
        old = [place for place in losses if not facts.units[place].recent]
        if not old:
            return 0.0
        old.sort(key=lambda place: (facts.units[place].acquired, facts.units[place].lots))
        still_held = kept + total((facts.units[p].worth - sold[p]) / facts.units[p].price for p in recents)
        so_far: Value = 0.0
        washed_so_far: Value = 0.0
        for place in old:
            price = facts.units[place].price
            so_far = so_far + sold[place] / price
            washed = least(sums, so_far, still_held, f"washed to {place}")
            self.washed[place] = (washed - washed_so_far) * price
            washed_so_far = washed
        some = sums.flag(f"washed {family}", total(self.washed[place] for place in old), 0.0, most)
        return self.policy.wash_sale_cost_usd / K * some

    def _young_losses(self, young: list[int], recents: list[int], kept: float) -> None:
        """A loss on shares of the window only when none of the window's shares stay, or none but its own purchase's."""
        if not young or (len(recents) == 1 and kept <= 0.0):
            return
        facts, sums, sold = self.facts, self.sums, self.plan.sold
        for place in young:
            unit = facts.units[place]
            taken = sums.flag(f"young {place}", sold[place], 0.0, 0.0 if kept > 0.0 else unit.worth)
            for other in recents:
                worth = facts.units[other].worth
                sums.require(f"window {place} {other}", sold[other] - worth * taken, low=0.0)
