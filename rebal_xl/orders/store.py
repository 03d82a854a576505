"""Where order maps are kept: those that come with rebal_xl, and the advisor's own by name in the settings folder."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import platformdirs

from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.save import save_workbook
from rebal_xl.intake.values import listed, near_miss
from rebal_xl.orders.maps import OrderMap, read_map

SHIPPED = ("fidelity", "lots")
EXAMPLES = ("example-positions", "example-lots")
BLOCK = "block"
ENDING = ".toml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}")
# A map has a few lines for each column.
_MOST_BYTES = 1 << 20


def maps_folder() -> Path:
    """The folder of the advisor's own maps."""
    return Path(platformdirs.user_config_dir("rebal_xl", appauthor=False)) / "order-maps"


def shipped_text(name: str) -> str:
    """The TOML text of a map that comes with rebal_xl."""
    return (files("rebal_xl.orders") / "shipped" / f"{name}{ENDING}").read_text(encoding="utf-8")


def kept_names() -> tuple[str, ...]:
    """Names of the advisor's own maps."""
    folder = maps_folder()
    return tuple(sorted(path.stem for path in folder.glob(f"*{ENDING}"))) if folder.is_dir() else ()


def find_map(asked: str) -> OrderMap:
    """The map of that name or file. Raises FileRefused where there is none, InputErrors for one that is wrong."""
    if asked in SHIPPED or asked in EXAMPLES:
        return read_map(shipped_text(asked), f"{asked}{ENDING}")
    path = Path(asked)
    if path.suffix.lower() == ENDING or len(path.parts) > 1:
        return read_map_file(path)
    kept = maps_folder() / f"{asked}{ENDING}"
    if _NAME.fullmatch(asked) and kept.is_file():
        return read_map_file(kept)
    names = [*SHIPPED, BLOCK, *EXAMPLES, *kept_names()]
    near = near_miss(asked, names)
    hint = f" Did you mean {near}?" if near else ""
    raise FileRefused(
        f"There is no format or map called '{asked}'.{hint} Write one of {listed(names)}, or the path of a map that "
        f"ends in {ENDING}."
    )


def read_map_file(path: Path) -> OrderMap:
    """A map from a file. Raises FileRefused where it cannot be read, InputErrors where it is wrong."""
    return read_map(_text(path), path.name)


def keep_map(path: Path, name: str) -> Path:
    """Keep a map by a name, replacing one that is called so; returns where it is. Raises as `read_map_file`."""
    if not _NAME.fullmatch(name) or name in (*SHIPPED, *EXAMPLES, BLOCK):
        raise FileRefused(
            f"A map cannot be called '{name}'. Write letters, digits, spaces, hyphens, no more than 40, and none of "
            f"{listed([*SHIPPED, BLOCK, *EXAMPLES])}."
        )
    text = _text(path)
    read_map(text, path.name)
    folder = maps_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileRefused(f"The folder '{folder}' cannot be made: {error.strerror or error}.") from error
    return save_workbook(text.encode("utf-8"), folder / f"{name}{ENDING}").path


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FileRefused(f"'{path.name}' is larger than any order map. Name the map's own file.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileRefused(f"There is no map '{path}'.") from None
    except UnicodeDecodeError as error:
        raise FileRefused(f"'{path.name}' is no text in UTF-8. Save it as UTF-8.") from error
    except OSError as error:
        raise FileRefused(f"'{path.name}' cannot be read: {error.strerror or error}.") from error
