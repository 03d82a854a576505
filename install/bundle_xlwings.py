"""xlwings as an offline bundle hands it on: its open-source part, without the folder `pro`.

xlwings' wheel holds two programs. All but `xlwings/pro` is BSD and may be handed on; `pro` is licensed for
non-commercial use or for pay, which nobody who hands a bundle on can grant. rebal_xl never loads it, and xlwings itself
does without. The wheel is packed again without it, always to the same bytes, and the bundle's locks accept it by its
hash beside those of PyPI. Standard library only.
"""

import base64
import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

# Left out, with the license that speaks of it alone.
PAID = re.compile(r"^xlwings/pro/|\.dist-info/(licenses/)?LICENSE_PRO")
# The wheel format's place for who packed it again.
BUILD = "1rebal"
THE_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def leave_out_pro(wheels: Path) -> list[Path]:
    """Pack each wheel of xlwings in the folder again without `pro`, in its place; returns the new ones."""
    return [_packed_again(wheel) for wheel in sorted(wheels.glob("xlwings-*.whl")) if f"-{BUILD}-" not in wheel.name]


def _packed_again(wheel: Path) -> Path:
    name, version, tags = wheel.name.split("-", 2)
    made = wheel.with_name(f"{name}-{version}-{BUILD}-{tags}")
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(made, "w") as target:
        kept = {entry: source.read(entry) for entry in source.namelist() if not PAID.search(entry)}
        told = next(entry for entry in kept if entry.endswith(".dist-info/WHEEL"))
        kept[told] = re.sub(rb"(?m)^(Wheel-Version:.*)$", rb"\1\nBuild: " + BUILD.encode(), kept[told], count=1)
        told = told.replace("WHEEL", "METADATA")
        kept[told] = re.sub(rb"(?m)^License-File: LICENSE_PRO.*\r?\n", b"", kept[told])
        record = told.replace("METADATA", "RECORD")
        kept[record] = _record({entry: held for entry, held in kept.items() if entry != record}, record)
        for entry, held in kept.items():
            # stored, not compressed: the same bytes whatever zlib is at hand
            target.writestr(zipfile.ZipInfo(entry, THE_DAY_OF_ZIP), held)
    wheel.unlink()
    return made


def _record(files: dict[str, bytes], itself: str) -> bytes:
    """The list of a wheel's files with their hashes, by which installers check and uninstallers remove them."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for name, held in files.items():
        if not name.endswith("/"):
            digest = base64.urlsafe_b64encode(hashlib.sha256(held).digest()).decode().rstrip("=")
            rows.writerow([name, f"sha256={digest}", len(held)])
    rows.writerow([itself, "", ""])
    return text.getvalue().encode("utf-8")


def accept(locks: Iterable[Path], wheels: Path) -> None:
    """Add the hashes of the wheels that were packed again to the entry of xlwings, in whichever lock has it."""
    made = sorted(wheels.glob(f"xlwings-*-{BUILD}-*.whl"))
    hashes = [f"    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()} \\\n" for wheel in made]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        more = "".join(line for line in dict.fromkeys(hashes) if line.split()[0] not in text)
        found = re.search(r"(?m)^xlwings==[^\n]*\\\n", text)
        if found is not None:
            text = text[: found.end()] + more + text[found.end() :]
        lock.write_text(text, encoding="utf-8", newline="\n")
