"""
Mappings of portals' exports, kept as small JSON files in the user's settings folder, one file a mapping.

REBAL_XL_MAPPINGS names another folder, for example one that a whole office shares.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import platformdirs

from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import save_workbook
from rebal_xl.household import InputErrors
from rebal_xl.intake.custodians.mapping import Mapping, from_document, to_document

FOLDER_VARIABLE = "REBAL_XL_MAPPINGS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_LARGEST = 1_000_000


def mappings_folder() -> Path:
    """Where mappings are kept."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given) if given else Path(platformdirs.user_config_dir("rebal_xl", appauthor=False)) / "mappings"


def keep_mapping(mapping: Mapping, *, replace: bool = False) -> Path:
    """Write a mapping under its name; returns its file. Raises FileRefused for a name that is taken or is none."""
    path = _path(mapping.name)
    if path.exists() and not replace:
        raise FileRefused(f"There is a mapping '{mapping.name}' already. Choose another name, or say --force.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileRefused(f"The folder '{path.parent}' cannot be made: {error.strerror or error}.") from error
    text = json.dumps(to_document(mapping), indent=2, ensure_ascii=False) + "\n"
    return save_workbook(text.encode(), path).path


def read_mapping(name: str) -> Mapping:
    """The mapping of that name, or in the file of that path.

    Raises FileRefused when there is none or it is no JSON, InputErrors with everything wrong in it.
    """
    path = Path(name) if name.endswith(".json") else _path(name)
    if not path.is_file():
        known = ", ".join(one.stem for one in _files()) or "none yet"
        raise FileRefused(f"There is no mapping '{name}'. Known are: {known}.")
    return _read(path)


def kept_mappings() -> tuple[Mapping, ...]:
    """Every mapping that is kept and in order; one that is not is left out, `rebal-xl mapping list` tells why."""
    found = []
    for path in _files():
        try:
            found.append(_read(path))
        except (FileRefused, InputErrors):
            continue
    return tuple(found)


def mapping_names() -> tuple[str, ...]:
    """The names of all mappings, those that cannot be read included."""
    return tuple(path.stem for path in _files())


def _files() -> list[Path]:
    folder = mappings_folder()
    try:
        return sorted(folder.glob("*.json"))
    except OSError:
        return []


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise FileRefused(f"'{name}' is no name for a mapping. Use letters, digits, blanks, points and hyphens.")
    return mappings_folder() / f"{name}.json"


def _read(path: Path) -> Mapping:
    try:
        if path.stat().st_size > _LARGEST:
            raise FileRefused(f"'{path.name}' is no mapping: it is larger than any.")
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileRefused(f"'{path.name}' cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise FileRefused(f"'{path.name}' is no mapping: {error}. Make it anew with rebal-xl mapping new.") from error
    return from_document(path.stem, document, path.name)
