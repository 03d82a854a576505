"""The Settings table and the rows it may hold."""

from rebal_xl.household.words import Length, Method, Tone
from rebal_xl.sheets import formats
from rebal_xl.sheets.schema import Column, Kind, Setting, Table

# How drift is measured, without and with Policy.tracking.
DRIFT_MEASURE = "Drift Measure"
DRIFT_MEASURES = ("Class", "Tracking error")

SETTINGS = Table(
    name="Settings",
    sheet="Settings",
    note="How this household is rebalanced. A row that is missing means the default.",
    synonyms=("Setting", "Options", "Preferences", "Parameters"),
    columns=(
        Column(
            "Name",
            Kind.TEXT,
            "Name of the setting.",
            required=True,
            synonyms=("Setting", "Option", "Parameter", "Key"),
            number_format=formats.TEXT,
            width=30,
        ),
        Column("Value", Kind.TEXT, "Its value.", required=True, synonyms=("Setting Value",), width=24),
        Column("Note", Kind.TEXT, "What it means; not read.", synonyms=("Meaning", "Description"), width=90),
    ),
)

SETTINGS_ROWS: tuple[Setting, ...] = (
    Setting(
        "Household Name",
        Kind.TEXT,
        "Name on every report.",
        default="Household",
        number_format=formats.TEXT,
    ),
    Setting(
        "Method",
        Kind.CHOICE,
        "Opportunistic trades only classes outside their trigger, back inside their destination; Full goes to target; "
        "Cash only invests or raises cash; Harvest takes losses; Location moves classes between accounts; None "
        "does the trades of MyTrades that are marked Keep and nothing else, with their lots chosen for the least tax.",
        default=Method.OPPORTUNISTIC.value,
        choices=tuple(Method),
        policy_field="method",
        number_format=formats.TEXT,
    ),
    Setting(
        DRIFT_MEASURE,
        Kind.CHOICE,
        "Class: every class has its own band. Tracking error: the household as a whole has one, by how far its return "
        "may stray from its target's (methods Opportunistic and Full); the bands of the classes then call for nothing.",
        default=DRIFT_MEASURES[0],
        choices=DRIFT_MEASURES,
        number_format=formats.TEXT,
    ),
    Setting(
        "Tracking Trigger",
        Kind.PERCENT,
        "Tracking error a year beyond which the household is traded. It counts where Drift Measure is Tracking error.",
        default=0.01,
        policy_field="tracking_trigger",
        number_format=formats.PERCENT,
        least=0,
        greatest=1,
    ),
    Setting(
        "Tracking Destination",
        Kind.PERCENT,
        "Tracking error a year within which trading may stop. Blank is half of the trigger.",
        policy_field="tracking_destination",
        number_format=formats.PERCENT,
        least=0,
        greatest=1,
    ),
    Setting(
        "As Of",
        Kind.DATE,
        "Day the plan is made for: holding periods and wash-sale windows are counted from it. Blank is today in New "
        "York.",
        policy_field="as_of",
        number_format=formats.DATE,
    ),
    Setting(
        "Model",
        Kind.TEXT,
        "Model whose weights are the targets, as in Models, or an example that comes along: Example: Conservative, "
        "Moderately Conservative, Balanced, Moderately Aggressive or Aggressive. Blank takes the Targets table.",
        number_format=formats.TEXT,
    ),
    Setting(
        "Minimum Trade $",
        Kind.MONEY,
        "No order below this many dollars or the percent below, whichever is greater; selling a whole position is "
        "always allowed.",
        default=500.0,
        policy_field="min_trade_usd",
        number_format=formats.DOLLARS,
        least=0,
    ),
    Setting(
        "Minimum Trade %",
        Kind.PERCENT,
        "Percent of the account's value.",
        default=0.0,
        policy_field="min_trade_weight",
        number_format=formats.PERCENT,
        least=0,
        greatest=1,
    ),
    Setting(
        "Cost per Order",
        Kind.MONEY,
        "What one order costs in dollars, fees and the trouble of keying it: fewer trades when greater.",
        default=10.0,
        policy_field="cost_per_order_usd",
        number_format=formats.DOLLARS,
        least=0,
    ),
    Setting(
        "Horizon",
        Kind.NUMBER,
        "Years over which deferral and location are valued.",
        default=10.0,
        policy_field="horizon_years",
        number_format="0.0",
        least=0,
        greatest=60,
    ),
    Setting(
        "Discount Rate",
        Kind.PERCENT,
        "Yearly rate at which later tax is counted today.",
        default=0.05,
        policy_field="discount_rate",
        number_format=formats.PERCENT,
        least=0,
        greatest=0.5,
    ),
    Setting(
        "Short-Term Boundary Days",
        Kind.WHOLE,
        "Lots that turn long-term within so many days are not sold at a gain.",
        default=30.0,
        policy_field="short_term_boundary_days",
        number_format=formats.WHOLE,
        least=0,
        greatest=366,
    ),
    Setting(
        "Reinvestment Counts",
        Kind.FLAG,
        "Yes: reinvested dividends count as wash-sale purchases, as the rule says.",
        default=True,
        choices=formats.FLAG_WORDS,
        policy_field="reinvestment_counts",
    ),
    Setting(
        "Wash Sale Cost $",
        Kind.MONEY,
        "Dollars it is worth to avoid one disallowed loss, beyond the loss itself.",
        default=250.0,
        policy_field="wash_sale_cost_usd",
        number_format=formats.DOLLARS,
        least=0,
    ),
    Setting(
        "Harvest $",
        Kind.MONEY,
        "Least loss of a lot worth taking, in dollars. Losses are looked for when this or the percent is given, and "
        "always by method Harvest; where both are given, both must be met.",
        policy_field="harvest_usd",
        number_format=formats.DOLLARS,
        least=0,
    ),
    Setting(
        "Harvest %",
        Kind.PERCENT,
        "Least loss of a lot worth taking, as a percent of its basis.",
        policy_field="harvest_weight",
        number_format=formats.PERCENT,
        least=0,
        greatest=1,
    ),
    Setting(
        "Harvest December",
        Kind.NUMBER,
        "What both least losses are multiplied by in December; the factor moves evenly from 1 in January. With 2 only "
        "large losses are taken late in the year, with 0.5 small ones too.",
        default=1.0,
        policy_field="harvest_december",
        number_format="0.0#",
        least=0,
        greatest=100,
    ),
    Setting(
        "Harvest Gains",
        Kind.FLAG,
        "Yes: long-term gains may be realized to raise the basis, and bought back the same day, as far as they are "
        "taxed less now than later, as in the 0 % bracket.",
        default=False,
        choices=formats.FLAG_WORDS,
        policy_field="harvest_gains",
    ),
    Setting(
        "Location $",
        Kind.MONEY,
        "Least worth of a better location, dollars of yearly drag saved over the horizon, that is a reason to trade. "
        "Blank: never a reason, but for the method Location, where it means 0.",
        policy_field="location_usd",
        number_format=formats.DOLLARS,
        least=0,
    ),
    Setting(
        "Most Orders",
        Kind.WHOLE,
        "Most orders a plan may have, sales and purchases together, your own trades included. Blank is no limit.",
        policy_field="most_orders",
        number_format=formats.WHOLE,
        least=0,
        greatest=10_000,
    ),
    Setting(
        "Sell Without Target",
        Kind.FLAG,
        "Yes: securities whose class has no target, or a target of 0 %, are sold completely.",
        default=False,
        choices=formats.FLAG_WORDS,
        policy_field="sell_without_target",
    ),
    Setting(
        "Consolidate",
        Kind.FLAG,
        "Yes: before anything is planned, positions of one account that hold the same (shares of one identical group, "
        "funds of one index, mixes of the same classes) are sold into one, as far as Consolidate Tax Budget allows. By "
        "the methods Opportunistic and Full.",
        default=False,
        choices=formats.FLAG_WORDS,
        policy_field="consolidate",
    ),
    Setting(
        "Consolidate Tax Budget",
        Kind.MONEY,
        "What consolidating may add to this year's tax, dollars; the cheapest for each position saved comes first. 0 "
        "does only what costs no tax.",
        default=0.0,
        policy_field="consolidate_tax_usd",
        number_format=formats.WHOLE_DOLLARS,
        least=0,
    ),
    Setting(
        "Most Drift",
        Kind.PERCENT,
        "Household drift allowed after trading (half the sum of all classes' distances from target), instead of the "
        "bands of the classes. Methods Opportunistic and Full. Blank is the bands.",
        policy_field="most_drift",
        number_format=formats.PERCENT,
        least=0,
        greatest=1,
    ),
    Setting(
        "Gap",
        Kind.NUMBER,
        "Stop once the plan is proven to be within so many basis points of household value of the best.",
        default=0.1,
        policy_field="gap_bp",
        number_format="0.0##",
        least=0,
        greatest=100,
    ),
    Setting(
        "Deadline",
        Kind.NUMBER,
        "Seconds after which the best plan found so far is returned, with its gap.",
        default=60.0,
        policy_field="deadline_s",
        number_format=formats.WHOLE,
        least=1,
        greatest=86400,
    ),
    Setting(
        "Law Year",
        Kind.WHOLE,
        "An earlier year's tax law, when that of the as-of year is not known yet; every figure is then stamped "
        "ESTIMATE. Blank is the as-of year.",
        policy_field="law_year",
        number_format=formats.WHOLE,
        least=2000,
        greatest=2100,
    ),
    Setting(
        "Stale Price Days",
        Kind.WHOLE,
        "Prices older than so many days before the as-of date are reported.",
        default=5.0,
        policy_field="stale_price_days",
        number_format=formats.WHOLE,
        least=0,
        greatest=365,
    ),
    Setting(
        "Frontier on Dashboard",
        Kind.FLAG,
        "Yes: the Dashboard shows what coming nearer to the target costs. Its plans are looked for after yours, for "
        "10 seconds at most, and never beyond the deadline.",
        default=True,
        choices=formats.FLAG_WORDS,
        policy_field="frontier_on_dashboard",
    ),
    Setting(
        "Security Master",
        Kind.FLAG,
        "Yes: a symbol's class, name and identical group that the workbook leaves blank are filled in from the "
        "security master that comes along, with a notice. No: it is not asked.",
        default=True,
        choices=formats.FLAG_WORDS,
        policy_field="security_master",
    ),
    Setting("Firm", Kind.TEXT, "Name of the firm on reports.", policy_field="firm", number_format=formats.TEXT),
    Setting(
        "Disclosure",
        Kind.TEXT,
        "Text at the foot of client reports.",
        policy_field="disclosure",
        number_format=formats.TEXT,
    ),
    Setting(
        "Logo",
        Kind.TEXT,
        "Name of a picture beside the workbook, PNG or JPEG of at most 1 MB, for client reports.",
        policy_field="logo",
        number_format=formats.TEXT,
    ),
    Setting(
        "Tone",
        Kind.CHOICE,
        "How the explanation speaks to the client.",
        default=Tone.FORMAL.value,
        choices=tuple(Tone),
        policy_field="tone",
        number_format=formats.TEXT,
    ),
    Setting(
        "Explanation Length",
        Kind.CHOICE,
        "Brief: what is proposed, what it costs, and what to mind. Full: also why, class by class, and what is left "
        "alone. Both fit on one page.",
        default=Length.FULL.value,
        choices=tuple(Length),
        policy_field="explanation_length",
        number_format=formats.TEXT,
    ),
)


def setting(name: str) -> Setting:
    """The setting of that name; KeyError when there is none."""
    for row in SETTINGS_ROWS:
        if row.name == name:
            return row
    raise KeyError(name)
