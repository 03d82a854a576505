"""Households at the edges of what a client's page must show, each with a plan found for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from rebal_xl import api
from rebal_xl.explain import Told, explain
from rebal_xl.household import (
    Account,
    FilingStatus,
    Frontier,
    Household,
    Lot,
    Method,
    Plan,
    Policy,
    Security,
    Target,
    TaxProfile,
    TaxTreatment,
)
from rebal_xl.household.explanation import Explanation
from rebal_xl.report import Picture, Report, render
from rebal_xl.sample import sample_household, sample_policy

AS_OF = date(2026, 11, 20)
BOUGHT = date(2019, 3, 1)
# What a workbook may hold that a page must show as the text it is.
SCRIPT = "<script>alert(1)</script>"
COMMAND = "=cmd|' /C calc'!A0"
BREAKOUT = '"><img src=https://evil.example/x onerror=alert(2)>'
STYLE = "</style></title><style>@import url(//evil.example)\\"
LONG = "An Asset Class That Somebody Called By Everything It Holds, In Every Region And Of Every Size " * 2
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenfonds" * 2
HEBREW, ARABIC, CHINESE, EMOJI = "מניות ארה״ב", "أسهم دولية", "国际股票与新兴市场债券基金", "Family 👩‍👩‍👧‍👦 Fund"


@dataclass(frozen=True)
class Story:
    """A household and its plan."""

    household: Household
    policy: Policy
    plan: Plan
    frontier: Frontier | None = None

    @property
    def told(self) -> Explanation:
        """The plan in words."""
        placed = api.placements(self.household, self.policy, self.plan)
        return explain(Told(self.plan, self.household, self.policy, placed, self.frontier))

    def page(self, logo: Picture | None = None) -> str:
        """The client's page."""
        return render(Report(self.told, self.plan, self.household, self.frontier, logo))


Held = Mapping[str, tuple[float, float]]


def home(
    targets: Mapping[str, float],
    accounts: Sequence[tuple[str, TaxTreatment, Held]],
    name: str = "The Bakers",
    price: float = 1.0,
    cash_usd: float = 0.0,
    **policy: object,
) -> Story:
    """A household of one security for each class, planned; `accounts` hold (dollars, basis) of classes."""
    tickers = {asset_class: f"FUND{number}" for number, asset_class in enumerate(targets)}
    securities = tuple(
        Security(symbol, price, ((asset_class, 1.0),), f"{asset_class} Fund") for asset_class, symbol in tickers.items()
    )
    lots = tuple(
        Lot(account, tickers[asset_class], usd / price, basis, BOUGHT, lot_id=f"{asset_class}-1")
        for account, _, held in accounts
        for asset_class, (usd, basis) in held.items()
    )
    household = Household(
        accounts=tuple(Account(account, treatment, cash_usd=cash_usd) for account, treatment, _ in accounts),
        lots=lots,
        securities=securities,
        taxpayers=(TaxProfile("Bakers", FilingStatus.MFJ, "CA", 2026, 210_000.0),),
        name=name,
    )
    wanted = tuple(Target(asset_class, weight) for asset_class, weight in targets.items())
    asked = Policy(targets=wanted, as_of=AS_OF, **policy)  # type: ignore[arg-type]
    return Story(household, asked, api.rebalance(household, asked))


HALVES = {"Stocks": 0.5, "Bonds": 0.5}


def nothing_to_do() -> Story:
    """On target to the dollar."""
    return home(HALVES, [("IRA", TaxTreatment.TAX_DEFERRED, {"Stocks": (5_000, 0), "Bonds": (5_000, 0)})])


def two_dollars() -> Story:
    """$52 and $48 of a target of halves, at $1 a share: $2 go over."""
    held = {"Stocks": (52.0, 40.0), "Bonds": (48.0, 48.0)}
    return home(
        HALVES,
        [("IRA", TaxTreatment.TAX_DEFERRED, held)],
        method=Method.FULL,
        min_trade_usd=0.0,
        cost_per_order_usd=0.0,
    )


def fifty_million() -> Story:
    """Half in taxable accounts with gains, and far too much in stocks."""
    joint = {"Stocks": (24_000_000.0, 6_000_000.0), "Bonds": (1_000_000.0, 900_000.0)}
    return home(
        {"Stocks": 0.6, "Bonds": 0.4},
        [
            ("Joint", TaxTreatment.TAXABLE, joint),
            ("IRA", TaxTreatment.TAX_DEFERRED, {"Stocks": (20_000_000.0, 0.0), "Bonds": (5_000_000.0, 0.0)}),
        ],
        "The Wealthys",
        100.0,
    )


def one_account() -> Story:
    """A taxable account alone, with a gain to take."""
    held = {"Stocks": (80_000.0, 40_000.0), "Bonds": (20_000.0, 21_000.0)}
    return home({"Stocks": 0.6, "Bonds": 0.4}, [("Joint", TaxTreatment.TAXABLE, held)], price=10.0)


def losses_only() -> Story:
    """Every lot is under water."""
    held = {"Stocks": (70_000.0, 90_000.0), "Bonds": (30_000.0, 31_000.0)}
    return home(HALVES, [("Joint", TaxTreatment.TAXABLE, held)], price=10.0, method=Method.FULL)


def forty_classes() -> Story:
    """Forty classes with a fortieth each, held in two accounts; the first has twice its share, the last nothing."""
    names = [f"Class {number:02d}" for number in range(1, 41)]
    share = dict.fromkeys(names, 1.0 / 40)
    usd = dict.fromkeys(names[:39], (10000.0, 8000.0))
    taxed = {asset_class: pair for asset_class, pair in usd.items() if int(asset_class[-2:]) % 2}
    kept = {asset_class: pair for asset_class, pair in usd.items() if asset_class not in taxed}
    taxed[names[0]] = (20_000.0, 15_000.0)
    accounts = [("Joint", TaxTreatment.TAXABLE, taxed), ("IRA", TaxTreatment.TAX_DEFERRED, kept)]
    return home(share, accounts, price=10.0)


def long_names() -> Story:
    """Names that no column has room for, one of them in one piece."""
    targets = {LONG.strip(): 0.5, UNBROKEN: 0.5}
    held = {LONG.strip(): (80_000.0, 60_000.0), UNBROKEN: (20_000.0, 10_000.0)}
    accounts = [(f"{LONG}{number}", TaxTreatment.TAX_DEFERRED, held) for number in range(1, 10)]
    return home(targets, accounts, UNBROKEN, 10.0)


def other_scripts() -> Story:
    """Names from right to left, and letters that are no letters."""
    targets = {HEBREW: 0.4, ARABIC: 0.3, CHINESE: 0.3}
    held = {HEBREW: (70_000.0, 60_000.0), ARABIC: (20_000.0, 10_000.0), CHINESE: (10_000.0, 9_000.0)}
    return home(targets, [(f"{HEBREW} 401(k)", TaxTreatment.TAX_DEFERRED, held)], EMOJI, 10.0)


def hostile() -> Story:
    """Names that would be tags, formulas or styles if anybody let them."""
    targets = {SCRIPT: 0.5, BREAKOUT: 0.5}
    held = {SCRIPT: (80_000.0, 60_000.0), BREAKOUT: (20_000.0, 10_000.0)}
    accounts = [(COMMAND, TaxTreatment.TAXABLE, held), (STYLE, TaxTreatment.TAX_DEFERRED, held)]
    return home(targets, accounts, f"{STYLE}{SCRIPT}", 10.0, firm=BREAKOUT, disclosure=f"{SCRIPT}\n{COMMAND}\n{STYLE}")


def sample() -> Story:
    """The Riveras, with their frontier."""
    household = sample_household()
    policy = replace(
        sample_policy(), firm="Oak & Elm Advisors", disclosure="Oak & Elm is an adviser.\nAsk for our ADV."
    )
    found = api.frontier(household, policy, points=5)
    return Story(household, policy, found.chosen, found)


STORIES: Mapping[str, Callable[[], Story]] = {
    "nothing to do": nothing_to_do,
    "a two-dollar trade": two_dollars,
    "fifty million": fifty_million,
    "one account": one_account,
    "losses only": losses_only,
    "forty classes": forty_classes,
    "long names": long_names,
    "other scripts": other_scripts,
    "hostile": hostile,
    "sample": sample,
}


@cache
def story(name: str) -> Story:
    """One of the stories, planned once."""
    return STORIES[name]()
