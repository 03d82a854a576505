"""Derive every fact of the security master's funds.csv that is not written by hand, and write the table.

    python -m tests.tools.make_security_master

By hand are symbol, name, kind and name_source in funds.csv, the facts of read documents in read.csv (fact, subject,
value, source), and sources.csv. A document's fact comes before the name's: it holds for the fund whose share class its
subject is, and the word `series` is the source where a share class takes a fact from another's name. "definition" rows
say what an index covers; a class that follows from such an index has that document as its source.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.tools import master_rules as rules

FOLDER = Path(__file__).parents[2] / "rebal_xl" / "measure" / "security_master"
TABLE = FOLDER / "funds.csv"
COLUMNS = (
    *("symbol", "name", "kind", "name_source", "issuer", "class", "class_source", "fund", "fund_source"),
    *("index", "index_source", "replacement", "collectible"),
)
Row = dict[str, str]


class Read(NamedTuple):
    """One fact that a document states."""

    fact: str
    subject: str
    value: str
    source: str


def table(path: Path) -> list[Row]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_facts() -> list[Read]:
    """The facts of read.csv."""
    return [Read(row["fact"], row["subject"], row["value"], row["source"]) for row in table(FOLDER / "read.csv")]


def derived(rows: Iterable[Row], facts: Iterable[Read]) -> list[Row]:
    """The whole table, from names and read facts."""
    found = {row["symbol"]: {**dict.fromkeys(COLUMNS, ""), **_by_hand(row)} for row in rows}
    facts = list(facts)
    told = {(fact.fact, fact.subject): fact for fact in facts}
    for symbol, row in found.items():
        of_fund = told.get(("fund", symbol))
        row["issuer"] = rules.issuer_of(row["name"])
        row["fund"] = of_fund.value if of_fund else rules.fund_of(row["name"])
        row["fund_source"] = of_fund.source if of_fund else "series"
        row["collectible"] = "yes" if rules.collectible(row["name"]) else ""
    for symbols in rules.symbols_of({symbol: row["fund"] for symbol, row in found.items()}).values():
        family = [found[symbol] for symbol in symbols]
        for fact in ("class", "index"):
            _fill(family, fact, told)
    _replace(found)
    return [found[symbol] for symbol in sorted(found)]


def _by_hand(row: Row) -> Row:
    return {column: row[column] for column in ("symbol", "name", "kind", "name_source")}


def _fill(family: list[Row], fact: str, told: dict[tuple[str, str], Read]) -> None:
    """One fact of all share classes of a fund; raises ValueError where two of them say different things."""
    documents = [told[fact, row["symbol"]] for row in family if (fact, row["symbol"]) in told]
    said = {row["symbol"]: _of_name(row["name"], fact, told) for row in family}
    values = {each.value for each in documents} or {each.value for each in said.values() if each.value}
    if len(values) > 1:
        raise ValueError(f"{family[0]['fund']}: {fact} is {' and '.join(sorted(values))}")
    if not values:
        return
    value = values.pop()
    for row in family:
        own = said[row["symbol"]]
        row[fact] = value
        row[f"{fact}_source"] = documents[0].source if documents else own.source if own.value else "series"


def _of_name(name: str, fact: str, told: dict[tuple[str, str], Read]) -> rules.Said:
    if fact == "index":
        index = rules.index_of(name)
        return rules.Said(index, "name") if index else rules.BLANK
    said = rules.class_of(name)
    if not said.source.startswith("index: "):
        return said
    return rules.Said(said.value, told["definition", said.source.removeprefix("index: ")].source)


def _replace(found: dict[str, Row]) -> None:
    candidates = {
        symbol: rules.Candidate(
            symbol, row["issuer"], row["kind"], row["class"], row["index"], rules.leans(row["name"])
        )
        for symbol, row in found.items()
    }
    for symbol, row in found.items():
        row["replacement"] = rules.replacement(candidates[symbol], candidates.values())


def main() -> int:
    """Write funds.csv anew."""
    rows = derived(table(TABLE), read_facts())
    with TABLE.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} symbols, {sum(bool(row['class']) for row in rows)} with a class")
    return 0


if __name__ == "__main__":
    sys.exit(main())
