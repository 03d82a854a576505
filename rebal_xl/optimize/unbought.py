"""Why a class is not bought where there is money for it: the rules that refuse its securities, and Max Hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rebal_xl.household import Household, Policy
from rebal_xl.optimize.buyable import not_bought, ranked_classes, replacements
from rebal_xl.optimize.choices import Choices, family
from rebal_xl.optimize.ways import Rule, Way

SOLD_AT_LOSS = "sold at a loss"
MOST_SHARES = "Max Hold"
# As buyable.py calls them.
NOT_RANKED = "not ranked for this tax treatment"
WASTED = "tax-exempt income is wasted here"
# Securities, or accounts, named in one rule; more are counted.
MOST_LISTED = 3


def refusals_to_buy(
    household: Household, policy: Policy, choices: Choices, of_class: Iterable[str], money: Mapping[str, float]
) -> list[Way]:
    """The rules that keep `of_class` (symbols) out of accounts with money (dollars), any one of which is enough."""
    ranked, replacing, wanted = ranked_classes(household), replacements(household, policy), frozenset(of_class)
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
    for name in sorted(money):
        account = household.account(name)
        for security in household.securities:
            if security.symbol not in wanted:
                continue
            why = not_bought(policy, account, security, ranked)
            if why == NOT_RANKED and security.exempt_share > 0 and not account.taxable:
                # a rank would not help
                why = WASTED
            if why == "do not buy" and not security.do_not_buy:
                why = "no price"
            if not why and replacing is not None and security.symbol not in replacing:
                why = "no replacement"
            if not why and family(household, name, security.symbol) in choices.sold_at_loss:
                why = SOLD_AT_LOSS
            if not why and any(lot.max_hold is not None for lot in household.held(name, security.symbol)):
                why = MOST_SHARES
            if why:
                symbols, accounts = found[why]
                symbols[security.symbol] = accounts[name] = None
    rules: dict[str, list[Rule]] = defaultdict(list)
    for why, (symbols, accounts) in sorted(found.items()):
        words, advice = _words(household, choices, why, list(symbols), list(accounts))
        for name in accounts:
            rules[name].append(Rule(words, advice, counted=False))
    return [Way(money[name], tuple(mine), any_of_them=True) for name, mine in sorted(rules.items())]


def _words(
    household: Household, choices: Choices, why: str, symbols: list[str], accounts: list[str]
) -> tuple[str, str]:
    what, where = _listed(symbols, "securities"), _listed(accounts, "accounts")
    match why:
        case "do not buy":
            return f"{what} marked Do Not Buy", f"take Do Not Buy off {what}"
        case "no price":
            return f"{what} without a price", f"fill in the price of {what}"
        case "not on the menu":
            return f"{what} not on the menu of {where}", f"add {what} to the menu of {where}"
        case _ if why == NOT_RANKED:
            return f"{what} not ranked for purchase in {where}", f"give {what} a rank of 1 or more"
        case _ if why == WASTED:
            return f"{what} tax-exempt, not bought in {where}", "add a taxable security of the class"
        case "class without target":
            return f"{what} mainly of a class without target", "give that class a target"
        case "no replacement":
            return f"{what} not a replacement of what is sold", f"name {what} as a replacement"
        case _ if why == MOST_SHARES:
            return f"Max Hold of {what} in {where}", f"raise Max Hold of {what}"
        case _:
            groups = {household.security(symbol).group for symbol in symbols}
            safe = min(day for (_, group), day in choices.sold_at_loss.items() if group in groups)
            words = f"{what} sold at a loss in the last 30 days: not to be bought before {safe:%m/%d/%Y}"
            return words, f"wait until {safe:%m/%d/%Y} or allow another security of the class"


def _listed(names: list[str], noun: str) -> str:
    return f"{len(names)} {noun}" if len(names) > MOST_LISTED else " and ".join(sorted(names))
