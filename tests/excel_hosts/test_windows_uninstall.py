"""The last word, after all other tests on Windows: uninstalling leaves nothing behind."""

import pytest

from tests.excel_hosts.windows_machine import HIVE, USER, Installed, Snapshot, windows

__all__ = ["windows"]  # a fixture, used by its name
pytestmark = [pytest.mark.hosts, pytest.mark.slow]


def test_nothing_is_left(windows: Installed) -> None:
    ran = windows.as_user(f"{USER}\\Local\\rebal_xl\\setup\\uninstall.bat", "--hive", HIVE)
    assert ran.output.strip() == "rebal_xl is removed."
    after = Snapshot.of(windows.machine)
    # Wine starts the engine with folders of another user than the advisor of these tests, and so its log is there;
    # Windows has one user, whose log lies in the folder that is removed.
    # The fake Excel of other tests leaves its type libraries.
    others = ("AppData/Local/rebal_xl", "Temp/rebal fake excel ")
    left = {path for path in after.files - windows.before.files if not any(other in path for other in others)}
    assert sorted(left) == [USER.removeprefix("C:\\").replace("\\", "/") + "/Local"]
    assert sorted(after.keys - windows.before.keys) == []
    assert windows.before.files <= after.files
    # once more: there is nothing to do, and nothing to complain about
    assert windows.install("--uninstall").code == 0
    assert windows.install("--check").code == 8
