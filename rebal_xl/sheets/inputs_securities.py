"""The tables of securities, their class mixes, and what is expected of each class."""

from rebal_xl.sheets import formats
from rebal_xl.sheets.inputs_columns import CLASS_SYNONYMS, SYMBOL_SYNONYMS
from rebal_xl.sheets.schema import Column, Kind, Table


def _rate(
    name: str,
    note: str,
    synonyms: tuple[str, ...],
    field: str,
    least: float = 0,
    width: float = 12,
    blank: str = "0 %",
) -> Column:
    return Column(
        name,
        Kind.PERCENT,
        note,
        synonyms=synonyms,
        number_format=formats.PERCENT,
        width=width,
        blank=blank,
        least=least,
        greatest=1,
        field=field,
    )


def _rank(treatment: str, accounts: str, field: str) -> Column:
    return Column(
        f"Rank {treatment}",
        Kind.WHOLE,
        f"Order of preference as a purchase in {accounts}: 1 is first, 0 is never.",
        synonyms=(f"{treatment} Rank", f"Preference {treatment}", f"{treatment} Preference"),
        number_format=formats.WHOLE,
        width=11,
        blank="no preference",
        least=0,
        field=field,
    )


def _asset_class(note: str, field: str = "", required: bool = True, blank: str = "") -> Column:
    return Column(
        "Asset Class",
        Kind.TEXT,
        note,
        required=required,
        synonyms=CLASS_SYNONYMS,
        number_format=formats.TEXT,
        width=22,
        blank=blank,
        field=field,
        refers_to="Targets[Asset Class]",
    )


SECURITIES = Table(
    name="Securities",
    sheet="Securities",
    note="One row per symbol that is held or may be bought: price, asset class, tax character of its distributions, "
    "and what may be done with it.",
    synonyms=("Security Master", "Security List", "Prices", "Funds", "Symbols"),
    columns=(
        Column(
            "Symbol",
            Kind.TEXT,
            "Ticker or CUSIP, once per security; Holdings writes it the same way.",
            required=True,
            synonyms=SYMBOL_SYNONYMS,
            number_format=formats.TEXT,
            width=13,
            field="symbol",
        ),
        _asset_class(
            "Class of the security, as in Targets. A fund of several classes has rows in ClassMix instead.",
            required=False,
            blank="the rows in ClassMix, else what the security master says",
        ),
        Column(
            "Name",
            Kind.TEXT,
            "Full name.",
            synonyms=("Description", "Security Name", "Investment Name", "Fund Name", "Security Description"),
            number_format=formats.TEXT,
            width=34,
            blank="the name in the security master",
            field="name",
        ),
        Column(
            "Price",
            Kind.MONEY,
            "Price of one share in dollars; with Price Divisor 100, dollars per 100 of face.",
            synonyms=("Last Price", "Share Price", "Current Price", "Market Price", "Closing Price", "NAV"),
            number_format=formats.PRICE,
            width=12,
            blank="the price in Holdings",
            least=0,
            field="price_usd",
        ),
        Column(
            "Price As Of",
            Kind.DATE,
            "Day of the price; an old one is reported.",
            synonyms=("Price Date", "As Of", "Priced On", "NAV Date"),
            number_format=formats.DATE,
            width=13,
            blank="taken to be current",
            field="price_as_of",
        ),
        Column(
            "Price Divisor",
            Kind.NUMBER,
            "Value is quantity times price divided by this: 100 for bonds quoted per 100 of face, otherwise 1.",
            synonyms=("Divisor", "Quote Divisor", "Price Factor"),
            number_format=formats.WHOLE,
            width=10,
            blank="1",
            least=1,
            field="price_divisor",
        ),
        Column(
            "Lot Size",
            Kind.NUMBER,
            "Orders are multiples of this many shares (1,000 of face for many bonds).",
            synonyms=("Round Lot", "Trading Unit", "Order Multiple", "Minimum Increment"),
            number_format="#,##0.###",
            width=10,
            blank="1 share",
            least=0,
            field="lot_size",
        ),
        Column(
            "Whole Shares",
            Kind.FLAG,
            "No: the security trades in fractions (mutual funds); Lot Size is then not used.",
            synonyms=("Whole Shares Only", "Whole"),
            choices=formats.FLAG_WORDS,
            width=10,
            blank="Yes",
        ),
        Column(
            "Identical Group",
            Kind.TEXT,
            "Securities with the same word here are substantially identical for the wash-sale rule, for example two "
            "share classes of one fund.",
            synonyms=("Wash Sale Group", "Substantially Identical", "Identical To", "Identity Group"),
            number_format=formats.TEXT,
            width=16,
            blank="share classes of one fund in the security master, else itself only",
            field="identical_group",
        ),
        Column(
            "Replacement",
            Kind.TEXT,
            "Symbol to buy in its stead after a sale at a loss; it must not be of the same identical group.",
            synonyms=("Alternate", "Alternative", "Substitute", "Harvest Replacement", "TLH Alternate", "Secondary"),
            number_format=formats.TEXT,
            width=13,
            blank="any other security of the class",
            field="replacement",
            refers_to="Securities[Symbol]",
        ),
        _rank("Taxable", "taxable accounts", "rank_taxable"),
        _rank("Deferred", "tax-deferred accounts and HSAs", "rank_deferred"),
        _rank("Roth", "Roth accounts", "rank_roth"),
        Column(
            "Do Not Buy",
            Kind.FLAG,
            "Yes: never buy it; what is held may be kept or sold.",
            synonyms=("No Buy", "Sell Only", "Never Buy"),
            choices=formats.FLAG_WORDS,
            width=10,
            blank="No",
            field="do_not_buy",
        ),
        _rate(
            "Yield",
            "Dividends and interest of a year as a percent of the price.",
            ("Dividend Yield", "Distribution Yield", "Yield %", "SEC Yield", "12 Mo Yield"),
            "yield_rate",
        ),
        _rate(
            "Qualified %",
            "Part of those distributions that is qualified dividends, taxed as long-term gain.",
            ("QDI", "QDI %", "Qualified Dividend %", "Qualified"),
            "qualified_share",
        ),
        _rate(
            "Exempt %",
            "Part of those distributions that is exempt from federal income tax (municipal interest).",
            ("Tax-Exempt %", "Tax Exempt %", "Federal Exempt %", "Exempt"),
            "exempt_share",
        ),
        _rate(
            "State-Exempt %",
            "Part of those distributions that the state does not tax (Treasury interest).",
            ("State Exempt %", "State Tax-Exempt %", "Treasury %", "US Government %"),
            "state_exempt_share",
            width=13,
        ),
        _rate(
            "199A %",
            "Part of those distributions that is a REIT dividend under section 199A.",
            ("199A", "Section 199A %", "QBI %", "REIT Dividend %"),
            "qbi_share",
        ),
        _rate(
            "Turnover",
            "Percent of the yearly growth that the fund realizes and pays out as long-term gain; funds only. It is not "
            "the portfolio turnover of a fact sheet.",
            ("Tax Turnover", "Growth Realized %", "Growth Distributed %"),
            "turnover_rate",
        ),
        Column(
            "Expected Distribution",
            Kind.MONEY,
            "Dividend or gain distribution expected in the next 30 days, in dollars a share: what a purchase now "
            "would buy into, and what reinvestment could wash.",
            synonyms=("Upcoming Distribution", "Estimated Distribution", "Next Distribution"),
            number_format=formats.PRICE,
            width=13,
            blank="none",
            least=0,
            field="expected_distribution_usd",
        ),
        _rate(
            "Growth",
            "Expected growth of the price a year: the return without dividends and interest.",
            ("Expected Growth", "Price Growth", "Growth %", "Growth Rate"),
            "growth_rate",
            least=-1,
            blank="Expected Return less Yield in Assumptions, else 0 %",
        ),
        Column(
            "Spread bp",
            Kind.NUMBER,
            "Half the bid-ask spread, in basis points of the traded amount.",
            synonyms=("Spread", "Half Spread bp", "Trading Cost bp", "Spread (bp)"),
            number_format=formats.NUMBER,
            width=10,
            blank="0",
            least=0,
            greatest=1000,
            field="spread_bp",
        ),
        _rate(
            "Redemption Fee %",
            "Fee on a sale, as a percent of its proceeds.",
            ("Redemption Fee", "Short-Term Redemption Fee", "Redemption %"),
            "redemption_fee",
            width=13,
        ),
        Column(
            "Collectible",
            Kind.FLAG,
            "Yes: long-term gains are taxed at up to 28 % (a gold trust, for example). The gold and silver trusts of "
            "the security master are, unless No is written.",
            synonyms=("Collectibles", "28% Rate", "Is Collectible"),
            choices=formats.FLAG_WORDS,
            width=11,
            blank="No",
            field="collectible",
        ),
    ),
)

CLASS_MIX = Table(
    name="ClassMix",
    sheet="Securities",
    note="Funds that hold several classes: one row per class; the weights of a symbol sum to 100 %.",
    synonyms=("Class Mix", "Look-Through", "Lookthrough", "Fund Mix", "Composition"),
    columns=(
        Column(
            "Symbol",
            Kind.TEXT,
            "Fund, as in Securities.",
            required=True,
            synonyms=SYMBOL_SYNONYMS,
            number_format=formats.TEXT,
            width=13,
            refers_to="Securities[Symbol]",
        ),
        _asset_class("One of the classes in it, as in Targets."),
        Column(
            "Weight",
            Kind.PERCENT,
            "Percent of the fund in that class.",
            required=True,
            synonyms=("Weight %", "Percent", "%", "Allocation", "Share"),
            number_format=formats.PERCENT,
            width=11,
            least=0,
            greatest=1,
        ),
    ),
)

ASSUMPTIONS = Table(
    name="Assumptions",
    sheet="Assumptions",
    note="What you expect of each class a year. Yields, and the growth that the return leaves beside them, stand in "
    "for securities whose own are blank; the yield of Cash is the interest of all cash. Volatilities come before those "
    "of the assumptions that come along, for the tracking error.",
    synonyms=("Capital Market Assumptions", "CMA", "Class Assumptions", "Expected Returns"),
    columns=(
        _asset_class("Class, as in Targets."),
        _rate(
            "Expected Return",
            "Total return expected a year, before tax.",
            ("Return", "Expected Return %", "Mean Return"),
            "",
            least=-1,
            width=11,
            blank="not known",
        ),
        _rate(
            "Volatility",
            "Standard deviation of a year's return.",
            ("Standard Deviation", "Std Dev", "Risk", "Stdev", "Volatility %"),
            "",
            width=11,
            blank="not known",
        ),
        _rate(
            "Yield",
            "Dividends and interest of a year as a percent of the price.",
            ("Dividend Yield", "Income Yield", "Yield %"),
            "yield_rate",
            width=11,
            blank="not known",
        ),
        _rate(
            "Qualified %",
            "Part of those distributions that is qualified dividends.",
            ("QDI", "QDI %", "Qualified Dividend %", "Qualified"),
            "qualified_share",
            width=11,
            blank="not known",
        ),
        _rate(
            "Exempt %",
            "Part of those distributions that is exempt from federal income tax.",
            ("Tax-Exempt %", "Tax Exempt %", "Exempt"),
            "exempt_share",
            width=11,
            blank="not known",
        ),
        _rate(
            "Turnover",
            "Percent of the yearly growth that funds of the class realize and pay out as long-term gain.",
            ("Tax Turnover", "Growth Realized %", "Growth Distributed %"),
            "turnover_rate",
            width=11,
            blank="not known",
        ),
    ),
)

COVARIANCE = Table(
    name="Covariance",
    sheet="Covariance",
    note="Yearly covariance of class returns, for the tracking error, instead of the assumptions that come along: the "
    "classes down the first column and, in the same words, across the header. A return of 10 % is 0.1, so a volatility "
    "of 15 % is 0.0225 on the diagonal. One half may stay blank; both halves must agree.",
    synonyms=("Covariances", "Covariance Matrix", "Cov"),
    square=True,
    columns=(_asset_class("Class of the row; every class is also the header of a column."),),
)
