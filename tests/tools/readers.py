"""Strict readers of the add-in's file formats, in an environment of their own: olefile, oletools, pyOpenVBA.

One of them brings GPL, so the product and `.venv` never hold them; the tests start programs in their Python.
"""

import json
import subprocess
from pathlib import Path
from typing import IO, Any

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
    ran = subprocess.run(
        [readers_python(), "-I", READ, path], capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    if ran.returncode:
        raise RuntimeError(f"{READ.name} failed: {ran.stderr[-3000:]}")
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def play(scene: dict[str, Any], engine: object = None) -> dict[str, Any]:
    """What happens when the add-in's VBA is played; see vba_stage.py for scene and answer.

    With `engine`, its methods Call, Why, Start, Poll, Finish and Cancel answer, in this process; objects of VBA reach
    them by their names, "<Household.xlsx>".
    """
    if engine is not None:
        scene = {**scene, "engine": "live"}
    with subprocess.Popen(
        [readers_python(), "-I", STAGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as stage:
        assert stage.stdin is not None
        assert stage.stdout is not None
        _send(stage.stdin, scene)
        for line in stage.stdout:
            said: dict[str, Any] = json.loads(line)
            if "log" in said:
                return said
            _send(stage.stdin, getattr(engine, said["engine"])(*said["args"]))
    raise RuntimeError(f"{STAGE.name} ended without an answer; it says why above")


def _send(pipe: IO[str], message: object) -> None:
    pipe.write(json.dumps(message) + "\n")
    pipe.flush()
