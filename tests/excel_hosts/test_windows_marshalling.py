"""The benchmark of formulas through COM, on a tiny household: that it can still be run. No time is asserted."""

import pytest

from benchmarks import marshalling
from tests.excel_hosts.windows_machine import Installed, windows

__all__ = ["windows"]  # a fixture, used by its name
pytestmark = [pytest.mark.hosts, pytest.mark.slow]


def test_formulas_are_measured_through_com(windows: Installed) -> None:
    found = marshalling.measure(windows, lots=12, processes=2, calls=2)
    assert set(found) == set(marshalling.ROWS)
    for spread in found.values():
        assert 0 < spread.least <= spread.quarter <= spread.median <= spread.three_quarters <= spread.most
    text = marshalling.page(found, lots=12, processes=2, calls=2, wine_version="wine-8.0")
    assert "This is Wine, not\nWindows" in text
    assert all(told in text for told in marshalling.ROWS.values())
