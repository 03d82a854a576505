"""Which rules keep a security from being bought in an account: its own flags, menus, ranks, targets, replacements."""

from rebal_xl.household import Account, Household, Method, Policy, Security, TaxTreatment
from rebal_xl.measure.tradable import traded


def rank(security: Security, treatment: TaxTreatment) -> int | None:
    """The advisor's preference for buying it under a tax treatment: 1 first, 0 never, None no opinion."""
    if treatment is TaxTreatment.TAXABLE:
        return security.rank_taxable
    # HSAs go with tax-deferred accounts, as the column Rank Deferred says.
    return security.rank_roth if treatment is TaxTreatment.ROTH else security.rank_deferred


def ranked_classes(household: Household) -> set[tuple[str, TaxTreatment]]:
    """Classes in which the advisor ranked some security: there only ranked ones are bought."""
    return {
        (security.main_class, treatment)
        for security in household.securities
        for treatment in TaxTreatment
        if rank(security, treatment)
    }


def replacements(household: Household, policy: Policy) -> frozenset[str] | None:
    """Method Harvest: what may be bought in the stead of what is sold; None under any other method.

    A security does when something held names it as its replacement, or when something of its class held in a taxable
    account names none.
    """
    if policy.method is not Method.HARVEST:
        return None
    held = {lot.symbol for lot in household.lots if lot.quantity > 0}
    named = {household.security(symbol).replacement for symbol in held} - {""}
    open_classes = {
        household.security(lot.symbol).main_class
        for lot in household.lots
        if lot.quantity > 0
        and household.account(lot.account).taxable
        and traded(household.account(lot.account))
        and not household.security(lot.symbol).replacement
    }
    return frozenset(
        security.symbol
        for security in household.securities
        if security.symbol in named or security.main_class in open_classes
    )


def not_bought(policy: Policy, account: Account, security: Security, ranked: set[tuple[str, TaxTreatment]]) -> str:
    """The rule that keeps a security from being bought in an account, "" when none does."""
    place = rank(security, account.treatment)
    target = policy.target_of(security.main_class)
    # first, since no flag, menu, target or rank that is mended would let it in
    if security.exempt_share > 0 and not account.taxable:
        return "tax-exempt income is wasted here"
    if security.do_not_buy or security.unit_usd <= 0:
        return "do not buy"
    if account.menu is not None and security.symbol not in account.menu:
        return "not on the menu"
    if target is None or target.weight <= 0:
        return "class without target"
    if place == 0 or (account.menu is None and place is None and (security.main_class, account.treatment) in ranked):
        return "not ranked for this tax treatment"
    return ""
