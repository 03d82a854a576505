"""Searches that go on until they are stopped."""

import threading
import time
from collections.abc import Callable

from rebal_xl.household import Curve, Household, Plan, Policy


class SlowCurve:
    """A search beside the plan that goes on until it is stopped."""

    def __init__(self) -> None:
        self.told = threading.Event()

    def __call__(
        self, household: Household, policy: Policy, plan: Plan, *, progress: Callable[[int, int, float], bool]
    ) -> Curve:
        while not progress(2, 7, 1.0):
            self.told.set()
            time.sleep(0.01)
        return Curve(told="What coming nearer to the target costs is not shown: the search was stopped.")
