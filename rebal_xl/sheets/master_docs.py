"""The page of the security master in Markdown, generated from its tables.

`python -m rebal_xl.sheets.master_docs docs/security-master.md` writes it.
"""

import sys
from collections import Counter

from rebal_xl.measure.security_master import KnownFund, SecurityMaster, security_master
from rebal_xl.sheets.markdown import table_of, write_page

INTRODUCTION = """\
# Security master

Class or mix, name, issuer, index, share classes and usual replacement of {count} US funds and ETFs come along, edition
of {day}. A symbol that Holdings names and Securities leaves blank takes them from here, each with a notice in Checks:
a list of positions with prices is enough to start. This page is generated from the master's tables.

## What is filled in

{fills}
A blank Replacement or Whole Shares of a symbol that Securities describes keeps the meaning it has in the [workbook
reference](workbook-reference.md).

## How it is overridden

- What the workbook says comes first, cell by cell: Holdings over ClassMix, ClassMix over Securities, Securities over
  the master. A share class without a class is taken like the fund's other share class that has one.
- A word of your own under Identical Group takes the fund's other share classes in, where their cells are blank.
- The setting `Security Master` No switches all of it off.
- `rebal-xl security VTI` shows what is known of a symbol.

## How its classes become yours

The master calls a fund US Large Growth or Total International Stock. Among your targets it looks for the same words,
then for the only class that the [capital-market assumptions](capital-market-assumptions.md) take for the same, then for
a wider class (US Bonds for TIPS, International for emerging markets). Where several would do, it asks. Where none does,
the fund keeps the master's word, and Checks says that the class has no target. A total-market fund goes whole into
US Large Cap if that is the nearest; the notice says so, and rows in ClassMix look through it instead.
Yields are never part of the master: they come from your Assumptions, by class.

## Rules

- **Identical**: share classes of one fund (the same series at the SEC), a Vanguard ETF and the mutual fund it is a
  class of among them. Funds of different issuers that track one index are not put together: there is no ruling, and it
  is your decision ([tax assumptions](tax-assumptions-and-limits.md)).
- **Replacement**: a symbol of the same class, of another fund that tracks another index, both indexes known.
- **Mixes**: the percentages that a prospectus states, with its day. Funds on a glide path have none where the
  percentages moved since: their symbols are known, and their mix is asked for.
- What no source says is blank, and is asked for. No price is in the master.

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
    ("Collectible", "Yes for trusts that hold gold or silver", "yes"),
    (
        "everything, where Securities has no row",
        "also: mutual funds trade in fractions; the replacement, if the household has it; what counts as Cash is not "
        "bought",
        "no",
    ),
)

SOURCES_NOTE = """\
## Sources

Facts are as the source had them on the day beside it. They were not read again for this edition, and funds change their
index and their name: what matters is worth a look at the fund's own page. Symbols and names were also compared, one by
one, with a public list of US funds and ETFs (`rebal_xl/measure/security_master/checked.toml` has the record).

"""


def security_master_page() -> str:
    """The whole page."""
    master = security_master()
    funds = list(master.funds.values())
    fills = table_of(("Blank in the workbook", "Filled in", "Notice"), FILLS)
    head = INTRODUCTION.format(count=len(funds), day=f"{master.date:%m/%d/%Y}", fills=fills)
    return (head + _counts(master, funds) + SOURCES_NOTE + _sources(master) + "\n" + _mixes(master)).rstrip() + "\n"


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
    rows = [
        (each.publisher, each.document, each.site, f"{each.known_as_of:%m/%d/%Y}") for each in master.sources.values()
    ]
    return table_of(("Publisher", "Document", "Where", "Known as of"), rows)


def _mixes(master: SecurityMaster) -> str:
    rows = [
        (
            name,
            ", ".join(f"{weight * 100:.4g} % {part}" for part, weight in mix.parts),
            f"{mix.as_of:%m/%d/%Y}",
        )
        for name, mix in sorted(master.mixes.items())
    ]
    return "## Mixes\n\n" + table_of(("Fund", "Mix", "As of"), rows)


if __name__ == "__main__":
    sys.exit(write_page(sys.argv[1:], security_master_page, "docs/security-master.md"))
