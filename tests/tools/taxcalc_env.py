"""The independent tax program that the federal engine is held against: Tax-Calculator (taxcalc on PyPI, CC0).

It brings numba and some 350 MB along; see oracle_env.py for where it lives.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.tools.oracle_env import TAXCALC, OracleMissing, private_env

__all__ = ["OracleMissing", "run_taxcalc", "taxcalc_python"]

PROGRAM = Path(__file__).with_name("run_taxcalc.py")


def taxcalc_python() -> Path:
    """The Python that has taxcalc; OracleMissing where there is none and none is to be made."""
    return TAXCALC.python()


def run_taxcalc(columns: Mapping[str, Sequence[float]], scratch: Path) -> dict[str, list[float]]:
    """Put households (taxcalc's input variables, one column each, and FLPDYR) through taxcalc, all in one run."""
    given, found = scratch / "households.json", scratch / "found.json"
    given.write_text(json.dumps({name: list(values) for name, values in columns.items()}), encoding="utf-8")
    ran = subprocess.run(
        [taxcalc_python(), "-I", PROGRAM, given, found],
        capture_output=True,
        text=True,
        check=False,
        env=private_env.clean_environment(os.environ),
    )
    if ran.returncode != 0:
        raise AssertionError(f"taxcalc failed:\n{ran.stderr[-3000:]}")
    answer: dict[str, list[float]] = json.loads(found.read_text(encoding="utf-8"))
    return answer
