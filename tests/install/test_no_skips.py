"""In CI a test that did not run is a failure with its reason; on a developer's machine it is a skip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
PASSES = "def test_passes():\n    pass\n"
HOLES = {
    "skip": "import pytest\n@pytest.mark.skip(reason='no LibreOffice here')\ndef test_hole():\n    pass\n",
    "skip inside": "import pytest\ndef test_hole():\n    pytest.skip('no LibreOffice here')\n",
    "expected failure": (
        "import pytest\n@pytest.mark.xfail(reason='no LibreOffice here')\ndef test_hole():\n    assert 0\n"
    ),
    "module": "import pytest\npytest.skip('no LibreOffice here', allow_module_level=True)\n",
}


def run_pytest(folder: Path, ci: str, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_bytes(CONFTEST.read_bytes())
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_passes.py").write_text(PASSES)
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *more, str(folder)]
    environment = dict(os.environ) | {"CI": ci}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["alone", "shared"])
@pytest.mark.parametrize("hole", HOLES.values(), ids=HOLES.keys())
def test_a_hole_fails_in_ci_and_only_there(hole: str, processes: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "test_hole.py").write_text(hole)
    here, in_ci = run_pytest(tmp_path, "", *processes), run_pytest(tmp_path, "true", *processes)
    assert here.returncode == 0, here.stdout
    assert in_ci.returncode == 1, in_ci.stdout
    assert "no LibreOffice here" in in_ci.stdout
    assert "1 passed" in in_ci.stdout


def test_a_run_without_holes_passes_in_ci(tmp_path: Path) -> None:
    ran = run_pytest(tmp_path, "true")
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout
