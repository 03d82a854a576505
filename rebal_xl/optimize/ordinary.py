"""Ordinary rebalancing, account by account: every traded account on its own to the household's target mix, pro rata.

Each account keeps its menu, ranks, locks, whole shares, least order and reserve, and pays its part of withdrawals.
Lots go by the account's own basis method or by HIFO. Wash sales are not avoided; whoever evaluates charges them.
Classes without target are left alone unless the policy sells them; a fund counts wholly as its largest class. Under
method Cash only accounts raise and invest cash and do nothing else; under method None they do the advisor's trades.
"""

from collections import defaultdict
from dataclasses import replace

from rebal_xl.household import CASH_CLASS, Account, BasisMethod, Household, Lot, Method, Policy
from rebal_xl.measure.tradable import traded
from rebal_xl.optimize.book import Book, Relief
from rebal_xl.optimize.methods import only_typed, sells_without_target
from rebal_xl.optimize.realised import Actions
from rebal_xl.optimize.rules.bands import without_target


def own_method(household: Household, account: str, symbol: str) -> BasisMethod:
    """The account's basis method; where it is FIFO, as by default, securities ordered in fractions are averaged.

    Only shares of funds may be averaged (Reg. 1.1012-1(e)); that a security is ordered in fractions stands for that.
    """
    given, fund = household.account(account).basis_method, household.security(symbol).lot_size == 0
    if given in (BasisMethod.FIFO, BasisMethod.AVERAGE):
        return BasisMethod.AVERAGE if fund else BasisMethod.FIFO
    return given


def highest_cost(household: Household, account: str, symbol: str) -> BasisMethod:
    """HIFO in every account."""
    return BasisMethod.HIFO


def first_in(household: Household, account: str, symbol: str) -> BasisMethod:
    """FIFO in every account."""
    return BasisMethod.FIFO


def averaged(household: Household, relief: Relief) -> Household:
    """The household with the basis of averaged positions spread evenly over their shares, per account and security.

    Days of purchase stay, since holding periods are first in, first out. A position with a lot whose basis nobody
    knows is not averaged.
    """
    positions: dict[tuple[str, str], list[Lot]] = defaultdict(list)
    for lot in household.lots:
        positions[lot.account, lot.symbol].append(lot)
    lots: list[Lot] = []
    same = True
    for (account, symbol), held in positions.items():
        known = [lot.basis_usd for lot in held if lot.basis_usd is not None and lot.quantity > 0]
        if relief(household, account, symbol) is not BasisMethod.AVERAGE or len(known) < len(held):
            lots += held
            continue
        unit = sum(known) / sum(lot.quantity for lot in held)
        same = False
        # one average has no second basis for losses
        lots += [replace(lot, basis_usd=unit * lot.quantity, gift_value_usd=None, gifted=None) for lot in held]
    return household if same else replace(household, lots=tuple(lots))


def account_by_account(household: Household, policy: Policy, relief: Relief, share: float = 1.0) -> Actions:
    """Every account on its own to the household's target; `share` (0..1) of the way there."""
    return carried_on(Book(household, policy, relief), share)


def carried_on(start: Book, share: float) -> Actions:
    """`account_by_account` from a book in which nothing is traded yet; the book itself stays as it is."""
    book = start.copy()
    if only_typed(book.policy):
        return book.actions()
    for account in book.household.accounts:
        if not traded(account):
            continue
        if book.policy.method is Method.CASH_ONLY:
            _raise_or_invest(book, account)
        else:
            _rebalance(book, account, share)
    return book.actions()


def _rebalance(book: Book, account: Account, share: float) -> None:
    _sell_without_target(book, account)
    held = _held(book, account)
    goal = _goals(book, account, held)
    minimum = book.minimum_usd(account)
    for symbol in book.symbols(account.name):
        name = book.household.security(symbol).main_class
        position = book.held_usd(account.name, symbol)
        excess = share * (held[name] - goal[name]) if name in goal else 0.0
        part = excess * position / held[name] if held[name] > 0 else 0.0
        if part > 0 and (part >= minimum or part >= position * (1 - 1e-9)):
            book.sell(account.name, symbol, part)
    raise_cash(book, account)
    _invest(book, account, held, goal, share)


def _raise_or_invest(book: Book, account: Account) -> None:
    """Sell what withdrawals and the reserve need; where they need nothing, invest what lies beyond the reserve."""
    if book.cash[account.name] < book.reserve_usd(account):
        raise_cash(book, account)
        return
    held = _held(book, account)
    _invest(book, account, held, _goals(book, account, held), 1.0)


def _sell_without_target(book: Book, account: Account) -> None:
    if not sells_without_target(book.policy):
        return
    unwanted = without_target(book.household, book.policy)
    for symbol in book.symbols(account.name):
        if symbol in unwanted:
            book.sell(account.name, symbol, book.held_usd(account.name, symbol))


def _held(book: Book, account: Account) -> dict[str, float]:
    """Dollars by class, with what the advisor's own trades bought."""
    held: dict[str, float] = defaultdict(float)
    for symbol in book.symbols(account.name):
        held[book.household.security(symbol).main_class] += book.held_usd(account.name, symbol)
    for (name, symbol), shares in book.bought.items():
        if name == account.name:
            security = book.household.security(symbol)
            held[security.main_class] += shares * security.unit_usd
    return held


def _invest(book: Book, account: Account, held: dict[str, float], goal: dict[str, float], share: float) -> None:
    """Buy towards the goal, `share` of the way, as far as cash beyond the reserve goes."""
    choice = _choice(book, account)
    sold = {lot.symbol for index in book.sold if (lot := book.household.lots[index]).account == account.name}
    needs = {
        name: share * (goal[name] - held[name])
        for name, symbol in choice.items()
        if symbol not in sold and goal.get(name, 0.0) > held[name]
    }
    spare = max(0.0, book.cash[account.name] - max(book.reserve_usd(account), goal.get(CASH_CLASS, 0.0)))
    scale = min(1.0, spare / sum(needs.values())) if sum(needs.values()) > 0 else 0.0
    for name, need in needs.items():
        if need * scale >= book.minimum_usd(account):
            book.buy(account.name, choice[name], need * scale)


def _choice(book: Book, account: Account) -> dict[str, str]:
    """What the account buys for each class."""
    return {name: symbol for name, symbol in book.favourites(account).items() if name != CASH_CLASS}


def _goals(book: Book, account: Account, held: dict[str, float]) -> dict[str, float]:
    """Dollars wanted of every class that the account can hold: the target mix of what it has in such classes."""
    choice = _choice(book, account)
    wanted = {target.asset_class: target.weight for target in book.policy.targets}
    within = [name for name in wanted if name == CASH_CLASS or name in choice or held[name] > 0]
    total = sum(wanted[name] for name in within)
    value = sum(held[name] for name in within) + book.cash[account.name]
    if total <= 0 or value <= 0:
        return {}
    return {name: wanted[name] / total * value for name in within}


def raise_cash(book: Book, account: Account) -> None:
    """Sell the largest positions until withdrawals are paid and the reserve is there."""
    if book.reserve_usd(account) - book.cash[account.name] <= 0:
        return
    dollars = {symbol: book.held_usd(account.name, symbol) for symbol in book.symbols(account.name)}
    for symbol in sorted(dollars, key=lambda symbol: (-dollars[symbol], symbol)):
        missing = book.reserve_usd(account) - book.cash[account.name]
        if missing <= 0:
            return
        security = book.household.security(symbol)
        # one share more, since orders are rounded to the nearest
        wanted = missing / (1.0 - security.redemption_fee) + security.unit_usd
        book.sell(account.name, symbol, max(wanted, book.minimum_usd(account)))
