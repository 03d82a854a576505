"""What every test shares: nothing may be skipped in CI, property tests repeat there, proofs are seeded and recorded.

A skip is a hole in what a green run says. On a developer's machine a missing program may excuse a test; with CI=true
it fails the run, with its reason.
"""

import json
import os
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from rebal_xl import api

IN_CI = os.environ.get("CI", "").lower() == "true"

# A terminal's width, which pytest-xdist hands to its processes, must not decide how wide our tables are.
os.environ.pop("COLUMNS", None)

# Time limits per example would make a busy machine fail; in CI the same examples come every time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "here")

SKIPPED_MODULES: list[str] = []
# What one of several processes calls them towards the one that started it.
NOT_RUN = "modules not run"


@pytest.fixture(autouse=True)
def time_enough_for_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Dashboard's curve is stopped by the clock, which on a busy machine comes early: not while tests look on."""
    monkeypatch.setattr(api.asking, "CURVE_S", 600.0)


def skip_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped or expected to fail, in the words of whoever wrote the mark."""
    expected_failure = getattr(report, "wasxfail", None)
    if expected_failure is not None:
        return f"expected to fail: {expected_failure or 'no reason given'}"
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return str(report.longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test, or one expected to fail, is a failed test."""
    report = yield
    if IN_CI and report.skipped:
        reason = skip_reason(report)
        report.outcome = "failed"
        report.longrepr = f"Not run, and CI=true allows no skips. {reason}"
        if hasattr(report, "wasxfail"):
            del report.wasxfail
    return report


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember modules that skipped themselves as a whole: they have no test that could fail."""
    if IN_CI and report.skipped:
        SKIPPED_MODULES.append(f"{report.nodeid}: {skip_reason(report)}")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Where several processes share the tests, each has its own list of modules that skipped themselves."""
    known = set(SKIPPED_MODULES)
    SKIPPED_MODULES.extend(line for line in getattr(node, "workeroutput", {}).get(NOT_RUN, ()) if line not in known)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped module fails the run."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[NOT_RUN] = SKIPPED_MODULES
    if SKIPPED_MODULES and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skipped modules."""
    if SKIPPED_MODULES:
        terminalreporter.section("modules not run, and CI=true allows no skips", red=True, bold=True)
        for line in SKIPPED_MODULES:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def proof_full() -> bool:
    """Whether the proofs run in full, not as a sample."""
    return os.environ.get("REBAL_PROOF_FULL") == "1"


@pytest.fixture(scope="session")
def proof_seed() -> int:
    """The seed of the sampled proofs; `install/dev.py test` takes it from the commit."""
    return int(os.environ.get("REBAL_PROOF_SEED", "20260101"))


@pytest.fixture(scope="session")
def record_figures() -> Callable[[str, Mapping[str, object]], None]:
    """Writes a proof's figures to docs/proof/NAME.json, with a hash of the source, when proofs run for the record."""
    folder = os.environ.get("REBAL_PROOF_RECORD")

    def record(name: str, figures: Mapping[str, object]) -> None:
        if folder:
            # here, because this file also serves where there is nothing else of the tests
            from tests.tools.proof_page import source_hash

            Path(folder).mkdir(parents=True, exist_ok=True)
            text = json.dumps({**figures, "source_sha256": source_hash()}, indent=2)
            (Path(folder) / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")

    return record
