"""The household's workbook, fresh for each test."""

from pathlib import Path

import pytest

from tests.files.workbooks import advisor_workbook


@pytest.fixture(params=["xlsx", "xlsm"])
def household(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return advisor_workbook(tmp_path / f"rivera.{request.param}", macros=request.param == "xlsm")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return advisor_workbook(tmp_path / "rivera.xlsx")
