"""The installer's decisions, told without Windows; what it does there is shown in tests/excel_hosts."""

import ast
import importlib
import io
import json
import re
import sys
import zipfile
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "install"))
install = importlib.import_module("install")
setup = importlib.import_module("rebal_setup_python")
add_in = importlib.import_module("rebal_setup_add_in")
bundle = importlib.import_module("bundle")
registration = importlib.import_module("rebal_xl.excel.registration")

GOOD = setup.Facts("CPython", (3, 13), "win-amd64", (r"C:\Users\Jo\Programs\Python313\python.exe",), False, True)
STORE = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13_3.13.1_x64__qbz5n2kfra8p0\python.exe"


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_ordinary_pythons_are_taken(version):
    assert setup.refusal(replace(GOOD, version=version)) is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(GOOD, version=(3, 10)), "Python 3.11 to 3.14, and this is 3.10"),
        (replace(GOOD, version=(3, 15)), "Python 3.11 to 3.14, and this is 3.15"),
        (replace(GOOD, platform="win32"), "64-bit"),
        (replace(GOOD, platform="win-arm64"), "win-arm64"),
        (replace(GOOD, implementation="PyPy"), "PyPy"),
        (replace(GOOD, free_threaded=True), "free-threaded"),
        (replace(GOOD, places=(STORE,)), "Microsoft Store"),
        (replace(GOOD, places=(*GOOD.places, STORE)), "Microsoft Store"),
        (replace(GOOD, makes_environments=False), "embeddable"),
    ],
)
def test_others_are_refused_with_what_to_do(facts, words):
    sentence = setup.refusal(facts)
    assert words in sentence
    assert sentence.endswith(setup.GET_PYTHON)


def test_this_python_is_described():
    facts = setup.Facts.here()
    assert facts.version == sys.version_info[:2]
    assert sys.executable in facts.places


def test_it_says_so_when_this_is_not_windows(capsys):
    assert install.main([]) == install.NOT_WINDOWS
    assert "install-mac.command" in capsys.readouterr().out


def test_unknown_arguments_are_refused():
    with pytest.raises(SystemExit) as ended:
        install.main(["--everything"])
    assert ended.value.code == 2


def test_every_exit_code_is_documented():
    documented = {
        int(code) for code in re.findall(r"(?:^|  |: )\s*(\d+) [a-zA-Z-]", install.__doc__.split("Exit codes:")[1])
    }
    codes = {value for name, value in vars(install).items() if name.isupper() and isinstance(value, int)}
    assert codes <= documented
    assert documented == set(range(11)) - {1}


@pytest.fixture
def places(tmp_path):
    return install.Places(tmp_path / "Local", tmp_path / "Roaming")


def test_each_version_has_a_folder_and_a_repair_another(places):
    assert places.fresh("1.2.0").name == "1.2.0"
    places.fresh("1.2.0").mkdir(parents=True)
    assert places.fresh("1.2.0").name == "1.2.0-2"
    assert places.fresh("1.3.0").name == "1.3.0"


def test_the_pointer_says_which_counts(places):
    assert places.current() == {}
    places.home.mkdir(parents=True)
    places.pointer.write_text("[half", encoding="utf-8")
    assert places.current() == {}
    places.pointer.write_text(json.dumps({"folder": "1.2.0"}), encoding="utf-8")
    assert places.current()["folder"] == "1.2.0"


def test_the_add_in_goes_where_excel_trusts_and_looks(places):
    assert places.add_in.parts[-4:] == ("Microsoft", "Excel", "XLSTART", "rebal_xl.xlam")
    assert places.add_in.is_relative_to(places.roaming)


def test_a_user_without_folders_is_told():
    with pytest.raises(install.Problem, match="LOCALAPPDATA") as problem:
        install.Places.of_user({})
    assert problem.value.code == install.NO_FILE


def test_folders_that_were_made_are_remembered(places, tmp_path):
    environment = tmp_path / "environment"
    files = environment / "Lib" / "site-packages" / "rebal_xl" / "workbook_files"
    files.mkdir(parents=True)
    (files / "rebal_xl.xlam").write_bytes(b"add-in")
    (tmp_path / "Roaming" / "Microsoft").mkdir(parents=True)
    made = install.copy_add_in(environment, places.add_in)
    assert sorted(made) == [str(places.add_in.parent.parent), str(places.add_in.parent)]
    assert places.add_in.read_bytes() == b"add-in"
    assert install.copy_add_in(environment, places.add_in) == []


OURS = (ROOT / "workbook" / "rebal_xl.xlam").read_bytes()
TYPES, VBA_TYPES = "[Content_Types].xml", "xl/_rels/vbaProject.bin.rels"


def rewritten(content, changes, added):
    """A package with some parts changed (old text -> new) and others added, written anew."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in changes.get(name, ()):
                assert before in part
                part = part.replace(before, after)
            new.writestr(name, part)
        for name, part in added.items():
            new.writestr(name, part)
    return made.getvalue()


def signed(content):
    """As Microsoft's interface package for signtool does it: parts beside the VBA project, and their entries."""
    kinds = ("", "Agile", "V3")
    types = "".join(
        f'<Override PartName="/xl/vbaProjectSignature{kind}.bin" '
        f'ContentType="application/vnd.ms-office.vbaProjectSignature{kind}"/>'
        for kind in kinds
    )
    relations = "".join(
        f'<Relationship Id="r{kind}" Target="vbaProjectSignature{kind}.bin" '
        f'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature{kind}"/>'
        for kind in kinds
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {f"xl/vbaProjectSignature{kind}.bin": b"0\x82" for kind in kinds}
    parts[VBA_TYPES] = f'<Relationships xmlns="{space}">{relations}</Relationships>'.encode()
    return rewritten(content, {TYPES: [(b"</Types>", f"{types}</Types>".encode())]}, parts)


def test_a_signature_is_no_damage():
    assert add_in.same_but_signature(signed(OURS), OURS)
    assert add_in.is_signed(signed(OURS))
    assert not add_in.is_signed(OURS)
    package = {"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": b"<Signature/>"}
    assert add_in.same_but_signature(rewritten(OURS, {}, package), OURS)


def test_anything_else_is():
    macros = zipfile.ZipFile(io.BytesIO(OURS)).read("xl/vbaProject.bin")
    other = {"xl/vbaProject.bin": [(macros[-64:], bytes(64))]}
    for damaged in (rewritten(OURS, other, {}), rewritten(OURS, {}, {"xl/more.bin": b"1"}), OURS[:5000], b""):
        assert not add_in.same_but_signature(damaged, OURS)
        assert not add_in.is_signed(damaged)
    # a signature over other macros does not excuse them
    assert not add_in.same_but_signature(signed(rewritten(OURS, other, {})), OURS)


@pytest.mark.parametrize(
    ("path", "far"),
    [
        (r"C:\Users\Jo\AppData\Roaming\Microsoft\Excel\XLSTART\rebal_xl.xlam", False),
        (r"H:\AppData\Microsoft\Excel\XLSTART\rebal_xl.xlam", True),
        (r"\\files\profiles$\jo\AppData\Microsoft\Excel\XLSTART\rebal_xl.xlam", True),
        (r"\\?\UNC\files\profiles$\jo\rebal_xl.xlam", True),
        (r"\\?\C:\Users\Jo\rebal_xl.xlam", False),
        ("/home/jo/rebal_xl.xlam", False),
    ],
)
def test_a_folder_on_the_network_is_noticed(path, far):
    """Firms redirect APPDATA to a share, by its name or as a drive; C: is fixed (3), H: remote (4)."""
    assert add_in.is_far(path, {"C:\\": 3, "H:\\": 4}.__getitem__) is far


def test_the_guide_goes_with_its_version(places, tmp_path):
    made = tmp_path / "bundle"
    bundle.copy_guide(ROOT, made)
    environment = places.home / "1.2.0"
    environment.mkdir(parents=True)
    install.copy_guide(made, environment)
    guide = environment / "docs"
    # every page of ours that a page links is there, and every picture
    for page in guide.glob("*.md"):
        for linked in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            if (ROOT / "docs" / linked).resolve().is_relative_to(ROOT / "docs") and not linked.startswith("proof/"):
                assert (guide / linked).exists(), (page.name, linked)
    assert {"quick-start-excel.md", "it-and-security.md"} <= {page.name for page in guide.iterdir()}
    assert not [path for path in guide.rglob("*") if path.suffix == ".py" or path.parent.name == "proof"]
    assert (environment / "rebal_xl template.xlsx").read_bytes() == (
        ROOT / "workbook" / "rebal_xl template.xlsx"
    ).read_bytes()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that rebal_xl was"),
        ("[WinError 1260] This program is blocked by group policy", "Ask IT"),
        ("Failed to establish a new connection: [Errno 11001] getaddrinfo failed", "use the offline bundle"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "made for other versions of Python"),
        ("Traceback\nValueError: odd\n\n", "ValueError: odd"),
        ("", "it said nothing"),
    ],
)
def test_failures_are_explained(output, words):
    assert words in setup.explanation(output)


def test_steps_do_not_see_what_would_lead_them_astray():
    astray = {"PYTHONPATH": "x", "PythonHome": "x", "PIP_TARGET": "x", "PIP_FIND_LINKS": r"C:\gone"}
    kept = setup.clean_environment({**astray, "PIP_INDEX_URL": "https://mirror", "Path": "y"}, folders=False)
    assert set(astray) & set(kept) == set()
    assert (kept["PIP_INDEX_URL"], kept["Path"], kept["PIP_USER"]) == ("https://mirror", "y", "0")


@pytest.mark.parametrize("folder", [r"C:\Users\Jo\Local", r"C:\Users\Jörg & Söhne (NY)!\Ünï 中\Local"])
def test_the_command_of_the_engine_is_quoted(folder):
    command = registration.server_command(str(PureWindowsPath(folder, "pythonw.exe")))
    assert command == f'"{folder}\\pythonw.exe" -I -B -m rebal_xl.excel.server'


class Registry:
    """Stands in for winreg: a dictionary for each view, and the rule that a key with keys below cannot be deleted."""

    HKEY_CURRENT_USER, KEY_READ, KEY_WRITE, REG_SZ = "HKCU", 1, 2, 1
    KEY_WOW64_64KEY, KEY_WOW64_32KEY = 256, 512

    class Key(str):
        view: int

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    def __init__(self):
        self.views = {256: {}, 512: {}}

    def _key(self, path, view):
        key = self.Key(path)
        key.view = view & 768
        return key

    def CreateKeyEx(self, hive, path, _, access):
        self.views[access & 768].setdefault(path, None)
        return self._key(path, access)

    def OpenKey(self, hive, path, _, access):
        held = self.views[access & 768]
        if path not in held and not any(key.startswith(path + "\\") for key in held):
            raise FileNotFoundError(path)
        return self._key(path, access)

    def SetValueEx(self, key, name, _, kind, value):
        self.views[key.view][str(key)] = value

    def QueryValueEx(self, key, name):
        return self.views[key.view][str(key)], 1

    def _below(self, path, view):
        return sorted({key[len(path) + 1 :].split("\\")[0] for key in self.views[view] if key.startswith(path + "\\")})

    def QueryInfoKey(self, key):
        return (len(self._below(str(key), key.view)), 0, 0)

    def EnumKey(self, key, index):
        return self._below(str(key), key.view)[index]

    def DeleteKeyEx(self, hive, path, view, _):
        assert not self._below(path, view)
        del self.views[view][path]


def test_the_registry_leads_to_the_engine_and_forgets_it_again():
    registry = Registry()
    for view in registry.views.values():
        view["Software\\Classes\\Excel.Application"] = "not ours"
    assert registration.registered_command(registry=registry) is None
    registration.register(r"C:\a b\pythonw.exe", registry=registry)
    assert registration.registered_command(registry=registry) == registration.server_command(r"C:\a b\pythonw.exe")
    key = f"Software\\Classes\\CLSID\\{registration.CLSID}\\LocalServer32"
    assert all(key in view for view in registry.views.values())
    registration.unregister(registry=registry)
    assert all(list(view) == ["Software\\Classes\\Excel.Application"] for view in registry.views.values())
    registration.unregister(registry=registry)


@pytest.mark.parametrize("name", ["install.bat", "uninstall.bat"])
def test_batch_files_only_find_python(name):
    lines = (ROOT / "install" / name).read_text(encoding="ascii").splitlines()
    assert len(lines) <= 30
    text = "\n".join(lines)
    # "!" in a path survives only without delayed expansion, "&" and ")" only in quotes and outside of blocks
    assert "DisableDelayedExpansion" in text
    assert '"%~dp0install.py"' in text
    assert re.search(r"%REBAL_PYTHON% -I ", text)
    # a python.exe that lies in the folder of downloads is not started
    assert 'set "NoDefaultCurrentDirectoryInExePath=1"' in text
    assert not re.search(r"\b(reg|setx|powershell|curl|runas)\b", text, re.IGNORECASE)


def test_nothing_touches_excels_trust():
    for path in (*ROOT.glob("install/*"), *ROOT.glob("rebal_xl/excel/*.py")):
        if path.is_file():
            assert not re.search("AccessVBOM|VBAWarnings|Trusted ?Locations", path.read_text(encoding="utf-8")), path


def test_windows_gets_its_own_requirements():
    lock = (
        "numpy==2.1 \\\n    --hash=sha256:aa\ncolorama==0.4 ; sys_platform == 'win32' \\\n    --hash=sha256:bb\n"
        "appscript==1.5 ; sys_platform == 'darwin' \\\n    --hash=sha256:cc\n"
    )
    assert bundle.windows_requirements(lock) == (
        "numpy==2.1 \\\n    --hash=sha256:aa\ncolorama==0.4 \\\n    --hash=sha256:bb\n"
    )


def test_the_locks_hold_what_the_engine_needs_on_windows():
    names = "".join(bundle.windows_requirements((ROOT / "install" / name).read_text()) for name in bundle.LOCKS)
    found = set(re.findall(r"^([a-z0-9-]+)==", names, re.MULTILINE))
    assert {"numpy", "scipy", "highspy", "openpyxl", "lxml", "tzdata", "pywin32", "xlwings", "colorama"} <= found
    assert not {"appscript", "psutil"} & found


def local_imports(path):
    """The modules of install/ that a program imports, by the names of their files."""
    told = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = {each.module for each in told if isinstance(each, ast.ImportFrom)}
    return {f"{name}.py" for name in names if (ROOT / "install" / f"{name}.py").exists()}


@pytest.mark.parametrize("program", ["install.py", "install_mac.py"])
def test_a_bundle_has_every_part_of_the_installer(program):
    """What it imports, what those import in turn, and what it keeps to remove itself later."""
    needed, found = {program}, set()
    while needed:
        found |= needed
        needed = set().union(*(local_imports(ROOT / "install" / name) for name in needed)) - found
    assert len(found) > 2
    kept = set(importlib.import_module(program.removesuffix(".py")).KEPT)
    assert found <= set(bundle.PROGRAMS)
    assert kept <= {*bundle.PROGRAMS, "registration.py"}
    # removing needs no bundle: what was kept can be started
    assert found <= kept


def test_licenses_come_out_of_the_wheels_once_each(tmp_path):
    for tag in ("cp311", "cp312"):
        with zipfile.ZipFile(tmp_path / f"some-1.0-{tag}-win_amd64.whl", "w") as wheel:
            wheel.writestr("some-1.0.dist-info/METADATA", "Name: some\nVersion: 1.0\nLicense-Expression: MIT\n")
            wheel.writestr("some-1.0.dist-info/licenses/LICENSE", "Permission is hereby granted")
            wheel.writestr("some/LICENSE.py", "not a license")
    told = bundle.notices(sorted(tmp_path.glob("*.whl")))
    assert told.count("some 1.0: MIT\nPermission is hereby granted") == 1
    assert "not a license" not in told
    assert "downloaded, with their licenses, from PyPI" in bundle.notices([])
