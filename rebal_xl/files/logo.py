"""The firm's logo: a picture beside the workbook, read with care, since it is shown in pages for clients."""

from dataclasses import dataclass
from pathlib import Path

from rebal_xl.files.refusal import FileRefused

MOST_BYTES = 1_000_000
# (how the file begins, its type): what the picture is, whatever its name says. No SVG: it can carry scripts.
KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture to put into a page."""

    # image/png or image/jpeg
    kind: str
    content: bytes


def read_logo(workbook: Path, name: str) -> Logo:
    """The picture called `name` in the folder of `workbook`; nothing is ever fetched from elsewhere.

    Raises FileRefused for a name with a folder in it, a file that is missing, lies elsewhere or is larger than a
    million bytes, and for anything but PNG and JPEG.
    """
    folder = workbook.resolve().parent
    path = folder / name
    if Path(name).name != name or any(sign in name for sign in "/\\:") or path.resolve().parent != folder:
        raise FileRefused(f"The logo '{name}' must lie in the workbook's own folder: write its plain name in Settings.")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileRefused(
            f"The logo '{name}' could not be read. Put it beside '{workbook.name}', or leave Logo empty."
        ) from error
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The logo '{name}' is larger than 1 MB. Save a smaller picture.")
    for start, kind in KINDS:
        if content.startswith(start):
            return Logo(kind, content)
    raise FileRefused(f"The logo '{name}' is neither PNG nor JPEG. Save it as one of them.")
