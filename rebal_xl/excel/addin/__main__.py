"""`python -m rebal_xl.excel.addin [FOLDER]`: write the VBA that follows the formulas, the add-in and the template.

FOLDER holds vba/ and ribbon/; left out, it is workbook/ of the checkout that this program is part of.
"""

import sys
from pathlib import Path

from rebal_xl.excel.addin.build import ADD_IN, TEMPLATE, Sources, build_add_in, template_file, written_sources
from rebal_xl.excel.addin.modules import SourceError
from rebal_xl.excel.formulas import CATALOG

CHECKOUT = Path(__file__).resolve().parents[3]


def main(arguments: list[str]) -> int:
    """Write the files and name them; 1 and one sentence when a source is missing or wrong."""
    sources = Sources(Path(arguments[0]) if arguments else CHECKOUT / "workbook")
    try:
        for name, text in written_sources(CATALOG).items():
            _write(sources.module_path(name), text.encode("utf-8"))
        _write(sources.folder / ADD_IN, build_add_in(sources, CATALOG))
        _write(sources.folder / TEMPLATE, template_file())
    except (SourceError, OSError) as problem:
        print(f"The add-in was not built: {problem}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    print(f"{path}: {len(data):,} bytes")  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
