"""The Parkers' year: four plans in the log, one of them found twice, one dropped, one filled in part."""

from dataclasses import replace
from datetime import date, datetime

from rebal_xl.household import (
    Account,
    Against,
    Fill,
    Household,
    Lot,
    OrdinaryWay,
    RunEntry,
    RunOrder,
    Security,
    Side,
    TaxTreatment,
    Term,
)

NEW_YEARS_EVE = date(2026, 12, 31)
HOUSEHOLD = Household(
    name="Parker & Sons",
    accounts=(Account("Joint", TaxTreatment.TAXABLE), Account("IRA", TaxTreatment.TAX_DEFERRED)),
    lots=(Lot("Joint", "VTI", 80.0, 7_200.0, date(2019, 5, 6), lot_id="L9"), Lot("IRA", "BND", 100.0)),
    securities=(Security("VTI", 120.0, (("Stocks", 1.0),)), Security("BND", 50.0, (("Bonds", 1.0),))),
)


def run(day: date, fingerprint: str, status: str, **more: object) -> RunEntry:
    """A row of the log; what the page does not look at is the same in every one."""
    row = RunEntry(
        when=datetime(day.year, day.month, day.day, 9, 30),  # noqa: DTZ001 - Excel knows no time zones
        as_of=day,
        version="0.1.0",
        law="2026 law",
        method="Opportunistic",
        cost_usd=0.0,
        bound_usd=0.0,
        gap_usd=0.0,
        drift_before=0.08,
        drift_after=0.03,
        trades=2,
        fingerprint=fingerprint,
        status=status,
        proof="optimal",
        tax_usd=0.0,
    )
    return replace(row, **more)


def ordinary(own: tuple[float, float, float], hifo: tuple[float, float, float]) -> Against:
    """Tax, disallowed losses and later tax of both ordinary ways."""
    return Against("ordinary rebalancing", OrdinaryWay(*own), OrdinaryWay(*hifo))


# March: $8,000 of long gains at 15 %; account by account $20,000, and a loss of $2,000 washed.
MARCH = run(
    date(2026, 3, 2), "march", "done", tax_usd=1_200.0, long_gain_usd=8_000.0, losses_usd=500.0,
    against=ordinary((3_000.0, 2_000.0, 1_100.0), (1_500.0, 0.0, 180.0)),
    location_before_usd=900.0, location_after_usd=400.0,
)  # fmt: skip
# The same plan was found again an hour later, and marked done as well.
MARCH_AGAIN = replace(MARCH, when=datetime(2026, 3, 2, 10, 30), note="sent to Ana")  # noqa: DTZ001
# May: a harvest that the clients did not want.
MAY = run(
    date(2026, 5, 11), "may", "Dropped", method="Harvest", tax_usd=-2_400.0, losses_usd=10_000.0,
    against=Against("doing nothing", OrdinaryWay(0.0, 0.0, 900.0), OrdinaryWay(0.0, 0.0, 900.0)),
)  # fmt: skip
# August: 100 shares of VTI at $120, 60 of them with a long gain of $1,200, 40 with a short loss of $1,200; 240 BND.
AUGUST_ORDERS = (
    RunOrder("august", "Joint", Side.SELL, "VTI", 60.0, 120.0, 7_200.0, "L1", date(2020, 1, 6), Term.LONG, 6_000.0,
             0.0, 0.24, 0.15),
    RunOrder("august", "Joint", Side.SELL, "VTI", 40.0, 120.0, 4_800.0, "L2", date(2026, 2, 2), Term.SHORT, 6_000.0,
             0.0, 0.24, 0.15),
    RunOrder("august", "Joint", Side.BUY, "BND", 240.0, 50.0, 12_000.0),
)  # fmt: skip
# 15 % of 1,200 less 24 % of 1,200: -$108
AUGUST = run(
    date(2026, 8, 3), "august", "partly done", method="Full", tax_usd=-108.0, short_gain_usd=-1_200.0,
    long_gain_usd=1_200.0, losses_usd=1_200.0, against=ordinary((500.0, 800.0, 60.0), (200.0, 0.0, 20.0)),
    location_before_usd=400.0, location_after_usd=640.0, orders=AUGUST_ORDERS,
)  # fmt: skip
# October: the plan pays $300 more than the accounts' own methods, to come home from outside its bands.
OCTOBER = run(
    date(2026, 10, 5), "october", "done", tax_usd=700.0, short_gain_usd=1_000.0, long_gain_usd=3_000.0,
    losses_usd=250.0, disallowed_usd=100.0, against=ordinary((400.0, 0.0, -120.0), (650.0, 300.0, -10.0)),
)  # fmt: skip
LOG = (OCTOBER, AUGUST, MAY, MARCH_AGAIN, MARCH)
# Half of the sale at a dollar more, and 100 of 240 BND at ten cents more.
FILLS = (
    Fill("Joint", "VTI", Side.SELL, date(2026, 8, 4), 50.0, 121.0),
    Fill("Joint", "BND", Side.BUY, date(2026, 8, 4), 100.0, 50.10),
)
FILLED = replace(HOUSEHOLD, fills=FILLS)
