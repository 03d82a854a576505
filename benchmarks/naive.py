"""Rules that advisors follow without an optimizer, as plans that the same evaluator can price.

Account by account: bring every account to the household's target on its own, selling pro rata, oldest lots first
(FIFO) or dearest lots first (HIFO). Household: first move money where gains are not taxed, then sell the dearest
taxable lots, until every class is near its target. All of them respect locks, menus and whole shares; none of them
knows of wash sales, of holding periods about to turn, or of what the year's tax will be.
"""

from collections import defaultdict
from collections.abc import Callable
from math import floor

from rebal_xl.household import CASH_CLASS, Account, Household, Policy, TaxTreatment, WithdrawalLevel
from rebal_xl.measure import measure_drift
from rebal_xl.optimize.choices import rank
from rebal_xl.optimize.evaluate import Actions

# Which lot of a position goes first: smallest key.
LotOrder = Callable[[Household, int], tuple[float, int]]


def fifo(household: Household, index: int) -> tuple[float, int]:
    """Oldest first."""
    acquired = household.lots[index].acquired
    return (float(acquired.toordinal()) if acquired else 0.0, index)


def hifo(household: Household, index: int) -> tuple[float, int]:
    """Highest basis per share first."""
    lot = household.lots[index]
    return (-(lot.basis_usd or 0.0) / lot.quantity, index)


class Ledger:
    """What a rule has sold and bought so far, and the cash left."""

    def __init__(self, household: Household, policy: Policy) -> None:
        self.household, self.policy = household, policy
        self.sold: dict[int, float] = defaultdict(float)
        self.bought: dict[tuple[str, str], float] = defaultdict(float)
        self.cash = {account.name: account.cash_usd + account.contribution_usd for account in household.accounts}
        self.paid: dict[tuple[int, str], float] = {}
        self.lots: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, lot in enumerate(household.lots):
            self.lots[lot.account, lot.symbol].append(index)
        for number, ask in enumerate(policy.withdrawals):
            if ask.level is not WithdrawalLevel.ACCOUNT:
                raise ValueError("The rules of thumb pay withdrawals of single accounts only.")
            self.cash[ask.which] -= ask.amount_usd
            self.paid[number, ask.which] = ask.amount_usd

    def held_usd(self, account: str, symbol: str) -> float:
        """Dollars of a position before the rule bought any."""
        unit = self.household.security(symbol).unit_usd
        return unit * sum(
            self.household.lots[index].quantity - self.sold[index] for index in self.lots[account, symbol]
        )

    def reserve_usd(self, account: Account) -> float:
        """Cash that stays in the account."""
        return max(account.reserve_usd, account.reserve_weight * self.household.account_value_usd(account.name))

    def symbols(self, account: str) -> list[str]:
        """Symbols held in an account, in order."""
        return sorted(symbol for name, symbol in self.lots if name == account)

    def sell(self, account: str, symbol: str, usd: float, order: LotOrder) -> float:
        """Sell about so many dollars in whole shares; returns the dollars sold."""
        security = self.household.security(symbol)
        open_lots = [
            index
            for index in sorted(self.lots[account, symbol], key=lambda index: order(self.household, index))
            if not (self.household.lots[index].locked or self.household.lots[index].do_not_sell)
        ]
        available = sum(self.household.lots[index].quantity - self.sold[index] for index in open_lots)
        wanted = min(available, usd / security.unit_usd)
        if security.lot_size and wanted < available:
            wanted = min(available, security.lot_size * floor(wanted / security.lot_size + 0.5))
        rest = wanted
        for index in open_lots:
            taken = min(rest, self.household.lots[index].quantity - self.sold[index])
            self.sold[index] += taken
            rest -= taken
        self.cash[account] += wanted * security.unit_usd
        return wanted * security.unit_usd

    def buy(self, account: str, symbol: str, usd: float) -> float:
        """Buy at most so many dollars in whole shares; returns the dollars spent."""
        security = self.household.security(symbol)
        step = security.lot_size or 0.001
        shares = step * floor(usd / security.unit_usd / step)
        self.bought[account, symbol] += shares
        self.cash[account] -= shares * security.unit_usd
        return shares * security.unit_usd

    def actions(self) -> Actions:
        """The plan so far; what was sold and bought back within a position cancels out."""
        return Actions(
            {index: shares for index, shares in self.sold.items() if shares > 1e-9},
            {pair: shares for pair, shares in self.bought.items() if shares > 1e-9},
            self.paid,
        )


def favourites(household: Household, account: Account) -> dict[str, str]:
    """Asset class -> the security that the advisor's list buys for it in the account."""
    best: dict[str, tuple[int, str]] = {}
    for security in household.securities:
        place = rank(security, account.treatment)
        if not place or security.do_not_buy or (account.menu is not None and security.symbol not in account.menu):
            continue
        if security.exempt_share and not account.taxable:
            continue
        best[security.main_class] = min(
            best.get(security.main_class, (place, security.symbol)), (place, security.symbol)
        )
    return {asset_class: symbol for asset_class, (_, symbol) in best.items()}


def account_by_account(household: Household, policy: Policy, order: LotOrder) -> Actions:
    """Every account on its own to the household's target, pro rata within a class."""
    ledger = Ledger(household, policy)
    for account in household.accounts:
        if account.counts_in_target and not account.locked:
            _rebalance_account(ledger, account, order)
    return ledger.actions()


def pro_rata_fifo(household: Household, policy: Policy) -> Actions:
    """Account by account, oldest lots first."""
    return account_by_account(household, policy, fifo)


def pro_rata_hifo(household: Household, policy: Policy) -> Actions:
    """Account by account, dearest lots first."""
    return account_by_account(household, policy, hifo)


def _rebalance_account(ledger: Ledger, account: Account, order: LotOrder) -> None:
    household, policy = ledger.household, ledger.policy
    choice = favourites(household, account)
    held: dict[str, float] = defaultdict(float)
    for symbol in ledger.symbols(account.name):
        held[household.security(symbol).main_class] += ledger.held_usd(account.name, symbol)
    value = sum(held.values()) + ledger.cash[account.name]
    wanted = {target.asset_class: target.weight for target in policy.targets}
    open_classes = [name for name in wanted if name == CASH_CLASS or name in choice or held[name] > 0]
    share = sum(wanted[name] for name in open_classes)
    if share <= 0 or value <= 0:
        return
    goal = {name: wanted[name] / share * value for name in open_classes}
    floor_usd = max(ledger.reserve_usd(account), goal.get(CASH_CLASS, 0.0))
    minimum = _minimum_usd(ledger, account)
    for symbol in ledger.symbols(account.name):
        name = household.security(symbol).main_class
        excess = held[name] - goal.get(name, 0.0)
        position = ledger.held_usd(account.name, symbol)
        part = excess * position / held[name] if held[name] > 0 else 0.0
        if excess >= minimum and (part >= minimum or position < minimum):
            ledger.sell(account.name, symbol, part, order)
    _raise_cash(ledger, account, order)
    needs = {name: goal[name] - held[name] for name in open_classes if name in choice and goal[name] > held[name]}
    room = max(0.0, ledger.cash[account.name] - floor_usd)
    scale = min(1.0, room / sum(needs.values())) if needs else 0.0
    for name, need in needs.items():
        if need * scale >= minimum:
            ledger.buy(account.name, choice[name], need * scale)


def _raise_cash(ledger: Ledger, account: Account, order: LotOrder) -> None:
    """Sell the largest positions until withdrawals are paid and the reserve is there."""
    for symbol in sorted(
        ledger.symbols(account.name), key=lambda symbol: (-ledger.held_usd(account.name, symbol), symbol)
    ):
        missing = ledger.reserve_usd(account) - ledger.cash[account.name]
        if missing <= 0:
            return
        # one share more, since orders are rounded to the nearest
        ledger.sell(account.name, symbol, missing + ledger.household.security(symbol).unit_usd, order)


def greedy_household(household: Household, policy: Policy) -> Actions:
    """Fix classes where gains are not taxed first, then sell taxable lots, dearest first, only beyond half the band."""
    ledger = Ledger(household, policy)
    for account in household.accounts:
        _raise_cash(ledger, account, hifo)
    before = measure_drift(household, policy)
    value = before.value_usd
    excess = {line.asset_class: line.actual_usd - line.target_weight * value for line in before.lines}
    for index, shares in ledger.sold.items():
        security = household.security(household.lots[index].symbol)
        excess[security.main_class] = excess.get(security.main_class, 0.0) - shares * security.unit_usd
    order = {TaxTreatment.TAX_DEFERRED: 0, TaxTreatment.HSA: 1, TaxTreatment.ROTH: 2, TaxTreatment.TAXABLE: 3}
    for account in sorted(household.accounts, key=lambda account: (order[account.treatment], account.name)):
        if account.counts_in_target and not account.locked:
            _greedy_account(ledger, account, excess, value)
    return ledger.actions()


def _greedy_account(ledger: Ledger, account: Account, excess: dict[str, float], value: float) -> None:
    household, policy = ledger.household, ledger.policy
    choice, minimum = favourites(household, account), _minimum_usd(ledger, account)
    widths = {target.asset_class: target.trigger_width * value for target in policy.targets}
    for name in sorted(excess, key=lambda name: (-excess[name], name)):
        width = widths.get(name, 0.0)
        least, left = (0.5 * width, 0.3 * width) if account.taxable else (minimum, 0.0)
        room = sum(max(0.0, -excess[other]) for other in choice if other in excess)
        room -= max(0.0, ledger.cash[account.name] - ledger.reserve_usd(account))
        usd = min(excess[name] - left, room)
        if name == CASH_CLASS or excess[name] < least or usd < minimum:
            continue
        for symbol in ledger.symbols(account.name):
            if household.security(symbol).main_class == name and usd >= minimum:
                usd_sold = ledger.sell(account.name, symbol, usd, hifo)
                usd -= usd_sold
                excess[name] -= usd_sold
    for name in sorted(choice, key=lambda name: (excess.get(name, 0.0), name)):
        spare = ledger.cash[account.name] - ledger.reserve_usd(account)
        usd = min(-excess.get(name, 0.0), spare)
        if usd >= minimum:
            excess[name] += ledger.buy(account.name, choice[name], usd)


def _minimum_usd(ledger: Ledger, account: Account) -> float:
    policy = ledger.policy
    share = policy.min_trade_weight * ledger.household.account_value_usd(account.name)
    return max(policy.min_trade_usd, share)
