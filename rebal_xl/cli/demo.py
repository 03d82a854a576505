"""The sample household's files, written to look at and to learn with."""

from pathlib import Path

from rebal_xl.api import FileRefused
from rebal_xl.files.save import save_workbook
from rebal_xl.sample import sample_household, sample_policy
from rebal_xl.sample.custodians import write_custodian_files
from rebal_xl.sheets.save import workbook_bytes
from rebal_xl.sheets.template import build_template

WORKBOOK = "household.xlsx"
RESULT = "household rebalanced.xlsx"
CUSTODIANS = "custodians"


def write_samples(folder: Path) -> Path:
    """Write the sample workbook and the custodians' files into a folder, made when missing; returns the workbook.

    A workbook in which somebody wrote something is kept as a backup. Raises FileRefused when a file cannot be written.
    """
    data = workbook_bytes(build_template(sample_household(), sample_policy()))
    path = folder / WORKBOOK
    try:
        write_custodian_files(folder / CUSTODIANS)
        changed = path.exists() and path.read_bytes() != data
    except OSError as error:
        raise FileRefused(
            f"The sample files cannot be written to '{folder}': {error.strerror or error}. Choose another --folder."
        ) from error
    save_workbook(data, path, backup=changed)
    return path
