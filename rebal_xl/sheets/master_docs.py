"""The page of the security master in Markdown, generated from its tables.

`python -m rebal_xl.sheets.master_docs docs/security-master.md` writes it.
"""

import sys
from collections import Counter
from collections.abc import Callable

from rebal_xl.measure.security_master import (
    ASSUMPTION,
    DOCUMENT,
    LISTED,
    NAME,
    RULE,
    SERIES,
    KnownFund,
    SecurityMaster,
    security_master,
)
from rebal_xl.sheets.markdown import table_of, write_page

INTRODUCTION = """\
# Security master

Name and issuer of {count} US funds and ETFs come along, edition of {day}, and of {classed} of them the asset class or
mix. A symbol that Holdings names and Securities leaves blank takes them from here, each with a notice in Checks that
names its source. This page is generated from the master's tables.

## Kinds of source

{kinds}
- A blank means that no source says it. A symbol without a class is known by name only, and its class is asked for at
  the door. One without an index gets no replacement and is proposed for none. A blank is no statement that a fund
  tracks no index.
- No fact was compared with an issuer's current page. Funds change their index and their name: what matters is worth a
  look at the fund's own page, and your Securities come before the master.
- What a document says of one share class holds for the whole fund.

## How many facts by kind of source

{facts}
A fund of a single symbol counts under series. Issuers, kinds (fund or ETF) and names follow the list or the document
of the name. Replacements ({replaced} symbols) are proposals by rule, no facts. Gold and silver trusts ({metal})
are taken for collectibles by their name.

## What is filled in

{fills}
A blank Replacement or Whole Shares of a symbol that Securities describes keeps the meaning it has in the [workbook
reference](workbook-reference.md).

## How it is overridden

- What the workbook says comes first, cell by cell: Holdings over ClassMix, ClassMix over Securities, Securities over
  the master. A share class without a class is taken like the fund's other share class that has one.
- A word of your own under Identical Group takes the fund's other share classes in, where their cells are blank.
- The setting `Security Master` No switches all of it off.
- `rebal-xl security VTI` shows what is known of a symbol, and each fact's source.

## How its classes become yours

The master calls a fund US Large Growth or Total International Stock. Among your targets it looks for the same words,
then for the only class that the [capital-market assumptions](capital-market-assumptions.md) take for the same, then for
a wider class (US Bonds for TIPS, International for emerging markets). Where several would do, it asks. Where none does,
the fund keeps the master's word, and Checks says that the class has no target. A total-market fund goes whole into
US Large Cap if that is the nearest; the notice says so, and rows in ClassMix look through it instead.
Yields are never part of the master: they come from your Assumptions, by class.

## Rules

- **Class by name**: the words of the name decide: Treasury, municipal, inflation-protected, small cap, emerging
  markets, international. A name without a size is US Stock or International Stock. A single foreign country or region
  is International Stock. A sector whose name has no country is blank, as are names that tell nothing (Contrafund) and
  funds of several classes without a read mix. An index in the name decides where a document says what it covers.
- **Index by name**: only where the name, without issuer and share class, is an index's name and nothing more.
- **Identical**: share classes of one fund: their names differ in the share class alone, or a document says so (VOO and
  VFIAX). Funds of different issuers that track one index are not put together: there is no ruling, and it is your
  decision ([tax assumptions](tax-assumptions-and-limits.md)).
- **Replacement**: a symbol of the same class, of another issuer, that tracks another index, both indexes known; no
  fund of a sector, a factor, a dividend or a weighting of its own. Of several, the same kind (ETF or mutual fund) comes
  first, then the alphabet.
- **Mixes**: only what a document states, with its day. Target-date funds have none: their mix moves, and is asked for.
- No price is in the master.

"""

# Blank in the workbook, what is filled in, whether a notice says so.
FILLS = (
    (
        "class of a symbol, in Holdings, ClassMix and Securities alike",
        "its class, in the words of Targets; a balanced fund's mix",
        "yes",
    ),
    ("Name", "the fund's name", "no"),
    (
        "Identical Group",
        "one group for the share classes of one fund, if the household holds, describes or lately traded two of them",
        "yes",
    ),
    ("price of a money-market fund", "a dollar", "yes"),
    ("Collectible", "Yes for trusts named after gold or silver", "yes"),
    (
        "everything, where Securities has no row",
        "also: mutual funds trade in fractions; the replacement, if the household has it; what counts as Cash is not "
        "bought",
        "no",
    ),
)
KINDS = (
    (LISTED, "symbol, name, fund or ETF, and family as a public list of US funds has them on the day of the list"),
    (NAME, "what the fund's registered name on that list says, by fixed rules that a test applies again to every name"),
    (SERIES, "names of that list that differ in the share class alone: one fund, and what the name of one class says"),
    (DOCUMENT, "a stored copy of a page or filing, in which the fact was read; title, address and date are below"),
    (ASSUMPTION, "the name says what the fund holds and names no country: taken to be US"),
    (RULE, "a proposal that follows from other facts: replacements"),
)
FACTS: tuple[tuple[str, Callable[[KnownFund], str]], ...] = (
    ("Symbol, name, issuer", lambda fund: fund.name_source),
    ("Class", lambda fund: fund.class_source),
    ("Index", lambda fund: fund.index_source),
    ("Fund (share-class family)", lambda fund: fund.fund_source),
)


def security_master_page() -> str:
    """The whole page."""
    master = security_master()
    funds = list(master.funds.values())
    head = INTRODUCTION.format(
        count=len(funds),
        day=f"{master.date:%m/%d/%Y}",
        classed=sum(1 for fund in funds if master.parts(fund)),
        kinds=table_of(("Kind", "What it is"), KINDS),
        facts=_facts(master, funds),
        replaced=sum(1 for fund in funds if fund.replacement),
        metal=", ".join(fund.symbol for fund in funds if fund.collectible),
        fills=table_of(("Blank in the workbook", "Filled in", "Notice"), FILLS),
    )
    return (head + _counts(master, funds) + _sources(master) + "\n" + _mixes(master)).rstrip() + "\n"


def _facts(master: SecurityMaster, funds: list[KnownFund]) -> str:
    """How many facts there are by kind of source, and how many are blank."""
    kinds = (LISTED, NAME, SERIES, DOCUMENT, ASSUMPTION)
    rows = []
    for label, source_of in FACTS:
        counted = Counter(master.kind_of(source_of(fund)) for fund in funds)
        rows.append((label, *(str(counted[kind]) for kind in kinds), str(counted[""])))
    mixed = sum(1 for fund in funds if not fund.asset_class and master.parts(fund))
    rows.append(("Mix", "0", "0", "0", str(mixed), "0", str(sum(1 for fund in funds if not master.parts(fund)))))
    return table_of(("Fact", *kinds, "blank"), rows)


def _counts(master: SecurityMaster, funds: list[KnownFund]) -> str:
    issuers = Counter(fund.issuer for fund in funds)
    classed = Counter(fund.issuer for fund in funds if master.parts(fund))
    indexed = Counter(fund.issuer for fund in funds if fund.index_tracked)
    replaced = Counter(fund.issuer for fund in funds if fund.replacement)
    names = [*sorted(issuers, key=lambda name: (-issuers[name], name)), None]
    rows = [
        (
            name or "All",
            *(str(count.total() if name is None else count[name]) for count in (issuers, classed, indexed, replaced)),
        )
        for name in names
    ]
    head = ("Issuer", "Symbols", "With class or mix", "With index", "With replacement")
    return "## What is in it\n\n" + table_of(head, rows) + "\n" + _classes(funds) + "\n"


def _classes(funds: list[KnownFund]) -> str:
    counted = Counter(fund.asset_class for fund in funds if fund.asset_class)
    return table_of(("Class", "Symbols"), [(name, str(counted[name])) for name in sorted(counted)])


def _sources(master: SecurityMaster) -> str:
    """Every document, with the day that it bears and the day it was read."""
    rows = [
        (
            each.title,
            each.address,
            f"{each.dated:%m/%d/%Y}" if each.dated else "",
            f"{each.read:%m/%d/%Y}",
        )
        for each in master.sources.values()
        if each.kind in (LISTED, DOCUMENT)
    ]
    head = (
        "## Sources\n\nDated is the day that the document itself bears, blank where it bears none. What each of them\n"
        "says is in `rebal_xl/measure/security_master/read.csv`. Names and kinds were compared, symbol by symbol,\n"
        "with the list; `checked.toml` beside it has the record.\n\n"
    )
    return head + table_of(("Document", "Address", "Dated", "Read"), rows)


def _mixes(master: SecurityMaster) -> str:
    rows = [
        (
            name,
            ", ".join(f"{weight * 100:.4g} % {part}" for part, weight in mix.parts),
            f"{mix.as_of:%m/%d/%Y}",
            "; ".join(master.sources[source].title for source in mix.sources),
        )
        for name, mix in sorted(master.mixes.items())
    ]
    return "## Mixes\n\n" + table_of(("Fund", "Mix", "As of", "Source"), rows)


if __name__ == "__main__":
    sys.exit(write_page(sys.argv[1:], security_master_page, "docs/security-master.md"))
