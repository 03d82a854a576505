"""Check every symbol, name, kind and issuer of the security master against a list of US funds; record what was found.

    python -m tests.tools.check_security_master us_funds_reference.csv 2026-08-31

The list is a CSV file with the columns symbol, kind, name and family; it is not part of the project. The record,
rebal_xl/measure/security_master/checked.toml, holds the hash of the tables that were checked, so that a test can tell
when a table changed and was not checked again.
"""

import csv
import hashlib
import json
import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "rebal_xl" / "measure" / "security_master"
TABLE, RECORD = FOLDER / "funds.csv", FOLDER / "checked.toml"
TABLES = ("funds.csv", "mixes.csv", "read.csv", "sources.csv")
# Words that one source writes and another leaves out. Classes of shares (Admiral, A) are no such words.
SILENT = frozenset({"fund", "funds", "share", "shares", "class", "the", "portfolio", "inc", "trust"})
KINDS = {"ETF": "ETF", "Fund": "mutual fund"}
# The list's family -> our name of the issuer; "" where the list names none.
FAMILIES = {
    "": "",
    "American Investments": "American Funds (Capital Group)",
    "Avantis Investors": "Avantis",
    "BlackRock Asset Management": "iShares (BlackRock)",
    "Dimensional Fund Advisors": "Dimensional",
    "Dodge & Cox": "Dodge & Cox",
    "Fidelity Investments": "Fidelity",
    "Invesco Investment Management": "Invesco",
    "JPMorgan Asset Management": "JPMorgan",
    # of SPDR Nuveen funds the list names either partner
    "Nuveen": "State Street",
    "PIMCO": "PIMCO",
    "PIMCO Global Advisors": "PIMCO",
    "Schwab ETFs": "Schwab",
    "Schwab Funds": "Schwab",
    "State Street Global Advisors": "State Street",
    "T. Rowe Price": "T. Rowe Price",
    "Vanguard Asset Management": "Vanguard",
}


class Found(NamedTuple):
    """What a comparison found, symbols in order."""

    same: list[str]
    absent: list[str]
    differ: list[str]


def words(name: str) -> list[str]:
    """What a name says, without case, punctuation and words that say nothing."""
    text = name.casefold().replace("&", " and ").replace("u.s.", "us").replace("$", " usd ")
    return sorted(word for word in re.sub(r"[^a-z0-9]+", " ", text).split() if word not in SILENT)


def fingerprint() -> str:
    """Hash of the tables' bytes."""
    return hashlib.sha256(b"".join((FOLDER / name).read_bytes() for name in TABLES)).hexdigest()


def compare(ours: Mapping[str, dict[str, str]], listed: Mapping[str, dict[str, str]]) -> Found:
    """Symbols that agree with the list in name, kind and issuer, that it does not have, and that differ from it."""
    absent = sorted(symbol for symbol in ours if symbol not in listed)
    known = [symbol for symbol in sorted(ours) if symbol in listed]
    same = [symbol for symbol in known if _agrees(ours[symbol], listed[symbol])]
    return Found(same, absent, sorted(set(known) - set(same)))


def _agrees(own: Mapping[str, str], listed: Mapping[str, str]) -> bool:
    return (
        words(own["name"]) == words(listed["name"])
        and own["kind"] == KINDS[listed["kind"]]
        and FAMILIES[listed["family"]] in ("", own["issuer"])
    )


def rows(path: Path) -> dict[str, dict[str, str]]:
    """Rows of a CSV file by symbol."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["symbol"]: row for row in csv.DictReader(lines)}


def record(reference: Path, reference_date: date) -> int:
    """Write the record; the number of symbols that differ, or that neither the list nor a document names."""
    ours = rows(TABLE)
    same, absent, differ = compare(ours, rows(reference))
    unnamed = [symbol for symbol in absent if ours[symbol]["name_source"] == "list"]
    for symbol in (*differ, *unnamed):
        print(f"{symbol}: {ours[symbol]['name']} is not so in the list")
    if not differ and not unnamed:
        RECORD.write_text(
            "# What tests/tools/check_security_master.py found; written by it.\n"
            f'tables_sha256 = "{fingerprint()}"\n'
            f'reference = "FinanceDatabase, US funds and ETFs"\nreference_date = {reference_date.isoformat()}\n'
            f"symbols = {len(ours)}\n# name, fund or ETF, and family\nagree = {len(same)}\n"
            "# not in that list, which has hardly any money-market fund; a document names them\n"
            f"not_listed = {json.dumps(absent)}\n",
            encoding="utf-8",
        )
        print(f"{len(same)} agree, {len(absent)} are not listed")
    return len(differ) + len(unnamed)


if __name__ == "__main__":
    sys.exit(min(record(Path(sys.argv[1]), date.fromisoformat(sys.argv[2])), 1))
