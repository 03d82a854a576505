"""Installs rebal_xl on a Mac for the user who starts it, without an administrator: the buttons of Excel's tab
Rebalance, and the `rebal-xl` command.

    install-mac.command                     install, upgrade or repair
    install-mac.command --check             say whether what is installed works
    install-mac.command --uninstall         remove all of it
    install-mac.command --wheels FOLDER     install without a network from a folder of wheels for this Mac

What goes where, below your home folder:
    Library/Application Support/rebal_xl/<version>   a private Python environment, never one that others use
    Library/Application Support/rebal_xl/current     which of them counts
    Library/Application Scripts/com.microsoft.Excel/rebal_xl.applescript   the one script that the buttons may start
    Library/Group Containers/UBF8T346G9.Office/…/Startup.localized/Excel/rebal_xl.xlam   the add-in

Excel for Mac cannot reach Python from a formula: there formulas show #N/A, with the reason in =REBAL_WHY(cell). A
workbook made on Windows keeps its formulas. No Mac was at hand to try this on.

Exit codes: 0 done, 2 wrong usage, 3 this Python cannot be used, 4 not a Mac, 5 packages could not be installed, 7 the
installed program does not answer, 8 --check found something wrong, 9 a file or folder cannot be read or written, 10 no
Python (from install-mac.command). Standard library only.
"""

import argparse
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
# At the end: a folder of downloads may hold any file.
sys.path.append(str(HERE))

from rebal_setup_job import SetupJob, ended, options, say  # noqa: E402
from rebal_setup_places import (  # noqa: E402
    ADD_IN,
    BAD_PYTHON,
    NO_ENGINE,
    NO_FILE,
    NOT_WELL,
    Places,
    Problem,
    copy_guide,
    project_wheel,
    remove_folder,
    write_whole,
)
from rebal_setup_python import NEWEST, OLDEST, Facts, last_line  # noqa: E402

NOT_A_MAC = 4
STARTER = "install-mac.command"
# Where Excel for Mac looks for add-ins at its start, and for the scripts that it may run.
STARTUP = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
SCRIPT = "rebal_xl.applescript"
# What is kept beside the environments, so that removing needs no bundle.
KEPT = ("install_mac.py", "rebal_setup_job.py", "rebal_setup_places.py", "rebal_setup_python.py", STARTER)
GET_PYTHON = f"Install Python 3.13 from https://www.python.org/downloads/macos/ and start {STARTER} again."
# What must hold inside the environment: the engine answers, and the module that a click starts can be loaded.
EXAMINATIONS = (("-m", "rebal_xl.excel.selftest", "--inside"), ("-c", "import rebal_xl.excel.mac"))


@dataclass(frozen=True)
class MacPlaces(Places):
    """The folders of one user of a Mac; `roaming` is the home folder."""

    @classmethod
    def below(cls, home: Path) -> "MacPlaces":
        """As macOS names them."""
        return cls(home / "Library" / "Application Support", home)

    @property
    def add_in(self) -> Path:
        return self.roaming / STARTUP / ADD_IN

    @property
    def script(self) -> Path:
        return self.roaming / SCRIPTS / SCRIPT

    @property
    def link(self) -> Path:
        """What the script follows to the environment that counts."""
        return self.home / "current"

    @property
    def logs(self) -> Path:
        return self.roaming / "Library" / "Logs" / "rebal_xl"

    def put(self) -> dict[str, Path]:
        """Files that are copied out of the package, and where to."""
        return {ADD_IN: self.add_in, SCRIPT: self.script}


@dataclass(frozen=True)
class Job(SetupJob):
    """One run of the installer."""

    places: MacPlaces

    def install(self) -> None:
        """Install, upgrade or repair."""
        wheel = project_wheel(self.bundle, STARTER)
        version = wheel.name.split("-")[1]
        say(f"Installing rebal_xl {version} into {self.places.home}")
        environment = self.places.fresh(version)
        made = set(self.places.current().get("made_folders", []))
        try:
            self.make_environment(environment, wheel)
            self.self_test(environment)
            copy_guide(self.bundle, environment)
            for name, target in self.places.put().items():
                made |= {str(folder) for folder in (target.parent, *target.parent.parents) if not folder.exists()}
                target.parent.mkdir(parents=True, exist_ok=True)
                write_whole(target, packaged(environment, name))
        except BaseException:
            remove_folder(environment)
            raise
        self.settle(environment, version, sorted(made, key=len))
        say("Done. Start Excel anew: the tab Rebalance is there. macOS asks at the first click whether it may be used.")
        say(f"In Terminal:  '{self.places.link / 'bin' / 'rebal-xl'}' rebalance household.xlsx")

    def make_environment(self, environment: Path, wheel: Path) -> None:
        """A private environment with the locked packages, by their hashes, and rebal_xl."""
        say("  a private Python environment ...")
        self.run([sys.executable, "-I", "-m", "venv", str(environment)])
        self.add_packages(python_of(environment), environment, wheel)

    def self_test(self, environment: Path) -> None:
        """Load what a click loads and call formulas; Problem when they do not answer rightly."""
        for arguments in EXAMINATIONS:
            code, output = self.ran([*python_of(environment), *arguments])
            if code != 0:
                told = f"What was installed does not answer: {last_line(output)} The log is {self.places.log}"
                raise Problem(NO_ENGINE, told)

    def settle(self, environment: Path, version: str, made: Sequence[str]) -> None:
        """Make the new environment the one that counts, and remove the others."""
        draft = self.places.link.with_name("current.new")
        draft.unlink(missing_ok=True)
        draft.symlink_to(environment.name)
        draft.replace(self.places.link)
        self.point_to(environment, version, made)
        self.places.kept.mkdir(exist_ok=True)
        for name in KEPT:
            if self.bundle.resolve() != self.places.kept.resolve():
                shutil.copy(self.bundle / name, self.places.kept / name)
        for old in self.places.environments():
            if old not in (environment, self.places.link):
                remove_folder(old)

    def check(self) -> None:
        """Say what is installed and whether it works; Problem when something is wrong."""
        environment, version = self.installed()
        wrong = []
        if self.places.link.resolve() != environment.resolve():
            wrong.append(f"{self.places.link} does not lead to {environment}.")
        for name, target in self.places.put().items():
            if not target.is_file():
                wrong.append(f"{target} is missing.")
            elif target.read_bytes() != packaged(environment, name):
                wrong.append(f"{target} is not that of this version.")
        if not wrong:
            try:
                self.self_test(environment)
            except Problem as problem:
                wrong.append(str(problem))
        if wrong:
            raise Problem(NOT_WELL, " ".join([*wrong, f"Start {STARTER} again to repair."]))
        say(f"rebal_xl {version} is installed in {environment}, and answers.")

    def uninstall(self) -> None:
        """Remove all that was installed, and what rebal_xl left."""
        made = [Path(folder) for folder in self.places.current().get("made_folders", [])]
        for target in self.places.put().values():
            target.unlink(missing_ok=True)
        for folder in (self.places.home, self.places.logs):
            if not remove_folder(folder):
                raise Problem(NO_FILE, f"{folder} cannot be removed. Close Excel and start this again.")
        for folder in sorted(made, key=lambda path: len(str(path)), reverse=True):
            # only when it is empty: others may use it by now
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        say("rebal_xl is removed.")


def python_of(environment: Path) -> list[str]:
    """The command of an environment's Python, which takes nothing from variables or from where it is started."""
    return [str(environment / "bin" / "python"), "-I", "-X", "utf8"]


def packaged(environment: Path, name: str) -> bytes:
    """A file as the package in an environment brings it; Problem when it is not there."""
    found = sorted(environment.glob(f"lib/python*/site-packages/rebal_xl/workbook_files/{name}"))
    if not found:
        raise Problem(NO_FILE, f"{name} is missing in {environment}. Start {STARTER} again to repair.")
    return found[0].read_bytes()


def refusal(facts: Facts) -> str | None:
    """Why this Python cannot be used on a Mac, with what to do; None when it can."""
    have = ".".join(map(str, facts.version))
    if facts.implementation != "CPython":
        return f"rebal_xl needs the ordinary Python (CPython), and this is {facts.implementation}. {GET_PYTHON}"
    if not OLDEST <= facts.version <= NEWEST:
        return f"rebal_xl needs Python 3.11 to 3.14, and this is {have}. {GET_PYTHON}"
    if facts.free_threaded:
        return f"This is the free-threaded build of Python {have}, for which packages are missing. {GET_PYTHON}"
    if not facts.makes_environments:
        return f"This Python has no venv or no ensurepip. {GET_PYTHON}"
    return None


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments."""
    return options(STARTER, __doc__, "install from these wheels, without a network").parse_args(arguments)


def main(arguments: Sequence[str], home: Path, system: str, bundle: Path = HERE) -> int:
    """Do what was asked in a user's home; returns the exit code."""
    asked = parsed(arguments)

    def step() -> None:
        if system != "Darwin":
            raise Problem(NOT_A_MAC, "This installs rebal_xl on a Mac. On Windows start install.bat.")
        if not asked.uninstall and (refused := refusal(Facts.here())):
            raise Problem(BAD_PYTHON, refused)
        job = Job(MacPlaces.below(home), bundle, asked.wheels.resolve() if asked.wheels else None)
        (job.check if asked.check else job.uninstall if asked.uninstall else job.install)()

    told = "macOS refuses: {}. Let Terminal access that folder when macOS asks, free space, and try again."
    return ended(step, told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.home(), platform.system()))
