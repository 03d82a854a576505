"""docs/proof.md: the recorded figures of the proofs, and whether they are of the source in hand.

    python -m tests.tools.proof_page

writes the page from docs/proof/*.json and says which figures are stale: recorded with another source of
`rebal_xl/optimize` and `rebal_xl/tax` than there is now. `install/dev.py proof` records them anew and then does this.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "proof.md"
RECORDS = ROOT / "docs" / "proof"
# What the proofs are about.
PROVEN = ("rebal_xl/optimize", "rebal_xl/tax")
KINDS = (".py", ".toml")

INTRODUCTION = """\
# Proof

What is checked about plans beyond ordinary tests, on which households, and what came out. All figures are of single
rebalances of synthetic households, drawn from a seed; none is a forecast or a yearly return. This page is made from
`docs/proof/*.json`:

    python3 install/dev.py proof                                             # all proofs, hours
    python3 install/dev.py proof tests/optimize/test_proof_second_model.py   # the second model alone
    python -m tests.tools.proof_page                                         # this page

A figure is *current* when `rebal_xl/optimize` and `rebal_xl/tax` are byte for byte what they were when it was
recorded, else **stale**: then the run that gave it was of another version. Every change draws a sample in CI.
"""
SECOND_MODEL = """\
## A second model, for another solver

A second model of the whole problem, written apart and without a line of the product, is solved by SCIP, starting from
the product's plan, a minute a household when the proof is run in full. It has other tax rows (the year's tax as tables
of its net gain, every sign case a choice), other wash-sale rows (shares matched in the order of the law), and its own
reading of household, law and rules. First orders are divisible; where that comes out below the bound, shares are whole.
The households have every rule at once (`tests/optimize/crowded.py`).

- **Below the bound**: households for which SCIP found a plan more than a dollar below the product's bound. Should be 0.
- **Proved**: households for which SCIP came to an end, so that no plan at all lies below the bound. For the others it
  found none in its time, which proves nothing.
- **Broke down**: households on which SCIP was killed or hung (the version used spoils its memory now and then), so that
  it searched again without its heuristics.
- **Disagreement**: the largest difference between the product's cost of its plan and the second model's.
"""
NAIVE = """\
## Beside plans made by simple rules

Plans made without an optimizer for the same households, judged by the second model: do they keep the rules that never
give way (wash-sale blocks, minimum trade, menus, caps, ...)? Those that do cost never less than the bound. Their cost
includes the prices of rules that give way, so the difference is no tax saving.
"""


def source_hash() -> str:
    """SHA-256 of what the proofs are about, names and contents."""
    digest = hashlib.sha256()
    for folder in PROVEN:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in KINDS:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def records() -> dict[str, dict[str, Any]]:
    """The recorded figures by name."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDS.glob("*.json"))}


def state(record: Mapping[str, Any], source: str) -> str:
    """Whether figures are of this source."""
    return "current" if record.get("source_sha256") == source else "stale"


def page(found: Mapping[str, Mapping[str, Any]], source: str) -> str:
    """The page."""
    parts = [INTRODUCTION]
    for name, text, table in (("second-model", SECOND_MODEL, _second_model), ("naive-plans", NAIVE, _naive)):
        if name in found:
            parts.append(f"{text}\n{_status(found[name], source)}\n\n{table(found[name])}\n")
    others = [name for name in sorted(found) if name not in ("second-model", "naive-plans")]
    if others:
        parts.append("## Other records\n")
        parts += [f"{name}: {_status(found[name], source)}\n\n{_plain(found[name])}\n" for name in others]
    if not found:
        parts.append("No full run is recorded yet.\n")
    return "\n".join(parts)


def _status(record: Mapping[str, Any], source: str) -> str:
    told = state(record, source)
    mark = f"**{told}**" if told == "stale" else told
    seed = f"seed {record['seed']}, " if "seed" in record else ""
    return f"Figures: {mark} ({seed}source {str(record.get('source_sha256'))[:12]})."


def _second_model(record: Mapping[str, Any]) -> str:
    rows = [
        "| households | lots | SCIP's limit | below the bound | proved | broke down | disagreement "
        "| gap, median (largest) | our time | SCIP's |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for figures in record["sizes"].values():
        rows.append(
            f"| {figures['households']} | {figures['lots_median']:,.0f} | {figures['search_seconds']:.0f} s "
            f"| {figures['below_bound']} | {figures['scip_proved']} | {figures['scip_broke_down']} "
            f"| ${figures['largest_disagreement_usd']:,.2f} "
            f"| ${figures['gap_usd_median']:,.2f} (${figures['gap_usd_largest']:,.2f}) "
            f"| {figures['seconds_median']:.1f} s | {figures['scip_seconds_median']:.1f} s |"
        )
    return "\n".join(
        [
            *rows,
            "",
            "Times are medians on a shared machine with two cores; SCIP's and its limit are of the processor. In "
            "full: twenty households a size, 60 s a search.",
        ]
    )


def _naive(record: Mapping[str, Any]) -> str:
    rows = [
        "| way | plans | keep the rules | cheaper than the bound | cost more, median (least) |",
        "|---|---|---|---|---|",
    ]
    for name, figures in record["ways"].items():
        more = "" if figures["saved_usd_median"] is None else (
            f"${figures['saved_usd_median']:,.2f} (${figures['saved_usd_least']:,.2f})"
        )  # fmt: skip
        rows.append(
            f"| {name} | {figures['plans']} | {figures['keep_the_rules']} | {figures['cheaper_than_the_bound']} "
            f"| {more} |"
        )
    return "\n".join(rows)


def _plain(record: Mapping[str, Any]) -> str:
    told = {name: value for name, value in record.items() if name not in ("seed", "source_sha256")}
    return "\n".join(f"- {name.replace('_', ' ')}: {_in_words(value)}" for name, value in told.items())


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(part)}" for name, part in value.items())
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def main() -> None:
    """Write the page and say what is stale."""
    source, found = source_hash(), records()
    PAGE.write_text(page(found, source), encoding="utf-8", newline="\n")
    for name, record in found.items():
        print(f"{name}: {state(record, source)}")


if __name__ == "__main__":
    main()
