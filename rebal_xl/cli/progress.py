"""A long search: what it has found so far, on stderr, and Ctrl-C as the wish to stop with the best plan found."""

import math
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.text import Text

from rebal_xl.words import short

INTERRUPTED = 130
# A search shorter than this shows nothing: a line that flashes by says nothing.
QUIET_S = 0.3


class Watch:
    """Progress of one search; use as a context, and hand `report` to the optimizer."""

    def __init__(self, console: Console) -> None:
        self.console = console
        # True once Ctrl-C asked for the best plan so far
        self.stopping = False
        self._status: Status | None = None
        self._before: Callable[[int, FrameType | None], Any] | int | None = None

    def __enter__(self) -> "Watch":
        # Signals reach only the main thread; elsewhere there is no Ctrl-C to listen for.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        if self._status is not None:
            self._status.stop()

    def report(self, cost_usd: float, bound_usd: float, seconds: float) -> bool:
        """What the optimizer calls: shows how far it is; True asks it to stop, once there is a plan to stop with."""
        if self.console.is_terminal and seconds >= QUIET_S:
            self._show(state(cost_usd, bound_usd, seconds, self.stopping))
        return self.stopping and math.isfinite(cost_usd)

    def step(self, number: int, total: int, rule: str) -> bool:
        """What loosening rules one by one calls before and while each is tried; True asks it to stop."""
        if self.console.is_terminal:
            stopping = "Stopping after" if self.stopping else "Trying"
            self._show(f"{stopping} rule {number + 1} of {total}: {rule} (Ctrl-C keeps what was found)")
        return self.stopping

    def points(self, found: int, total: int, seconds: float) -> bool:
        """What a frontier calls while its plans are looked for; True asks it to stop."""
        if self.console.is_terminal and seconds >= QUIET_S:
            stopping = "Stopping after" if self.stopping else "Found"
            self._show(f"{stopping} {found} of {total} plans, {seconds:.0f} s (Ctrl-C keeps what was found)")
        return self.stopping

    def beside(self, found: int, total: int, seconds: float) -> bool:
        """What the Dashboard's curve calls, whose plan is found already; True asks it to stop."""
        if self.console.is_terminal and seconds >= QUIET_S:
            looking = f"What coming nearer costs: {found} of {total} plans, {seconds:.0f} s (Ctrl-C goes on without)"
            self._show("Stopping with the plan and what stands beside it" if self.stopping else looking)
        return self.stopping

    def files(self, number: int, total: int, name: str) -> bool:
        """What a scan calls before each file; True asks it to stop."""
        if self.console.is_terminal:
            stopping = "Stopping before" if self.stopping else "Reading"
            self._show(f"{stopping} {number} of {total}: {name} (Ctrl-C keeps what was scanned)")
        return self.stopping

    def _show(self, line: str) -> None:
        # A name of a rule or file may look like markup: it is none.
        text = Text(line)
        if self._status is None:
            self._status = self.console.status(text, spinner="line")
            self._status.start()
        self._status.update(text)

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.stopping:
            # An exception would have to find its way through the solver's own code: leave at once. Nothing is written
            # while a search runs, so nothing can be left half-done.
            self.console.show_cursor(True)
            os.write(2, b"\nStopped. Nothing was written.\n")
            os._exit(INTERRUPTED)
        self.stopping = True


def state(cost_usd: float, bound_usd: float, seconds: float, stopping: bool = False) -> str:
    """One line: best cost, bound, gap, seconds."""
    if stopping:
        found = "best plan found" if math.isfinite(cost_usd) else "first plan found"
        return f"Stopping with the {found} ({seconds:.0f} s); Ctrl-C again gives up"
    if not math.isfinite(cost_usd):
        return f"Looking for a first plan, {seconds:.0f} s"
    if not math.isfinite(bound_usd):
        return f"Best {short(cost_usd)}, {seconds:.0f} s (Ctrl-C keeps it)"
    gap = short(max(0.0, cost_usd - bound_usd))
    return f"Best {short(cost_usd)}, bound {short(bound_usd)}, gap {gap}, {seconds:.0f} s (Ctrl-C keeps it)"
