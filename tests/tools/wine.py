"""A Windows to install the add-in on, made under Wine: python.org's own CPython, pywin32 and COM, without Excel.

The rig lives in .dev/wine. It holds a Windows Python without any package (what an advisor has from python.org), the
wheels of the locks for it, and a fresh Wine prefix, which each test session copies. It is made under a temporary name
and renamed when complete; a stamp inside says what it was made from.

Where the Windows Python comes from: the DLLs and extension modules are python.org's, as the `panda3d` wheel on PyPI
redistributes them; the pure-Python library is this machine's own Python of the same minor version; python.exe and
pythonw.exe are fifteen lines of C (tests/tools/wine). Wine 8 lacks two things that wheels need, see the C sources.

What this cannot show: Excel itself, its trust settings, PowerShell, and Windows' own last bits of arithmetic.
"""

import contextlib
import fcntl
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.tools.oracle_env import CHECKOUT, ROOT, private_env

bundle = importlib.import_module("bundle")

SOURCES = Path(__file__).with_name("wine")
HOME = Path(CHECKOUT.scratch) / "wine"
STAMP = "made-from.json"
COMPILER = "x86_64-w64-mingw32-gcc"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PANDA3D = "panda3d==1.10.16"  # its wheels carry CPython 3.11.9, 3.12.10 and 3.13.11
WITH_PYTHON = ("3.11", "3.12", "3.13")
LOCKS = [ROOT / "install" / name for name in bundle.LOCKS]
# No window pops up to install Mono or Gecko, and no library of Wine's is heard.
QUIET = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=", "WINEARCH": "win64"}


class WineMissing(Exception):
    """The rig is not here; the text says how to get it."""


@dataclass(frozen=True)
class Ran:
    """What a program under Wine said, and its exit code."""

    code: int
    output: str


@dataclass(frozen=True)
class Windows:
    """One Windows: a Wine prefix of its own, whose programs end with it."""

    prefix: Path
    # Variables that every program sees.
    variables: Mapping[str, str]

    @property
    def drive(self) -> Path:
        """Drive C:."""
        return self.prefix / "drive_c"

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables of a program: this machine's, without Python's and pip's, and our own."""
        ours = private_env.clean_environment(os.environ)
        return ours | QUIET | {"WINEPREFIX": str(self.prefix)} | dict(self.variables) | dict(more or {})

    def run(self, *command: str | Path, variables: Mapping[str, str] | None = None, timeout: float = 600) -> Ran:
        """Run a program to its end; paths are given as this machine names them, or as Windows does."""
        # Wine 8 lets no Windows program write into a regular file it inherits: output goes through a pipe.
        ran = subprocess.run(
            ["wine", *(windows_path(part) if isinstance(part, Path) else part for part in command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environment(variables),
            timeout=timeout,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode("utf-8", "replace").replace("\r\n", "\n"))

    def runs(self, words: str) -> bool:
        """Whether a program of this Windows runs whose command line has these words."""
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = os.fsencode(f"WINEPREFIX={self.prefix}") in (process / "environ").read_bytes().split(b"\0")
                if ours and words.encode() in (process / "cmdline").read_bytes():
                    return True
        return False

    def settle(self) -> None:
        """Wait until every program has ended, and the registry is written."""
        subprocess.run(["wineserver", "-w"], env=self.environment(), check=False, capture_output=True, timeout=60)

    def close(self) -> None:
        """End every program of this Windows."""
        subprocess.run(["wineserver", "-k"], env=self.environment(), check=False, capture_output=True)
        self.settle()


def windows_path(path: Path) -> str:
    r"""A path of this machine as Windows programs name it: drive Z: is the root."""
    return "Z:" + str(path).replace("/", "\\")


@dataclass(frozen=True)
class Rig:
    """The finished parts."""

    home: Path

    @property
    def python(self) -> Path:
        """The folder of the Windows Python, as python.org's installer leaves it: no package but the library."""
        return self.home / f"Python{VERSION.replace('.', '')}"

    @property
    def wheels(self) -> Path:
        """The wheels of the locks for it."""
        return self.home / "wheels"

    @contextlib.contextmanager
    def windows(self, variables: Mapping[str, str] | None = None) -> Iterator[Windows]:
        """A Windows that nothing was installed on yet; it is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="rebal-wine-", ignore_cleanup_errors=True) as folder:
            prefix = Path(folder) / "prefix"
            shutil.copytree(self.home / "prefix", prefix, symlinks=True)
            machine = Windows(prefix, {"WINEPATH": windows_path(self.python), **(variables or {})})
            try:
                yield machine
            finally:
                machine.close()


def rig() -> Rig:
    """The rig; makes it where that is wanted (CI=true or REBAL_WINE=1), else WineMissing where there is none yet."""
    for program in ("wine", "wineserver", COMPILER):
        if shutil.which(program) is None:
            raise WineMissing(f"{program} is not on the PATH; .ci/run installs wine and mingw.")
    if VERSION not in WITH_PYTHON:
        raise WineMissing(f"There is a Windows Python for {', '.join(WITH_PYTHON)}, and these tests run on {VERSION}.")
    HOME.parent.mkdir(exist_ok=True)
    with HOME.with_name("wine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the system frees it when this process ends
        if not is_ready():
            if os.environ.get("CI", "").lower() != "true" and os.environ.get("REBAL_WINE") != "1":
                raise WineMissing("The Windows rig is not made. With REBAL_WINE=1 this test makes it (1.5 GB, once).")
            build()
    return Rig(HOME)


def wanted_stamp() -> dict[str, str]:
    """What a rig made here and now would be made from."""
    makers = [Path(__file__), Path(bundle.__file__), Path(bundle.bundle_xlwings.__file__)]
    made_from = [*makers, *sorted(SOURCES.iterdir()), *LOCKS]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()
    return {"sources": digest, "python": sys.version, "wine": output_of(["wine", "--version"]), "panda3d": PANDA3D}


def is_ready() -> bool:
    """Whether a rig is there and was made from today's sources."""
    try:
        return bool(json.loads((HOME / STAMP).read_text(encoding="utf-8")) == wanted_stamp())
    except (OSError, ValueError):
        return False


def build() -> None:
    """Make the rig under a temporary name, then put it in place of the old one."""
    for leftover in HOME.parent.glob("wine.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh = HOME.with_name(f"wine.new-{os.getpid()}")
    try:
        made = Rig(fresh)
        add_python(made.python, fresh / "download")
        add_programs(made.python)
        bundle.download_wheels(Path(sys.executable), LOCKS, VERSION, made.wheels)
        add_prefix(fresh / "prefix")
        (fresh / STAMP).write_text(json.dumps(wanted_stamp(), indent=1), encoding="utf-8")
        shutil.rmtree(HOME, ignore_errors=True)
        fresh.rename(HOME)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def add_python(python: Path, download: Path) -> None:
    """Put the interpreter's DLLs, its extension modules and the pure-Python library into a folder."""
    target = ["--platform", "win_amd64", "--python-version", VERSION, "--only-binary", ":all:", "--no-deps"]
    bundle.pip(Path(sys.executable), ["download", *target, "--dest", str(download), PANDA3D])
    (python / "DLLs").mkdir(parents=True)
    (wheel,) = download.glob("panda3d-*win_amd64.whl")
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            folder, _, name = entry.filename.rpartition("/")
            # Wine maps api-ms-* itself; cp3XXt is for free-threaded builds
            if folder != "deploy_libs" or name.startswith(("api-ms-", "_test")) or "t-win_amd64" in name:
                continue
            home = python if name.lower().startswith(("python3", "vcruntime")) else python / "DLLs"
            (home / name).write_bytes(archive.read(entry))
    shutil.rmtree(download)
    library = Path(sysconfig.get_path("stdlib"))
    unwanted = shutil.ignore_patterns(
        "site-packages", "dist-packages", "__pycache__", "*.so", "lib-dynload", "test", "tests", "config-*", "idlelib",
        "_sysconfigdata*", "EXTERNALLY-MANAGED",
    )  # fmt: skip
    shutil.copytree(library, python / "Lib", ignore=unwanted)
    (python / "Lib" / "site-packages").mkdir(exist_ok=True)


def add_programs(python: Path) -> None:
    """Compile python.exe, pythonw.exe, and what `python -m venv` copies into an environment."""
    library = next(python.glob(f"python{VERSION.replace('.', '')}.dll"))
    redirectors = python / "Lib" / "venv" / "scripts" / "nt"
    redirectors.mkdir(parents=True, exist_ok=True)
    for name, flags in (("python.exe", []), ("pythonw.exe", ["-mwindows", "-DGUI"])):
        parts = [str(SOURCES / "launcher.c"), str(SOURCES / "c99complex.c"), str(library)]
        compile_c(python / name, ["-municode", *flags, *parts])
        compile_c(redirectors / name, ["-municode", *flags, str(SOURCES / "venvlauncher.c")])


def add_prefix(prefix: Path) -> None:
    """Make a Wine prefix that calls itself Windows 10 and has what Wine 8 lacks."""
    machine = Windows(prefix, {})
    prefix.mkdir()
    try:
        machine.run("wineboot", "-i")
        machine.run("winecfg", "-v", "win10")
        cut_off_home(machine.drive / "users")
        system = machine.drive / "windows" / "system32"
        compile_c(system / "bcryptprimitives.dll", ["-shared", str(SOURCES / "bcryptprimitives.c"), "-ladvapi32"])
    finally:
        machine.settle()


def cut_off_home(users: Path) -> None:
    """Give the Windows user folders of his own: Wine makes them links into this machine's home."""
    for folder in users.rglob("*"):
        if folder.is_symlink():
            folder.unlink()
            folder.mkdir()


def compile_c(program: Path, arguments: Sequence[str]) -> None:
    """Compile one program for Windows."""
    output_of([COMPILER, "-O1", "-s", "-static-libgcc", "-o", str(program), *arguments])


def output_of(command: Sequence[str]) -> str:
    """What a command of this machine prints; RuntimeError with its errors when it fails."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{ran.stderr[-3000:]}")
    return ran.stdout.strip()
