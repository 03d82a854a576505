"""Where the parts of an installation lie for one user of Windows, and how files are put there: part of install.py.

Standard library only, like all of the installer.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Exit codes; install.py says what they mean.
BAD_PYTHON, NOT_WINDOWS, NO_PACKAGES, CLOSE_EXCEL, NO_ENGINE, NOT_WELL, NO_FILE = 3, 4, 5, 6, 7, 8, 9
LOCKS = ("requirements.lock", "requirements-excel.lock")
ADD_IN = "rebal_xl.xlam"
GUIDE, TEMPLATE = "docs", "rebal_xl template.xlsx"
# Waits for the end of the program that holds the other end of its input, then tries for ten seconds.
REMOVE_SOON = """
import os, shutil, sys, time
sys.stdin.read()
for _ in range(20):
    time.sleep(0.5)
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    if not os.path.exists(sys.argv[1]):
        break
"""


# Kept, since their input ends with this process and not before.
REMOVERS: list[subprocess.Popen[bytes]] = []


class Problem(Exception):
    """The job cannot go on; the text says why and what to do."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Places:
    """The user's folders that an installation lives in."""

    local: Path
    roaming: Path

    @classmethod
    def of_user(cls, variables: Mapping[str, str]) -> "Places":
        """As Windows names them."""
        try:
            return cls(Path(variables["LOCALAPPDATA"]), Path(variables["APPDATA"]))
        except KeyError as missing:
            raise Problem(NO_FILE, f"Windows does not say where your folder {missing} is. Sign in again.") from None

    @property
    def home(self) -> Path:
        return self.local / "rebal_xl"

    @property
    def pointer(self) -> Path:
        return self.home / "current.json"

    @property
    def log(self) -> Path:
        return self.home / "install.log"

    @property
    def kept(self) -> Path:
        return self.home / "setup"

    @property
    def add_in(self) -> Path:
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / ADD_IN

    def current(self) -> dict[str, Any]:
        """What the pointer says; empty when nothing is installed."""
        try:
            found = json.loads(self.pointer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def environments(self) -> list[Path]:
        """Every environment that is there, also those of interrupted runs."""
        return sorted(path.parent for path in self.home.glob("*/pyvenv.cfg"))

    def fresh(self, version: str) -> Path:
        """A folder for a new environment: a running Excel holds the files of the old one."""
        names = [version, *(f"{version}-{number}" for number in range(2, 100))]
        return next(self.home / name for name in names if not (self.home / name).exists())


def project_wheel(bundle: Path, starter: str = "install.bat") -> Path:
    """The wheel of rebal_xl in a bundle; Problem when the bundle is not complete."""
    wheels = list(bundle.glob("rebal_xl-*.whl"))
    missing = [name for name in LOCKS if not (bundle / "locks" / name).is_file()]
    if len(wheels) != 1 or missing:
        raise Problem(
            NO_FILE, f"The folder {bundle} is not complete. Unpack the whole zip file, and start {starter} there."
        )
    return wheels[0]


def add_in_of(environment: Path) -> bytes:
    """The add-in as the package in an environment brings it."""
    try:
        return (environment / "Lib" / "site-packages" / "rebal_xl" / "workbook_files" / ADD_IN).read_bytes()
    except OSError as problem:
        raise Problem(NO_FILE, f"The add-in is missing in {environment}: {problem}") from problem


def copy_add_in(environment: Path, add_in: Path) -> list[str]:
    """Put the add-in where Excel looks at its start; returns the folders that had to be made.

    Written byte by byte, so that it carries no mark of a download, whatever the bundle carries.
    """
    content = add_in_of(environment)
    made = [str(folder) for folder in (add_in.parent, *add_in.parent.parents) if not folder.exists()]
    add_in.parent.mkdir(parents=True, exist_ok=True)
    write_whole(add_in, content)
    return made


def copy_guide(bundle: Path, environment: Path) -> None:
    """Put the guide and the template of a bundle into an environment's folder, with which they go."""
    if (bundle / GUIDE).is_dir():
        shutil.copytree(bundle / GUIDE, environment / GUIDE, dirs_exist_ok=True)
    if (bundle / TEMPLATE).is_file():
        shutil.copyfile(bundle / TEMPLATE, environment / TEMPLATE)


def refuse_locked_add_in(add_in: Path) -> None:
    """Problem when Excel has the add-in open: it could neither be replaced nor removed."""
    try:
        with add_in.open("r+b"):
            return
    except FileNotFoundError:
        return
    except PermissionError:
        raise Problem(CLOSE_EXCEL, "Excel is running with the add-in. Close Excel and start this again.") from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)


def remove_folder(folder: Path, *, later: bool = False) -> bool:
    """Remove a folder whole or not at all; False when a program uses what is in it.

    With `later`, what cannot go yet goes when this process has ended: the batch file that runs it.
    """
    if not folder.exists():
        return True
    gone = folder.with_name(f"{folder.name}.removed-{os.getpid()}")
    try:
        folder.rename(gone)  # Windows refuses while a program runs in it
    except OSError:
        return False
    shutil.rmtree(gone, ignore_errors=True)
    if gone.exists() and later:
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        silent = subprocess.DEVNULL
        command = [sys.executable, "-I", "-c", REMOVE_SOON, str(gone)]
        REMOVERS.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=silent, stderr=silent, creationflags=flags)
        )
        return True
    return not gone.exists()
