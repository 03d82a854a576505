"""The picture of the client report in the guide: the sample household's page, as Chromium shows it.

`python docs/make_report_pictures.py` writes it anew; it needs Chromium.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from rebal_xl.api import client_report, rebalance  # noqa: E402
from rebal_xl.sample import sample_household, sample_policy  # noqa: E402
from tests.tools.chromium import chromium  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "pictures"
PICTURE = "report.png"
# Pixels of the window: the head of the page, with its charts.
WIDTH, HEIGHT = 1120, 1180


def draw(picture: Path) -> None:
    """Draw what a reader sees first."""
    household, policy = sample_household(), sample_policy()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = Path(folder) / "report.html"
        page.write_text(client_report(household, policy, rebalance(household, policy)), encoding="utf-8")
        browser.open(page, WIDTH, HEIGHT)
        browser.picture(picture, whole=False)


def main() -> int:
    """Draw the picture."""
    FOLDER.mkdir(exist_ok=True)
    draw(FOLDER / PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
