"""Independent programs that the tests hold the product against, each in an environment of its own under `.dev`.

They are large, so they are no requirement of anything here. An environment is made from its hashed lock in `install/`
under a temporary name and renamed when complete; a stamp inside says what it was made from.
"""

import hashlib
import importlib
import json
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAMP = "made-from.json"
# Any of these, set so, has a missing program installed instead of its test left out.
INSTALLS = {"CI": "true", "REBAL_ORACLE": "1", "REBAL_PROOF_FULL": "1"}

sys.path.insert(0, str(ROOT / "install"))
private_env = importlib.import_module("private_env")
dev = importlib.import_module("dev")
CHECKOUT = private_env.Checkout(ROOT)


class OracleMissing(Exception):
    """The program is not here; the text says how to get it."""


@dataclass(frozen=True)
class Oracle:
    """One such program."""

    name: str
    # folder under .dev
    folder: str
    lock: Path
    megabytes: int
    # packages that come as source only, built with the locked setuptools
    from_source: tuple[str, ...] = ()

    @property
    def home(self) -> Path:
        """Where it lives."""
        return Path(CHECKOUT.scratch) / self.folder

    def python(self) -> Path:
        """The Python that has it; installs it where that is wanted, else OracleMissing where it is not yet."""
        if not self._is_ready():
            if not any(os.environ.get(name, "").lower() == value for name, value in INSTALLS.items()):
                how = f"With REBAL_ORACLE=1 this test installs it ({self.megabytes} MB, once)."
                raise OracleMissing(f"{self.name} is not installed. {how}")
            try:
                self._build()
            except private_env.SetupError as problem:
                raise OracleMissing(f"{self.name} could not be installed: {problem}") from problem
        return Path(private_env.interpreter(self.home))

    def _wanted_stamp(self) -> dict[str, str]:
        return {
            "lock": hashlib.sha256(self.lock.read_bytes()).hexdigest(),
            "python": f"{platform.python_version()} {platform.machine()} {sys.base_prefix}",
        }

    def _is_ready(self) -> bool:
        try:
            return bool(json.loads((self.home / STAMP).read_text(encoding="utf-8")) == self._wanted_stamp())
        except (OSError, ValueError):
            return False

    def _build(self) -> None:
        CHECKOUT.scratch.mkdir(exist_ok=True)
        fresh = self.home.with_name(f"{self.folder}.new-{os.getpid()}")
        try:
            install = [
                *private_env.make_bare(CHECKOUT, fresh),
                "--require-hashes",
                "--no-deps",
                "--only-binary",
                ":all:",
            ]
            if self.from_source:
                # the build uses the locked setuptools and fetches nothing beside the lock
                first = fresh / "first.lock"
                packages = dev.locked_packages(self.lock.read_text(encoding="utf-8"))
                first.write_text(packages["setuptools"], encoding="utf-8")
                private_env.run_logged(CHECKOUT, [*install, "-r", str(first)])
                install += ["--no-binary", ",".join(self.from_source), "--no-build-isolation"]
            private_env.run_logged(CHECKOUT, [*install, "-r", str(self.lock)])
            (fresh / STAMP).write_text(json.dumps(self._wanted_stamp()), encoding="utf-8")
            shutil.rmtree(self.home, ignore_errors=True)
            fresh.rename(self.home)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


TAXCALC = Oracle("taxcalc", "oracle", CHECKOUT.oracle_lock, 350, ("taxcalc",))
SCIP = Oracle("SCIP", "scip", CHECKOUT.scip_lock, 160)
READERS = Oracle("The strict readers", "readers", CHECKOUT.readers_lock, 70)
