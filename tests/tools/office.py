"""LibreOffice without windows, with a profile of its own, whose VBA reaches Python objects of the test.

The `uno` module belongs to the system's Python, so that one runs office_helper.py beside us; this module speaks to it.
While a command runs, whatever VBA asks of its engine is answered here, by the object given as `engine`.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

HELPER = Path(__file__).with_name("office_helper.py")
PYTHONS = ("/usr/bin/python3", "python3")
SECONDS_TO_STOP = 30
# many times what the slowest command takes on a busy machine
SECONDS_TO_ANSWER = 600


class OfficeError(Exception):
    """LibreOffice refused a command, or is gone."""


def python_with_uno() -> str:
    """A Python that has `uno`; skips the calling test where there is none, or no LibreOffice (in CI that fails)."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed; .ci/run installs it.")
    for name in PYTHONS:
        found = shutil.which(name)
        if (
            found
            and subprocess.run([found, "-c", "import uno, unohelper"], capture_output=True, check=False).returncode == 0
        ):
            return found
    pytest.skip("No Python here has LibreOffice's uno (Debian's package python3-uno); .ci/run installs it.")


class EngineGone(Exception):
    """Raised by the engine object of a test to let VBA see a call that fails, as when the engine's process is gone."""


class Office:
    """One running LibreOffice; use it as a context manager. Its commands are the methods of office_helper.Desk.

    Args:
        engine: object with the methods Call, Why, Start, Poll, Finish, Cancel and Version, or None for none.
    """

    def __init__(self, engine: object = None) -> None:
        self.engine = engine
        python = python_with_uno()
        self._folder = tempfile.TemporaryDirectory(prefix="rebal-office-", ignore_cleanup_errors=True)
        self._log = (Path(self._folder.name) / "log.txt").open("w+", encoding="utf-8")
        self._helper = subprocess.Popen(
            # -E: a virtual environment's variables are not this Python's
            [python, "-E", "-B", str(HELPER), self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            self._answer()
        except OfficeError:
            self.stop()
            raise

    def __enter__(self) -> "Office":
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def command(*args: object) -> Any:
            # a LibreOffice that hangs is ended, which ends the wait for its answer
            hanging = threading.Timer(SECONDS_TO_ANSWER, self._kill)
            hanging.start()
            try:
                self._send({"do": name, "args": [str(arg) if isinstance(arg, Path) else arg for arg in args]})
                return self._answer()
            finally:
                hanging.cancel()

        return command

    def _send(self, message: dict[str, object]) -> None:
        assert self._helper.stdin is not None
        self._helper.stdin.write(json.dumps(message) + "\n")
        self._helper.stdin.flush()

    def _answer(self) -> Any:
        """Serve the engine until the answer to our command comes."""
        assert self._helper.stdout is not None
        for line in self._helper.stdout:
            message = json.loads(line)
            if "engine" in message:
                self._send(self._ask_engine(message["engine"], message["args"]))
            elif "failed" in message:
                raise OfficeError(message["failed"])
            else:
                return message["value"]
        self._log.seek(0)
        raise OfficeError(f"LibreOffice's helper ended.\n{self._log.read()[-3000:]}")

    def _ask_engine(self, method: str, args: Sequence[object]) -> dict[str, object]:
        try:
            return {"answer": getattr(self.engine, method)(*args)}
        except EngineGone as gone:
            return {"raised": str(gone)}

    def stop(self) -> None:
        """End LibreOffice and its helper, whatever state they are in."""
        assert self._helper.stdin is not None
        with contextlib.suppress(BrokenPipeError, subprocess.TimeoutExpired):
            self._helper.stdin.close()
            self._helper.wait(SECONDS_TO_STOP)
        self._kill()
        self._helper.wait()
        self._log.close()
        self._folder.cleanup()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._helper.pid, signal.SIGKILL)
