"""A small checkout of its own for the tests of install/, in a folder with a name that people do use.

Nothing in it needs a network: its locks are empty.
"""

import importlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSTALL = ROOT / "install"
sys.path.insert(0, str(INSTALL))
dev = importlib.import_module("dev")
private_env = importlib.import_module("private_env")

# Stands in for the project: says what it was given, and ends with the code it is asked for.
PROGRAM = """
import json, os, sys
import rebal_xl
told = {name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "PIP_"))}
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "package": rebal_xl.__file__, "variables": told}))
sys.exit(int(os.environ.get("END_WITH", "0")))
"""


def make_checkout(root: Path) -> "private_env.Checkout":
    for folder in ("install", "rebal_xl"):
        (root / folder).mkdir(parents=True)
    for name in ("dev.py", "private_env.py", "rebal_setup_python.py"):
        (root / "install" / name).write_bytes((INSTALL / name).read_bytes())
    for name in ("requirements.lock", "requirements-excel.lock", "requirements-test.lock"):
        (root / "install" / name).write_text("# nothing to install\n")
    (root / "rebal_xl" / "__init__.py").write_text("")
    (root / "rebal_xl" / "__main__.py").write_text(PROGRAM)
    return private_env.Checkout(root)


def run_demo(checkout: "private_env.Checkout", *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout.root / "install" / "dev.py"), "demo", *arguments]
    environment = dict(os.environ) | {"PYTHONIOENCODING": "utf-8"} | variables
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=Path.home(), env=environment)
