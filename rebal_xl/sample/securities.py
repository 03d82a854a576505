"""The sample's 35 securities: well-known symbols with made-up prices, yields, spreads and look-through mixes.

Yields, tax shares and spreads are given once per kind of asset: what a fund of that kind plausibly pays, not a
record of any one fund.
"""

from dataclasses import dataclass
from datetime import date

from rebal_xl.household import Security
from rebal_xl.sample.prices import AS_OF

LARGE = "US Large Cap"
SMALL = "US Small/Mid Cap"
DEVELOPED = "International Developed"
EMERGING = "Emerging Markets"
REAL_ESTATE = "Real Estate"
BONDS = "US Bonds"
MUNIS = "Municipal Bonds"
TIPS = "TIPS"
HIGH_YIELD = "High Yield Bonds"
INTL_BONDS = "International Bonds"

# Mutual funds are priced at the close of the day before.
FUND_PRICE_DAY = date(2026, 11, 19)


@dataclass(frozen=True, slots=True)
class Kind:
    """What securities of one kind have in common."""

    # their price path
    path: str
    # yearly distributions as a share of price
    yield_rate: float
    # yearly price growth expected
    growth_rate: float
    # half the bid-ask spread of an ETF or stock, basis points
    spread_bp: float
    # shares of the distributions, see Security
    qualified: float = 0.0
    exempt: float = 0.0
    state_exempt: float = 0.0
    qbi: float = 0.0
    # order of preference in taxable, tax-deferred and Roth accounts
    ranks: tuple[int, int, int] = (1, 1, 1)
    # dividends a year
    payments: int = 4


KINDS = {
    "large": Kind("large", 0.012, 0.055, 1.0, qualified=0.96),
    "small": Kind("small", 0.014, 0.055, 2.0, qualified=0.75),
    "devel": Kind("devel", 0.029, 0.045, 2.0, qualified=0.72),
    "emerg": Kind("emerg", 0.027, 0.050, 3.0, qualified=0.45),
    "reit": Kind("reit", 0.038, 0.025, 2.0, qualified=0.02, qbi=0.90),
    "bond": Kind("bond", 0.043, 0.0, 1.0, state_exempt=0.40, payments=12),
    "ust": Kind("ust", 0.041, 0.0, 5.0, state_exempt=1.0, payments=2),
    "muni": Kind("muni", 0.034, 0.0, 2.0, exempt=1.0, state_exempt=0.15, ranks=(1, 0, 0), payments=12),
    "ca-muni": Kind("muni", 0.031, 0.0, 6.0, exempt=1.0, state_exempt=0.99, ranks=(2, 0, 0), payments=12),
    "tips": Kind("tips", 0.036, 0.0, 2.0, state_exempt=1.0, ranks=(3, 1, 2), payments=12),
    "hiyld": Kind("hiyld", 0.068, 0.0, 4.0, ranks=(0, 1, 2), payments=12),
    "intlb": Kind("intlb", 0.042, 0.0, 2.0, payments=12),
    "blend": Kind("blend", 0.026, 0.030, 0.0, qualified=0.45, ranks=(0, 3, 3), payments=1),
    "aapl": Kind("aapl", 0.004, 0.060, 1.0, qualified=1.0),
    "msft": Kind("msft", 0.007, 0.060, 1.0, qualified=1.0),
    "jnj": Kind("jnj", 0.025, 0.035, 1.0, qualified=1.0),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One security as the table below writes it."""

    symbol: str
    name: str
    kind: str
    # dollars; a bond's per 100 of face
    price: float
    mix: dict[str, float]
    group: str = ""
    replacement: str = ""
    # "etf" and "stock" trade whole, "fund" in fractions, "bond" by the thousand of face
    form: str = "etf"
    do_not_buy: bool = False
    # added to the kind's ranks (0 stays 0): 1 for the second choice of its kind
    second: int = 0


TOTAL_US = {LARGE: 0.80, SMALL: 0.20}
TOTAL_INTERNATIONAL = {DEVELOPED: 0.75, EMERGING: 0.25}
TARGET_2035 = {LARGE: 0.34, SMALL: 0.06, DEVELOPED: 0.20, EMERGING: 0.07, BONDS: 0.23, INTL_BONDS: 0.10}
STOCK_MARKET = "Vanguard Total Stock Market"
BOND_MARKET = "Vanguard Total Bond Market"

LISTINGS = (
    Listing("VTI", "Vanguard Total Stock Market ETF", "large", 358.40, TOTAL_US, STOCK_MARKET, "ITOT"),
    Listing("VTSAX", "Vanguard Total Stock Market Index Adm", "large", 173.12, TOTAL_US, STOCK_MARKET, "", "fund"),
    Listing("ITOT", "iShares Core S&P Total US Stock Market ETF", "large", 158.75, TOTAL_US, "", "VTI", second=1),
    Listing("VOO", "Vanguard S&P 500 ETF", "large", 668.20, {LARGE: 1.0}, "", "SCHX"),
    Listing("SCHX", "Schwab US Large-Cap ETF", "large", 28.64, {LARGE: 1.0}, "", "VOO", second=1),
    Listing("FXAIX", "Fidelity 500 Index", "large", 252.31, {LARGE: 1.0}, form="fund", second=2),
    Listing("AAPL", "Apple Inc", "aapl", 291.35, {LARGE: 1.0}, form="stock", do_not_buy=True),
    Listing("MSFT", "Microsoft Corp", "msft", 521.90, {LARGE: 1.0}, form="stock", do_not_buy=True),
    Listing("JNJ", "Johnson & Johnson", "jnj", 218.60, {LARGE: 1.0}, form="stock", do_not_buy=True),
    Listing("IJR", "iShares Core S&P Small-Cap ETF", "small", 132.48, {SMALL: 1.0}, "", "VB", second=1),
    Listing("VB", "Vanguard Small-Cap ETF", "small", 277.15, {SMALL: 1.0}, "", "IJR"),
    Listing("FSMAX", "Fidelity Extended Market Index", "small", 103.86, {SMALL: 1.0}, form="fund", second=2),
    Listing("VEA", "Vanguard FTSE Developed Markets ETF", "devel", 61.22, {DEVELOPED: 1.0}, "", "IEFA"),
    Listing("IEFA", "iShares Core MSCI EAFE ETF", "devel", 88.74, {DEVELOPED: 1.0}, "", "VEA", second=1),
    Listing("FSPSX", "Fidelity International Index", "devel", 63.05, {DEVELOPED: 1.0}, form="fund", second=2),
    Listing("VWO", "Vanguard FTSE Emerging Markets ETF", "emerg", 49.58, {EMERGING: 1.0}, "", "IEMG"),
    Listing("IEMG", "iShares Core MSCI Emerging Markets ETF", "emerg", 62.36, {EMERGING: 1.0}, "", "VWO", second=1),
    Listing("VXUS", "Vanguard Total International Stock ETF", "devel", 73.44, TOTAL_INTERNATIONAL, second=2),
    Listing("FTIHX", "Fidelity Total International Index", "devel", 17.93, TOTAL_INTERNATIONAL, form="fund", second=2),
    Listing("VNQ", "Vanguard Real Estate ETF", "reit", 92.67, {REAL_ESTATE: 1.0}),
    Listing("FSRNX", "Fidelity Real Estate Index", "reit", 16.81, {REAL_ESTATE: 1.0}, form="fund", second=1),
    Listing("BND", "Vanguard Total Bond Market ETF", "bond", 73.71, {BONDS: 1.0}, BOND_MARKET, "AGG"),
    Listing("VBTLX", "Vanguard Total Bond Market Index Adm", "bond", 9.72, {BONDS: 1.0}, BOND_MARKET, "", "fund"),
    Listing("AGG", "iShares Core US Aggregate Bond ETF", "bond", 99.38, {BONDS: 1.0}, "", "BND", second=1),
    Listing("FXNAX", "Fidelity US Bond Index", "bond", 10.48, {BONDS: 1.0}, form="fund", second=2),
    Listing(
        "91282CFV8", "US Treasury Note 4.125% 11/15/2032", "ust", 100.92, {BONDS: 1.0}, form="bond", do_not_buy=True
    ),
    Listing("VTEB", "Vanguard Tax-Exempt Bond ETF", "muni", 50.31, {MUNIS: 1.0}, "", "MUB"),
    Listing("MUB", "iShares National Muni Bond ETF", "muni", 106.92, {MUNIS: 1.0}, "", "VTEB", second=1),
    Listing("CMF", "iShares California Muni Bond ETF", "ca-muni", 57.26, {MUNIS: 1.0}),
    Listing("SCHP", "Schwab US TIPS ETF", "tips", 26.83, {TIPS: 1.0}),
    Listing("FIPDX", "Fidelity Inflation-Protected Bond Index", "tips", 9.41, {TIPS: 1.0}, form="fund", second=1),
    Listing("VWEAX", "Vanguard High-Yield Corporate Adm", "hiyld", 5.52, {HIGH_YIELD: 1.0}, form="fund", second=1),
    Listing("USHY", "iShares Broad USD High Yield Corporate Bond ETF", "hiyld", 37.44, {HIGH_YIELD: 1.0}),
    Listing("BNDX", "Vanguard Total International Bond ETF", "intlb", 48.63, {INTL_BONDS: 1.0}),
    Listing("VTTHX", "Vanguard Target Retirement 2035", "blend", 29.57, TARGET_2035, form="fund"),
)

_LOT_SIZES = {"etf": 1.0, "stock": 1.0, "fund": 0.0, "bond": 1000.0}


def path_of(symbol: str) -> str:
    """Name of the price path the security follows."""
    return KINDS[next(listing.kind for listing in LISTINGS if listing.symbol == symbol)].path


def sample_securities() -> tuple[Security, ...]:
    """The 35 securities of the sample household."""
    return tuple(_security(listing) for listing in LISTINGS)


def _security(listing: Listing) -> Security:
    kind = KINDS[listing.kind]
    bond = listing.form == "bond"
    taxable, deferred, roth = (rank + listing.second if rank else 0 for rank in kind.ranks)
    # only monthly payers are sure to distribute within the next 30 days
    monthly = round(listing.price * kind.yield_rate / 12, 4) if kind.payments == 12 else 0.0
    return Security(
        symbol=listing.symbol,
        name=listing.name,
        price_usd=listing.price,
        price_as_of=FUND_PRICE_DAY if listing.form == "fund" else AS_OF,
        class_mix=tuple(sorted(listing.mix.items())),
        price_divisor=100.0 if bond else 1.0,
        lot_size=_LOT_SIZES[listing.form],
        identical_group=listing.group,
        replacement=listing.replacement,
        # the taxable accounts trade ETFs: a fund of another house would carry a fee there
        rank_taxable=0 if listing.form == "fund" else taxable,
        rank_deferred=deferred,
        rank_roth=roth,
        do_not_buy=listing.do_not_buy,
        yield_rate=kind.yield_rate,
        qualified_share=kind.qualified,
        exempt_share=kind.exempt,
        state_exempt_share=kind.state_exempt,
        qbi_share=kind.qbi,
        # 1.2 % of the price a year
        turnover_rate=0.4 if listing.kind == "blend" else 0.0,
        growth_rate=kind.growth_rate,
        expected_distribution_usd=monthly,
        spread_bp=0.0 if listing.form == "fund" else kind.spread_bp,
    )
