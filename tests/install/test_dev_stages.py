"""What install/dev.py says and does where something is missing, and the stages and locks of a test run."""

import ast
import os
import subprocess
import sys
import tomllib
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.install.checkout import INSTALL, ROOT, dev, make_checkout, private_env


class TestAPythonWithoutEnsurepip:
    """Debian and Ubuntu ship `venv` without `ensurepip` until python3-venv is installed."""

    @pytest.fixture
    def commands(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        ran: list[list[str]] = []
        monkeypatch.setattr(private_env, "run_logged", lambda _, command: ran.append(command))
        monkeypatch.setattr(
            private_env.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object()
        )
        return ran

    def test_the_systems_pip_installs_from_outside(
        self, commands: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(private_env.subprocess, "run", lambda *_, **__: answer("pip 22.3.1 from somewhere"))
        install = private_env.make_bare(private_env.Checkout(tmp_path), tmp_path / "fresh")
        assert "--without-pip" in commands[0]
        assert install[1:] == [
            "-P",
            "-m",
            "pip",
            "--python",
            str(private_env.interpreter(tmp_path / "fresh")),
            "install",
        ]

    def test_uv_does_it_when_pip_is_too_old(
        self, commands: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(private_env.subprocess, "run", lambda *_, **__: answer("pip 22.2 from somewhere"))
        monkeypatch.setattr(private_env.shutil, "which", lambda name: "/bin/uv" if name == "uv" else None)
        install = private_env.make_bare(private_env.Checkout(tmp_path), tmp_path / "fresh")
        assert "--without-pip" in commands[0]
        assert install[:3] == ["/bin/uv", "pip", "install"]

    def test_with_neither_the_one_package_to_install_is_named(
        self,
        commands: list[list[str]],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        checkout = make_checkout(tmp_path / "checkout")
        monkeypatch.setattr(private_env, "outside_installer", lambda _: None)
        monkeypatch.setattr(dev, "HERE", checkout.root / "install")
        assert dev.main(["demo"]) == 2
        assert "apt install python3-venv" in capsys.readouterr().err
        assert commands == []
        assert not checkout.venv.exists()


def answer(text: str) -> SimpleNamespace:
    return SimpleNamespace(returncode=0, stdout=text)


class TestSentences:
    @pytest.mark.parametrize(
        ("output", "sentence"),
        [
            ("OSError: [Errno 28] No space left on device", "The disk is full"),
            ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that the lock names"),
            (
                "NewConnectionError: Temporary failure in name resolution\nNo matching distribution found for numpy",
                "registry cannot be reached",
            ),
            ("ERROR: No matching distribution found for numpy==2.4.6", "no ready-made build"),
            ("Segmentation fault", "The installer said"),
        ],
    )
    def test_a_failed_installation_is_explained(self, output: str, sentence: str) -> None:
        assert sentence in private_env.explanation(output)

    def test_a_folder_that_cannot_hold_an_environment(self, tmp_path: Path) -> None:
        private_env.refuse_impossible_folder(tmp_path / "Jörg's clients (100%)")
        with pytest.raises(private_env.SetupError, match="Rename the folder"):
            private_env.refuse_impossible_folder(tmp_path / f"a{os.pathsep}b")

    def test_a_missing_lock(self, tmp_path: Path) -> None:
        with pytest.raises(private_env.SetupError, match=r"requirements\.lock"):
            private_env.wanted_stamp(private_env.Checkout(tmp_path), "run")

    def test_an_old_python_is_told_so(self) -> None:
        source = (INSTALL / "dev.py").read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 7))  # an older Python must be able to read as far as the sentence
        pretend = f"import sys; sys.version_info = (3, 9, 2); exec({source!r})"
        ran = subprocess.run([sys.executable, "-c", pretend, "demo"], capture_output=True, text=True, check=False)
        assert ran.returncode == 2
        assert "needs Python 3.11 or newer, and this is Python 3.9." in ran.stderr
        assert "Traceback" not in ran.stderr

    @pytest.mark.parametrize(("arguments", "code"), [([], 2), (["tset"], 2), (["--help"], 0)])
    def test_usage(self, arguments: list[str], code: int) -> None:
        ran = subprocess.run(
            [sys.executable, INSTALL / "dev.py", *arguments], capture_output=True, text=True, check=False
        )
        assert ran.returncode == code
        assert "usage:" in (ran.stdout if code == 0 else ran.stderr)


class TestStages:
    def run_with(self, codes: dict[str, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[int, list[str]]:
        """Run three stages whose commands end with these codes; returns the exit code and the stages that ran."""
        ran = []

        def fake_run(_: object, command: list[str], __: object) -> int:
            ran.append(command[-1])
            return codes.get(command[-1], 0)

        monkeypatch.setattr(dev, "run", fake_run)
        stages = [dev.Stage(name, [name]) for name in ("style", "tests", "proofs")]
        return dev.run_stages(private_env.Checkout(tmp_path), Path("python"), stages), ran

    def test_all_green(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        assert self.run_with({}, monkeypatch, tmp_path) == (0, ["style", "tests", "proofs"])

    def test_an_early_failure_fails_the_run_and_hides_nothing(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        assert self.run_with({"style": 1}, monkeypatch, tmp_path) == (1, ["style", "tests", "proofs"])

    def test_finding_no_test_is_a_failure(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        assert self.run_with({"tests": 5}, monkeypatch, tmp_path)[0] == 1
        assert self.run_with({"proofs": 5}, monkeypatch, tmp_path)[0] == 1

    def test_every_test_belongs_to_exactly_one_stage(self, tmp_path: Path) -> None:
        """Plain tests, tests on other hosts, the independent tax program, proofs: everything, with no overlap."""
        markers = [stage.arguments[3] for stage in dev.test_stages(private_env.Checkout(tmp_path)) if stage.report]
        for hosts, proof, oracle in product((False, True), repeat=3):
            if hosts and oracle:
                continue  # no test needs both
            marked = {"hosts": hosts, "proof": proof, "oracle": oracle}
            chosen = [expression for expression in markers if eval(expression, dict(marked))]
            assert len(chosen) == 1, (marked, chosen)

    def test_the_seed_of_the_proofs_is_the_commit_unless_chosen(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("REBAL_PROOF_SEED", raising=False)
        commit = "000000ff" + 32 * "0"
        monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: answer(commit + "\n"))
        assert dev.proof_seed(private_env.Checkout(tmp_path)) == "255"
        monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: answer(""))
        assert dev.proof_seed(private_env.Checkout(tmp_path)) == "20260101"
        monkeypatch.setenv("REBAL_PROOF_SEED", "7")
        assert dev.proof_seed(private_env.Checkout(tmp_path)) == "7"

    def test_the_tally_adds_up_the_reports(self, tmp_path: Path) -> None:
        first, second = tmp_path / "first.xml", tmp_path / "second.xml"
        suite = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'
        first.write_text(suite.format(10, 1, 1, 2))
        second.write_text(suite.format(5, 0, 0, 0))
        assert dev.tally([first, second, tmp_path / "never-written.xml"]) == (6 + 5, 2, 2)


class TestLocks:
    run_time, excel, test_only = (
        dev.locked_packages(path.read_text(encoding="utf-8")) for path in private_env.Checkout(ROOT).locks("test")
    )
    oracle = dev.locked_packages(private_env.Checkout(ROOT).oracle_lock.read_text(encoding="utf-8"))
    scip = dev.locked_packages(private_env.Checkout(ROOT).scip_lock.read_text(encoding="utf-8"))
    readers = dev.locked_packages(private_env.Checkout(ROOT).readers_lock.read_text(encoding="utf-8"))
    everything = run_time | excel | test_only
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    @pytest.mark.parametrize("part", ["run", "excel", "test", "cluster"])
    def test_they_hold_every_requirement_of_the_project_at_a_version_it_allows(self, part: str) -> None:
        wanted = self.project["dependencies"] if part == "run" else self.project["optional-dependencies"][part]
        locked = {"run": self.run_time, "excel": self.run_time | self.excel}.get(part, self.everything)
        for line in wanted:
            requirement = Requirement(line)
            pin = Requirement(locked[canonicalize_name(requirement.name)].split("\\")[0])
            (exact,) = pin.specifier
            assert exact.operator == "=="
            assert requirement.specifier.contains(exact.version), f"{line}: locked at {exact.version}"

    def test_every_package_has_hashes_and_is_locked_once(self) -> None:
        assert len(self.everything) == len(self.run_time) + len(self.excel) + len(self.test_only)
        for lock in (self.everything, self.oracle, self.scip, self.readers):
            for entry in lock.values():
                assert "--hash=sha256:" in entry

    def test_excel_has_the_version_of_xlwings_that_its_side_was_written_for(self) -> None:
        assert self.excel["xlwings"].startswith("xlwings==0.37.8 ")

    def test_the_independent_tax_program_is_locked_at_the_version_that_its_known_errors_are_of(self) -> None:
        groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
        assert "taxcalc==6.8.0" in groups["oracle"]
        assert self.oracle["taxcalc"].startswith("taxcalc==6.8.0 ")
        assert "setuptools" in self.oracle

    def test_the_independent_solver_is_locked_at_the_version_of_its_group(self) -> None:
        groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
        assert groups["scip"] == ["pyscipopt==6.3.0"]
        assert self.scip["pyscipopt"].startswith("pyscipopt==6.3.0 ")

    @pytest.mark.parametrize(
        "name",
        [
            "requirements.lock",
            "requirements-excel.lock",
            "requirements-test.lock",
            "requirements-oracle.lock",
            "requirements-scip.lock",
            "requirements-readers.lock",
            "package.json",
            "package-lock.json",
        ],
    )
    def test_they_name_no_registry(self, name: str) -> None:
        text = (INSTALL / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        assert '"resolved"' not in text
