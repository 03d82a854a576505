"""A plan, and what it leaves to be done: what is free, what is held back, what classes and accounts can spare."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from math import inf

from rebal_xl.household import CASH_CLASS
from rebal_xl.measure.tradable import reserve_usd, traded
from rebal_xl.optimize.broken import Break, class_usd
from rebal_xl.optimize.buyable import not_bought, ranked_classes
from rebal_xl.optimize.choices import family
from rebal_xl.optimize.evaluate import Evaluation
from rebal_xl.optimize.held_back import HeldBack, held_back, still_free
from rebal_xl.optimize.methods import class_goals
from rebal_xl.optimize.model import Model
from rebal_xl.optimize.payers import asked_accounts
from rebal_xl.optimize.realised import Actions


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

    def share(self, symbol: str, asset_class: str) -> float:
        """Part of a security that is of a class."""
        mix = self.model.household.security(symbol).class_mix if symbol else ((CASH_CLASS, 1.0),)
        return sum(weight for name, weight in mix if name == asset_class)

    def buys(self, account: str, asset_class: str) -> bool:
        """Whether an account may buy anything of a class, or might were it not locked or left out of the target."""
        household, of_class = self.model.household, self.symbols_of(asset_class)
        found = household.account(account)
        if traded(found):
            return any(pair.account == account and pair.symbol in of_class for pair in self.model.choices.buys)
        ranked = ranked_classes(household)
        funds = (one for one in household.securities if one.symbol in of_class)
        return any(not not_bought(self.model.policy, found, one, ranked) for one in funds)

    def headroom_usd(self, asset_class: str) -> float:
        """Dollars of a class that may still come after the plan; infinite where nothing limits it."""
        goals = class_goals(self.model.policy, self.model.before)
        highs = [goal.high for goal in goals if goal.asset_class == asset_class and goal.high is not None]
        high = min(highs, default=inf) * self.model.before.value_usd
        return max(0.0, high - class_usd(self.evaluation.after, asset_class))

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

    def left_to_spare(self, asset_class: str) -> dict[str, float]:
        """Dollars that other classes can spare for one beyond what is free of them where it may be bought."""
        left, of_class = dict(self.surplus), self.symbols_of(asset_class)
        for (account, symbol), usd in self.free.items():
            name, cash = self.class_of(symbol), asset_class == CASH_CLASS
            if symbol not in of_class and name in left and (cash or self.buys(account, asset_class)):
                left[name] = max(0.0, left[name] - usd)
        return left

    def width_usd(self, asset_class: str) -> float:
        """Dollars between the ends of the range in which a class should end; 0 where there is none."""
        goals = class_goals(self.model.policy, self.model.before)
        ranges = ((goal.low, goal.high) for goal in goals if goal.asset_class == asset_class)
        widths = [high - low for low, high in ranges if low is not None and high is not None]
        return max(widths, default=0.0) * self.model.before.value_usd
