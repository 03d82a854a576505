r"""Installs rebal_xl for the user who starts it, without an administrator: start install.bat, or this with Python.

    install.bat                     install, upgrade or repair
    install.bat --check             say whether what is installed works
    install.bat --uninstall         remove all of it (also: Windows Settings > Apps, "rebal_xl")
    install.bat --wheels FOLDER     install without a network from a folder of wheels (default: `wheels` beside this)

What goes where:  %LOCALAPPDATA%\rebal_xl\<version>   a private Python environment, never one that others use
                  %LOCALAPPDATA%\rebal_xl\current.json   which of them counts
                  %APPDATA%\Microsoft\Excel\XLSTART\rebal_xl.xlam   the add-in, which Excel loads at its start
                  HKEY_CURRENT_USER\Software\Classes   by which Excel finds the engine (and an entry in Settings > Apps)
Excel's settings for macros and trust are never touched. docs/it-and-security.md says more, and what to ask IT for.

Exit codes:  0 done   2 wrong usage   3 this Python cannot be used   4 not on Windows   5 packages could not be installed
             6 Excel must be closed first   7 the engine does not answer   8 --check found something wrong
             9 a file or folder cannot be read or written   10 no Python (from install.bat)
Standard library only: this runs before anything is installed.
"""

import argparse
import contextlib
import ctypes
import importlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
BAD_PYTHON, NOT_WINDOWS, NO_PACKAGES, CLOSE_EXCEL, NO_ENGINE, NOT_WELL, NO_FILE = 3, 4, 5, 6, 7, 8, 9
OLDEST, NEWEST = (3, 11), (3, 14)
LOCKS = ("requirements.lock", "requirements-excel.lock")
ADD_IN = "rebal_xl.xlam"
# What is kept beside the environments, so that removing needs no bundle.
KEPT = ("install.py", "registration.py", "install.bat", "uninstall.bat")
APPS_ENTRY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\rebal_xl"
GET_PYTHON = (
    "Install 64-bit Python 3.13 from https://www.python.org/downloads/windows/ for yourself alone, with its standard "
    "choices, and start install.bat again."
)
# How to reach a registry is the user's business; whatever else pip is told could put packages elsewhere.
KEPT_PIP_VARIABLES = re.compile(
    r"PIP_((EXTRA_)?INDEX_URL|TRUSTED_HOST|(CLIENT_)?CERT|PROXY|RETRIES|(DEFAULT_)?TIMEOUT|CONFIG_FILE|CACHE_DIR)"
)


class Problem(Exception):
    """The job cannot go on; the text says why and what to do."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Facts:
    """What matters of the Python that runs this."""

    implementation: str
    version: tuple[int, int]
    # sysconfig's name of what it was built for: win-amd64, win32, win-arm64
    platform: str
    # its executable and the folder of its library
    places: tuple[str, ...]
    free_threaded: bool
    makes_environments: bool

    @classmethod
    def here(cls) -> "Facts":
        """Those of this process."""
        return cls(
            platform.python_implementation(),
            sys.version_info[:2],
            sysconfig.get_platform(),
            (sys.executable, sys.base_prefix, str(getattr(sys, "_base_executable", ""))),
            bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
        )


def refusal(facts: Facts) -> str | None:
    """Why this Python cannot be used, with what to do; None when it can."""
    have = ".".join(map(str, facts.version))
    if facts.implementation != "CPython":
        return f"rebal_xl needs the ordinary Python (CPython), and this is {facts.implementation}. {GET_PYTHON}"
    if not OLDEST <= facts.version <= NEWEST:
        return f"rebal_xl needs Python 3.11 to 3.14, and this is {have}. {GET_PYTHON}"
    if facts.free_threaded:
        return f"This is the free-threaded build of Python {have}, for which packages are missing. {GET_PYTHON}"
    if any("\\windowsapps\\" in f"{place.lower()}\\" for place in facts.places):
        return (
            "This is the Python of the Microsoft Store. Windows hides from Excel what it writes into your folder "
            f"for programs (LOCALAPPDATA), so Excel would not find the engine. {GET_PYTHON}"
        )
    if facts.platform != "win-amd64":
        return (
            f"rebal_xl needs 64-bit Python for Intel and AMD (win-amd64; your Excel may be 32-bit, and Windows on ARM "
            f"runs it too), and this one is for {facts.platform}. {GET_PYTHON}"
        )
    if not facts.makes_environments:
        return f"This Python has no venv or no ensurepip, as the embeddable package has none. {GET_PYTHON}"
    return None


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


@dataclass(frozen=True)
class Job:
    """One run of the installer."""

    places: Places
    bundle: Path
    wheels: Path | None
    # HKEY_CURRENT_USER, except in tests
    hive: str

    def install(self) -> None:
        """Install, upgrade or repair."""
        wheel = project_wheel(self.bundle)
        version = wheel.name.split("-")[1]
        refuse_locked_add_in(self.places.add_in)
        say(f"Installing rebal_xl {version} into {self.places.home}")
        environment = self.places.fresh(version)
        before = Before.of(self)
        try:
            self.make_environment(environment, wheel)
            made = copy_add_in(environment, self.places.add_in)
            registration().register(str(environment / "Scripts" / "pythonw.exe"), self.hive)
            say("  asking the engine as Excel does ...")
            self.self_test(environment)
        except BaseException:
            before.restore(self)
            remove_folder(environment)
            raise
        made = sorted({*made, *self.places.current().get("made_folders", [])}, key=len)
        self.settle(environment, version, made)
        say("Done. Start Excel: the tab Rebalance is there, and =REBAL_VERSION() answers in any cell.")
        if excel_runs():
            say("Excel is running: close it and start it again to see the add-in.")

    def make_environment(self, environment: Path, wheel: Path) -> None:
        """A private environment with the locked packages, by their hashes, and rebal_xl."""
        say("  a private Python environment ...")
        base = str(getattr(sys, "_base_executable", None) or sys.executable)
        self.run([base, "-I", "-m", "venv", str(environment)])
        python = str(environment / "Scripts" / "python.exe")
        pip = [python, "-I", "-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--no-warn-script-location"]
        source = ["--no-index", "--find-links", str(self.wheels)] if self.wheels else []
        say(f"  packages {f'out of {self.wheels}' if self.wheels else 'from the package index'} ...")
        locks = [part for name in LOCKS for part in ("--requirement", str(self.bundle / "locks" / name))]
        self.run([*pip, *source, "--require-hashes", "--only-binary", ":all:", *locks])
        self.run([*pip, "--no-index", str(wheel)])

    def self_test(self, environment: Path) -> None:
        """Reach the engine by its name and call two formulas; Problem when it does not answer rightly."""
        python = environment / "Scripts" / "python.exe"
        code, output = self.ran([str(python), "-I", "-B", "-m", "rebal_xl.excel.selftest"])
        if code != 0:
            raise Problem(NO_ENGINE, f"The engine does not answer: {last_line(output)} The log is {self.places.log}")

    def settle(self, environment: Path, version: str, made: Sequence[str]) -> None:
        """Make the new environment the one that counts, and remove the others where no Excel holds them."""
        self.places.kept.mkdir(exist_ok=True)
        for name in KEPT:
            source = Path(registration().__file__) if name == "registration.py" else self.bundle / name
            if source.resolve().parent != self.places.kept.resolve():
                shutil.copyfile(source, self.places.kept / name)
        told = {"folder": environment.name, "version": version, "made_folders": list(made)}
        write_whole(self.places.pointer, json.dumps(told, indent=1).encode())
        write_apps_entry(version, self.places.kept / "uninstall.bat")
        for old in self.places.environments():
            if old != environment and not remove_folder(old):
                say(f"  {old} is in use by a running Excel; the next installation removes it.")

    def check(self) -> None:
        """Say what is installed and whether it works; Problem when something is wrong."""
        current = self.places.current()
        if not current:
            raise Problem(NOT_WELL, "rebal_xl is not installed for this user.")
        environment = self.places.home / str(current.get("folder"))
        wrong = []
        if registration().registered_command(self.hive) != registration().server_command(
            str(environment / "Scripts" / "pythonw.exe")
        ):
            wrong.append("The registry does not lead to the engine.")
        if not self.places.add_in.is_file():
            wrong.append(f"The add-in is not at {self.places.add_in}.")
        elif self.places.add_in.read_bytes() != add_in_of(environment):
            wrong.append(f"{self.places.add_in} is not the add-in of this version.")
        if not wrong:
            try:
                self.self_test(environment)
            except Problem as problem:
                wrong.append(str(problem))
        if wrong:
            raise Problem(NOT_WELL, " ".join([*wrong, "Start install.bat again to repair."]))
        say(f"rebal_xl {current.get('version')} is installed in {environment}, and the engine answers.")

    def uninstall(self) -> None:
        """Remove all that was installed, and what the engine left in its folder."""
        refuse_locked_add_in(self.places.add_in)
        made = [Path(folder) for folder in self.places.current().get("made_folders", [])]
        for environment in self.places.environments():
            if not remove_folder(environment):
                raise Problem(CLOSE_EXCEL, "Excel is using rebal_xl. Close Excel and start this again.")
        registration().unregister(self.hive)
        remove_apps_entry()
        self.places.add_in.unlink(missing_ok=True)
        if not remove_folder(self.places.home):
            raise Problem(CLOSE_EXCEL, f"{self.places.home} is in use. Close what is open there and start this again.")
        for folder in sorted(made, key=lambda path: len(str(path)), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()  # only when it is empty: others may use it by now
        say("rebal_xl is removed.")

    def run(self, command: Sequence[str]) -> None:
        """Run one step; Problem with a sentence when it fails."""
        code, output = self.ran(command)
        if code != 0:
            raise Problem(NO_PACKAGES, f"{explanation(output)} The log is {self.places.log}")

    def ran(self, command: Sequence[str]) -> tuple[int, str]:
        """Run a command with its output in the log; returns its exit code and its output."""
        self.places.home.mkdir(parents=True, exist_ok=True)
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=clean_environment(os.environ),
            check=False,
        )
        output = ran.stdout.decode("utf-8", "replace")
        with self.places.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {list(command)}\n{output}[{ran.returncode}]\n")
        return ran.returncode, output


@dataclass(frozen=True)
class Before:
    """What an unsuccessful run puts back."""

    add_in: bytes | None
    # the pythonw.exe of the installation that worked, "" for none
    pythonw: str
    had_home: bool

    @classmethod
    def of(cls, job: Job) -> "Before":
        """What is there now."""
        current = job.places.current().get("folder")
        pythonw = str(job.places.home / current / "Scripts" / "pythonw.exe") if current else ""
        add_in = job.places.add_in.read_bytes() if job.places.add_in.is_file() else None
        return cls(add_in, pythonw, job.places.home.exists())

    def restore(self, job: Job) -> None:
        """Put it back; the log stays."""
        if self.pythonw:
            registration().register(self.pythonw, job.hive)
        else:
            registration().unregister(job.hive)
        if self.add_in is None:
            job.places.add_in.unlink(missing_ok=True)
        elif job.places.add_in.read_bytes() != self.add_in:
            write_whole(job.places.add_in, self.add_in)


def registration() -> ModuleType:
    """registration.py: beside this in a bundle, in the package in a checkout."""
    if "registration" not in sys.modules:
        folder = HERE if (HERE / "registration.py").exists() else HERE.parent / "rebal_xl" / "excel"
        sys.path.insert(0, str(folder))
        try:
            importlib.import_module("registration")
        finally:
            sys.path.remove(str(folder))
    return sys.modules["registration"]


def project_wheel(bundle: Path) -> Path:
    """The wheel of rebal_xl in a bundle; Problem when the bundle is not complete."""
    wheels = list(bundle.glob("rebal_xl-*.whl"))
    missing = [name for name in LOCKS if not (bundle / "locks" / name).is_file()]
    if len(wheels) != 1 or missing:
        raise Problem(NO_FILE, f"The folder {bundle} is not complete. Unpack the whole zip file, and start install.bat there.")
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


def remove_folder(folder: Path) -> bool:
    """Remove a folder whole or not at all; False when a program uses what is in it."""
    if not folder.exists():
        return True
    gone = folder.with_name(f"{folder.name}.removed-{os.getpid()}")
    try:
        folder.rename(gone)  # Windows refuses while a program runs in it
    except OSError:
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return not gone.exists()


def write_apps_entry(version: str, uninstaller: Path) -> None:
    """The entry in Windows Settings > Apps, where people look to remove a program."""
    reg = registration().winreg()
    with reg.CreateKeyEx(reg.HKEY_CURRENT_USER, APPS_ENTRY, 0, reg.KEY_WRITE) as key:
        told = {"DisplayName": "rebal_xl", "DisplayVersion": version, "UninstallString": f'"{uninstaller}"'}
        for name, value in told.items():
            reg.SetValueEx(key, name, 0, reg.REG_SZ, value)
        for name in ("NoModify", "NoRepair"):
            reg.SetValueEx(key, name, 0, reg.REG_DWORD, 1)


def remove_apps_entry() -> None:
    """Remove that entry."""
    reg = registration().winreg()
    registration().remove_tree(reg, reg.HKEY_CURRENT_USER, APPS_ENTRY)


def excel_runs() -> bool:
    """Whether a window of Excel is open."""
    return bool(getattr(ctypes, "windll").user32.FindWindowW("XLMAIN", None))


def clean_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that change what Python imports or where pip installs."""
    kept = {}
    for name, value in variables.items():
        upper = name.upper()
        if upper.startswith("PYTHON") or upper in ("VIRTUAL_ENV", "__PYVENV_LAUNCHER__"):
            continue
        if upper.startswith("PIP_") and not KEPT_PIP_VARIABLES.fullmatch(upper):
            continue
        kept[name] = value
    return kept | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_NO_INPUT": "1"}


# What a step's output shows -> what that means and what to do, first match wins.
EXPLANATIONS = (
    (r"No space left|Errno 28|not enough space", "The disk is full. Free about 1 GB and start this again."),
    (
        r"do not match the hashes|Hash mismatch",
        "A package is not the one that rebal_xl was tested with, and nothing was installed. Do not work around this: "
        "get the bundle anew, or use a network you trust.",
    ),
    (
        r"Application Control|blocked by group policy|0xc0e90002|WinError 1260|WinError 4551",
        "A policy of your firm does not let the new Python environment run. Ask IT to allow it: "
        "docs/it-and-security.md says what.",
    ),
    (
        r"name resolution|getaddrinfo|NewConnectionError|ConnectTimeout|timed out|ProxyError|SSLError|Max retries"
        r"|Connection (refused|reset|aborted)|Network is unreachable",
        "The package index cannot be reached. Check the network and pip's settings for a proxy (pip config list), or "
        "use the offline bundle, which needs no network.",
    ),
    (
        r"No matching distribution|not find a version|none of the wheels' tags",
        f"There is no package for Python {platform.python_version()} here. An offline bundle may be made for other "
        "versions of Python only: look at the names in its folder `wheels`, or install Python 3.13.",
    ),
)


def explanation(output: str) -> str:
    """One sentence on why a step failed."""
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence
    return f"The private environment could not be made: {last_line(output)}"


def last_line(output: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "it said nothing.")


def say(sentence: str) -> None:
    """Tell the user."""
    print(sentence, flush=True)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(
        prog="install.bat", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="say whether what is installed works")
    what.add_argument("--uninstall", action="store_true", help="remove it")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="install from these wheels, without a network")
    # Wine, on which this is tested, looks for classes of all users only.
    parser.add_argument("--hive", default="HKEY_CURRENT_USER", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Do what was asked; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a folder's name may not be sayable here
    asked = parsed(arguments)
    try:
        if sys.platform != "win32" and os.name != "nt":
            raise Problem(NOT_WINDOWS, "This installs rebal_xl on Windows. On a Mac use install-mac.command.")
        if not asked.uninstall and (refused := refusal(Facts.here())):
            raise Problem(BAD_PYTHON, refused)
        os.chdir(tempfile.gettempdir())  # a folder cannot be removed while somebody is in it
        offered = HERE / "wheels"
        wheels = asked.wheels.resolve() if asked.wheels else offered if offered.is_dir() else None
        job = Job(Places.of_user(os.environ), HERE, wheels, asked.hive)
        step: Callable[[], None] = job.check if asked.check else job.uninstall if asked.uninstall else job.install
        step()
    except Problem as problem:
        say(f"\n{problem}")
        return problem.code
    except OSError as problem:
        say(f"\nWindows refuses: {problem}. Free space, or close what uses that file, and start this again.")
        return NO_FILE
    return 0


def launched() -> int:
    """Run, and keep the window of a double click open until it was read."""
    code = main(sys.argv[1:])
    if len(sys.argv) == 1 and sys.stdin is not None and sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            input("\nPress Enter to close this window.")
    return code


if __name__ == "__main__":
    sys.exit(launched())
