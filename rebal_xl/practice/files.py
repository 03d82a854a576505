"""Which files of a folder are households: neither our own backups and results, nor what other programs leave there."""

import re
from pathlib import Path

from rebal_xl.files.refusal import FileRefused
from rebal_xl.household import Skipped

ENDINGS = (".xlsx", ".xlsm", ".csv")
# As rebal_xl.files.save names them.
_BACKUP = re.compile(r".+\.backup-\d{8}-\d{6}(-\d+)?")
_RESULT = re.compile(r"(?P<of>.+) rebalanced( \d+)?", re.IGNORECASE)
# As the button Orders names its files.
_ORDERS = re.compile(r"orders( \d{4}-\d\d-\d\d)?( \d+)?\.csv", re.IGNORECASE)

LOCK_FILE = "left by a program that has the workbook open"
BACKUP = "a backup"
ORDERS = "orders of a plan"


def book_files(folder: Path) -> tuple[tuple[Path, ...], tuple[Skipped, ...]]:
    """The household files of a folder by name, and the files left out with the reason; folders in it are not entered.

    A file of other endings than .xlsx, .xlsm and .csv is neither. Raises FileRefused when the folder cannot be read.
    """
    if not folder.is_dir():
        raise FileRefused(f"There is no folder '{folder}'. Choose another one.")
    try:
        listed = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file()]
    except OSError as error:
        raise FileRefused(
            f"The folder '{folder}' cannot be read: {error.strerror or error}. Choose another one."
        ) from error
    listed.sort(key=lambda path: (path.name.casefold(), path.name))
    names = frozenset(path.name.casefold() for path in listed)
    reasons = [(path, _why_not(path, names)) for path in listed]
    return (
        tuple(path for path, why in reasons if not why),
        tuple(Skipped(path.name, why) for path, why in reasons if why),
    )


def _why_not(path: Path, names: frozenset[str]) -> str:
    """Why a file is no household; "" when it is one, as far as its name can tell."""
    if path.name.startswith(("~$", ".")):
        return LOCK_FILE
    if _BACKUP.fullmatch(path.stem):
        return BACKUP
    if _ORDERS.fullmatch(path.name):
        return ORDERS
    result = _RESULT.fullmatch(path.stem)
    # Whoever keeps nothing but the result works on it: then it is his household.
    if result and f"{result['of']}{path.suffix}".casefold() in names:
        return f"the result of '{result['of']}{path.suffix}'"
    return ""
