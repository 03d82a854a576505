"""Rules that advisors follow without an optimizer, as plans that the same evaluator can price.

Account by account is the package's own (`rebal_xl.optimize.ordinary`), oldest lots first (FIFO) or dearest first
(HIFO). Household: first move money where gains are not taxed, then sell the dearest taxable lots, until every class is
near its target. All of them respect locks, menus and whole shares; none of them knows of wash sales, of holding
periods about to turn, or of what the year's tax will be.
"""

from collections.abc import Callable

from rebal_xl.household import CASH_CLASS, Account, Household, Policy, TaxTreatment
from rebal_xl.measure import measure_drift
from rebal_xl.measure.tradable import traded
from rebal_xl.optimize.book import Book
from rebal_xl.optimize.ordinary import account_by_account, first_in, highest_cost, raise_cash
from rebal_xl.optimize.realised import Actions


def pro_rata_fifo(household: Household, policy: Policy) -> Actions:
    """Account by account, oldest lots first."""
    return account_by_account(household, policy, first_in)


def pro_rata_hifo(household: Household, policy: Policy) -> Actions:
    """Account by account, dearest lots first."""
    return account_by_account(household, policy, highest_cost)


def greedy_household(household: Household, policy: Policy) -> Actions:
    """Fix classes where gains are not taxed first, then sell taxable lots, dearest first, only beyond half the band."""
    book = Book(household, policy, highest_cost)
    for account in household.accounts:
        raise_cash(book, account)
    before = measure_drift(household, policy)
    value = before.value_usd
    excess = {line.asset_class: line.actual_usd - line.target_weight * value for line in before.lines}
    for index, shares in book.sold.items():
        security = household.security(household.lots[index].symbol)
        excess[security.main_class] = excess.get(security.main_class, 0.0) - shares * security.unit_usd
    order = {TaxTreatment.TAX_DEFERRED: 0, TaxTreatment.HSA: 1, TaxTreatment.ROTH: 2, TaxTreatment.TAXABLE: 3}
    for account in sorted(household.accounts, key=lambda account: (order[account.treatment], account.name)):
        if traded(account):
            _greedy_account(book, account, excess, value)
    return book.actions()


def _greedy_account(book: Book, account: Account, excess: dict[str, float], value: float) -> None:
    household, policy = book.household, book.policy
    choice, minimum = book.favourites(account), book.minimum_usd(account)
    widths = {target.asset_class: target.trigger_width * value for target in policy.targets}
    for name in sorted(excess, key=lambda name: (-excess[name], name)):
        width = widths.get(name, 0.0)
        least, left = (0.5 * width, 0.3 * width) if account.taxable else (minimum, 0.0)
        room = sum(max(0.0, -excess[other]) for other in choice if other in excess)
        room -= max(0.0, book.cash[account.name] - book.reserve_usd(account))
        usd = min(excess[name] - left, room)
        if name == CASH_CLASS or excess[name] < least or usd < minimum:
            continue
        for symbol in book.symbols(account.name):
            if household.security(symbol).main_class == name and usd >= minimum:
                usd_sold = book.sell(account.name, symbol, usd)
                usd -= usd_sold
                excess[name] -= usd_sold
    for name in sorted(choice, key=lambda name: (excess.get(name, 0.0), name)):
        spare = book.cash[account.name] - book.reserve_usd(account)
        usd = min(-excess.get(name, 0.0), spare)
        if usd >= minimum:
            excess[name] += book.buy(account.name, choice[name], usd)


RULES: dict[str, Callable[[Household, Policy], Actions]] = {
    "pro rata, FIFO": pro_rata_fifo,
    "pro rata, HIFO": pro_rata_hifo,
    "household by hand": greedy_household,
}
