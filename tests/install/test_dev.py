"""The commands of install/dev.py: the demo, and the environment that it makes, keeps and makes anew."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.checkout import make_checkout, private_env, run_demo


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
