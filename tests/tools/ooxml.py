"""Microsoft's Open XML SDK as a judge of the files we write.

It is an npm package with a program in it, pinned in install/package.json and installed by .ci/run into .dev/node.
REBAL_OOXML_VALIDATOR may name another copy: an executable, or a script for node.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
INSTALLED = CHECKOUT / ".dev" / "node" / "node_modules" / "@xarsh" / "ooxml-validator" / "dist" / "src" / "cli.js"
VALID, INVALID = 0, 1  # the validator's exit codes; anything else means that it could not run


def validate(path: Path, office_version: str = "Microsoft365") -> list[str]:
    """What is wrong with a workbook by the rules of Office, one sentence each; empty when Excel will be content.

    Skips the calling test when the validator is not installed (in CI that is a failure).

    Args:
        path: an .xlsx, .xlsm, .xltx, .xltm or .xlam file.
        office_version: Office2007, Office2010, Office2013, Office2016, Office2019, Office2021 or Microsoft365.

    Raises:
        RuntimeError: the validator could not run, which is no verdict on the file.
    """
    ran = subprocess.run(
        [*validator(), str(path), "--officeVersion", office_version],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    if ran.returncode not in (VALID, INVALID):
        raise RuntimeError(f"The Open XML validator could not run: {ran.stderr.strip() or ran.stdout.strip()}")
    verdict = json.loads(ran.stdout)
    if verdict["ok"] is (ran.returncode == INVALID) or verdict["ok"] is bool(verdict["errors"]):
        raise RuntimeError(f"The Open XML validator contradicts itself: exit code {ran.returncode}, {ran.stdout}")
    return [sentence(error) for error in verdict["errors"]]


def validator() -> list[str]:
    """The command that runs the validator."""
    chosen = os.environ.get("REBAL_OOXML_VALIDATOR")
    program = Path(chosen) if chosen else INSTALLED
    if not program.is_file():
        pytest.skip(f"The Open XML validator is not at {program}; .ci/run installs it.")
    if program.suffix not in (".js", ".mjs", ".cjs"):
        return [str(program)]
    node = shutil.which("node")
    if node is None:
        pytest.skip("The Open XML validator needs node, which is not on the PATH.")
    return [node, str(program)]


def sentence(error: dict[str, str | None]) -> str:
    """One error of the validator: where, and what."""
    where = " ".join(part for part in (error.get("path"), error.get("xPath")) if part)
    return f"{where}: {error['description']}" if where else str(error["description"])
