"""The folder that an advisor gets: `python3 install/dev.py bundle`, on any system, without Windows.

It holds install.bat and what it needs: install.py, the hashed locks as Windows sees them, the wheel of rebal_xl, the
guide, the template, the license and notices; with `--offline` also every wheel of the locks, so that nothing is
downloaded on the advisor's machine. Standard library only.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from email.message import Message
from email.parser import Parser
from pathlib import Path

import bundle_xlwings
from private_env import Checkout, SetupError, say
from rebal_setup_places import GUIDE, TEMPLATE
from rebal_setup_python import clean_environment

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PROGRAMS = (
    "install.bat",
    "uninstall.bat",
    "install.py",
    "rebal_setup_add_in.py",
    "rebal_setup_job.py",
    "rebal_setup_places.py",
    "rebal_setup_python.py",
    "install-mac.command",
    "install_mac.py",
)
LOCKS = ("requirements.lock", "requirements-excel.lock")
# pages, pictures, and the schemas that a page links
GUIDE_FILES = {".md", ".png", ".svg", ".json"}
WHEELS, NOTICES = "wheels", "THIRD-PARTY-NOTICES.txt"
LICENSE_FILES = re.compile(r"\.dist-info/(licenses/.+|(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$", re.IGNORECASE)


def bundle(checkout: Checkout, python: Path, arguments: Sequence[str]) -> int:
    """Make the bundle with an environment's Python, which has pip; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python3 install/dev.py bundle", description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", type=Path, default=checkout.root / "dist", help="the folder to write into")
    parser.add_argument("--offline", action="store_true", help="add the wheels of every locked package")
    parser.add_argument("--python", action="append", choices=PYTHONS, help="only for this version (default: all)")
    asked = parser.parse_args(arguments)
    versions = tuple(asked.python or PYTHONS)
    asked.out.mkdir(parents=True, exist_ok=True)
    folder = make_bundle(checkout, python, asked.out / "rebal_xl-windows", versions if asked.offline else ())
    archive = zipped(folder)
    say(f"The bundle is in {folder}, and zipped in {archive}")
    return 0


def make_bundle(checkout: Checkout, python: Path, folder: Path, offline: Sequence[str]) -> Path:
    """Write the bundle's folder anew, with wheels for these versions of Python; returns the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "locks").mkdir(parents=True)
    install = checkout.root / "install"
    for name in PROGRAMS:
        text = (install / name).read_text(encoding="utf-8")
        # cmd.exe reads batch files byte by byte and wants its own line ends
        (folder / name).write_text(text, encoding="utf-8", newline="\r\n" if name.endswith(".bat") else "\n")
    (folder / "install-mac.command").chmod(0o755)
    shutil.copy(checkout.root / "rebal_xl" / "excel" / "registration.py", folder)
    shutil.copy(checkout.root / "LICENSE", folder / "LICENSE.txt")
    for name in LOCKS:
        shutil.copy(install / name, folder / "locks")
    copy_guide(checkout.root, folder)
    build_wheel(checkout, python, folder)
    if offline:
        for version in offline:
            download_wheels(python, [install / name for name in LOCKS], version, folder / WHEELS)
        accept_wheels(folder)
    (folder / NOTICES).write_text(notices(sorted((folder / WHEELS).glob("*.whl"))), encoding="utf-8", newline="\r\n")
    return folder


def accept_wheels(folder: Path) -> None:
    """Let a bundle's locks accept the wheels beside them that were packed again."""
    bundle_xlwings.accept([folder / "locks" / name for name in LOCKS], folder / WHEELS)


def copy_guide(root: Path, folder: Path) -> None:
    """Put the pages of docs/ with their pictures into the folder, and the template beside them."""
    for source in sorted((root / "docs").rglob("*")):
        place = folder / GUIDE / source.relative_to(root / "docs")
        if source.suffix in GUIDE_FILES and "proof" not in source.relative_to(root / "docs").parts[:-1]:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
    shutil.copyfile(root / "workbook" / TEMPLATE, folder / TEMPLATE)


def build_wheel(checkout: Checkout, python: Path, folder: Path) -> None:
    """Put the wheel of rebal_xl into the folder."""
    pip(python, ["wheel", "--no-deps", "--wheel-dir", str(folder), str(checkout.root)])


def windows_requirements(lock: str) -> str:
    """The entries of a lock that Windows installs, without their conditions (pip would ask them of this system)."""
    entries = re.findall(r"^[a-z0-9](?:[^\n]*\\\n)*[^\n]*\n", lock, re.MULTILINE)
    kept = []
    for entry in entries:
        condition = re.search(r" ; sys_platform == '(\w+)'", entry)
        if condition is None:
            kept.append(entry)
        elif condition[1] == "win32":
            kept.append(entry.replace(condition[0], "", 1))
    return "".join(kept)


def download_wheels(python: Path, locks: Iterable[Path], version: str, folder: Path) -> None:
    """Download the wheels of these locks for 64-bit Windows and one version of Python, by their hashes.

    What of them nobody may hand on is left out, see `bundle_xlwings`.
    """
    folder.mkdir(exist_ok=True, parents=True)
    wanted = folder / "wanted.txt"
    wanted.write_text("".join(windows_requirements(lock.read_text(encoding="utf-8")) for lock in locks))
    target = ["--platform", "win_amd64", "--implementation", "cp", "--python-version", version]
    target += ["--only-binary", ":all:", "--no-deps", "--require-hashes"]
    try:
        pip(python, ["download", *target, "--requirement", str(wanted), "--dest", str(folder)])
    finally:
        wanted.unlink()
    bundle_xlwings.leave_out_pro(folder)


def pip(python: Path, arguments: Sequence[str]) -> None:
    """Run pip; SetupError with the end of its output when it fails."""
    command = [str(python), "-I", "-m", "pip", "--disable-pip-version-check", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, env=clean_environment(os.environ), check=False)
    if ran.returncode != 0:
        raise SetupError(f"pip {arguments[0]} failed:\n{(ran.stdout + ran.stderr)[-2000:]}")


def notices(wheels: Iterable[Path]) -> str:
    """The licenses of all that a bundle brings along, out of the wheels' own metadata."""
    parts = [
        "rebal_xl is under the MIT license (LICENSE.txt). It works with the packages below, each under its own. Of "
        "xlwings a bundle brings the open-source part along: its wheel was packed again without the folder `pro`, "
        "which has a license of its own. rebal_xl neither needs nor loads that folder where PyPI's wheel brings it."
    ]
    seen: set[str] = set()
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
            told = Parser().parsestr(archive.read(metadata).decode("utf-8"))
            title = f"{told['Name']} {told['Version']}"
            if title in seen:
                continue  # the same package for another version of Python
            seen.add(title)
            texts = [archive.read(name).decode("utf-8", "replace") for name in names if LICENSE_FILES.search(name)]
        parts.append(f"{'=' * 80}\n{title}: {license_of(told)}\n" + "\n".join(text.strip() for text in texts))
    if not seen:
        parts.append("This bundle brings none of them along: they are downloaded, with their licenses, from PyPI.")
    return "\n\n".join(parts) + "\n"


def license_of(told: Message) -> str:
    """The license as a package's metadata names it."""
    short = told.get("License-Expression") or (told.get("License") or "").split("\n")[0].strip()
    classifiers = [
        text.rsplit(" :: ", 1)[1] for text in told.get_all("Classifier", []) if text.startswith("License ::")
    ]
    if short.startswith("Copyright"):
        short = ""  # some put the whole text there
    return short or ", ".join(classifiers) or "see the text below"


def zipped(folder: Path) -> Path:
    """The folder as a zip file beside it."""
    return Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))


if __name__ == "__main__":
    sys.exit("Start it as: python3 install/dev.py bundle")
