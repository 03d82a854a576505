"""How far a job is, told to Excel's thread, and its wish to stop, told to the job's thread."""

from __future__ import annotations

import math
import time

from rebal_xl.words import at_most, short

FIRST = "looking for a first plan"


class Stopped(Exception):
    """Raised by work that was stopped before it had anything to show."""


class Watch:
    """Handed to the work; `text` is what the status bar shows."""

    def __init__(self, title: str) -> None:
        self.title = title
        # stop with the best plan found so far, or without
        self.stopping = False
        # what to say when it is stopped and keeps what it has, where that is no plan
        self.keeps = ""
        self._began = time.monotonic()
        # what the household holds, in dollars: a plan that may be so far from the best is none
        self.holds_usd = math.inf
        # best cost and bound, dollars; infinite while nothing is known
        self._found = (math.inf, -math.inf)
        self._step = ""

    @property
    def has_plan(self) -> bool:
        """Whether a plan was found that could be kept."""
        return self.is_worth(*self._found)

    def is_worth(self, cost_usd: float, bound_usd: float) -> bool:
        """Whether it is known of a plan that the best is no more than all that the household holds away from it."""
        gap = cost_usd - bound_usd
        return math.isfinite(gap) and gap <= self.holds_usd

    @property
    def text(self) -> str:
        """One line: what is found and how good it is."""
        cost, bound = self._found
        seconds = f"{time.monotonic() - self._began:.0f} s"
        if self.stopping:
            return f"{self.title}: stopping, {seconds}"
        if not self._step and math.isfinite(bound) and not self.is_worth(cost, bound):
            return f"{self.title}: {FIRST}, {seconds}"
        if self._step or not math.isfinite(cost):
            return f"{self.title}: {self._step or 'working'}, {seconds}"
        if not math.isfinite(bound):
            return f"{self.title}: plan of {short(cost)}, {seconds}"
        return (
            f"{self.title}: plan of {short(cost)}, at most {at_most(max(0.0, cost - bound))} above the best, {seconds}"
        )

    def step(self, text: str) -> None:
        """Say what is being done now, "" for the search itself."""
        self._step = text

    def report(self, cost_usd: float, bound_usd: float, seconds: float) -> bool:
        """What the optimizer calls with its best cost and bound; True asks it to stop."""
        self._step = ""
        if math.isfinite(cost_usd) or not math.isfinite(self._found[0]):
            self._found = (cost_usd, bound_usd)
        if not math.isfinite(cost_usd):
            self._step = FIRST
        return self.stopping

    def points(self, found: int, total: int, seconds: float) -> bool:
        """What a frontier calls while its plans are looked for; True asks it to stop."""
        self._step = f"what coming nearer costs, {found} of {total} plans"
        return self.stopping
