"""What of xlwings an offline bundle hands on, and that pip installs it by the bundle's locks."""

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "install"))
bundle_xlwings = importlib.import_module("bundle_xlwings")

PYPI_HASH = "    --hash=sha256:" + 64 * "1"


def xlwings_wheel(folder: Path) -> Path:
    """A wheel in xlwings' shape: the open-source part, the paid folder, and a license for each."""
    files = {
        "xlwings/__init__.py": "__pro__ = False",
        "xlwings/pro/__init__.py": "",
        "xlwings/pro/reports/main.py": "",
        "xlwings-0.37.8.dist-info/METADATA": (
            "Name: xlwings\nVersion: 0.37.8\nLicense-File: LICENSE.txt\nLicense-File: LICENSE_PRO.txt\n"
        ),
        "xlwings-0.37.8.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
        "xlwings-0.37.8.dist-info/LICENSE.txt": "BSD",
        "xlwings-0.37.8.dist-info/LICENSE_PRO.txt": "paid",
        "xlwings-0.37.8.dist-info/RECORD": "xlwings/pro/__init__.py,,\n",
    }
    path = folder / "xlwings-0.37.8-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return path


def test_a_bundle_hands_on_the_open_source_part_of_xlwings_alone(tmp_path):
    xlwings_wheel(tmp_path)
    (made,) = bundle_xlwings.leave_out_pro(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["xlwings-0.37.8-1rebal-py3-none-any.whl"]
    with zipfile.ZipFile(made) as wheel:
        names = wheel.namelist()
        record = wheel.read("xlwings-0.37.8.dist-info/RECORD").decode().splitlines()
        texts = [wheel.read(name) for name in names if name.endswith(("WHEEL", "METADATA"))]
    assert not [name for name in names if "pro" in name.lower()]
    assert {line.split(",")[0] for line in record} == set(names)
    assert b"Build: 1rebal\n" in texts[1] + texts[0]
    assert not any(b"PRO" in text for text in texts)
    # packed already, and the same bytes from the same wheel
    assert bundle_xlwings.leave_out_pro(tmp_path) == []
    before = made.read_bytes()
    xlwings_wheel(tmp_path)
    assert [again.read_bytes() for again in bundle_xlwings.leave_out_pro(tmp_path)] == [before]


def test_the_bundles_lock_lets_pip_install_that_wheel_by_its_hash(tmp_path):
    wheels, lock = tmp_path / "wheels", tmp_path / "requirements-excel.lock"
    wheels.mkdir()
    xlwings_wheel(wheels)
    lock.write_text(f"xlwings==0.37.8 \\\n{PYPI_HASH}\n")
    command = [sys.executable, "-m", "pip", "install", "--no-index", "--find-links", str(wheels), "--require-hashes"]
    command += ["--no-deps", "--target", str(tmp_path / "installed"), "--requirement", str(lock)]
    bundle_xlwings.leave_out_pro(wheels)
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    for _ in range(2):  # accepting it twice adds nothing
        bundle_xlwings.accept([lock], wheels)
    assert lock.read_text().count("--hash") == 2
    subprocess.run(command, capture_output=True, check=True)
    assert (tmp_path / "installed" / "xlwings" / "__init__.py").read_text() == "__pro__ = False"
    assert not (tmp_path / "installed" / "xlwings" / "pro").exists()
