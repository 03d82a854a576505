"""The Miller household: two spouses, four accounts, and a plan for it made by hand."""

from datetime import date

from rebal_xl.household import (
    Account,
    BandType,
    BasisMethod,
    Comparison,
    CostTerm,
    Covariance,
    Drift,
    DriftLine,
    FilingStatus,
    Fill,
    Household,
    LeftAlone,
    LocationLine,
    LocationMove,
    LocationReport,
    Lot,
    LotSale,
    LotSource,
    Method,
    Notice,
    Person,
    Plan,
    PlanTax,
    Policy,
    RecentTrade,
    Relaxation,
    Security,
    Side,
    Target,
    TaxBill,
    TaxChange,
    TaxProfile,
    TaxTreatment,
    Term,
    Trade,
    TypedTrade,
    Wait,
    WashBlock,
    Withdrawal,
    WithdrawalLevel,
)

AS_OF = date(2026, 5, 4)

HOUSEHOLD = Household(
    name="Miller & Sons",
    people=(
        Person("Ann Miller", date(1958, 3, 2), "Bob Miller"),
        Person("Bob Miller", date(1963, 11, 30), "Ann Miller"),
    ),
    accounts=(
        Account("00123-4", TaxTreatment.TAXABLE, "Ann Miller", "Millers", "Schwab", cash_usd=12_000.0),
        Account(
            "=HYPERLINK(A1)",
            TaxTreatment.TAXABLE,
            "Bob Miller",
            "Miller Trust",
            basis_method=BasisMethod.HIFO,
            reserve_usd=500.0,
            reserve_weight=0.02,
            wash_group="trust",
        ),
        Account(
            "401k Acme",
            TaxTreatment.TAX_DEFERRED,
            "Bob Miller",
            menu=frozenset({"VBTLX", "VTSAX"}),
            fractional=True,
            contribution_usd=1_000.0,
        ),
        Account(
            "Roth Ann",
            TaxTreatment.ROTH,
            "Ann Miller",
            counts_in_target=False,
            locked=True,
            inherited=True,
            rmd_usd=250.5,
            prior_year_end_usd=6_800.0,
        ),
    ),
    lots=(
        Lot("00123-4", "VTI", 400.0, 60_000.0, date(2016, 2, 1), lot_id="000017"),
        Lot("00123-4", "VTI", 100.5, 33_165.0, date(2026, 1, 15), source=LotSource.REINVESTED, reinvest=True),
        Lot("00123-4", "037833100", 25_000.0, None, None, Term.LONG, LotSource.INHERITED, locked=True),
        Lot("=HYPERLINK(A1)", "VEA", 300.0, 15_000.0, date(2025, 9, 1), min_hold=100.0, max_hold=900.0),
        Lot("401k Acme", "VBTLX", 5_000.0),
        Lot("Roth Ann", "BAL", 70.125, do_not_sell=True),
    ),
    securities=(
        Security("VTI", 300.0, (("US Stocks", 1.0),), "Vanguard Total Stock Market ETF", AS_OF, yield_rate=0.013,
                 qualified_share=0.95, replacement="ITOT", identical_group="US total", rank_taxable=1, rank_roth=0),
        Security("ITOT", 130.0, (("US Stocks", 1.0),), spread_bp=1.5, do_not_buy=True),
        Security("VEA", 50.0, (("Intl Stocks", 1.0),), expected_distribution_usd=0.31),
        Security("VBTLX", 9.7, (("Bonds", 1.0),), lot_size=0.0, redemption_fee=0.0025),
        Security("VTSAX", 140.0, (("US Stocks", 1.0),), lot_size=0.0, turnover_rate=0.001, growth_rate=0.05),
        Security("037833100", 98.25, (("Bonds", 1.0),), price_divisor=100.0, lot_size=1000.0, state_exempt_share=1.0),
        Security("BAL", 100.0, (("Bonds", 0.4), ("US Stocks", 0.6)), collectible=True, exempt_share=0.1, qbi_share=0.2,
                 rank_deferred=2),
    ),
    taxpayers=(
        TaxProfile("Millers", FilingStatus.MFJ, "CA", 2026, 210_000.0, 4_000.0, 120.0, 3_000.0, 30_000.0, 41_000.0,
                   22_000.0, 1, 0, -1_200.0, 800.0, 5_000.0, 7_500.0, 0.093, 0.093, 2_000.0, 30_000.0, 6_000.0,
                   0.22, 0.0, 260_000.0),
        TaxProfile("Miller Trust", FilingStatus.GRANTOR_TRUST, grantor="Millers"),
    ),
    recent_trades=(
        RecentTrade("Roth Ann", "VEA", date(2026, 4, 20), Side.BUY, 10.0, 49.5, None, True),
        RecentTrade("00123-4", "ITOT", date(2026, 4, 28), Side.SELL, 5.0, 128.0, -75.0),
    ),
    fills=(
        Fill("00123-4", "ITOT", Side.SELL, date(2026, 4, 28), 5.0, 128.0, "=lot", "9f2c41d07ab3"),
        Fill("401k Acme", "VBTLX", Side.BUY, date(2026, 4, 28), 12.345, 9.71),
    ),
)  # fmt: skip

POLICY = Policy(
    targets=(
        Target("US Stocks", 0.6, group="Equity"),
        Target("Intl Stocks", 0.1, BandType.ABSOLUTE, 0.02, 0.0175, 0.05, "Equity"),
        Target("Bonds", 0.25, BandType.FIVE_TWENTYFIVE),
        Target("Cash", 0.05, trigger=0.5, destination=0.0),
    ),
    as_of=AS_OF,
    method=Method.FULL,
    withdrawals=(
        Withdrawal(WithdrawalLevel.HOUSEHOLD, "", 8_000.0, date(2026, 6, 1)),
        Withdrawal(WithdrawalLevel.ACCOUNT, "00123-4", 2_500.0),
    ),
    my_trades=(
        TypedTrade("00123-4", "VTI", Side.SELL, 10.0, None, "000017"),
        TypedTrade("401k Acme", "VTSAX", Side.BUY, None, 1_400.0, keep=False),
    ),
    covariance=Covariance(
        ("US Stocks", "Intl Stocks", "Bonds"), ((0.0256, 0.02, 0.001), (0.02, 0.0324, 0.0015), (0.001, 0.0015, 0.0025))
    ),
    harvest_usd=1_000.0,
    firm="Oak & Elm Advisors",
    law_year=2026,
)

# Before: $150,000 of US stocks in VTI at $300 and $12,000 cash; sold: 40 old shares and the 100 newest.
# 40 × $300 = $12,000, cost 40/400 × $60,000 = $6,000, gain $6,000 long.
# 100 × $300 = $30,000, cost 100/100.5 × $33,165 = $33,000, loss $3,000 short, of which $600 is washed.
# Bought: 800 VEA at $50 = $40,000. Cash: 12,000 + 42,000 - 40,000 = $14,000, less $8,000 withdrawn = $6,000.
BEFORE_BILL = TaxBill(
    "Millers", FilingStatus.MFJ, 2026, True, -6_200.0, -6_700.0, -3_000.0, 215_000.0, 180_000.0, 30_000.0, 0.0, 0.0,
    9_000.0, 3_200.0, 6_700.0,
)  # fmt: skip
AFTER_BILL = TaxBill(
    "Millers", FilingStatus.MFJ, 2026, True, -8_600.0, -700.0, -3_000.0, 215_000.0, 180_000.0, 30_250.0, 12.5, 0.0,
    9_100.0, 5_600.0, 700.0,
)  # fmt: skip

PLAN = Plan(
    household="Miller & Sons",
    as_of=AS_OF,
    method=Method.OPPORTUNISTIC,
    trades=(
        Trade("00123-4", "VEA", Side.BUY, 800.0, 50.0, 40_000.0, reason="Intl Stocks was below its band.",
              cost_usd=10.0),
        Trade("00123-4", "VTI", Side.SELL, 140.0, 300.0, 42_000.0, False,
              "US Stocks was above its band; the newest lot is sold at a loss, which offsets the gain on the oldest.",
              362.5, 0.0, 10.0),
        Trade("401k Acme", "VTSAX", Side.BUY, 7.1429, 140.0, 1_000.0, reason="The contribution is invested.",
              cost_usd=10.0),
    ),
    lot_sales=(
        LotSale("00123-4", "VTI", "000017", date(2016, 2, 1), 40.0, 12_000.0, 6_000.0, Term.LONG, 6_000.0),
        LotSale("00123-4", "VTI", "VTI-2", date(2026, 1, 15), 100.0, 30_000.0, 33_000.0, Term.SHORT, -3_000.0, 600.0,
                200.0),
    ),
    tax=PlanTax((TaxChange(BEFORE_BILL, AFTER_BILL, -2_400.0, 6_000.0, 0.333, 0.243),)),
    before=Drift(
        200_000.0,
        (
            DriftLine("US Stocks", 150_000.0, 0.75, 0.6, 0.48, 0.72, 0.54, 0.66, "Equity"),
            DriftLine("Intl Stocks", 15_000.0, 0.075, 0.25, 0.2, 0.3, 0.225, 0.275, "Equity"),
            DriftLine("Bonds", 23_000.0, 0.115, 0.1, 0.08, 0.12, 0.09, 0.11),
            DriftLine("Cash", 12_000.0, 0.06, 0.05),
        ),
        0.175,
        0.0312,
        (
            ("00123-4", "US Stocks", 150_000.0),
            ("00123-4", "Cash", 12_000.0),
            ("401k Acme", "Bonds", 23_000.0),
            ("=HYPERLINK(A1)", "Intl Stocks", 15_000.0),
        ),
    ),
    after=Drift(
        193_000.0,
        (
            DriftLine("US Stocks", 109_000.0, 109 / 193, 0.6, 0.48, 0.72, 0.54, 0.66, "Equity"),
            DriftLine("Intl Stocks", 55_000.0, 55 / 193, 0.25, 0.2, 0.3, 0.225, 0.275, "Equity"),
            DriftLine("Bonds", 23_000.0, 23 / 193, 0.1, 0.08, 0.12, 0.09, 0.11),
            DriftLine("Cash", 6_000.0, 6 / 193, 0.05),
        ),
        0.0542,
        0.0098,
        (
            ("00123-4", "US Stocks", 108_000.0),
            ("00123-4", "Intl Stocks", 40_000.0),
            ("00123-4", "Cash", 6_000.0),
            ("401k Acme", "Bonds", 23_000.0),
            ("401k Acme", "US Stocks", 1_000.0),
            ("=HYPERLINK(A1)", "Intl Stocks", 15_000.0),
        ),
    ),
    cost_usd=392.5,
    bound_usd=381.3,
    cost_terms=(CostTerm("tax", 362.5), CostTerm("orders", 30.0)),
    relaxed=(
        Relaxation("Cash reserve of =HYPERLINK(A1)", 500.0, "The account holds no cash to keep.", "Lower its reserve."),
    ),
    notices=(Notice("wash sale", "Part of the loss on VTI is disallowed.", "00123-4", "VTI"),),
    wash_blocks=(
        WashBlock("VTI", "US total", "do not buy", date(2026, 6, 4), "100 shares are sold at a loss.",
                  ("00123-4", "401k Acme", "Roth Ann")),
    ),
    cash_after=(("00123-4", 6_000.0), ("401k Acme", 0.0), ("=HYPERLINK(A1)", 0.0)),
    withdrawals_paid=(("00123-4", 8_000.0),),
    fingerprint="9f2c41d07ab3",
    law_year=2026,
    law_estimate=True,
    comparisons=(
        Comparison("Account by account, each account's own lot method", 2_362.5, 2_500.0, 0.06, 7, 900.0, 300.0,
                   ("Bonds", "Intl Stocks"), ("wash sale",)),
        Comparison("Account by account, highest cost first (HIFO)", 262.5, 450.0, 0.06, 7),
    ),
    left_alone=(LeftAlone("Bonds", 0.2, 1_500.0, "Bonds stays at 20.00%: its lots are locked."),),
    waits=(
        Wait("00123-4", "VTI", "VTI-3", 12.5, 1_000.0, date(2026, 5, 14), 10, 90.0, False, "Held back for 10 days."),
    ),
)  # fmt: skip

# Before the plan and after it; a dollar a year over ten years at 5 % is worth $7.7217.
LOCATION = (
    LocationReport(
        200_000.0,
        2_400.0,
        1_500.0,
        2_700.0,
        10.0,
        7.7217,
        (
            LocationLine("00123-4", "US Stocks", 150_000.0, 127_000.0, 2_100.0),
            LocationLine("401k Acme", "Bonds", 23_000.0, 0.0, 0.0),
        ),
    ),
    LocationReport(
        193_000.0,
        2_000.0,
        1_500.0,
        2_500.0,
        10.0,
        7.7217,
        (
            LocationLine("00123-4", "Intl Stocks", 40_000.0, 17_000.0, 900.0),
            LocationLine("00123-4", "US Stocks", 108_000.0, 131_000.0, 1_100.0),
            LocationLine("401k Acme", "Bonds", 23_000.0, 0.0, 0.0),
        ),
        (
            LocationMove("00123-4", "Intl Stocks", ("VEA",), "401k Acme", "Bonds", ("VBTLX",), 23_000.0, 500.0,
                         3_860.85, 310.0),
        ),
    ),
)  # fmt: skip
