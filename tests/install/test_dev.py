"""The commands of install/dev.py on a small checkout of its own, in a folder with a name that people do use.

Nothing here needs a network: the small checkout's locks are empty.
"""

import ast
import importlib
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> "private_env.Checkout":
    """A checkout whose environment is complete."""
    checkout = make_checkout(tmp_path_factory.mktemp("advisor") / "Jörg's clients (100%)")
    first = run_demo(checkout)
    assert first.returncode == 0, first.stderr
    assert "Setting up a private Python" in first.stderr
    return checkout


@pytest.fixture
def stamp(built: "private_env.Checkout") -> Iterator[Path]:
    """The stamp of the complete environment, put back afterwards."""
    path = built.venv / private_env.STAMP
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


class TestTheCallersVariables:
    def test_what_changes_imports_or_redirects_an_installation_is_dropped(self) -> None:
        leaks = {
            "PYTHONPATH": "/elsewhere",
            "PYTHONHOME": "/elsewhere",
            "PYTHONSTARTUP": "start.py",
            "PYTHONOPTIMIZE": "2",
            "PYTHONWARNINGS": "error",
            "PIP_TARGET": "/elsewhere",
            "PIP_PREFIX": "/elsewhere",
            "PIP_CONSTRAINT": "old.txt",
            "PIP_REQUIRE_HASHES": "0",
            "UV_SYSTEM_PYTHON": "1",
            "VIRTUAL_ENV": "/elsewhere",
            "__PYVENV_LAUNCHER__": "/elsewhere",
        }
        assert private_env.clean_environment(leaks).keys().isdisjoint(leaks)

    def test_how_to_reach_a_registry_is_left_alone(self) -> None:
        kept = {
            "PIP_INDEX_URL": "file:///mirror",
            "PIP_EXTRA_INDEX_URL": "file:///second",
            "PIP_FIND_LINKS": "/wheels",
            "PIP_CERT": "ca.pem",
            "PIP_TRUSTED_HOST": "mirror",
            "PIP_CONFIG_FILE": "pip.conf",
            "PIP_DEFAULT_TIMEOUT": "180",
            "UV_INDEX_URL": "file:///mirror",
            "UV_INDEX_FIRM_PASSWORD": "word",
            "HTTPS_PROXY": "proxy",
            "PATH": "/bin",
            "CI": "true",
        }
        assert private_env.clean_environment(kept).items() >= kept.items()

    def test_a_pip_conf_that_installs_for_the_user_is_outranked(self) -> None:
        cleaned = private_env.clean_environment({"PIP_USER": "1", "PIP_REQUIRE_VIRTUALENV": "1"})
        assert (cleaned["PIP_USER"], cleaned["PIP_REQUIRE_VIRTUALENV"]) == ("0", "0")


class TestDemo:
    def test_arguments_and_exit_code_pass_through(self, built: "private_env.Checkout") -> None:
        ran = run_demo(built, "--household", "Smith & Sons", END_WITH="3")
        assert ran.returncode == 3
        told = json.loads(ran.stdout)
        assert told["arguments"] == ["demo", "--household", "Smith & Sons"]
        assert Path(told["folder"]) == built.root
        assert Path(told["package"]).parent == built.root / "rebal_xl"

    def test_a_second_run_sets_nothing_up(self, built: "private_env.Checkout") -> None:
        made = (built.venv.stat().st_ino, (built.venv / private_env.STAMP).stat().st_mtime_ns)
        ran = run_demo(built)
        assert (built.venv.stat().st_ino, (built.venv / private_env.STAMP).stat().st_mtime_ns) == made
        assert "Setting up" not in ran.stderr

    def test_the_callers_python_settings_do_not_reach_the_job(
        self, built: "private_env.Checkout", tmp_path: Path
    ) -> None:
        (tmp_path / "rebal_xl.py").write_text("raise SystemExit('the wrong rebal_xl')")
        ran = run_demo(built, PYTHONPATH=str(tmp_path), PIP_TARGET=str(tmp_path))
        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout)["variables"].keys().isdisjoint({"PYTHONPATH", "PIP_TARGET"})

    def test_it_says_where_the_result_is(self, built: "private_env.Checkout") -> None:
        assert "The result is in" not in run_demo(built).stderr
        (built.root / "demo").mkdir()
        try:
            assert f"The result is in {built.root / 'demo'}" in run_demo(built).stderr
        finally:
            (built.root / "demo").rmdir()

    @pytest.mark.skipif(os.name == "nt", reason="Windows has rebal-xl.cmd")
    def test_the_environment_has_the_rebal_xl_command(self, built: "private_env.Checkout") -> None:
        ran = subprocess.run(
            [built.venv / "bin" / "rebal-xl", "scan"], capture_output=True, text=True, check=True, cwd=built.root.parent
        )
        assert json.loads(ran.stdout)["arguments"] == ["scan"]


class TestWhenTheEnvironmentIsMadeAnew:
    def test_a_complete_one_is_kept(self, built: "private_env.Checkout") -> None:
        assert private_env.is_ready(built, "run")

    def test_one_for_the_program_alone_does_not_do_for_the_tests(self, built: "private_env.Checkout") -> None:
        assert not private_env.is_ready(built, "test")

    def test_one_for_the_tests_does_for_the_program_too(self, built: "private_env.Checkout", stamp: Path) -> None:
        stamp.write_text(json.dumps(private_env.wanted_stamp(built, "test")))
        assert private_env.is_ready(built, "test")
        assert private_env.is_ready(built, "run")

    def test_a_changed_lock(self, built: "private_env.Checkout") -> None:
        lock = built.locks("run")[0]
        before = lock.read_bytes()
        try:
            lock.write_bytes(before + b"# changed\n")
            assert not private_env.is_ready(built, "run")
        finally:
            lock.write_bytes(before)

    def test_another_python(self, built: "private_env.Checkout", monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(private_env.platform, "python_version", lambda: "3.99.0")
        assert not private_env.is_ready(built, "run")

    @pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}"])
    def test_a_spoilt_stamp(self, built: "private_env.Checkout", stamp: Path, content: str) -> None:
        stamp.write_text(content)
        assert not private_env.is_ready(built, "run")

    def test_a_moved_checkout(self, built: "private_env.Checkout") -> None:
        moved = private_env.Checkout(built.root.with_name("moved"))
        built.root.rename(moved.root)
        try:
            assert not private_env.is_ready(moved, "run")
        finally:
            moved.root.rename(built.root)

    def test_a_python_that_no_longer_starts(self, built: "private_env.Checkout") -> None:
        python = private_env.interpreter(built.venv)
        aside = python.with_name("aside")
        python.rename(aside)
        try:
            assert not private_env.is_ready(built, "run")
            python.write_text("not a program")
            assert not private_env.is_ready(built, "run")
        finally:
            aside.replace(python)


class TestAnInterruptedSetUp:
    def test_a_failure_leaves_the_old_environment_and_no_half_done_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checkout = make_checkout(tmp_path / "checkout")
        (checkout.venv / "bin").mkdir(parents=True)
        (checkout.root / ".venv.new-1" / "lib").mkdir(parents=True)
        checkout.scratch.mkdir()

        def cut_off(_: object, command: list[str]) -> None:
            Path(command[-1]).mkdir(parents=True, exist_ok=True)
            raise KeyboardInterrupt

        monkeypatch.setattr(private_env, "run_logged", cut_off)
        with pytest.raises(KeyboardInterrupt):
            private_env.build(checkout, "run")
        assert [path.name for path in checkout.root.glob(".venv*")] == [".venv"]

    def test_what_was_there_before_is_replaced_as_a_whole(self, tmp_path: Path) -> None:
        checkout = make_checkout(tmp_path / "checkout")
        fresh = checkout.root / ".venv.new-7"
        for folder, word in ((checkout.venv, "old"), (fresh, "new")):
            folder.mkdir()
            (folder / word).touch()
        private_env.put_in_place(checkout, fresh)
        assert [path.name for path in checkout.venv.iterdir()] == ["new"]
        assert [path.name for path in checkout.root.glob(".venv*")] == [".venv"]

    def test_scripts_name_the_final_place(self, tmp_path: Path) -> None:
        fresh, final = tmp_path / ".venv.new-7", tmp_path / ".venv"
        scripts = private_env.interpreter(fresh).parent
        scripts.mkdir(parents=True)
        (fresh / "pyvenv.cfg").write_text(f"command = python -m venv {fresh}\n")
        (scripts / "pytest").write_text(f"#!{fresh}/bin/python\n")
        (scripts / "pytest").chmod(0o755)
        (scripts / "ruff").write_bytes(b"\x7fELF\x00")
        (scripts / "pytest.exe").write_bytes(b"MZ" + os.fsencode(fresh))
        private_env.settle_scripts(fresh, final)
        assert (scripts / "pytest").read_text() == f"#!{final}/bin/python\n"
        assert os.access(scripts / "pytest", os.X_OK)
        assert (scripts / "ruff").read_bytes() == b"\x7fELF\x00"
        assert not (scripts / "pytest.exe").exists()
        assert str(fresh) not in (fresh / "pyvenv.cfg").read_text()


@pytest.mark.skipif(os.name == "nt", reason="Windows guards a running environment by itself")
class TestTwoRunsAtOnce:
    def test_jobs_run_side_by_side_but_a_set_up_waits_for_them(self, tmp_path: Path) -> None:
        checkout = private_env.Checkout(tmp_path)
        with (
            private_env.held(checkout, shared=True),
            private_env.held(checkout, shared=True),
            pytest.raises(private_env.SetupError, match="has not finished"),
            private_env.held(checkout, shared=False, patience=0),
        ):
            pass
        with private_env.held(checkout, shared=False, patience=0):
            pass

    def test_a_job_waits_for_a_set_up(self, tmp_path: Path) -> None:
        checkout = private_env.Checkout(tmp_path)
        with (
            private_env.held(checkout, shared=False),
            pytest.raises(private_env.SetupError, match="has not finished"),
            private_env.held(checkout, shared=True, patience=0),
        ):
            pass


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

    @pytest.mark.parametrize("part", ["run", "excel", "test", "cluster", "report"])
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
