"""Installs rebal_xl on a Mac for the user who starts it: the `rebal-xl` command, and the add-in.

Excel for Mac cannot reach Python the way Excel for Windows does, so there the add-in's formulas show #N/A, with the
reason in =REBAL_WHY(cell), and its buttons say so too; the work is done by `rebal-xl` on the workbook file. A workbook
made on Windows keeps its formulas when it is opened and saved on the Mac. No Mac was at hand to try this on.

    install-mac.command               install or upgrade
    install-mac.command --uninstall   remove it

Exit codes: 0 done, 3 this Python cannot be used, 4 not a Mac, 5 packages could not be installed, 9 a file or folder
cannot be written, 10 no Python. Standard library only.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE))

from rebal_setup_python import NEWEST, OLDEST, clean_environment, explanation  # noqa: E402

BAD_PYTHON, NOT_A_MAC, NO_PACKAGES, NO_FILE = 3, 4, 5, 9
# Where Excel for Mac looks for add-ins at its start.
STARTUP = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
ADD_IN = "rebal_xl.xlam"


def main(arguments: Sequence[str], home: Path, system: str) -> int:
    """Install, or with --uninstall remove, in a user's home; returns the exit code."""
    if system != "Darwin":
        print("This installs rebal_xl on a Mac. On Windows start install.bat.")
        return NOT_A_MAC
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        print(f"rebal_xl needs Python 3.11 to 3.14, and this is {platform.python_version()}.")
        return BAD_PYTHON
    ours = home / "Library" / "Application Support" / "rebal_xl"
    add_in = home / STARTUP / ADD_IN
    try:
        if "--uninstall" in arguments:
            add_in.unlink(missing_ok=True)
            shutil.rmtree(ours, ignore_errors=True)
            print("rebal_xl is removed.")
            return 0
        return install(ours, add_in)
    except OSError as problem:
        print(f"macOS refuses: {problem}. Free space, or close Excel, and start this again.")
        return NO_FILE


def install(ours: Path, add_in: Path) -> int:
    """A private environment with the command, made under a temporary name, and the add-in; returns the exit code."""
    wheels = list(HERE.glob("rebal_xl-*.whl"))
    lock = HERE / "locks" / "requirements.lock"
    if len(wheels) != 1 or not lock.is_file():
        print(f"The folder {HERE} is not complete. Unpack the whole zip file, and start install-mac.command there.")
        return NO_FILE
    print(f"Installing rebal_xl into {ours}")
    environment = ours / "environment"
    shutil.rmtree(environment, ignore_errors=True)
    python = environment / "bin" / "python"
    pip = [str(python), "-I", "-m", "pip", "--disable-pip-version-check", "install", "--no-deps"]
    for command in (
        [sys.executable, "-I", "-m", "venv", str(environment)],
        [*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)],
        [*pip, "--no-index", str(wheels[0])],
        [str(python), "-I", "-m", "rebal_xl", "--version"],
    ):
        ran = subprocess.run(command, capture_output=True, text=True, env=clean_environment(os.environ), check=False)
        if ran.returncode != 0:
            print(explanation(ran.stdout + ran.stderr))
            return NO_PACKAGES
    (content,) = environment.glob(f"lib/python*/site-packages/rebal_xl/workbook_files/{ADD_IN}")
    add_in.parent.mkdir(parents=True, exist_ok=True)
    add_in.write_bytes(content.read_bytes())
    print(f"Done. In Terminal:  '{environment / 'bin' / 'rebal-xl'}' rebalance household.xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.home(), platform.system()))
