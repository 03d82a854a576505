"""Strict readers of the add-in's file formats, in an environment of their own: olefile, oletools, pyOpenVBA.

One of them brings GPL, so the product and `.venv` never hold them; the tests start programs in their Python.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.tools.oracle_env import READERS, OracleMissing

READ, STAGE = Path(__file__).with_name("read_addin.py"), Path(__file__).with_name("vba_stage.py")


def readers_python() -> Path:
    """The Python that has the readers; skips the calling test where there is none (in CI it is made)."""
    try:
        return READERS.python()
    except OracleMissing as missing:
        pytest.skip(str(missing))


def read_with_strict_readers(path: Path) -> dict[str, Any]:
    """What the readers say of an add-in; see read_addin.py."""
    return _answer(READ, [str(path)], "")


def play(scene: dict[str, Any]) -> dict[str, Any]:
    """What happens when the add-in's VBA is played; see vba_stage.py for scene and answer."""
    return _answer(STAGE, [], json.dumps(scene))


def _answer(program: Path, arguments: list[str], given: str) -> dict[str, Any]:
    ran = subprocess.run(
        [readers_python(), "-I", program, *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{program.name} failed: {ran.stderr[-3000:]}")
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer
