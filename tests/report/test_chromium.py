"""The client's page in a real browser: seen whole, read easily, drawn true, printed well, and quiet on the network.

Pictures of it are written for people to look at (REBAL_PICTURES names the folder); nothing is compared by pixels.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rebal_xl.household.views import class_views, realised_views
from rebal_xl.report import Picture
from tests.report.homes import STORIES, story
from tests.report.reading import parsed, text
from tests.report.test_page import png
from tests.tools.chromium import A4, LETTER, Chromium, chromium, program

pytestmark = pytest.mark.hosts

MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")
PHONE, DESK = 360, 1280
# WCAG 2.2, 1.4.3, level AA, for letters of any size
LEAST_CONTRAST = 4.5


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    if program() is None:
        pytest.skip("Chromium is not installed.")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name in STORIES:
        found[name] = folder / f"{name}.html"
        found[name].write_text(story(name).page(Picture("image/png", png(60, 20))), encoding="utf-8")
    return found


def ask(browser: Chromium, call: str):
    return browser.evaluate(f"({MEASURE}).{call}")


def keep_picture(browser: Chromium, name: str) -> None:
    folder = os.environ.get("REBAL_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        browser.picture(Path(folder) / f"{name.replace(' ', '-')}.png")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", STORIES)
def test_it_is_seen_whole_and_read_easily(browser, pages, name, width, dark):
    browser.open(pages[name], width, dark=dark)
    keep_picture(browser, f"{name} {width} {'dark' if dark else 'light'}")
    assert browser.requests == [pages[name].as_uri()]
    assert browser.said == []
    assert ask(browser, "unseen()") == []
    assert ask(browser, "outside()") == []
    assert ask(browser, "overlaps()") == []
    pale = ask(browser, f"pale({LEAST_CONTRAST})")
    assert pale["found"] == []
    assert pale["seen"] > 60


def test_the_measures_themselves_find_what_is_wrong(browser, pages, tmp_path):
    page = pages["one account"].read_text(encoding="utf-8")
    bad = '<p id="bad">grey</p><p><span class="v">wide</span></p><p>under</p><p class="o">over</p></body>'
    style = "#bad{color:#999999;background:#aaaaaa} .v{position:relative;left:100vw} h2{display:none}"
    style += " .o{margin-top:-2rem}</style>"
    broken = page.replace("</body>", bad).replace("</style>", style)
    path = tmp_path / "broken.html"
    path.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", broken), encoding="utf-8")
    browser.open(path, PHONE)
    assert any(each.startswith("grey") for each in ask(browser, f"pale({LEAST_CONTRAST})")["found"])
    assert "wide" in ask(browser, "outside()")
    assert "under | over" in ask(browser, "overlaps()")
    assert len(ask(browser, "unseen()")) >= 4


def test_a_browser_that_is_asked_to_load_or_run_refuses(browser, pages, tmp_path):
    """The same page with a script and a picture from elsewhere: refused by its policy, and done without it."""
    page = pages["one account"].read_text(encoding="utf-8")
    evil = '<script>document.title = "run"</script><img src="http://127.0.0.1:9/x.png"></body>'
    path = tmp_path / "evil.html"
    path.write_text(page.replace("</body>", evil), encoding="utf-8")
    browser.open(path)
    assert browser.evaluate("document.title") != "run"
    assert any("Content Security Policy" in each for each in browser.said)
    assert sum("Content Security Policy" in each for each in browser.said) >= 2
    path.write_text(
        re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", path.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    browser.open(path)
    assert browser.evaluate("document.title") == "run"
    assert "http://127.0.0.1:9/x.png" in browser.requests


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", STORIES)
def test_bars_are_as_long_as_their_figures(browser, pages, name, width):
    browser.open(pages[name], width)
    views = class_views(story(name).plan)

    def boxes(chart: str, look: str):
        return ask(browser, f"boxes({json.dumps(f'#{chart} svg .{look}')})")

    drawn = {look: boxes("allocation", f"{look}:not(text)") for look in ("before", "after", "target")}
    longest = max(max(view.before, view.after) for view in views)
    widest = max(box["width"] for look in ("before", "after") for box in drawn[look])
    assert widest > 0.5 * width / 3
    for place, view in enumerate(views):
        for look, weight in (("before", view.before), ("after", view.after)):
            assert drawn[look][place]["width"] == pytest.approx(weight / longest * widest, abs=0.6)
        start = drawn["before"][place]["left"]
        middle = (drawn["target"][place]["left"] + drawn["target"][place]["right"]) / 2
        assert middle - start == pytest.approx(view.target / longest * widest, abs=1.0)
    for look, drifts in (("before", [v.drift_before for v in views]), ("after", [v.drift_after for v in views])):
        farthest = max(max(abs(v.drift_before), abs(v.drift_after)) for v in views)
        bars = boxes("drift", look)
        every = [box["width"] for each in ("before", "after") for box in boxes("drift", each)]
        zero = boxes("drift", "axis")
        for bar, axis, drift in zip(bars, zero, drifts, strict=True):
            if farthest > 1e-9:
                assert bar["width"] == pytest.approx(abs(drift) / farthest * max(every), abs=0.6)
            middle = (axis["left"] + axis["right"]) / 2
            # above the target lies to the right
            assert (bar["left"] if drift > 0 else bar["right"]) == pytest.approx(middle, abs=1.0)
    for band, view in zip(boxes("drift", "range"), [v for v in views if v.low is not None], strict=True):
        if farthest > 1e-9:
            assert band["width"] == pytest.approx((view.high - view.low) / farthest * max(every), abs=0.8)
    gains = [usd for each in realised_views(story(name).plan) if (usd := each.gains_usd) >= 0.005]
    losses = [-usd for each in realised_views(story(name).plan) if (usd := each.losses_usd) <= -0.005]
    shown = boxes("gains", "gain:not(.swatch)") + boxes("gains", "loss:not(.swatch)")
    assert len(shown) == len(gains + losses)
    for bar, usd in zip(shown, gains + losses, strict=True):
        assert bar["width"] == pytest.approx(usd / max(gains + losses) * max(b["width"] for b in shown), abs=0.6)
    ways = story(name).plan.compared
    amounts = [abs(usd) for way in ways for usd in (way.tax_usd, way.cost_usd)]
    if amounts and max(amounts) > 1:
        bars = ask(browser, "boxes('#comparison svg rect')")
        longest_bar = max(bar["width"] for bar in bars)
        for bar, usd in zip(bars, amounts, strict=True):
            # an outline adds a pixel
            assert bar["width"] == pytest.approx(usd / max(amounts) * longest_bar, abs=1.6)


def test_on_a_phone_tables_are_still_tables_to_a_screen_reader(browser, pages):
    browser.open(pages["one account"], PHONE)
    nodes = browser.tree()
    roles = [node["role"]["value"] for node in nodes]
    named = {node["name"]["value"] for node in nodes if node["role"]["value"] in ("image", "img", "graphics-document")}
    root = parsed(pages["one account"].read_text(encoding="utf-8"))
    assert roles.count("table") == len(root.xpath("//table"))
    assert {text(drawing.find("title")) for drawing in root.iter("svg")} <= named
    for role in ("columnheader", "rowheader", "cell", "row", "main", "navigation", "banner", "contentinfo", "heading"):
        assert role in roles, role


def test_everything_is_reached_by_keyboard(browser, pages):
    browser.open(pages["sample"], DESK)
    links = [link.get("href") for link in parsed(pages["sample"].read_text(encoding="utf-8")).iter("a")]
    browser.press("Tab")
    first = ask(browser, "focus()")
    assert first["what"] == "#report"
    assert first["seen"]
    assert first["ring"]
    reached = [first["what"]]
    for _ in links[1:]:
        browser.press("Tab")
        at = ask(browser, "focus()")
        assert at["seen"]
        assert at["ring"]
        reached.append(at["what"])
    assert reached == links
    browser.open(pages["sample"], DESK)
    browser.press("Tab")
    browser.press("Enter")
    assert browser.evaluate("document.activeElement.id") == "report"


def printed(path: Path) -> list[str]:
    """The text of each page, spaces run together."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed.")
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, timeout=60)
    return [" ".join(page.split()) for page in done.stdout.decode("utf-8").split("\f")[:-1]]


@pytest.mark.parametrize("paper", [LETTER, A4], ids=["Letter", "A4"])
@pytest.mark.parametrize(
    ("name", "most"),
    [("sample", 9), ("one account", 5), ("nothing to do", 4), ("fifty million", 5), ("forty classes", 11)],
)
def test_on_paper(browser, pages, tmp_path, name, most, paper):
    browser.open(pages[name], DESK, dark=True)
    browser.pdf(tmp_path / "page.pdf", paper)
    sheets = printed(tmp_path / "page.pdf")
    assert 2 <= len(sheets) <= most
    told = story(name)
    for number, sheet in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in sheet
        assert sheet.startswith(f"{told.household.name} · {told.told.title}")
        assert "As of November 20, 2026" in sheet
        assert len(sheet) > 200
    # columns run side by side in a PDF: words are looked for, not sentences
    words = {word for sheet in sheets for word in sheet.split()}
    root = parsed(pages[name].read_text(encoding="utf-8"))
    for part in root.xpath('//*[@class="skip" or self::nav or self::style or self::head]'):
        part.getparent().remove(part)
    for drawing in root.xpath("//svg/title|//svg/desc"):
        drawing.getparent().remove(drawing)
    said = {word for piece in root.find("body").itertext() for word in piece.split()}
    missing = {word for word in said if word not in words and not any(word in each for each in words)}
    assert missing == set()
    # a chart stands on one sheet: its heading, its legend and its last line
    for heading, last in (
        ("What coming nearer to the target would cost", "Distance from target that is left"),
        ("The same household, rebalanced in ordinary ways", "Account by account, highest cost first (HIFO)"),
        ("Gains and losses of the proposed sales", "Long-term (held more than one year)"),
    ):
        for sheet in sheets:
            assert heading not in sheet or last in sheet
    if len(class_views(told.plan)) <= 11:
        assert sheets[0].count(class_views(told.plan)[-1].asset_class) >= 2


def test_paper_is_light_whatever_the_screen_is(browser, pages):
    browser.open(pages["sample"], DESK, dark=False)
    light = ask(browser, "colours()")
    browser.theme("dark")
    assert ask(browser, "colours()") != light
    browser.theme("dark", "print")
    assert ask(browser, "colours()") == light
    browser.theme("light", "screen")
