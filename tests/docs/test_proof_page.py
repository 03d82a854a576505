"""The page of the proofs: what is recorded is shown, and figures of another source are marked stale."""

import warnings

from tests.tools.proof_page import PAGE, PROVEN, ROOT, page, records, source_hash, state

RECORD = {
    "seed": 7,
    "source_sha256": "a" * 64,
    "sizes": {
        "small": {
            "households": 20,
            "lots_median": 40,
            "search_seconds": 60.0,
            "below_bound": 0,
            "scip_proved": 19,
            "scip_broke_down": 1,
            "largest_disagreement_usd": 0.01,
            "gap_usd_median": 2.0,
            "gap_usd_largest": 1_234.5,
            "seconds_median": 0.4,
            "scip_seconds_median": 2.0,
        }
    },
}


def test_figures_are_current_until_the_source_changes() -> None:
    same, other = page({"second-model": RECORD}, "a" * 64), page({"second-model": RECORD}, "b" * 64)
    assert "Figures: current (seed 7, source aaaaaaaaaaaa)." in same
    assert "Figures: **stale** (seed 7, source aaaaaaaaaaaa)." in other
    assert "| 20 | 40 | 60 s | 0 | 19 | 1 | $0.01 | $2.00 ($1,234.50) | 0.4 s | 2.0 s |" in same
    # a record from before there were hashes is of no source that anybody knows
    assert state({"seed": 7}, "a" * 64) == "stale"


def test_the_hash_is_of_the_optimizer_and_the_tax_law() -> None:
    assert source_hash() == source_hash()
    assert all((ROOT / folder).is_dir() for folder in PROVEN)
    assert (ROOT / "rebal_xl" / "tax" / "law" / "2026.toml").exists()


def test_the_page_shows_what_is_recorded_and_says_of_each_record_whether_it_is_stale() -> None:
    """A record of another source is no failure, but the page must say so: it is made anew with every such change."""
    shown, wanted = PAGE.read_text(encoding="utf-8"), page(records(), source_hash())
    assert shown == wanted, "run: python -m tests.tools.proof_page"
    stale = [name for name, record in records().items() if state(record, source_hash()) == "stale"]
    if stale:
        warnings.warn(f"The proof records are stale: {', '.join(stale)}", stacklevel=1)
