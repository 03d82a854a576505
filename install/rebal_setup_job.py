"""What the installers of Windows and macOS do alike: run a step with its output in the log, install the packages, tell
which installation counts, and end with a sentence and an exit code. Standard library only.
"""

import argparse
import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rebal_setup_places import LOCKS, NO_FILE, NO_PACKAGES, NOT_WELL, Places, Problem, write_whole
from rebal_setup_python import clean_environment, explanation

# How pip installs what is locked: nothing but that, by its hash, and never by building it.
PIP = ("-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--no-cache-dir")
BY_HASH = ("--no-warn-script-location", "--require-hashes", "--only-binary", ":all:")


@dataclass(frozen=True)
class SetupJob:
    """One run of an installer."""

    places: Places
    bundle: Path
    # a folder of wheels to install from without a network
    wheels: Path | None

    def add_packages(self, python: Sequence[str], environment: Path, wheel: Path, *more: str) -> None:
        """The locked packages and rebal_xl into an environment, by their hashes; `more` are options of pip's."""
        source = ["--no-index", "--find-links", str(self.wheels)] if self.wheels else []
        say(f"  packages {f'out of {self.wheels}' if self.wheels else 'from the package index'} ...")
        ours = environment / "rebal_xl.txt"
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        ours.write_text(f"rebal-xl @ {wheel.as_uri()} --hash=sha256:{digest}\n", encoding="utf-8")
        wanted = [*(self.bundle / "locks" / name for name in LOCKS), ours]
        named = [part for path in wanted for part in ("--requirement", str(path))]
        self.run([*python, *PIP, *more, *source, *BY_HASH, *named])

    def point_to(self, environment: Path, version: str, made: Sequence[str]) -> None:
        """Write down which environment counts, and which folders were made for it."""
        told = {"folder": environment.name, "version": version, "made_folders": list(made)}
        write_whole(self.places.pointer, json.dumps(told, indent=1).encode())

    def installed(self) -> tuple[Path, object]:
        """The environment that counts, and its version; Problem when there is none."""
        current = self.places.current()
        if not current:
            raise Problem(NOT_WELL, "rebal_xl is not installed for this user.")
        return self.places.home / str(current.get("folder")), current.get("version")

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
            env=clean_environment(os.environ, folders=False),
            check=False,
        )
        output = ran.stdout.decode("utf-8", "replace")
        with self.places.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {list(command)}\n{output}[{ran.returncode}]\n")
        return ran.returncode, output


def say(sentence: str) -> None:
    """Tell the user."""
    print(sentence, flush=True)


def options(starter: str, described: str | None, wheels: str) -> argparse.ArgumentParser:
    """What both installers may be asked; `wheels` says what the folder of wheels is."""
    parser = argparse.ArgumentParser(
        prog=starter,
        description=described,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="say whether what is installed works")
    what.add_argument("--uninstall", action="store_true", help="remove it")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help=wheels)
    return parser


def ended(step: Callable[[], None], refuses: str) -> int:
    """Take the step; the exit code. `refuses` is what to say of what the system refuses, with {} for it."""
    try:
        step()
    except Problem as problem:
        say(f"\n{problem}")
        return problem.code
    except OSError as problem:
        say(f"\n{refuses.format(problem)}")
        return NO_FILE
    return 0
