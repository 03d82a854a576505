"""The private environment of a checkout: `.venv`, made from the hashed locks, never from the system's packages.

It is made under a temporary name and renamed when complete, so an interrupted run leaves nothing half-done behind.
A stamp inside says what it was made from: a new lock, another Python or a moved folder, and it is made anew.
Standard library only: this runs before anything is installed.
"""

import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rebal_setup_python import cause, clean_environment

Level = Literal["run", "test"]

WINDOWS = os.name == "nt"
STAMP = "rebal-xl-stamp.json"
PATIENCE_SECONDS = 1800.0
# The first pip that can install into another interpreter's environment (`pip --python`).
PIP_THAT_INSTALLS_ELSEWHERE = (22, 3)


class SetupError(Exception):
    """The environment cannot be made; the text is a sentence for the user, with what to do."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the project in a folder of its own."""

    # The folder that holds pyproject.toml.
    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def scratch(self) -> Path:
        """Logs, locks and downloaded tools: ignored by git, safe to delete."""
        return self.root / ".dev"

    @property
    def log(self) -> Path:
        return self.scratch / "setup.log"

    @property
    def oracle_lock(self) -> Path:
        """The locked requirements of the independent tax program, which `.venv` never holds."""
        return self.root / "install" / "requirements-oracle.lock"

    @property
    def scip_lock(self) -> Path:
        """The locked requirements of the independent solver, which `.venv` never holds either."""
        return self.root / "install" / "requirements-scip.lock"

    @property
    def readers_lock(self) -> Path:
        """The locked requirements of the strict readers of file formats, which `.venv` never holds either."""
        return self.root / "install" / "requirements-readers.lock"

    def locks(self, level: Level) -> list[Path]:
        """The locked requirements that a level installs; each lock only adds to those before it."""
        names = ["requirements.lock"]
        if level == "test":
            names += ["requirements-excel.lock", "requirements-test.lock"]
        return [self.root / "install" / name for name in names]


def interpreter(venv: Path) -> Path:
    """The Python of an environment."""
    return venv / ("Scripts/python.exe" if WINDOWS else "bin/python")


def base_python() -> str:
    """The Python that environments are made from, also when this runs inside one."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def wanted_stamp(checkout: Checkout, level: Level) -> dict[str, str]:
    """What an environment of this level, made here and now, would be made from."""
    stamp = {
        "location": str(checkout.venv),
        "python": f"{platform.python_implementation()} {platform.python_version()} {platform.machine()}",
        "base": sys.base_prefix,
    }
    for lock in checkout.locks(level):
        try:
            stamp[lock.name] = hashlib.sha256(lock.read_bytes()).hexdigest()
        except OSError as problem:
            raise SetupError(f"Cannot read {lock} ({problem.strerror}). Restore it from version control.") from problem
    return stamp


def is_ready(checkout: Checkout, level: Level) -> bool:
    """Whether `.venv` is complete, was made from today's locks, Python and folder, and still starts."""
    try:
        found = json.loads((checkout.venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    wanted = wanted_stamp(checkout, level)
    if not isinstance(found, dict) or any(found.get(key) != value for key, value in wanted.items()):
        return False
    try:
        started = subprocess.run([interpreter(checkout.venv), "-I", "-c", ""], capture_output=True, check=False)
    except OSError:
        return False
    return started.returncode == 0


@contextlib.contextmanager
def prepared(checkout: Checkout, level: Level) -> Iterator[Path]:
    """Make `.venv` fit for the level if it is not, and hold it unchanged while the caller works with its Python."""
    while True:
        with held(checkout, shared=True):
            if is_ready(checkout, level):
                yield interpreter(checkout.venv)
                return
        with held(checkout, shared=False):
            if not is_ready(checkout, level):
                build(checkout, level)


@contextlib.contextmanager
def held(checkout: Checkout, *, shared: bool, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the checkout's lock: jobs share it, a set-up has it alone, and the system frees it when a process dies."""
    with refused_politely(checkout):
        checkout.scratch.mkdir(exist_ok=True)
        lock = (checkout.scratch / "setup.lock").open("a+b")
    with lock:
        deadline = time.monotonic() + patience
        told = False
        while not try_lock(lock.fileno(), shared=shared):
            if time.monotonic() > deadline:
                raise SetupError("Another run in this folder has not finished. Wait for it or end it, then try again.")
            if not told:
                say("Waiting for another run in this folder to finish ...")
                told = True
            time.sleep(0.2)
        yield


def try_lock(handle: int, *, shared: bool) -> bool:
    """Take the lock on an open file if it is free."""
    if sys.platform == "win32":
        import msvcrt

        # Windows has no shared lock here, and needs none: a running interpreter's folder cannot be renamed away.
        if shared:
            return True
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    else:
        import fcntl

        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def build(checkout: Checkout, level: Level) -> None:
    """Make the environment under a temporary name, then put it in place of the old one."""
    refuse_impossible_folder(checkout.root)
    sweep(checkout)
    what = "what the program needs" if level == "run" else "what the program and its tests need"
    say(f"Setting up a private Python {platform.python_version()} in {checkout.venv}")
    say(f"  with {what} (once, about a minute) ...")
    started = time.monotonic()
    fresh = checkout.root / f".venv.new-{os.getpid()}"
    try:
        with refused_politely(checkout):
            checkout.log.write_bytes(b"")
            install = make_bare(checkout, fresh)
            for lock in checkout.locks(level):
                run_logged(
                    checkout, [*install, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]
                )
            add_project(checkout.root, fresh)
            settle_scripts(fresh, checkout.venv)
            (fresh / STAMP).write_text(json.dumps(wanted_stamp(checkout, level), indent=1), encoding="utf-8")
            put_in_place(checkout, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    say(f"  ready after {time.monotonic() - started:.0f} s")


def refuse_impossible_folder(root: Path) -> None:
    """Python cannot make an environment in a folder whose name holds the sign that separates folders in PATH."""
    for sign, name in ((os.pathsep, repr(os.pathsep)), ("\n", "a line break")):
        if sign in str(root):
            raise SetupError(
                f"The folder {str(root)!r} has {name} in its name, and Python cannot make an environment there. "
                "Rename the folder or move the checkout elsewhere."
            )


def sweep(checkout: Checkout) -> None:
    """Remove what interrupted runs left behind; the lock is held, so none of it is in use."""
    for pattern in (".venv.new-*", ".venv.old-*"):
        for leftover in checkout.root.glob(pattern):
            shutil.rmtree(leftover, ignore_errors=True)


def make_bare(checkout: Checkout, fresh: Path) -> list[str]:
    """Make an empty environment; returns the command that installs into it.

    Bare Debian and Ubuntu ship `venv` without `ensurepip`: then the system's pip or uv installs from outside.
    """
    python = str(interpreter(fresh))
    venv = [base_python(), "-I", "-m", "venv"]
    if importlib.util.find_spec("ensurepip") is not None:
        with contextlib.suppress(CommandError):
            run_logged(checkout, [*venv, str(fresh)])
            return [python, "-I", "-m", "pip", "install"]
        shutil.rmtree(fresh, ignore_errors=True)
    outside = outside_installer(python)
    if outside is None or importlib.util.find_spec("venv") is None:
        raise SetupError(
            f"This Python ({sys.executable}) cannot make environments: its ensurepip module is missing, and neither "
            "pip (22.3 or newer) nor uv was found. On Debian or Ubuntu: apt install python3-venv. Then try again."
        )
    run_logged(checkout, [*venv, "--without-pip", str(fresh)])
    return outside


def outside_installer(python: str) -> list[str] | None:
    """The command with which a pip or uv outside the environment installs into it, or None."""
    pips = [[base_python(), "-P", "-m", "pip"]]
    pips += [[found] for name in ("pip3", "pip") if (found := shutil.which(name))]
    for pip in pips:
        try:
            answer = subprocess.run(
                [*pip, "--version"], capture_output=True, text=True, check=False, env=clean_environment(os.environ)
            )
        except OSError:
            continue
        version = re.match(r"pip (\d+)\.(\d+)", answer.stdout)
        if answer.returncode == 0 and version and tuple(map(int, version.groups())) >= PIP_THAT_INSTALLS_ELSEWHERE:
            return [*pip, "--python", python, "install"]
    uv = shutil.which("uv")
    return [uv, "pip", "install", "--python", python] if uv else None


def add_project(root: Path, venv: Path) -> None:
    """Let the environment's Python import the project from the checkout, and give it the `rebal-xl` command."""
    places = {"base": str(venv), "platbase": str(venv)}
    site_packages = Path(sysconfig.get_path("purelib", scheme="venv", vars=places))
    # A bare path would be read in the machine's own encoding before Python 3.13; an escaped literal is always ASCII.
    (site_packages / "rebal_xl.pth").write_text(f"import sys; sys.path.append({str(root)!a})\n", encoding="ascii")
    if WINDOWS:
        (venv / "Scripts" / "rebal-xl.cmd").write_text('@"%~dp0python.exe" -P -m rebal_xl %*\r\n', encoding="ascii")
    else:
        command = venv / "bin" / "rebal-xl"
        command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -P -m rebal_xl "$@"\n', encoding="ascii")
        command.chmod(0o755)


def settle_scripts(fresh: Path, final: Path) -> None:
    """Scripts name the Python they were installed for: make them name the place it is about to have."""
    old, new = os.fsencode(fresh), os.fsencode(final)
    for script in [*interpreter(fresh).parent.iterdir(), fresh / "pyvenv.cfg"]:
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        if old not in content:
            continue
        if script.suffix == ".exe":
            script.unlink()  # a launcher with the path baked in; `python -m` does its job
        else:
            mode = script.stat().st_mode
            script.write_bytes(content.replace(old, new))
            script.chmod(mode)


def put_in_place(checkout: Checkout, fresh: Path) -> None:
    """Swap the finished environment in; whatever had its name is removed afterwards."""
    old = checkout.root / f".venv.old-{os.getpid()}"
    if checkout.venv.is_symlink():
        checkout.venv.unlink()
    try:
        if checkout.venv.exists():
            checkout.venv.rename(old)
        fresh.rename(checkout.venv)
    except PermissionError as problem:
        raise SetupError(
            f"{checkout.venv} cannot be replaced: a program is still running in it. Close it and try again."
        ) from problem
    shutil.rmtree(old, ignore_errors=True)


class CommandError(SetupError):
    """A command of the set-up failed; the text explains it as well as its output allows."""


def run_logged(checkout: Checkout, command: list[str]) -> None:
    """Run one step of the set-up with its output in the log; raises CommandError with a sentence."""
    ran = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=clean_environment(os.environ),
        cwd=checkout.root,
        check=False,
    )
    with checkout.log.open("ab") as log:
        log.write(f"$ {command}\n".encode("utf-8", "backslashreplace") + ran.stdout)
    if ran.returncode != 0:
        output = ran.stdout.decode("utf-8", "replace")
        tail = "\n".join(f"    {line[:160]}" for line in output.strip().splitlines()[-6:])
        raise CommandError(f"{explanation(output)}\n{tail}\n  The whole output is in {checkout.log}")


# What the cause of a failure means to somebody with a checkout, and what to do.
SENTENCES = {
    "full": "The disk is full. Free about 1 GB and try again.",
    "hashes": "A downloaded package is not the one that the lock names. Nothing was installed; do not work around "
    "this. Try again on a network you trust.",
    "policy": "A policy of this machine does not let the new Python environment run. Ask IT to allow it.",
    "network": "The package registry cannot be reached. Check the network, or pip's own settings for a proxy or a "
    "mirror (pip config list), and try again.",
    "no build": f"The registry has no ready-made build of a package for Python {platform.python_version()} on "
    f"{platform.system()} {platform.machine()}. Use Python 3.11 to 3.14.",
}


def explanation(output: str) -> str:
    """One sentence on why a step of the set-up failed."""
    why = cause(output)
    return SENTENCES[why] if why else "The private environment could not be made. The installer said:"


@contextlib.contextmanager
def refused_politely(checkout: Checkout) -> Iterator[None]:
    """Turn the system's refusals (disk full, folder not writable) into a sentence."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(
                f"The disk that holds {checkout.root} is full. Free about 1 GB and try again."
            ) from problem
        raise SetupError(
            f"Cannot write in {checkout.root}: {problem.strerror or problem}. "
            "Make the folder writable, or copy the checkout to one that is."
        ) from problem


def say(sentence: str) -> None:
    """Tell the user at once, on standard error: standard output belongs to the job."""
    print(sentence, file=sys.stderr, flush=True)
