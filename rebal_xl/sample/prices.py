"""Made-up prices for the sample household: one path per kind of asset, scaled to each symbol's price of the day.

Symbols of one path move together, so lots bought on the same day agree, and a fund's share classes stay in
proportion. No figure here is a quote; the shapes only resemble the markets. Plain + - * / on floats and the
Mersenne Twister give the same cents on every machine.
"""

from bisect import bisect_right
from datetime import date
from functools import cache
from random import Random

AS_OF = date(2026, 11, 20)
SEED = 1091
# a day's price strays at most this share from the straight line between two anchors
DAILY_STRAY = 0.012

# Price levels in any unit: only their ratio to the last row counts.
_ANCHORS = """
date        large  small  devel  emerg  reit   bond   muni   tips   hiyld  intlb  blend  aapl   msft   jnj    ust
2009-03-02    40     21    26.0   24.0   25.0   77.0   46.0   22.5   30.0   47.0    9.0    3.2   16.0   48.0   96.0
2012-01-03    66     32    31.0   39.0   59.0   83.0   49.5   26.5   37.0   49.0   12.0   14.7   26.8   65.0   98.0
2014-01-02    93     47    41.0   40.0   65.0   80.0   48.0   26.0   39.5   50.0   15.0   19.8   37.0   92.0   97.0
2016-01-04   102     46    35.5   31.0   78.0   81.0   51.5   26.5   36.0   53.0   15.2   26.3   54.8  101.0   99.0
2018-01-02   139     66    46.0   47.0   80.0   81.4   51.6   27.5   40.0   54.5   18.3   43.0   86.0  139.0   98.0
2019-01-02   128     58    38.5   39.0   75.0   79.4   51.0   26.6   37.5   54.5   16.9   39.5  101.0  127.0   98.5
2020-02-03   167     71    43.5   43.0   95.0   85.2   54.4   28.8   41.2   57.3   20.4   77.0  174.0  149.0  104.0
2020-03-23   114     43    29.5   30.0   60.0   83.0   51.0   27.8   31.5   55.0   15.6   56.0  136.0  111.0  106.0
2021-01-04   192     89    48.0   52.0   84.0   88.0   55.2   31.0   41.2   58.4   23.5  129.0  218.0  156.0  108.0
2022-01-03   240     98    51.5   49.0  114.0   84.4   54.8   31.2   40.6   55.1   25.2  182.0  335.0  171.0  105.0
2022-10-14   180     74    37.0   36.0   78.0   70.0   47.6   25.6   33.6   46.8   19.4  139.0  229.0  165.0   98.0
2023-07-03   221     88    47.0   42.0   84.0   72.4   50.2   26.0   35.4   48.6   22.3  192.0  338.0  165.0  101.5
2024-01-02   235     91    47.5   41.0   87.0   73.2   51.0   26.2   36.4   49.2   23.0  186.0  371.0  160.0  100.4
2024-07-01   268     93    49.5   44.0   85.0   72.4   50.0   25.9   36.4   48.7   24.3  217.0  457.0  146.0   98.2
2025-01-02   290     99    48.0   44.0   89.0   72.2   50.2   26.0   36.9   49.1   25.1  244.0  419.0  144.0   97.6
2025-04-08   247     80    46.0   41.0   82.0   73.0   48.4   26.4   35.7   48.9   22.9  172.0  355.0  151.0  100.1
2025-07-01   305     94    57.0   50.0   90.0   73.4   49.0   26.7   37.4   49.2   27.0  208.0  492.0  153.0  100.3
2025-11-03   331    103    61.0   54.0   90.0   74.4   50.5   27.0   37.7   49.3   28.7  269.0  517.0  187.0  101.9
2026-02-17   346    113    68.5   59.0   95.0   74.2   50.9   26.9   37.9   48.9   30.2  262.0  498.0  214.0  101.6
2026-05-15   335    107    66.5   55.5   93.0   73.0   50.0   26.8   37.3   48.5   29.4  275.0  481.0  209.0  100.2
2026-08-14   362    112    64.5   53.0   96.0   73.6   50.3   26.9   37.6   48.7   30.1  294.0  527.0  212.0  100.9
2026-10-15   366    113    62.5   51.0   94.0   74.0   50.5   26.9   37.6   48.8   30.1  299.0  534.0  216.0  101.2
2026-11-20   358    110    61.0   49.5   92.5   73.7   50.3   26.8   37.4   48.6   29.6  291.0  522.0  219.0  100.9
"""


@cache
def _paths() -> tuple[tuple[date, ...], dict[str, tuple[float, ...]]]:
    header, *rows = (line.split() for line in _ANCHORS.strip().splitlines())
    days = tuple(date.fromisoformat(row[0]) for row in rows)
    levels = {name: tuple(float(row[place]) for row in rows) for place, name in enumerate(header) if place}
    return days, levels


def relative_level(path: str, day: date) -> float:
    """A path's level on a day as a multiple of its level on the as-of date.

    Raises ValueError for a day before the first anchor or after the as-of date.
    """
    days, levels = _paths()
    if not days[0] <= day <= AS_OF:
        raise ValueError(f"No sample price for {day}: prices run from {days[0]} to {AS_OF}.")
    known = levels[path]
    if day == AS_OF:
        return 1.0
    after = bisect_right(days, day)
    before = after - 1
    share = (day - days[before]).days / (days[after] - days[before]).days
    straight = known[before] + share * (known[after] - known[before])
    stray = (2.0 * Random(f"{SEED} {path} {day.isoformat()}").random() - 1.0) * DAILY_STRAY
    return straight * (1.0 + stray) / known[-1]


def price_on(path: str, price_now: float, day: date) -> float:
    """Sample price of a security on a day, dollars and cents, from its path and its price on the as-of date."""
    return round(price_now * relative_level(path, day), 2)
