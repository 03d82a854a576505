"""The project's commands, from any folder: `python3 install/dev.py demo`, `test`, `proof`, `bundle` or `lock`.

Each sets up what it needs in a private `.venv` first (see private_env.py); a repeated run starts at once.
The exit code is that of the job; 2 means that the job could not be started, 130 that it was interrupted.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older ones must be told in a sentence
    sys.stderr.write(
        "rebal_xl needs Python 3.11 or newer, and this is Python {}.{}. Install a newer Python from python.org or your "
        "system's packages, and start this with it, for example: python3.13 install/dev.py\n".format(*sys.version_info)
    )
    sys.exit(2)

import io
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree  # noqa: TID251 - reads pytest's own report, before anything is installed

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from private_env import Checkout, SetupError, interpreter, prepared, say  # noqa: E402
from rebal_setup_python import clean_environment  # noqa: E402

USAGE = """\
usage: python3 install/dev.py COMMAND [ARGUMENTS]

  demo    rebalance the sample household; the result is in the folder demo/ (ARGUMENTS go to `rebal-xl demo`)
  test    check everything as CI does: style, types, imports, tests (with ARGUMENTS: only pytest, with them)
  proof   run the full proofs of correctness and record their figures in docs/proof/ (slow)
  bundle  make the folder that an advisor on Windows gets, in dist/ (--offline: with every wheel it needs)
  lock    make install/*.lock anew from pyproject.toml (needs uv; ARGUMENTS go to it, for example --upgrade)
"""
COULD_NOT_START, INTERRUPTED = 2, 130
# Every core takes test files from one pile.
SHARED = ["-n", "auto", "--dist", "loadfile"]
# Writes docs/proof.md; the tests are importable from the checkout, whatever the folder.
PAGE_OF_PROOFS = "import sys; sys.path.insert(0, '.'); from tests.tools.proof_page import main; main()"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the test suite."""

    name: str
    # Arguments to the environment's Python.
    arguments: list[str]
    # Variables that this step alone sees.
    variables: Mapping[str, str] = field(default_factory=dict)
    # The report that pytest writes, when the step is a pytest run.
    report: Path | None = None


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a folder's name may not be sayable here
    commands = {"demo": demo, "test": test, "proof": proof, "bundle": make_bundle, "lock": lock}
    if not arguments or arguments[0] not in commands:
        asked = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else COULD_NOT_START
    try:
        return commands[arguments[0]](Checkout(HERE.parent), list(arguments[1:]))
    except SetupError as problem:
        say(str(problem))
        return COULD_NOT_START
    except KeyboardInterrupt:
        say("Interrupted. Nothing is left half-done: start it again when you like.")
        return INTERRUPTED


def demo(checkout: Checkout, arguments: list[str]) -> int:
    """Run the main job on the sample household and say where the result is."""
    with prepared(checkout, "run") as python:
        code = run(checkout, [str(python), "-P", "-m", "rebal_xl", "demo", *arguments])
    result = checkout.root / "demo"
    if code == 0 and not arguments and result.is_dir():
        say(f"The result is in {result}")
    return code


def test(checkout: Checkout, arguments: list[str]) -> int:
    """Run every check, all of them even when an early one fails; returns 1 if any failed."""
    with prepared(checkout, "test") as python:
        if arguments:
            return run(checkout, [str(python), "-P", "-m", "pytest", *arguments])
        return run_stages(checkout, python, test_stages(checkout))


def test_stages(checkout: Checkout) -> list[Stage]:
    """The checks in their order: the quick ones first."""
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return [
        Stage("ruff check", ["-m", "ruff", "check", "."]),
        Stage("ruff format", ["-m", "ruff", "format", "--check", "."]),
        Stage("mypy", ["-m", "mypy"]),
        Stage("import-linter", ["-c", linter]),
        pytest_stage(
            checkout, "tests", "not hosts and not proof and not oracle", ["--cov", "--cov-report=term", *SHARED]
        ),
        pytest_stage(checkout, "tests on other hosts", "hosts and not proof and not oracle", []),
        pytest_stage(checkout, "independent tax program", "oracle and not proof", []),
        replace(
            pytest_stage(checkout, "proofs, a sample", "proof", SHARED),
            variables={"REBAL_PROOF_SEED": proof_seed(checkout)},
        ),
    ]


def pytest_stage(checkout: Checkout, name: str, markers: str, extra: list[str]) -> Stage:
    """A pytest run over the tests with these markers."""
    report = checkout.scratch / f"report-{name.replace(' ', '-').replace(',', '')}.xml"
    return Stage(name, ["-m", "pytest", "-m", markers, f"--junitxml={report}", *extra], report=report)


def proof_seed(checkout: Checkout) -> str:
    """The seed of the sampled proofs: one per commit, so that over time all are drawn, yet each run can be repeated."""
    chosen = os.environ.get("REBAL_PROOF_SEED")
    if chosen:
        return chosen
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=checkout.root, capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        answer = ""
    commit = re.fullmatch(r"([0-9a-f]{8})[0-9a-f]+\s*", answer)
    return str(int(commit[1], 16)) if commit else "20260101"


def run_stages(checkout: Checkout, python: Path, stages: list[Stage]) -> int:
    """Run the stages and print a table of how each went."""
    rows = []
    failed = False
    for stage in stages:
        say(f"\n=== {stage.name}" + "".join(f" {name}={value}" for name, value in stage.variables.items()))
        if stage.report:
            stage.report.unlink(missing_ok=True)
        started = time.monotonic()
        code = run(checkout, [str(python), "-P", *stage.arguments], stage.variables)
        ok = code == 0
        failed = failed or not ok
        outcome = "ok" if ok else f"FAILED ({code})"
        rows.append(f"  {stage.name:<22}{time.monotonic() - started:7.1f} s  {outcome}")
    passed, broken, skipped = tally([stage.report for stage in stages if stage.report])
    say("\n=== summary\n" + "\n".join(rows))
    print(f"{passed} passed, {broken} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


def tally(reports: list[Path]) -> tuple[int, int, int]:
    """How many tests passed, failed and were skipped, over all of pytest's reports."""
    total = broken = skipped = 0
    for report in reports:
        if report.exists():
            for suite in ElementTree.parse(report).iter("testsuite"):
                total += int(suite.get("tests", 0))
                broken += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
                skipped += int(suite.get("skipped", 0))
    return max(total - broken - skipped, 0), broken, skipped


def proof(checkout: Checkout, arguments: list[str]) -> int:
    """Run all proofs and let them record their figures."""
    record = checkout.root / "docs" / "proof"
    variables = {"REBAL_PROOF_FULL": "1", "REBAL_PROOF_RECORD": str(record), "REBAL_PROOF_SEED": proof_seed(checkout)}
    with prepared(checkout, "test") as python:
        record.mkdir(parents=True, exist_ok=True)
        code = run(checkout, [str(python), "-P", "-m", "pytest", "-m", "proof", *arguments], variables)
        if code == 0:
            code = run(checkout, [str(python), "-P", "-c", PAGE_OF_PROOFS])
            say(f"The figures are in {record}, their page is docs/proof.md")
    return code


def make_bundle(checkout: Checkout, arguments: list[str]) -> int:
    """Make what an advisor gets."""
    from bundle import bundle

    with prepared(checkout, "run") as python:
        return bundle(checkout, python, arguments)


def lock(checkout: Checkout, arguments: list[str]) -> int:
    """Make the locks from pyproject.toml: one version of each package for every Python and system, with hashes."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetupError("The locks are made with uv, which was not found. Install it (pip install uv) and try again.")
    common = [uv, "pip", "compile", "--quiet", "--universal", "--fork-strategy", "fewest"]
    common += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", *arguments]
    # What each lock adds to those before it: nothing but the project's own, Excel's side, what tests need.
    extras = dict(zip(checkout.locks("test"), ((), ("excel",), ("excel", "test", "cluster")), strict=True))
    apart = {"oracle": checkout.oracle_lock, "scip": checkout.scip_lock, "readers": checkout.readers_lock}
    made: dict[Path, dict[str, str]] = {}
    known: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        earlier = "".join(path.read_text() for path in extras if path.exists())
        before = Path(folder) / "before.lock"
        before.touch()
        for path, names in extras.items():
            # uv keeps the versions it finds in the output file, unless told to upgrade.
            draft = Path(folder) / path.name
            draft.write_text(earlier)
            chosen = [part for name in names for part in ("--extra", name)]
            code = run(checkout, [*common, "pyproject.toml", *chosen, "-c", str(before), "-o", str(draft)])
            if code != 0:
                return code
            found = locked_packages(draft.read_text())
            made[path] = {name: text for name, text in found.items() if name not in known}
            known |= found
            before = draft
        for group, path in apart.items():
            draft = Path(folder) / path.name
            draft.write_text(path.read_text() if path.exists() else "")
            code = run(checkout, [*common, "--group", f"pyproject.toml:{group}", "-o", str(draft)])
            if code != 0:
                return code
            made[path] = locked_packages(draft.read_text())
    for path, packages in made.items():
        note = f"# Made by `python3 install/dev.py lock` from pyproject.toml: {len(packages)} packages. Do not edit.\n"
        path.write_text(note + "".join(packages.values()), encoding="utf-8", newline="\n")
    return 0


def locked_packages(text: str) -> dict[str, str]:
    """The entries of a lock by package name; an entry is a pin and its hashes."""
    entries = re.findall(r"^[a-z0-9](?:[^\n]*\\\n)*[^\n]*\n", text, re.MULTILINE)
    return {re.split(r"[=\s]", entry, maxsplit=1)[0]: entry for entry in entries}


def run(checkout: Checkout, command: list[str], variables: Mapping[str, str] | None = None) -> int:
    """Run one command in the checkout, away from the caller's Python settings; returns its exit code."""
    environment = clean_environment(os.environ) | dict(variables or {})
    scripts = str(interpreter(checkout.venv).parent)
    environment["PATH"] = os.pathsep.join([scripts, environment.get("PATH", os.defpath)])
    sys.stdout.flush()
    code = subprocess.run(command, cwd=checkout.root, env=environment, check=False).returncode
    # A job ended by a signal has a negative code here; a shell would say 128 + signal.
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
