"""Check every symbol and name of the security master against a list of US funds, and record what was found.

    python -m tests.tools.check_security_master us_funds_reference.csv 2026-08-31

The list is a CSV file with the columns symbol and name; it is not part of the project. The record,
rebal_xl/measure/security_master/checked.toml, holds the hash of the table that was checked, so that a test can tell
when the table changed and was not checked again.
"""

import csv
import hashlib
import json
import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "rebal_xl" / "measure" / "security_master"
TABLE, RECORD = FOLDER / "funds.csv", FOLDER / "checked.toml"
# Words that one source writes and another leaves out. Classes of shares (Admiral, A) are no such words.
SILENT = frozenset({"fund", "funds", "share", "shares", "class", "the", "portfolio", "inc", "trust"})
# Symbols whose name in the list is known to be another one, and why ours is right.
DIFFER = {
    **dict.fromkeys(
        ("BIL", "BILS", "BWX", "BWZ", "HYMB", "JNK", "SHM", "SJNK", "TFI"),
        "the list has the name before the index family was renamed from Bloomberg Barclays to Bloomberg",
    ),
    "VFSAX": "the list spells out Small Capital",
    "VIHAX": "the list leaves out Index",
}


def words(name: str) -> list[str]:
    """What a name says, without case, punctuation and words that say nothing."""
    text = name.casefold().replace("&", " and ").replace("u.s.", "us").replace("$", " usd ")
    return sorted(word for word in re.sub(r"[^a-z0-9]+", " ", text).split() if word not in SILENT)


def fingerprint() -> str:
    """Hash of the table's bytes."""
    return hashlib.sha256(TABLE.read_bytes()).hexdigest()


def compare(ours: Mapping[str, str], reference: Mapping[str, str]) -> tuple[list[str], list[str], list[str]]:
    """Symbols whose name agrees, that the list does not have, and whose name differs."""
    absent = sorted(symbol for symbol in ours if symbol not in reference)
    known = [symbol for symbol in sorted(ours) if symbol in reference]
    same = [symbol for symbol in known if words(ours[symbol]) == words(reference[symbol])]
    return same, absent, sorted(set(known) - set(same))


def names(path: Path) -> dict[str, str]:
    """Symbol -> name of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["symbol"]: row["name"] for row in csv.DictReader(lines)}


def record(reference: Path, reference_date: date) -> int:
    """Write the record; the number of names that differ without a known reason."""
    same, absent, differ = compare(names(TABLE), names(reference))
    unexplained = [symbol for symbol in differ if symbol not in DIFFER]
    for symbol in unexplained:
        print(f"{symbol}: {names(TABLE)[symbol]} / {names(reference)[symbol]}")
    if not unexplained:
        text = (
            "# What tests/tools/check_security_master.py found; written by it.\n"
            f'table_sha256 = "{fingerprint()}"\n'
            f'reference = "FinanceDatabase, US funds and ETFs"\nreference_date = {reference_date.isoformat()}\n'
            f"symbols = {len(same) + len(absent) + len(differ)}\nnames_agree = {len(same)}\n"
            "# not in that list, which has hardly any money-market fund\n"
            f"not_listed = {json.dumps(absent)}\n\n# the list has another name\n[names_differ]\n"
        )
        RECORD.write_text(
            text + "".join(f"{symbol} = {json.dumps(DIFFER[symbol])}\n" for symbol in differ), encoding="utf-8"
        )
        print(f"{len(same)} names agree, {len(differ)} differ for a known reason, {len(absent)} are not listed")
    return len(unexplained)


if __name__ == "__main__":
    sys.exit(min(record(Path(sys.argv[1]), date.fromisoformat(sys.argv[2])), 1))
