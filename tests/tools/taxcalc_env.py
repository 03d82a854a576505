"""The independent tax program that the federal engine is held against, in an environment of its own.

Tax-Calculator (taxcalc on PyPI, CC0) brings numba and some 350 MB along, so it is no requirement of anything here: it
lives in `.dev/oracle`, made from `install/requirements-oracle.lock` under a temporary name and renamed when complete.
"""

import hashlib
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".dev" / "oracle"
PROGRAM = Path(__file__).with_name("run_taxcalc.py")
STAMP = "made-from.json"

sys.path.insert(0, str(ROOT / "install"))
private_env = importlib.import_module("private_env")
dev = importlib.import_module("dev")
CHECKOUT = private_env.Checkout(ROOT)


class OracleMissing(Exception):
    """The program is not here; the text says how to get it."""


def taxcalc_python() -> Path:
    """The Python that has taxcalc; installs it in CI or when REBAL_ORACLE=1, else OracleMissing where it is not yet."""
    if not _is_ready():
        if os.environ.get("CI", "").lower() != "true" and os.environ.get("REBAL_ORACLE") != "1":
            raise OracleMissing("taxcalc is not installed. With REBAL_ORACLE=1 this test installs it (350 MB, once).")
        try:
            _build()
        except private_env.SetupError as problem:
            raise OracleMissing(f"taxcalc could not be installed: {problem}") from problem
    return Path(private_env.interpreter(HOME))


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


def _wanted_stamp() -> dict[str, str]:
    return {
        "lock": hashlib.sha256(CHECKOUT.oracle_lock.read_bytes()).hexdigest(),
        "python": f"{platform.python_version()} {platform.machine()} {sys.base_prefix}",
    }


def _is_ready() -> bool:
    try:
        return bool(json.loads((HOME / STAMP).read_text(encoding="utf-8")) == _wanted_stamp())
    except (OSError, ValueError):
        return False


def _build() -> None:
    CHECKOUT.scratch.mkdir(exist_ok=True)
    fresh = HOME.with_name(f"oracle.new-{os.getpid()}")
    first = fresh / "first.lock"
    lock = CHECKOUT.oracle_lock
    try:
        install = [*private_env.make_bare(CHECKOUT, fresh), "--require-hashes", "--no-deps", "--only-binary", ":all:"]
        # taxcalc comes as source only; its build uses the locked setuptools and fetches nothing beside the lock.
        first.write_text(dev.locked_packages(lock.read_text(encoding="utf-8"))["setuptools"], encoding="utf-8")
        private_env.run_logged(CHECKOUT, [*install, "-r", str(first)])
        source = ["--no-binary", "taxcalc", "--no-build-isolation"]
        private_env.run_logged(CHECKOUT, [*install, *source, "-r", str(lock)])
        (fresh / STAMP).write_text(json.dumps(_wanted_stamp()), encoding="utf-8")
        shutil.rmtree(HOME, ignore_errors=True)
        fresh.rename(HOME)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
