"""The sample household as the workbook an advisor would keep it in."""

from pathlib import Path

from rebal_xl.sample.household import sample_household
from rebal_xl.sample.policy import sample_policy
from rebal_xl.sheets.save import save_workbook
from rebal_xl.sheets.template import build_template


def write_sample_workbook(path: Path) -> Path:
    """Write the sample household's workbook (.xlsx); its folder is made when missing. Returns the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(build_template(sample_household(), sample_policy()), path)
    return path
