"""The two streams of a command: answers go to stdout, everything about the work to stderr."""

import io
import os
import sys
from dataclasses import dataclass

from rich.console import Console

# Columns for output that goes to a file or another program, which has no width of its own.
FILE_COLUMNS = 110


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a command writes."""

    out: Console
    err: Console
    # stdout carries one JSON document and nothing else
    as_json: bool = False

    @classmethod
    def open(cls, as_json: bool = False) -> "Screen":
        """The streams of this process; what they cannot show is replaced, never a crash."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return cls(_console(stderr=False), _console(stderr=True), as_json)

    def write(self, text: str) -> None:
        """Text to stdout as it stands, without folding its lines."""
        self.out.file.write(text + "\n")
        self.out.file.flush()


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    fixed = None if stream.isatty() or "COLUMNS" in os.environ else FILE_COLUMNS
    # An account's name may look like markup or an emoji's code: it is neither.
    return Console(stderr=stderr, width=fixed, markup=False, emoji=False, highlight=False)
