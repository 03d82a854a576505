"""A Windows under Wine on which rebal_xl was installed from its offline bundle, once for all tests of a run.

The advisor is called Jörg & Söhne, unpacked the bundle into a folder with a name that people do use, and has folders
of his own in places with such names too.
"""

import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.tools import wine

CLIENT = Path(__file__).with_name("windows_client.py")
BUNDLE_NAME = "Für Excel (neu) & gut! 中"
USER = "C:\\users\\Jörg & Söhne (NY)!"
# Wine finds classes that are registered for all users only; Windows finds those of one user too.
HIVE = "HKEY_LOCAL_MACHINE"
TIMED = re.compile(r"^#time=.*\n|(?<=\]) \d+$", re.MULTILINE)
# What Windows has at the start of a session and not before, whatever runs.
NOT_OURS = re.compile(
    r"Wine|Explorer|Volatile|Fonts|Perflib|Internet Settings|Session Manager|Control\\\\", re.IGNORECASE
)
# Sets the folders of the user, as Windows does at sign-in, and runs a program in them.
SIGNED_IN = """
import os, subprocess, sys
os.environ["LOCALAPPDATA"], os.environ["APPDATA"] = sys.argv[1:3]
sys.exit(subprocess.call(sys.argv[3:], stdin=subprocess.DEVNULL))
"""
INSTALLED = pytest.StashKey["Installed"]()


@dataclass(frozen=True)
class Snapshot:
    """What is on a Windows: its files and folders, and the keys of its registry."""

    files: frozenset[str]
    keys: frozenset[str]

    @classmethod
    def of(cls, machine: wine.Windows) -> "Snapshot":
        """What is there now, when every program has ended."""
        machine.settle()
        drive = machine.drive
        files = {
            str(path.relative_to(drive)) for path in drive.rglob("*") if drive / "windows" not in (path, *path.parents)
        }
        keys = set()
        for name in ("user.reg", "system.reg"):
            text = (machine.prefix / name).read_text(encoding="utf-8", errors="replace")
            keys |= {f"{name}: {line.split(']')[0]}]" for line in text.splitlines() if line.startswith("[")}
        return cls(frozenset(files), frozenset(key for key in keys if not NOT_OURS.search(key)))


@dataclass(frozen=True)
class Installed:
    """That Windows."""

    machine: wine.Windows
    rig: wine.Rig
    bundle: Path
    before: Snapshot
    # what the installer said
    ran: wine.Ran

    @property
    def local(self) -> Path:
        """LOCALAPPDATA."""
        return self.machine.drive / USER.removeprefix("C:\\").replace("\\", "/") / "Local"

    @property
    def roaming(self) -> Path:
        """APPDATA."""
        return self.local.with_name("Roaming")

    @property
    def home(self) -> Path:
        """Where the installer puts everything but the add-in."""
        return self.local / "rebal_xl"

    @property
    def add_in(self) -> Path:
        """Where Excel looks for add-ins at its start."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / "rebal_xl.xlam"

    @property
    def python(self) -> Path:
        """The Python of the environment that counts."""
        pointer = json.loads((self.home / "current.json").read_text(encoding="utf-8"))
        return self.home / pointer["folder"] / "Scripts" / "python.exe"

    def install(self, *arguments: str | Path) -> wine.Ran:
        """Start install.bat as the advisor."""
        return self.as_user(self.bundle / "install.bat", "--hive", HIVE, *arguments)

    def as_user(self, *command: str | Path, variables: Mapping[str, str] | None = None) -> wine.Ran:
        """Run a program with the folders of the advisor."""
        folders = (f"{USER}\\Local", f"{USER}\\Roaming")
        return self.machine.run("python", "-I", "-c", SIGNED_IN, *folders, *command, variables=variables)

    def ask(self, steps: Sequence[Any], variables: Mapping[str, str] | None = None, folder: Path | None = None) -> Any:
        """Let another Windows process activate the engine by its name and go through steps; returns its answers.

        See windows_client.py for the steps; `folder` is the one that the process, and so the engine, is started in.
        """
        with tempfile.TemporaryDirectory() as scratch:
            asked = Path(scratch) / "asked.json"
            asked.write_text(json.dumps(steps), encoding="utf-8")
            where = [folder] if folder else []
            ran = self.machine.run(self.python, "-I", CLIENT, asked, *where, variables=variables)
        assert ran.code == 0, ran.output
        return json.loads(ran.output.splitlines()[-1])


def install(rig: wine.Rig, stack: ExitStack) -> Installed:
    """Install rebal_xl from a bundle made now, on a fresh Windows that is gone when the stack closes."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
    bundle = folder / BUNDLE_NAME
    wine.bundle.make_bundle(wine.CHECKOUT, Path(sys.executable), bundle, ())
    # as the offline bundle has them, without downloading them once more
    (bundle / wine.bundle.WHEELS).symlink_to(rig.wheels)
    wine.bundle.accept_wheels(bundle)
    machine = stack.enter_context(rig.windows())
    (machine.drive / USER.removeprefix("C:\\").replace("\\", "/")).mkdir(parents=True)
    # the scripting host of Wine registers what it has when it first runs
    hello = folder / "hello.vbs"
    hello.write_text('WScript.Echo "here"')
    machine.run("cscript", "//nologo", hello)
    # every Windows has these two, a fresh Wine does not
    for key in (r"HKCU\Software\Classes\CLSID", r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall"):
        machine.run("reg", "add", key, "/f")
    fresh = Installed(machine, rig, bundle, Snapshot.of(machine), wine.Ran(-1, ""))
    return replace(fresh, ran=fresh.install())


def installed(config: pytest.Config) -> Installed:
    """The Windows of this run; installs at the first call. Skips the test where there is no Wine (in CI: fails)."""
    if INSTALLED not in config.stash:
        try:
            rig = wine.rig()
        except wine.WineMissing as missing:
            pytest.skip(str(missing))
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[INSTALLED] = install(rig, stack)
    return config.stash[INSTALLED]


@pytest.fixture(scope="session")
def windows(request: pytest.FixtureRequest) -> Installed:
    """A Windows with rebal_xl, installed from its bundle without a network."""
    ready = installed(request.config)
    assert ready.ran.code == 0, ready.ran.output
    return ready
